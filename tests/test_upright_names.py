"""Upright names close to each other are lines of their own."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.evidence import Picture
from digitizer.stages.text.candidates import choose_lines, may_be_glyph
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.slanted import turn_slanted

FONT = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
NAMES = (
    "Toyota Corolla",
    "Fiat 128",
    "Honda Civic",
    "Lotus Europa",
    "Porsche 914",
    "Merc 240D",
    "Datsun 710",
    "Hornet Drive",
    "Volvo 142E",
    "Mazda Wag",
    "Ferrari Dino",
    "Pontiac Firebird",
    "Valiant",
    "Dodge Challenger",
    "Camaro",
    "Maserati Bora",
    "Duster 360",
    "Javelin",
)


def hang_names(pitch: int, size: int) -> Picture:
    """Names that read upwards and end at one height, so close that descenders nearly reach the next."""
    picture = Image.new("L", (pitch * len(NAMES) + 40, 140), 255)
    font = ImageFont.truetype(FONT, size)
    for k, name in enumerate(NAMES):
        label = Image.new("L", (130, 20), 255)
        ImageDraw.Draw(label).text((129 - font.getlength(name), 2), name, fill=0, font=font)
        upright = label.rotate(90, expand=True)
        place = (20 + pitch * k, 5)
        corner = picture.crop((*place, place[0] + 20, place[1] + 130))
        picture.paste(Image.fromarray(np.minimum(np.array(corner), np.array(upright))), place)
    return Picture(name="drawn", sha256="", rgb=np.repeat(np.array(picture)[..., None], 3, axis=2))


@pytest.mark.parametrize(("pitch", "size"), [(12, 9), (13, 10), (15, 11), (18, 14), (18, 15)])
def test_each_name_is_a_line_that_reads_upwards(pitch: int, size: int) -> None:
    sheet = find_ink(hang_names(pitch, size), ())
    candidates = may_be_glyph(sheet.glyphs)
    turned, slanted = turn_slanted(sheet, candidates)
    assert turned is None
    lines = choose_lines(sheet, candidates & ~slanted)
    assert not any(line.upright for line in lines)
    assert len(lines) == len(NAMES)
    lefts = sorted(int(sheet.glyphs.left[line.members].min()) for line in lines)
    assert np.diff(lefts).max() <= pitch + 4


@pytest.mark.parametrize("size", [11, 13])
def test_short_slanted_names_stay_slanted(size: int) -> None:
    """Their letters stand in columns of their own, too, but none is an upright line."""
    picture = Image.new("L", (360, 60), 255)
    font = ImageFont.truetype(FONT, size)
    for k, month in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")):
        label = Image.new("L", (40, 20), 255)
        ImageDraw.Draw(label).text((4, 2), month, fill=0, font=font)
        turned = label.rotate(30, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        picture.paste(turned, (10 + 42 * k, 8))
    rgb = np.repeat(np.array(picture)[..., None], 3, axis=2)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    found, slanted = turn_slanted(sheet, may_be_glyph(sheet.glyphs))
    assert found is not None
    assert slanted.mean() > 0.9
