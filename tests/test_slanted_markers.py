"""Markers of a line that has one slope from end to end."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series


@pytest.mark.parametrize("slope", [-2.5, -1.0, 1.0])
def test_markers_on_a_straight_slanted_line_are_found(slope: float) -> None:
    x = np.arange(1, 16)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.15, 0.15, 0.6, 0.8))
        axes.plot(x, slope * x, marker="o")

    picture = render(draw, dpi=72)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert trace.marker == "circle"
    assert trace.sampled_at == "markers"
    assert trace.x_px.size == x.size
