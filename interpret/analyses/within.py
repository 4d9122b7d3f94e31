"""What a level stretch still does: drift on, or turn, by little beside the whole range but surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.noise import Noise

# Medians of so many neighbours are compared; their standard error in that of a point, where noise is white.
WIDTH = 5
MEDIAN_ERROR = 0.56
# Ends that differ by so many errors, and by this share of the range, are a drift: of 107 injected plateaus in
# noise of memory 0 to 0.8 none does.
LEAST_ERRORS = 5.0
LEAST_SHARE = 0.008
# A turn moves by this share of the range on both sides, and lies off the ends by this share of the stretch.
TURN_SHARE = 0.02
TURN_INSIDE = 0.1
FEWEST = 3 * WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """``kind`` of move up to ``stop`` (exclusive), and where it turns (``apex``).

    ``start`` and ``end`` are medians at the ends.
    """

    kind: Literal["drift", "turn"]
    sign: int
    start: float
    end: float
    apex: int
    stop: int
    error: float


def measure_within(y: FloatArray, noise: Noise, start: int, stop: int, *, before: int = 0) -> Within | None:
    """Find a sure drift or turn inside a level stretch.

    Parameters
    ----------
    y : ndarray, shape (n,)
        The whole series, without dips and peaks.
    noise : Noise
        As it is to be feared.
    start, stop : int
        The stretch, ``stop`` exclusive.
    before : int
        The way of what leads to it, 0 where nothing does: what fell to its level turns up without falling on.

    Returns
    -------
    Within or None
        ``sign`` is the way of the drift, or that after the turn.
    """
    if stop - start < FEWEST:
        return None
    total = float(np.ptp(y))
    middle = np.median(np.lib.stride_tricks.sliding_window_view(y[start:stop], WIDTH), axis=1)
    error = LEAST_ERRORS * MEDIAN_ERROR * noise.sd * float(np.sqrt(noise.inflation))
    first, last = float(middle[0]), float(middle[-1])
    for sign in (1, -1):
        apex = int(np.argmin(sign * middle))
        move = sign * (last - float(middle[apex]))
        if before != -sign:
            move = min(move, sign * (first - float(middle[apex])))
        inside = TURN_INSIDE * len(middle) < apex < (1 - TURN_INSIDE) * len(middle)
        if inside and move > max(error, TURN_SHARE * total):
            near = slice(start + apex, start + apex + WIDTH)
            at = start + apex + int(np.argmin(sign * y[near]))
            return Within(kind="turn", sign=sign, start=first, end=last, apex=at, stop=stop, error=error)
    if abs(last - first) <= max(error, LEAST_SHARE * total):
        return None
    sign = 1 if last > first else -1
    return Within(kind="drift", sign=sign, start=first, end=last, apex=stop - 1, stop=stop, error=error)
