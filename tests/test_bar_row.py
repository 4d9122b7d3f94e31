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
