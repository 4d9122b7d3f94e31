"""A line that runs forth and back in x: do its two branches differ?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray

FEWEST = 8
# Each branch covers this share of the span of x.
LEAST_COVER = 0.6
# The branches lie this share of the range of y apart, in the mean over x.
LEAST_GAP = 0.05
N_COMPARED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """``turn`` is the index where x turns back; ``gap`` the mean of back minus forth, ``largest`` the
    largest such difference, at ``at`` along x."""

    turn: int
    gap: float
    largest: float
    at: float
    forth_at: float
    back_at: float


def measure_branches(x: FloatArray, y: FloatArray, sigma: float) -> Branches | None:
    """Compare the way forth with the way back.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        In the order in which the line runs.
    sigma : float
        Reading error of y.
    """
    if len(x) < 2 * FEWEST:
        return None
    turn = int(np.argmax(x)) if abs(x[0] - x.max()) > abs(x[0] - x.min()) else int(np.argmin(x))
    span, total = float(np.ptp(x)), float(np.ptp(y))
    if min(turn, len(x) - 1 - turn) < FEWEST or span == 0 or total == 0:
        return None
    forth, back = slice(0, turn + 1), slice(turn, len(x))
    sign = 1 if x[turn] > x[0] else -1
    if any(np.mean(way * sign * np.diff(x[part]) >= 0) < 0.9 for part, way in ((forth, 1), (back, -1))):
        return None
    if min(float(np.ptp(x[part])) for part in (forth, back)) < LEAST_COVER * span:
        return None
    low = max(x[forth].min(), x[back].min()) + 0.05 * span
    high = min(x[forth].max(), x[back].max()) - 0.05 * span
    grid = np.linspace(low, high, N_COMPARED)
    one, two = (_at(grid, x[part], y[part]) for part in (forth, back))
    gap = two - one
    if abs(float(np.mean(gap))) < max(LEAST_GAP * total, 3 * sigma):
        return None
    k = int(np.argmax(abs(gap)))
    return Branches(
        turn=turn,
        gap=float(np.mean(gap)),
        largest=float(gap[k]),
        at=float(grid[k]),
        forth_at=float(one[k]),
        back_at=float(two[k]),
    )


def _at(grid: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    order = np.argsort(x, kind="stable")
    return np.interp(grid, x[order], y[order])
