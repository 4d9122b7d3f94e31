"""Axes that are drawn within the plot area are found with their labels; lines that are none stay lines."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import chartscribe
from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.panels.find import find_panels

# Agg snaps axis lines to whole pixels, and their ends stand out by half their width.
TOLERANCE_PX = 1.5
# Of an axis' span.
TOLERANCE = 0.005
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]


def draw(how: str, truth: list[Axes]) -> Picture:
    """A chart with crossed axes, names along zero over a grid, or both axes at zero over a grid."""

    def chart(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines["bottom"].set_position("zero")
        if how == "names":
            axes.plot(range(6), [3, -4, 6, 8, -7, 5], color="#4472c4")
            axes.set_xticks(range(6), MONTHS)
            axes.set_xlim(-0.5, 5.5)
            axes.spines["left"].set_visible(False)
            axes.tick_params(left=False)
            axes.grid(axis="y", color="0.85")
        else:
            if how == "crossed over a grid":
                axes.grid(color="0.93")
            x = np.linspace(-4.2, 4.4, 120)
            axes.plot(x, 3.3 * np.sin(x), color="#c74440")
            axes.spines["left"].set_position("zero")
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(lambda value, _: f"{value:g}" if value else "")
        axes.set_axisbelow(True)
        truth.append(axes)

    return render(chart)


@pytest.mark.parametrize("how", ["crossed", "names"])
def test_axes_within_the_panel_are_found(how: str) -> None:
    truth: list[Axes] = []
    picture = draw(how, truth)
    box: Box = frame_of(truth[0])
    (frame,) = find_panels(picture)
    # Above the last line of a grid without sides nothing shows where the axis ends.
    for side in ("left", "top", "right", "bottom") if how == "crossed" else ("left", "right"):
        assert getattr(frame.box, side) == pytest.approx(getattr(box, side), abs=TOLERANCE_PX)
    low, high = truth[0].get_ylim()
    zero = box.bottom + (box.top - box.bottom) * -low / (high - low)
    assert frame.x_line == pytest.approx(zero, abs=TOLERANCE_PX)
    assert (frame.y_line is None) == (how == "names")


@pytest.mark.parametrize("how", ["crossed", "crossed over a grid"])
def test_labels_at_crossed_axes_are_read(how: str) -> None:
    truth: list[Axes] = []
    (panel,) = chartscribe.digitize(draw(how, truth).rgb).panels
    for axis, limits in ((panel.x_axis, truth[0].get_xlim()), (panel.y_axis, truth[0].get_ylim())):
        assert axis.limits == pytest.approx(limits, abs=TOLERANCE * (limits[1] - limits[0]))
    (series,) = panel.series
    y = np.asarray(series.y, dtype=float)
    seen = np.isfinite(y)
    assert np.abs(y - 3.3 * np.sin(np.asarray(series.x, dtype=float)))[seen] == pytest.approx(0, abs=0.1)


def test_names_along_zero_are_read() -> None:
    (panel,) = chartscribe.digitize(draw("names", []).rgb).panels
    assert [tick.text for tick in panel.x_axis.ticks] == MONTHS


def test_a_zero_line_with_labels_outside_is_no_axis() -> None:
    def chart(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.linspace(-4, 4, 60)
        axes.plot(x, np.cos(x))
        axes.axhline(0, color="black")
        axes.axvline(0, color="black")

    (frame,) = find_panels(render(chart))
    assert frame.x_line is None
    assert frame.y_line is None


def test_numbers_in_a_cloud_are_those_of_the_axis_at_zero() -> None:
    frame = PanelFrame(
        box=Box(left=20, top=10, right=420, bottom=310),
        sides=frozenset(("left", "bottom")),
        background=(255, 255, 255),
        grid_x=np.array([220.0]),
        grid_y=np.array([60.0, 110.0, 160.0, 210.0, 260.0]),
    )
    picture = Picture(name="drawn", sha256="", rgb=np.full((340, 440, 3), 255, np.uint8))

    def column(numbers: list[int]) -> list[TextSpan]:
        boxes = [Box(left=205.0, top=y - 5.0, right=213.0, bottom=y + 5.0) for y in frame.grid_y.tolist()]
        return [
            TextSpan(box=b, text=str(n), confidence=1.0, panel=0) for b, n in zip(boxes, numbers, strict=True)
        ]

    (axes,) = find_axes(picture, (frame,), column([2, 1, 0, -1, -2]))
    assert axes.frame.y_line == 220.0
    assert axes.y is not None
    assert [label.text for label in axes.y.labels] == ["2", "1", "0", "-1", "-2"]
    # Numbers of no one step are written beside points.
    (axes,) = find_axes(picture, (frame,), column([2, 7, 0, -1, 5]))
    assert axes.y is None
