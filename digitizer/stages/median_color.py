"""The middle colour of many pixels: their levels are counted, which is quicker than sorting them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray


def median_color(pixels: NDArray[Any]) -> FloatArray:
    """The median of each channel.

    Parameters
    ----------
    pixels : ndarray, shape (n, 3)
        Whole levels from 0 to 255, of any type; at least one pixel.
    """
    n = len(pixels)
    color = np.empty(pixels.shape[1])
    for k in range(color.size):
        before = np.cumsum(np.bincount(pixels[:, k].astype(np.intp), minlength=256))
        low, high = np.searchsorted(before, ((n - 1) // 2, n // 2), side="right")
        color[k] = (low + high) / 2
    return color
