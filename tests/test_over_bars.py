"""Grid lines that bars hide at their ends are carried on to where they come out again."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from digitizer.stages.strokes.over_bars import carry_over_bars, without_bars
from digitizer.stages.strokes.strokes import Stroke


def grid_under_bar(*, n_lines: int, out_px: int, ground: int = 255, line: int = 221) -> NDArray[np.int16]:
    """Level lines from column 20 on, under a bar in columns 120 to 159, and ``out_px`` beyond it."""
    grey = np.full((200, 260), ground, np.int16)
    for k in range(n_lines):
        grey[40 + 30 * k, 20 : 160 + out_px] = line
    grey[20:180, 120:160] = 110
    return grey


def strokes(n: int) -> list[Stroke]:
    return [Stroke(at=40.0 + 30 * k, start=20.0, end=119.0, sign=0) for k in range(n)]


@pytest.mark.parametrize(("ground", "line"), [(255, 221), (20, 33)])
def test_lines_of_a_grid_are_carried_over_the_last_bar(ground: int, line: int) -> None:
    grey = grid_under_bar(n_lines=3, out_px=12, ground=ground, line=line)
    assert [s.end for s in carry_over_bars(grey, strokes(3))] == pytest.approx([171.0] * 3, abs=1)
    mirrored = np.ascontiguousarray(grey[:, ::-1])
    turned = [Stroke(at=s.at, start=140.0, end=239.0, sign=0) for s in strokes(3)]
    assert [s.start for s in carry_over_bars(mirrored, turned)] == pytest.approx([88.0] * 3, abs=1)


def test_one_line_or_lines_that_end_in_a_bar_stay_as_they_are() -> None:
    assert carry_over_bars(grid_under_bar(n_lines=1, out_px=12), strokes(1)) == strokes(1)
    assert carry_over_bars(grid_under_bar(n_lines=3, out_px=0), strokes(3)) == strokes(3)


@pytest.mark.parametrize(
    ("sign", "top", "begin", "closes"),
    [(1, 90.0, 20.0, False), (0, 90.0, 20.0, True), (1, 40.0, 20.0, True), (1, 90.0, 48.0, True)],
)
def test_the_edge_of_the_first_bar_closes_no_grid_that_begins_before_it(
    sign: int, top: float, begin: float, closes: bool
) -> None:
    """A line, an edge as high as the grid, and one at which the grid begins do."""
    rows = [Stroke(at=40.0 + 30 * k, start=begin, end=400.0, sign=0) for k in range(5)]
    upright = Stroke(at=50.0, start=top, end=160.0, sign=sign)
    assert without_bars([upright], rows, 120.0, 1) == ([upright] if closes else [])
    turned = [Stroke(at=row.at, start=0.0, end=420.0 - begin, sign=0) for row in rows]
    mirrored = Stroke(at=370.0, start=top, end=160.0, sign=sign)
    assert without_bars([mirrored], turned, 120.0, -1) == ([mirrored] if closes else [])
