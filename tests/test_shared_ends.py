"""Ends of lines that lie under other lines' markers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.shared_ends import add_shared_ends

X = 40.3 + 50.0 * np.arange(8)
COVER = 200.2 - np.array([0.0, 30.0, 52.0, 66.0, 75.0, 81.0, 86.0, 90.0])
UNDER = 200.2 - np.array([2.0, 31.0, 44.0, 50.0, 53.0, 57.0, 58.0, 60.0])


def line(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="line",
        color=(0, 90, 180),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="markers",
        marker="circle",
        marker_size_px=9.0,
    )


def inked(*lines: tuple[FloatArray, FloatArray]) -> Mask:
    """Where strokes of 2 px run."""
    mask = np.zeros((260, 420), dtype=bool)
    columns = np.arange(420)
    for x, y in lines:
        rows = np.round(np.interp(columns, x, y)).astype(int)
        inside = (columns >= x[0]) & (columns <= x[-1])
        for off in (-1, 0, 1):
            mask[rows[inside] + off, columns[inside]] = True
    return mask


@pytest.mark.parametrize("turn", [1, -1])
def test_a_line_has_the_first_and_the_last_marker_that_another_one_hides(turn: int) -> None:
    cover, under = COVER[::turn], UNDER[::turn]
    seen = slice(1, None) if turn > 0 else slice(None, -1)
    mask = inked((X, cover), (X, under))
    traces = [line(X, cover), line(X[seen], under[seen])]
    whole, grown = add_shared_ends(traces, lambda trace: (mask, 0, 0))
    assert whole is traces[0]
    assert grown.x_px == pytest.approx(X)
    assert np.abs(grown.y_px - under).max() < 1.5
    assert np.abs((grown.y_px - under) / grown.sigma_px).max() < 3


def test_a_line_that_begins_later_gets_no_marker_that_no_ink_leads_to() -> None:
    late = UNDER + 25.0
    mask = inked((X, COVER), (X[1:], late[1:]))
    traces = [line(X, COVER), line(X[1:], late[1:])]
    assert add_shared_ends(traces, lambda trace: (mask, 0, 0))[1] is traces[1]


def test_lines_that_share_no_places_and_bare_ones_stay_as_they_are() -> None:
    mask = np.ones((260, 420), dtype=bool)
    other = line(X[1:] + 9.0, UNDER[1:])
    bare = replace(line(X[1:], UNDER[1:]), sampled_at="vertices", marker="none")
    traces = [line(X, COVER), other, bare]
    assert add_shared_ends(traces, lambda trace: (mask, 0, 0)) == traces
