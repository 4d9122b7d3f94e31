"""Read areas whose upper edge is an even staircase as bars that touch: histograms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.areas.find import is_level
from digitizer.stages.pixels.true_runs import true_runs

# A tread is level from column to column to this (px); two treads or more apart make a step.
LEVEL_PX = 0.6
# So many steps, and treads over this share of the area, are a staircase.
FEWEST_STEPS = 4
TREAD_SHARE = 0.7
# Steps stand on the grid of the bins to this (px), this share of them.
ON_GRID_PX = 1.0
ON_GRID_SHARE = 0.95
# Bars whose gap is narrower (px) touch.
TOUCHING_PX = 1.5
# Narrower bins (px) than this are no bars ...
NARROWEST_PX = 3.0
# ... and a grid on which that many steps would stand by chance as often as this is none.
CHANCE = 1e-4
# Edges of fills that are snapped to whole pixels.
EDGE_SIGMA_PX = 0.29


def do_touch(bars: Sequence[Trace], widest: float = TOUCHING_PX) -> bool:
    """Whether a panel's bars stand side by side: of those that end alike some may be taken for one.

    Most gaps between them are no wider than ``widest`` (px).
    """
    if len(bars) != 1 or bars[0].orientation != "vertical" or bars[0].x_px.size < 2:
        return False
    gaps = np.diff(np.sort(bars[0].x_px)) - bars[0].line_width_px
    return bool(np.mean(gaps <= widest) >= 0.5)


def as_histogram(band: Trace) -> Trace | None:
    """The bars that make up an area on a level base; None where its upper edge is no even staircase.

    Parameters
    ----------
    band : Trace
        An area in source pixels, a point a column.
    """
    if band.y_low_px is None or band.y_high_px is None or not is_level(band.y_low_px):
        return None
    x, high = band.x_px, band.y_high_px
    base = float(np.median(band.y_low_px))
    first, last = float(x[0]) - 0.5, float(x[-1]) + 0.5
    steps = _steps(x, high)
    n_bins = _count_bins(steps, first, last)
    if n_bins is None:
        return None
    first, width = _fit_bins(steps, first, (last - first) / n_bins)
    center = np.asarray(first + width * (np.arange(n_bins) + 0.5), dtype=np.float64)
    height = np.full(n_bins, base)
    for k, middle in enumerate(center):
        inside = np.abs(x - middle) <= max(0.5, width / 2 - 1.0)
        # Where a bin is empty the area has no columns.
        if inside.any():
            height[k] = float(np.median(high[inside]))
    return Trace(
        kind="bar",
        color=band.color,
        x_px=center,
        y_px=height,
        sigma_px=np.full(n_bins, EDGE_SIGMA_PX),
        sampled_at="markers",
        line_style="none",
        line_width_px=width,
        base_px=np.full(n_bins, base),
    )


def _fit_bins(steps: FloatArray, first: float, width: float) -> tuple[float, float]:
    """Where bins begin and how wide they are by all steps: both ends alone are on whole pixels."""
    place = np.round((steps - first) / width)
    on_grid = np.abs(steps - first - place * width) <= ON_GRID_PX
    if np.unique(place[on_grid]).size < FEWEST_STEPS:
        return first, width
    slope, begin = np.polyfit(place[on_grid], steps[on_grid], 1)
    return float(begin), float(slope)


def _steps(x: FloatArray, high: FloatArray) -> FloatArray:
    """Where an edge steps from one tread to the next; nothing where most of it is no tread."""
    level = (np.abs(np.diff(high)) <= LEVEL_PX) & (np.diff(x) <= 1.0)
    starts, ends = true_runs(level)
    if len(starts) < 2 or float(np.sum(ends - starts + 1)) < TREAD_SHARE * len(x):
        return np.empty(0)
    at = (x[ends[:-1]] + x[starts[1:]]) / 2
    # Bins that are empty leave a gap with a step at each of its ends.
    gap = x[starts[1:]] - x[ends[:-1]] > 2.0
    rims = np.concatenate([x[ends[:-1]][gap] + 0.5, x[starts[1:]][gap] - 0.5])
    return np.sort(np.concatenate([at[~gap], rims]))


def _count_bins(steps: FloatArray, first: float, last: float) -> int | None:
    """The fewest bins on whose grid the steps stand; None where no grid tells itself from chance."""
    if len(steps) < FEWEST_STEPS:
        return None
    for n_bins in range(2, int((last - first) / NARROWEST_PX) + 1):
        width = (last - first) / n_bins
        place = (steps - first) / width
        on_grid = np.abs(place - np.round(place)) * width <= ON_GRID_PX
        if np.mean(on_grid) >= ON_GRID_SHARE:
            chance = min(1.0, 2 * ON_GRID_PX / width) ** len(steps)
            return n_bins if chance <= CHANCE else None
    return None
