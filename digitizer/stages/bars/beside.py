"""Tell grid lines at a bar's end from the bar's outline by what the gaps beside it show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.rectangles import Rectangle

# Gaps are looked at so far (px) from a bar's sides, beyond its outline's half and anti-aliasing.
NEAREST_PX, FARTHEST_PX = 2, 5
# A line differs from the ground by this (levels; the palest grids do by 16), and is in the gap what it is
# above the bar to this.
LINE_CONTRAST = 12.0
SAME_LEVELS = 12.0


def without_grid(
    profile: FloatArray, rgb: ByteImage, rows: NDArray[np.intp], r: Rectangle, ground: FloatArray
) -> FloatArray:
    """Put the ground where a line goes on beside a bar as it does across it: the grid's, no outline.

    Parameters
    ----------
    profile : ndarray, shape (n, 3)
        The colours of a bar's columns, row by row from within it outwards.
    rgb : ndarray, shape (h, w, 3)
        The plot with values along its rows.
    rows : ndarray, shape (n,)
        The rows of ``profile`` in ``rgb``.
    r : Rectangle
        The bar.
    ground : ndarray, shape (3,)
        The colour beyond the bar's end.
    """
    out = profile
    # Half of the rows lie within the bar: what has its fill beside it is a neighbour in that colour.
    fill = np.median(profile[: len(profile) // 2 + 1], axis=0)
    filled = np.abs(profile - fill).max(axis=1) < SAME_LEVELS
    for first, last in (
        (r.first - FARTHEST_PX, r.first - NEAREST_PX),
        (r.last + NEAREST_PX, r.last + FARTHEST_PX),
    ):
        if first < 0 or last >= rgb.shape[1]:
            continue
        gap = np.median(rgb[rows, first : last + 1], axis=1)
        off = np.abs(gap - ground).max(axis=1)
        # A neighbour of the same height shows its fill.
        if np.median(off) < LINE_CONTRAST:
            line = (off >= LINE_CONTRAST) & (np.abs(gap - profile).max(axis=1) < SAME_LEVELS) & ~filled
            out = np.where(line[:, None], ground, out)
    return out
