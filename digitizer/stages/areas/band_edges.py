"""Edges of a band where grid lines or the line inside it hide them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.areas.find import Area, Filled, IntArray

# Holes this wide (px) are what a vertical grid line hides; an edge's course is that of so many columns.
SHORT_HOLE = 6
COURSE = 4
# A band's outline, which Matplotlib draws twice as dark, and a grid line there take up to so many columns at
# its ends (4 of 1.5 px), where edges of other bands are found: they leave a course that is straight to this
# (whole pixels: 0.5) by more than that.
END_STROKE, STRAIGHT_PX, ASTRAY_PX = 5, 0.6, 1.5
# A band whose line leads on by no more than this (px) ends where its line does.
SHORT_END = 3
# The line of a band runs inside it over this share of its columns.
INSIDE_SHARE = 0.8
# A line leads on beyond the columns where its band was seen by this share of the band's at most.
BEYOND_SHARE = 0.15
# An edge this near (px) to the rim of the line was looked for among the line's own rims.
NEAR_RIM_PX = 2.0
# Ink beyond a line's rim that is less (px, across the line) is anti-aliasing, and more is not the band's.
RIM_ONLY_PX = 1.0
FARTHEST_PX = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Inner:
    """The line inside a band at each column: its height and how far its rims are from it (px, vertically)."""

    y: FloatArray
    half: FloatArray
    steep: FloatArray


def find_band_edges(
    filled: Filled, area: Area, lines: Sequence[Trace]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Columns of a band with its lower and upper edge there (source px).

    Notes
    -----
    Short holes are closed by the edges' courses on both sides. Where a band is so narrow that the line
    inside it hides most of it, the outermost ink beside the line tells its edge; where there is none beyond
    the line's own rim, the edge is somewhere between the line's middle and its rim.
    """
    seen = area.columns
    x = np.arange(seen[0], seen[-1] + 1)
    low, high = (_with_ends(_bridged(edge[x])) for edge in (area.bottom, area.top))
    line = _line_inside(x + filled.left, low + filled.top, high + filled.top, lines)
    if line is not None:
        x, low, high = _led_on(x, low, high, line, filled)
        inner = _inner(line, x, filled)
        low, high = _beside(low, inner, x, filled, 1), _beside(high, inner, x, filled, -1)
    there = np.isfinite(low) & np.isfinite(high)
    return (
        x[there].astype(np.float64) + filled.left,
        low[there] + filled.top,
        high[there] + filled.top,
    )


def path_at(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Height of a path at given columns, NaN beyond its ends."""
    seen = np.isfinite(y)
    if np.count_nonzero(seen) < 2:
        return np.full(at.shape, np.nan)
    order = np.argsort(x[seen], kind="stable")
    return np.interp(at, x[seen][order], y[seen][order], left=np.nan, right=np.nan)


def _bridged(edge: FloatArray) -> FloatArray:
    """An edge (one value a column) with short holes closed by its courses on both sides."""
    hole = ~np.isfinite(edge)
    if not hole.any():
        return edge
    edge = edge.copy()
    change = np.flatnonzero(np.diff(hole.astype(np.int8)))
    starts, stops = change[hole[change + 1]] + 1, change[hole[change]] + 1
    for start, stop in zip(starts, stops[stops > starts[:1]], strict=False):
        before, after = edge[max(0, start - COURSE) : start], edge[stop : stop + COURSE]
        if stop - start > SHORT_HOLE or not (np.isfinite(before).all() and np.isfinite(after).all()):
            continue
        at = np.arange(1.0, stop - start + 1)
        onward = before[-1] + _slope(before) * at
        backward = after[0] - _slope(after) * at[::-1]
        share = at / (stop - start + 1)
        edge[start:stop] = (1 - share) * onward + share * backward
    return edge


def _with_ends(edge: FloatArray) -> FloatArray:
    """An edge with its first and last columns, which a band fills in part, from its course."""
    if edge.size <= 2 * COURSE + 2:
        return edge
    return _with_start(_with_start(edge)[::-1])[::-1]


def _with_start(edge: FloatArray) -> FloatArray:
    """An edge with its first column from its course, and the next ones where these leave a straight one."""
    edge = edge.copy()
    edge[:1] = _onward(edge[1:], 1)
    inside = edge[END_STROKE : END_STROKE + 2 * COURSE]
    if inside.size < 2 * COURSE or not np.isfinite(inside).all():
        return edge
    at = np.arange(END_STROKE, END_STROKE + inside.size)
    slope, level = (float(v) for v in np.polyfit(at, inside, 1))
    if np.abs(inside - level - slope * at).max() > STRAIGHT_PX * max(1.0, abs(slope)):
        return edge
    onward = level + slope * np.arange(END_STROKE)
    astray = np.flatnonzero(np.abs(edge[:END_STROKE] - onward) > ASTRAY_PX * max(1.0, abs(slope)))
    if astray.size:
        edge[: astray[-1] + 1] = onward[: astray[-1] + 1]
    return edge


def _onward(edge: FloatArray, n: int) -> FloatArray:
    """``n`` columns before an edge's first one, by its course there."""
    course = edge[: COURSE + 1]
    return np.asarray(course[0] - _slope(course) * np.arange(n, 0, -1.0))


def _slope(edge: FloatArray) -> float:
    return float(edge[-1] - edge[0]) / max(edge.size - 1, 1)


def _line_inside(x: IntArray, low: FloatArray, high: FloatArray, lines: Sequence[Trace]) -> Trace | None:
    """The line that runs inside a band, where there is one."""
    seen = np.isfinite(low) & np.isfinite(high)
    best, most = None, INSIDE_SHARE
    for line in lines:
        if line.kind not in ("line", "scatter"):
            continue
        along = path_at(line.x_px, line.y_px, x.astype(np.float64))
        with np.errstate(invalid="ignore"):
            inside = float(np.mean(((along >= high - 1) & (along <= low + 1))[seen]))
        if inside >= most:
            best, most = line, inside
    return best


def _led_on(
    x: IntArray, low: FloatArray, high: FloatArray, line: Trace, filled: Filled
) -> tuple[IntArray, FloatArray, FloatArray]:
    """A band's columns with those beyond in which its line runs on."""
    ends = line.x_px[np.isfinite(line.y_px)]
    first, last = int(np.ceil(ends.min() - filled.left)), int(np.floor(ends.max() - filled.left))
    most = max(1, round(BEYOND_SHARE * x.size))
    before = max(0, int(x[0]) - max(first, 0)) if x[0] - first <= most else 0
    width = filled.fills.index.shape[1]
    after = max(0, min(last, width - 1) - int(x[-1])) if last - x[-1] <= most else 0
    whole = np.arange(x[0] - before, x[-1] + after + 1)
    hole = (before, after)
    low, high = (np.pad(edge, hole, constant_values=np.nan) for edge in (low, high))
    for edge in (low, high):
        if 0 < before <= SHORT_END:
            edge[:before] = _onward(edge[before:], before)
        if 0 < after <= SHORT_END:
            edge[-after:] = _onward(edge[:-after][::-1], after)[::-1]
    return whole, low, high


def _inner(line: Trace, x: IntArray, filled: Filled) -> _Inner:
    at = x.astype(np.float64) + filled.left
    y = path_at(line.x_px, line.y_px, at) - filled.top
    known = np.isfinite(y)
    slope = np.zeros(x.size)
    if known.sum() > 1:
        slope[known] = np.gradient(y[known], at[known])
    steep = np.hypot(1.0, slope)
    return _Inner(y=y, half=line.line_width_px / 2 * steep, steep=steep)


def _beside(edge: FloatArray, inner: _Inner, x: IntArray, filled: Filled, outward: int) -> FloatArray:
    """An edge where it was seen clear of the line; elsewhere by the outermost ink beside the line."""
    away = outward * (edge - inner.y)
    unsure = np.isfinite(inner.y) & ~(away > inner.half + NEAR_RIM_PX * inner.steep)
    columns = np.flatnonzero(unsure)
    if not columns.size:
        return edge
    height = filled.fills.ink.shape[0]
    edge = edge.copy()
    reach = np.arange(height)
    start = np.clip(np.round(inner.y[columns]), 0, height - 1).astype(int)
    rows = start[:, None] + outward * reach[None]
    bare = (
        ~filled.fills.ink[np.clip(rows, 0, height - 1), x[columns][:, None]] | (rows < 0) | (rows >= height)
    )
    beyond = bare.argmax(axis=1) - 0.5 + outward * (start - inner.y[columns])
    half, steep = inner.half[columns], inner.steep[columns]
    sliver = beyond - half
    is_own = (sliver > RIM_ONLY_PX * steep) & (sliver < FARTHEST_PX * steep)
    edge[columns] = inner.y[columns] + outward * np.where(is_own, beyond, half / 2)
    return edge
