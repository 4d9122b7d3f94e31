"""After a jump, does the series run through a stretch that it had run through before?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.noise import Noise

FEWEST = 8
LONGEST = 30
# The stretch moves by so many noise units, or any level stretch would match any other.
LEAST_MOVE = 5.0
# Root-mean-square distance of two copies of one course, in noise units: 1.41 is expected.
CLOSE = 1.8
# The other stretches at the same distance match worse by this factor.
CONTRAST = 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """``lag`` points earlier the same ``length`` points were passed; ``distance`` in noise units."""

    lag: int
    length: int
    distance: float


def measure_replay(y: FloatArray, noise: Noise, first_after: int) -> Replay | None:
    """Compare what follows a jump with each earlier stretch.

    Parameters
    ----------
    y : ndarray, shape (n,)
    noise : Noise
    first_after : int
        First point after the jump.
    """
    n = len(y)
    floor = max(noise.sd, 0.005 * float(np.ptp(y)))
    best: Replay | None = None
    worst = 0.0
    for lag in range(3, first_after + 1):
        length = min(n - first_after, lag, LONGEST)
        if length < FEWEST:
            continue
        later, earlier = (y[s : s + length] for s in (first_after, first_after - lag))
        distance = float(np.sqrt(np.mean((later - earlier) ** 2))) / floor
        worst = max(worst, distance)
        if best is None or distance < best.distance:
            best = Replay(lag=lag, length=length, distance=distance)
    if best is None or best.distance > CLOSE or worst < CONTRAST * best.distance:
        return None
    stretch = y[first_after : first_after + best.length]
    half = best.length // 2
    if abs(float(np.mean(stretch[:half]) - np.mean(stretch[-half:]))) < LEAST_MOVE / 2 * floor:
        return None
    return best
