"""Lines of a drawing that the picture did not tell apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, LegendEntry, TextSpan, Trace
from digitizer.stages.drawn.unread import take_unread_lines

BLACK, RED = (0, 0, 0), (214, 39, 40)
FRAME = Box(left=20.0, top=10.0, right=220.0, bottom=110.0)
X = np.linspace(30.0, 200.0, 18)
STYLES = {"solid": (), "dashed": (6.0, 3.0), "dotted": (1.0, 2.0), "dashdot": (6.0, 2.0, 1.0, 2.0)}


def a_stroke(y: FloatArray, **given: Any) -> DrawnPath:
    look: dict[str, Any] = {"stroke": BLACK, "fill": None} | given
    return DrawnPath(x=X, y=y, is_vertex=np.ones(len(X), dtype=bool), **look)


def a_reading(x: FloatArray, y: FloatArray, **given: Any) -> Trace:
    look: dict[str, Any] = {"kind": "line", "color": BLACK, "sampled_at": "columns"} | given
    return Trace(x_px=x, y_px=y, sigma_px=np.full(len(x), 0.3), **look)


def an_entry(color: tuple[int, int, int]) -> LegendEntry:
    text = TextSpan(box=Box(left=60, top=0, right=90, bottom=8), text="run", confidence=1.0)
    return LegendEntry(text=text, swatch=Box(left=30, top=2, right=50, bottom=6), color=color)


@pytest.mark.parametrize("style", STYLES)
def test_the_lengths_of_dashes_tell_how_a_line_is_drawn(style: str) -> None:
    assert a_stroke(X, dashes=STYLES[style]).line_style == style


def test_lines_of_one_colour_that_were_mixed_up_are_those_of_their_strokes() -> None:
    heights = [30.0 + 15.0 * k + 5.0 * np.sin(X / 20.0 + k) for k in range(4)]
    drawn = [a_stroke(y, dashes=dashes) for y, dashes in zip(heights, STYLES.values(), strict=True)]
    mixed = np.where(np.arange(len(X)) % 2, heights[0], heights[1])
    dots = a_reading(X, heights[2] + 3.0, kind="scatter", sampled_at="markers", line_style="none")
    lines = take_unread_lines([a_reading(X, mixed), dots], drawn, FRAME, [])
    assert [line.line_style for line in lines] == list(STYLES)
    for line, y in zip(lines, heights, strict=True):
        assert line.y_px == pytest.approx(y)
        assert line.sampled_at == "vertices"


@pytest.mark.parametrize("listed", [True, False])
def test_a_line_that_nothing_was_read_of_is_one_where_the_legend_lists_it(listed: bool) -> None:
    drawn = [a_stroke(X / 3.0, stroke=RED)]
    lines = take_unread_lines([a_reading(X, X / 2.0)], drawn, FRAME, [an_entry(RED)] if listed else [])
    assert len(lines) == (2 if listed else 1)


def test_a_line_on_its_stroke_stays_as_it_is() -> None:
    line = Trace(
        kind="line", color=BLACK, x_px=X, y_px=X / 2.0, sigma_px=np.zeros(len(X)), sampled_at="vertices"
    )
    assert take_unread_lines([line], [a_stroke(X / 2.0)], FRAME, []) == (line,)
