"""Which point is highest, which lowest, and how far ahead of the runner-up?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.noise import Noise

# Neighbours of the extreme point are part of the same summit.
APART_SHARE = 0.05
CLEAR_GAP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extremum:
    """The largest (``sign`` +1) or smallest point and the next best away from it.

    ``clear`` says that the reading error cannot have swapped them, ``beyond_noise`` that the
    noise about the course is not enough to have done so either.
    """

    sign: int
    index: int
    value: float
    runner_up: int | None
    gap: float
    clear: bool
    beyond_noise: bool


def measure_extremum(y: FloatArray, sigma: FloatArray, noise: Noise, sign: int) -> Extremum:
    """Find the extreme point of a non-empty series and its runner-up."""
    index = int(np.argmax(sign * y))
    apart = max(1, int(APART_SHARE * len(y)))
    others = np.ones(len(y), dtype=bool)
    others[max(0, index - apart) : index + apart + 1] = False
    if not others.any():
        return Extremum(
            sign=sign,
            index=index,
            value=float(y[index]),
            runner_up=None,
            gap=0.0,
            clear=True,
            beyond_noise=False,
        )
    candidates = np.flatnonzero(others)
    runner_up = int(candidates[np.argmax(sign * y[candidates])])
    gap = sign * float(y[index] - y[runner_up])
    error = float(np.hypot(sigma[index], sigma[runner_up]))
    return Extremum(
        sign=sign,
        index=index,
        value=float(y[index]),
        runner_up=runner_up,
        gap=gap,
        clear=gap > CLEAR_GAP * error,
        beyond_noise=gap > CLEAR_GAP * noise.sd,
    )
