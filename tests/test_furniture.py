"""What JPEG leaves around strong strokes and dots is no series; faint series beside them are."""

from __future__ import annotations

import io

import numpy as np
from charts import render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Picture
from digitizer.stages.panels import find_panels
from digitizer.stages.series import trace_series


def traced_colors(faint: bool, quality: int) -> list[tuple[int, int, int]]:
    """The colours of the series of a JPEG, over a dotted grid or beside a faint line."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(40)
        axes.plot(x, np.sqrt(x) + 0.4 * np.sin(1.7 * x), "s-", color="crimson", markersize=7)
        if faint:
            axes.plot(x, 1 + np.cos(x / 9), color="#e4e4e4", linewidth=3)
        else:
            axes.grid(True, linestyle=":", color="gray")

    out = io.BytesIO()
    Image.fromarray(render(draw, dpi=150).rgb).save(out, format="JPEG", quality=quality)
    picture = Picture(name="drawn", sha256="", rgb=np.array(Image.open(out).convert("RGB")))
    return [trace.color for trace in trace_series(picture, find_panels(picture)[0], (), ())]


def test_rings_of_jpeg_are_no_series() -> None:
    for quality in (50, 62, 74):
        assert len(traced_colors(False, quality)) == 1


def test_faint_lines_beside_strong_ones_are_series() -> None:
    colors = traced_colors(True, 90)
    assert len(colors) == 2
    assert min(colors[1]) > 200
