"""The nearest of some places to each of some others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray


def index_of_nearest(rising: FloatArray, at: FloatArray | NDArray[np.intp]) -> NDArray[np.intp]:
    """For each place the index of the nearest of some rising ones, of which there are two at least."""
    after = np.clip(np.searchsorted(rising, at), 1, rising.size - 1)
    return np.asarray(after - (at - rising[after - 1] < rising[after] - at))


def distance_to_nearest(x: FloatArray, places: FloatArray) -> FloatArray:
    """How far each of ``x`` is from the nearest of some places."""
    at = np.sort(places)
    k = np.clip(np.searchsorted(at, x), min(1, at.size - 1), at.size - 1)
    return np.asarray(np.minimum(np.abs(x - at[k - 1]), np.abs(x - at[k])))
