"""Put evenly spaced places on the round values that they stand for; no pixel is looked at here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.medians import quantile
from digitizer.round_numbers import round_units
from digitizer.stages.pixels.true_runs import true_runs

# Evenly spaced points may be this far (px) from the round values they stand for, and are this many at least.
SNAP_PX = 0.8
FEWEST_REGULAR = 5
# Steps are rather counted from nought than from one: this must stand nearer by so much (px). On forty drawn
# charts ends of points stood 0.4 px (sd) beside what they are, and this told all of them from each other.
FROM_ONE_PX = 0.2
# Points that may stand beside even steps, at the ends, and how far (steps) they do.
MOST_LOOSE = 3
LOOSE = 0.2
# Points that are not evenly spaced stand on a grid unless as many would by chance as often as this.
GRID_CHANCE = 0.01
# Points nearer than this (px) on the average are no vertices that were seen.
DENSEST_PX = 0.65
# Points stand on a regular grid of x where none is off by more than this share of the step.
MAX_OFF_GRID = 0.2


def snap_to_grid(x: NDArray[np.float64], *, px_size: float, bins: bool = False) -> NDArray[np.float64]:
    """Put x on round multiples of a round step where all points stand on such a grid already.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Values along the axis.
    px_size : float
        How much one pixel is worth; markers are read to about half of one.
    bins : bool
        Whether these are bars, which stand on any even steps where a range was cut into so many.
    """
    if len(x) < 3:
        return x
    gaps = np.abs(np.diff(np.sort(x)))
    gaps = gaps[gaps > 0.5 * px_size]
    if not len(gaps):
        return x
    typical = quantile(gaps, 0.25)
    for step in round_steps(typical):
        if step < 2.2 * px_size:
            break
        off = np.abs(x / step - np.round(x / step))
        limit = min(MAX_OFF_GRID, 1.2 * px_size / step)
        if float(np.max(off)) <= limit:
            if _by_chance(x, gaps, float(np.max(off)), px_size):
                break
            first = _likeliest_start(x, step, px_size)
            return np.asarray(first + np.round((x - first) / step) * step)
    return _snap_regular(x, px_size, bins=bins)


def _by_chance(x: NDArray[np.float64], gaps: NDArray[np.float64], off: float, px_size: float) -> bool:
    """Whether as many points anywhere would often be no further off (steps) some grid than these are."""
    if np.ptp(gaps) <= px_size:
        return False
    return float(2.0 * off) ** (np.unique(x).size) > GRID_CHANCE


def _likeliest_start(x: NDArray[np.float64], step: float, px_size: float) -> float:
    """Whether points a round step apart are told to be its multiples (0), or to be counted from 1.

    A line that begins beside the frame's side seems to begin at it: the ends tell nothing where others do.
    """
    if step < 2 or step % 1:
        return 0.0
    inner = np.sort(x)[1:-1] if len(x) >= FEWEST_REGULAR else x
    off = [
        float(np.sqrt(np.mean(np.square((inner - first) - np.round((inner - first) / step) * step))))
        for first in (0, 1)
    ]
    return 1.0 if off[1] + FROM_ONE_PX * px_size < off[0] else 0.0


def _snap_regular(x: NDArray[np.float64], px_size: float, *, bins: bool) -> NDArray[np.float64]:
    """Put evenly spaced x on round ends, or on a round step from a round start; else leave them.

    Renderers round ticks to whole pixels, which shifts and stretches every x by up to half a pixel: on steep
    stretches that is more than the height itself is unsure by. Of bars a round step alone tells nothing: ten
    of .495 seemed ten of .5, a pixel and a half longer. Their edges or middles stand on multiples of it too.
    """
    order = np.argsort(x, kind="stable")
    gap = float(np.median(np.diff(x[order])))
    if len(x) < FEWEST_REGULAR or gap < DENSEST_PX * px_size:
        return x
    even = _evenly_spaced(x[order], gap, 0.6 * px_size)
    if even is None:
        return x
    k, step, start = even
    near = SNAP_PX * px_size
    span = float(np.ptp(k))
    ends = np.array([start, start + span * step])
    told: list[tuple[float, float, float]] = []
    # Where a point stands between two steps beyond them, theirs are not the ends.
    whole = _are_whole((x - start) / step).all()
    for unit in round_units(span * step, 12 * px_size) if whole else ():
        first, last = np.round(ends / unit) * unit
        if max(abs(first - ends[0]), abs(last - ends[1])) <= near and last > first:
            told.append((float(first), float((last - first) / span), 0.0))
            break
    for unit in round_units(step, 20 * 2 * near / span):
        told_step = float(np.round(step / unit) * unit)
        if told_step > 0 and abs(told_step - step) <= 2 * near / span:
            starts = [(0.0, 0.0), (told_step, 0.0), (1.0, FROM_ONE_PX * px_size)]
            if bins:
                starts.append((float(np.round(2 * start / told_step) * told_step / 2), 0.0))
            near_by = [(s, told_step, dearer) for s, dearer in starts if abs(s - start) <= near]
            told += near_by or (
                [] if told or bins else [(start + span * (step - told_step) / 2, told_step, 0.0)]
            )
            break
    if not told:
        return x
    off = [float(np.hypot(s - ends[0], s + span * w - ends[1])) + np.sqrt(2) * dear for s, w, dear in told]
    first, told_step, _ = told[int(np.argmin(off))]
    return np.asarray(first + told_step * _places(x, step, start))


def _evenly_spaced(
    x: NDArray[np.float64], gap: float, off: float
) -> tuple[NDArray[np.float64], float, float] | None:
    """Step numbers, step and start of points by rising x that stand on even steps, but for some at the ends.

    A line is drawn on to where its ink ends, which may be beside its last step.
    """
    count = np.round(np.diff(x) / gap)
    regular = (np.abs(np.diff(x) - count * gap) <= 2 * off) & (count >= 1)
    starts, stops = true_runs(regular)
    if not starts.size:
        return None
    longest = int(np.argmax(stops - starts))
    first, last = int(starts[longest]), int(stops[longest])
    if last - first + 1 < max(FEWEST_REGULAR, len(x) - MOST_LOOSE):
        return None
    k = np.r_[0.0, np.cumsum(count[first:last])]
    step, start = (float(v) for v in np.polyfit(k, x[first : last + 1], 1))
    return (k, step, start) if np.max(np.abs(start + step * k - x[first : last + 1])) <= off else None


def _places(x: NDArray[np.float64], step: float, start: float) -> NDArray[np.float64]:
    """Step numbers of all points: whole ones but for the loose ends."""
    place = (x - start) / step
    return np.where(_are_whole(place), np.round(place), place)


def _are_whole(place: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(place - np.round(place)) < LOOSE)


def round_steps(typical: float) -> Sequence[float]:
    """Round steps near a typical distance, the widest first."""
    decade = 10.0 ** np.floor(np.log10(typical))
    steps = [m * d for d in (decade * 10, decade, decade / 10) for m in (5, 4, 2.5, 2, 1)]
    return [s for s in steps if s <= 1.25 * typical]
