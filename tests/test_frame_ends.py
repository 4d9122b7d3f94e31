"""The sides of a plot area are carried to where its grid and its ground end, and not along tick marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.frames.measure import measure_frame

# Lines end at the outer edge of their last pixel; a side drawn there has its centre half a pixel further in.
TOLERANCE_PX = 0.6
GRID_X, GRID_Y = range(90, 371, 70), range(60, 221, 40)
INNERMOST = Box(left=90, top=60, right=370, bottom=220)


def canvas(paper: int = 255) -> ByteImage:
    return np.full((300, 440, 3), paper, dtype=np.uint8)


def draw_lines(rgb: ByteImage, reach: Box, level: int) -> None:
    """Grid lines at the usual places, each as long as ``reach`` says."""
    for x in GRID_X:
        rgb[int(reach.top) : int(reach.bottom) + 1, x] = level
    for y in GRID_Y:
        rgb[y, int(reach.left) : int(reach.right) + 1] = level


def measured(rgb: ByteImage, box: Box) -> Box:
    frame = measure_frame(Picture(rgb=rgb, name="drawn", sha256=""), box)
    assert frame is not None
    return frame.box


def assert_box(box: Box, expected: Box) -> None:
    for side in ("left", "top", "right", "bottom"):
        assert getattr(box, side) == pytest.approx(getattr(expected, side), abs=TOLERANCE_PX), side


def test_a_grid_without_sides_reaches_beyond_its_last_lines() -> None:
    rgb = canvas()
    reach = Box(left=76, top=48, right=383, bottom=229)
    draw_lines(rgb, reach, 200)
    assert_box(measured(rgb, INNERMOST), reach)


def test_lines_that_the_edge_of_the_picture_cuts_end_there() -> None:
    rgb = canvas()[:, :401]
    reach = Box(left=76, top=48, right=400, bottom=229)
    draw_lines(rgb, reach, 200)
    assert_box(measured(rgb, INNERMOST), reach)


def test_tick_marks_at_two_sides_are_no_panel() -> None:
    rgb = canvas()
    draw_lines(rgb, Box(left=82, top=60, right=370, bottom=228), 200)
    assert_box(measured(rgb, INNERMOST), INNERMOST)


def test_labels_that_touch_the_lines_are_left_out() -> None:
    rgb = canvas()
    reach = Box(left=76, top=48, right=383, bottom=229)
    draw_lines(rgb, reach, 200)
    for x in GRID_X:
        rgb[236:245, x - 3 : x + 4 : 2] = 0
    assert_box(measured(rgb, Box(left=76, top=48, right=383, bottom=243)), reach)


@pytest.mark.parametrize("legend", [False, True])
def test_the_ground_reaches_beyond_a_white_line(legend: bool) -> None:
    rgb = canvas()
    reach = Box(left=76, top=48, right=383, bottom=229)
    rgb[48:230, 76:384] = 229
    draw_lines(rgb, reach, 255)
    if legend:
        rgb[52:100, 80:200] = 255
    assert_box(measured(rgb, INNERMOST), reach)


def test_a_card_around_a_chart_is_no_ground() -> None:
    rgb = canvas(paper=235)
    rgb[30:260, 40:410] = 255
    draw_lines(rgb, INNERMOST, 200)
    rgb[60:221, 90] = rgb[220, 90:371] = 60
    for y in GRID_Y:
        rgb[y - 4 : y + 5, 66:84:3] = 0
    assert_box(measured(rgb, INNERMOST), INNERMOST)


def test_a_grid_line_right_beside_the_end_of_the_grid_is_kept() -> None:
    rgb = canvas()
    draw_lines(rgb, Box(left=76, top=58, right=383, bottom=229), 200)
    frame = measure_frame(Picture(rgb=rgb, name="drawn", sha256=""), INNERMOST)
    assert frame is not None
    assert frame.grid_y == pytest.approx(list(GRID_Y), abs=0.1)


def test_where_the_ground_begins_within_a_pixel_of_the_paper_is_no_grid_line() -> None:
    rgb = canvas()
    reach = Box(left=76, top=48, right=383, bottom=229)
    rgb[48:230, 76:384] = 229
    draw_lines(rgb, reach, 255)
    rgb[48, 76:384] = rgb[229, 76:384] = 234
    frame = measure_frame(Picture(rgb=rgb, name="drawn", sha256=""), reach)
    assert frame is not None
    assert frame.grid_y == pytest.approx(list(GRID_Y), abs=0.1)


def test_pale_rims_of_labels_below_a_drawn_side_lengthen_no_grid_line() -> None:
    rgb = canvas()
    reach = Box(left=76, top=48, right=383, bottom=229)
    draw_lines(rgb, reach, 210)
    rgb[228:230, 76:384] = 210
    for x in GRID_X:
        # The tops of digits: pale rims first.
        rgb[231, x - 2 : x + 3] = 212
        rgb[232:243, x - 3 : x + 4 : 2] = 90
    assert_box(measured(rgb, replace(reach, bottom=228.5)), replace(reach, bottom=228.5))


def test_a_side_at_the_edge_of_the_picture_has_nothing_beyond() -> None:
    rgb = canvas()
    draw_lines(rgb, Box(left=76, top=48, right=370, bottom=229), 200)
    assert measured(rgb[:, :351], replace(INNERMOST, right=351)).right == pytest.approx(351, abs=1.0)
