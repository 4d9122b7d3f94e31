"""Squares that overlap their neighbours are put where they were drawn, not between two of them."""

from __future__ import annotations

import numpy as np
from charts import render
from matplotlib.figure import Figure

import chartscribe

# Of the axis' height.
TOLERANCE = 0.01


def test_squares_half_a_side_apart_stand_where_they_were_drawn() -> None:
    x = np.arange(71)
    y = 1.9 - 0.4 * np.exp(-x / 9) + 0.015 * np.random.default_rng(3).normal(size=x.size)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(x, y, "s-", color="#d62728", markersize=12, linewidth=1)
        axes.grid(alpha=0.3)

    (panel,) = chartscribe.digitize(render(draw, size=(6.4, 4.4), dpi=150).rgb).panels
    (series,) = panel.series
    assert series.marker == "square"
    read = np.interp(x, np.asarray(series.x, dtype=float), np.asarray(series.y, dtype=float))
    low, high = panel.y_axis.limits
    assert np.mean(np.abs(read - y) < TOLERANCE * abs(high - low)) > 0.95
