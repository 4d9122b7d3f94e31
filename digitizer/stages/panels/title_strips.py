"""Find title strips: level boxes of one colour and size that hold nothing but a title in their middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray
from digitizer.stages.panels.strips import MIN_INK, MIN_STEP, MIN_STRIP_PX, holds_title

# Pixels of a level run differ by less than this from those two before (JPEG: 20; the palest strip from its
# surroundings: 23).
LIKE = 20
LAG_PX = 2
# A strip is so many pixels long, so many times as long as deep, and no deeper than this share of the picture.
MIN_LENGTH_PX = 40
MIN_ASPECT = 2.0
MAX_DEPTH_SHARE = 0.15
# ... and the rows that its title leaves whole break off for the height of small letters at least.
MIN_LETTER_PX = 4
# ... and this share of it is its ground.
MIN_FILL = 0.5
# What ends it shows within so many pixels.
RIM_PX = 2
# Strips of one figure are alike and in line to so many pixels.
SAME_PX = 2.5


def find_strips(grey: NDArray[np.int16]) -> list[Box]:
    """Boxes of one colour and size that each hold a title, row by row: the largest set of them.

    Parameters
    ----------
    grey : ndarray, shape (h, w)
        The picture. The boxes are those of the strips' ground, from the first pixel to the last.
    """
    return _alike(_titled(grey))


def _titled(grey: NDArray[np.int16]) -> list[Box]:
    """Level boxes of a colour that hold nothing but a title in their middle.

    Above and below the title their rows are runs of one colour from end to end of the box.
    """
    rows, starts, stops, colors = _whole_runs(grey)
    order = np.lexsort((rows, stops, starts))
    rows, starts, stops, colors = rows[order], starts[order], stops[order], colors[order]
    limit = MAX_DEPTH_SHARE * len(grey)
    if not len(rows):
        return []
    step = np.diff(rows)
    same = (np.diff(starts) == 0) & (np.diff(stops) == 0) & (np.abs(np.diff(colors)) < LIKE) & (step <= limit)
    # Rows that follow each other are one rim, and so is what a border or a grid line alone parts from others.
    title = np.flatnonzero(same & (step > MIN_LETTER_PX))
    joined = same & (step == 1)
    for k in np.flatnonzero(same & (step > 1) & (step <= MIN_LETTER_PX)).tolist():
        joined[k] = _is_noise(grey[rows[k] + 1 : rows[k + 1], starts[k] : stops[k]], int(colors[k]))
    ends = np.append(np.flatnonzero(~joined), len(rows) - 1)
    before, after = np.searchsorted(ends, title), np.searchsorted(ends, title + 1)
    tops = rows[np.append(0, ends[:-1] + 1)[before]]
    depths, lengths = rows[ends[after]] - tops + 1, stops[title] - starts[title]
    fits = (depths >= MIN_STRIP_PX) & (depths <= limit) & (lengths >= MIN_ASPECT * depths)
    found = []
    for k, top, depth in zip(title[fits], tops[fits], depths[fits], strict=True):
        bottom, left, right = top + depth - 1, starts[k], stops[k] - 1
        strip = np.abs(grey[top : bottom + 1, left : right + 1] - int(colors[k]))
        blank = np.mean(strip < LIKE) >= MIN_FILL and max(strip[:, 0].max(), strip[:, -1].max()) < MIN_INK
        if blank and holds_title(strip) and _stands_out(grey, top, bottom, left, right):
            found.append(Box(left=float(left), top=float(top), right=float(right), bottom=float(bottom)))
    return found


def _is_noise(between: NDArray[np.int16], color: int) -> bool:
    """Whether rows that are no runs of a colour are of it all the same: JPEG leaves specks beside letters."""
    return bool((np.abs(np.median(between, axis=1) - color) < LIKE).all())


def _stands_out(grey: NDArray[np.int16], top: int, bottom: int, left: int, right: int) -> bool:
    """Whether a border or another ground begins at both long sides of a box: between dashes nothing does.

    Its own ground is that of all its rows: the first and the last may be half the panel's.
    """
    level = np.median(grey[top : bottom + 1, left : right + 1])
    sides = (grey[max(0, top - RIM_PX) : top], grey[bottom + 1 : bottom + 1 + RIM_PX])
    return all(
        np.abs(np.median(side[:, left : right + 1], axis=1) - level).max(initial=0.0) >= MIN_STEP
        for side in sides
        if len(side)
    )


def _whole_runs(
    grey: NDArray[np.int16],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.int16]]:
    """Long runs of one level along the rows: row, first and one past the last column, level."""
    height, width = grey.shape
    breaks = np.ones((height, width), bool)
    breaks[:, 1:LAG_PX] = False
    np.greater_equal(np.abs(grey[:, LAG_PX:] - grey[:, :-LAG_PX]), LIKE, out=breaks[:, LAG_PX:])
    at = np.append(np.flatnonzero(breaks), height * width)
    lengths = np.diff(at)
    long = (lengths >= MIN_LENGTH_PX) & (lengths < width)
    begin, lengths = at[:-1][long], lengths[long]
    rows, starts = np.divmod(begin, width)
    # A run is seen to begin when its first pixel but one is like its first.
    first = np.maximum(0, starts - LAG_PX + 1)
    return rows, first, starts + lengths, grey.ravel()[begin + lengths // 2]


def _alike(boxes: list[Box]) -> list[Box]:
    """The most boxes of one size that stand in a grid, whose last row alone may have gaps."""
    groups = [
        _once([b for b in boxes if max(abs(b.width - a.width), abs(b.height - a.height)) <= SAME_PX])
        for a in boxes
    ]
    return max((g for g in groups if _is_grid(g)), key=len, default=[])


def _once(boxes: list[Box]) -> list[Box]:
    """Each box once, row by row: a strip's ground lies within its border."""
    kept: list[Box] = []
    for b in sorted(boxes, key=lambda b: (-b.width, b.top, b.left)):
        if not any(max(abs(b.left - k.left), abs(b.top - k.top)) <= SAME_PX for k in kept):
            kept.append(b)
    return sorted(kept, key=lambda b: (b.top, b.left))


def _is_grid(boxes: list[Box]) -> bool:
    columns = places_of(np.array([b.left for b in boxes]))
    return all(
        sum(abs(b.top - row) <= SAME_PX for b in boxes) == len(columns)
        for row in places_of(np.array([b.top for b in boxes]))[:-1]
    )


def places_of(at: FloatArray) -> list[float]:
    """Distinct positions to ``SAME_PX``, ascending: the first of each."""
    at = np.sort(at)
    return [float(part[0]) for part in np.split(at, np.flatnonzero(np.diff(at) > SAME_PX) + 1) if len(part)]
