"""Text set for flat screens is black: its coloured rims are no ink of their own."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.text.ink import find_ink

FONT = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
LABELS = ("35000", "1200.5", "East", "Midwest", "-0.75")


def write(size: int, *, flat: bool, color: tuple[int, int, int] = (0, 0, 0), page: int = 255) -> Picture:
    """Labels below each other; ``flat`` gives each channel the coverage of its own third of a pixel."""
    wide = Image.new("L", (3 * 150, 190), 0)
    for row, label in enumerate(LABELS):
        mask = Image.new("L", (150, 24), 0)
        font = ImageFont.truetype(FONT, 3 * size)
        large = Image.new("L", (450, 72), 0)
        ImageDraw.Draw(large).text((21, 9), label, fill=255, font=font)
        # Thirds of columns, whole rows.
        mask = large.resize((450, 24), Image.Resampling.BOX)
        wide.paste(mask, (0, 8 + 36 * row))
    thirds = np.asarray(wide, dtype=float) / 255
    padded = np.pad(thirds, ((0, 0), (2, 2)))
    soft = sum(padded[:, k : k + thirds.shape[1]] for k in range(5)) / 5
    cover = soft.reshape(190, 150, 3)
    if not flat:
        cover = np.repeat(cover.mean(axis=2, keepdims=True), 3, axis=2)
    rgb = page + (np.array(color) - page) * cover
    return Picture(name="drawn", sha256="", rgb=rgb.round().astype(np.uint8))


@pytest.mark.parametrize("page", [255, 240])
@pytest.mark.parametrize("size", [9, 11, 14])
def test_flat_text_is_black_but_for_specks(size: int, page: int) -> None:
    glyphs = find_ink(write(size, flat=True, page=page), ()).glyphs
    # A speck where two strokes touch may be left.
    assert glyphs.area[glyphs.coloured].sum() <= 0.02 * glyphs.area.sum()


def test_narrow_coloured_text_stays_coloured() -> None:
    assert find_ink(write(11, flat=False, color=(200, 60, 0)), ()).glyphs.coloured.all()


def test_grey_blue_text_on_cream_stays_coloured() -> None:
    picture = write(14, flat=False, color=(60, 110, 150))
    rgb = np.minimum(picture.rgb, np.array([253, 246, 227], dtype=np.uint8))
    assert find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs.coloured.all()


def test_bars_beside_each_other_keep_their_colours() -> None:
    """Blue and orange cancel as well, but each goes on."""
    picture = write(11, flat=True)
    rgb = np.array(picture.rgb)
    rgb[20:50, 100:112], rgb[20:50, 112:124] = (31, 119, 180), (255, 127, 14)
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    inside = (glyphs.left >= 100) & (glyphs.right < 124)
    assert inside.any()
    assert glyphs.coloured[inside].all()


def test_rims_inside_a_frame_are_told_by_texts_outside_it() -> None:
    box = Box(left=60, top=4, right=146, bottom=186)
    panel = PanelFrame(
        box=box, sides=frozenset(), background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0)
    )
    rgb = np.array(write(11, flat=True).rgb)
    rgb[:, 70:140] = rgb[:, :70]
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), (panel,)).glyphs
    inside = glyphs.panel == 0
    assert inside.any()
    assert glyphs.area[inside & glyphs.coloured].sum() <= 0.02 * glyphs.area[inside].sum()
