"""Ladders: runs of evenly spaced parallel lines, as grids are, and where those of two panels part."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.strokes.strokes import Stroke

# Rungs closer than this are double lines; so many lines are looked at.
MIN_RUNG_PX = 8.0
MAX_RUNGS = 80
# Rungs farther apart than this (steps) have a hidden one between; more lines than this there are another
# ladder's.
HIDDEN_STEPS, MOST_BETWEEN = 1.5, 1
# So many lines that lie as multiples of a round step do on a logarithmic scale, to this (px), are a grid: the
# first of them is such a multiple of it (10, 15, 20: the second). Even lines have no steps so unlike.
FEWEST_LOG, LOG_MISS_PX, FIRST_MULTIPLES, UNLIKE = 5, 1.0, tuple(range(1, 11)), 1.5
# Lines that end at one place do so to this many pixels.
SAME_END_PX = 2.0


def find_ladders(at: FloatArray) -> list[FloatArray]:
    """Find runs of at least three evenly spaced lines; one rung in a row may be hidden.

    Lines that are all spaced as those of a logarithmic axis are one.

    Parameters
    ----------
    at : ndarray, shape (n,)
        Ascending positions of parallel lines; several ladders (panels below each other) and
        stray lines may be among them.
    """
    if _is_logarithmic(at):
        return [at]
    ladders: list[FloatArray] = []
    for i in range(min(len(at), MAX_RUNGS)):
        for j in range(i + 1, min(i + 4, len(at))):
            base = float(at[j] - at[i])
            if base < MIN_RUNG_PX:
                continue
            rungs = [float(at[i]), float(at[j])]
            while (before := _next_rung(at, rungs[0], -base)) is not None:
                rungs.insert(0, before)
            while (after := _next_rung(at, rungs[-1], base)) is not None:
                rungs.append(after)
            known = any(rungs[0] >= other[0] and rungs[-1] <= other[-1] for other in ladders)
            spanned = np.count_nonzero((at >= rungs[0]) & (at <= rungs[-1]))
            hidden = np.count_nonzero(np.diff(rungs) > HIDDEN_STEPS * base)
            regular = len(rungs) >= 3 and spanned <= 1.2 * len(rungs) and 2 * hidden <= len(rungs)
            if regular and not known:
                ladders.append(np.array(rungs))
    return [_own_rungs(rungs, [other for other in ladders if other is not rungs]) for rungs in ladders]


def _is_logarithmic(at: FloatArray) -> bool:
    """Whether lines, from either end, lie as consecutive multiples of one step do on a logarithmic scale."""
    steps = np.diff(at)
    if not FEWEST_LOG <= len(at) <= MAX_RUNGS or steps.max() < UNLIKE * max(MIN_RUNG_PX, steps.min()):
        return False
    order = np.arange(len(at))
    for first in FIRST_MULTIPLES:
        for places in (at, at[::-1]):
            u = np.log(first + order)
            slope, origin = np.polyfit(u, places, 1)
            if np.abs(origin + slope * u - places).max() <= LOG_MISS_PX:
                return True
    return False


def _own_rungs(rungs: FloatArray, others: list[FloatArray]) -> FloatArray:
    """A ladder without an end beyond a hidden rung that is an end of another one, a step from its next."""
    step = np.diff(rungs).min()
    for end, inward in ((0, 1), (-1, -2)):
        hidden = len(rungs) > 3 and abs(rungs[inward] - rungs[end]) > HIDDEN_STEPS * step
        if hidden and any(_is_sure_end(float(rungs[end]), other) for other in others):
            rungs = rungs[1:] if end == 0 else rungs[:-1]
    return rungs


def _is_sure_end(at: float, rungs: FloatArray) -> bool:
    """Whether a line is the first or the last rung of a ladder, no hidden one beside it."""
    gaps = np.diff(rungs)
    usual = HIDDEN_STEPS * gaps.min()
    return bool((at == rungs[0] and gaps[0] < usual) or (at == rungs[-1] and gaps[-1] < usual))


def split_between_panels(rungs: FloatArray, across: list[Stroke]) -> list[FloatArray]:
    """Cut a ladder where the lines across it stop and others begin: panels side by side."""
    cuts = []
    for k in range(len(rungs) - 1):
        low, high = rungs[k] - 1.0, rungs[k + 1] + 1.0
        ends = [s.end for s in across if low <= s.end <= high]
        starts = [s.start for s in across if low <= s.start <= high]
        common = _agree(ends) or _agree(starts)
        apart = not ends or not starts or max(ends) < min(starts)
        if common and apart and not any(s.start < low and s.end > high for s in across):
            cuts.append(k + 1)
    return [part for part in np.split(rungs, cuts) if len(part) >= 3]


def _agree(ends: list[float]) -> bool:
    """Whether three lines or more end at one place: axis lines have no ticks, legends are shorter."""
    at = np.sort(ends)
    return bool((at[2:] - at[:-2] <= SAME_END_PX).any())


def _next_rung(at: FloatArray, last: float, base: float) -> float | None:
    """The line one rung further, or two where one is hidden: no other lines stand between."""
    for n in (1, 2):
        k = _at_place(at, last + n * base, abs(base))
        if k is not None:
            between = (at > min(last, at[k]) + MIN_RUNG_PX) & (at < max(last, at[k]) - MIN_RUNG_PX)
            return None if n > 1 and np.count_nonzero(between) > MOST_BETWEEN else float(at[k])
    return None


def _at_place(at: FloatArray, expected: float, base: float) -> int | None:
    """The line where the next rung is expected, to a tenth of a rung."""
    k = int(np.argmin(np.abs(at - expected)))
    return k if abs(at[k] - expected) <= 0.06 * base + 0.8 else None
