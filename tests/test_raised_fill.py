"""The ground of panels that an area covers most of."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.frames.measure import measure_frame

WIDTH, HEIGHT = 440, 300
FRAME = Box(left=20, top=10, right=410, bottom=280)
WHITE = (255, 255, 255)


def filled(rise: float, color: tuple[int, int, int], ground: tuple[int, int, int]) -> ByteImage:
    """A panel whose lower four fifths are filled, up to a line that falls by ``rise`` px."""
    rgb = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
    edge = [(20, 50), (160, round(50 + rise)), (410, round(50 + rise / 3))]
    cv2.fillPoly(rgb, [np.array([*edge, (410, 280), (20, 280)])], color)
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    return rgb


@pytest.mark.parametrize(
    ("color", "ground"), [((209, 236, 228), WHITE), ((165, 184, 201), WHITE), ((60, 70, 90), (20, 20, 20))]
)
def test_the_ground_is_what_lies_above_a_fill(
    color: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    frame = measure_frame(Picture(name="", sha256="", rgb=filled(90, color, ground)), FRAME)
    assert frame is not None
    assert frame.background == ground
    assert frame.ground_sure


def test_compression_parts_the_colours_of_fill_and_ground_without_harm() -> None:
    rgb = filled(90, (179, 178, 254), WHITE)
    # As JPEG does, half of the pixels of each are a level or two off, across the border of two cells; the
    # page has another colour than the panel (Matplotlib's classic style).
    inside = np.s_[11:280, 21:410:2]
    fill = (rgb[inside] == (179, 178, 254)).all(axis=2)
    rgb[inside] = np.where(fill[..., None], (180, 178, 255), (251, 251, 251))
    page = np.full_like(rgb, 191)
    page[10:281, 20:411] = rgb[10:281, 20:411]
    frame = measure_frame(Picture(name="", sha256="", rgb=page), FRAME)
    assert frame is not None
    assert min(frame.background) > 248


def test_a_fill_may_leave_little_of_the_paper_bare() -> None:
    rgb = filled(0, (209, 200, 228), WHITE)
    edge = [(20, 42), (120, 22), (410, 11)]
    cv2.fillPoly(rgb, [np.array([*edge, (410, 280), (20, 280)])], (209, 200, 228))
    cv2.rectangle(rgb, (20, 10), (410, 280), (0, 0, 0), 1)
    frame = measure_frame(Picture(name="", sha256="", rgb=rgb), FRAME)
    assert frame is not None
    assert frame.background == WHITE


def test_a_shaded_panel_below_a_level_strip_keeps_its_ground() -> None:
    frame = measure_frame(Picture(name="", sha256="", rgb=filled(0, (235, 235, 235), WHITE)), FRAME)
    assert frame is not None
    assert frame.background == (235, 235, 235)
    assert not frame.ground_sure
