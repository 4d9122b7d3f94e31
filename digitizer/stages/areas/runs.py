"""The rows that a filled area takes in each column, under what is drawn over it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask

IntArray = NDArray[np.int64]

# Bare stretches of a column shorter than this (px) are rims of markers, no ground.
RIM_ROWS = 4
# A stroke along an edge is no thicker (px) than this.
STROKE_PX = 8
# It runs along this share of the edge of an area under a line, and along no more of its sides than that.
ALONG_EDGE, ALONG_SIDES = 0.9, 0.5
# Ink so many times as strong as an area's colour lies at the end of nearly each of its columns, so far (px)
# above and below it, where a line ends a translucent area (of noise: 0.98; dense curves' rims are paler).
STRONGER, AT_END, ENDS_PX = 1.1, 0.9, (3, 12)


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
    # Few bytes a row are compared the quicker.
    rows = np.arange(height, dtype=np.int32)[:, None]
    core &= (rows >= top.astype(np.int32)) & (rows <= bottom.astype(np.int32))
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
    # Columns one after the other, each with a blank row below it.
    line, ground = (
        cv2.copyMakeBorder(cv2.transpose(v), 0, 0, 0, 1, cv2.BORDER_CONSTANT).ravel().view(bool)
        for v in (mask[part].view(np.uint8), bare)
    )
    flips = np.flatnonzero(np.diff(line, prepend=False))
    column, row = np.divmod(flips, height + 1)
    parted = np.logical_or.reduceat(ground, flips)[1::2][:-1] | (column[2::2] > column[:-2:2])
    first = np.flatnonzero(np.r_[True, parted])
    last = np.r_[first[1:], flips.size // 2] - 1
    size = np.add.reduceat(flips[1::2] - flips[::2], first)
    # The longest is written last, of those alike the highest.
    order = np.argsort(-size, kind="stable")[::-1]
    first, last = 2 * first[order], 2 * last[order] + 1
    top[columns[0] + column[first]], bottom[columns[0] + column[first]] = row[first], row[last] - 1
    return top, bottom


def has_line_above(own: Mask, inked: Mask, top: IntArray, bottom: IntArray, columns: IntArray) -> bool:
    """Whether a stroke runs along the upper edge of an area alone: a curve does, and no outline of a box.

    Parameters
    ----------
    own, inked
        Pixels of the area's colour, and of any ink.
    top, bottom
        The first and last row of the area in each column.
    columns
        Those in which it is.
    """
    near, far = (np.maximum(top[columns] - away, 0) for away in (2, STROKE_PX + 1))
    stroke = inked[near, columns] & ~own[near, columns] & ~inked[far, columns]
    rows = slice(int(np.median(top[columns])), int(np.median(bottom[columns])) + 1)
    beside = [int(columns[0]) - 2, int(columns[-1]) + 2]
    sides = [float(inked[rows, c].mean()) for c in beside if 0 <= c < inked.shape[1]]
    return float(stroke.mean()) >= ALONG_EDGE and max(sides, default=1.0) <= ALONG_SIDES


def ends_in_stroke(
    rgb: ByteImage, ground: FloatArray, color: FloatArray, top: IntArray, columns: IntArray
) -> bool:
    """Whether a stroke stronger than an area's colour ends it above, however steeply it goes.

    On the far side of a steep stroke its rim has the area's colour again, so that it may lie below ``top``.

    Parameters
    ----------
    rgb
        The picture.
    ground, color
        The colours of the ground and of the area.
    top
        The first row of the area in each column.
    columns
        Those in which it is.
    """
    above, below = ENDS_PX
    rows = np.clip(top[columns] + np.arange(-above, below + 1)[:, None], 0, rgb.shape[0] - 1)
    strength = np.linalg.norm(rgb[rows, columns] - ground, axis=2).max(axis=0)
    return float(np.mean(strength > STRONGER * np.linalg.norm(color - ground))) >= AT_END
