"""What pgfplots draws by default: names centred beside their samples, pairs of bars, markers of two tones."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render, spans_of
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.find import find_axes
from digitizer.stages.legend.find import find_legends
from digitizer.stages.panels.find import find_panels
from digitizer.stages.samples.beside import find_sample
from digitizer.stages.samples.swatch import describe_swatch
from digitizer.stages.series import trace_series
from digitizer.stages.text.read import without_samples

WHITE = np.full(3, 255.0)


def test_names_centred_in_their_column_are_one_legend() -> None:
    colors = {"CG": "#0000ff", "conjugate gradient": "#ff0000", "multigrid": "#734d26"}
    spans: list[TextSpan] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.1, 0.12, 0.5, 0.8))
        axes.set_xticks([])
        axes.set_yticks([])
        texts = []
        for k, (name, color) in enumerate(colors.items()):
            axes.plot([0, 1, 2], [k, k + 2, k + 1], color=color)
            y = 0.85 - 0.07 * k
            figure.add_artist(Line2D([0.63, 0.69], [y, y], color=color))
            texts.append(figure.text(0.83, y, name, ha="center", va="center"))
        figure.add_artist(Rectangle((0.62, 0.66), 0.36, 0.24, fill=False))
        figure.canvas.draw()
        spans.extend(spans_of(figure, texts))

    picture = render(draw)
    (legend,) = find_legends(picture, find_axes(picture, find_panels(picture), spans), spans)
    assert [entry.text.text for entry in legend] == list(colors)
    for entry, color in zip(legend, colors.values(), strict=True):
        assert entry.color == pytest.approx(tuple(bytes.fromhex(color[1:])), abs=3)


@pytest.mark.parametrize("below", [14, 60])
def test_what_is_beyond_the_box_around_a_legend_is_no_sample(below: int) -> None:
    """``below``: how far (px) the box goes on below the text's middle; one row, or more of them."""
    text = Box(left=130, top=92, right=180, bottom=107)

    def draw(figure: Figure) -> None:
        figure.patches.append(pixels(figure, 40, 99 - 3, 82, 99 + 3, facecolor="#00aa00"))
        figure.patches.append(pixels(figure, 90, 99 - 13, 190, 99 + below, fill=False, linewidth=1))
        figure.patches.append(pixels(figure, 110, 99 - 5, 120, 99 + 5, facecolor="#ff0000"))

    sample = find_sample(render(draw), text, text.height)
    assert sample is not None
    assert sample.swatch.color == (255, 0, 0)
    assert (sample.box.left, sample.box.right) == pytest.approx((110, 119), abs=1)


def pixels(
    figure: Figure, left: float, top: float, right: float, bottom: float, **looks: object
) -> Rectangle:
    """A rectangle of a figure, in pixels from its top left corner."""
    width, height = figure.get_size_inches() * figure.dpi
    corner = (left / width, 1 - bottom / height)
    size = ((right - left) / width, (bottom - top) / height)
    return Rectangle(corner, *size, transform=figure.transFigure, **looks)  # type: ignore[arg-type]


@pytest.mark.parametrize("edge", [(0, 0, 255), (115, 77, 38)])
def test_a_pair_of_bars_has_the_colour_that_fills_them(edge: tuple[int, int, int]) -> None:
    fill = tuple(round(255 - 0.3 * (255 - c)) for c in edge)
    window = np.full((17, 20, 3), 255, dtype=np.int16)
    for left, top in ((0, 0), (12, 5)):
        window[top:, left : left + 8] = edge
        window[top + 1 : -1, left + 1 : left + 7] = fill
    swatch = describe_swatch(window, WHITE)
    assert swatch is not None
    assert (swatch.color, swatch.line_style) == (fill, "none")


@pytest.mark.parametrize("line", [(0, 0, 255), (70, 70, 255)])
def test_a_marker_filled_darker_than_its_line_has_the_colour_of_that(line: tuple[int, int, int]) -> None:
    """The ends of thin lines are paler."""
    window = np.full((11, 41, 3), 255, dtype=np.int16)
    window[5] = line
    window[0:11, 15:26] = (0, 0, 255)
    window[1:10, 16:25] = (0, 0, 204)
    swatch = describe_swatch(window, WHITE)
    assert swatch is not None
    assert swatch.color == (0, 0, 255)
    assert (swatch.marker, swatch.line_style) == ("square", "solid")


def test_a_line_that_jpeg_washes_out_leaves_its_marker_the_colour() -> None:
    window = np.zeros((11, 41, 3), dtype=np.int16)
    window[5] = (112, 118, 224)
    window[0:11, 15:26] = (99, 111, 255)
    swatch = describe_swatch(window, np.zeros(3))
    assert swatch is not None
    assert swatch.color == (99, 111, 255)


@pytest.mark.parametrize(("width", "dpi"), [(2.0, 150), (0.8, 120)])
def test_markers_filled_darker_than_their_line_are_of_its_series(width: float, dpi: int) -> None:
    x = np.linspace(0, 14, 8)
    tones = {"blue": ("#0000cc", "o"), "red": ("#cc0000", "s")}

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for k, (color, (fill, sign)) in enumerate(tones.items()):
            y = 0.5 * np.exp(-x / (4 + 2 * k))
            axes.plot(x, y, sign + "-", color=color, mfc=fill, ms=9, lw=width, mew=0.7 * width)

    picture = render(draw, dpi=dpi)
    traces = trace_series(picture, find_panels(picture)[0], (), ())
    assert sorted((t.kind, t.marker, t.x_px.size) for t in traces) == [
        ("line", "circle", 8),
        ("line", "square", 8),
    ]


def test_a_sample_between_two_names_of_a_row_parts_them() -> None:
    lefts = {"deep": 10, "model": 55, "—": 110, "wide": 150, "+": 190, "deep ": 205}
    rights = {"deep": 48, "model": 102, "—": 142, "wide": 184, "+": 199, "deep ": 243}
    words = tuple((w.strip(), Box(left=lefts[w], right=rights[w], top=5, bottom=17)) for w in lefts)
    whole = Box(left=10, right=243, top=5, bottom=17)
    text = " ".join(word for word, _ in words)
    names = without_samples(TextSpan(box=whole, text=text, confidence=0.9, words=words))
    assert [(s.text, s.box.left, s.box.right) for s in names] == [
        ("deep model", 10, 102),
        ("wide + deep", 150, 243),
    ]
    # A dash as wide as it is typed is of the name.
    typed = tuple((w, b if w != "—" else Box(left=110, right=124, top=5, bottom=17)) for w, b in words)
    (name,) = without_samples(TextSpan(box=whole, text=text, confidence=0.9, words=typed))
    assert name.text == text
