"""Cliffs of a line read by columns: two points nearly above each other, with an upright stroke between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.runs import IndexArray

# A cliff rises by so many stroke widths and pixels at least: less is told by the path's columns.
RISE_WIDTHS, LEAST_RISE = 1.5, 4.0
# Where its upright stroke stands is looked at between these shares of its height, halved in the middle.
INNER = (0.2, 0.5, 0.8)
# Ink there is as wide as the stroke, to these shares: less is a gap, more another piece of the line.
LEAST_WIDE, MOST_WIDE = 0.6, 1.4
# It leans by no more than this (px, from its foot to its head): what leans more is told by its columns.
MOST_LEAN = 1.5
# Outside, the line rises a column by no more than this share of the cliff.
LEVEL_SHARE = 0.1
# Its ink ends with the line's on both sides, to so many pixels and this share of the stroke's width: beyond a
# tip right beside it there is more of it.
ENDS_PX, ENDS_WIDTHS = 1.0, 0.25
# Columns that tell the slope before and after.
N_SLOPE = 3
# Head and foot stand so far apart (px): lines are told by rising x.
APART_PX = 0.1


def stand_cliffs(alpha: FloatImage, path: Path) -> Path:
    """Put head and foot of each cliff where its upright stroke stands, in place of the columns that it fills.

    Parameters
    ----------
    alpha
        Coverage by the stroke (height, width).
    path
        The path by columns.

    Notes
    -----
    The stroke fills several columns from top to bottom, and each of them has one height: the line's jump was
    smeared over all of them. The ink between both heights tells where it stands to a tenth of a pixel.
    """
    reach = int(np.ceil(path.width / 2)) + 1
    points: list[FloatArray] = []
    gone = np.zeros(path.x.size, dtype=bool)
    for i in _candidates(path, reach):
        middle = _find_middle(alpha, path, i, reach)
        if middle is None or gone[i - reach : i + reach + 1].any():
            continue
        left, right = np.searchsorted(path.x, [middle - reach + 0.5, middle + reach - 0.5])
        # The ink's middle may stand beside the column that it was looked for around: at the path's end.
        if left <= N_SLOPE or right + N_SLOPE >= path.x.size:
            continue
        ends = _carry(path, int(left) - 1, -1, middle), _carry(path, int(right), 1, middle)
        if not _reaches(path, middle, min(ends), max(ends)):
            continue
        gone[left:right] = True
        points += [
            np.array([middle + side * APART_PX / 2, y, path.sigma[at], path.top[i], path.bottom[i]])
            for side, y, at in ((-1, ends[0], left - 1), (1, ends[1], right))
        ]
    if not points:
        return path
    kept = np.stack([path.x, path.y, path.sigma, path.top, path.bottom])[:, ~gone]
    whole = np.column_stack([kept, *points])
    x, y, sigma, top, bottom = whole[:, np.argsort(whole[0], kind="stable")]
    return replace(path, x=x, y=y, sigma=sigma, top=top, bottom=bottom)


def _candidates(path: Path, reach: int) -> IndexArray:
    """The steepest column of each few around which a path rises steeply, and is rather level beside."""
    wide = reach + N_SLOPE
    i = np.arange(wide, path.x.size - wide)
    if not i.size:
        return i
    whole = path.x[i + wide] - path.x[i - wide] < 2 * wide + 0.5
    rise = path.y[i + reach] - path.y[i - reach]
    steep = whole & (np.abs(rise) > max(RISE_WIDTHS * path.width, LEAST_RISE))
    for side in (-1, 1):
        slope = (path.y[i + side * wide] - path.y[i + side * reach]) / N_SLOPE
        steep &= np.abs(slope) < LEVEL_SHARE * np.abs(rise)
    at, slope = i[steep], np.abs(path.y[i + 1] - path.y[i - 1])[steep]
    parts = np.split(np.arange(at.size), np.flatnonzero(np.diff(at) > 1) + 1)
    return np.array([at[part[np.argmax(slope[part])]] for part in parts if part.size], dtype=np.intp)


def _find_middle(alpha: FloatImage, path: Path, i: int, reach: int) -> float | None:
    """Where the stroke stands along x that joins the heights beside a column; None where none does."""
    before, after = path.y[i - reach], path.y[i + reach]
    levels = np.round([before + share * (after - before) for share in INNER]).astype(int)
    first = int(path.x[i]) - reach
    columns = np.arange(max(first, 0), min(first + 2 * reach + 1, alpha.shape[1]))
    middles = []
    for one, other in ((levels[0], levels[1]), (levels[1], levels[2])):
        low, high = max(min(one, other), 0), min(max(one, other), alpha.shape[0])
        ink = np.clip(alpha[low:high, columns], 0.0, 1.0).sum(axis=0, dtype=np.float64)
        if high <= low or not LEAST_WIDE < ink.sum() / (high - low) / path.width < MOST_WIDE:
            return None
        middles.append(float((ink * columns).sum() / ink.sum()))
    lean = 2 * (middles[1] - middles[0]) / (INNER[2] - INNER[0])
    return (middles[0] + middles[1]) / 2 if abs(lean) < MOST_LEAN else None


def _carry(path: Path, at: int, side: int, x: float) -> float:
    """The height that the line has at ``x`` by the columns from ``at`` on to one side."""
    slope = (path.y[at + side * N_SLOPE] - path.y[at]) / (side * N_SLOPE)
    return float(path.y[at] + slope * (x - path.x[at]))


def _reaches(path: Path, middle: float, high: float, low: float) -> bool:
    """Whether the column in the stroke's middle has ink from one height to the other, and no more."""
    k = int(np.argmin(np.abs(path.x - middle)))
    slack = ENDS_PX + ENDS_WIDTHS * path.width
    beyond = path.top[k] + path.width / 2 - high, path.bottom[k] - path.width / 2 - low
    return bool(max(abs(beyond[0]), abs(beyond[1])) <= slack)
