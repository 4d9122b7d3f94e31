"""Ground, grid and noise: what is told from a panel's ink before colours are."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.evidence import Box, LegendEntry, Mask, PanelFrame, Picture, TextSpan
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.series.inks.palette import separate_colors

SIZE = (400, 300)
FRAME = Box(left=10.0, top=10.0, right=389.0, bottom=289.0)
GRID_Y = (60, 130, 200)
RED = (220, 20, 60)


def draw_panel(*, quality: int | None, dotted: bool = True) -> tuple[Picture, PanelFrame]:
    """A red zigzag over a grid of grey dots, through JPEG of some quality or exact."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    if dotted:
        for y in GRID_Y:
            for x in range(10, 390, 4):
                pen.rectangle((x, y, x + 1, y + 1), fill=(120, 120, 120))
    pen.line([(20 + 30 * k, 80 + 150 * (k % 2)) for k in range(13)], fill=RED, width=4)
    if quality is not None:
        out = io.BytesIO()
        picture.save(out, format="jpeg", quality=quality)
        picture = Image.open(out).convert("RGB")
    grid = np.array(GRID_Y if dotted else [], dtype=np.float64) + 0.5
    frame = PanelFrame(
        box=FRAME,
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=grid,
        line_width=1.0,
    )
    return Picture(name="drawn", sha256="", rgb=np.array(picture)), frame


def look(quality: int | None) -> Ink:
    ink = see_ink(*draw_panel(quality=quality), ())
    assert ink is not None
    return ink


@pytest.mark.parametrize("quality", [40, 60, 75, 90])
def test_jpeg_is_noisy_however_much_of_the_panel_is_exact(quality: int) -> None:
    assert 1.0 < look(quality).noise < 10.0


def test_a_clean_picture_has_no_noise() -> None:
    assert look(None).noise == 0.0


def test_a_hairline_is_whole_whose_commonest_tone_is_a_pale_one() -> None:
    """A navy line of one pixel: full stretches of many tones, and between them one that it often is."""
    columns = np.arange(20, 380)
    share = np.where(columns % 40 < 24, (7 * columns % 11) * 0.01 + 0.005, 0.28)
    rows = 150 + columns // 20
    cover = np.zeros((300, 400, 1))
    cover[rows, columns, 0] = 1 - share
    cover[rows + 1, columns, 0] = share
    rgb = np.round(255 - cover * np.array([255, 255, 127])).astype(np.uint8)
    frame = replace(draw_panel(quality=None)[1], grid_y=np.array([]))
    ink = see_ink(Picture(name="drawn", sha256="", rgb=rgb), frame, ())
    assert ink is not None
    strokes = separate_colors(ink, ())
    assert len(strokes) == 1
    assert (strokes[0].alpha[:, columns - ink.left].max(axis=0) > 0.6).all()
    assert strokes[0].color.max() < 170


@pytest.mark.parametrize("quality", [None, 60, 75])
def test_a_grid_of_dots_is_ground(quality: int | None) -> None:
    ink = look(quality)
    red = far_from_red(ink)
    left = (ink.strength > 60) & red
    bare = see_ink(draw_panel(quality=quality)[0], draw_panel(quality=quality, dotted=False)[1], ())
    assert bare is not None
    assert left.sum() < 0.15 * ((bare.strength > 60) & red).sum()


def far_from_red(ink: Ink) -> Mask:
    """Pixels further than eight from the zigzag."""
    plain, frame = draw_panel(quality=None, dotted=False)
    alone = see_ink(plain, frame, ())
    assert alone is not None
    rows, columns = np.nonzero(alone.strength > 10)
    far = np.ones(ink.strength.shape, dtype=bool)
    for dy in range(-8, 9, 2):
        for dx in range(-8, 9, 2):
            far[np.clip(rows + dy, 0, ink.height - 1), np.clip(columns + dx, 0, ink.width - 1)] = False
    return far


def test_a_colour_is_found_beside_one_nearly_alike() -> None:
    """Two reds two bins apart: the middle of the histogram's fullest cube holds neither."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    pen.line([(20, 100), (370, 220)], fill=(196, 78, 82), width=5)
    for k in range(60, 330, 30):
        pen.line(
            [(k, 100 + (k - 20) * 120 // 350), (k + 3, 100 + (k - 17) * 120 // 350)],
            fill=(202, 97, 100),
            width=5,
        )
    frame = PanelFrame(
        box=FRAME,
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([]),
        line_width=1.0,
    )
    ink = see_ink(Picture(name="drawn", sha256="", rgb=np.array(picture)), frame, ())
    assert ink is not None
    strokes = separate_colors(ink, ())
    assert len(strokes) == 1
    assert np.abs(strokes[0].color - [196, 78, 82]).max() < 8


def test_grid_lines_along_the_sides_are_no_ground() -> None:
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    for y in (*range(10, 14), *range(287, 291)):
        pen.line([(10, y), (389, y)], fill=(189, 189, 189))
    pen.line([(20, 250), (380, 60)], fill=RED, width=3)
    frame = PanelFrame(
        box=FRAME,
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([11.5, 288.5]),
        line_width=1.0,
    )
    ink = see_ink(Picture(name="drawn", sha256="", rgb=np.array(picture)), frame, ())
    assert ink is not None
    assert np.median(ink.ground.reshape(-1, 3), axis=0).tolist() == [255, 255, 255]
    assert float(np.mean(ink.strength > 50)) < 0.05


def test_a_level_stretch_beside_the_top_of_a_legend_is_no_grid_line() -> None:
    picture, frame = draw_panel(quality=None, dotted=False)
    rgb = np.full_like(picture.rgb, 255)
    rgb[199:202, 10:60] = RED
    rgb[200, 180:381] = 200
    legend = Box(left=180.0, top=200.0, right=380.0, bottom=280.0)
    known = replace(frame, grid_y=np.array([60.0, 130.0, 200.0]))
    ink = see_ink(replace(picture, rgb=rgb), known, (legend,))
    assert ink is not None
    assert (ink.strength[199 - ink.top : 202 - ink.top, : 60 - ink.left] > 100).all()


def test_dots_of_uneven_strength_are_ground() -> None:
    picture, frame = draw_panel(quality=None, dotted=False)
    rgb = picture.rgb.copy()
    # Dots of a pixel every 2.65: most fall on two pixels, some on one.
    left = np.arange(380)[:, None] - 2.65 * np.arange(144)
    cover = np.clip(1.0 - np.abs(left), 0.0, 1.0).sum(axis=1)
    rows = (60, 250)  # Beside the zigzag.
    for y in rows:
        line = np.round(255 - 127 * cover)[:, None]
        rgb[y, 10:390] = np.where((rgb[y, 10:390] == 255).all(axis=1)[:, None], line, rgb[y, 10:390])
    dotted = replace(frame, grid_y=np.array(rows, dtype=np.float64))
    ink = see_ink(replace(picture, rgb=rgb), dotted, ())
    assert ink is not None
    assert (ink.strength > 30)[far_from_red(ink)].sum() == 0


def test_a_thin_line_reaches_to_its_end_between_two_rows() -> None:
    """Its last stretch covers two rows by seven tenths each."""
    picture, frame = draw_panel(quality=None, dotted=False)
    rgb = np.full_like(picture.rgb, 255)
    rgb[150, 40:300] = RED
    rgb[150:152, 300:312] = np.round(255 + 0.7 * (np.array(RED) - 255))
    ink = see_ink(replace(picture, rgb=rgb), frame, ())
    assert ink is not None
    (stroke,) = separate_colors(ink, ())
    columns = np.flatnonzero((stroke.alpha > 0).any(axis=0)) + ink.left
    assert (columns.min(), columns.max()) == (40, 311)


def test_where_pale_lines_cross_is_no_listed_colour() -> None:
    """Lines of an opacity of 0.85 whose samples have none: one over the other is as strong as a sample."""
    green, blue = np.array([0, 227, 150.0]), np.array([0, 143, 251.0])
    rgb = np.full((*SIZE[::-1], 3), 255.0)
    for color, ends in ((blue, [(15, 60), (385, 240)]), (green, [(15, 120), (385, 170)])):
        drawn = Image.new("L", (SIZE[0] * 4, SIZE[1] * 4), 0)
        ImageDraw.Draw(drawn).line([(4 * x, 4 * y) for x, y in ends], fill=255, width=12)
        cover = 0.85 * np.asarray(drawn.resize(SIZE, Image.Resampling.BOX), dtype=np.float64)[..., None] / 255
        rgb = (1 - cover) * rgb + cover * color
    frame = PanelFrame(
        box=FRAME,
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([]),
        line_width=1.0,
    )
    ink = see_ink(Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8)), frame, ())
    assert ink is not None
    at = Box(left=0, top=0, right=9, bottom=9)
    legend = tuple(
        LegendEntry(
            text=TextSpan(box=at, text=name, confidence=1.0),
            swatch=at,
            color=(int(color[0]), int(color[1]), int(color[2])),
        )
        for name, color in (("b", blue), ("g", green))
    )
    strokes = separate_colors(ink, legend)
    assert len(strokes) == 2
    for color in (blue, green):
        pale = 0.85 * color + 0.15 * 255
        assert min(np.abs(s.color - pale).max() for s in strokes) < 3


def test_shades_of_a_hairline_are_one_colour() -> None:
    rgb = np.full((300, 400, 3), 255, np.uint8)
    columns = np.arange(20, 380)
    # A line of one pixel shows its full colour where it falls on one row, and is paler elsewhere.
    for shade, part in ((15, columns[:250]), (2, columns[250:])):
        rgb[150 + (part // 5) % 40, part] = (shade, shade, 255)
    frame = draw_panel(quality=None)[1]
    frame = replace(frame, grid_y=np.array([]))
    ink = see_ink(Picture(name="drawn", sha256="", rgb=rgb), frame, ())
    assert ink is not None
    assert len(separate_colors(ink, ())) == 1


def draw_level_discs(*, grid: bool) -> tuple[Picture, PanelFrame]:
    """Black discs in a row, joined in part by a level line, with a grey grid line through them or none."""
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    if grid:
        for y in GRID_Y:
            pen.line((10, y, 389, y), fill=(176, 176, 176))
    pen.line((67, 129, 173, 129), fill="black", width=2)
    for x in range(14, 390, 53):
        pen.ellipse((x - 4, 124, x + 4, 132), fill="black")
    rows = np.array(GRID_Y if grid else GRID_Y[1:2], dtype=np.float64)
    frame = PanelFrame(
        box=FRAME,
        sides=frozenset(),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=rows,
        line_width=1.0,
    )
    return Picture(name="drawn", sha256="", rgb=np.array(picture)), frame


@pytest.mark.parametrize("grid", [True, False])
def test_discs_on_a_level_line_beside_a_grid_line_are_no_grid(grid: bool) -> None:
    ink = see_ink(*draw_level_discs(grid=grid), ())
    assert ink is not None
    column = ink.strength[:, 67 - ink.left]
    assert (column[125 - ink.top : 132 - ink.top] > 100).all()
