"""Is a change of level sudden, or the steep part of a curve, or does a hole in the line hide how it goes?"""

from __future__ import annotations

import numpy as np

from digitizer.model import FloatArray

# Beyond so many usual distances of points the line is missing, and whatever happened there was not seen.
LONGEST_GAP = 3.0
# Of a curve the slope gathers and fades: about the steepest point at least as many, and so many, have a slope
# between these shares of the largest as have one beyond the upper. A stroke between two levels bends at its
# ends alone. Of the steepest parts of sigmoids and decays read by columns that were told as jumps, all have.
FULL_SLOPE = 0.7
SOME_SLOPE = 0.15
FEWEST_BENDING = 4
# The slope is of the medians of so many steps: a column's own error is no bend.
SMOOTHING = 3


def is_bridged(x: FloatArray, first: int, last: int) -> bool:
    """Whether the line has no hole between two of its points.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Ascending.
    first, last : int
        Indexes of the points.
    """
    steps = np.diff(x)
    return bool(np.max(steps[first:last], initial=0.0) <= LONGEST_GAP * float(np.median(steps)))


def is_gradual(x: FloatArray, y: FloatArray, first: int, last: int, sigma: float) -> bool:
    """Whether a change of a line that was read column by column is the steep part of a curve.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        All columns, x ascending.
    first, last : int
        Between these the change happens.
    sigma : float
        Reading error of a value: slopes that it could make are none.
    """
    width = last - first
    low, high = max(0, first - 2 * width), min(len(y) - 1, last + 2 * width)
    widths = np.diff(x[low : high + 1])
    usual = float(np.median(widths)) or 1.0
    steps = np.diff(y[low : high + 1]) * np.sign(y[last] - y[first]) / np.maximum(widths / usual, 0.5)
    if len(steps) < 2 * SMOOTHING:
        return False
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(steps, SMOOTHING // 2, mode="edge"), SMOOTHING)
    slopes = np.median(windows, axis=1)
    steepest = int(np.argmax(slopes))
    floor = max(SOME_SLOPE * float(slopes[steepest]), sigma)
    left, right = _reach(slopes, steepest, floor), _reach(slopes[::-1], len(slopes) - 1 - steepest, floor)
    part = slopes[steepest - left : steepest + right + 1]
    full = int(np.sum(part > FULL_SLOPE * slopes[steepest]))
    return len(part) - full >= max(FEWEST_BENDING, full)


def _reach(slopes: FloatArray, at: int, floor: float) -> int:
    """How many slopes before ``at`` follow each other above ``floor``."""
    below = np.flatnonzero(slopes[:at] <= floor)
    return at - (int(below[-1]) + 1 if len(below) else 0)
