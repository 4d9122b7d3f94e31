"""Which phases does the series go through: straight pieces, with jumps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.course import PIECE_PRICE, measure_courses
from interpret.analyses.lines import LineSums
from interpret.analyses.noise import Noise

PhaseLabel = Literal["rise", "fall", "flat", "unclear"]

FEWEST = 8
# A piece moves where its change exceeds so many standard errors and this share of the range.
MOVING_Z = 3.0
MOVING_SHARE = 0.05
FLAT_SHARE = 0.1
ONE_SIDED_90 = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One piece, ``start`` to ``stop`` (exclusive) of the series.

    ``change`` is the fitted line's change over it, ``error`` its standard error, ``slope`` in y a
    unit of x.
    """

    start: int
    stop: int
    slope: float
    change: float
    error: float
    level: float
    label: PhaseLabel

    @property
    def n(self) -> int:
        return self.stop - self.start


def measure_phases(
    x: FloatArray,
    y: FloatArray,
    noise: Noise,
    *,
    jumps: Sequence[int] = (),
    ignored: NDArray[np.bool_] | None = None,
) -> tuple[Phase, ...]:
    """Cut the series into straight pieces and say which way each goes.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    noise : Noise
        Its memory prices the pieces, its spread their slopes.
    jumps : sequence of int
        First points after a known jump: no piece crosses them.
    ignored : ndarray of bool, shape (n,), optional
        Points of dips and peaks, told elsewhere.
    """
    if len(y) < FEWEST or noise.sd <= 0 or np.ptp(y) == 0:
        return ()
    course = measure_courses(x, y, [PIECE_PRICE], jumps=jumps, ignored=ignored, phi=noise.phi)[0]
    return tuple(
        measure_piece(x, y, noise, a, b, ignored=ignored)
        for a, b in zip(course.cuts[:-1], course.cuts[1:], strict=True)
    )


def measure_piece(
    x: FloatArray,
    y: FloatArray,
    noise: Noise,
    start: int,
    stop: int,
    *,
    ignored: NDArray[np.bool_] | None = None,
) -> Phase:
    """Fit and label one piece."""
    weight = None if ignored is None else np.where(ignored, 1e-6, 1.0)
    fit = LineSums(x, y, weight).fit(np.array([start]), np.array([stop]))
    span = float(x[stop - 1] - x[start])
    change = float(fit.slope[0]) * span
    error = span * noise.sd * np.sqrt(noise.inflation) / np.sqrt(max(float(fit.spread_x[0]), 1e-30))
    total = float(np.ptp(y))
    return Phase(
        start=start,
        stop=stop,
        slope=float(fit.slope[0]),
        change=change,
        error=float(error),
        level=float(fit.mean_y[0]),
        label=label_change(change, float(error), total),
    )


def label_change(change: float, error: float, total: float) -> PhaseLabel:
    """What a piece does that changes by so much, give or take its standard error, of a range ``total``."""
    if abs(change) > max(MOVING_Z * error, MOVING_SHARE * total):
        return "rise" if change > 0 else "fall"
    return "flat" if abs(change) + ONE_SIDED_90 * error < FLAT_SHARE * total else "unclear"
