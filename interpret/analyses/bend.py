"""Straighten a series that runs fast and then slow, as learning and decay curves do.

Straight pieces follow such a bend badly: their misfit looks like noise with a long memory, and
nothing is significant any more. One term for the bend costs two numbers instead of three pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.form import whiten

PHIS = (0.0, 0.3, 0.6, 0.8, 0.9)
# Time constants of exponential and logarithmic approaches, in shares of the length.
EXPONENTIALS = (0.025, 0.06, 0.15)
LOGARITHMS = (0.01, 0.04)
# Price of the bend (its size and its constant) in log n units.
BEND_PRICE = 3.0
FEWEST = 16


def straighten(y: FloatArray, weight: FloatArray, jumps: Sequence[int] = ()) -> FloatArray:
    """Subtract the best bend where its misfit pays for it; else return ``y`` unchanged.

    Parameters
    ----------
    y, weight : ndarray, shape (n,)
        In order of x.
    jumps : sequence of int
        First points after known jumps, each a step of its own.
    """
    n = len(y)
    if n < FEWEST:
        return y
    y0 = float(np.mean(y))
    place = np.linspace(0.0, 1.0, n)
    plain = [np.ones(n), place] + [(np.arange(n) >= jump).astype(np.float64) for jump in jumps]
    bends = _bends(n)
    columns = np.vstack([*plain, bends, y - y0])
    n_plain = len(plain)
    with_bend = [[*range(n_plain), n_plain + k] for k in range(len(bends))]
    roots = np.sqrt(weight), np.sqrt(np.minimum(weight, np.append(1.0, weight[:-1])))
    grams = []
    for phi in PHIS:
        whitened = whiten(columns, phi) * roots[phi > 0]
        grams.append(whitened @ whitened.T)
    solved = [*_solve(np.array(grams), [list(range(n_plain))]), *_solve(np.array(grams), with_bend)]
    best_score, best = math.inf, y
    for k, phi in enumerate(PHIS):
        for candidate, (sizes, misfits) in enumerate(solved, start=-1):
            score = n * math.log(misfits[k] + 1e-300) - math.log(1 - phi**2)
            if candidate >= 0:
                score += BEND_PRICE * math.log(n)
            if score < best_score - 1e-9:
                best_score, best = score, y if candidate < 0 else y - sizes[k] * bends[candidate]
    return best


@lru_cache(maxsize=16)
def _bends(n: int) -> FloatArray:
    place = np.linspace(0.0, 1.0, n)
    return np.vstack(
        [*(-np.expm1(-place / tau) for tau in EXPONENTIALS), *(np.log1p(place / c) for c in LOGARITHMS)]
    )


def _solve(grams: FloatArray, choices: list[list[int]]) -> list[tuple[list[float], list[float]]]:
    """Regress the last row on each choice of as many rows: last coefficients and squared misfits.

    Each for all of ``grams``, shape (n_phis, rows, rows).
    """
    chosen = np.array(choices)
    left = grams[:, chosen[:, :, None], chosen[:, None, :]]
    diagonal = np.arange(chosen.shape[1])
    left[..., diagonal, diagonal] += left[..., diagonal, diagonal] * 1e-10
    right = grams[:, chosen, -1]
    solutions = np.linalg.solve(left, right[..., None])[..., 0]
    explained = np.sum(solutions * right, axis=-1)
    misfits = np.maximum(grams[:, -1, -1, None] - explained, 0.0)
    return [(solutions[:, k, -1].tolist(), misfits[:, k].tolist()) for k in range(len(choices))]
