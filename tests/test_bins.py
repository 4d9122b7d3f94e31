"""Bars of a histogram stand on even bins, of which some may be empty."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.tracing.bins import settle_bins

FIRST, WIDTH, BASE = 30.4, 9.37, 180
COLOR = (87, 153, 198)
HEIGHTS = np.array([12, 40, 90, 130, 77, 60, 21, 0, 9, 0, 0, 5])


def drawn(seen: FloatArray) -> tuple[Picture, Trace, FloatArray]:
    """A histogram with sides on whole pixels, its bars that were found, and the true middles of its bins."""
    rgb = np.full((200, 200, 3), 255, dtype=np.uint8)
    sides = FIRST + WIDTH * np.arange(HEIGHTS.size + 1)
    snapped = np.round(sides).astype(int)
    for left, right, height in zip(snapped, snapped[1:], HEIGHTS, strict=False):
        rgb[BASE - height : BASE, left:right] = COLOR
    center = (snapped[1:] + snapped[:-1] - 1) / 2
    bars = Trace(
        kind="bar",
        color=COLOR,
        x_px=center[seen],
        y_px=BASE - HEIGHTS[seen] - 0.5,
        sigma_px=np.full(seen.size, 0.29),
        sampled_at="markers",
        line_style="none",
        line_width_px=WIDTH,
        base_px=np.full(seen.size, BASE - 0.5),
    )
    return Picture(name="drawn", sha256="", rgb=rgb), bars, sides[:-1] + WIDTH / 2 - 0.5


def test_bars_are_moved_to_their_bins_and_empty_ones_have_no_height() -> None:
    picture, bars, middles = drawn(np.flatnonzero(HEIGHTS))
    (settled,) = settle_bins(picture, (bars,))
    assert settled.x_px == pytest.approx(middles, abs=0.25)
    assert np.ptp(np.diff(settled.x_px)) < 1e-6
    assert settled.base_px is not None
    assert settled.base_px - settled.y_px == pytest.approx(HEIGHTS)


@pytest.mark.parametrize("missed", [77, 9, 12])
def test_a_bar_that_was_missed_is_measured_at_its_bin(missed: int) -> None:
    """In between as well as at both ends."""
    picture, bars, middles = drawn(np.flatnonzero((HEIGHTS > 0) & (missed != HEIGHTS)))
    (settled,) = settle_bins(picture, (bars,))
    assert settled.x_px == pytest.approx(middles, abs=0.25)
    assert settled.base_px is not None
    assert settled.base_px - settled.y_px == pytest.approx(HEIGHTS)


def test_nothing_is_moved_where_a_bin_has_ink_that_tells_no_height() -> None:
    picture, bars, _ = drawn(np.flatnonzero(HEIGHTS != 77))
    rgb = picture.rgb.copy()
    # A slope of white over the bar that was missed.
    for row in range(100, BASE):
        rgb[row, 60 : 60 + (row - 100) // 6] = 255
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    assert settle_bins(picture, (bars,))[0] is bars


def test_bars_with_gaps_are_none_of_a_histogram() -> None:
    picture, bars, _ = drawn(np.array([0, 2, 4, 6]))
    assert settle_bins(picture, (bars,))[0] is bars
