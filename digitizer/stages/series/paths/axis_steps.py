"""The axis' own round steps as a grid that a line's corners stand on, where they tell none by themselves."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.round_numbers import round_units
from digitizer.stages.series.paths.corners import Corners
from digitizer.stages.series.paths.steps import Steps

# Corners stand this near (px) the steps they are at: renderers put ticks and data on pixels of their own
# (Excel on a Mac draws its days up to 1.2 px beside them).
NEAR_PX = 1.3
# Shorter steps (px) many corners are near by chance; those of fewer than this many periods tell no line.
SHORTEST_PX = 8.0
FEWEST_PERIODS = 3
# Chance puts as many corners there less often than e to minus this, whatever round step is tried.
SURE = 9.0
# Two corners nearer than this (px) are both sides of one tip that its stroke's width blunted.
ONE_TIP_PX = 4.0
# Days are counted by weeks, too.
WEEK = 7.0


def find_axis_steps(corners: Corners, ruler: tuple[float, float] | None, span: float) -> Steps | None:
    """The round steps of the axis that a line's corners stand on, told most surely; None where none are.

    Parameters
    ----------
    corners
        The line's corners (crop coordinates).
    ruler
        Where the axis' zero lies and how long its unit is (px, crop coordinates); None where not known.
    span
        How far the line reaches along x (px).
    """
    if ruler is None:
        return None
    x = _one_a_tip(corners.x)
    zero, unit = ruler
    told: list[tuple[float, Steps]] = []
    shortest, longest = SHORTEST_PX / unit, span / FEWEST_PERIODS / unit
    weeks = [WEEK] if shortest <= WEEK <= longest else []
    for step in (*reversed(round_units(longest, shortest)), *weeks):
        # Steps are counted from any whole number: epochs 1, 11, 21 and so on.
        first = _commonest(np.round((x - zero) / unit) % step) if step > 1 else 0.0
        steps = Steps(origin=zero + first * unit, period=step * unit)
        on = np.abs(x - steps.position(steps.nearest(x))) <= NEAR_PX
        sure = _sure(int(on.sum()), x.size, 2 * NEAR_PX / steps.period) - float(np.log(max(step, 1.0)))
        if sure > SURE and np.unique(steps.nearest(x[on])).size >= FEWEST_PERIODS:
            told.append((sure, steps))
    return max(told, key=lambda pair: pair[0])[1] if told else None


def _commonest(values: FloatArray) -> float:
    """The value that occurs most often; nought of none."""
    told, count = np.unique(values, return_counts=True)
    return float(told[np.argmax(count)]) if told.size else 0.0


def _one_a_tip(x: FloatArray) -> FloatArray:
    """Corners by rising x, those that stand close together as one, in their middle."""
    if not x.size:
        return x
    group = np.cumsum(np.r_[0, np.diff(np.sort(x)) > ONE_TIP_PX])
    return np.asarray(np.bincount(group, weights=np.sort(x)) / np.bincount(group))


def _sure(hits: int, tries: int, chance: float) -> float:
    """How many times e less likely so many hits of so many tries are by chance (Chernoff's bound)."""
    share = hits / max(tries, 1)
    if share <= chance:
        return 0.0
    miss = (1 - share) * np.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    return float(tries * (share * np.log(share / chance) + miss))
