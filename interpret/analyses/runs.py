"""A series of few points: the stretches over which it goes one way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from digitizer.model import FloatArray

# A turn counts where the value moves back by this share of the range, and by so many reading errors.
TURN_SHARE = 0.08
TURN_SIGMA = 4.0
# Points at random in so many or fewer stretches: rarer than 1 in 20 from these numbers of points on.
FEWEST_FOR = {1: 5, 2: 7, 3: 10}
# Below this many points a curve has no noise to speak of: its points are told.
MOST_POINTS = 15
# So are those of up to so many where it turns and no step goes against its way: a smooth curve has no noise.
MOST_SMOOTH = 30
SMOOTH_SHARE = 0.01
# A line read column by column turns so often at most, and inside a run comes back by this share of its range
# at most (or so many reading errors): then its course is drawn, and no noise that could have made it.
MOST_DRAWN = 7
DRAWN_SHARE = 0.02
DRAWN_SIGMA = 3.0
# What turns twice within less than this share of its length is a spike, or a slip of the reading.
DRAWN_LEAST = 0.04
# Slopes of the last and the first third: below this ratio a change slows, above its inverse it steepens.
SLOWING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One stretch: from point ``first`` to point ``last`` it goes the way of ``sign``."""

    first: int
    last: int
    sign: int


def measure_runs(y: FloatArray, sigma: float) -> tuple[Run, ...]:
    """Cut a short series at its turns; empty where it turns too often to tell from chance.

    Parameters
    ----------
    y : ndarray, shape (n,)
    sigma : float
        Reading error of a value.
    """
    runs = _cut(y, sigma)
    if len(runs) not in FEWEST_FOR or len(y) < FEWEST_FOR[len(runs)]:
        return ()
    return runs


def _cut(y: FloatArray, sigma: float) -> tuple[Run, ...]:
    n = len(y)
    total = float(np.ptp(y)) if n else 0.0
    least = max(TURN_SHARE * total, TURN_SIGMA * sigma)
    if n < FEWEST_FOR[1] or total <= least:
        return ()
    turns = [0]
    sign, extreme = 0, 0
    for i in range(1, n):
        if sign == 0:
            if abs(y[i] - y[0]) > least:
                sign, extreme = (1 if y[i] > y[0] else -1), i
        elif sign * (y[i] - y[extreme]) > 0:
            extreme = i
        elif sign * (y[extreme] - y[i]) > least:
            turns.append(extreme)
            sign, extreme = -sign, i
    turns.append(n - 1)
    return tuple(Run(first=a, last=b, sign=1 if y[b] > y[a] else -1) for a, b in pairwise(turns) if b > a)


def measure_smooth_runs(y: FloatArray, sigma: float) -> tuple[Run, ...]:
    """The runs of a series of some more points; empty where it goes one way or a step goes against a run."""
    runs = measure_runs(y, sigma)
    against = max(SMOOTH_SHARE * float(np.ptp(y)), 2 * sigma)
    smooth = all(np.all(run.sign * np.diff(y[run.first : run.last + 1]) > -against) for run in runs)
    return runs if len(runs) > 1 and smooth else ()


def measure_drawn_runs(y: FloatArray, sigma: float) -> tuple[Run, ...]:
    """The runs of a line read column by column that turns seldom and is smooth between its turns.

    Parameters
    ----------
    y : ndarray, shape (n,)
    sigma : float
        Reading error of a value.
    """
    runs = _cut(y, sigma)
    shortest = max(3, DRAWN_LEAST * len(y))
    if not 1 < len(runs) <= MOST_DRAWN or any(run.last - run.first < shortest for run in runs):
        return ()
    most = max(DRAWN_SHARE * float(np.ptp(y)), DRAWN_SIGMA * sigma)
    for run in runs:
        course = run.sign * y[run.first : run.last + 1]
        if float(np.max(np.maximum.accumulate(course) - course)) > most:
            return ()
    return runs


def measure_bend(x: FloatArray, y: FloatArray, sigma: float) -> tuple[float, float] | None:
    """Slopes of the first and last third of a one-way series, where they clearly differ.

    Returns
    -------
    tuple of float (first, last), or None.
    """
    n = len(y)
    third = max(2, n // 3)
    if n < 5 or x[third - 1] <= x[0] or x[-1] <= x[n - third]:
        return None
    spans = float(x[third - 1] - x[0]), float(x[-1] - x[n - third])
    rises = float(y[third - 1] - y[0]), float(y[-1] - y[n - third])
    first, last = rises[0] / spans[0], rises[1] / spans[1]
    errors = tuple(3 * sigma / span for span in spans)
    slower = abs(last) + errors[1] < SLOWING * (abs(first) - errors[0])
    faster = abs(first) + errors[0] < SLOWING * (abs(last) - errors[1])
    return (first, last) if slower or faster else None
