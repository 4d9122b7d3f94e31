"""Dash patterns along a path."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import quantile
from digitizer.stages.series.paths.columns import BEND_SIGMA, Path, worst_of_three

# Fewer gaps than this are chance: crossings, hidden stretches.
FEWEST = 4
# Gap lengths of one pattern spread by rounding and by vertices; other gaps spread by more.
SPREAD = 0.45
# A dot is at most this long, in stroke widths (dots are 1 wide; round caps and smear lengthen them).
DOT = 2.9
# So many strokes whose sizes and gaps spread by no more than this share (half of them; 0.02 in dotted lines
# over dense ones) are a pattern, whatever shows between them.
# Gaps are this many strokes long at most: a grid line shows as evenly, but more rarely, between bars.
MANY = 8
EVEN = 0.1
WIDEST_GAP = 4.0
# Strokes no longer than this many widths are told by their middles alone: a slanting one has no column that
# its ends do not cut.
SHORT = 2.5
# Pieces wider than this many of their lengths lie across the line: no strokes of it.
ACROSS = 2.0
# Error (px) of the middle of such a stroke: two thirds of 1,562 drawn dots are within it.
MIDDLE_SIGMA = 0.1
# Beside a chord a place is this many times as far off along y at most: its x is not exact either.
STEEPEST = 5.0
# Columns hold the whole stroke from this far (px) inside the reach of its slanting end.
INSIDE_PX = 1.0
# Variance of a place that is only known by its pixel (px^2; Sheppard).
PIXEL_VARIANCE = 1.0 / 12.0
# Ink of neighbouring columns this far apart (px) belongs to two strokes.
PARTED_PX = 1.5
# Dash-dot: long strokes are at least this many times the short ones (6.4 in matplotlib, 4 in Excel).
LONG_TO_SHORT = 1.9


@dataclass(frozen=True, slots=True, kw_only=True)
class DashPattern:
    """A line style and its period along the path (px; 0 where solid), with the usual gap.

    ``width`` is the stroke's where its strokes are short, so that columns do not tell it; else 0.
    """

    style: str
    period: float = 0.0
    gap: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strokes:
    """The strokes of a broken line (n each): columns, middles, directions and sizes in crop coordinates.

    Attributes
    ----------
    group
        For each column of the path which stroke it is of.
    x, y
        The centroid of the ink (px).
    along
        Direction (n, 2) of the line at each, a unit vector with x >= 0 or straight down.
    length, width
        Along the line and across it (px), as of rectangles with the ink's second moments.
    """

    group: NDArray[np.intp]
    x: FloatArray
    y: FloatArray
    along: FloatArray
    length: FloatArray
    width: FloatArray


SOLID = DashPattern(style="solid")


def measure_strokes(path: Path) -> Strokes:
    """Sizes and middles of a path's strokes by the moments of their ink.

    Notes
    -----
    A slanting dot is cut by its ends in every column: its columns tell neither the line's height nor its
    width, its centroid and, across the direction in which the strokes follow each other, its variance do.
    """
    group = np.r_[0, np.cumsum(are_apart(path))]
    height = np.maximum(path.bottom - path.top, 1e-3)
    middle = (path.top + path.bottom) / 2
    total = np.bincount(group, height)
    x, y = (np.bincount(group, height * c) / total for c in (path.x, middle))
    along = np.ones((x.size, 2)) * [1.0, 0.0]
    if x.size > 1:
        step = np.stack([np.gradient(x), np.gradient(y)], axis=1)
        along = step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    dx, dy = path.x - x[group], middle - y[group]
    across, down, both = (
        np.bincount(group, height * v) / total for v in (dx**2, dy**2 + height**2 / 12.0, dx * dy)
    )
    # Columns stand for all of their width, and fall on the ink by chance.
    across = np.maximum(across - PIXEL_VARIANCE, PIXEL_VARIANCE * 1e-3)
    u, v = along.T
    length = np.sqrt(12.0 * np.maximum(u * u * across + 2 * u * v * both + v * v * down, 0.0))
    width = np.sqrt(12.0 * np.maximum(v * v * across - 2 * u * v * both + u * u * down, 0.0))
    return Strokes(group=group, x=x, y=y, along=along, length=length, width=width)


def read_dashes(path: Path, width: float, excused: Mask) -> DashPattern:
    """Tell the dash pattern from the columns where a path has ink.

    Parameters
    ----------
    path
        The columns with ink, by rising x, and their ink's edges.
    width
        The stroke's width (px) by its columns.
    excused
        For each step from column i to i + 1 (size n - 1), whether other ink or text hides what is between.
    """
    if path.x.size < 6:
        return SOLID
    apart = are_apart(path)
    if apart.sum() < FEWEST:
        return SOLID
    strokes = measure_strokes(path)
    between = np.hypot(np.diff(strokes.x), np.diff(strokes.y))
    gaps = between - (strokes.length[1:] + strokes.length[:-1]) / 2
    is_gap = ~excused[apart]
    if is_gap.sum() < apart.sum() and _is_pattern(strokes.length, gaps):
        is_gap[:] = True  # What hides a line leaves no even pieces: the line lies on top.
    if is_gap.sum() < FEWEST:
        return SOLID
    gaps = gaps[is_gap]
    # Strokes at the ends and beside hidden stretches are cut.
    whole = np.ones(strokes.x.size, dtype=bool)
    whole[[0, -1]] = False
    whole[:-1] &= is_gap
    whole[1:] &= is_gap
    gap = float(np.median(gaps))
    regular = float(np.median(np.abs(gaps - gap))) < SPREAD * gap + 0.5
    share = gaps.sum() / max(float(between.sum()), 1.0)
    if not regular or whole.sum() < FEWEST - 1 or share < 0.08:
        return SOLID
    lengths, own = strokes.length[whole], float(np.median(strokes.width[whole]))
    if own > ACROSS * float(np.median(lengths)):
        return SOLID
    short = float(np.median(lengths)) <= SHORT * own
    pattern = _name(lengths, gap, own if short else width)
    return replace(pattern, width=own if short else 0.0)


def middle_sigma(x: FloatArray, y: FloatArray, own: FloatArray | float = MIDDLE_SIGMA) -> FloatArray:
    """Deviation (px) along y of the middles of strokes in their order: their own, and what bends hide."""
    off = np.zeros(x.size)
    if x.size > 2:
        dx, dy = x[2:] - x[:-2], y[2:] - y[:-2]
        chord = np.maximum(np.hypot(dx, dy), 1e-6)
        beside = np.abs(dx * (y[1:-1] - y[:-2]) - dy * (x[1:-1] - x[:-2])) / chord
        off = worst_of_three(2.0 * beside * chord / np.maximum(np.abs(dx), chord / STEEPEST))
    return np.asarray(np.hypot(own, BEND_SIGMA * off))


def _is_pattern(lengths: FloatArray, gaps: FloatArray) -> bool:
    """Whether strokes follow each other so evenly that nothing but a pattern parts them."""
    close = float(np.median(gaps)) <= WIDEST_GAP * float(np.median(lengths))
    return gaps.size >= MANY and close and _is_even(lengths) and _is_even(gaps)


def _is_even(sizes: FloatArray) -> bool:
    """Whether sizes are alike, but for some of them."""
    usual = float(np.median(sizes))
    return usual > 0 and float(np.median(np.abs(sizes - usual))) < EVEN * usual


def are_apart(path: Path) -> Mask:
    """Whether a stroke ends between a column and the next; on steep stretches they part between rows."""
    parted = np.maximum(path.top[1:] - path.bottom[:-1], path.top[:-1] - path.bottom[1:]) > PARTED_PX
    return np.asarray((np.diff(path.x) > 1) | parted)


def by_strokes(path: Path) -> Path:
    """A broken line by what its strokes show whole.

    Returns
    -------
    Path
        The middle of each short stroke, the columns of long ones that their slanting ends do not cut, and the
        outer ends of the first and the last stroke.
    """
    if path.x.size < 2:
        return path
    strokes = measure_strokes(path)
    n = strokes.x.size
    slant = np.abs(strokes.along[:, 1])
    index = np.arange(path.x.size)
    first = np.searchsorted(strokes.group, np.arange(n))
    last = np.r_[first[1:], index.size] - 1
    inside = path.width / 2 * slant + INSIDE_PX
    begin, end = (path.x[first] - 0.5 + inside)[strokes.group], (path.x[last] + 0.5 - inside)[strokes.group]
    keep = (path.x >= begin) & (path.x <= end) & (strokes.length > SHORT * path.width)[strokes.group]
    by_middle = np.bincount(strokes.group, keep, n) < 2
    keep &= ~by_middle[strokes.group]
    sigma = middle_sigma(strokes.x, strokes.y)
    half = strokes.length[[0, -1]] / 2 * np.array([-1.0, 1.0])
    ends_x, ends_y = (
        c[[0, -1]] + half * strokes.along[[0, -1], k] for k, c in enumerate((strokes.x, strokes.y))
    )
    x = np.r_[path.x[keep], strokes.x[by_middle], ends_x]
    y = np.r_[path.y[keep], strokes.y[by_middle], ends_y]
    reach = np.r_[(path.bottom - path.top)[keep] / 2, np.full(x.size - keep.sum(), path.width / 2)]
    spread = np.r_[path.sigma[keep], sigma[by_middle], sigma[[0, -1]]]
    order = np.argsort(x, kind="stable")
    x, y, reach, spread = x[order], y[order], reach[order], spread[order]
    return Path(x=x, y=y, sigma=spread, top=y - reach, bottom=y + reach, width=path.width)


def _name(strokes: FloatArray, gap: float, width: float) -> DashPattern:
    ordered = np.sort(strokes)
    longest, shortest = quantile(ordered, 0.8), quantile(ordered, 0.2)
    period = float(np.mean(strokes)) + gap
    if shortest < DOT * max(width, 1.0) + 1 and longest > LONG_TO_SHORT * shortest and _alternates(strokes):
        return DashPattern(style="dashdot", period=2 * period, gap=gap)
    if float(np.median(strokes)) <= DOT * max(width, 1.0):
        return DashPattern(style="dotted", period=period, gap=gap)
    return DashPattern(style="dashed", period=period, gap=gap)


def _alternates(strokes: FloatArray) -> bool:
    """Whether long and short strokes take turns (a cut dash here and there does not)."""
    middle = (quantile(strokes, 0.15) + quantile(strokes, 0.85)) / 2
    long = strokes > middle
    return bool(np.mean(long[1:] != long[:-1]) > 0.6)
