"""Markers with thin black edges, as matplotlib drew them before its second version: no grey series."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.inks.palette import Stroke
from digitizer.stages.series.markers.rims import give_parts


@pytest.mark.parametrize("dpi", [72, 90, 100])
@pytest.mark.parametrize(("marker", "name"), [("o", "circle"), ("s", "square"), ("^", "triangle")])
def test_thin_edges_of_markers_are_no_series(dpi: int, marker: str, name: str) -> None:
    x = np.arange(1, 16)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.12, 0.12, 0.85, 0.83))
        axes.plot(x, 0.02 + 0.2 / x**1.5, marker=marker)
        axes.set_xlim(0, 16)
        axes.set_ylim(0, 0.25)

    with matplotlib.rc_context(matplotlib.rcParamsDefault | {"backend": "Agg"}):
        matplotlib.style.use("classic")
        picture = render(draw, size=(5.9, 3.9), dpi=dpi)
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert (trace.marker, trace.x_px.size) == (name, x.size)


WHITE = np.full(3, 255.0)


def stroke(color: tuple[int, int, int], on: list[tuple[int, int]], wide: int = 1) -> Stroke:
    alpha = np.zeros((60, 120), dtype=np.float32)
    for row, column in on:
        alpha[row : row + wide, column : column + wide] = 1.0
    return Stroke(color=np.array(color, dtype=np.float64), alpha=alpha, members=alpha > 0)


def test_parts_away_from_other_ink_and_coloured_ones_stay() -> None:
    discs = stroke((0, 0, 255), [(20, 20 * k) for k in range(1, 5)], wide=6)
    beside = [(19, 20 * k + 2) for k in range(1, 5)]
    assert len(give_parts([discs, stroke((127, 127, 127), beside)], WHITE)) == 1
    # White edges on a grey ground are others.
    assert len(give_parts([discs, stroke((255, 255, 255), beside)], np.full(3, 230.0))) == 2
    assert len(give_parts([discs, stroke((255, 127, 14), beside)], WHITE)) == 2
    assert len(give_parts([discs, stroke((127, 127, 127), [(40, 20 * k) for k in range(1, 5)])], WHITE)) == 2
    # Half a pixel of black leaves a darker blue on the discs, and blue, black and white beside them.
    assert len(give_parts([discs, stroke((0, 0, 150), beside)], WHITE)) == 1
    assert len(give_parts([discs, stroke((25, 25, 165), beside)], WHITE)) == 1
    # A tint is no shade, and neither is a dark red.
    assert len(give_parts([discs, stroke((127, 127, 255), beside)], WHITE)) == 2
    assert len(give_parts([discs, stroke((128, 0, 0), beside)], WHITE)) == 2
