"""The median of a few numbers, several times quicker than numpy's, which weighs any axes and dtypes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def median(values: ArrayLike) -> float:
    """The median of an array of numbers, all of them alike, exactly as ``numpy.median`` tells it.

    Parameters
    ----------
    values : array_like
        Of any shape. The mean of two middle ones is taken in the array's own precision.

    Returns
    -------
    float
        NaN where a number is NaN, and of none.
    """
    ordered = np.sort(values, axis=None)
    if not ordered.size:
        return float("nan")
    half, last = ordered.size // 2, ordered[-1]
    # Numbers that are none come last.
    if last != last:
        return float(last)
    if ordered.size % 2:
        return float(ordered[half])
    one, other = ordered[half - 1], ordered[half]
    if ordered.dtype.kind != "f":
        return (float(one) + float(other)) / 2
    return float((one + other) / 2)
