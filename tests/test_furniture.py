"""What JPEG leaves around strong strokes and dots is no series; faint series beside them are."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Picture
from digitizer.pipeline import digitize
from digitizer.stages.panels import find_panels
from digitizer.stages.series import trace_series
from fixtures.case import Rendering, write_case
from fixtures.reference import Look, draw_reference


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


def test_pieces_that_jpeg_leaves_around_markers_are_no_series(tmp_path: Path) -> None:
    # Repeated pixels of an enlarged picture leave rings of a third of the stroke's strength.
    look = Look(
        size=(11, 4.5), dpi=90, marker_size=3.5, line_width=1.2, grid=None, font_size=10.0, ticks_in=True,
        blue="tab:blue", red="tab:red", fixed_ticks=True,
    )  # fmt: skip
    rendering = Rendering(factor=1.052, resample="nearest", jpeg_quality=78, jpeg_subsampling=2)
    figure, panels = draw_reference(look)
    write_case(tmp_path, figure, panels, group="reference", tags=(), rendering=rendering)
    read = digitize(tmp_path / "image.jpg")
    assert [len(panel.series) for panel in read.panels] == [1, 1]


def test_faint_lines_beside_strong_ones_are_series() -> None:
    colors = traced_colors(True, 90)
    assert len(colors) == 2
    assert min(colors[1]) > 200


@pytest.mark.parametrize("quality", [60, 75, 90])
def test_a_pale_line_that_a_bold_one_cuts_to_pieces_is_a_series(quality: int) -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(71)
        axes.plot(x, np.sqrt(x) + 0.4 * np.sin(1.7 * x), color="#b0d8ff", linewidth=1.5)
        axes.plot(x, np.sqrt(x), color="#0040c0", linewidth=2)

    out = io.BytesIO()
    Image.fromarray(render(draw, dpi=110).rgb).save(out, format="JPEG", quality=quality)
    picture = Picture(name="drawn", sha256="", rgb=np.array(Image.open(out).convert("RGB")))
    assert len(trace_series(picture, find_panels(picture)[0], (), ())) == 2
