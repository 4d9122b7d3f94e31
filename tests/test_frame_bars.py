"""The ends of bars that stand a little off their axis line are not taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, Picture
from digitizer.stages.frames.measure import measure_frame


@pytest.mark.parametrize("turned", [False, True])
def test_an_axis_line_is_found_three_pixels_below_the_lowest_bar(turned: bool) -> None:
    rgb = np.full((300, 360, 3), 255, dtype=np.uint8)
    rgb[30:258, 68] = rgb[30:258, 330] = rgb[30, 68:331] = rgb[257, 68:331] = 136
    for top, length in ((36, 80), (92, 60), (148, 180), (204, 230)):
        rgb[top : top + 51, 69 : 69 + length] = (76, 120, 168)
    # What smoothing leaves of the lowest bar.
    rgb[255, 69:299] = 219
    box = Box(left=68, top=30, right=330, bottom=257.5)
    if turned:
        rgb, box = rgb.transpose(1, 0, 2).copy(), Box(left=30, top=68, right=257.5, bottom=330)
    frame = measure_frame(Picture(name="drawn", sha256="", rgb=rgb), box)
    assert frame is not None
    assert (frame.box.right if turned else frame.box.bottom) == pytest.approx(257, abs=0.1)
    assert {"right", "bottom"} <= frame.sides
