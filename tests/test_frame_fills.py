"""Bars that run across a side of a panel carry it to their end; what stands at a side does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, PanelFrame, Side
from digitizer.stages.frames.fills import end_of_fills

BOX = Box(left=40, top=50, right=340, bottom=230)
BLUE, GREY = (31, 119, 180), (235, 235, 235)


def frame() -> PanelFrame:
    sides = frozenset[Side](("left",))
    return PanelFrame(
        box=BOX, sides=sides, background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.array([90.0, 140.0])
    )


def bars(tops: tuple[int, ...], bottom: int = 229) -> ByteImage:
    rgb = np.full((260, 400, 3), 255, np.uint8)
    for k, top in enumerate(tops):
        rgb[top : bottom + 1, 60 + 60 * k : 90 + 60 * k] = BLUE
    return rgb


@pytest.mark.parametrize(
    ("tops", "end"), [((90, 31, 120), 30.5), ((90, 31, 22), 21.5), ((90, 54, 120), None)]
)
def test_the_highest_bar_tells_the_upper_side(tops: tuple[int, ...], end: float | None) -> None:
    assert end_of_fills(bars(tops), frame(), "top") == end


def test_the_lower_side_is_where_bars_start() -> None:
    assert end_of_fills(bars((90, 120), bottom=244), frame(), "bottom") == 244.5
    assert end_of_fills(bars((90, 120)), frame(), "bottom") is None


def test_a_bar_across_the_left_side_carries_it() -> None:
    rgb = bars((90, 120))
    rgb[150:230, 25:70] = BLUE
    assert end_of_fills(rgb, frame(), "left") == 24.5


def test_the_ground_and_what_does_not_end_carry_nothing() -> None:
    ground = np.full((260, 400, 3), GREY, np.uint8)
    ground[:, :] = (120, 120, 120)
    assert end_of_fills(ground, frame(), "top") is None
    endless = bars((90, 120))
    endless[:230, 200:230] = BLUE
    assert end_of_fills(endless, frame(), "top") is None


def test_a_marker_that_stands_on_a_side_carries_nothing() -> None:
    rgb = bars((90, 120))
    cv2.circle(rgb, (40, 106), 11, BLUE, -1)
    assert end_of_fills(rgb, frame(), "left") is None


def test_a_marker_on_a_side_carries_nothing_where_its_line_goes_on_inside() -> None:
    rgb = bars((90, 120))
    cv2.line(rgb, (40, 72), (200, 72), BLUE, 4)
    cv2.circle(rgb, (40, 72), 8, BLUE, -1)
    assert end_of_fills(rgb, frame(), "left") is None
