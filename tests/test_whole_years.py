"""Years that stand untitled along an axis are numbers where points stand at them alone, else dates."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import chartscribe

YEARS = np.arange(2000, 2022)
HEIGHTS = 30 + np.cumsum([2.0, -5, 4, 6, -3, 1, 5, -6, 2, 4, -1, 7, -4, 3, 3, -5, 6, 2, -7, 1, 5, -2])
MONTHS = [datetime(2013 + k // 12, k % 12 + 1, 1) for k in range(97)]
WANDERING = np.cumsum(np.random.default_rng(5).normal(0, 2, len(MONTHS)))


def _line(axes: Axes) -> None:
    axes.plot(YEARS, HEIGHTS)


def _points(axes: Axes) -> None:
    axes.plot(YEARS, HEIGHTS, "o")


def _bars(axes: Axes) -> None:
    axes.bar(YEARS, HEIGHTS)


def _areas(axes: Axes) -> None:
    axes.stackplot(YEARS, HEIGHTS, HEIGHTS[::-1])


def _months(axes: Axes) -> None:
    axes.plot(MONTHS, WANDERING)


@pytest.mark.parametrize(
    ("draw", "scale"),
    [(_line, "linear"), (_points, "linear"), (_bars, "linear"), (_areas, "linear"), (_months, "date")],
)
def test_points_at_whole_years_tell_numbers(draw: Callable[[Axes], None], scale: str) -> None:
    figure, axes = plt.subplots(figsize=(6.4, 4.4), dpi=100)
    draw(axes)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    (panel,) = chartscribe.digitize(buffer.getvalue()).panels
    assert panel.x_axis.scale == scale
    assert "axis-kind-unproven" in [w.code for w in panel.warnings]
