"""The normal distribution, whose place in SciPy takes long to import."""

from __future__ import annotations

import math

import numpy as np

from digitizer.evidence import FloatArray

# Beyond so many deviations nothing is left; so many places a deviation are known (from there it is a series).
MOST = 9.0
PLACES = 64
_AT = np.arange(-MOST * PLACES, MOST * PLACES + 1) / PLACES
_BELOW = np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in _AT.tolist()])
_DENSITY = np.exp(-0.5 * np.square(_AT)) / math.sqrt(2.0 * math.pi)


def share_below(z: FloatArray) -> FloatArray:
    """The share of a normal distribution below some numbers of deviations (right to 13 digits)."""
    z = np.clip(z, -MOST, MOST)
    k = np.rint((z + MOST) * PLACES).astype(np.intp)
    at = _AT[k]
    off = z - at
    # Derivatives of the density are itself times Hermite's polynomials.
    square = at * at
    series = off / 120.0 * (square * square - 6.0 * square + 3.0) - (at * square - 3.0 * at) / 24.0
    series = series * off + (square - 1.0) / 6.0
    series = series * off - at / 2.0
    return np.asarray(_BELOW[k] + _DENSITY[k] * off * (series * off + 1.0))
