"""Where does the series jump to another level and not come back?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.departures import RECOVERED
from interpret.analyses.form import Term
from interpret.analyses.lines import LineSums
from interpret.analyses.middle import median
from interpret.analyses.noise import Noise
from interpret.analyses.null import shared_length, simulate_ar1, tail_of_maximum

FEWEST = 10
SIDE = 3
FEWEST_AFTER = 2
SLOPE_SIDE = 6
# Sudden: this share of the change happens within so many steps.
SUDDEN_SHARE = 0.7
SUDDEN_STEPS = 3
# The jump's largest step makes this share of it; an exponential's last steps make less.
STEP_SHARE = 0.4
LOOSE_P = 0.2
MOST_EVENTS = 4
# A jump's step beside the upper quartile of the steps around it (so many on each side).
STEP_RATIO = 2.0
STEP_SIDE = 8
DRIFT_SIDE = 8
# The median of so many points after a jump (or of what there is) keeps this share of it.
LASTING_POINTS = 10
LASTING_SHARE = 0.22
LASTING_CHANGE = 0.4
RECOVERY_POINTS = 5
RECOVERY_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One sudden change of level; ``last_before`` and ``first_after`` index the series.

    ``before`` is the median of up to five points before it, ``extreme`` the point of the new
    level furthest from it within three points, ``recovery`` the share of the change that is undone
    at ``recovered_at``, ``n_after`` the number of points after the jump, ``contrast`` the change
    beyond what the slopes explain.
    """

    sign: int
    last_before: int
    first_after: int
    before: float
    after: float
    extreme: int
    at_extreme: float
    recovery: float
    recovered_at: int
    n_after: int
    contrast: float
    z: float
    p: float

    @property
    def size(self) -> float:
        return abs(self.at_extreme - self.before)


def measure_shifts(y: FloatArray, noise: Noise) -> tuple[Shift, ...]:
    """Find sudden changes of level.

    Parameters
    ----------
    y : ndarray, shape (n,)
    noise : Noise

    Notes
    -----
    The difference of the means of three points after and before, less what the steeper of the
    slopes on either side would have brought, against the largest such difference in AR(1) noise.
    """
    n = len(y)
    if n < FEWEST or noise.sd <= 0:
        return ()
    boundary, jump = _jumps(y / noise.sd)
    null = _null(shared_length(n), noise.phi)
    found: list[Shift] = []
    for index in np.argsort(-abs(jump), kind="stable"):
        p = tail_of_maximum(null, float(abs(jump[index])))
        if p > LOOSE_P or len(found) == MOST_EVENTS:
            break
        shift = _describe(y, int(boundary[index]), float(jump[index]), p, noise.sd)
        if shift is not None and all(
            abs(shift.first_after - other.first_after) > SLOPE_SIDE for other in found
        ):
            found.append(shift)
    return tuple(sorted(found, key=lambda event: event.first_after))


def step_shift(y: FloatArray, step: Term, sd: float) -> Shift | None:
    """Describe a step of the series' form where it is sudden and lasts."""
    at = step.start
    change = median(y[at : at + SIDE]) - median(y[at - SIDE : at])
    shift = _describe(y, at, float(np.copysign(np.sqrt(step.gain), change)), step.p, sd)
    # From one or two points nothing jumps: a steep beginning is no level.
    return shift if shift is not None and shift.first_after >= SIDE else None


def doubt_shift(shift: Shift, n: int, noise: Noise) -> float:
    """The chance of a jump anywhere in a series of another noise."""
    return tail_of_maximum(_null(shared_length(n), noise.phi), shift.contrast / noise.sd)


def _jumps(y: FloatArray) -> tuple[np.ndarray, FloatArray]:
    n = y.shape[-1]
    x = np.arange(n, dtype=np.float64)
    boundary = np.arange(SIDE, n - FEWEST_AFTER + 1)
    sums = LineSums(x, y)
    left = sums.fit(np.maximum(boundary - SLOPE_SIDE, 0), boundary)
    right = sums.fit(boundary, np.minimum(boundary + SLOPE_SIDE, n))
    near_left = sums.fit(boundary - SIDE, boundary)
    near_right = sums.fit(boundary, np.minimum(boundary + SIDE, n))
    change = near_right.mean_y - near_left.mean_y
    lag = near_right.mean_x - near_left.mean_x
    sign = np.sign(change)
    # Two or three points say nothing about a slope.
    right_slope = np.where(n - boundary > SIDE, right.slope, 0.0)
    explained = lag * np.maximum(np.maximum(sign * left.slope, sign * right_slope), 0.0)
    return boundary, sign * np.maximum(abs(change) - explained, 0.0)


@lru_cache(maxsize=64)
def _null(n: int, phi: float) -> FloatArray:
    _, jumps = _jumps(simulate_ar1(n, phi))
    largest: FloatArray = np.max(abs(jumps), axis=1)
    return largest


def _stands_out(y: FloatArray, first_after: int) -> bool:
    """Whether the jump's step exceeds the steps around it: a steep stretch is no jump."""
    low, high = max(0, first_after - 1 - STEP_SIDE), min(len(y) - 1, first_after + STEP_SIDE)
    steps = np.abs(np.diff(y[low : high + 1]))
    own = first_after - 1 - low
    # A jump may take a step or two more; its two largest neighbours are left out.
    others = np.sort(np.delete(steps, own))[: max(1, len(steps) - 2)]
    return bool(steps[own] > STEP_RATIO * np.quantile(others, 0.75)) or _beats_drift(y, first_after)


def _beats_drift(y: FloatArray, first_after: int) -> bool:
    """Whether the change over three steps exceeds by far what the drift on either side brings.

    In noise one step may be small by chance; beside a steep stretch the drift is large.
    """
    low, high = max(0, first_after - 2), min(len(y) - 1, first_after + 1)
    change = float(y[high] - y[low])
    sign = 1 if change > 0 else -1
    drifts = [
        sign * float(part[-1] - part[0]) / (len(part) - 1)
        for part in (y[max(0, low - DRIFT_SIDE) : low + 1], y[high : high + DRIFT_SIDE + 1])
        if len(part) > 2
    ]
    return abs(change) > STEP_RATIO * (high - low) * max([0.0, *drifts])


def _lasts(y: FloatArray, first_after: int, before: float, change: float) -> bool:
    """Whether the levels on both sides last longer than a dip takes."""
    span = max(LASTING_POINTS, int(LASTING_SHARE * len(y)))
    after = median(y[first_after : first_after + span])
    long_before = median(y[max(0, first_after - span) : first_after])
    return min(after - before, after - long_before, key=lambda gap: gap / change) / change >= LASTING_CHANGE


def _describe(y: FloatArray, boundary: int, jump: float, p: float, sd: float) -> Shift | None:
    n = len(y)
    sign = 1 if jump > 0 else -1
    near = np.arange(max(1, boundary - 2), min(n - 1, boundary + 2) + 1)
    first_after = int(near[np.argmax(sign * (y[near] - y[near - 1]))])
    before = median(y[max(0, first_after - 5) : first_after])
    after = median(y[first_after : first_after + 5])
    extreme = first_after + int(np.argmax(sign * y[first_after : first_after + SUDDEN_STEPS]))
    size = sign * (float(y[extreme]) - before)
    steepest = max(
        sign * float(y[min(n - 1, i + SUDDEN_STEPS)] - y[i])
        for i in range(max(0, first_after - SUDDEN_STEPS), first_after)
    )
    if size <= 0 or steepest < SUDDEN_SHARE * size or sign * (after - before) <= 0:
        return None
    if sign * float(y[first_after] - y[first_after - 1]) < STEP_SHARE * size:
        return None
    if not _stands_out(y, first_after) or not _lasts(y, first_after, before, sign * size):
        return None
    span = max(RECOVERY_POINTS, int(RECOVERY_SHARE * n))
    stop = min(n, extreme + span + 1)
    at_end = stop == n and n - 1 - extreme <= span
    recovered = float(y[-1]) if at_end else median(y[max(extreme, stop - 5) : stop])
    recovery = max(0.0, sign * (float(y[extreme]) - recovered) / size)
    if recovery >= RECOVERED and not at_end:
        return None
    return Shift(
        sign=sign,
        last_before=first_after - 1,
        first_after=first_after,
        before=before,
        after=after,
        extreme=extreme,
        at_extreme=float(y[extreme]),
        recovery=recovery,
        recovered_at=stop - 1,
        n_after=n - first_after,
        contrast=abs(jump) * sd,
        z=abs(jump),
        p=p,
    )
