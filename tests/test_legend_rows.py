"""Rows of legends whose names or samples are easily lost: like digits, touching letters, crossing lines."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image, ImageDraw

from digitizer.evidence import Box, Picture
from digitizer.ocr import load_recogniser
from digitizer.stages.axes.find import find_axes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.load import load_picture
from digitizer.stages.panels.find import find_panels
from digitizer.stages.samples.beside import find_sample
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.read import read_text


def names_of(figure: Figure) -> list[str]:
    """The names of the legend of a figure's first panel, from top to bottom."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    picture = load_picture(buffer.getvalue(), name="drawn")
    frames = find_panels(picture)
    spans = read_text(picture, frames, load_recogniser("ppocr"))
    legend = find_legends(picture, find_axes(picture, frames, spans), spans)[0]
    return [entry.text.text for entry in legend]


def draw(names: list[str], size: int, dpi: int) -> Figure:
    """Lines that leave the upper left corner to a legend in letters of so many points."""
    figure, axes = plt.subplots(figsize=(6.1, 4.3), dpi=dpi)
    x = np.linspace(0, 20, 20)
    for k, name in enumerate(names):
        axes.plot(x, 10 + (k + 1) * x**1.5, label=name)
    axes.legend(loc="upper left", fontsize=size)
    return figure


@pytest.mark.parametrize(
    ("names", "size", "dpi"),
    [
        (["2021", "2022", "2023"], 8, 72),
        (["p50", "p95", "p99"], 9, 90),
        (["T = 4 K", "T = 77 K"], 10, 100),
    ],
)
def test_names_of_few_or_like_characters_are_read(names: list[str], size: int, dpi: int) -> None:
    assert names_of(draw(names, size, dpi)) == names


def test_a_label_at_a_lines_end_in_its_colour_is_no_legend() -> None:
    """The end of a rising line before its name looks like a marker."""
    figure, axes = plt.subplots(figsize=(6.1, 4.3), dpi=100)
    for k, name in enumerate(["filtered", "raw"]):
        x = np.linspace(0, 10, 11)
        (line,) = axes.plot(x, (k + 1) * x**2 / 10)
        axes.text(10.25, (k + 1) * 10.0 + 0.5, name, color=line.get_color(), va="center")
    axes.set_xlim(0, 13)
    assert names_of(figure) == []


def test_a_lone_black_sample_beside_its_black_name_is_a_legend() -> None:
    figure, axes = plt.subplots(figsize=(6.1, 4.3), dpi=100)
    axes.plot([0, 1, 2, 3], [0, 2, 5, 9], color="black", label="measured")
    axes.legend(loc="upper left")
    assert names_of(figure) == ["measured"]


@pytest.mark.parametrize("above", [0, 14])
def test_a_sample_is_found_that_an_upright_grid_line_crosses(above: int) -> None:
    """The line runs through, or begins so many rows above the sample; its middle is not the text's."""
    image = Image.new("RGB", (140, 60), "white")
    pen = ImageDraw.Draw(image)
    pen.line([(36, 30 - above if above else 0), (36, 32 if above else 60)], fill=(200, 200, 200))
    pen.rectangle([20, 26, 50, 28], fill=(129, 114, 179))
    sample = find_sample(_picture(image), Box(left=62, top=25, right=120, bottom=36), 12.0)
    assert sample is not None
    assert (sample.box.left, sample.box.right) == (20, 50)
    assert sample.swatch.line_style == "solid"


def test_dashes_of_a_grid_line_beside_a_sample_are_none_of_its() -> None:
    image = Image.new("RGB", (160, 60), "white")
    pen = ImageDraw.Draw(image)
    for x in (28, 38):
        pen.line([(x, 27), (x + 5, 27)], fill=(150, 150, 150))
    pen.rectangle([50, 30, 90, 31], fill=(99, 110, 250))
    sample = find_sample(_picture(image), Box(left=104, top=24, right=150, bottom=37), 14.0)
    assert sample is not None
    assert (sample.box.left, sample.box.right, sample.swatch.line_style) == (50, 90, "solid")


def test_nothing_is_written_in_the_corners_around_a_disc() -> None:
    """Key of a legend: a disc of 25 px has four corners of page in its box."""
    image = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(image).ellipse([300, 200, 325, 225], fill=(27, 158, 119))
    glyphs = find_ink(_picture(image), ()).glyphs
    assert len(glyphs) == 1
    assert (int(glyphs.left[0]), int(glyphs.right[0])) == (300, 325)


def _picture(image: Image.Image) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, format="png")
    return load_picture(buffer.getvalue(), name="drawn")


def test_a_row_of_entries_may_be_spread_over_the_width_of_a_lone_panel() -> None:
    """Qwt gives each entry the same share of it, 25 text heights apart."""
    figure, axes = plt.subplots(figsize=(9.3, 4.3), dpi=80)
    x = np.linspace(0, 20, 20)
    for k, name in enumerate(("Germany", "France", "Spain")):
        (line,) = axes.plot(x, 10 + (k + 1) * x**1.5)
        at = 0.04 + 0.34 * k
        figure.add_artist(Line2D([at, at + 0.02], [0.96, 0.96], color=line.get_color(), linewidth=2))
        figure.text(at + 0.03, 0.96, name, va="center", fontsize=8)
    assert names_of(figure) == ["Germany", "France", "Spain"]
