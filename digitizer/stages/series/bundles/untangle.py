"""Which way goes on with which where lines of one colour meet: the ones that turn least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray

# Lines that meet this near (px), less than a disc's radius, may change places; a pixel between them counts as
# much as two by which they turn.
MEET_PX = 1.6
BESIDE_COUNTS = 4.0
# Changes at one step allow others at the next: three rounds settle fifty lines.
ROUNDS = 3
# Lines that do not meet are never joined.
APART = 1e6


def untangle(paths: Sequence[FloatArray]) -> FloatArray:
    """The paths (lines, steps) with their further courses exchanged where that makes them turn less."""
    from scipy.optimize import linear_sum_assignment

    lines = np.array(paths)
    for _ in range(ROUNDS):
        for k in range(1, lines.shape[1] - 1):
            y = lines[:, k]
            turn = (y - lines[:, k - 1])[:, None] - (lines[:, k + 1] - y)[None, :]
            off = y[:, None] - y[None, :]
            cost = turn**2 + BESIDE_COUNTS * off**2
            cost[np.abs(off) > MEET_PX] = APART
            rows, others = linear_sum_assignment(cost)
            lines[rows, k + 1 :] = lines[others, k + 1 :]
    return lines
