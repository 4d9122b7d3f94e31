"""Legends of numbers, with samples above their names, and samples in keys and patches."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from charts import render, spans_of
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Box, Picture, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.panels.find import find_panels
from digitizer.stages.samples.beside import find_sample, is_word
from digitizer.stages.samples.swatch import describe_swatch


def test_years_beside_a_panel_are_a_legend_and_no_second_axis() -> None:
    collected: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.12, 0.12, 0.6, 0.8))
        for k, name in enumerate(("2021", "2022", "2023")):
            axes.plot([0, 1, 2, 3], [k, k + 2, k + 1, k + 3], label=name)
        # The samples right of their texts, as gnuplot draws them.
        legend = axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, markerfirst=False)
        read_axes(figure, collected)
        collected.extend(spans_of(figure, list(legend.get_texts())))

    picture = render(draw)
    axes = find_axes(picture, find_panels(picture), collected)
    assert axes[0].y2 is None
    (legend,) = find_legends(picture, axes, collected)
    assert [entry.text.text for entry in legend] == ["2021", "2022", "2023"]


def test_a_smear_across_a_line_is_no_marker() -> None:
    window = np.full((15, 60, 3), 255, dtype=np.int16)
    window[0] = 0  # a line along the window's rim, whose ends tell its thickness
    window[1:, 28:32] = 190  # faint on all of the height
    window[0, 28:32] = 190
    swatch = describe_swatch(window, np.full(3, 255.0))
    assert swatch is not None
    assert (swatch.marker, swatch.color) == ("none", (0, 0, 0))


@pytest.mark.parametrize(("text", "confidence"), [("101", 0.7), ("-0-", 0.9)])
def test_a_sample_read_as_a_word_is_a_sample_where_the_next_row_has_one(text: str, confidence: float) -> None:
    spans: list[TextSpan] = []
    samples: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(5)
        axes.plot(x, 4 - x, "o-", color="#d62728", label="target", linewidth=2, markersize=9)
        axes.plot(x, x, color="#1f77b4", label="measured", linewidth=2)
        figure.subplots_adjust(right=0.65)
        legend = axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        read_axes(figure, spans)
        spans.extend(spans_of(figure, list(legend.get_texts())))
        handle, height = legend.legend_handles[0].get_window_extent(), figure.bbox.height
        samples.append(
            Box(left=handle.x0, right=handle.x1, top=height - handle.y1, bottom=height - handle.y0)
        )

    picture = render(draw)
    spans.append(TextSpan(box=samples[0], text=text, confidence=confidence))
    (legend,) = find_legends(picture, find_axes(picture, find_panels(picture), spans), spans)
    assert [(e.text.text, e.marker) for e in legend] == [("target", "circle"), ("measured", "none")]


@pytest.mark.parametrize("axis", ["factor", "word"])
def test_a_factor_and_letters_before_a_text_are_no_samples(axis: str) -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1, 2, 3], [1, 3, 2, 4], color="#1f77b4")
        read_axes(figure, spans)
        height = figure.bbox.height
        for text, x, y, side in (
            ("×10", 0.1, 0.9, "left"), ("title of it", 0.2, 0.9, "left"), ("gro", 0.55, 0.95, "right"),
            ("up", 0.552, 0.95, "left"),
        ):  # fmt: skip
            drawn = figure.text(x, y, text, fontsize=12, ha=side)
            b = drawn.get_window_extent()
            box = Box(left=b.x0, right=b.x1, top=height - b.y1 + 3, bottom=height - b.y0 - 3)
            if text != "gro":  # Letters that were not read.
                spans.append(TextSpan(box=box, text=text, confidence=0.99))

    picture = render(draw)
    kept = [s for s in spans if s.text != ("up" if axis == "factor" else "title of it")]
    axes = find_axes(picture, find_panels(picture), kept)
    assert find_legends(picture, axes, kept) == ((),)


def read_axes(figure: Figure, collect: list[TextSpan]) -> None:
    """The tick labels of a figure alone."""
    figure.canvas.draw()
    for axes in figure.axes:
        collect += spans_of(figure, [*axes.get_xticklabels(), *axes.get_yticklabels()])


def test_samples_above_their_names_are_found() -> None:
    collected: list[TextSpan] = []
    colors = {"train": "#0072b2", "validation": "#d55e00", "test": "#009e73"}

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.1, 0.3, 0.85, 0.6))
        axes.plot([0, 1, 2], [0, 2, 1], color=colors["train"])
        axes.set(xticks=[0, 1, 2], yticks=[0, 1, 2])
        read_axes(figure, collected)
        texts = []
        for k, (name, color) in enumerate(colors.items()):
            x = 0.1 + 0.2 * k
            figure.add_artist(plt.Rectangle((x, 0.12), 0.2, 0.006, color=color, lw=0))
            texts.append(figure.text(x, 0.06, name, fontsize=9))
        collected.extend(spans_of(figure, texts))

    picture = render(draw)
    (legend,) = find_legends(picture, find_axes(picture, find_panels(picture), collected), collected)
    assert [entry.text.text for entry in legend] == list(colors)
    for entry, color in zip(legend, colors.values(), strict=True):
        assert entry.color == pytest.approx(tuple(bytes.fromhex(color[1:])), abs=3)


def test_a_patch_with_an_outline_has_the_colour_inside() -> None:
    window = np.zeros((12, 15, 3), dtype=np.int16)
    window[1:-1, 1:-1] = (145, 204, 117)
    patch = describe_swatch(window, np.full(3, 255.0))
    assert patch is not None
    assert patch.color == (145, 204, 117)
    # What is hollow has the colour of its outline.
    window[1:-1, 1:-1] = 255
    ring = describe_swatch(window, np.full(3, 255.0))
    assert ring is not None
    assert ring.color == (0, 0, 0)


def test_a_line_that_sticks_out_of_its_key_is_seen_inside_it() -> None:
    rgb = np.full((60, 120, 3), 255, dtype=np.uint8)
    rgb[15:46, 20:51] = 0
    rgb[17:44, 22:49] = 255
    rgb[29:32, 18:53] = (248, 118, 109)
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    sample = find_sample(picture, Box(left=60, top=23, right=110, bottom=37), 15.0)
    assert sample is not None
    assert sample.swatch.color == (248, 118, 109)
    assert sample.swatch.line_style == "solid"


@pytest.mark.parametrize(("text", "is_text"), [("-0", False), ("o-", False), ("-1", True), ("10", True)])
def test_rings_on_lines_are_no_words(text: str, is_text: bool) -> None:
    span = TextSpan(box=Box(left=0, top=0, right=20, bottom=10), text=text, confidence=0.9)
    assert is_word(span) == is_text


def test_dots_of_a_grid_before_a_sample_are_no_part_of_it() -> None:
    rgb = np.full((40, 200, 3), 255, np.uint8)
    rgb[19:22, 60:110] = (0, 114, 178)
    rgb[14:27, 80:91] = (0, 114, 178)
    rgb[19:21, 12:50:8] = rgb[19:21, 13:50:8] = (210, 210, 210)
    picture = Picture(name="grid", sha256="", rgb=rgb)
    sample = find_sample(picture, Box(left=120, top=10, right=170, bottom=30), 20.0)
    assert sample is not None
    assert (sample.box.left, sample.box.right) == (60.0, 109.0)
    assert (sample.swatch.line_style, sample.swatch.marker) == ("solid", "square")


def test_a_grey_sample_on_a_grid_line_is_one_where_the_legend_has_no_box() -> None:
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        x = np.arange(6)
        axes.plot(x, [2, 2, 6, 6, 4, 1], "s-", color="#c40d1e", label="1024-bit", linewidth=2, markersize=7)
        axes.plot(x, [1, 1, 4, 4, 2, 1], "s-", color="#6e6e6e", label="2048-bit", linewidth=2, markersize=7)
        legend = axes.legend(loc="upper right", frameon=False)
        read_axes(figure, spans)
        text = legend.get_texts()[1]
        spans.extend(spans_of(figure, list(legend.get_texts())))
        # A grid line half-way between the second row's middle and its upper edge.
        extent = text.get_window_extent()
        level = axes.transData.inverted().transform((0, extent.y0 + 0.75 * extent.height))[1]
        axes.axhline(level, color="#c8c8c8", linewidth=1.0, zorder=0)

    picture = render(draw)
    (legend,) = find_legends(picture, find_axes(picture, find_panels(picture), spans), spans)
    assert [(e.text.text, e.marker) for e in legend] == [("1024-bit", "square"), ("2048-bit", "square")]
    assert legend[1].color == pytest.approx((110, 110, 110), abs=6)


@pytest.mark.parametrize("fill", [(217, 83, 25), (237, 177, 32), (128, 128, 128), (76, 76, 76)])
@pytest.mark.parametrize("edge", [0.0, 0.5])
def test_a_patch_with_a_black_outline_has_the_colour_of_its_fill(fill: tuple[int, ...], edge: float) -> None:
    window = np.empty((12, 30, 3))
    window[:] = np.asarray(fill) * edge  # a thin outline is blurred with what it surrounds
    window[1:-1, 1:-1] = fill
    swatch = describe_swatch(window.astype(np.int16), np.full(3, 255.0))
    assert swatch is not None
    assert (swatch.color, swatch.line_style, swatch.marker) == (fill, "none", "square")


@pytest.mark.parametrize(("thickness", "found"), [(2, True), (20, False)])
def test_a_stroke_longer_than_six_letters_is_a_sample_a_box_is_none(thickness: int, found: bool) -> None:
    rgb = np.full((60, 300, 3), 255, np.uint8)
    rgb[30 - thickness // 2 : 30 + thickness // 2, 60:148] = (0, 0, 255)
    text = Box(left=155.0, top=23.0, right=240.0, bottom=37.0)
    rgb[25:36, 157:238:6] = 0
    sample = find_sample(Picture(name="drawn", sha256="", rgb=rgb), text, 14.0)
    assert (sample is not None) == found
    if sample is not None:
        assert sample.swatch.color == (0, 0, 255)
        assert sample.box.left == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    ("style", "name"), [("o", "circle"), ("s", "square"), ("D", "diamond"), ("^", "triangle")]
)
@pytest.mark.parametrize("quality", [70, None])
@pytest.mark.parametrize(("line", "size"), [(1.5, 5), (2, 5), (3, 8)])
def test_markers_on_thick_lines_keep_their_shapes(
    style: str, name: str, quality: int | None, line: float, size: float
) -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 200), ylim=(0, 60))
        axes.axis("off")
        axes.plot([60, 126], [30.3, 30.3], color="#1f77b4", lw=line, solid_capstyle="butt")
        axes.plot([93.3], [30.3], style, color="#1f77b4", ms=size)

    rgb = render(draw, size=(1, 0.3), dpi=200).rgb
    if quality is not None:
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
        rgb = np.array(Image.open(buffer))
    (top, left), (bottom, right) = (
        f(np.argwhere(255 - rgb.min(axis=2) > 60), axis=0) for f in (np.min, np.max)
    )
    window = rgb[top - 1 : bottom + 2, left : right + 1].astype(np.int16)
    swatch = describe_swatch(window, np.full(3, 255.0))
    assert swatch is not None
    assert (swatch.marker, swatch.line_style) == (name, "solid")


@pytest.mark.parametrize(("fill", "size"), [("blue", 4.0), ("red", 4.0), ("green", 4.5), ("orange", 5.0)])
def test_a_small_marker_with_a_black_rim_has_the_colour_inside(fill: str, size: float) -> None:
    figure = plt.figure(figsize=(0.4, 0.4), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.plot(0, 0, "o", markersize=size, markerfacecolor=fill, markeredgecolor="black", markeredgewidth=0.8)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=100)
    plt.close(figure)
    window = np.array(Image.open(out).convert("RGB")).astype(np.int16)
    inked = np.abs(window - 255).max(axis=2) > 60
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    swatch = describe_swatch(window[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.full(3, 255.0))
    assert swatch is not None
    assert swatch.marker == "circle"
    assert np.abs(np.array(swatch.color) - np.array(to_rgb(fill)) * 255).max() <= 30


def test_a_pale_sample_near_the_black_side_of_its_panel_is_one() -> None:
    rgb = np.full((90, 200, 3), 255, dtype=np.uint8)
    rgb[:, 16:18] = 0
    rgb[43:47, 40:100] = 221
    sample = find_sample(
        Picture(name="drawn", sha256="", rgb=rgb), Box(left=124, top=36, right=168, bottom=54), 20.0
    )
    assert sample is not None
    assert sample.box == Box(left=40, top=43, right=99, bottom=46)
    assert sample.swatch.color == (221, 221, 221)
