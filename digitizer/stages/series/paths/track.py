"""Linking the runs of neighbouring columns into one path from left to right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.stages.series.paths.runs import Runs

# States kept per column: more than the strokes of one colour that meet in a column of any real figure.
MAX_STATES = 12
# A run is worth at most this many stroke widths of ink, so that blobs do not attract the path.
WORTH = 2.0
# Price of one pixel of vertical gap between linked runs, and of one skipped column, in stroke widths.
GAP_PRICE = 0.25
SKIP_PRICE = 0.15
# Skipped columns cost no more than this: under other curves and text a line may be hidden for long.
WAIT_PRICE = 6.0
# A gap costs no more than this: the upright stroke of a sawtooth may be hidden along most of its length.
FALL_PRICE = 12.0
# Price of one pixel of departure from the course so far.
BEND_PRICE = 0.06
# A gap up to this is none; a course is carried on over so many columns; no bend costs more than this (px).
FREE_GAP = 0.5
CARRIED = 8
STEEPEST_BEND = 12.0


# The end of a path: its score, its last run, that one's column, and its course (px a column).
State = tuple[float, int, int, float]


def track_path(runs: Runs, alive: NDArray[np.bool_], width_px: float) -> NDArray[np.intp]:
    """Choose at most one run a column so that they make the best single path.

    Parameters
    ----------
    runs
        All runs of a coverage map.
    alive
        Runs that may be used.
    width_px
        The stroke's width.

    Returns
    -------
    ndarray
        Indices of the chosen runs, by column.

    Notes
    -----
    Dynamic programming over columns. A state is the run last visited; it ages while columns are skipped.
    Ink is rewarded, vertical gaps between linked runs and departures from the course cost.
    """
    index = np.flatnonzero(alive)
    if index.size == 0:
        return index
    column = runs.column[index]
    if np.all(np.diff(column) > 0):
        return _without_strays(runs, index, width_px)
    top, bottom, center = (v[index].tolist() for v in (runs.top, runs.bottom, runs.center))
    edges = top, bottom, center
    worth = np.minimum(runs.mass[index] / max(width_px, 0.5), WORTH).tolist()
    back = np.full(index.size, -1)
    states: list[State] = []
    bounds = np.flatnonzero(np.r_[True, np.diff(column) > 0, True])
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        here = int(column[begin])
        fresh: list[State] = []
        for j in range(begin, end):
            best, origin, course = _best_before(states, here, (top[j], bottom[j], center[j]), edges)
            back[j] = origin
            fresh.append((best + worth[j], j, here, course))
        kept = sorted(states + fresh, reverse=True)[:MAX_STATES]
        states = kept
    at = max(states)[1]
    chain = []
    while at >= 0:
        chain.append(at)
        at = int(back[at])
    return index[np.asarray(chain[::-1], dtype=np.intp)]


def _best_before(
    states: list[State], here: int, run: tuple[float, float, float], edges: tuple[list[float], ...]
) -> tuple[float, int, float]:
    """The best state to link a run (top, bottom, centre) in column ``here`` to: score, run and course.

    ``states`` come the best first, and none is worth more than its score. ``edges`` are the tops, bottoms and
    centres of all runs. No function is called in the loop: it is run for each state of each run.
    """
    best, origin, course = 0.0, -1, 0.0
    upper, lower, middle = run
    top, bottom, center = edges
    for score, i, at, slope in states:
        if score <= best:
            break
        dx = here - at
        gap = upper - bottom[i] if upper - bottom[i] > top[i] - lower else top[i] - lower
        value = score
        if gap > FREE_GAP:
            price = GAP_PRICE * (gap - FREE_GAP)
            value -= price if price < FALL_PRICE else FALL_PRICE
        if dx > 1:
            price = SKIP_PRICE * (dx - 1)
            value -= price if price < WAIT_PRICE else WAIT_PRICE
        if value <= best:
            continue  # A bend can only cost more.
        rise = middle - center[i]
        bend = abs(rise - slope * (dx if dx < CARRIED else CARRIED))
        value -= BEND_PRICE * (bend if bend < STEEPEST_BEND else STEEPEST_BEND)
        if value > best:
            best, origin = value, i
            course = 0.6 * slope + 0.4 * max(-30.0, min(30.0, rise / dx))
    return best, origin, course


def _without_strays(runs: Runs, index: NDArray[np.intp], width_px: float) -> NDArray[np.intp]:
    """Drop stretches of a path that are far from the rest and too short to belong to it."""
    if index.size < 3:
        return index
    step = np.diff(runs.column[index])
    gap = np.maximum(
        runs.top[index][1:] - runs.bottom[index][:-1], runs.top[index][:-1] - runs.bottom[index][1:]
    )
    breaks = np.flatnonzero((step > 1) & (gap > 4 * width_px + 3 * step))
    if breaks.size == 0:
        return index
    pieces = np.split(index, breaks + 1)
    longest = max(len(p) for p in pieces)
    return np.concatenate([p for p in pieces if len(p) >= min(0.05 * longest, 8)])
