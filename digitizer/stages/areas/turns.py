"""How often an edge turns: those of curves seldom do, those of raw noise in every other column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray

IntArray = NDArray[np.int64]

# An edge turns where its second difference is above this (px) and this share of its slope.
TURN_PX = 1.6
TURN_SHARE = 0.3
# A column like the one before it, between steps of so many pixels on a steep course, is that one again.
TWICE_STEP_PX = 2


def turns_of(x: IntArray, edge: IntArray | FloatArray) -> float:
    """Share of an edge's columns at which it turns."""
    x, edge = _once(x, edge)
    if edge.size < 5:
        return 1.0
    # Where the rim's anti-aliasing has the area's colour by chance, the edge jitters from column to column.
    calm = np.sort(np.lib.stride_tricks.sliding_window_view(np.pad(edge, 2, mode="edge"), 5), axis=1)[:, 2]
    steps = np.diff(calm.astype(np.float64))
    next_to = (np.diff(x)[1:] == 1) & (np.diff(x)[:-1] == 1)
    limit = TURN_PX + TURN_SHARE * np.minimum(np.abs(steps[1:]), np.abs(steps[:-1]))
    return float(np.mean((np.abs(np.diff(steps)) > limit)[next_to])) if next_to.any() else 1.0


def _once(x: IntArray, edge: IntArray | FloatArray) -> tuple[IntArray, IntArray | FloatArray]:
    """An edge without the columns that a picture enlarged without smoothing shows twice on a steep course."""
    steps = np.diff(edge)
    steep = (steps[:-2] * steps[2:] > 0) & (
        np.minimum(np.abs(steps[:-2]), np.abs(steps[2:])) >= TWICE_STEP_PX
    )
    twice = np.zeros(edge.size, dtype=bool)
    twice[2:-1] = steep & (steps[1:-1] == 0) & (np.diff(x)[1:-1] == 1)
    return (x - np.cumsum(twice))[~twice], edge[~twice]
