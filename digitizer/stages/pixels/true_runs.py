"""Runs of True along a line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def true_runs(on: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and one past the last index of each run of True: shape (runs,) each."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return edges[::2], edges[1::2]
