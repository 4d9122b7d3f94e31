"""Small markers keep their shape where the picture was resized and blurs them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.evidence import Picture
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series


@pytest.mark.parametrize(("marker", "name"), [("o", "circle"), ("s", "square"), ("D", "diamond")])
@pytest.mark.parametrize("factor", [0.85, 0.93, 1.13])
def test_small_markers_keep_their_shape(marker: str, name: str, factor: float) -> None:
    rng = np.random.default_rng(round(100 * factor))
    steps = np.arange(45)
    y = 1 - np.exp(-steps / 12) + rng.normal(0, 0.03, steps.size)

    def draw(figure: Figure) -> None:
        figure.add_subplot().plot(steps, y, marker + "-", color="r", markersize=3.5)

    drawn = render(draw)
    size = round(drawn.width * factor), round(drawn.height * factor)
    picture = Picture(
        name="drawn", sha256="", rgb=cv2.resize(drawn.rgb, size, interpolation=cv2.INTER_LINEAR)
    )
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert trace.marker == name
    assert trace.x_px.size == steps.size


@pytest.mark.parametrize("size", [6.0, 8.0])
def test_small_stars_have_outlines_that_fill_their_notches(size: float) -> None:
    steps = np.arange(25)
    y = 1 - np.exp(-steps / 8) + np.random.default_rng(7).normal(0, 0.03, steps.size)

    def draw(figure: Figure) -> None:
        figure.add_subplot().plot(steps, y, "*-", color="orange", markersize=size, linewidth=1.0)

    picture = render(draw)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert (trace.marker, trace.sampled_at) == ("star", "markers")
    assert trace.x_px.size == steps.size
    slope = np.polyfit(trace.y_px, y, 1)
    assert np.abs(np.polyval(slope, trace.y_px) - y).max() < 0.01 * np.ptp(y)
