"""Markers with a white edge (seaborn's default), and lines across the panel that the legend names."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.panels.find import find_panels
from digitizer.stages.series import trace_series
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.series.inks.palette import separate_colors
from digitizer.stages.series.markers.pale_edges import close_pale_edges
from digitizer.stages.text.candidates import choose_lines, may_be_glyph
from digitizer.stages.text.ink import find_ink
from digitizer.stages.tracing.grid_listed import without_listed_lines

GREY = (136, 136, 136)


@pytest.mark.parametrize("ground", ["white", "#eaeaf2"])
def test_markers_with_a_white_edge_are_points(ground: str) -> None:
    rng = np.random.default_rng(5)
    x = np.arange(1, 41)
    y = 2.5 / np.sqrt(x) + rng.normal(0, 0.12, x.size)
    at = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(facecolor=ground)
        axes.plot(x, y, "o-", color="C1", linewidth=2, markeredgecolor="white", markeredgewidth=0.9)
        figure.canvas.draw()
        at.append(axes.transData.transform(np.column_stack([x, y])))

    picture = render(draw, size=(7, 3))
    (trace,) = trace_series(picture, find_panels(picture)[0], (), ())
    assert (trace.kind, trace.marker, trace.sampled_at) == ("line", "circle", "markers")
    assert trace.x_px.size == x.size
    np.testing.assert_allclose(trace.x_px, at[0][:, 0] - 0.5, atol=0.6)
    np.testing.assert_allclose(trace.y_px, picture.height - at[0][:, 1] - 0.5, atol=0.6)


@pytest.mark.parametrize("width", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("style", ["--", "-.", ":"])
def test_dashes_and_dots_are_joined_to_nothing(style: str, width: float) -> None:
    x = np.linspace(0, 10, 200)

    def draw(figure: Figure) -> None:
        figure.add_subplot().plot(x, np.sin(x), style, color="C0", linewidth=width)

    picture = render(draw, size=(7, 3))
    ink = see_ink(picture, find_panels(picture)[0], ())
    assert ink is not None
    strokes = separate_colors(ink, ())
    for before, after in zip(strokes, close_pale_edges(strokes), strict=True):
        np.testing.assert_array_equal(before.alpha, after.alpha)


def entry(color: tuple[int, int, int]) -> LegendEntry:
    text = TextSpan(box=Box(left=0, top=0, right=9, bottom=9), text="kept", confidence=1.0)
    return LegendEntry(text=text, swatch=None, color=color, line_style="dashed", marker="none")


def test_error_bars_that_end_beside_their_markers_are_joined_to_nothing() -> None:
    # As gnuplot draws them: a stem above and one below, with a gap at the marker.
    x, y, reach = np.arange(1, 9), np.array([3, 5, 4, 6, 7, 6, 8, 9.0]), 1.2

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.errorbar(x, y, yerr=reach, fmt="none", ecolor="C0", elinewidth=1, capsize=4)
        axes.plot(x, y, "o", color="C0", ms=9, markeredgecolor="white", markeredgewidth=3, zorder=5)

    picture = render(draw, size=(7, 3))
    ink = see_ink(picture, find_panels(picture)[0], ())
    assert ink is not None
    (stroke,) = separate_colors(ink, ())
    np.testing.assert_array_equal(close_pale_edges((stroke,))[0].alpha, stroke.alpha)


@pytest.mark.parametrize("value", [5.0, 6.3])
def test_a_baseline_of_a_listed_color_is_no_grid(value: float) -> None:
    frames: list[PanelFrame] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 4, 10], [1, 8, 3], color="C3")
        axes.axhline(value, color="#888888", linestyle="--")
        axes.grid(color="#dddddd")
        axes.set_ylim(0, 10)
        figure.canvas.draw()
        box = frame_of(axes)
        ticks = [box.bottom - (box.bottom - box.top) * v / 10 for v in (2, 4, 5, 6, 6.3, 8)]
        frames.append(
            PanelFrame(
                box=box,
                sides=frozenset(("left", "right", "top", "bottom")),
                background=(255, 255, 255),
                grid_x=np.zeros(0),
                grid_y=np.array(ticks[::-1]),
            )
        )

    picture = render(draw)
    there = frames[0].box.bottom - (frames[0].box.bottom - frames[0].box.top) * value / 10
    found = without_listed_lines(picture, frames[0], (entry(GREY),))
    np.testing.assert_allclose(found.listed_y, [there], atol=0.1)
    assert there not in found.grid_y.tolist()
    assert without_listed_lines(picture, frames[0], (entry((214, 39, 40)),)).listed_y == ()


def test_a_grid_in_a_listed_color_stays() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 4, 10], [1, 8, 3], color="#888888")
        axes.grid(color="#888888")

    picture = render(draw)
    frame = find_panels(picture)[0]
    assert len(frame.grid_y) >= 3
    assert without_listed_lines(picture, frame, (entry(GREY),)).listed_y == ()


@pytest.mark.parametrize("filled", [True, False])
def test_a_box_after_a_name_is_no_letter(filled: bool) -> None:
    boxes = []

    def draw(figure: Figure) -> None:
        for row, name in enumerate(["first", "second", "third"]):
            text = figure.text(0.5, 0.8 - 0.06 * row, name, ha="right", va="center", fontsize=14)
            figure.canvas.draw()
            b = text.get_window_extent()
            boxes.append((b.x0, b.x1))

    picture = render(draw)
    rgb = picture.rgb.copy()
    right = round(max(b[1] for b in boxes))
    for row in range(3):
        middle = round(picture.height * (0.2 + 0.06 * row))
        rgb[middle - 6 : middle + 7, right + 8 : right + 58] = 40
        if not filled:
            rgb[middle - 5 : middle + 6, right + 9 : right + 57] = 200
    sheet = find_ink(type(picture)(name="drawn", sha256="", rgb=rgb), ())
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    words = [line for line in lines if len(line.members) > 2]
    assert len(words) == 3
    assert all(int(sheet.glyphs.right[line.members].max()) <= right + 1 for line in words)


def test_a_filled_square_close_before_a_name_is_no_letter() -> None:
    left = []

    def draw(figure: Figure) -> None:
        text = figure.text(0.2, 0.5, "stream + thread", va="center", fontsize=10, color="0.3")
        figure.canvas.draw()
        left.append(text.get_window_extent().x0)

    picture = render(draw)
    rgb, x, y = picture.rgb.copy(), round(left[0]), picture.height // 2
    rgb[y - 4 : y + 5, x - 12 : x - 3] = (61, 20, 89)
    sheet = find_ink(type(picture)(name="drawn", sha256="", rgb=rgb), ())
    (line,) = [found for found in choose_lines(sheet, may_be_glyph(sheet.glyphs)) if len(found.members) > 3]
    assert int(sheet.glyphs.left[line.members].min()) >= x


def test_two_letters_after_long_strokes_are_names() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(30)
        axes.plot(x, 3 + np.sin(x / 4), label="F")
        axes.plot(x, 2 + np.cos(x / 5), label="M")
        axes.set_ylim(0, 8)
        axes.legend(title="gender", loc="upper left")

    picture = render(draw)
    sheet = find_ink(picture, find_panels(picture))
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    inside = [line for line in lines if sheet.glyphs.panel[line.members[0]] >= 0]
    assert sorted(len(line.members) for line in inside)[:2] == [1, 1]
    assert len(inside) == 3


def test_the_minus_of_a_large_label_is_no_box() -> None:
    rgb = np.full((200, 400, 3), 255, np.uint8)
    cv2.putText(rgb, "1.5", (90, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 5)
    rgb[96:102, 66:88] = 0
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    (line,) = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert int(sheet.glyphs.left[line.members].min()) == 66


def test_a_grid_line_that_a_curve_levels_off_along_is_no_series() -> None:
    x = np.arange(120.0)
    y = 3.02 + 6 * np.exp(-x / 12) + 0.35 * np.maximum(0, x - 112) / 8

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(facecolor="#eaeaf2")
        axes.set_axisbelow(True)
        axes.grid(True, color="white")
        axes.plot(x, y, "o-", color=[c / 255 for c in GREY], linewidth=2, markersize=5)

    picture = render(draw)
    frame = find_panels(picture)[0]
    assert without_listed_lines(picture, frame, (entry(GREY),)) is frame
