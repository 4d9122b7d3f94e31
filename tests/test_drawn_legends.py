"""Legends of drawings by their samples, and what is drawn into their boxes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, LegendEntry, PanelFrame, TextSpan
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.drawn.legends import take_drawn_legends
from digitizer.stages.drawn.samples import without_boxed

BLUE, RED, BLACK, WHITE = (31, 119, 180), (214, 39, 40), (0, 0, 0), (255, 255, 255)
NO_GRID = np.empty(0)
FRAME = PanelFrame(
    box=Box(left=20.0, top=10.0, right=320.0, bottom=210.0),
    sides=frozenset({"left", "bottom"}),
    background=WHITE,
    grid_x=NO_GRID,
    grid_y=NO_GRID,
)
X = np.linspace(30.0, 300.0, 28)


def a_path(x: Any, y: Any, **given: Any) -> DrawnPath:
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    look: dict[str, Any] = {"stroke": BLACK, "fill": None, "is_vertex": np.ones(len(x), dtype=bool)} | given
    return DrawnPath(x=x, y=y, **look)


def a_box(left: float, top: float, right: float, bottom: float, **given: Any) -> DrawnPath:
    return a_path([left, right, right, left], [top, top, bottom, bottom], closed=True, **given)


def a_text(text: str, left: float, top: float) -> TextSpan:
    box = Box(left=left, top=top, right=left + 8.0 * len(text), bottom=top + 10.0)
    return TextSpan(box=box, text=text, confidence=1.0)


def the_legend(
    seen: tuple[LegendEntry, ...], drawn: list[DrawnPath], texts: list[TextSpan]
) -> tuple[LegendEntry, ...]:
    panel = PanelAxes(frame=FRAME, x=None, y=None)
    (legend,) = take_drawn_legends([seen], drawn, [panel], texts)
    return legend


@pytest.mark.parametrize("right", [False, True])
def test_a_legend_lists_the_samples_that_curves_run_across(right: bool) -> None:
    data = [a_path(X, 100 + 0.1 * X, stroke=BLUE), a_path(X, 150 - 0.1 * X, stroke=RED, dashes=(4.0, 4.0))]
    texts = [a_text("train", 240, 20), a_text("test", 248 if right else 240, 36)]
    first = 290 if right else 210
    samples = [
        a_path([first, first + 24], [25, 25], stroke=BLUE),
        a_path([first, first + 24], [41, 41], stroke=RED, dashes=(4.0, 4.0)),
    ]
    # The picture shows one of them alone, in the colour of what crosses it.
    seen = LegendEntry(text=texts[1], swatch=Box(left=first, top=38, right=first + 24, bottom=44), color=BLUE)
    legend = the_legend((seen,), data + samples, texts)
    assert [(e.text.text, e.color, e.line_style) for e in legend] == [
        ("train", BLUE, "solid"),
        ("test", RED, "dashed"),
    ]


def test_a_legend_of_which_the_drawing_tells_less_stays_as_it_was_seen() -> None:
    texts = [a_text("train", 240, 20), a_text("test", 240, 36)]
    seen = tuple(
        LegendEntry(text=text, swatch=Box(left=210, top=22, right=234, bottom=24), color=BLUE)
        for text in texts
    )
    drawn = [a_path(X, 0.5 * X, stroke=BLUE), a_path([210, 234], [25, 25], stroke=BLUE)]
    assert the_legend(seen, drawn, texts)[1] == seen[1]


def test_what_is_drawn_into_a_box_of_the_ground_is_a_legend_s_and_what_is_under_it_data() -> None:
    under, over = a_box(100, 40, 106, 46, fill=BLUE), a_box(110, 40, 116, 46, fill=BLUE)
    legend = a_box(90, 30, 190, 80, fill=WHITE)
    outside = a_box(200, 40, 206, 46, fill=BLUE)
    bar = a_box(40, 100, 60, 209, fill=BLUE)
    assert without_boxed([bar, under, legend, over, outside], FRAME) == [bar, under, legend, outside]
