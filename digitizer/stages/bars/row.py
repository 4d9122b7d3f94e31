"""Tell rectangles that stand in a row as bars do from the slices of an area under a slope."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.pixels.rectangles import Fills, Rectangle

# Centres of one colour's bars miss an even grid by at most this share of its step, so many of them do not.
OFF_GRID = 0.12
FEWEST_ON_GRID = 0.8
# Slices of a slope are so wide (px) at most: within that their ends differ by no more than an end may miss.
WIDEST_PX = 12
# Neighbours are this near to each other (px), most of them.
TOUCHING_PX = 1
TOUCHING_SHARE = 0.8
# Fewer rectangles than this may be bars of whatever form.
FEWEST = 8
# So many bars that fill this share of their steps are bins; they miss even ones by this (px) at most, and
# usually by that: both sides are put on pixels.
FEWEST_BINS, BIN_SHARE = 6, 0.85
OFF_BIN_PX, USUAL_OFF_PX = 2.0, 0.6
# The middles of bars that stand on each other differ by no more than this (px).
SAME_PLACE_PX = 2.0
# The ends of slices lean the way that their neighbours step, by so much (px) from half to half, most of them:
# the ends of bars are level, and compression lets them lean either way.
LEAN_PX = 0.3
LEANING_SHARE = 0.6
# A slope that hardly rises falls into slices that run on into each other: this share of them, to this (px).
RUN_ON_SHARE, SAME_END_PX = 0.5, 1


def distinct(centers: FloatArray) -> FloatArray:
    """Centres (px) that are more than two pixels apart, in order."""
    ordered = np.sort(centers)
    return np.asarray(ordered[np.concatenate([[True], np.diff(ordered) > 2.0])])


def are_even(centers: FloatArray) -> bool:
    """Whether centres stand on an even grid, of which some places may be empty."""
    if len(centers) < 3:
        return True
    gaps = np.diff(centers)
    near = gaps[gaps <= 1.3 * gaps.min()]
    step = float(np.mean(near))
    off = np.abs(gaps / step - np.round(gaps / step))
    return bool(np.mean(off <= OFF_GRID + 1.5 / step) >= FEWEST_ON_GRID)


def stand_among(centers: FloatArray, others: FloatArray) -> bool:
    """Whether centres (px) are all at places of others: those of bars that stand on each other."""
    return bool(np.abs(centers[:, None] - others[None]).min(axis=1).max() <= SAME_PLACE_PX)


def on_even_steps(centers: FloatArray, width: float) -> FloatArray:
    """Centres of bars that touch as bins do, in order, on the even steps that most of them tell.

    The outermost ones are cut by the frame's stroke, and a blend beside one may pass for its colour.
    """
    gaps = np.diff(centers)
    if centers.size < FEWEST_BINS or gaps.min() <= 0 or width < BIN_SHARE * gaps.min():
        return centers
    at = np.round((centers - centers[0]) / np.median(gaps[gaps <= 1.3 * gaps.min()]))
    first, second = np.triu_indices(centers.size, k=1)
    apart = at[second] - at[first]
    step = float(np.median((centers[second] - centers[first])[apart > 0] / apart[apart > 0]))
    rest = centers - step * at
    off = np.abs(rest - np.median(rest))
    if off.max() > OFF_BIN_PX or np.median(off) > USUAL_OFF_PX:
        return centers
    return np.asarray(np.median(rest) + step * at, dtype=np.float64)


def are_slices(rectangles: Sequence[Rectangle], baseline: float, fills: Fills) -> bool:
    """Whether upright rectangles are slices of an area whose edge slopes, and no bars.

    Parameters
    ----------
    rectangles
        What may be bars (px of ``fills``).
    baseline
        The row that they stand on, or hang from.
    fills
        The flat colours of the panel.
    """
    ordered = sorted(rectangles, key=lambda r: r.first)
    if len(ordered) < FEWEST or np.median([r.width for r in ordered]) > WIDEST_PX:
        return False
    gaps = np.array([after.first - r.last - 1 for r, after in pairwise(ordered)])
    if np.mean(gaps <= TOUCHING_PX) < TOUCHING_SHARE:
        return False
    if np.mean([_run_on(*pair, baseline, fills) for pair in pairwise(ordered)]) >= RUN_ON_SHARE:
        return True
    leans = [
        _lean(r, baseline, fills) * np.sign(_end(after, baseline) - _end(before, baseline))
        for before, r, after in zip(ordered, ordered[1:], ordered[2:], strict=False)
    ]
    return bool(np.mean(np.array(leans) >= LEAN_PX) >= LEANING_SHARE)


def _run_on(before: Rectangle, after: Rectangle, baseline: float, fills: Fills) -> bool:
    """Whether neither a gap, nor a colour, nor a step parts two rectangles: two bars would be one."""
    if before.fill != after.fill or abs(_end(after, baseline) - _end(before, baseline)) > SAME_END_PX:
        return False
    rows = slice(max(before.top, after.top), min(before.bottom, after.bottom) + 1)
    between = fills.index[rows, before.last + 1 : after.first]
    return bool(np.mean(between == before.fill) > 0.5) if between.size else True


def _end(r: Rectangle, baseline: float) -> int:
    """The row at which a rectangle ends away from the baseline."""
    return r.top if abs(r.top - baseline) > abs(r.bottom - baseline) else r.bottom


def _lean(r: Rectangle, baseline: float, fills: Fills) -> float:
    """How much farther down (px) a rectangle's end lies in its right half than in its left."""
    end = _end(r, baseline)
    up = end == r.top
    reach = max(2, min(4, r.height // 2))
    rows = slice(max(0, end - reach), end + reach + 1)
    filled = fills.index[rows, r.first : r.last + 1] == r.fill
    n_filled = filled.sum(axis=0) * (-1.0 if up else 1.0)
    half = len(n_filled) // 2
    return float(n_filled[-half:].mean() - n_filled[:half].mean()) if half else 0.0
