"""Sides whose lines are many pixels wide."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, Picture
from digitizer.stages.frames.measure import measure_frame

LEFT, TOP, RIGHT, BOTTOM = 60, 40, 460, 340


def boxed(width: int) -> Picture:
    """A box around a white plot area, on whole pixels, with a row of mixed colour around its lines."""
    rgb = np.full((400, 520, 3), 255, np.uint8)
    half = width // 2
    for reach, level in ((half + 1, 128), (half, 0)):
        for x in (LEFT, RIGHT):
            rgb[TOP - reach : BOTTOM + reach + 1, x - reach : x + reach + 1] = level
        for y in (TOP, BOTTOM):
            rgb[y - reach : y + reach + 1, LEFT - reach : RIGHT + reach + 1] = level
    return Picture(name="", sha256="", rgb=rgb)


@pytest.mark.parametrize("width", [5, 7, 9])
@pytest.mark.parametrize("seen_at", [-1, 0, 1])
def test_a_thick_line_is_measured_whole_wherever_it_was_seen(width: int, seen_at: int) -> None:
    """At its outer edge, in its middle, or at its inner edge."""
    off = seen_at * (width / 2 + 0.5)
    box = Box(left=LEFT + off, top=TOP + off, right=RIGHT - off, bottom=BOTTOM - off)
    frame = measure_frame(boxed(width), box)
    assert frame is not None
    assert frame.sides == {"left", "top", "right", "bottom"}
    assert frame.box.left == pytest.approx(LEFT, abs=0.1)
    assert frame.box.top == pytest.approx(TOP, abs=0.1)
    assert frame.box.right == pytest.approx(RIGHT, abs=0.1)
    assert frame.box.bottom == pytest.approx(BOTTOM, abs=0.1)
    assert frame.line_width == pytest.approx(width + 1, abs=0.3)
    assert frame.background == (255, 255, 255)


def test_low_bars_on_a_thin_line_are_no_thick_one() -> None:
    rgb = boxed(1).rgb.copy()
    rgb[BOTTOM - 8 : BOTTOM, LEFT + 3 : RIGHT - 2] = (80, 110, 160)
    picture = Picture(name="", sha256="", rgb=rgb)
    frame = measure_frame(picture, Box(left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM))
    assert frame is not None
    assert frame.box.bottom == pytest.approx(BOTTOM, abs=0.3)
