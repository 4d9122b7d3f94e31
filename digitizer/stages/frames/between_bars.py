"""Find the lines of a grid that show between bars alone, which hide most of their length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.frames.dotted_grid import MIN_GRID_CONTRAST, is_colorless

# Bars hide at least this share of a line's length; of lines less hidden the usual share is seen.
LEAST_HIDDEN = 0.3
# Of what they leave free, and are so many pixels and this share of its length at least, the line crosses
# this share.
FEWEST_PX, LEAST_FREE, CROSSED = 12, 0.05, 0.9
# ... in so many gaps.
FEWEST_GAPS = 2
# Lines are at most so many pixels wide, and what is so far from their middle is the ground or a bar.
WIDEST_PX, REACH_PX = 3, 3


def lines_between_bars(inner: ByteImage, ground: FloatArray, away: NDArray[np.uint8]) -> list[float]:
    """Where lines cross all that bars leave free of a panel.

    Parameters
    ----------
    inner : ndarray, shape (along the lines, across them, 3)
        The panel's inside.
    ground
        Its ground.
    away : ndarray, shape (along, across)
        How far each pixel is from the ground (levels).

    Returns
    -------
    list of float
        Places across, in pixels of ``inner``.
    """
    if away.shape[1] <= 2 * REACH_PX:
        return []
    inked = away >= MIN_GRID_CONTRAST
    before, at, behind = inked[:, : -2 * REACH_PX], inked[:, REACH_PX:-REACH_PX], inked[:, 2 * REACH_PX :]
    free = ~before & ~behind
    n_free = free.sum(axis=0)
    hidden = (before & at & behind).mean(axis=0) >= LEAST_HIDDEN
    crossed = (free & at).sum(axis=0) >= CROSSED * np.maximum(n_free, 1)
    on = np.flatnonzero(hidden & crossed & (n_free >= max(FEWEST_PX, LEAST_FREE * len(away))))
    if not on.size:
        return []
    found = []
    for run in np.split(on, np.flatnonzero(np.diff(on) > 1) + 1):
        middle = run[len(run) // 2]
        rows = free[:, middle]
        n_gaps = int(np.count_nonzero(np.diff(rows.astype(np.int8)) == 1)) + int(rows[0])
        bare = len(run) <= WIDEST_PX and n_gaps >= FEWEST_GAPS
        if not bare or not is_colorless(inner[rows, middle + REACH_PX] - ground):
            continue
        places = np.arange(run[0], run[-1] + 3) + REACH_PX - 1
        weight = away[rows][:, places].astype(np.float64).mean(axis=0)
        found.append(float(np.dot(places, weight) / weight.sum()))
    return found
