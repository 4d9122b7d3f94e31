"""Tell a panel's ground from a fill that covers most of it and stands on its lower side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray

# A fill covers this much of the lower rim and the ground of the upper one, and no more than that of the other
# one: areas under curves that begin at the upper side cover up to 0.1 of the upper rim.
MOST_OF_RIM, LITTLE_OF_RIM = 0.6, 0.3
# The fill's edge rises and falls by this share of the panel: the ground of a frame that was drawn too high
# ends level.
LEAST_RISE = 0.04
# What JPEG makes of one colour differs by so many levels, and may lie in two cells of those that are counted.
ALIKE_LEVELS = 8


def ground_over_fill(
    codes: NDArray[np.int32],
    common: NDArray[np.intp],
    shares: FloatArray,
    may_be: NDArray[np.bool_],
    is_fill: NDArray[np.bool_],
    colors: FloatArray,
) -> int | None:
    """Which of a panel's commonest colours is the ground above a fill of another one.

    Parameters
    ----------
    codes : ndarray, shape (height, width)
        The colour of each pixel inside the panel, as numbers.
    common : ndarray, shape (n,)
        The commonest of them, the commonest first.
    shares : ndarray, shape (n, 4)
        How much of the upper, lower, left and right rim each covers.
    may_be, is_fill : ndarray, shape (n,)
        Which may be a ground, and which a fill.
    colors : ndarray, shape (n, 3)
        What they look like.

    Returns
    -------
    int or None
        Its place among ``common``; None where no such fill covers most of the lower rim.
    """
    alike = np.abs(colors[:, None] - colors).max(axis=2) <= ALIKE_LEVELS
    upper, lower = (alike @ shares)[:, :2].T
    below = is_fill & (lower >= MOST_OF_RIM) & (upper <= LITTLE_OF_RIM)
    above = may_be & (upper >= MOST_OF_RIM) & (lower <= LITTLE_OF_RIM)
    if not below.any() or not above.any():
        return None
    ground = int(np.argmax(np.where(above, upper, -1.0)))
    heights = np.count_nonzero(np.isin(codes, common[alike[ground]]), axis=0)
    low, high = np.quantile(heights, [0.1, 0.9])
    return ground if high - low >= LEAST_RISE * len(codes) else None
