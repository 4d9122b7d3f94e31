"""Bars that cover most of a panel are no ground of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import render
from evidences import FRAME, line
from matplotlib.figure import Figure

from digitizer.pipeline import digitize
from digitizer.stages.bar_ground import with_ground_beside_bars


@pytest.mark.parametrize("color", ["#595959", "#1192e8"])
def test_what_bars_leave_bare_is_the_ground_that_redrawing_them_is_held_against(color: str) -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(["a", "b", "c", "d"], [48, 46, 47, 21], color=color, width=0.94)
        axes.set_ylim(0, 48)
        axes.set_xlim(-0.47, 3.47)
        axes.spines[["top", "right"]].set_visible(False)

    extraction = digitize(render(draw).rgb).extraction
    assert extraction is not None
    (panel,) = extraction.panels
    assert panel.frame.background == (255, 255, 255)
    assert panel.redrawn.explained > 0.98
    assert [trace.support for trace in panel.traces] == pytest.approx([1.0], abs=0.02)


def test_a_ground_unlike_the_bars_stays() -> None:
    bars = replace(line(np.array([60.0, 90.0]), np.array([50.0, 80.0])), kind="bar", color=(255, 255, 255))
    picture = render(lambda figure: None)
    # A picture of one colour has no other ground.
    assert with_ground_beside_bars(picture, FRAME, [bars]) == FRAME
    assert with_ground_beside_bars(picture, FRAME, [replace(bars, color=(200, 0, 0))]) is FRAME
