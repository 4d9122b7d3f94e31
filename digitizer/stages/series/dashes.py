"""Dash patterns along a path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.columns import Path

# Fewer gaps than this are chance: crossings, hidden stretches.
FEWEST = 4
# Gap lengths of one pattern spread by rounding and by vertices; other gaps spread by more.
SPREAD = 0.45
# A dot is at most this long, in stroke widths (dots are 1 wide; round caps and smear lengthen them).
DOT = 2.9
# Ink of neighbouring columns this far apart (px) belongs to two strokes.
PARTED_PX = 1.5
# Dash-dot: long strokes are at least this many times the short ones (6.4 in matplotlib, 4 in Excel).
LONG_TO_SHORT = 1.9


@dataclass(frozen=True, slots=True, kw_only=True)
class DashPattern:
    """A line style and its period along the path (px; 0 where solid), with the usual gap."""

    style: str
    period: float = 0.0
    gap: float = 0.0


SOLID = DashPattern(style="solid")


def read_dashes(path: Path, width: float, excused: Mask) -> DashPattern:
    """Tell the dash pattern from the columns where a path has ink.

    Parameters
    ----------
    path
        The columns with ink, by rising x, and their ink's edges.
    width
        The stroke's width (px).
    excused
        For each step from column i to i + 1 (size n - 1), whether other ink or text hides what is between.
    """
    x, y = path.x, path.y
    if x.size < 6:
        return SOLID
    apart = are_apart(path)
    step = np.hypot(np.diff(x), np.diff(y))
    is_gap = apart & ~excused
    if is_gap.sum() < FEWEST:
        return SOLID
    arc = np.r_[0.0, np.cumsum(step)]
    gaps = step[is_gap] - 1.0
    starts = np.r_[0, np.flatnonzero(apart) + 1]
    ends = np.r_[np.flatnonzero(apart), x.size - 1]
    strokes = arc[ends] - arc[starts] + 1.0
    # Strokes at the ends and beside hidden stretches are cut.
    hidden = np.flatnonzero(apart & excused)
    whole = np.ones(strokes.size, dtype=bool)
    whole[[0, -1]] = False
    whole[np.isin(ends, hidden) | np.isin(starts, hidden + 1)] = False
    gap = float(np.median(gaps))
    regular = float(np.median(np.abs(gaps - gap))) < SPREAD * gap + 0.5
    share = gaps.sum() / max(float(arc[-1]), 1.0)
    if not regular or whole.sum() < FEWEST - 1 or share < 0.08:
        return SOLID
    return _name(strokes[whole], gap, width)


def are_apart(path: Path) -> Mask:
    """Whether a stroke ends between a column and the next; on steep stretches they part between rows."""
    parted = np.maximum(path.top[1:] - path.bottom[:-1], path.top[:-1] - path.bottom[1:]) > PARTED_PX
    return np.asarray((np.diff(path.x) > 1) | parted)


def by_strokes(path: Path) -> Path:
    """One point a stroke, its centre: a dot's columns are cut by its ends, its middle is not."""
    if path.x.size < 2:
        return path
    group = np.r_[0, np.cumsum(are_apart(path))]
    weight = np.maximum(path.bottom - path.top, 1e-3)
    total = np.bincount(group, weight)
    columns = (path.x, path.y, path.sigma, path.top, path.bottom)
    x, y, sigma, top, bottom = (np.bincount(group, weight * c) / total for c in columns)
    return Path(x=x, y=y, sigma=sigma, top=top, bottom=bottom, width=path.width)


def _name(strokes: FloatArray, gap: float, width: float) -> DashPattern:
    ordered = np.sort(strokes)
    longest, shortest = float(np.quantile(ordered, 0.8)), float(np.quantile(ordered, 0.2))
    period = float(np.mean(strokes)) + gap
    if shortest < DOT * max(width, 1.0) + 1 and longest > LONG_TO_SHORT * shortest and _alternates(strokes):
        return DashPattern(style="dashdot", period=2 * period, gap=gap)
    if float(np.median(strokes)) <= DOT * max(width, 1.0):
        return DashPattern(style="dotted", period=period, gap=gap)
    return DashPattern(style="dashed", period=period, gap=gap)


def _alternates(strokes: FloatArray) -> bool:
    """Whether long and short strokes take turns (a cut dash here and there does not)."""
    middle = float(np.quantile(strokes, 0.15) + np.quantile(strokes, 0.85)) / 2
    long = strokes > middle
    return bool(np.mean(long[1:] != long[:-1]) > 0.6)
