"""Sides that coloured lines run across are carried over them."""

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, PanelFrame
from digitizer.stages.frames.crossed import over_strokes

BOX = Box(left=40, top=30, right=340, bottom=200)
BLUE = (31, 119, 180)


def panel(*, points: list[tuple[int, int]], color: tuple[int, int, int] = BLUE, width: int = 2) -> ByteImage:
    rgb = np.full((260, 400, 3), 255, dtype=np.uint8)
    for y in (30, 72, 115, 157, 200):
        rgb[y, 40:341] = 225
    cv2.polylines(rgb, [np.array(points, dtype=np.int32)], False, color, width, cv2.LINE_AA)
    return rgb


def frame() -> PanelFrame:
    return PanelFrame(
        box=BOX, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_across_a_side_carries_it(turned: bool) -> None:
    rgb = panel(points=[(60, 100), (150, 228), (200, 140), (320, 60)])
    bounds = frame()
    if turned:
        rgb = np.ascontiguousarray(rgb.transpose(1, 0, 2))
        bounds = PanelFrame(
            box=Box(left=30, top=40, right=200, bottom=340),
            sides=frozenset(),
            background=(255, 255, 255),
            grid_x=np.zeros(0),
            grid_y=np.zeros(0),
        )
    ends = over_strokes(rgb, bounds)
    assert (ends.right if turned else ends.bottom) == pytest.approx(229, abs=2)
    assert (ends.left, ends.top) == (bounds.box.left, bounds.box.top)


def test_a_flat_line_just_beyond_a_side_carries_it() -> None:
    ends = over_strokes(panel(points=[(60, 100), (100, 190), (140, 206), (320, 208)]), frame())
    assert ends.bottom == pytest.approx(209, abs=1.5)


def test_markers_on_a_side_and_grey_lines_leave_it() -> None:
    rgb = panel(points=[(60, 100), (150, 190)])
    cv2.circle(rgb, (200, 200), 7, BLUE, -1, cv2.LINE_AA)
    assert over_strokes(rgb, frame()) == BOX
    assert over_strokes(panel(points=[(60, 100), (150, 228)], color=(90, 90, 90)), frame()) == BOX
