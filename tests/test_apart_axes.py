"""Axes that stand off the plot, or of which one starts at the other's middle, still span a plot area."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels

TOLERANCE_PX = 2.0
# Points by which an axis stands off.
OFF_PT = 12.0


@pytest.mark.parametrize("apart", [("left",), ("left", "bottom")])
def test_axes_that_do_not_meet_span_a_panel(apart: tuple[str, ...]) -> None:
    truth: list[Axes] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(np.linspace(0, 40, 80), 3 * np.exp(-np.linspace(0, 3, 80)))
        axes.set(xlim=(0, 42), ylim=(0, 3.1), xticks=range(0, 41, 10), yticks=range(4), xlabel="epoch")
        axes.spines[["top", "right"]].set_visible(False)
        for side in apart:
            axes.spines[side].set_position(("outward", OFF_PT))
        truth.append(axes)

    (frame,) = find_panels(render(draw))
    inner, box = frame_of(truth[0]), frame.box
    off = OFF_PT * truth[0].figure.dpi / 72
    assert box.left == pytest.approx(inner.left - off, abs=TOLERANCE_PX)
    assert box.bottom == pytest.approx(inner.bottom + off * ("bottom" in apart), abs=TOLERANCE_PX)
    assert box.top == pytest.approx(inner.top, abs=TOLERANCE_PX)
    assert box.right == pytest.approx(inner.right, abs=TOLERANCE_PX)


def test_names_along_zero_belong_to_the_axes_in_the_border_of_a_spreadsheet() -> None:
    truth: list[Axes] = []

    def draw(figure: Figure) -> None:
        figure.patch.set(edgecolor="#c0c0c0", linewidth=2)
        axes = figure.add_subplot()
        # The first marker stands on the axis and hides a part of it.
        axes.plot(range(8), [0.4, -3, 6, 12, 20, 17, 9, 4], "o-")
        axes.set(xlim=(-0.5, 7.5), ylim=(-10, 30), yticks=range(-10, 31, 5))
        axes.set_xticks(range(8), ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"])
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines["bottom"].set_position("zero")
        truth.append(axes)

    (frame,) = find_panels(render(draw))
    inner, box = frame_of(truth[0]), frame.box
    for side in ("left", "top", "right", "bottom"):
        assert getattr(box, side) == pytest.approx(getattr(inner, side), abs=TOLERANCE_PX)
    assert frame.x_line == pytest.approx(inner.bottom - inner.height / 4, abs=TOLERANCE_PX)


def test_the_paper_between_bars_and_their_names_is_no_ink() -> None:
    truth: list[Axes] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(range(5), [21, 34, 45, 14, 27], 0.9, color="#1f77b4")
        axes.set_xticks(range(5), ["North", "South", "East", "West", "Central"])
        axes.set(xlim=(-0.6, 4.6), ylim=(0, 50))
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.spines["bottom"].set_color("#dddddd")
        axes.tick_params(length=0)
        truth.append(axes)

    (frame,) = find_panels(render(draw))
    bars = [p.get_window_extent() for p in truth[0].patches]
    assert frame.box.left < bars[0].x0
    assert frame.box.right > bars[-1].x1 - TOLERANCE_PX
