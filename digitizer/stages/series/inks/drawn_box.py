"""Find the box that is drawn around a legend or a text inside a panel."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np

from digitizer.evidence import Mask

# First and last column and row: left, top, right, bottom, inclusive.
Bounds = tuple[int, int, int, int]
# First and last row (or column) of a line.
Line = tuple[int, int]

# Of a border that hugs its contents this share of each side shows, as far as it is looked for (px, and share
# of the contents' height).
WHOLE = 0.9
NEAR_PX, NEAR_SHARE = 14, 6
# A border farther off is a closed rectangle of lines that are no thicker than this and end where they meet,
# to this (px), without longer gaps than this. So many of them are tried on each side.
THICKEST, CORNER_PX, GAP_PX = 4, 2, 2
# Sides of one box are at most so many times as thick as others: pixels round them.
SIDES_ALIKE = 2
MOST_LINES = 3
# Within so many rows beside a line the ground shows, but for this share of it: bars are full.
NEAR_ROWS = 6
FULL = 0.5
# A box holds so many times the area of its contents at most: 3.4 in ROOT, whose boxes are as wide whatever
# the names are.
MOST_TIMES = 6.0
# What a box with a ground of its own shows beside its contents: nothing, but for this share of its pixels.
BARE = 0.01


def covered_by(away: Mask, contents: Bounds) -> list[Bounds]:
    """What a text or legend and the box that is drawn around it cover.

    Parameters
    ----------
    away
        The pixels of a panel that differ from its background.
    contents
        Where the text is, or all of the legend's.

    Returns
    -------
    list of Bounds
        The contents, grown to their border; where a border stands off and other ink shows within, that of
        series which pass under the legend, the contents and the border's lines.
    """
    near = _hugging(away, contents)
    sides = _rectangle(away, contents)
    if sides is None or _area(sides) < _area(near):
        return [near]
    left, top, right, bottom = sides
    line = [(left, top, right, top + THICKEST), (left, bottom - THICKEST, right, bottom)]
    line += [(left, top, left + THICKEST, bottom), (right - THICKEST, top, right, bottom)]
    inside = away[top + THICKEST + 1 : bottom - THICKEST, left + THICKEST + 1 : right - THICKEST].copy()
    y, x = contents[1] - top - THICKEST - 1, contents[0] - left - THICKEST - 1
    inside[max(0, y) : y + contents[3] - contents[1] + 1, max(0, x) : x + contents[2] - contents[0] + 1] = (
        False
    )
    return [sides] if not inside.size or inside.mean() < BARE else [near, *line]


def _area(bounds: Bounds) -> int:
    left, top, right, bottom = bounds
    return (right - left + 1) * (bottom - top + 1)


def _hugging(away: Mask, contents: Bounds) -> Bounds:
    """Grow contents to straight lines just outside, along the whole of each side.

    Lines of a grid run on beyond the corners.
    """
    x0, y0, x1, y1 = contents
    height, width = away.shape
    reach = max(NEAR_PX, (y1 - y0) // NEAR_SHARE)
    inner = slice(x0 + (x1 - x0) // 8, x1 - (x1 - x0) // 8 + 1)
    rows = (away[:, inner].mean(axis=1) > WHOLE) & ~_run_on(away, x0, x1, reach)
    tops = [y for y in range(max(0, y0 - reach), y0 + 3) if rows[y]]
    bottoms = [y for y in range(max(0, y1 - 2), min(height, y1 + reach)) if rows[y]]
    if not tops and not bottoms:
        return contents
    top, bottom = (_outer(tops[::-1]) - 1 if tops else y0), (_outer(bottoms) + 1 if bottoms else y1)
    upright = slice(max(0, top + (bottom - top) // 8), bottom - (bottom - top) // 8 + 1)
    columns = (away[upright].mean(axis=0) > WHOLE) & ~_run_on(away.T, top, bottom, reach)
    # Beside a text that a thin line stands above or below, what is thicker is no side of a box but a marker.
    thin = max(len(tops), len(bottoms))
    if thin <= THICKEST:
        columns &= ~_are_thick(columns, max(THICKEST, SIDES_ALIKE * thin))
    lefts = [x for x in range(max(0, x0 - reach), x0 + 3) if columns[x]]
    rights = [x for x in range(max(0, x1 - 2), min(width, x1 + reach)) if columns[x]]
    left, right = (_outer(lefts[::-1]) - 1 if lefts else x0), (_outer(rights) + 1 if rights else x1)
    return max(0, left), max(0, top), min(width - 1, right), min(height - 1, bottom)


def _outer(lines: list[int]) -> int:
    """The outer side of the nearest of some lines; ``lines`` are their rows from the contents outwards.

    Beyond a border grid lines may stand, which do not run on where it reaches almost to the panel's sides.
    """
    ends = np.flatnonzero(np.abs(np.diff(lines)) > THICKEST)
    return lines[int(ends[0])] if ends.size else lines[-1]


def _run_on(away: Mask, first: int, last: int, reach: int) -> Mask:
    """Which rows are inked beyond what a border around columns ``first`` to ``last`` reaches."""
    beyond = (
        away[:, max(0, first - 2 * reach) : max(0, first - reach)],
        away[:, last + reach + 1 : last + 2 * reach + 1],
    )
    found = np.zeros(len(away), dtype=bool)
    for part in beyond:
        if part.shape[1] >= THICKEST:
            found |= part.mean(axis=1) > WHOLE
    return found


def _are_thick(marked: Mask, most: int) -> Mask:
    """Which of some columns stand in a row of more than so many."""
    wide = np.ones((1, most + 1), dtype=np.uint8)
    opened = cv2.morphologyEx(marked[None].astype(np.uint8), cv2.MORPH_OPEN, wide)
    return np.asarray(opened[0] > 0)


def _rectangle(away: Mask, contents: Bounds) -> Bounds | None:
    """The smallest closed rectangle of thin lines around contents; sides of the panel may close it."""
    x0, y0, x1, y1 = contents
    height, width = away.shape
    tops, bottoms = _lines(away, x0, x1, y0, y1)
    lefts, rights = _lines(away.T, y0, y1, x0, x1)
    # Beyond the panel's inside its own sides are drawn.
    ways = ([*tops, (-1, -1)], [*bottoms, (height, height)], [*lefts, (-1, -1)], [*rights, (width, width)])
    found: Bounds | None = None
    least = MOST_TIMES * _area(contents)
    for top, bottom, left, right in product(*ways):
        bounds = max(0, left[0]), max(0, top[0]), min(width - 1, right[1]), min(height - 1, bottom[1])
        area = _area(bounds)
        if area > least or (found is not None and area == least):
            continue
        across = [line for line in (top, bottom) if 0 <= line[0] < height]
        down = [line for line in (left, right) if 0 <= line[0] < width]
        if not across or not down:
            continue
        closed = all(_ends_at(away, line, left, right) for line in across)
        if closed and all(_ends_at(away.T, line, top, bottom) for line in down):
            found, least = bounds, area
    return found


def _lines(away: Mask, first: int, last: int, low: int, high: int) -> tuple[list[Line], list[Line]]:
    """The thin lines that run along columns ``first`` to ``last`` above row ``low`` and below row ``high``.

    The nearest first.
    """
    rows = np.flatnonzero(away[:, first : last + 1].mean(axis=1) > WHOLE)
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if rows.size else []
    lines = [(int(g[0]), int(g[-1])) for g in groups if g.size <= THICKEST]
    above = [line for line in lines if line[1] <= low + 2]
    below = [line for line in lines if line[0] >= high - 2]
    return above[::-1][:MOST_LINES], below[:MOST_LINES]


def _ends_at(away: Mask, line: Line, first: Line, last: Line) -> bool:
    """Whether a line of rows runs from one line of columns to another, no further, with ground beside it."""
    left, right = first[0], last[1]
    width = away.shape[1]
    low, high = max(0, left), min(width - 1, right)
    on: Mask = np.asarray(away[line[0] : line[1] + 1].any(axis=0))
    if np.max(np.diff(np.flatnonzero(np.r_[True, on[low : high + 1], True])), initial=1) > GAP_PX + 1:
        return False
    beyond = [slice(left - THICKEST - CORNER_PX, left - CORNER_PX)] if left > THICKEST + CORNER_PX else []
    if right < width - THICKEST - CORNER_PX - 1:
        beyond.append(slice(right + CORNER_PX + 1, right + CORNER_PX + THICKEST + 1))
    if any(on[part].all() for part in beyond):
        return False
    beside = slice(max(0, line[0] - NEAR_ROWS), line[0]), slice(line[1] + 1, line[1] + 1 + NEAR_ROWS)
    sides = [away[rows, low : high + 1] for rows in beside]
    return all(side.mean(axis=1).min(initial=1.0) < FULL for side in sides if len(side) == NEAR_ROWS)
