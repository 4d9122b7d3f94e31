"""While one series moves, what does another do in the same window?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.noise import Noise

Answer = Literal["same", "opposite", "none", "undetermined"]

SIDE = 5
MOVED_Z = 4.0
# A move that anyone sees in the picture: so many noise units and this share of the range.
MOVED_SHARE = 0.05
# "Did not visibly respond" excludes a change of this share of the other's range.
EXCLUDED_SHARE = 0.15
TWO_SIDED_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """``before`` and ``during`` are medians of up to five of the other series' points."""

    answer: Answer
    before: float
    during: float
    change: float
    error: float
    z: float
    n_before: int
    n_during: int


def measure_response(
    y: FloatArray, noise: Noise, before: slice, during: slice, after: slice | None, sign: int
) -> Response | None:
    """Measure the other series' change over an event's window.

    Parameters
    ----------
    y : ndarray, shape (n,)
        The other series, at the same positions.
    noise : Noise
        The other series' noise.
    before, during, after : slice
        Points before, in and (of a dip or peak) after the event. The course between before and
        after is taken off.
    sign : int
        Which way the event goes.
    """
    early, core = y[before], y[during]
    if len(early) < 2 or len(core) < 1:
        return None
    reference = float(np.mean(early))
    variance = 1 / len(early)
    if after is not None and len(y[after]) >= 2:
        late = y[after]
        reference = (reference + float(np.mean(late))) / 2
        variance = (1 / len(early) + 1 / len(late)) / 4
    change = float(np.mean(core)) - reference
    error = noise.sd * np.sqrt(noise.inflation * (variance + 1 / len(core)))
    z = change / error if error > 0 else 0.0
    total = float(np.ptp(y))
    answer: Answer = "undetermined"
    if abs(z) > MOVED_Z and abs(change) > MOVED_SHARE * total:
        answer = "same" if z * sign > 0 else "opposite"
    elif abs(change) + TWO_SIDED_95 * error < EXCLUDED_SHARE * total:
        answer = "none"
    return Response(
        answer=answer,
        before=float(np.median(early)),
        during=float(np.median(core)),
        change=change,
        error=float(error),
        z=float(z),
        n_before=len(early),
        n_during=len(core),
    )
