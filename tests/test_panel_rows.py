"""Panels of one row whose lines go on, or seem to go on, from one to the next."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.panels.find import find_panels

BAR = (31, 119, 180)


def _panel(
    rgb: ByteImage,
    box: tuple[int, int, int, int],
    *,
    line: int,
    ink: int,
    heights: list[float],
    rungs: int,
    margin: int,
) -> None:
    """Draw a box with level grid lines, bars, a label beside each line and below each bar."""
    left, top, right, bottom = box
    for y in np.linspace(bottom, top + margin, rungs).round().astype(int).tolist():
        rgb[y, left : right + 1] = line
        text = str((bottom - y) * 10)
        cv2.putText(rgb, text, (left - 12 - 7 * len(text), y + 4), 0, 0.36, (ink,) * 3, 1, cv2.LINE_AA)
    step = (right - left) / len(heights)
    for k, height in enumerate(heights):
        start = round(left + (k + 0.15) * step)
        rgb[round(bottom - height * (bottom - top)) : bottom, start : round(start + 0.7 * step)] = BAR
        cv2.putText(rgb, f"c{k}", (start + 10, bottom + 18), 0, 0.36, (ink,) * 3, 1, cv2.LINE_AA)
    cv2.rectangle(rgb, (left, top), (right, bottom), (line,) * 3, 1)


def _frames(rgb: ByteImage) -> list[Box]:
    return [frame.box for frame in find_panels(Picture(name="row", sha256="", rgb=rgb))]


def _assert_at(found: list[Box], boxes: list[tuple[int, int, int, int]]) -> None:
    assert len(found) == len(boxes)
    for box, (left, top, right, bottom) in zip(found, boxes, strict=True):
        assert (
            np.abs(np.subtract((box.left, box.top, box.right, box.bottom), (left, top, right, bottom))).max()
            < 1.5
        )


def test_cards_of_a_ground_between_page_and_panels_part_them() -> None:
    # Neither white nor the panels' grey shows between two panels: it is no bar that covers their lines there.
    rgb = np.full((260, 860, 3), 255, dtype=np.uint8)
    boxes = [(60, 30, 400, 190), (470, 30, 810, 190)]
    for k, (left, top, right, bottom) in enumerate(boxes):
        rgb[top - 29 : bottom + 29, left - 58 : right + 9] = 24
        rgb[top:bottom, left:right] = 37
        _panel(rgb, boxes[k], line=146, ink=225, heights=[0.2, 0.5, 0.3, 0.9], rungs=4 + k, margin=14)
    _assert_at(_frames(rgb), boxes)


def test_panels_on_one_base_line_whose_bars_end_at_one_height_are_two() -> None:
    rgb = np.full((340, 1000, 3), 255, dtype=np.uint8)
    boxes = [(49, 25, 489, 295), (549, 25, 983, 295)]
    _panel(rgb, boxes[0], line=229, ink=60, heights=[0.45, 0.52, 0.6, 0.95, 0.68], rungs=5, margin=2)
    _panel(rgb, boxes[1], line=229, ink=60, heights=[0.925, 0.955, 0.63, 0.25, 0.28], rungs=9, margin=2)
    for left, top, right, bottom in boxes:
        rgb[bottom, left - 6 : right + 1] = rgb[top : bottom + 1, left] = 0
        for y in range(top + 2, bottom, 8):
            rgb[y, left - 4 : left] = 0
    _assert_at(_frames(rgb), boxes)
