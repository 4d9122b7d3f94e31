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
# A stroke's own course at its ends is that of so many columns, where it has one more than the least.
COURSE, LEAST_COURSE = 3, 2


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
    x, y, begin = _strokes(trace)
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


def bent_share(trace: Trace, height: float) -> float:
    """Share of a dashed line's gaps whose two ends lead past each other by more than twice what may be off.

    Where the line bends between two strokes its corner lies anywhere on the way. Dots lead on as they lie to
    the stroke before or after; from dot to dot nothing tells a corner from a curve.
    """
    x, y, begin = _strokes(trace)
    if begin.size < FEWEST:
        return 0.0
    end = np.r_[begin[1:], x.size] - 1
    after, before = np.minimum(begin + COURSE, end), np.maximum(end - COURSE, begin)
    long = end - begin >= LEAST_COURSE
    chord = np.diff((y[begin] + y[end]) / 2) / np.diff((x[begin] + x[end]) / 2)
    first = np.where(long, _slope(x, y, begin, after), np.r_[chord, chord[-1:]])
    last = np.where(long, _slope(x, y, before, end), np.r_[chord[:1], chord])
    gap, rise = x[begin[1:]] - x[end[:-1]], y[begin[1:]] - y[end[:-1]]
    past = np.maximum(np.abs(rise - last[:-1] * gap), np.abs(rise - first[1:] * gap))
    bent = (long[:-1] | long[1:]) & (past / 2 > OFF_HEIGHT * height)
    return float(bent[1:-1].sum()) / begin.size


def _slope(x: FloatArray, y: FloatArray, one: NDArray[np.intp], other: NDArray[np.intp]) -> FloatArray:
    return np.asarray((y[other] - y[one]) / np.maximum(x[other] - x[one], 1.0))


def _strokes(trace: Trace) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """The columns of a broken line that is read by these, and at which of them each of its strokes begins."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    solid = trace.kind != "line" or trace.line_style in ("solid", "none") or trace.sampled_at != "columns"
    if solid or not x.size or np.any(np.diff(x) <= 0):
        return x, y, np.zeros(0, dtype=np.intp)
    return x, y, np.flatnonzero(np.r_[True, np.diff(x) > GAP_PX])


def _led_to(x: FloatArray, y: FloatArray, at: NDArray[np.intp], steps: tuple[int, ...]) -> FloatArray:
    """Where the polynomial through some neighbours of each stroke passes it."""
    level = np.zeros(at.size)
    for one in steps:
        others = [x[at + other] for other in steps if other != one]
        shares = [(x[at] - other) / (x[at + one] - other) for other in others]
        level += y[at + one] * np.prod(shares, axis=0)
    return level
