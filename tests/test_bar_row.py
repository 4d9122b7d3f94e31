"""Slices of an area are no bars; bars that touch, however narrow, are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_bars import BLUE, bar, blank, look


@pytest.mark.parametrize("slope", [0.35, 0.45, 0.7])
def test_an_area_under_a_slope_holds_no_bars(slope: float) -> None:
    rgb = blank()
    corners = [(21, 289), (21, 285), (399, 285 - round(378 * slope)), (399, 289)]
    cv2.fillPoly(rgb, [np.array(corners)], BLUE, cv2.LINE_AA)
    assert look(rgb) == ()


@pytest.mark.parametrize("jpeg", [False, True])
def test_narrow_bars_that_touch_and_climb_are_bars(jpeg: bool) -> None:
    rgb = blank()
    for k in range(60):
        bar(rgb, 30 + 6 * k, 35 + 6 * k, 280 - 4 * k, 289, BLUE)
    (trace,) = look(rgb, jpeg=jpeg)
    # Compression hides the ends of some.
    assert len(trace.x_px) >= (50 if jpeg else 60)


@pytest.mark.parametrize(("rise", "power"), [(40, 2), (40, 4), (30, 4)])
def test_an_area_that_hardly_rises_at_first_holds_no_bars(rise: float, power: int) -> None:
    rgb = blank()
    x = np.arange(21, 400, 35)
    line = np.stack([x, 150 - rise * np.linspace(0, 1, len(x)) ** power], axis=1)
    ring = np.concatenate([line, [(x[-1], 289), (21, 289)]])
    cv2.fillPoly(rgb, [np.round(ring * 16).astype(np.int32)], (202, 215, 228), cv2.LINE_AA, 4)
    cv2.polylines(rgb, [np.round(line * 16).astype(np.int32)], False, BLUE, 1, cv2.LINE_AA, 4)
    assert look(rgb) == ()


def test_bars_that_hardly_rise_and_leave_a_pixel_between_them_are_bars() -> None:
    rgb = blank()
    for k in range(40):
        bar(rgb, 30 + 8 * k, 36 + 8 * k, 200 - k // 3, 289, BLUE)
    (trace,) = look(rgb)
    assert len(trace.x_px) == 40
