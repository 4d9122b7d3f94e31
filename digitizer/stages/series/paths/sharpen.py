"""Columns of a path where its stroke bends sharply: the stroke's middle, not that of its ink."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.columns import LEAST_TURN, Path, prominence

# Pixels are split into so many a side: a stroke two pixels wide has a middle then; of wide strokes (px)
# into half as many, which takes a quarter of the time.
FINE = 4
WIDE = 4.5
# Thinner strokes (px) cover no pixel in full, and their middles are where their ink is.
THINNEST = 1.3
# The pen that must fit into the ink is smaller than the stroke by this much (px): rims are rough.
SLACK_PX = 0.35
# A column's ink reaches beyond the stroke by this much (px) before its bends are looked at.
LONG_PX = 0.8
# Columns that turn and are longer than this many strokes are spikes: of smoothed curves none are.
SPIKE = 3.0


def sharpen_columns(alpha: FloatImage, path: Path) -> Path:
    """Move the points of bent columns to where a round pen of the stroke's width fits into the ink.

    Parameters
    ----------
    alpha
        Coverage by the stroke (height, width).
    path
        The path by columns.

    Notes
    -----
    Where a level line turns down, the columns before the bend hold the rim of what comes after it; the middle
    of their ink is off by half of what it reaches down. The pen does not fit in there.
    """
    long = path.bottom - path.top > path.width + LONG_PX
    if path.width < THINNEST or not long.any():
        return path
    # Dots and dashes have their places between columns.
    fine_px = FINE if path.width < WIDE else FINE // 2
    # Lines that are carried on may begin outside the picture.
    first, last = max(0, int(path.x[0])), int(np.ceil(path.x[-1]))
    top = max(0, int(np.floor(path.top.min())) - 3)
    bottom = min(alpha.shape[0], int(np.ceil(path.bottom.max())) + 4)
    part = alpha[top:bottom, first : last + 1]
    size = part.shape[1] * fine_px, part.shape[0] * fine_px
    fine = cv2.resize(part, size, interpolation=cv2.INTER_CUBIC) > 0.5
    fits = cv2.erode(fine.astype(np.uint8), _pen((path.width - 2 * SLACK_PX) * fine_px), borderValue=1) > 0
    # The centre of a pixel lies between its fine columns.
    columns = np.clip(((path.x[long] - first) * fine_px).astype(int) + fine_px // 2, 1, fits.shape[1] - 1)
    edges = [((edge[long] - top) + 0.5) * fine_px for edge in (path.top, path.bottom)]
    ends = _ends(fits[:, columns - 1] | fits[:, columns], *edges)
    high, low = ((end + 0.5) / fine_px - 0.5 + top for end in ends)
    up, down = prominence(path.x, -path.top)[long], prominence(path.x, path.bottom)[long]
    tip = np.where(up >= down, high, low)
    # A spike's tip may be narrower than any pen.
    spike = (path.bottom - path.top)[long] > SPIKE * path.width
    middle = np.where(np.maximum(up, down) > LEAST_TURN, np.where(spike, path.y[long], tip), (high + low) / 2)
    y = path.y.copy()
    y[long] = np.where(np.isfinite(middle), middle, y[long])
    return replace(path, y=y)


def _pen(width: float) -> NDArray[np.uint8]:
    """A disc of a width in fine pixels."""
    radius = width / 2
    reach = int(radius)
    across = np.arange(-reach, reach + 1)
    return (across[:, None] ** 2 + across[None] ** 2 <= radius**2).astype(np.uint8)


def _ends(fits: Mask, top: FloatArray, bottom: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and last row of each column where the pen fits between two edges; NaN where it does not."""
    rows = np.arange(fits.shape[0])[:, None]
    inside = fits & (rows >= top) & (rows <= bottom)
    some = inside.any(axis=0)
    last = fits.shape[0] - 1 - inside[::-1].argmax(axis=0)
    return np.where(some, inside.argmax(axis=0), np.nan), np.where(some, last, np.nan)
