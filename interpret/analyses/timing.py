"""How much of its whole change has a series made by a given point?"""

from __future__ import annotations

import numpy as np

from digitizer.model import FloatArray

SIDE = 2


def local_median(y: FloatArray, index: int) -> float:
    """Median of up to five points around ``index``."""
    return float(np.median(y[max(0, index - SIDE) : index + SIDE + 1]))


def measure_share(y: FloatArray, start: float, end: float, index: int) -> float:
    """Share of the change from ``start`` to ``end`` made at ``index``."""
    return (local_median(y, index) - start) / (end - start) if end != start else 0.0


def first_share(y: FloatArray, start: float, end: float, share: float) -> int | None:
    """First index from which the median of five keeps at least ``share`` of the change for five points."""
    if len(y) < 5 or end == start:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(y, 5)
    made = (np.median(windows, axis=1) - start) / (end - start) >= share
    for index in range(len(made)):
        if made[index : index + 5].all():
            return index + SIDE
    return None
