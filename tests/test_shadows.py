"""Shadows below markers: what has the markers' own colour tells where they are."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.series.inks.shadows import shadow_shift

BOX = Box(left=20, top=10, right=330, bottom=230)
LILAC = (165, 151, 185)
SIZE = 9
X = np.array([60, 110, 160, 210, 270])
Y = np.array([170, 120, 80, 95, 150])


def draw(*, shadow: int) -> Ink:
    """Squares on a line of their colour, each with a blurred grey shadow that lies further down."""
    rgb = np.full((251, 351, 3), 255, np.uint8)
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        corners = (x - SIZE, y - SIZE + shadow), (x + SIZE, y + SIZE + shadow)
        cv2.rectangle(rgb, *corners, (150, 150, 150), -1)
    if shadow:
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 2.0), np.uint8)
    cv2.polylines(rgb, [np.stack([X, Y], axis=1).astype(np.int32)], False, LILAC, 6, cv2.LINE_AA)
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        cv2.rectangle(rgb, (x - SIZE, y - SIZE), (x + SIZE, y + SIZE), LILAC, -1)
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "top", "right", "bottom"))
    none = np.zeros(0)
    frame = PanelFrame(box=BOX, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)
    ink = see_ink(Picture(name="drawn", sha256="", rgb=rgb), frame, ())
    assert ink is not None
    return ink


@pytest.mark.parametrize("drawn_down", [1.4, 2.0])
def test_markers_drawn_down_by_their_shadows_are_set_back(drawn_down: float) -> None:
    ink = draw(shadow=4)
    shift = shadow_shift(ink, X - ink.left, Y - ink.top + drawn_down, "square", SIZE)
    assert shift == pytest.approx(-drawn_down, abs=0.1)


def test_markers_in_their_places_and_such_as_are_off_differently_stay() -> None:
    ink = draw(shadow=0)
    x, y = (X - ink.left).astype(np.float64), (Y - ink.top).astype(np.float64)
    assert shadow_shift(ink, x, y, "square", SIZE) == 0.0
    assert shadow_shift(ink, x, y + np.array([2.0, -2.0, 1.0, 3.0, -1.0]), "square", SIZE) == 0.0


def test_triangles_have_no_level_middle() -> None:
    ink = draw(shadow=4)
    assert shadow_shift(ink, X - ink.left, Y - ink.top + 2.0, "triangle", SIZE) == 0.0
