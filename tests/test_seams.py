"""Bars under an outline of their own colour are whole."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import ByteImage
from digitizer.stages.pixels.rectangles import find_fills, find_rectangles

WHITE = np.full(3, 255.0)
CYAN, RED = np.array([75.0, 192.0, 192.0]), np.array([255.0, 99.0, 132.0])


def _cover(length: int, start: float, end: float) -> np.ndarray:
    """How much of each pixel a stretch covers."""
    at = np.arange(length)
    return np.clip(np.minimum(at + 1, end) - np.maximum(at, start), 0.0, 1.0)


def _paint(rgb: np.ndarray, color: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    left, top, right, bottom = box
    alpha = _cover(rgb.shape[0], top, bottom)[:, None] * _cover(rgb.shape[1], left, right)[None, :]
    return rgb + alpha[..., None] * (color - rgb)


def _outlined(rgb: np.ndarray, color: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """A fill and, around it, an outline of two pixels: both blend on the pixels that they share."""
    left, top, right, bottom = box
    rgb = _paint(rgb, color, (left + 2, top + 2, right - 2, bottom))
    sides = (
        (left, top, left + 2, bottom),
        (right - 2, top, right, bottom),
        (left + 2, top, right - 2, top + 2),
    )
    for side in sides:
        rgb = _paint(rgb, color, side)
    return rgb


@pytest.mark.parametrize("turned", [False, True])
def test_a_seam_between_fill_and_outline_parts_no_bar(turned: bool) -> None:
    rgb = np.full((160, 200, 3), 255.0)
    boxes = [(20.4, 30.6, 44.4, 150.0), (60.5, 70.5, 84.5, 150.0), (100.3, 90.2, 124.3, 150.0)]
    for box, color in zip(boxes, (CYAN, RED, CYAN), strict=True):
        rgb = _outlined(rgb, color, box)
    picture: ByteImage = np.round(rgb).astype(np.uint8)
    fills = find_fills(np.ascontiguousarray(picture.transpose(1, 0, 2)) if turned else picture, WHITE, 0.0)
    assert fills is not None
    upright = fills.turned if turned else fills
    found = [r for k in range(len(fills.colors)) for r in find_rectangles(upright, k)]
    found.sort(key=lambda r: r.first)
    assert len(found) == 3
    for r, (left, top, right, _) in zip(found, boxes, strict=True):
        assert (r.first, r.last + 1, r.top) == pytest.approx((left, right, top), abs=1.0)


def test_a_white_gap_parts_two_bars_of_one_colour() -> None:
    rgb = np.full((100, 120, 3), 255.0)
    rgb = _paint(_paint(rgb, RED, (20, 30, 50, 90)), RED, (51, 30, 81, 90))
    fills = find_fills(rgb.astype(np.uint8), WHITE, 0.0)
    assert fills is not None
    assert [(r.first, r.last) for r in find_rectangles(fills, 0)] == [(20, 49), (51, 80)]
