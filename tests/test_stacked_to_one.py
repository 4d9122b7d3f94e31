"""Bars that are all as high as their panel are no panels."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Picture
from digitizer.stages.panels.find import find_panels

COLORS = ((31, 119, 180), (255, 127, 14), (44, 160, 44))


def stacked() -> Picture:
    """Five stacks of shares on a base line over a pale grid, with numbers beside and below."""
    rgb = np.full((400, 400, 3), 255, np.uint8)
    for k in range(6):
        y = 100 + 44 * k
        rgb[y, 80:312] = 240
        cv2.putText(rgb, f"0.{10 - 2 * k}", (50, y + 4), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (60, 60, 60))
    for k, (one, two) in enumerate(((27, 55), (49, 73), (67, 88), (98, 74), (137, 55))):
        left = 85 + round(46.4 * k)
        for color, top, bottom in zip(
            COLORS, (320 - one, 320 - one - two, 100), (320, 320 - one, 320 - one - two), strict=True
        ):
            rgb[top:bottom, left : left + 37] = color
        if k % 2:
            cv2.putText(rgb, str(k + 1), (left + 14, 338), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (60, 60, 60))
    rgb[319:321, 80:312] = 100
    return Picture(name="drawn", sha256="", rgb=rgb)


def test_bars_as_high_as_their_panel_are_no_panels() -> None:
    frames = find_panels(stacked())
    assert len(frames) == 1
    box = frames[0].box
    assert np.abs(np.array([box.top, box.bottom]) - (100, 320)).max() < 1.5
    assert box.width > 220
