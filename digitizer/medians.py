"""Medians and quantiles of a few numbers, several times quicker than numpy's, which weighs any dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


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


def medians(values: ArrayLike, axis: int, *, keepdims: bool = False) -> NDArray[Any]:
    """The medians along an axis of a small array, exactly as ``numpy.median`` tells them.

    Parameters
    ----------
    values : array_like
        Numbers, none of them NaN; at least one along the axis.
    axis : int
        Along which axis they are taken, counted from the first.
    keepdims : bool
        Whether the axis stays, with a length of one.

    Returns
    -------
    ndarray of float
        The mean of two middle ones is taken in the array's own precision.
    """
    ordered = np.sort(values, axis=axis)
    half, odd = divmod(ordered.shape[axis], 2)
    before = (slice(None),) * axis
    kind = ordered.dtype if ordered.dtype.kind == "f" else np.dtype(np.float64)
    middle: NDArray[Any] = ordered[(*before, half)].astype(kind)
    if not odd:
        middle = (ordered[(*before, half - 1)].astype(kind) + middle) / 2
    return middle[(*before, None)] if keepdims else middle


def quantile(values: ArrayLike, share: float) -> float:
    """The quantile of an array of 64-bit numbers, all of them alike, exactly as ``numpy.quantile`` tells it.

    Parameters
    ----------
    values : array_like
        At least one number; of any shape.
    share : float
        Which share of them lies below, 0 to 1; between two numbers the quantile is interpolated.
    """
    ordered = np.sort(values, axis=None)
    # Numbers that are none come last.
    if ordered[-1] != ordered[-1]:
        return float("nan")
    place = share * (ordered.size - 1)
    before = int(place)
    low, high = float(ordered[before]), float(ordered[min(before + 1, ordered.size - 1)])
    part = place - before
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)
