"""One marker of each colour: models by size and accuracy, named beside their points or in a legend."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from series_drawings import draw, trace

from chartscribe import digitize
from digitizer.evidence import Box, LegendEntry, TextSpan

COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")
PLACES = np.array([[1.2, 4.1], [2.7, 0.8], [4.0, 3.3], [5.6, 1.9], [7.1, 4.4], [8.8, 2.6]])


def test_a_marker_a_colour_is_a_cloud_of_one() -> None:
    drawn = draw(
        [
            (p[:1], p[1:], {"marker": "o", "ls": "", "ms": 9, "color": c})
            for p, c in zip(PLACES, COLORS, strict=True)
        ]
    )
    found = sorted(trace(drawn), key=lambda t: float(t.x_px[0]))
    assert [(t.kind, t.marker, t.x_px.size) for t in found] == [("scatter", "circle", 1)] * 6
    for one, (x, y) in zip(found, drawn.truth, strict=True):
        assert (one.x_px[0], one.y_px[0]) == (pytest.approx(x[0], abs=1.0), pytest.approx(y[0], abs=1.0))


def test_two_lone_markers_are_no_cloud() -> None:
    drawn = draw(
        [
            (p[:1], p[1:], {"marker": "o", "ls": "", "ms": 9, "color": c})
            for p, c in zip(PLACES[:2], COLORS[:2], strict=True)
        ]
    )
    assert not trace(drawn)


def test_a_column_of_squares_is_a_legend_that_was_not_read() -> None:
    drawn = draw(
        [
            ([5.0], [y], {"marker": "s", "ls": "", "ms": 9, "color": c})
            for y, c in zip((1, 2, 3, 4), COLORS, strict=False)
        ]
    )
    assert not trace(drawn)


def test_what_the_legend_lists_needs_no_others() -> None:
    text = TextSpan(box=Box(left=602, top=44, right=609, bottom=56), text="a", confidence=1.0)
    sample = Box(left=585, top=46, right=595, bottom=56)
    entry = LegendEntry(text=text, swatch=sample, color=(31, 119, 180), marker="triangle", line_style="none")
    drawn = draw([([5.0], [2.0], {"marker": "^", "ls": "", "ms": 9, "color": COLORS[0]})])
    (found,) = trace(drawn, legend=(entry,))
    assert (found.kind, found.marker, found.x_px.size) == ("scatter", "triangle", 1)


def picture(*, grid: bool) -> tuple[bytes, np.ndarray]:
    """A chart of named points, one a colour, and their values."""
    figure = Figure(figsize=(6.4, 4.4), dpi=110)
    axes = figure.subplots()
    for (x, y), color, name in zip(
        PLACES, COLORS, ("Ada", "Bert", "Gemma", "Orca", "Phi", "Yi"), strict=True
    ):
        axes.scatter([x * 10], [60 + 5 * y], s=70, color=color)
        axes.annotate(name, (x * 10, 60 + 5 * y), xytext=(7, 3), textcoords="offset points")
    axes.set(xlabel="Parameters (B)", ylabel="Accuracy (%)", title="Accuracy by size")
    if grid:
        axes.grid(alpha=0.3)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue(), PLACES * [10, 5] + [0, 60]


@pytest.mark.parametrize("grid", [False, True])
def test_named_points_are_all_read(grid: bool) -> None:
    data, places = picture(grid=grid)
    (panel,) = digitize(data).panels
    read = sorted((float(s.x[0]), float(s.y[0])) for s in panel.series if len(s.x) == 1)
    assert np.array(read) == pytest.approx(places, abs=0.25)


def test_two_markers_at_one_height_are_no_line() -> None:
    text = TextSpan(box=Box(left=602, top=44, right=609, bottom=56), text="a", confidence=1.0)
    sample = Box(left=585, top=46, right=595, bottom=56)
    entry = LegendEntry(text=text, swatch=sample, color=(31, 119, 180), marker="circle", line_style="none")
    like = {"marker": "o", "ls": "", "ms": 4.5}
    drawn = draw(
        [
            ([5.0, 5.35], [2.0, 2.0], {**like, "color": COLORS[0]}),
            ([0.0, 3.0, 7.0, 8.0, 10.0], [0.0, 3.0, 2.5, 1.0, 4.0], {**like, "color": COLORS[1]}),
        ]
    )
    other = replace(entry, color=(255, 127, 14))
    (found,) = [t for t in trace(drawn, legend=(entry, other)) if t.x_px.size == 2 or t.kind == "line"]
    assert (found.kind, found.marker, found.x_px.size) == ("scatter", "circle", 2)
    assert found.x_px == pytest.approx(drawn.truth[0][0], abs=1.0)
