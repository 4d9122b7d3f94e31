"""Bars that cover most of a panel are no ground of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import render
from evidences import FRAME, line
from matplotlib.figure import Figure

from digitizer.evidence import Box, Picture
from digitizer.pipeline import digitize
from digitizer.stages.checks.bar_ground import with_ground_beside_bars
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.pixels.rectangles import SAME_GROUND, ground_colors


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


def test_bars_along_three_sides_are_no_ground() -> None:
    # They cover a little less than the paper does, and most of the rim; the last one crosses the grid's end.
    rgb = np.full((620, 1100, 3), 255, np.uint8)
    rgb[83:542:57, 64:1096] = 238
    tops = (275, 399, 314, 182, 377, 74)
    for k, top in enumerate(tops):
        rgb[top:542, 64 + 178 * k : 64 + 178 * k + 142] = (31, 119, 180)
    frame = measure_frame(
        Picture(name="drawn", sha256="", rgb=rgb), Box(left=64, top=83, right=1096, bottom=541)
    )
    assert frame is not None
    assert frame.background == (255, 255, 255)
    assert abs(frame.box.top - 73.5) <= 1


def test_bars_that_have_a_colour_each_leave_no_line_behind() -> None:
    # The grid shines through the bars, so that other colours than that of most bars show at one height.
    colors = ["#1f77b4", "#aec7e8", "#ff7f0e", "#ffbb78", "#2ca02c", "#98df8a"]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.grid(color="#e5e5e5", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.bar(list("abcdef"), [48, 44, 46, 26, 81, 78], color=colors, width=0.8, alpha=0.75)
        axes.set_ylim(0, 81)
        axes.spines[["top", "right"]].set_visible(False)

    extraction = digitize(render(draw, size=(8, 4.6)).rgb).extraction
    assert extraction is not None
    (panel,) = extraction.panels
    assert [trace.kind for trace in panel.traces] == ["bar"]
    assert panel.traces[0].support > 0.95


def test_blurred_ends_of_bars_along_the_rim_are_no_ground() -> None:
    # Level bars that cover most of the rim, whose base falls half on a pixel: a column of half their colour.
    rgb = np.full((470, 400, 3), 255, np.uint8)
    for k, end in enumerate((285, 71, 390, 252, 147, 152, 172)):
        rows = slice(2 + 67 * k, 62 + 67 * k)
        rgb[rows, 2:end] = (76, 120, 168)
        rgb[rows, :2] = rgb[rows, end : end + 1] = (166, 188, 212)
    grounds = ground_colors(rgb, (255, 255, 255))
    assert (255.0, 255.0, 255.0) in [tuple(ground) for ground in grounds]
    assert all(np.abs(ground - np.array([166, 188, 212])).max() > SAME_GROUND for ground in grounds)


def test_bars_in_the_colour_of_the_line_that_they_stand_on_hide_it_for_most_of_its_length() -> None:
    values = [420, 598, 1570, 1500]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(["a", "b", "c", "d"], values, color="black", width=0.7)
        for spine in axes.spines.values():
            spine.set_linewidth(1.5)

    document = digitize(render(draw).rgb).to_dict()
    (panel,) = document["panels"]
    (bars,) = panel["series"]
    assert bars["kind"] == "bar"
    assert bars["y"] == pytest.approx(values, abs=8)


def test_ticks_beyond_an_axis_that_level_bars_stand_at_are_no_grid() -> None:
    # As Chart.js draws them: grid lines go on as tick marks, and the bars hide most of the axis and its grid.
    rgb = np.full((500, 800, 3), 255, np.uint8)
    for x in range(75, 790, 101):
        rgb[34:458, x] = 229
    for y in (34, 117, 199, 282, 364, 447):
        rgb[y, 65:787] = 229
    rgb[34:458, 75] = 171
    for y, end in ((45, 690), (128, 760), (210, 615), (293, 540), (375, 640)):
        rgb[y : y + 60, 76:end] = rgb[y : y + 60, 76:end] // 2 + np.array([128, 50, 66], np.uint8)
    frame = measure_frame(
        Picture(name="drawn", sha256="", rgb=rgb), Box(left=75, top=34, right=786, bottom=447)
    )
    assert frame is not None
    assert frame.box.left == pytest.approx(75, abs=0.6)
