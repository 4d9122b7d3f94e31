"""Simulate what noise alone would show: AR(1) series and the tails of their statistics.

Every draw starts from one fixed seed, so that the same input gives the same bytes.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray

SEED = 20240817
EULER = 0.5772156649
# Series up to this long have nulls of their own length.
LONGEST_OWN = 200


def n_draws(n: int) -> int:
    """Number of simulated series: fewer where each is long (5,000 points must take under a second)."""
    return 399 if n <= 200 else 199 if n <= 1000 else 99 if n <= 2500 else 49


def shared_length(n: int) -> int:
    """The length whose nulls serve series of ``n`` points too: long ones share those of up to 6 % fewer.

    Lines that are read column by column have each a length of its own, and the largest of so many
    values depends on their number by its logarithm alone.
    """
    return n if n <= LONGEST_OWN else n - n % (1 << (n.bit_length() - 5))


@lru_cache(maxsize=24)
def simulate_ar1(n: int, phi: float) -> FloatArray:
    """Draw AR(1) series of unit variance, shape (n_draws(n), n), read-only."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    series = np.ascontiguousarray(rng.standard_normal((n_draws(n), n)).T)
    if phi > 0:
        scale = math.sqrt(1 - phi * phi)
        for index in range(1, n):
            series[index] *= scale
            series[index] += phi * series[index - 1]
    drawn = np.ascontiguousarray(series.T)
    drawn.setflags(write=False)
    return drawn


def tail_of_maximum(null: FloatArray, value: float) -> float:
    """P(maximum >= value) under the null; beyond the draws by a Gumbel law fitted to them.

    Parameters
    ----------
    null : ndarray, shape (n_draws,)
        The statistic's maximum in each simulated series.
    value : float
        The observed one.
    """
    count = int(np.count_nonzero(null >= value))
    empirical = (count + 1) / (len(null) + 1)
    if count > 3:
        return empirical
    spread = float(np.std(null)) * math.sqrt(6) / math.pi
    if spread == 0:
        return empirical
    reduced = (value - (float(np.mean(null)) - EULER * spread)) / spread
    return min(empirical, -math.expm1(-math.exp(-reduced)))


def normal_tail(z: float) -> float:
    """Two-sided tail of the normal law."""
    return math.erfc(abs(z) / math.sqrt(2))
