"""Finding and reading text: drawn charts with known labels, and the wording rules on their own."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image

from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.ocr import Reading, Recogniser, load_recogniser
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.read import compose_power, names_day, read_text
from digitizer.stages.text.wording import normalise

Drawn = tuple[Picture, tuple[PanelFrame, ...], list[tuple[str, float, float]]]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser("ppocr")


def draw(
    paint: Callable[[Axes], None],
    *,
    dpi: int = 100,
    style: str = "default",
    jpeg_quality: int | None = None,
    size: tuple[float, float] = (6.1, 4.2),
) -> Drawn:
    """Draw one panel; return the picture, its frame, and every printed text with its centre in pixels."""
    with plt.style.context(style):
        figure, axes = plt.subplots(figsize=size, dpi=dpi)
        paint(axes)
        figure.tight_layout()
        figure.canvas.draw()
        height = figure.canvas.get_width_height()[1]
        box = axes.get_window_extent()
        texts = [axes.title, axes.xaxis.label, axes.yaxis.label]
        texts += [axes.xaxis.get_offset_text(), axes.yaxis.get_offset_text()]
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            texts += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
        legend = axes.get_legend()
        texts += [] if legend is None else list(legend.get_texts())
        truth = []
        for text in texts:
            if text.get_text():
                extent = text.get_window_extent()
                x, y = (extent.x0 + extent.x1) / 2 - 0.5, height - (extent.y0 + extent.y1) / 2 - 0.5
                truth.append((_plain(text.get_text()), x, y))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        background = tuple(round(255 * v) for v in matplotlib.colors.to_rgb(axes.get_facecolor()))
        plt.close(figure)
    image = Image.open(buffer).convert("RGB")
    if jpeg_quality is not None:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=jpeg_quality)
        image = Image.open(buffer).convert("RGB")
    frame = PanelFrame(
        box=Box(
            left=box.x0 - 0.5, top=height - box.y1 - 0.5, right=box.x1 - 0.5, bottom=height - box.y0 - 0.5
        ),
        sides=frozenset(("left", "top", "right", "bottom")),
        background=(background[0], background[1], background[2]),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    return Picture(name="drawn", sha256="", rgb=np.array(image)), (frame,), truth


def _plain(text: str) -> str:
    for old, new in (("−", "-"), ("$", ""), ("\\mathdefault", ""), ("{", ""), ("}", "")):
        text = text.replace(old, new)
    return text


def missed(drawn: Drawn, spans: tuple[TextSpan, ...]) -> list[str]:
    """The printed texts for which no span of that wording lies at their place."""
    return [
        text
        for text, x, y in drawn[2]
        if not any(span.text == text and span.box.contains(x, y, margin=3.0) for span in spans)
    ]


def paint_curves(axes: Axes) -> None:
    rng = np.random.default_rng(11)
    x = np.arange(0, 60, 2)
    axes.plot(x, np.cumsum(rng.normal(size=30)) - 1, label="Training loss")
    axes.plot(x, np.cumsum(rng.normal(size=30)), "o--", label="val_loss")
    axes.set(title="Loss of two runs", xlabel="Epoch", ylabel="Cross entropy (nats)")
    axes.legend()


@pytest.mark.parametrize(("dpi", "style"), [(72, "default"), (100, "default"), (160, "dark_background")])
def test_every_label_of_a_plain_chart_is_read(recogniser: Recogniser, dpi: int, style: str) -> None:
    drawn = draw(paint_curves, dpi=dpi, style=style)
    spans = read_text(drawn[0], drawn[1], recogniser)
    assert missed(drawn, spans) == []
    assert len(spans) == len(drawn[2])


def test_jpeg_noise_leaves_the_labels_readable(recogniser: Recogniser) -> None:
    drawn = draw(paint_curves, dpi=110, jpeg_quality=75)
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


def test_labels_know_their_panel_and_their_direction(recogniser: Recogniser) -> None:
    drawn = draw(paint_curves)
    spans = {span.text: span for span in read_text(drawn[0], drawn[1], recogniser)}
    assert spans["Cross entropy (nats)"].angle_deg == 90.0
    assert spans["Epoch"].angle_deg == 0.0
    assert spans["Training loss"].panel == 0
    assert spans["Loss of two runs"].panel is None


def test_packed_ticks_stay_apart_and_words_stay_together(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.plot(np.arange(0, 1050, 50), np.linspace(0, 1, 21))
        axes.set_xticks(np.arange(0, 1050, 100))
        axes.set_title("Share of all the answers that are right")

    drawn = draw(paint, size=(4.9, 3.9))
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


@pytest.mark.parametrize("dpi", [80, 100, 140])
def test_signs_and_points_are_kept(recogniser: Recogniser, dpi: int) -> None:
    def paint(axes: Axes) -> None:
        axes.plot([-0.004, 0.004], [-1.75, 1.75])

    drawn = draw(paint, dpi=dpi)
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


@pytest.mark.parametrize("dpi", [100, 150])
def test_powers_keep_their_exponents(recogniser: Recogniser, dpi: int) -> None:
    def paint(axes: Axes) -> None:
        axes.loglog([1e-3, 1e4], [1e-4, 1e3])

    drawn = draw(paint, dpi=dpi)
    assert sum("^" in text for text, *_ in drawn[2]) >= 10
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


def test_offsets_are_read(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.plot([0, 3e6], [0, 5e-7])

    drawn = draw(paint)
    assert {"1e6", "1e-7"} <= {text for text, *_ in drawn[2]}
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


@pytest.mark.parametrize("rotation", [30, 45, 60, 90])
def test_turned_tick_labels_are_set_upright(recogniser: Recogniser, rotation: int) -> None:
    def paint(axes: Axes) -> None:
        axes.plot(range(5), [3, 1, 4, 1, 5])
        names = ["2021-01-04", "2021-02-11", "2021-03-18", "2021-05-29", "2021-07-30"]
        align = "center" if rotation == 90 else "right"
        axes.set_xticks(range(5), names, rotation=rotation, ha=align)

    drawn = draw(paint, dpi=110)
    spans = read_text(drawn[0], drawn[1], recogniser)
    assert missed(drawn, spans) == []
    angles = [span.angle_deg for span in spans if span.text.startswith("2021")]
    assert angles == pytest.approx([rotation] * 5, abs=2.0)


def test_labels_whose_letters_touch_stand_on_end_with_their_row(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        axes.bar(range(12), [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])
        axes.set_xticks(range(12), months, rotation=90, fontfamily="Liberation Sans, Arial, DejaVu Sans")

    drawn = draw(paint, dpi=60)
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


def test_markers_and_curves_are_not_read(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        rng = np.random.default_rng(3)
        axes.scatter(rng.normal(size=200), rng.normal(size=200), c="k", s=25)
        axes.plot(np.linspace(-2, 2, 9), rng.normal(size=9), "k--")

    drawn = draw(paint)
    spans = read_text(drawn[0], drawn[1], recogniser)
    assert [span for span in spans if span.panel is not None] == []
    assert missed(drawn, spans) == []


def test_text_on_a_coloured_bar_is_read(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.bar(["north", "south"], [3.25, 4.75], color=["tab:blue", "darkgreen"])
        axes.text(0, 1.5, "3.25", color="white", ha="center", fontsize=12)
        axes.text(1, 1.5, "4.75", color="white", ha="center", fontsize=12)

    drawn = draw(paint)
    texts = [span.text for span in read_text(drawn[0], drawn[1], recogniser)]
    assert {"3.25", "4.75", "north", "south"} <= set(texts)


def test_a_blank_picture_has_no_text(recogniser: Recogniser) -> None:
    blank = Picture(name="blank", sha256="", rgb=np.full((90, 140, 3), 255, np.uint8))
    assert read_text(blank, (), recogniser) == ()


@pytest.mark.parametrize("seed", range(4))
def test_any_ink_is_grouped_without_failing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgb = np.full((120, 170, 3), 255, np.uint8)
    for _ in range(150):
        x, y, width, height = rng.integers(0, (160, 110, 14, 14))
        rgb[y : y + height + 1, x : x + width + 1] = rng.integers(0, 255, 3)
    picture = Picture(name="heap", sha256="", rgb=rgb)
    read_text(picture, (), CountingRecogniser())


class CountingRecogniser:
    """Answers every crop alike and counts the calls."""

    name = "counting"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def read(self, crops: object) -> list[Reading]:
        self.calls.append(len(crops))  # type: ignore[arg-type]
        return [Reading("abc", 0.99)] * len(crops)  # type: ignore[arg-type]


class FirstLetterRecogniser:
    """Reads an A wherever it is asked."""

    name = "first letter"

    def read(self, crops: object) -> list[Reading]:
        return [Reading("A", 0.99)] * len(crops)  # type: ignore[arg-type]


def test_a_peak_wider_than_letters_is_none() -> None:
    """The part of a curve that stands above a grid line."""
    rgb = np.full((200, 300, 3), 255, np.uint8)
    for x in range(-24, 25):
        y = 100 + round(14 * abs(x) / 24)
        rgb[y - 1 : y + 2, 150 + x] = 0
    frame = PanelFrame(
        box=Box(left=20, top=20, right=280, bottom=180), sides=frozenset(), background=(255, 255, 255),
        grid_x=np.zeros(0), grid_y=np.zeros(0),
    )  # fmt: skip
    assert not read_text(Picture(name="peak", sha256="", rgb=rgb), (frame,), FirstLetterRecogniser())


def test_all_crops_of_a_figure_go_into_one_call() -> None:
    drawn = draw(paint_curves)
    counting = CountingRecogniser()
    read_text(drawn[0], drawn[1], counting)
    assert counting.calls[0] >= len(drawn[2])
    assert sum(counting.calls[1:]) == 0


def test_dots_of_a_grid_line_are_not_read_even_where_a_curve_meets_them() -> None:
    rgb = np.full((160, 430, 3), 255, np.uint8)
    for left in range(40, 400, 6):
        rgb[60:66, left : left + 4] = 0
    for left in (130, 268):
        rgb[56:68, left : left + 4] = 0
    frame = PanelFrame(
        box=Box(left=20.0, top=10.0, right=415.0, bottom=140.0),
        sides=frozenset(("left", "bottom")),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )
    counting = CountingRecogniser()
    read_text(Picture(name="dots", sha256="", rgb=rgb), (frame,), counting)
    assert sum(counting.calls) == 0


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("−1.5", "-1.5"),
        ("—0.2", "-0.2"),
        ("le6", "1e6"),
        ("20lz", "20k"),
        ("28°℃", "28°C"),
        ("1O0", "100"),
        ("10⁻³", "10^-3"),
        ("×10⁴", "×10^4"),
        ("1. 5", "1.5"),
        ("Q1", "Q1"),
        ("Q1 2020", "Q1 2020"),
        ("Loss", "Loss"),
        ("all", "all"),
        ("|z4", "lz4"),
        ("mode|", "model"),
        ("P(y|x)", "P(y|x)"),
        ("|x|", "|x|"),
        ("Ir/pg0", "lr/pg0"),
        ("val/Ioss", "val/loss"),
        ("Iength (mm)", "length (mm)"),
        ("IoU at Iris, In", "IoU at Iris, In"),
    ],
)
def test_normalise_touches_numbers_lone_bars_and_likely_ells_only(read: str, meant: str) -> None:
    assert normalise(read) == meant


def test_powers_are_composed_only_where_the_exponent_is_a_number() -> None:
    assert compose_power((Reading("10", 0.99), Reading("−3", 0.97))) == ("10^-3", 0.97)
    assert compose_power((Reading("l0", 0.99), Reading("l", 0.9))) == ("10^1", 0.9)
    assert compose_power((Reading("10", 0.99), Reading("th", 0.97))) is None
    assert compose_power((Reading("2021-1", 0.99), Reading("7", 0.97))) is None
    assert compose_power((Reading("training", 0.99), Reading("3", 0.97), Reading("accuracy", 0.99))) is None
    assert compose_power((Reading("Aug", 0.99), Reading("2", 0.97))) is None
    assert compose_power((Reading("10", 0.99),)) is None


def test_a_date_with_its_month_named_holds_no_power() -> None:
    assert [names_day(text) for text in ("Oct 02", "10-2", "102", "m2", "Oct")] == [True, *[False] * 3, True]


@pytest.mark.parametrize("family", ["DejaVu Sans", "DejaVu Sans Mono"])
def test_labels_of_a_dense_column_are_no_upward_words(family: str, recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        axes.plot([0, 10], [0.3, 2.3])
        texts = [".4", ".6", ".8", "1", "1.2", "1.4", "1.6", "1.8", "2", "2.2"]
        axes.set_yticks([float(t) for t in texts], texts)
        plt.setp(axes.get_yticklabels(), family=family, fontsize=9)

    drawn = draw(paint, size=(5.2, 1.75))
    assert missed(drawn, read_text(drawn[0], drawn[1], recogniser)) == []


def test_small_zeros_beside_a_side_that_is_not_drawn_are_no_ticks() -> None:
    """A zero of five pixels, two pixels beside the ends of the grid, is as narrow as a tick."""
    rgb = np.full((260, 320, 3), 255, dtype=np.uint8)
    zero = np.array([[0, 1, 1, 1, 0]] + 3 * [[1, 0, 0, 0, 1]] + [[0, 1, 1, 1, 0]], dtype=bool)
    rows = np.arange(40, 240, 40)
    for row in rows:
        rgb[row, 41:300] = 229
        rgb[row - 2 : row + 3, 33:38][zero] = 100
    box = Box(left=41, top=20, right=300, bottom=240)
    nothing = np.empty(0)
    frame = PanelFrame(
        box=box, sides=frozenset({"bottom"}), background=(255, 255, 255), grid_x=nothing,
        grid_y=rows.astype(float), line_width=2.0,
    )  # fmt: skip
    sheet = find_ink(Picture(name="zeros", sha256="", rgb=rgb), (frame,))
    assert np.count_nonzero(sheet.glyphs.right == 37) == len(rows)


def test_the_comma_of_a_thousand_moves_no_label(recogniser: Recogniser) -> None:
    """A comma hangs below its digits; the middle of these is where the label stands."""

    def paint(axes: Axes) -> None:
        axes.plot([0, 10], [0, 3000])
        axes.set_yticks([500, 1000, 2000, 3000], ["500", "1,000", "2,000", "3,000"])
        axes.tick_params(axis="y", length=0, labelsize=22)

    picture, frames, _ = draw(paint)
    spans = {s.text: s for s in read_text(picture, frames, recogniser)}
    steps = -np.diff([spans[text].middle_y for text in ("500", "1,000", "2,000", "3,000")])  # type: ignore[arg-type]
    assert steps[0] == pytest.approx(steps[1] / 2, abs=0.8)


def test_names_of_digits_alike_in_size_are_no_markers(recogniser: Recogniser) -> None:
    def paint(axes: Axes) -> None:
        for k, name in enumerate(("2021", "2022", "2000", "48 h")):
            axes.plot([0, 1, 2, 3], [k, k + 2, k + 1, k + 9], "so^v"[k] + "-", mfc="none", label=name)
        axes.legend(loc="upper left")

    picture, panels, _ = draw(paint, dpi=80)
    inside = [span.text for span in read_text(picture, panels, recogniser) if span.panel == 0]
    assert [text.replace(" ", "") for text in inside] == ["2021", "2022", "2000", "48h"]
