"""Bands end where they do, though their outline and another band's lie over their last columns."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

import chartscribe

X = np.linspace(100, 2000, 5)
UPPER = np.array([0.99, 0.975, 0.965, 0.96, 0.955]), np.array([0.012, 0.015, 0.02, 0.022, 0.017])
LOWER = np.array([0.62, 0.79, 0.86, 0.885, 0.894]), np.array([0.015, 0.03, 0.025, 0.07, 0.06])


def draw(figure: Figure) -> None:
    axes = figure.subplots()
    axes.grid()
    for (middle, half), color in ((UPPER, "tab:blue"), (LOWER, "tab:orange")):
        axes.fill_between(X, middle - half, middle + half, alpha=0.1, color=color)
        axes.plot(X, middle, "o-", color=color)


def test_the_edges_of_bands_lead_on_under_their_outlines() -> None:
    panel = chartscribe.digitize(render(draw, size=(6.4, 4.2)).rgb).panels[0]
    bands = sorted((s for s in panel.series if s.kind == "band"), key=lambda s: float(np.nanmean(s.y_low)))
    assert len(bands) == 2
    span = abs(panel.y_axis.limits[1] - panel.y_axis.limits[0])
    for band, (middle, half) in zip(bands, (LOWER, UPPER), strict=True):
        for edge, truth in ((band.y_low, middle - half), (band.y_high, middle + half)):
            assert np.interp(X, band.x, edge) == pytest.approx(truth, abs=0.01 * span)
