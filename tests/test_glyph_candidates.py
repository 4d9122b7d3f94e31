"""What of a picture's ink may be glyphs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from evidences import FRAME

from digitizer.evidence import Picture
from digitizer.stages.text.candidates import choose_lines, may_be_glyph, split_at_samples
from digitizer.stages.text.ink import Glyphs, IntArray, find_ink
from digitizer.stages.text.lines import MOST_GLYPHS, Line, few_enough


def test_an_axis_line_with_its_ticks_is_no_glyph() -> None:
    rgb = np.full((360, 200, 3), 210, np.uint8)
    cv2.putText(rgb, "1.5 2.0", (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    # A line beside its panel, whose ticks make it four pixels wide.
    rgb[60:300, 120] = 80
    rgb[60:300:40, 117:121] = 80
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ()).glyphs
    assert may_be_glyph(glyphs).tolist() == (glyphs.height < 100).tolist()
    assert (glyphs.height > 200).sum() == 1


def test_a_long_strip_is_no_glyph() -> None:
    # The border of a card in its shadow, five pixels wide: it took whatever stood beside it for its line.
    rgb = np.full((420, 300, 3), 255, np.uint8)
    for row in (60, 390):
        cv2.putText(rgb, "1.5 2.0", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    rgb[20:400, 250:255] = 150
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    glyphs = sheet.glyphs
    assert may_be_glyph(glyphs).tolist() == (glyphs.height < 100).tolist()
    assert (glyphs.height > 300).sum() == 1


def test_what_is_seen_of_a_legend_border_inside_a_panel_is_no_glyph() -> None:
    rgb = np.full((260, 480, 3), 255, np.uint8)
    cv2.putText(rgb, "10 20 30", (150, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    for row, name in enumerate(("train", "val", "test")):
        cv2.putText(rgb, name, (100, 60 + 20 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    # Right side and lower corner: a bar covers the rest of it.
    rgb[45:106, 150] = 0
    rgb[105, 138:151] = 0
    glyphs = find_ink(Picture(name="drawn", sha256="", rgb=rgb), (FRAME,)).glyphs
    inside = glyphs.panel == 0
    assert may_be_glyph(glyphs)[inside].tolist() == (glyphs.height[inside] < 50).tolist()
    assert (glyphs.height[inside] > 50).sum() == 1


def test_a_low_box_in_the_colour_of_its_name_is_no_letter() -> None:
    # Recharts: 14 by 10 px, 4 px before digits of 12 px.
    rgb = np.full((80, 300, 3), 255, np.uint8)
    rgb[32:42, 40:54] = (136, 132, 216)
    cv2.putText(rgb, "2021", (56, 41), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (136, 132, 216), 1)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    (line,) = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert len(line.members) == 4
    assert sheet.glyphs.left[line.members].min() > 54


def test_a_square_whose_name_stands_higher_is_no_base_of_it() -> None:
    # dimple: 16 by 10 px, 4 px before digits of 8 px that begin a pixel above it.
    rgb = np.full((80, 300, 3), 255, np.uint8)
    rgb[31:41, 40:56] = (153, 160, 172)
    cv2.putText(rgb, "2022", (60, 37), cv2.FONT_HERSHEY_SIMPLEX, 0.33, (0, 0, 0), 1)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert [line for line in lines if sheet.glyphs.left[line.members].min() > 56]
    assert not any(sheet.glyphs.left[line.members].min() < 56 and len(line.members) > 1 for line in lines)


@pytest.mark.parametrize(("marked", "n_left"), [(True, 4), (False, 5)])
def test_a_black_stroke_with_a_marker_close_before_its_name_is_no_dash(marked: bool, n_left: int) -> None:
    # ROOT: 42 px long, 8 px before letters of 27 px.
    rgb = np.full((80, 300, 3), 255, np.uint8)
    rgb[40:42, 40:82] = 0
    if marked:
        cv2.circle(rgb, (61, 41), 3, (0, 0, 0), -1)
    cv2.putText(rgb, "2021", (89, 53), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 2)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    (line,) = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert len(line.members) == n_left


def test_grey_squares_beside_each_other_part_no_empty_name() -> None:
    size = np.array([8, 12, 12, 8])
    left = np.array([0, 20, 40, 60])
    glyphs = Glyphs(
        left=left,
        top=np.zeros(4, dtype=int),
        right=left + size - 1,
        bottom=size - 1,
        area=np.where(size == 12, 144, 30),
        label=np.arange(1, 5),
        panel=np.full(4, -1),
        tint=np.zeros((4, 3)),
        coloured=np.zeros(4, dtype=bool),
    )
    parted = split_at_samples(Line(members=np.arange(4), upright=True), glyphs)
    assert [part.members.tolist() for part in parted] == [[0], [3]]


@pytest.mark.parametrize(("aside", "width"), [(0, 2), (1, 2), (0, 3)])
def test_a_hollow_marker_on_a_stroke_is_no_text(aside: int, width: int) -> None:
    # Read as 101, it was a word, and the legend's entry beside it had no sample.
    rgb = np.full((80, 300, 3), 255, np.uint8)
    rgb[39 : 39 + width, 40:75] = (31, 119, 180)
    cv2.circle(rgb, (57 + aside, 40), 5, (31, 119, 180), 3)
    cv2.circle(rgb, (57 + aside, 40), 4, (255, 255, 255), -1)
    cv2.putText(rgb, "run", (92, 45), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1)
    sheet = find_ink(Picture(name="drawn", sha256="", rgb=rgb), ())
    (line,) = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert sheet.glyphs.left[line.members].min() > 80


def test_dots_of_a_grid_leave_letters_inside_the_panel() -> None:
    """Thousands of dots are more than a picture's letters: they alone go, not all that is inside a frame."""
    n_dots, n_letters = MOST_GLYPHS, 5
    size = np.r_[np.full(n_dots, 1), np.full(n_letters, 9)]
    left = np.arange(size.size) * 12
    glyphs = _glyphs(left, size, panel=np.zeros(size.size, dtype=np.intp))
    assert few_enough(np.arange(size.size), glyphs).tolist() == list(range(n_dots, n_dots + n_letters))


def test_of_too_many_pieces_of_curves_none_inside_is_text() -> None:
    size = np.full(MOST_GLYPHS + 5, 9)
    panel = np.r_[np.zeros(MOST_GLYPHS, dtype=np.intp), np.full(5, -1)]
    assert few_enough(np.arange(size.size), _glyphs(np.arange(size.size) * 12, size, panel)).size == 5


def _glyphs(left: IntArray, size: IntArray, panel: IntArray) -> Glyphs:
    """Square glyphs in a row."""
    n, top = size.size, np.zeros(size.size, dtype=np.int64)
    return Glyphs(
        label=np.arange(n), left=left, top=top, right=left + size - 1, bottom=top + size - 1, area=size**2,
        tint=np.zeros((n, 3)), coloured=np.zeros(n, dtype=bool), panel=panel,
    )  # fmt: skip
