"""A plot area reaches as far as its axes, its grid and its curve do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from digitizer.evidence import Box, PanelFrame, Picture, Side
from digitizer.stages.frames.measure import frame_within
from digitizer.stages.panels.axis_corner import carry_to_axes
from digitizer.stages.panels.find import find_panels
from digitizer.stages.strokes.strokes import Stroke

TOLERANCE_PX = 2.0
HEIGHTS = [19.2, 3.9, 4.9, 17.6, 18.3, 10.4, 25.4], [31.0, 30.7, 17.0, 17.1, 30.7, 16.8, 14.2]
NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def found_and_true(draw: Callable[[Figure], Box]) -> tuple[Box, Box]:
    truth: list[Box] = []
    frames = find_panels(render(lambda figure: truth.append(draw(figure)), size=(9, 6)))
    assert len(frames) == 1
    return frames[0].box, truth[0]


def draw_bars(figure: Figure) -> Box:
    """Bars on axis lines with a tick at either end, as d3 draws them."""
    axes = figure.add_axes((0.12, 0.15, 0.7, 0.7))
    for k, heights in enumerate(HEIGHTS):
        axes.bar(np.arange(7) + 0.4 * k, heights, 0.4, color=("#56b4e9", "#8470c8")[k])
    axes.spines[["top", "right"]].set_visible(False)
    axes.set(xlim=(-0.45, 6.95), ylim=(0, 34), yticks=range(0, 31, 10))
    axes.set_xticks(np.arange(7) + 0.2, NAMES)
    ends = {"transform": axes.transAxes, "clip_on": False, "color": "black", "linewidth": 0.8}
    axes.add_line(Line2D([-0.015, 0], [1, 1], **ends))
    axes.add_line(Line2D([1, 1], [-0.02, 0], **ends))
    return frame_of(axes)


def test_bars_do_not_end_a_plot_area_whose_axes_go_on() -> None:
    found, truth = found_and_true(draw_bars)
    for side in ("left", "top", "right", "bottom"):
        assert getattr(found, side) == pytest.approx(getattr(truth, side), abs=TOLERANCE_PX)


def _plain(box: Box, *sides: Side) -> PanelFrame:
    """A white frame without a grid."""
    return PanelFrame(
        box=box,
        sides=frozenset(sides),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
        line_width=1.0,
    )


def test_bars_do_not_end_a_plot_area_whose_grid_goes_on() -> None:
    bars = _plain(Box(left=155.0, top=164.5, right=704.0, bottom=464.5), "left", "right", "bottom")
    picture = Picture(rgb=np.full((564, 1000, 3), 255, np.uint8), name="bars", sha256="")
    lines = [Stroke(at=at, start=140.0, end=719.0, sign=0) for at in (110.5, 180.5, 465.5)]
    carried = carry_to_axes(picture, [bars], lines, [], 1.0)[0]
    assert carried is not None
    assert (carried.box.left, carried.box.top, carried.box.right) == (140.0, 110.5, 719.0)
    # One line above the bars may be anything.
    assert carry_to_axes(picture, [bars], lines[1:], [], 1.0) == [bars]


def test_bars_that_lie_on_an_axis_leave_its_outer_edge() -> None:
    bars = _plain(Box(left=179.0, top=56.0, right=1336.0, bottom=729.5), "left", "top", "bottom")
    picture = Picture(rgb=np.full((780, 1400, 3), 255, np.uint8), name="bars", sha256="")
    level = [Stroke(at=729.5, start=168.0, end=1360.0, sign=0)]
    edge = Stroke(at=178.5, start=41.0, end=741.0, sign=-1)
    pieces = [Stroke(at=179.5, start=at, end=at + 151.0, sign=1) for at in (56.0, 225.0, 393.0, 561.0)]
    carried = carry_to_axes(picture, [bars], level, [edge, *pieces], 1.0)[0]
    assert carried is not None
    assert carried.box.right == 1360.0
    # An edge at which no bars lie is that of a strip or a ground.
    assert carry_to_axes(picture, [bars], level, [edge], 1.0) == [bars]


def test_a_legend_over_the_ends_of_the_grid_does_not_end_a_plot_area() -> None:
    rgb = np.full((371, 611, 3), 255, np.uint8)
    rgb[[67, 110, 153, 196, 239, 281], 56:606] = 178
    rgb[28:333, [120, 208, 280, 359, 440, 511]] = 178
    rgb[28:333, 56] = rgb[332, 56:606] = 80
    # The legend's ground hides the lines, which seem to end below it.
    rgb[20:44, 250:606] = 255
    lines = (
        [Stroke(at=332.0, start=56.0, end=605.0, sign=0)],
        [Stroke(at=56.0, start=28.0, end=332.0, sign=0)],
    )
    short = frame_within(rgb, Box(left=56.0, top=43.5, right=605.0, bottom=332.0))
    carried = carry_to_axes(Picture(rgb=rgb, name="legend", sha256=""), [short], *lines, 1.0)[0]
    assert carried is not None
    assert carried.box.top == pytest.approx(28.0, abs=TOLERANCE_PX)
    assert len(carried.grid_y) >= 5


def draw_rise(figure: Figure) -> Box:
    axes = figure.add_axes((0.1, 0.12, 0.85, 0.8))
    x = np.arange(119)
    y = 92.5 - 62 * np.exp(-x / 29)
    axes.plot(x, y, linewidth=1.5)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(0, 118), ylim=(y.min(), y.max()), xticks=range(0, 101, 20), yticks=range(40, 91, 10))
    return frame_of(axes)


def test_a_curve_that_leaves_the_last_label_slowly_stays_in_the_plot_area() -> None:
    found, truth = found_and_true(draw_rise)
    assert found.right == pytest.approx(truth.right, abs=TOLERANCE_PX)
    assert found.top == pytest.approx(truth.top, abs=TOLERANCE_PX)


@pytest.mark.parametrize(("corner", "right"), [(440.0, 440.0), (700.0, 428.0)])
def test_a_tall_bar_s_edge_is_no_side_before_the_corner_of_the_frame(corner: float, right: float) -> None:
    # A bar's edge was taken for the right side, and lines close the frame farther on.
    rgb = np.full((300, 720, 3), 255, np.uint8)
    rgb[[10, 260], 40 : int(corner) + 1] = rgb[10:261, [40, int(corner)]] = 221
    frame = PanelFrame(
        box=Box(left=40.0, top=10.0, right=428.0, bottom=260.0),
        sides=frozenset({"left", "top", "right", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.empty(0),
        grid_y=np.empty(0),
        line_width=1.0,
    )
    level = [Stroke(at=at, start=35.0, end=corner, sign=0, width=1.0) for at in (10.0, 260.0)]
    upright = [Stroke(at=corner, start=10.0, end=265.0, sign=0, width=1.0)]
    picture = Picture(rgb=rgb, name="bars", sha256="")
    (carried,) = carry_to_axes(picture, [frame], level, upright, 1.0)
    assert carried is not None
    assert carried.box.right == pytest.approx(right, abs=1.0)
