"""Ticks are erased from the ink of texts, and the feet of digits beside a panel are not."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Side
from digitizer.stages.text.ink import find_ink

FRAME = Box(left=30.5, top=20.5, right=150.5, bottom=110.5)
# A 2 of 6 by 9 pixels; its foot is level and one pixel thick, like a tick.
TWO = ["011110", "110011", "000011", "000011", "000110", "001100", "011000", "110000", "111111"]


def picture_of(rgb: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], sides: frozenset[Side]) -> list[int]:
    """The ink pixels of the glyphs right of the frame."""
    frame = PanelFrame(
        box=FRAME,
        sides=sides,
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([]),
        line_width=1.0,
    )
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), (frame,))
    beyond = sheet.glyphs.left > FRAME.right
    return sorted(int(a) for a in sheet.glyphs.area[beyond])


@pytest.mark.parametrize("drawn", [False, True])
def test_labels_right_beside_a_panel_keep_their_feet(drawn: bool) -> None:
    rgb = np.full((131, 191, 3), 255, dtype=np.uint8)
    digit = np.array([[c == "1" for c in row] for row in TWO])
    if drawn:
        rgb[20:111, 150] = rgb[20:111, 151] = 0
    start = 155 if drawn else 153
    for top in (30, 60, 90):
        rgb[top : top + 9, start : start + 6][digit] = 0
    sides: frozenset[Side] = frozenset({"right"}) if drawn else frozenset()
    assert picture_of(rgb, sides) == [int(digit.sum())] * 3


def test_ticks_that_begin_at_the_panel_are_erased() -> None:
    rgb = np.full((131, 191, 3), 255, dtype=np.uint8)
    for y in (34, 64, 94):
        rgb[y, 151:156] = 0
    assert picture_of(rgb, frozenset()) == []


def test_a_letter_right_below_a_tick_keeps_its_upright() -> None:
    rgb = np.full((131, 191, 3), 255, dtype=np.uint8)
    # A frame of one pixel with ticks of three, one of which ends on the upright of an r of 3 by 8 pixels.
    rgb[20:111, 30] = rgb[20:111, 150] = rgb[20, 30:151] = rgb[110, 30:151] = 0
    for x in (50, 80, 110, 140):
        rgb[110:114, x] = 0
    rgb[114:122, 80] = rgb[120:122, 81:84] = 0
    frame = PanelFrame(
        box=Box(left=30.0, top=20.0, right=150.0, bottom=110.0),
        sides=frozenset({"left", "top", "right", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=np.array([]),
        line_width=1.0,
    )
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), (frame,))
    assert [int(area) for area in sheet.glyphs.area] == [8 + 2 * 3]


@pytest.mark.parametrize(("length", "left"), [(20, 0), (32, 3)])
def test_long_ticks_of_one_length_are_erased_where_they_stand_alone(length: int, left: int) -> None:
    """Ticks of eight pixels in a picture enlarged twice are longer than most; bars outside are none."""
    rgb = np.full((131, 191, 3), 255, dtype=np.uint8)
    rgb[20:111, 150] = rgb[20:111, 151] = 0
    for y in (34, 64, 94):
        rgb[y : y + 2, 152 : 152 + length] = 0
    assert len(picture_of(rgb, frozenset({"right"}))) == left
