"""A mark in a colour that no series has is counted; blends of series' colours are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.stages.checks.lone_mark import count_lone_marks
from digitizer.stages.checks.redraw import draw_trace
from digitizer.stages.series.inks.ink import see_ink

X = np.linspace(0.0, 10.0, 60)
BLUE: tuple[Any, ...] = (X, np.sin(X), {"color": "#1f77b4", "linewidth": 4})
GREEN: tuple[Any, ...] = (X, np.cos(X), {"color": "#2ca02c", "linewidth": 4, "alpha": 0.5})


def count(*more: tuple[Any, ...], lines: tuple[tuple[Any, ...], ...] = (BLUE,)) -> int:
    drawn = draw([*lines, *more])
    ink = see_ink(drawn.picture, drawn.frame, ())
    assert ink is not None
    traces = trace(draw(list(lines)))
    return count_lone_marks(ink, traces, [draw_trace(t, ink) for t in traces])


def mark(x: float, y: float, **style: Any) -> tuple[Any, ...]:
    return np.array([x]), np.array([y]), {"ls": "none", "markersize": 12, **style}


@pytest.mark.parametrize("marker", ["o", "*", "s"])
@pytest.mark.parametrize("y", [0.0, np.sin(5.0)])
def test_a_mark_of_its_own_colour_is_counted_on_a_line_and_off_it(marker: str, y: float) -> None:
    assert count(mark(5.0, y, color="crimson", marker=marker)) == 1


def test_marks_in_a_lines_own_colour_and_in_black_are_no_others() -> None:
    assert count(mark(5.0, 0.3, color="#1f77b4", marker="o"), mark(7.0, -0.5, color="black", marker="o")) == 0


def test_lines_that_cross_leave_no_mark() -> None:
    assert count(lines=(BLUE, GREEN)) == 0


def test_many_marks_are_a_series() -> None:
    several = (np.arange(1.0, 7.0), np.full(6, 0.2), {"color": "crimson", "ls": "none", "marker": "o"})
    assert count(several) == 0
