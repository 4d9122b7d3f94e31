"""Numbers beside panels that something small and dark stands before: no entries of a legend."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, Picture, TextSpan
from digitizer.stages.legend.lone import is_stray

BLACK, BLUE = (0, 0, 0), (31, 119, 180)


@pytest.mark.parametrize(
    ("text", "color", "wide", "stray"),
    [
        ("100", BLACK, 7, True),  # The nought of an axis, which was not read.
        (".4", (100, 100, 100), 1, True),  # The point of a number that a frame's side crosses.
        ("100", BLACK, 30, False),
        ("100", BLUE, 7, False),
        ("R100", BLACK, 7, False),
    ],
)
def test_a_lone_number_after_a_digit_or_a_point_is_stray(
    text: str, color: tuple[int, int, int], wide: int, stray: bool
) -> None:
    rgb = np.full((60, 160, 3), 255, np.uint8)
    cv2.putText(rgb, text, (80, 40), cv2.FONT_HERSHEY_SIMPLEX, 0.45, BLACK, 1, cv2.LINE_AA)
    span = TextSpan(box=Box(left=80, right=110, top=30, bottom=40), text=text, confidence=1.0)
    swatch = Box(left=70 - wide, right=70, top=30, bottom=40)
    entry = LegendEntry(text=span, swatch=swatch, color=color, line_style="none", marker="circle")
    assert is_stray(Picture(name="drawn", sha256="", rgb=rgb), entry, 10.0) is stray
