"""All discs of a chain set to their best heights, and onto whole pixels where they were drawn on these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.order import spread

# Heights tried lie this far apart (px) at first; so many of them at most a disc.
COARSE_PX = 1.0
MAX_HEIGHTS = 21
# How far (px) from where it is each disc is tried, sweep by sweep.
REACHES = (np.inf, 10.0, 10.0, 3.0)
# Matplotlib draws discs on the next whole pixel to the right and below, and lines where they are. The comb's
# places are as far off as ticks are, moved likewise: shifts (px) that are tried.
SHIFTS = np.arange(-6, 8) / 10
# Discs that were moved miss less than this share of what others do (0.69 to 0.95 on drawn charts).
SEATED_SHARE = 0.98
# Shifts and heights tell each other, so many times over.
N_SEATINGS = 2


def settle(
    chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray, reaches: Sequence[float]
) -> tuple[FloatArray, FloatArray]:
    """Set each disc to its best height, sweep by sweep; tells how far each may be off."""
    every = [np.arange(first, y.size, chain.apart) for first in range(min(chain.apart, y.size))]
    sigma = np.zeros(y.size)
    moved = np.inf
    for reach in reaches:
        if moved < COARSE_PX / 2 and reach > REACHES[-1]:
            continue
        before = y
        y, sigma, _ = chain.settle(y, spread(y, low, high, reach, MAX_HEIGHTS), every)
        moved = float(np.abs(y - before).max())
    return y, sigma


def find_seats(chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray) -> float | None:
    """How far (px) the comb is shifted where each disc stands on a whole pixel; None where they do not.

    ``y`` are the best heights (n) of discs that were left in place, ``low`` and ``high`` their limits.
    """
    best, now = _missed(chain, y), y - 0.5
    seated, shift = chain, 0.0
    for _ in range(N_SEATINGS):
        missed = [_missed(chain.on_pixels(float(v)), now) for v in SHIFTS]
        shift = float(SHIFTS[int(np.argmin(missed))])
        seated = chain.on_pixels(shift)
        now, _ = settle(seated, np.clip(now, low - 1.0, high), low - 1.0, high, REACHES[-1:])
    return shift if _missed(seated, now) < SEATED_SHARE * best else None


def _missed(chain: Chain, y: FloatArray) -> float:
    return float(chain.miss(chain.count(y)).sum())
