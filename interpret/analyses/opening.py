"""Does the series begin otherwise than it goes on: a short start against its later course?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.middle import median
from interpret.analyses.noise import Noise

FEWEST = 30
# A start lasts at most this share of the run.
LONGEST_SHARE = 0.1
FEWEST_POINTS = 2
# The start moves by so many noise units and this share of the range, against the whole run's change.
LEAST_UNITS = 4.0
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """``turn`` is the index at which the early move turns; ``held`` says that the start is level
    (within the noise) rather than against the later course."""

    sign: int
    turn: int
    size: float
    held: bool


def measure_opening(y: FloatArray, noise: Noise) -> Opening | None:
    """Find a short start that runs against the whole change, or waits before it.

    Parameters
    ----------
    y : ndarray, shape (n,)
    noise : Noise
    """
    n = len(y)
    if n < FEWEST:
        return None
    total = float(np.ptp(y))
    early = max(FEWEST_POINTS + 2, int(LONGEST_SHARE * n))
    whole = median(y[-max(5, n // 10) :]) - median(y[:early])
    if abs(whole) < 0.3 * total:
        return None
    sign = -1 if whole > 0 else 1
    turn = int(np.argmax(sign * y[:early]))
    size = sign * (float(y[turn]) - median(y[: max(1, min(2, turn))]))
    after = sign * (float(y[turn]) - median(y[early : early + 3]))
    if not FEWEST_POINTS <= turn < early - 1:
        return None
    if min(size, after) > max(LEAST_UNITS * noise.sd, LEAST_SHARE * total):
        return Opening(sign=sign, turn=turn, size=size, held=False)
    return None
