"""The overlay lies on the picture where it should, and shows what needs to be seen."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digitizer.evidence import (
    AxisEvidence,
    Box,
    Extraction,
    PanelEvidence,
    PanelFrame,
    Picture,
    Redrawn,
    Scale,
    Side,
    TextSpan,
)
from digitizer.model import Axis, Figure, Frame, Notice, Panel, Series, Source, Tick, figure_from_dict
from digitizer.notebook import figure_html
from digitizer.overlay.canvas import Canvas, choose_factor, printable
from digitizer.overlay.colors import CHROME, STATUS_COLORS, TROUBLE, contrasting_colors
from digitizer.overlay.panel import letter

WIDTH, HEIGHT = 400, 300
FRAME = Frame(left=50.0, top=30.0, right=380.0, bottom=250.0)


def axis_evidence(side: Side, labels: tuple[TextSpan, ...] = ()) -> AxisEvidence:
    pixels = np.array([label.box.center[0] for label in labels])
    return AxisEvidence(
        side=side,
        marks=np.array([]),
        labels=labels,
        label_px=pixels,
        label_sigma_px=np.full(len(labels), 0.5),
    )


def make_series(**fields: object) -> Series:
    x_px = np.linspace(60.0, 370.0, 11)
    y_px = 140.0 + 80.0 * np.sin(np.arange(11.0))
    values = {
        "name": "loss <b>",
        "color": "#d62728",
        "color_name": "red",
        "marker": "circle",
        "x": np.arange(11.0),
        "y": 250 - y_px,
        "y_sigma": np.full(11, 0.1),
        "x_px": x_px,
        "y_px": y_px,
        "sampled_at": "markers",
    } | fields
    return Series(**values)  # type: ignore[arg-type]


def make_figure(
    *series: Series, warnings: tuple[Notice, ...] = (), labels: tuple[TextSpan, ...] = (), **evidence: object
) -> Figure:
    ticks = tuple(Tick(pixel=60.0 + 31 * n, text=str(n), value=float(n)) for n in range(0, 11, 2))
    panel = Panel(
        frame=FRAME,
        title="Loss & more",
        x_axis=Axis(label="Step", ticks=ticks, limits=(-0.3, 10.3), residual_px=0.04),
        y_axis=Axis(scale="category", ticks=(Tick(pixel=100.0, text="a", value="a"),)),
        series=series,
        status="suspect" if warnings else "ok",
        warnings=warnings,
    )
    picture = Picture(name="chart.png", sha256="0" * 64, rgb=np.full((HEIGHT, WIDTH, 3), 255, np.uint8))
    frame = PanelFrame(
        box=Box(left=50, top=30, right=380, bottom=250),
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([]),
    )
    seen = PanelEvidence(
        frame=frame,
        x_axis=axis_evidence("bottom", labels),
        y_axis=axis_evidence("left"),
        **evidence,  # type: ignore[arg-type]
    )
    return Figure(
        source=Source(name="chart.png", sha256="0" * 64, width=WIDTH, height=HEIGHT),
        panels=(panel,),
        extraction=Extraction(picture=picture, panels=(seen,)),
    )


def pixels_of(image: Image.Image, color: tuple[int, int, int], tolerance: int = 40) -> np.ndarray:
    """(x, y) of the sheet's pixels of this colour, the caption left out; lines are anti-aliased."""
    factor = choose_factor(WIDTH, HEIGHT)
    sheet = np.asarray(image)[: round(HEIGHT * factor)].astype(int)
    rows, columns = np.nonzero(np.abs(sheet - np.array(color)).max(axis=2) <= tolerance)
    return np.stack([columns, rows], axis=1)


@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ((300, 200), 3),
        ((399, 100), 3),
        ((600, 400), 2),
        ((1200, 400), 1),
        ((3000, 20), 1),
        ((4560, 2500), 3000 / 4560),
    ],
)
def test_small_pictures_grow_and_huge_ones_shrink(size: tuple[int, int], factor: float) -> None:
    assert choose_factor(*size) == pytest.approx(factor)
    image = Canvas(np.full((size[1], size[0], 3), 255, np.uint8)).finish()
    assert image.size == (round(size[0] * factor), round(size[1] * factor))


def test_centres_move_with_the_enlargement() -> None:
    canvas = Canvas(np.full((HEIGHT, WIDTH, 3), 255, np.uint8))
    assert canvas.map(0, 0) == (1, 1)
    assert canvas.map(10, 20) == (31, 61)
    canvas.line((10, 0), (10, 299), (0, 0, 0))
    ink = 255 - np.asarray(canvas.finish()).astype(float)[:, :, 0].mean(axis=0)
    assert np.average(np.arange(len(ink)), weights=ink) == pytest.approx(31, abs=0.1)


def test_the_source_is_paled_not_hidden() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    rgb[100:120, 100:120] = 0
    pale = np.asarray(Canvas(rgb).finish())
    assert pale[330, 330, 0] == 166
    assert pale[10, 10, 0] == 255


def test_a_dark_picture_becomes_light_and_keeps_its_hues() -> None:
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rgb[100:120, 100:120] = (255, 60, 60)
    rgb[200:220, 100:120] = 255
    pale = np.asarray(Canvas(rgb).finish()).astype(int)
    assert pale[10, 10].tolist() == [255, 255, 255]
    assert pale[630, 330].tolist() == [166, 166, 166]
    red, green, blue = pale[330, 330]
    assert red > green == blue


def test_texts_are_written_in_characters_that_the_font_has() -> None:
    assert printable("Länge (µm²) ≥ 10⁻³ Ω, Жук") == "Länge (µm²) ≥ 10⁻³ Ω, Жук"
    assert printable("中 x") == "\ufffd x"


def test_frame_and_ticks_lie_where_they_were_read() -> None:
    chrome = pixels_of(make_figure(make_series()).overlay(), CHROME)
    # Enlarged three times: the frame's left side, x = 50, is column 151.
    tall = np.bincount(chrome[:, 0]) > 500
    assert np.flatnonzero(tall).tolist() == [151, 1141]
    wide = np.bincount(chrome[:, 1]) > 700
    assert np.flatnonzero(wide).tolist() == [91, 751]
    # Below the frame only the tick marks are left.
    below = np.unique(chrome[chrome[:, 1] == 755, 0])
    for tick in (60, 122, 370):
        assert np.abs(below - (3 * tick + 1)).min() <= 1


def test_points_and_lines_lie_where_they_were_read() -> None:
    series = make_series()
    (color,) = contrasting_colors([series.color])
    drawn = pixels_of(make_figure(series).overlay(), color)
    for x, y in zip(series.x_px, series.y_px, strict=True):
        assert np.hypot(*(drawn - (3 * x + 1, 3 * y + 1)).T).min() < 1.5
    middle = (series.x_px[:-1] + series.x_px[1:]) / 2, (series.y_px[:-1] + series.y_px[1:]) / 2
    for x, y in zip(*middle, strict=True):
        assert np.hypot(*(drawn - (3 * x + 1, 3 * y + 1)).T).min() < 1.5


def test_a_hidden_stretch_stays_empty() -> None:
    y_px = np.full(11, 100.0)
    y_px[5] = np.nan
    series = make_series(y_px=y_px, y=250 - y_px, sampled_at="columns", marker="none")
    (color,) = contrasting_colors([series.color])
    drawn = pixels_of(make_figure(series).overlay(), color)
    gap = 3 * series.x_px[4] + 4, 3 * series.x_px[6] - 2
    assert not ((drawn[:, 0] > gap[0]) & (drawn[:, 0] < gap[1])).any()
    assert (drawn[:, 0] < gap[0]).any()
    assert (drawn[:, 0] > gap[1]).any()


@pytest.mark.parametrize(("interpolation", "corner"), [("step-after", (91, 200)), ("step-before", (60, 100))])
def test_steps_are_drawn_as_steps(interpolation: str, corner: tuple[int, int]) -> None:
    series = make_series(
        x=np.arange(2.0),
        y=np.arange(2.0),
        y_sigma=np.ones(2),
        x_px=np.array([60.0, 91.0]),
        y_px=np.array([200.0, 100.0]),
        sampled_at="columns",
        interpolation=interpolation,
    )
    (color,) = contrasting_colors([series.color])
    drawn = pixels_of(make_figure(series).overlay(), color)
    assert np.hypot(*(drawn - (3 * corner[0] + 1, 3 * corner[1] + 1)).T).min() < 1.5


def test_doubts_are_shown_in_orange() -> None:
    assert not len(pixels_of(make_figure(make_series()).overlay(), TROUBLE))
    notice = Notice(code="gap", message="A gap.", box=Frame(left=100, top=100, right=120, bottom=110))
    label = TextSpan(box=Box(left=200, top=255, right=210, bottom=262), text="7", confidence=0.5)
    doubts = [
        make_figure(make_series(), warnings=(notice,)),
        make_figure(make_series(), labels=(label,)),
        make_figure(
            make_series(), redrawn=Redrawn(unexplained=(Box(left=300, top=50, right=310, bottom=60),))
        ),
    ]
    for figure, place in zip(doubts, [(110, 105), (205, 258), (305, 55)], strict=True):
        orange = pixels_of(figure.overlay(), TROUBLE)
        assert np.abs(orange.mean(axis=0) - np.array(place) * 3).max() < 60


def test_a_doubt_about_the_whole_panel_leaves_its_frame_as_it_is() -> None:
    notices = (Notice(code="gap", message="A gap.", box=FRAME), Notice(code="hole", message="A hole."))
    image = make_figure(make_series(), warnings=notices).overlay()
    assert not len(pixels_of(image, TROUBLE))
    sheet = np.asarray(image).astype(int)[HEIGHT * 3 :]
    assert np.abs(sheet - np.array(TROUBLE)).max(axis=2).min() == 0


def test_ticks_that_miss_the_scale_are_orange() -> None:
    labels = tuple(
        TextSpan(box=Box(left=x, top=255, right=x, bottom=262), text=str(n), confidence=1.0)
        for n, x in ((0, 60.0), (2, 122.0), (4, 187.0), (6, 246.0))
    )
    scale = Scale(
        kind="linear",
        origin=60.0,
        slope=31.0,
        values=np.array([0.0, 2.0, 4.0, 6.0]),
        used=np.ones(4, bool),
        residual_px=1.5,
        covariance=np.eye(2),
    )
    figure = make_figure(make_series(), labels=labels, x_scale=scale)
    ticks = tuple(replace(t, pixel=187.0) if t.value == 4 else t for t in figure.panels[0].x_axis.ticks)
    panel = replace(figure.panels[0], x_axis=replace(figure.panels[0].x_axis, ticks=ticks))
    orange = pixels_of(replace(figure, panels=(panel,)).overlay(), TROUBLE)
    assert np.abs(np.median(orange[:, 0]) - (3 * 187 + 1)) < 15


def test_warnings_are_called_by_letters() -> None:
    assert [letter(k) for k in (0, 25, 26, 52)] == ["a", "z", "a2", "a3"]


@pytest.mark.parametrize("status", ["ok", "suspect", "unreadable"])
def test_the_badge_has_the_colour_of_the_status(status: str) -> None:
    document = make_figure(make_series()).to_dict()
    document["panels"][0]["status"] = status
    image = figure_from_dict(document).overlay()
    counts = {name: len(pixels_of(image, color)) for name, color in STATUS_COLORS.items()}
    assert max(counts, key=lambda name: counts[name]) == status


def test_series_get_colours_of_their_own() -> None:
    colors = contrasting_colors(["#1f77b4"] * 10)
    assert len(set(colors)) == 10
    assert len(contrasting_colors(["#1f77b4"] * 20)) == 20
    assert contrasting_colors([]) == []


@pytest.mark.parametrize("kind", ["scatter", "bar", "band", "line"])
@pytest.mark.parametrize("n_series", [0, 1, 5, 12])
def test_every_kind_can_be_drawn(kind: str, n_series: int) -> None:
    figure = make_figure(*[make_series(kind=kind, sampled_at="vertices", name=None)] * n_series)
    assert figure.overlay().size[0] == 1200


def test_a_figure_without_panels_says_so() -> None:
    figure = make_figure()
    empty = Figure(
        source=figure.source,
        warnings=(Notice(code="no-panels", message="No chart was found."),),
        extraction=figure.extraction,
    )
    image = empty.overlay()
    assert image.height > HEIGHT * 3
    assert TROUBLE in {color for _, color in image.getcolors(maxcolors=100_000) or []}


def test_a_document_is_drawn_on_white_paper() -> None:
    figure = make_figure(make_series())
    again = figure_from_dict(figure.to_dict())
    assert again.extraction is None
    assert again.overlay().size == figure.overlay().size


def test_long_texts_are_cut_off_at_the_column() -> None:
    figure = make_figure(make_series(name="long " * 500))
    assert figure.overlay().size[0] == 1200


def test_notebook_shows_picture_and_table() -> None:
    notice = Notice(code="gap", message="A <gap>.")
    shown = figure_html(make_figure(make_series(), warnings=(notice,)))
    assert "loss &lt;b&gt;" in shown
    assert "A &lt;gap&gt;. <code>gap</code>" in shown
    assert "<td>1 Loss &amp; more</td><td>suspect</td>" in shown
    encoded = re.search(r"base64,([^\"]+)", shown)
    assert encoded
    assert Image.open(io.BytesIO(base64.b64decode(encoded[1]))).format == "PNG"


def test_notebook_without_panels_or_picture() -> None:
    assert figure_html(figure_from_dict({**make_figure().to_dict(), "panels": []})) == ""
    assert "no series" in figure_html(make_figure())
