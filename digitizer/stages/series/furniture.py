"""Ink that belongs to the panel, not to its data: left-over grid, ticks inside the frame, legend boxes."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.ink import FloatImage, Ink
from digitizer.stages.series.palette import Stroke

# Grid lines, ticks and boxes are grey: the spread of their channels is at most this (RGB).
NEUTRAL = 28.0
# Share of a layer's ink on straight level or upright strokes that makes it furniture where it is pale ...
STRAIGHT_SHARE = 0.7
PALE = 110.0
# ... and where it is not: full-width reference lines and boxes, but no curve.
DARK_STRAIGHT_SHARE = 0.93
# A straight stroke is at least this share of the panel long.
STRAIGHT_LENGTH = 0.07
# Ticks inside the frame reach in no further than this share of the panel, plus three pixels.
TICK_SHARE = 0.025


def is_furniture(ink: Ink, stroke: Stroke) -> bool:
    """Whether a grey layer consists of straight level and upright strokes."""
    if np.ptp(stroke.color) > NEUTRAL or stroke.legend is not None:
        return False
    total = float(stroke.alpha.sum())
    if total <= 0:
        return True
    straight = _straight(stroke.alpha)
    share = float(stroke.alpha[straight].sum()) / total
    ground = np.median(ink.ground.reshape(-1, 3)[::97], axis=0)
    pale = float(np.linalg.norm(stroke.color - ground)) < PALE
    return share > (STRAIGHT_SHARE if pale else DARK_STRAIGHT_SHARE)


def _straight(alpha: FloatImage) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Pixels within one of a level or upright stroke."""
    on = (alpha > 0.2).astype(np.uint8)
    height, width = on.shape
    level = cv2.morphologyEx(
        on, cv2.MORPH_OPEN, np.ones((1, max(12, int(STRAIGHT_LENGTH * width))), np.uint8)
    )
    upright = cv2.morphologyEx(
        on, cv2.MORPH_OPEN, np.ones((max(12, int(STRAIGHT_LENGTH * height)), 1), np.uint8)
    )
    both = cv2.dilate(np.maximum(level, upright), np.ones((3, 3), np.uint8))
    return np.asarray(both > 0)


def without_ticks(ink: Ink, color: FloatArray, alpha: FloatImage) -> FloatImage:
    """Take short strokes on the panel's sides out of a grey layer."""
    if np.ptp(color) > NEUTRAL:
        return alpha
    n, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.1).astype(np.uint8), connectivity=8)
    height, width = alpha.shape
    left, top, w, h = (stats[:, k] for k in range(4))
    at_side = (left <= 2) | (top <= 2) | (left + w >= width - 2) | (top + h >= height - 2)
    short = np.maximum(w, h) <= TICK_SHARE * max(height, width) + 3
    drop = at_side & short
    drop[0] = False
    return np.where(drop[labels], np.float32(0.0), alpha) if n > 1 and drop.any() else alpha
