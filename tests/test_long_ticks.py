"""Long ticks inside the panel, as particle physicists draw them, are neither series nor unexplained ink."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

import chartscribe


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_long_ticks_within_the_panel_are_no_series(scale: str) -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set_yscale(scale)
        axes.plot(range(20), 40 + 300 * np.exp(-np.arange(20) / 3), "o-", color="#d55e00")
        axes.set(xlim=(-3.3, 22.7), ylim=(3.3, 420) if scale == "log" else (-33, 420))
        axes.minorticks_on()
        axes.tick_params(which="major", direction="in", length=18, top=True, right=True)
        axes.tick_params(which="minor", direction="in", length=9, top=True, right=True)

    figure = chartscribe.digitize(np.asarray(render(draw, size=(6, 4)).rgb))
    (panel,) = figure.panels
    assert len(panel.series) == 1
    assert "ink-unexplained" not in {w.code for w in panel.warnings}
