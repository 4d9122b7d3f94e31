"""Legend entries, text roles and marker shapes, on drawn charts with the texts given."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from charts import render, spans_of
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan, Trace
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.legend.naming import bind_names
from digitizer.stages.panels.find import find_panels
from digitizer.stages.samples.beside import find_sample
from digitizer.stages.samples.shapes import classify_shape
from digitizer.stages.samples.swatch import describe_swatch


def read(figure: Figure, collect: list[TextSpan]) -> None:
    figure.canvas.draw()
    for axes in figure.axes:
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
        box = axes.get_window_extent()
        shown = [t for t in ticks if box.padded(40).overlaps(t.get_window_extent())]
        collect += spans_of(figure, [*shown, axes.title, axes.xaxis.label, axes.yaxis.label])
        legend = axes.get_legend()
        if legend is not None:
            collect += spans_of(figure, list(legend.get_texts()), inside=True)
    collect += spans_of(figure, figure.texts)


def test_strokes_read_as_a_number_are_no_legend() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(12)
        axes.plot(x, 3 + 0 * x, "--", color="black", label="kept", linewidth=2)
        axes.plot(x, x, color="black", label="whole", linewidth=2)
        axes.plot(8, 3.5, "<", color="black")  # As short dashes at a slant look.
        figure.subplots_adjust(bottom=0.3)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, frameon=False)
        read(figure, spans)

    picture = render(draw)
    frames = find_panels(picture)
    box = frames[0].box
    x, y = box.left + (8.55 / 12.1) * box.width, box.bottom - (4.05 / 12.1) * box.height
    beside = Box(left=x + 10, top=y - 6, right=x + 24, bottom=y + 6)
    spans = [replace(span, panel=None) for span in spans]  # The legend stands below the panel.
    spans.append(replace(spans[0], text="-1", box=beside, panel=0))
    (legend,) = find_legends(picture, find_axes(picture, frames, spans), spans)
    assert [(e.text.text, e.line_style) for e in legend] == [("kept", "dashed"), ("whole", "solid")]


def test_a_number_after_unread_letters_is_no_legend_beside_one() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(12)
        axes.plot(x, np.sqrt(x), label="Adam", linewidth=2)
        figure.subplots_adjust(right=0.7)
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), frameon=False)
        words = [axes.text(8.0, 0.5, "n ="), axes.text(9.3, 0.5, "20")]
        read(figure, spans)
        spans.extend(spans_of(figure, words[1:], inside=True))

    picture = render(draw)
    frames = find_panels(picture)
    spans = [replace(s, panel=None) if s.text == "Adam" else s for s in spans]
    (legend,) = find_legends(picture, find_axes(picture, frames, spans), spans)
    assert [e.text.text for e in legend] == ["Adam"]


def test_digits_before_a_stroke_through_a_number_are_no_sample() -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    rgb[80:180, 100:200] = (44, 114, 142)
    for x in (140, 158):
        rgb[72:86, x : x + 9] = 0
        rgb[75:83, x + 3 : x + 9] = (44, 114, 142)
    rgb[40:120, 153:155] = 0
    number = TextSpan(box=Box(left=158, right=167, top=72, bottom=85), text="5", confidence=0.99, panel=0)
    frame = PanelFrame(
        box=Box(left=50, top=20, right=280, bottom=180), sides=frozenset(), background=(255, 255, 255),
        grid_x=np.zeros(0), grid_y=np.zeros(0),
    )  # fmt: skip
    axes = PanelAxes(frame=frame, x=None, y=None, y2=None)
    assert find_legends(Picture(name="drawn", sha256="", rgb=rgb), [axes], [number]) == ((),)


@pytest.mark.parametrize("above", [1, 2])
def test_a_legend_across_the_top_of_its_panel_keeps_all_its_rows(above: int) -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for k, name in enumerate(("one", "two", "three")):
            axes.plot(np.arange(12), np.arange(12) * (1 - 0.2 * k), label=name, linewidth=2)
        figure.subplots_adjust(top=0.8)
        axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.985 if above == 1 else 1.03), frameon=False)
        read(figure, spans)

    picture = render(draw)
    frames = find_panels(picture)
    names = ("one", "two", "three")
    top = frames[0].box.top
    spans = [replace(s, panel=None if s.box.bottom < top else s.panel) for s in spans]
    assert sum(s.panel is None for s in spans if s.text in names) == above
    (legend,) = find_legends(picture, find_axes(picture, frames, spans), spans)
    assert tuple(e.text.text for e in legend) == names


def test_entries_are_found_with_colour_dash_and_marker() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(12)
        axes.plot(x, x, "o-", color="#1f77b4", label="solid")
        axes.plot(x, 9 - x, "--", color="#d62728", label="dashed", linewidth=2)
        axes.plot(x, 5 + 0 * x, "s", color="#2ca02c", label="dots")
        axes.legend(loc="lower left")
        read(figure, spans)

    picture = render(draw)
    axes = find_axes(picture, find_panels(picture), spans)
    (legend,) = find_legends(picture, axes, spans)
    assert [(e.text.text, e.line_style, e.marker) for e in legend] == [
        ("solid", "solid", "circle"),
        ("dashed", "dashed", "none"),
        ("dots", "none", "square"),
    ]
    assert np.abs(np.array(legend[1].color) - [214, 39, 40]).max() < 12


@pytest.mark.parametrize("size", [6, 8, 12])
@pytest.mark.parametrize("dpi", [72, 100, 150])
@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("o", "circle"),
        ("s", "square"),
        ("^", "triangle"),
        ("v", "triangle_down"),
        ("+", "plus"),
        ("x", "cross"),
    ],
)
def test_marker_shapes(sign: str, name: str, size: int, dpi: int) -> None:
    figure = plt.figure(figsize=(0.6, 0.6), dpi=dpi)
    figure.add_axes((0, 0, 1, 1)).set_axis_off()
    figure.axes[0].plot([0.5], [0.5], sign, ms=size, color="k")
    out = io.BytesIO()
    figure.savefig(out)
    plt.close(figure)
    ink = 1 - np.array(Image.open(out).convert("L")) / 255.0
    rows, columns = np.nonzero(ink > 0.3)
    blob = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert classify_shape(blob)[0] == name


def test_names_follow_colour_then_style() -> None:
    from digitizer.evidence import Trace

    def entry(text: str, color: tuple[int, int, int], style: str) -> LegendEntry:
        span = TextSpan(box=Box(left=0, top=0, right=9, bottom=9), text=text, confidence=1)
        return LegendEntry(text=span, swatch=None, color=color, line_style=style)

    def trace(color: tuple[int, int, int], style: str) -> Trace:
        column = np.arange(3.0)
        return Trace(
            kind="line",
            color=color,
            x_px=column,
            y_px=column.copy(),
            sigma_px=np.ones(3),
            sampled_at="columns",
            line_style=style,
        )

    legend = [
        entry("a", (0, 0, 255), "solid"),
        entry("b", (0, 0, 255), "dashed"),
        entry("c", (200, 0, 0), "solid"),
    ]
    traces = [trace((205, 10, 8), "solid"), trace((4, 3, 250), "dashed"), trace((0, 0, 255), "solid")]
    assert bind_names(traces, legend) == ("c", "b", "a")
    assert bind_names([trace((0, 160, 0), "solid")], legend) == (None,)
    # Small patches are edged in black: darker than the bars, and of their hue.
    bar = replace(trace((250, 200, 88), "none"), kind="bar")
    edged = replace(entry("edged", (100, 80, 35), "none"), marker="square")
    assert bind_names([bar], [edged]) == ("edged",)
    assert bind_names([trace((250, 200, 88), "none")], [edged]) == (None,)


def test_a_blank_picture_has_no_legend() -> None:
    picture = Picture(name="", sha256="", rgb=np.full((80, 90, 3), 255, np.uint8))
    assert find_legends(picture, (), ()) == ()


def test_keys_in_boxes_and_tall_patches_are_samples() -> None:
    picture = np.full((160, 320, 3), 255, np.uint8)
    # A key drawn as a box with a red line across, and two patches that touch.
    picture[20:45, 200:225] = 0
    picture[21:44, 201:224] = 255
    picture[31:34, 200:225] = (220, 30, 30)
    picture[60:84, 200:224] = (40, 80, 200)
    picture[84:108, 200:224] = (30, 160, 60)
    drawn = Picture(name="keys", sha256="", rgb=picture)
    rows = [(27, 38), (66, 77), (90, 101)]
    found = [find_sample(drawn, Box(left=233, right=280, top=a, bottom=b), 12.0) for a, b in rows]
    assert [s is not None and s.swatch.color for s in found] == [(220, 30, 30), (40, 80, 200), (30, 160, 60)]
    assert found[0] is not None
    assert found[0].swatch.line_style == "solid"
    assert found[1] is not None
    assert found[1].box.bottom == 83


def test_a_legend_on_the_right_is_no_axis() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for k in range(3):
            axes.bar(np.arange(4) + 0.25 * k, np.arange(4) + k + 1, 0.25, label=str(2021 + k))
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        figure.tight_layout()
        read(figure, spans)

    picture = render(draw)
    spans = [replace(s, panel=None) for s in spans]
    axes = find_axes(picture, find_panels(picture), spans)
    assert axes[0].y2 is None
    (legend,) = find_legends(picture, axes, spans)
    assert [e.text.text for e in legend] == ["2021", "2022", "2023"]


@pytest.mark.parametrize("columns", [1, 3], ids=["column", "row"])
def test_samples_may_stand_right_of_their_texts(columns: int) -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(30)
        for k, (color, name) in enumerate((("r", "one"), ("b", "the second"), ("g", "third"))):
            axes.plot(x, k + np.sin(x / 5), color=color, label=name)
        axes.set_ylim(-1, 8)
        axes.legend(loc="upper right", markerfirst=False, ncols=columns)
        read(figure, spans)

    picture = render(draw)
    axes = find_axes(picture, find_panels(picture), spans)
    (legend,) = find_legends(picture, axes, spans)
    found = {e.text.text: e.color for e in legend}
    assert list(found) == ["one", "the second", "third"]
    strong = {name: np.argmax(color) for name, color in found.items() if color is not None}
    assert strong == {"one": 0, "the second": 2, "third": 1}


def test_dots_of_a_grid_are_no_entry() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1, 2, 3, 4], [0, 3, 2, 1, 4], "o-")
        axes.grid(True, linestyle=":", color="0.4", linewidth=1.5)

    picture = render(draw)
    frame = find_panels(picture)[0]
    axes = find_axes(picture, [frame], [])
    grid = axes[0].frame
    assert min(grid.grid_x.size, grid.grid_y.size) > 2
    x, y = float(grid.grid_x[-2]), float(grid.grid_y[0])
    for away, n_entries in ((0.0, 0), (4.0, 1)):
        box = Box(left=x - 2, top=y + away - 4, right=x + 2, bottom=y + away + 4)
        crossing = TextSpan(box=box, text="II", confidence=0.95, panel=0)
        assert len(find_legends(picture, axes, [crossing])[0]) == n_entries


def test_blurred_dots_are_no_marker() -> None:
    # Dots in a shrunken JPEG: how thick each column's ink is (px); the ends show but parts of some.
    first = [
        1.0,
        0.9,
        0.2,
        0.2,
        0.1,
        0.4,
        0.9,
        2.0,
        3.2,
        2.9,
        2.8,
        0.8,
        0.4,
        0.3,
        0.4,
        0.9,
        2.4,
        2.9,
        2.9,
        2.7,
    ]
    thick = np.array(
        [*first, 1.1, 0.6, 0.3, 0.3, 0.4, 2.4, 2.8, 3.1, 2.4, 0.3, 0.2, 0.3, 0.8, 1.1, 2.8, 2.9, 2.0, 0.8]
    )
    cover = np.stack([thick / 4, thick / 3.2, thick / 3.2, thick / 4])
    ink = 255 - cover[..., None] * np.array([0, 128, 241])
    swatch = describe_swatch(ink.astype(np.int16), np.full(3, 255.0))
    assert swatch is not None
    assert (swatch.marker, swatch.line_style) == ("none", "dotted")


def test_a_marker_with_a_dark_edge_has_the_colour_of_its_line() -> None:
    window = np.full((11, 41, 3), 255, dtype=np.int16)
    window[5] = (240, 170, 110)
    window[0:11, 15:26] = 0
    window[1:10, 16:25] = (230, 110, 0)
    swatch = describe_swatch(window, np.full(3, 255.0))
    assert swatch is not None
    assert swatch.color == (230, 110, 0)
    assert (swatch.marker, swatch.line_style) == ("square", "solid")


def test_a_wide_patch_is_no_line() -> None:
    # Chart.js draws a patch of 40 by 12 pixels for whatever it lists.
    window = np.full((14, 42, 3), 255, np.int16)
    window[1:13, 1:41] = (0, 114, 178)
    swatch = describe_swatch(window, np.full(3, 255.0))
    assert swatch is not None
    assert (swatch.line_style, swatch.color) == ("none", (0, 114, 178))
    window[:] = 255
    window[5:9, 1:41] = (0, 114, 178)
    swatch = describe_swatch(window, np.full(3, 255.0))
    assert swatch is not None
    assert swatch.line_style == "solid"


def test_what_lets_the_ground_through_goes_by_a_sample_that_does_not() -> None:
    at = Box(left=0, top=0, right=10, bottom=10)
    span = TextSpan(box=at, text="a", confidence=1.0)
    listed = LegendEntry(text=span, swatch=at, color=(253, 55, 62), line_style="none", marker="circle")
    column = np.arange(3.0)
    dots = Trace(
        kind="scatter",
        color=(254, 135, 139),
        x_px=column,
        y_px=column.copy(),
        sigma_px=np.ones(3),
        sampled_at="markers",
        line_style="none",
        marker="circle",
    )
    assert bind_names([dots], [listed]) == ("a",)
    # Beside the way to the ground, and greys, that are on the way from black, it is another colour.
    assert bind_names([replace(dots, color=(254, 150, 110))], [listed]) == (None,)
    black = replace(listed, color=(0, 0, 0))
    assert bind_names([replace(dots, color=(150, 150, 150))], [black]) == (None,)
