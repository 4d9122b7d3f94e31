"""Where a line's markers stand: those that were found, and on a step grid those between and beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.medians import quantile
from digitizer.stages.series.inks.ink import Ink
from digitizer.stages.series.markers.find import Blobs, MarkerShape
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.steps import FEWEST, FEWEST_FITTED, MAX_RESIDUAL, Steps, find_steps

# Ink this near (px) to a side of the frame goes on to it.
BESIDE_PX = 1.5
# Combs are known to this share of a step: a tenth of a pixel decides on a marker that stands on a side.
RULER_SLACK = 0.1
# Wider grids have up to so many times the step, and so many steps at least.
MOST_WIDER, FEWEST_WIDER = 12, 5
# A line bends by this much (px) at three of four places of the wider grid, and by so many times what it does
# at nine of ten of those between (16 times where an eighth was taken for the step, below 1 on right grids).
BEND_PX = 2.0
CLEARLY = 4.0

# A line is straight between two markers: so many columns of it tell where it goes on.
FEWEST_STRAIGHT = 6
# Places that differ by less than this (px) are one.
SAME_PX = 1.0

# Places by rising x and their heights (px), and the numbers of their steps where these make a grid.
Places = tuple[FloatArray, FloatArray, FloatArray | None]


def every_other(places: Places) -> list[Places]:
    """The two grids of twice the step; none where places are no grid."""
    x, y, steps = places
    if steps is None:
        return []
    halves = [steps % 2 == odd for odd in (0, 1)]
    return [(x[half], y[half], np.floor(steps[half] / 2)) for half in halves]


def is_straight_between(x: FloatArray, y: FloatArray) -> bool:
    """Whether a line bends only at every so many of its markers, by rising x: those between are the line.

    The steep line between two markers looks like markers where it is nearly as thick as they are wide.
    """
    if x.size < 2 * FEWEST_WIDER + 1:
        return False
    rise = np.hypot(1.0, (y[2:] - y[:-2]) / np.maximum(x[2:] - x[:-2], 1e-6))
    bend = np.abs(y[2:] - 2 * y[1:-1] + y[:-2]) / rise
    large, number = bend > BEND_PX, np.arange(bend.size)
    for wider in range(2, min(MOST_WIDER, bend.size // FEWEST_WIDER) + 1):
        for first in range(wider):
            # Cheaper than a quantile: where it is large most bends are.
            if 2 * np.count_nonzero(large[first::wider]) <= large[first::wider].size:
                continue
            at = number % wider == first
            low, others = quantile(bend[at], 0.25), bend[~at]
            # Nor is a quantile needed where too few of the others are small enough.
            few = np.count_nonzero(CLEARLY * others < low) <= 0.9 * (others.size - 1)
            if low > BEND_PX and not few and low > CLEARLY * float(np.quantile(others, 0.9)):
                return True
    return False


def place_markers(
    ink: Ink, blobs: Blobs, path: Path, shape: MarkerShape, sides: Steps | None = None
) -> Places:
    """Marker centres by rising x: on the step grid where there is one.

    Parameters
    ----------
    ink
        The panel's ink, whose sides cut markers.
    blobs
        Where markers were found (crop coordinates).
    path
        The line that they stand on.
    shape
        How they look.
    sides
        The comb that their sides tell, where they are squares: they stand on it if their middles tell none.

    Returns
    -------
    tuple
        Places and heights (px), and the numbers of the steps where places are a step grid, else None.
    """
    order = np.argsort(blobs.x)
    x, y = blobs.x[order], blobs.y[order]
    steps = find_steps(x) or sides or _steps_onto_sides(ink, x, path)
    return place_freely(blobs) if steps is None else _on_steps(ink, x, y, path, shape, steps)


def _steps_onto_sides(ink: Ink, x: FloatArray, path: Path) -> Steps | None:
    """The comb of few markers at even distances, the next of which stand on the sides, cut in half."""
    if not 3 <= x.size < FEWEST:
        return None
    k = np.arange(x.size)
    period, origin = (float(v) for v in np.polyfit(k, x, 1))
    if period < 1.0 or np.abs(origin + period * k - x).max() > MAX_RESIDUAL:
        return None
    half = (ink.frame_line + 1.0) / 2 + BESIDE_PX + MAX_RESIDUAL
    on_left = path.x[0] < BESIDE_PX and abs(origin - period) < half
    on_right = path.x[-1] > ink.width - 1 - BESIDE_PX
    on_right &= abs(origin + period * x.size - (ink.width - 1)) < half
    enough = x.size + int(on_left) + int(on_right) >= FEWEST
    return Steps(origin=origin, period=period) if enough else None


def place_freely(blobs: Blobs) -> Places:
    """Marker centres by rising x where they were found, on no grid."""
    order = np.argsort(blobs.x)
    x, y = blobs.x[order], blobs.y[order]
    keep = np.r_[True, np.diff(x) > 0.5]
    return x[keep], y[keep], None


def place_again(
    ink: Ink, fitted: tuple[FloatArray, FloatArray], path: Path, shape: MarkerShape
) -> Places | None:
    """Marker centres on the step grid that fitted ones stand on, by rising x; None where they are on none.

    Renderers put markers on whole pixels, and pictures are enlarged: the lines between tell places better.
    """
    x, y = fitted
    steps = find_steps(x) if x.size >= FEWEST_FITTED else None
    return None if steps is None else _on_steps(ink, x, y, path, shape, steps)


def place_on_sides(
    ink: Ink, blobs: Blobs, path: Path, shape: MarkerShape, steps: Steps, places: Places
) -> Places | None:
    """Marker centres on the steps that squares' sides tell; None where they stand on them as they are."""
    x, _, on_grid = places
    k = steps.nearest(x)
    near = np.abs(x - steps.position(k)) < SAME_PX
    if on_grid is not None and near.all() and np.unique(k).size == np.ptp(k) + 1:
        return None
    order = np.argsort(blobs.x)
    return _on_steps(ink, blobs.x[order], blobs.y[order], path, shape, steps)


def place_on_shared(
    ink: Ink, blobs: Blobs, path: Path, shape: MarkerShape, shared: Sequence[Steps]
) -> list[Places]:
    """Marker centres by rising x on each of other lines' step grids that all those found stand on."""
    order = np.argsort(blobs.x)
    x, y = blobs.x[order], blobs.y[order]
    grids = [s for s in shared if np.abs(x - s.position(s.nearest(x))).max(initial=0.0) < SAME_PX]
    return [_on_steps(ink, x, y, path, shape, steps) for steps in grids]


def _heights(at: FloatArray, path: Path, size: float) -> FloatArray:
    """Where a line is at rising places: straight on to those farther than ``size`` (px) beyond its ends.

    The marker of another line may hide the last one of a line, and its strokes what is next to it.
    """
    height = np.interp(at, path.x, path.y)
    for end, beyond in ((0, at < path.x[0] - size), (-1, at > path.x[-1] + size)):
        if not beyond.any() or beyond.all():
            continue
        inner = at[~beyond][end]
        last = (path.x - inner) * (path.x[end] - inner) >= 0
        if np.count_nonzero(last) >= FEWEST_STRAIGHT:
            # What is next to the end is the sliver of a stroke that another one covers.
            weight = np.abs(path.x[last] - path.x[end])
            height[beyond] = np.polyval(np.polyfit(path.x[last], path.y[last], 1, w=weight), at[beyond])
    return np.asarray(height)


def _on_steps(ink: Ink, x: FloatArray, y: FloatArray, path: Path, shape: MarkerShape, steps: Steps) -> Places:
    k = steps.nearest(x)
    near = np.abs(x - steps.position(k)) < max(1.0, 0.25 * steps.period)
    if not near.any():
        return x, y, None
    first, last = (path.x[[0, -1]] + [shape.size, -shape.size] - steps.origin) / steps.period
    first, last = np.ceil(first - 0.45), np.floor(last + 0.45)
    # The frame cuts markers that stand on its sides in half.
    side = (ink.frame_line + 1.0) / 2 + BESIDE_PX
    if path.x[0] < BESIDE_PX:
        first = min(first, np.ceil((-side - steps.origin) / steps.period - RULER_SLACK))
    if path.x[-1] > ink.width - 1 - BESIDE_PX:
        last = max(last, np.floor((ink.width - 1 + side - steps.origin) / steps.period + RULER_SLACK))
    every = np.arange(min(k[near].min(), first), max(k[near].max(), last) + 1)
    at = steps.position(every)
    height = _heights(at, path, shape.size)
    for i, number in enumerate(every):
        mine = np.flatnonzero((k == number) & near)
        if mine.size:
            height[i] = y[mine[np.argmin(np.abs(x[mine] - at[i]))]]
    return at, height, every
