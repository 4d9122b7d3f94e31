"""Strokes that join two lines at their points are none of the ink that no series explains."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from chartscribe.api import digitize
from digitizer.evidence import Box, Trace
from digitizer.stages.checks.drop_lines import join_points

X = 100.0 + 60.0 * np.arange(6)
HIGH, LOW = np.array([90.0, 60, 40, 80, 90, 50]), np.array([180.0, 150, 130, 190, 200, 120])


def line(y: np.ndarray) -> Trace:
    return Trace(
        kind="line", color=(0, 0, 200), x_px=X, y_px=y, sigma_px=np.full(6, 0.2), sampled_at="vertices",
        line_width_px=3.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n", "shift", "end", "told"), [(6, 0.0, 0.0, 6), (2, 0.0, 0.0, 0), (6, 12.0, 0.0, 0), (6, 0.0, 30.0, 0)]
)
def test_strokes_at_points_join_lines(n: int, shift: float, end: float, told: int) -> None:
    boxes = [
        Box(left=x + shift - 1, top=high + 4, right=x + shift + 1, bottom=low - 4 - end)
        for x, high, low in zip(X[:n], HIGH, LOW, strict=False)
    ]
    assert join_points(boxes, [line(HIGH), line(LOW)]).sum() == told


@pytest.mark.parametrize(("n", "end", "told"), [(6, 3.0, 6), (2, 3.0, 0), (6, 40.0, 0)])
def test_strokes_lead_from_points_to_the_bottom(n: int, end: float, told: int) -> None:
    boxes = [
        Box(left=x - 1, top=low + 4, right=x + 1, bottom=300.0 - end)
        for x, low in zip(X[:n], LOW, strict=False)
    ]
    assert join_points(boxes, [line(HIGH), line(LOW)], 300.0).sum() == told
    assert not join_points(boxes, [line(HIGH), line(LOW)]).any()


def test_drop_lines_to_names_between_ticks_are_no_ticks_and_no_series() -> None:
    high, low = np.array([30, 60, 70, 50, 40, 30]), np.array([10, 40, 50, 20, 10, 50])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(6)
        axes.vlines(x, 0, np.maximum(high, low), color="0.5", linewidth=1.0)
        axes.plot(x, low, linewidth=2.5, color="#4a7ebb")
        axes.plot(x, high, linewidth=2.5, color="#be4b48")
        axes.grid(axis="y")
        axes.set(xlim=(-0.5, 5.5), ylim=(0, 80), xticks=np.arange(7) - 0.5, xticklabels=[])
        axes.set_xticks(x, [str(k) for k in range(2, 8)], minor=True)
        axes.tick_params(axis="x", which="minor", length=0, pad=6)

    (panel,) = digitize(render(draw, size=(6.4, 4.8)).rgb).panels
    assert panel.x_axis is not None
    assert panel.x_axis.scale == "category"
    assert [len(series.x) for series in panel.series] == [6, 6]
    assert "ink-unexplained" not in [w.code for w in panel.warnings]


def test_high_low_lines_leave_nothing_unexplained() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(6)
        axes.vlines(x, 100 - LOW / 2, 100 - HIGH / 2, color="black", linewidth=1.5)
        axes.plot(x, 100 - HIGH / 2, linewidth=2.5, color="#be4b48")
        axes.plot(x, 100 - LOW / 2, linewidth=2.5, color="#4a7ebb")
        axes.grid(axis="y")

    (panel,) = digitize(render(draw, size=(6.4, 4.8)).rgb).panels
    assert len(panel.series) == 2
    assert "ink-unexplained" not in [w.code for w in panel.warnings]
