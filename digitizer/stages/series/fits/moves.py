"""How far a line's vertices move: the normal equations solved, along x as one comb where they have steps."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.fits.banded import solve_banded

# A vertex moves no further than this (px) in one round.
MOST_MOVE = 1.5


def find_moves(
    band: FloatArray, right: FloatArray, x: FloatArray, steps: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """How far each vertex moves along x and along y; along x as one comb where it has steps.

    With ``x = origin + period * steps`` the heights are eliminated first (Schur complement): on steep lines a
    shift of all vertices along x and their heights hang together so closely that one after the other creeps.
    """
    if steps is None:
        change = np.clip(solve_banded(band, right), -MOST_MOVE, MOST_MOVE)
        return change[0::2], change[1::2]
    k = (steps - steps.mean()) / max(float(np.ptp(steps)), 1.0)
    comb = np.column_stack([np.ones(k.size), k])
    # The places as they are need not be a comb yet: the way there is part of the move.
    onto = comb @ np.linalg.lstsq(comb, x, rcond=None)[0] - x
    along = _times_xx(band, comb)
    couple = _times_yx(band, comb)
    right_x = right[0::2] - _times_xx(band, onto[:, None])[:, 0]
    right_y = right[1::2] - _times_yx(band, onto[:, None])[:, 0]
    heights = solve_banded(
        np.stack([np.r_[0.0, band[1, 3::2]], band[3, 1::2]]), np.column_stack([couple, right_y])
    )
    matrix = comb.T @ along - couple.T @ heights[:, :2]
    shift = np.linalg.lstsq(matrix, comb.T @ right_x - couple.T @ heights[:, 2], rcond=None)[0]
    dx = onto + np.clip(comb @ shift, -MOST_MOVE, MOST_MOVE)
    dy = heights[:, 2] - heights[:, :2] @ shift
    return dx, np.clip(dy, -MOST_MOVE, MOST_MOVE)


def _times_xx(band: FloatArray, moves: FloatArray) -> FloatArray:
    """The part of the equations between places along x, times columns of moves (n, m)."""
    off = band[1, 2::2, None]
    out = band[3, 0::2, None] * moves
    out[:-1] += off * moves[1:]
    out[1:] += off * moves[:-1]
    return np.asarray(out)


def _times_yx(band: FloatArray, moves: FloatArray) -> FloatArray:
    """The part of the equations between heights and places along x, times columns of moves (n, m)."""
    # In the band y of i lies one beside x of i and of i + 1, y of i + 1 three beside x of i.
    out = band[2, 1::2, None] * moves
    out[:-1] += band[2, 2::2, None] * moves[1:]
    out[1:] += band[0, 3::2, None] * moves[:-1]
    return np.asarray(out)
