"""Lines across a panel that curves cut are reference lines, not series that were missed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from charts import render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.stages.checks.redraw import compare
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series


def explained(paint: Callable[[Axes, float], None], width: float) -> float:
    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.15, 0.15, 0.8, 0.75))
        x = np.linspace(-5, 5, 400)
        axes.plot(x, np.cos(x) - x, color="tab:blue", lw=3)
        paint(axes, width)

    picture = render(draw)
    frame = find_panels(picture)[0]
    traces = trace_series(picture, frame, (), ())
    assert len(traces) == 1
    return compare(picture, frame, traces, ())[0].explained


def zero_line(axes: Axes, width: float) -> None:
    axes.axhline(0, color="k", lw=width)


def upright_line(axes: Axes, width: float) -> None:
    axes.axvline(0.5, color="k", lw=width)


@pytest.mark.parametrize("paint", [zero_line, upright_line])
@pytest.mark.parametrize("width", [2.0, 4.5])
def test_a_reference_line_that_a_curve_cuts_is_no_missed_series(
    paint: Callable[[Axes, float], None], width: float
) -> None:
    assert explained(paint, width) > 0.99


def test_half_a_line_is_none() -> None:
    def half(axes: Axes, width: float) -> None:
        axes.plot([-5, -0.5], [2.0, 2.0], color="k", lw=width)

    assert explained(half, 3.0) < 0.95
