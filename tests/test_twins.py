"""Series are bound to the axis that they are read on, by colour or by words."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageDraw

import chartscribe
from digitizer.evidence import AxisEvidence, Box, Picture, Side, TextSpan, Trace
from digitizer.stages.legend.twins import bind_axes

Color = tuple[int, int, int]
BLUE, RED, BLACK = (31, 119, 180), (214, 39, 40), (0, 0, 0)
SLATE, PLUM, OLIVE = (42, 63, 95), (129, 114, 178), (140, 140, 70)
SIDES: tuple[Side, Side] = ("left", "right")


def drawn(side: Side, color: Color, title: str, sheet: ImageDraw.ImageDraw) -> AxisEvidence:
    """An axis whose labels are painted in a colour."""
    x = 5 if side == "left" else 170
    labels = []
    for k in range(3):
        box = Box(left=x, right=x + 20, top=20 + 30 * k, bottom=29 + 30 * k)
        sheet.text((box.left + 1, box.top), str(10 * k), fill=color)
        labels.append(TextSpan(box=box, text=str(10 * k), confidence=1.0))
    head = TextSpan(box=labels[0].box, text=title, confidence=1.0)
    px = np.array([s.box.center[1] for s in labels])
    return AxisEvidence(
        side=side, marks=px, labels=tuple(labels), label_px=px, label_sigma_px=0 * px + 0.3, title=head
    )


def trace(color: Color) -> Trace:
    x = np.arange(5.0)
    return Trace(kind="line", color=color, x_px=x, y_px=x.copy(), sigma_px=0 * x + 0.1, sampled_at="columns")


@pytest.mark.parametrize(
    ("colors", "names", "on_y2", "sure"),
    [
        ((BLUE, RED), (None, None), (False, True), True),
        ((RED, BLUE), (None, None), (False, True), True),
        ((BLACK, RED), (None, None), (False, True), True),
        ((BLACK, BLACK), ("Max pressure", "Wind speed"), (True, False), True),
        ((BLACK, BLACK), ("cases", "deaths (right)"), (False, True), True),
        ((BLACK, BLACK), ("one", "two"), (False, True), False),
    ],
)
def test_series_are_bound(
    colors: tuple[Color, ...],
    names: tuple[str | None, ...],
    on_y2: tuple[bool, ...],
    sure: bool,
) -> None:
    image = Image.new("RGB", (200, 140), (255, 255, 255))
    sheet = ImageDraw.Draw(image)
    y = drawn("left", colors[0], "Wind (m/s)", sheet)
    y2 = drawn("right", colors[1], "Pressure (hPa)", sheet)
    picture = Picture(name="twins", sha256="", rgb=np.array(image))
    # Black labels leave it to the words; then the series have colours that tell nothing.
    shown = [BLUE, RED] if colors == (BLACK, BLACK) else list(colors)
    bound = bind_axes(picture, y, y2, [trace(c) for c in shown], names)
    assert (bound.on_y2, bound.sure) == (on_y2, sure)


def titled(side: Side, labels: Color, title: Color, sheet: ImageDraw.ImageDraw) -> AxisEvidence:
    """An axis whose title stands above its labels, in a colour of its own."""
    axis = drawn(side, labels, "", sheet)
    left = axis.labels[0].box.left - 5
    sheet.text((left, 2), "level", fill=title)
    box = Box(left=left, right=left + 30, top=3, bottom=13)
    return replace(axis, title=TextSpan(box=box, text="level", confidence=1.0))


@pytest.mark.parametrize(
    ("labels", "titles", "sure"),
    [
        ((BLACK, BLACK), (BLUE, RED), True),
        # One colour of a page, blue as the first line is, tells nothing.
        ((SLATE, SLATE), (SLATE, SLATE), False),
        ((BLACK, BLACK), (BLACK, BLACK), False),
    ],
)
def test_colours_of_titles_tell_and_those_of_a_page_do_not(
    labels: tuple[Color, Color], titles: tuple[Color, Color], sure: bool
) -> None:
    image = Image.new("RGB", (200, 140), (255, 255, 255))
    sheet = ImageDraw.Draw(image)
    axes = [
        titled(side, label, title, sheet) for side, label, title in zip(SIDES, labels, titles, strict=True)
    ]
    picture = Picture(name="twins", sha256="", rgb=np.array(image))
    lines = [trace(RED), trace(BLUE)]
    bound = bind_axes(picture, axes[0], axes[1], lines, (None, None))
    assert bound.sure == sure
    if sure:
        assert bound.on_y2 == (True, False)


def test_the_hue_of_small_text_survives_jpeg() -> None:
    image = Image.new("RGB", (201, 141), (255, 255, 255))
    sheet = ImageDraw.Draw(image)
    y, y2 = drawn("left", PLUM, "", sheet), drawn("right", OLIVE, "", sheet)
    out = io.BytesIO()
    image.save(out, format="jpeg", quality=75, subsampling="4:2:0")
    picture = Picture(name="twins", sha256="", rgb=np.array(Image.open(out).convert("RGB")))
    bound = bind_axes(picture, y, y2, [trace(OLIVE), trace(PLUM)], (None, None))
    assert (bound.on_y2, bound.sure) == ((True, False), True)


def test_axes_of_one_range_and_two_titles_are_two() -> None:
    figure, axes = plt.subplots(figsize=(6.4, 4.4), dpi=100)
    counts = np.array([99.0, 79, 64, 64, 24])
    axes.bar([f"C{k + 1}" for k in range(5)], counts, color="tab:blue")
    axes.set(ylim=(0, 104), ylabel="Count")
    right = axes.twinx()
    right.plot(100 * np.cumsum(counts) / counts.sum(), "o-", color="tab:orange")
    right.set(ylim=(0, 105), ylabel="Cumulative share")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    panel = chartscribe.digitize(buffer.getvalue()).panels[0]
    assert [series.axis for series in panel.series] == ["y", "y2"]
    assert "second-axis" in [warning.code for warning in panel.warnings]
