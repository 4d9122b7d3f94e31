"""SVG drawings: read from a rendering that takes nothing from outside the file."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from PIL import Image

import chartscribe
from chartscribe.papers.svg import render_svg
from chartscribe.papers.svg_texts import text_at
from digitizer.errors import InputError
from digitizer.evidence import Box

SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
HEAD = f"{SVG} width='300' height='200'>"


def rendered(content: str) -> Image.Image:
    return Image.open(io.BytesIO(render_svg(content.encode(), "d.svg").png)).convert("RGB")


@pytest.mark.parametrize("fonts", ["path", "none"])
def test_a_drawn_chart_is_read(tmp_path: Path, fonts: str) -> None:
    x = np.arange(0, 100, 10)
    y = np.exp(-x / 40)
    with mpl.rc_context({"svg.fonttype": fonts, "svg.hashsalt": "1"}):
        canvas = Canvas(figsize=(4.5, 3.2), layout="constrained")
        axes = canvas.add_subplot()
        axes.plot(x, y, "o-", markersize=4)
        axes.set(xlabel="Step", ylabel="Loss", title="Training")
        canvas.savefig(tmp_path / "chart.svg")
    figure = chartscribe.digitize(tmp_path / "chart.svg")
    content = (tmp_path / "chart.svg").read_bytes()
    assert (figure.source.name, figure.source.sha256) == ("chart.svg", hashlib.sha256(content).hexdigest())
    (panel,) = figure.panels
    assert (panel.title, panel.x_axis.label, panel.y_axis.label) == ("Training", "Step", "Loss")
    # The numbers are those of the drawn strokes, not of the pixels that show them.
    np.testing.assert_allclose(panel.series[0].x, x, atol=1e-4 * np.ptp(x))
    np.testing.assert_allclose(panel.series[0].y, y, atol=1e-4)


def test_strokes_are_where_the_picture_shows_them() -> None:
    used = "<defs><path id='p' d='M0 0 L60 30'/></defs><g transform='translate(20 10) scale(2)'>"
    used += "<use href='#p' x='5' style='stroke: #cc0000; fill: none'/></g>"
    curve = "<path d='M10 150 C 20 100, 40 100, 50 150' stroke='blue' fill='none'/>"
    ring = "<rect x='200' y='120' width='50' height='40' fill='green'/>"
    drawing = render_svg(f"{HEAD}{used}{curve}{ring}</svg>".encode(), "d.svg")
    stroke, bent, box = drawing.drawn.paths
    assert (stroke.stroke, stroke.fill, box.fill) == ((204, 0, 0), None, (0, 128, 0))
    # From (30, 10) to (150, 70), told around the former, four pixels a unit.
    np.testing.assert_allclose(stroke.x, [119.5, 599.5])
    np.testing.assert_allclose(stroke.y, [39.5, 279.5])
    np.testing.assert_allclose(stroke.origin or (), (119.5, 39.5))
    # Of a curve the drawing names both ends; its middle is where the curve is.
    np.testing.assert_allclose(bent.x[bent.is_vertex], [39.5, 199.5])
    assert abs(float(bent.y.min()) - (112.5 * 4 - 0.5)) < 0.5
    assert box.closed
    shown = np.asarray(Image.open(io.BytesIO(drawing.png)).convert("RGB"))
    reds = np.argwhere((shown[:, :, 0] > 150) & (shown[:, :, 1] < 80))
    np.testing.assert_allclose(reds.mean(axis=0), [stroke.y.mean(), stroke.x.mean()], atol=0.6)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
@pytest.mark.parametrize("turn", [0, -90, 90])
def test_texts_are_where_the_picture_shows_them(anchor: str, turn: int) -> None:
    place = f"transform='translate(150 100) rotate({turn})'"
    style = f"style='font-size: 12px; text-anchor: {anchor}'"
    other = "<text x='20' y='20' font-size='8' fill='white'>far away</text>"
    text = f"<text {place} {style}>Learning <![CDATA[rate]]></text>"
    drawing = render_svg(f"{HEAD}{other}{text}</svg>".encode(), "d.svg")
    shown = np.asarray(Image.open(io.BytesIO(drawing.png)).convert("L"))
    rows, columns = np.nonzero(shown < 128)
    box = Box(left=columns.min(), top=rows.min(), right=columns.max(), bottom=rows.max())
    assert text_at(drawing.texts)(box) == "Learning rate"
    # Not for what stands beside it.
    size = 2 * (box.height if turn == 0 else box.width)
    dx, dy = (size, 0.0) if turn else (0.0, size)
    beside = Box(left=box.left + dx, top=box.top + dy, right=box.right + dx, bottom=box.bottom + dy)
    assert text_at(drawing.texts)(beside) == ""


def test_slanted_texts_and_those_that_say_nothing_are_left_out() -> None:
    texts = "<text transform='rotate(30)' x='90' y='90'>Jan</text><text x='9' y='9'> </text>"
    assert render_svg(f"{HEAD}{texts}</svg>".encode(), "d.svg").texts == ()


def test_names_are_those_of_the_drawing(tmp_path: Path) -> None:
    x = np.arange(0, 100, 10)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "1"}):
        canvas = Canvas(figsize=(4.5, 3.2), layout="constrained")
        axes = canvas.add_subplot()
        axes.plot(x, np.exp(-x / 40), "o-", label="Il1 = lr")
        axes.set(xlabel="Tokens (×10⁹)", ylabel="Perplexity (Il1)", title="Ablation Il-l1")
        axes.legend()
        canvas.savefig(tmp_path / "chart.svg")
    (panel,) = chartscribe.digitize(tmp_path / "chart.svg").panels
    texts = (panel.title, panel.x_axis.label, panel.y_axis.label, panel.series[0].name)
    assert texts == ("Ablation Il-l1", "Tokens (×10^9)", "Perplexity (Il1)", "Il1 = lr")


def test_nothing_outside_is_followed(tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), "red").save(tmp_path / "red.png")
    path = tmp_path / "red.png"
    for target in (path, f"file://{path}"):
        for name in ("href", "xlink:href"):
            image = f"<image {name}='{target}' width='300' height='200'/>"
            assert rendered(f"{HEAD}{image}</svg>").getcolors() == [(1200 * 800, (255, 255, 255))]
    # What is inside is drawn: used elements, and pictures in the file itself.
    used = "<defs><rect id='r' width='300' height='200' fill='red'/></defs><use href='#r'/>"
    assert rendered(f"{HEAD}{used}</svg>").getcolors() == [(1200 * 800, (255, 0, 0))]


def test_texts_need_no_fonts_of_the_machine() -> None:
    for family in ("Arial", "serif", "No Such Font, monospace"):
        text = f"<text x='20' y='100' font-size='40' font-family='{family}'>Loss</text>"
        dark = np.asarray(rendered(f"{HEAD}{text}</svg>").convert("L")) < 128
        assert dark.sum() > 1000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + HEAD + "<text>&a;</text></svg>", "with entities"),
        (HEAD + "<rect", "is a damaged SVG drawing"),
        (HEAD + "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>", "cannot be rendered"),
        ("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='1000'/>", "100 times as high as wide"),
        ("<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>", "cannot be rendered"),
    ],
)
def test_what_cannot_be_rendered_is_told(content: str, words: str) -> None:
    with pytest.raises(InputError, match=r"^d\.svg: ") as caught:
        rendered(content)
    assert words in str(caught.value)


def test_large_drawings_keep_their_detail() -> None:
    wide = "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='100'/>"
    assert [rendered(wide.format(width)).width for width in (300, 1000, 4000)] == [1200, 2000, 3000]


def test_a_path_without_a_course_hides_no_other() -> None:
    content = f"{HEAD}<path class='empty'/><path d='M10 10 L60 30' stroke='red'/></svg>"
    (stroke,) = render_svg(content.encode(), "d.svg").drawn.paths
    np.testing.assert_allclose(stroke.x, [39.5, 239.5])
