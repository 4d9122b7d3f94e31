"""Measure what the gaps of a dashed line may hide, by the strokes that lie off the way between others.

Where a dash or a dot lies off that way, the line bends between strokes, and so it may where none is seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Trace

# Strokes of a line read by columns have more than this (px) between them, and so many tell its course.
GAP_PX, FEWEST = 2.0, 7
# A gap hides as much of what a stroke is off as it has of the way around that; this (share of the panel's
# height) it may. Of 143 panels with dashed lines read by columns, real ones among them, sixteen have strokes
# that are off by more: fifteen of the 50 wrong ones, and one of the 93 right ones.
OFF_HEIGHT = 0.01


def strokes_off(trace: Trace, height: float) -> tuple[int, int]:
    """How many strokes of a dashed line bend it by more than a point may be off, and of how many.

    Parameters
    ----------
    trace
        Solid lines, and those that are not read by columns, have none.
    height : float
        Of the panel (px).

    Notes
    -----
    A smooth curve leads from the strokes on both sides of one through it, and so does a straight line where
    the curve's corners are few.
    """
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    solid = trace.kind != "line" or trace.line_style in ("solid", "none") or trace.sampled_at != "columns"
    if solid or not x.size or np.any(np.diff(x) <= 0):
        return 0, 0
    begin = np.flatnonzero(np.r_[True, np.diff(x) > GAP_PX])
    if begin.size < FEWEST:
        return 0, 0
    end, count = np.r_[begin[1:], x.size] - 1, np.diff(np.r_[begin, x.size])
    middle_x, middle_y = (np.add.reduceat(v, begin) / count for v in (x, y))
    inner = np.arange(2, begin.size - 2)
    off = np.minimum(
        np.abs(middle_y[inner] - _led_to(middle_x, middle_y, inner, (-1, 1))),
        np.abs(middle_y[inner] - _led_to(middle_x, middle_y, inner, (-2, -1, 1, 2))),
    )
    before, after = x[end[inner - 1]], x[begin[inner + 1]]
    gap = np.maximum(x[begin[inner]] - before, after - x[end[inner]])
    return int(np.count_nonzero(off * gap / (after - before) > OFF_HEIGHT * height)), int(inner.size)


def _led_to(x: FloatArray, y: FloatArray, at: NDArray[np.intp], steps: tuple[int, ...]) -> FloatArray:
    """Where the polynomial through some neighbours of each stroke passes it."""
    level = np.zeros(at.size)
    for one in steps:
        others = [x[at + other] for other in steps if other != one]
        shares = [(x[at] - other) / (x[at + one] - other) for other in others]
        level += y[at + one] * np.prod(shares, axis=0)
    return level
