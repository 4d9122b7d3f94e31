"""Markers of a line that has one slope from end to end."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.fits.shapes import marker_patch
from digitizer.stages.series.markers.find import are_markers, classify


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


def test_a_diamond_is_told_where_its_line_shows_more_at_one_end() -> None:
    """Slopes that differ more on one side of the markers leave less of the line there in common."""
    diamond = marker_patch("diamond", np.array(8.0), radius=12, pen=4.0)
    y, x = np.indices(diamond.shape) - 12.0
    along, across = (x - y) / np.sqrt(2), (x + y) / np.sqrt(2)
    line = 0.7 * np.clip(2.5 - np.abs(across), 0, 1) * (along > -9.5) * (along < 13)
    stack = np.maximum(diamond, line).astype(np.float32)
    shape = classify(stack, inner=5.7, pen=4.0)[0]
    assert shape.kind == "diamond"
    assert are_markers(shape, None)
