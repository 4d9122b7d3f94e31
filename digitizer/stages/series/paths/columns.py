"""One point a column along a tracked path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import quantile
from digitizer.stages.series.paths.runs import Runs

# Error of columns by what their neighbourhood shows (54,000 columns of drawn curves, clean, JPEG and
# resampled, fitted as a robust likelihood, a quarter added for tails): a constant, a share of the bend
# between neighbours, of the extent beyond what the slope makes, and of the slope (x is not exact).
BASE_SIGMA = 0.035
BEND_SIGMA = 0.25
EXCESS_SIGMA = 0.3
SLOPE_SIGMA = 0.012
# A run's end that stands out this far (px) from both neighbours' is a peak; anti-aliasing makes 0.2.
LEAST_TURN = 0.5
# A stroke's width is taken from whole columns where there are so many, and this share of all.
FEWEST_WHOLE = 20
WHOLE_SHARE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """A line by columns in crop coordinates; ``top`` and ``bottom`` are its ink's edges there."""

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    top: FloatArray
    bottom: FloatArray
    width: float

    @property
    def slope(self) -> FloatArray:
        """Steepness at each column (px per px)."""
        if self.x.size < 2:
            return np.zeros_like(self.x)
        return np.asarray(np.gradient(self.y, self.x))


def stroke_width(runs: Runs, chosen: NDArray[np.intp]) -> float:
    """Width of the stroke a path follows (px): its vertical extent, corrected for slope.

    Notes
    -----
    Markers thicken it and steep columns lengthen it, so the lower quartile over the path is taken. Of the
    slopes on both sides the steeper one counts: at the tips of noise the mean of both is level. Columns that
    other strokes cut are left out where enough are whole.
    """
    if chosen.size == 0:
        return 1.0
    extent = runs.mass[chosen]
    slope = np.zeros(chosen.size)
    if chosen.size > 1:
        side = np.abs(np.diff(runs.center[chosen]) / np.diff(runs.column[chosen]))
        slope = np.maximum(np.r_[side[0], side], np.r_[side, side[-1]])
    whole = ~(runs.cut_top[chosen] | runs.cut_bottom[chosen])
    if whole.sum() < max(FEWEST_WHOLE, WHOLE_SHARE * whole.size):
        whole[:] = True
    return float(max(0.5, quantile((extent / np.hypot(1.0, slope))[whole], 0.25)))


def follow_columns(runs: Runs, chosen: NDArray[np.intp], width: float) -> Path:
    """Turn a chain of runs into points, one a column.

    Notes
    -----
    A run holds the stroke's whole course through its column. Where the path passes through, the middle
    of the run is the line at the column's centre; where it turns back within a column (a spike) the line
    visits the far end of the run, half a stroke inside. Edges that another stroke cuts are replaced from
    the other edge and the neighbours' extent.
    """
    x = runs.column[chosen].astype(np.float64)
    top, bottom = runs.top[chosen].copy(), runs.bottom[chosen].copy()
    cut_top, cut_bottom = runs.cut_top[chosen], runs.cut_bottom[chosen]
    sigma = np.hypot(BASE_SIGMA, runs.unsure[chosen])
    whole = ~(cut_top | cut_bottom)
    if whole.any() and not whole.all():
        extent = np.interp(x, x[whole], (bottom - top)[whole])
        lost = np.maximum(extent - (bottom - top), 0.0)
        top = np.where(cut_top & ~cut_bottom, np.minimum(top, bottom - extent), top)
        bottom = np.where(cut_bottom & ~cut_top, np.maximum(bottom, top + extent), bottom)
        sigma = np.where(whole, sigma, sigma + 0.25 * lost + 0.1)
    center = (top + bottom) / 2
    y = _turn(x, center, top, bottom, width)
    slope = np.gradient(y, x) if x.size > 1 else np.zeros_like(y)
    excess = np.maximum(bottom - top - width * np.hypot(1.0, slope), 0.0)
    turning = np.hypot(BEND_SIGMA * _bend(x, y), EXCESS_SIGMA * excess)
    sigma = np.hypot(np.hypot(sigma, SLOPE_SIGMA * slope), turning)
    return Path(x=x, y=y, sigma=sigma, top=top, bottom=bottom, width=width)


def _bend(x: FloatArray, y: FloatArray) -> FloatArray:
    """How far neighbouring columns are from a straight course (px), the worst of each three."""
    if x.size < 3:
        return np.zeros_like(y)
    between = (y[:-2] * (x[2:] - x[1:-1]) + y[2:] * (x[1:-1] - x[:-2])) / (x[2:] - x[:-2])
    return worst_of_three(2.0 * np.abs(y[1:-1] - between))


def worst_of_three(inner: FloatArray) -> FloatArray:
    """The largest of each value (n - 2, all but the first and the last) and its neighbours (n)."""
    off = np.pad(inner, 1, mode="edge")
    return np.asarray(np.maximum(off, np.maximum(np.r_[off[0], off[:-1]], np.r_[off[1:], off[-1]])))


def _turn(x: FloatArray, center: FloatArray, top: FloatArray, bottom: FloatArray, width: float) -> FloatArray:
    """Where the path turns back within a column, its far end instead of its middle."""
    n = x.size
    if n < 3:
        return center
    high, low = top + width / 2, bottom - width / 2
    long = low - high > 0.5
    up = prominence(x, -top)
    down = prominence(x, bottom)
    turned = (np.maximum(up, down) > LEAST_TURN) & long
    return np.where(turned, np.where(up >= down, high, low), center)


def prominence(x: FloatArray, value: FloatArray) -> FloatArray:
    """How far each value stands out from those within two columns, on the side where it does so less.

    Zero where a direct neighbour stands out more: a peak may be two columns wide, a slope is none.
    """
    n = x.size
    padded = np.pad(value, 2, mode="edge")
    column = np.pad(x, 2, mode="reflect", reflect_type="odd")
    sides = []
    highest = np.full(n, -np.inf)
    for sign in (-1, 1):
        drop = np.full(n, -np.inf)
        for k in (1, 2):
            other = padded[2 + sign * k : 2 + sign * k + n]
            near = np.abs(column[2 + sign * k : 2 + sign * k + n] - x) <= 2.5
            drop = np.maximum(drop, np.where(near, value - other, -np.inf))
            if k == 1:
                highest = np.maximum(highest, np.where(near, other, -np.inf))
        sides.append(drop)
    least = np.minimum(sides[0], sides[1])
    return np.where(np.isfinite(least) & (value > highest - LEAST_TURN), least, 0.0)


def wide_gaps(path: Path, widest: float, excused: Mask) -> FloatArray:
    """Begin and end (n, 2) of the gaps wider than ``widest`` (three times as wide under other strokes)."""
    wide = np.flatnonzero(np.diff(path.x) > np.where(excused, 3 * widest, widest))
    return np.stack([path.x[wide], path.x[wide + 1]], axis=1)


def thinnest_width(path: Path) -> float:
    """A line's width where it is thinnest: between markers that touch."""
    return quantile((path.bottom - path.top) / np.hypot(1.0, path.slope), 0.05)


def width_between(path: Path, x: FloatArray, size: float) -> float:
    """A line's width between markers of ``size`` (half their extent, px) at ``x``, where columns show it."""
    slope = path.slope
    free = np.abs(path.x[:, None] - x[None, :]).min(axis=1) > size * 1.1 + 0.6
    if free.sum() >= 5:
        extent = (path.bottom - path.top)[free] / np.hypot(1.0, slope[free])
        return float(np.clip(np.median(extent), 0.6, 2 * size))
    return float(np.clip(path.width, 0.6, 0.6 * size))


def split_gaps(
    x: FloatArray, y: FloatArray, sigma: FloatArray, gaps: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Put a point without y into gaps."""
    middle = gaps.mean(axis=1)
    at = np.searchsorted(x, middle)
    hole = np.full(at.size, np.nan)
    return np.insert(x, at, middle), np.insert(y, at, hole), np.insert(sigma, at, hole)
