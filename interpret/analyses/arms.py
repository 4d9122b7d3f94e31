"""Which way does each arm of a hinged course go: slopes that share their ends, under the noise's memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.form import FEWEST, Form, whiten
from interpret.analyses.noise import Noise
from interpret.analyses.phases import ONE_SIDED_90, Phase, label_change
from interpret.analyses.plateau import (
    DRIFT_ERRORS,
    DRIFT_SHARE,
    LEAST_RANGE,
    MARGIN_SHARE,
    SHORTEST_POINTS,
    SHORTEST_SHARE,
    Plateau,
)

# Beside a hinge that is proved, an arm is level where its change is within the margin and its 90 % interval
# within this share of the range.
LOOSE_MARGIN = 0.25
# A knot whose arms part by less than this share of the range divides no level stretch.
LEAST_BEND = 0.1
IGNORED = 1e-6


def arm_cuts(
    form: Form, n: int, jumps: Sequence[int], ignored: NDArray[np.bool_]
) -> tuple[tuple[int, ...], bool]:
    """Where the arms of a form begin and end, and whether they share their ends.

    Empty where it has a curve or was not measured. A tent that is told as no dip or peak is a course
    that turns three times.
    """
    if form.of("curve") or n < FEWEST:
        return (), False
    knots = {hinge.start for hinge in form.of("hinge")}
    for tent in form.of("tent"):
        if not ignored[tent.start : tent.stop].any():
            knots |= {tent.start - 1, (tent.start + tent.stop - 1) // 2, tent.stop}
    return tuple(sorted({0, n, *jumps, *knots})), bool(knots)


def measure_arms(
    x: FloatArray,
    y: FloatArray,
    noise: Noise,
    cuts: Sequence[int],
    *,
    jumps: Sequence[int] = (),
    ignored: NDArray[np.bool_] | None = None,
) -> tuple[Phase, ...]:
    """Fit all arms at once, each beginning where the last one ends but at jumps.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    noise : Noise
    cuts : sequence of int
        Borders of the arms, 0 and n included.
    jumps : sequence of int
        Those of them that are jumps.
    ignored : ndarray of bool, shape (n,), optional
        Points of dips and peaks.
    """
    n = len(y)
    at = np.arange(n, dtype=np.float64)
    knots = [cut for cut in cuts if 0 < cut < n and cut not in jumps]
    inner = [cut for cut in jumps if 0 < cut < n]
    # After a jump the slope is another too.
    hinges = sorted({*knots, *inner})
    rows = [np.ones(n), at, *(np.maximum(at - k, 0.0) for k in hinges), *((at >= k) * 1.0 for k in inner)]
    weight = np.ones(n) if ignored is None else np.where(ignored, IGNORED, 1.0)
    root = np.sqrt(np.minimum(weight, np.append(1.0, weight[:-1])))
    design = (whiten(np.vstack(rows), noise.phi) * root).T
    target = whiten((y - float(np.mean(y)))[None], noise.phi)[0] * root
    inverse = np.linalg.pinv(design.T @ design)
    sizes = inverse @ (design.T @ target)
    spread = noise.sd**2 * (1 - noise.phi**2) * inverse
    total = float(np.ptp(y))
    phases = []
    for start, stop in pairwise(cuts):
        into = np.array([0.0, 1.0, *(float(k <= start) for k in hinges), *([0.0] * len(inner))])
        length = stop - 1 - start
        change = float(into @ sizes) * length
        error = length * float(np.sqrt(max(into @ spread @ into, 0.0)))
        span = float(x[stop - 1] - x[start])
        phases.append(
            Phase(
                start=start,
                stop=stop,
                slope=change / span if span else 0.0,
                change=change,
                error=error,
                level=float(np.mean(y[start:stop])),
                label=label_change(change, error, total),
            )
        )
    return tuple(phases)


def bends(phases: Sequence[Phase], y: FloatArray) -> tuple[int, ...]:
    """The borders at which two arms part so far that no level stretch holds both."""
    least = LEAST_BEND * float(np.ptp(y))
    found = []
    for left, right in pairwise(phases):
        turn = abs(left.change / max(left.n - 1, 1) - right.change / max(right.n - 1, 1))
        if turn * min(left.n, right.n) > least:
            found.append(right.start)
    return tuple(found)


def moves_on(plateau: Plateau, phases: Sequence[Phase], y: FloatArray) -> bool:
    """Whether a stretch that looks level is part of an arm that is proved to move."""
    middle = (plateau.start + plateau.stop) // 2
    arm = next(p for p in phases if p.start <= middle < p.stop)
    return arm.label in ("rise", "fall") and abs(arm.change) > MARGIN_SHARE * float(np.ptp(y))


def level_arm(
    y: FloatArray, noise: Noise, phases: Sequence[Phase], ignored: NDArray[np.bool_]
) -> Plateau | None:
    """The longest arm that is level, beside one that is proved not to be."""
    n, total = len(y), float(np.ptp(y))
    if total < LEAST_RANGE * noise.sd or not any(p.label in ("rise", "fall") for p in phases):
        return None
    shortest = max(SHORTEST_POINTS, int(np.ceil(SHORTEST_SHARE * n)))
    level = [
        p
        for p in phases
        if p.n >= shortest
        and abs(p.change) < MARGIN_SHARE * total
        and abs(p.change) + ONE_SIDED_90 * p.error < LOOSE_MARGIN * total
        and (abs(p.change) < DRIFT_SHARE * total or abs(p.change) < DRIFT_ERRORS * p.error)
        and not ignored[p.start : p.stop].all()
    ]
    if not level:
        return None
    arm = max(level, key=lambda p: p.n)
    inside = y[arm.start : arm.stop][~ignored[arm.start : arm.stop]]
    return Plateau(
        start=arm.start,
        stop=arm.stop,
        level=float(np.median(inside)),
        low=float(np.min(inside)),
        high=float(np.max(inside)),
        change=float(np.polyfit(np.arange(len(inside)), inside, 1)[0]) * (len(inside) - 1),
        error=arm.error,
    )
