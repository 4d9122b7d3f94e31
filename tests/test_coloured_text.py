"""Coloured texts in JPEGs, whose chroma is coarser than their strokes."""

from __future__ import annotations

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.evidence import Picture
from digitizer.stages.text.ink import find_ink

FONT = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
LABELS = ("120000", "2.5", "-0.75")
# The points and the sign are components of their own.
N_GLYPHS = 6 + 3 + 5


def write_labels(color: str, *, quality: int | None) -> Picture:
    """Tick labels in a column, set wide so that no two glyphs touch."""
    picture = Image.new("RGB", (141, 97), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 13)
    for row, label in enumerate(LABELS):
        x = 9.0
        for character in label:
            pen.text((round(x), 7 + 30 * row), character, fill=color, font=font)
            x += font.getlength(character) + 2
    if quality is not None:
        out = io.BytesIO()
        picture.save(out, format="jpeg", quality=quality, subsampling="4:2:0")
        picture = Image.open(out).convert("RGB")
    return Picture(name="drawn", sha256="", rgb=np.array(picture))


@pytest.mark.parametrize("quality", [None, 92, 80, 70])
@pytest.mark.parametrize("color", ["#4477aa", "#0072b2", "#1b9e77", "#d55e00"])
def test_coloured_glyphs_are_whole_and_of_one_kind(color: str, quality: int | None) -> None:
    glyphs = find_ink(write_labels(color, quality=quality), ()).glyphs
    assert (len(glyphs), glyphs.coloured.all()) == (N_GLYPHS, True)


@pytest.mark.parametrize("quality", [None, 92, 70])
def test_black_glyphs_beside_coloured_ones_stay_black(quality: int | None) -> None:
    picture = write_labels("black", quality=None)
    rgb = np.array(picture.rgb)
    rgb[:, :6] = (213, 94, 0)  # a coloured stroke four pixels away from the first glyphs
    out = io.BytesIO()
    if quality is not None:
        Image.fromarray(rgb).save(out, format="jpeg", quality=quality, subsampling="4:2:0")
        rgb = np.array(Image.open(out).convert("RGB"))
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    assert int(np.count_nonzero(~glyphs.coloured)) == N_GLYPHS


def test_black_glyphs_below_a_bar_stay_black() -> None:
    rgb = np.array(write_labels("#666666", quality=None).rgb)
    row = int(np.argmax((rgb < 255).any(axis=(1, 2))))
    rgb = np.pad(rgb[row:], ((22, 0), (0, 0), (0, 0)), constant_values=255)
    # The bar ends in the blocks of chroma that the tops of the glyphs lie in.
    rgb[2:17] = (31, 119, 180)
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, format="jpeg", quality=80, subsampling="4:2:0")
    rgb = np.array(Image.open(out).convert("RGB"))
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    assert int(np.count_nonzero(~glyphs.coloured)) == N_GLYPHS


@pytest.mark.parametrize("color", ["#7c868e", "#77838b", "#0072b2"])
def test_a_faint_minus_is_of_the_kind_of_its_digits(color: str) -> None:
    rgb = np.array(write_labels(color, quality=None).rgb)
    # The last label's sign: one row of three pixels, paler and bluer by a little, as browsers hint it.
    sign = slice(67, 80), slice(8, 15)
    rgb[sign] = 255
    rgb[74, 11:14] = (133, 142, 150) if color != "#0072b2" else (60, 145, 195)
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    assert (glyphs.top == 74).sum() == 1
    assert len(set(glyphs.coloured.tolist())) == 1


@pytest.mark.parametrize("upward", [False, True])
@pytest.mark.parametrize("quality", [90, 80, 70])
def test_letters_in_a_bluish_grey_are_of_one_kind(quality: int, upward: bool) -> None:
    picture = Image.new("RGB", (141, 97), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 13)
    for row, label in enumerate(LABELS):
        pen.text((9, 7 + 30 * row), label, fill="#6c778c", font=font)
    rgb, out = np.array(picture), io.BytesIO()
    Image.fromarray(np.rot90(rgb) if upward else rgb).save(out, "jpeg", quality=quality, subsampling="4:2:0")
    glyphs = find_ink(
        Picture(name="drawn", sha256="", rgb=np.array(Image.open(out).convert("RGB"))), ()
    ).glyphs
    tall = np.maximum(glyphs.height, glyphs.width) >= 8
    rows = (glyphs.left if upward else glyphs.top)[tall] // 30
    for row in range(3):
        assert len(set(glyphs.coloured[tall][rows == row].tolist())) == 1
