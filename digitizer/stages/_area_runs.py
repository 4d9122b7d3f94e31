"""The rows that a filled area takes in each column, under what is drawn over it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Mask

IntArray = NDArray[np.int64]

# Bare stretches of a column shorter than this (px) are rims of markers, no ground.
RIM_ROWS = 4
# A stroke along an edge is no thicker (px) than this.
STROKE_PX = 8


def with_slivers(mask: Mask, inked: Mask, top: IntArray, bottom: IntArray) -> tuple[IntArray, IntArray]:
    """Runs with what is left of the area beyond a line that hides most of it: two pixels wide, no rim."""
    square = np.ones((2, 2), np.uint8)
    whole = cv2.dilate(cv2.erode(mask.astype(np.uint8), square, anchor=(0, 0)), square, anchor=(1, 1))
    high, low = runs(mask & (whole > 0), inked)
    same = (top >= 0) & (high >= 0) & (high <= bottom) & (low >= top)
    return np.where(same, np.minimum(top, high), top), np.where(same, np.maximum(bottom, low), bottom)


def within_strokes(mask: Mask, top: IntArray, bottom: IntArray) -> tuple[IntArray, IntArray]:
    """Runs without the outer rim of a stroke along their edge, which has the area's colour again."""
    height, width = mask.shape
    core = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    rows = np.arange(height)[:, None]
    core &= (rows >= top) & (rows <= bottom)
    some = core.any(axis=0)
    high, low = core.argmax(axis=0), height - 1 - core[::-1].argmax(axis=0)
    across = np.arange(width)
    for _ in range(RIM_ROWS):
        high = np.where(mask[np.maximum(high - 1, 0), across], np.maximum(high - 1, 0), high)
        low = np.where(mask[np.minimum(low + 1, height - 1), across], np.minimum(low + 1, height - 1), low)
    high = np.where(some & (high - top <= STROKE_PX), high, top)
    low = np.where(some & (bottom - low <= STROKE_PX), low, bottom)
    return high.astype(np.int64), low.astype(np.int64)


def solid(mask: Mask) -> Mask:
    """The pixels of a mask that belong to areas: the rims of strokes have the same colour by chance."""
    square = np.ones((3, 3), np.uint8)
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, square)
    return mask & (cv2.dilate(opened, square) > 0)


def runs(mask: Mask, inked: Mask) -> tuple[IntArray, IntArray]:
    """First and last row of the longest run in each column, where other ink may interrupt it; -1: none."""
    height, width = mask.shape
    top, bottom = np.full(width, -1, dtype=np.int64), np.full(width, -1, dtype=np.int64)
    columns = np.flatnonzero(mask.any(axis=0))
    if not columns.size:
        return top, bottom
    part = np.s_[:, columns[0] : columns[-1] + 1]
    # A run ends at bare ground (white rims of markers are no ground): number the stretches between.
    empty = (~inked[part] & ~mask[part]).astype(np.uint8)
    bare = cv2.morphologyEx(empty, cv2.MORPH_OPEN, np.ones((RIM_ROWS, 1), np.uint8))
    at = np.flatnonzero(cv2.transpose(mask[part].view(np.uint8)))
    stretch = np.cumsum(cv2.transpose(bare).ravel(), dtype=np.int32)[at]
    column, row = np.divmod(at, height)
    first = np.flatnonzero(np.r_[True, (np.diff(stretch) > 0) | (np.diff(column) > 0)])
    last = np.r_[first[1:], at.size] - 1
    # The longest is written last, of those alike the highest.
    order = np.argsort(first - last, kind="stable")[::-1]
    first, last = first[order], last[order]
    top[columns[0] + column[first]], bottom[columns[0] + column[first]] = row[first], row[last]
    return top, bottom
