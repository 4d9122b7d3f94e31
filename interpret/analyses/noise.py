"""How much does the series jitter about its course, and for how long does it remember?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.course import measure_courses
from interpret.analyses.middle import median

FEWEST = 6
UPPER_80 = 0.84
PHI_STEP = 0.1
MOST_PHI = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Spread about the course.

    ``sd`` is the marginal standard deviation, ``phi`` the lag-1 correlation, ``step`` the median
    absolute change from a point to the next.
    """

    sd: float
    phi: float
    step: float

    @property
    def inflation(self) -> float:
        """Factor by which correlation enlarges the variance of a mean."""
        return (1 + self.phi) / (1 - self.phi)


def measure_noises(
    x: FloatArray,
    y: FloatArray,
    sigma: FloatArray,
    prices: Sequence[float],
    *,
    limits: Sequence[float] | None = None,
    jumps: Sequence[int] = (),
    ignored: NDArray[np.bool_] | None = None,
) -> list[Noise]:
    """Estimate the noise about the series' course for each price, never below the reading error.

    Parameters
    ----------
    x, y, sigma : ndarray, shape (n,)
        Values in order of x and their reading error.
    prices, jumps, ignored
        As for :func:`interpret.analyses.course.measure_courses`: a high price takes structure
        for noise, a low one noise for structure.
    limits : sequence of float, optional
        For each price, how many standard errors above its estimate the correlation is taken; by
        default the upper 80 % limit.
    """
    floor = median(sigma) if len(sigma) else 0.0
    step = median(np.abs(np.diff(y))) if len(y) > 1 else 0.0
    still = Noise(sd=floor, phi=0.0, step=step)
    if len(y) < FEWEST or np.ptp(y) == 0:
        return [still] * len(prices)
    courses = measure_courses(x, y, prices, jumps=jumps, ignored=ignored, bent=True)
    return [
        still
        if course.sd <= floor
        else Noise(sd=course.sd, phi=_cautious(course.phi, len(y), limit), step=step)
        for course, limit in zip(courses, limits or [UPPER_80] * len(courses), strict=True)
    ]


def _cautious(phi: float, n: int, deviations: float) -> float:
    """Upper limit of the correlation, corrected for its bias, on the grid of simulated ones."""
    limit = phi + (1 + 4 * phi) / n + deviations * math.sqrt((1 - phi * phi) / n)
    return min(MOST_PHI, math.floor(limit / PHI_STEP) * PHI_STEP)
