"""Bars that are as low as strokes: the last bins of histograms, the thin ends of stacks."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture, Trace
from digitizer.stages.bars.find import find_bars
from digitizer.stages.frames.measure import frame_within

PANEL = Box(left=40.0, top=10.0, right=340.0, bottom=310.0)
BLUE, ORANGE, AXIS = (76, 120, 168), (245, 133, 24), (136, 136, 136)
STEP, N = 30, 10
HEIGHTS = np.array([0.6, 6, 40, 110, 240, 260, 200, 90, 25, 0.0])


def bins(heights: np.ndarray, gap: int = 1) -> ByteImage:
    """Bars that touch but for ``gap`` pixels, their ends blended with the paper, on the lower side."""
    rgb = np.full((340, 400, 3), 255, dtype=np.uint8)
    for k, height in enumerate(heights):
        left, whole = 41 + k * STEP, int(height)
        columns = slice(left, left + STEP - gap)
        rgb[310 - whole : 310, columns] = BLUE
        share = height - whole
        rgb[309 - whole, columns] = np.round(share * np.array(BLUE) + (1 - share) * 255)
    rgb[310, 40:341] = AXIS
    return rgb


def read(rgb: ByteImage) -> tuple[Trace, ...]:
    picture = Picture(name="bins", sha256="", rgb=rgb)
    return find_bars(picture, frame_within(rgb, PANEL, drawn=["bottom"]), (), ())


def test_a_bin_of_less_than_a_pixel_is_seen_and_an_empty_one_is_not() -> None:
    (bars,) = read(bins(HEIGHTS))
    assert bars.x_px == pytest.approx(41 + STEP * np.arange(N - 1) + (STEP - 2) / 2, abs=0.6)
    assert 310 - bars.y_px == pytest.approx(HEIGHTS[:-1], abs=0.8)


def test_three_bins_tell_where_lower_ones_stand() -> None:
    heights = np.array([0.0, 2.4, 60, 240, 34, 0, 0, 1.5])
    (bars,) = read(bins(heights))
    assert bars.x_px == pytest.approx(41 + STEP * np.array([1, 2, 3, 4, 7]) + (STEP - 2) / 2, abs=0.6)
    assert 310 - bars.y_px == pytest.approx(heights[heights > 0], abs=0.8)


def test_the_rim_of_an_axis_is_no_row_of_bins() -> None:
    rgb = bins(np.array([0.0, 0, 40, 110, 240, 260, 200, 90, 0, 0]))
    rgb[309, 40:341] = np.minimum(rgb[309, 40:341], 219)
    (bars,) = read(rgb)
    assert bars.x_px.size == 6


def test_bins_that_touch_are_no_zero_line() -> None:
    (bars,) = read(bins(np.array([3.0, 7, 40, 110, 240, 260, 200, 90, 25, 3]), gap=0))
    assert 310 - bars.y_px[[0, -1]] == pytest.approx(3.0, abs=1.0)


@pytest.mark.parametrize(("color", "n_upper"), [(ORANGE, 4), ((240, 150, 60), 3)])
def test_a_thin_bar_on_another_has_exactly_its_colour(color: tuple[int, int, int], n_upper: int) -> None:
    rgb = bins(np.array([60.0, 90, 120, 70]), gap=3)
    for k, (height, own) in enumerate(zip((60, 90, 120, 70), (30, 40, 25, 3), strict=True)):
        left = 41 + k * STEP
        rgb[310 - height - own : 310 - height, left : left + STEP - 3] = ORANGE if own > 3 else color
    lower, upper = sorted(read(rgb), key=lambda trace: -float(np.mean(trace.y_px)))
    assert (lower.x_px.size, upper.x_px.size) == (4, n_upper)


def test_a_colour_may_have_bars_at_uneven_places_of_another() -> None:
    rgb = bins(np.full(8, 100.0), gap=3)
    for k in (1, 4, 6):
        left = 41 + k * STEP
        rgb[150:210, left : left + STEP - 3] = ORANGE
    lower, upper = sorted(read(rgb), key=lambda trace: -float(np.mean(trace.y_px)))
    assert (lower.x_px.size, upper.x_px.size) == (8, 3)
