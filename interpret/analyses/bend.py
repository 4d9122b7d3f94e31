"""Straighten a series that runs fast and then slow, as learning and decay curves do.

Straight pieces follow such a bend badly: their misfit looks like noise with a long memory, and
nothing is significant any more. One term for the bend costs two numbers instead of three pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    bends = [-np.expm1(-place / tau) for tau in EXPONENTIALS] + [np.log1p(place / c) for c in LOGARITHMS]
    columns = np.vstack([*plain, *bends, y - y0])
    n_plain = len(plain)
    best_score, best = np.inf, y
    for phi in PHIS:
        root = np.sqrt(np.minimum(weight, np.append(1.0, weight[:-1])) if phi else weight)
        whitened = whiten(columns, phi) * root
        gram = whitened @ whitened.T
        with_bend = [[*range(n_plain), n_plain + k] for k in range(len(bends))]
        solved = [*_solve(gram, [list(range(n_plain))]), *_solve(gram, with_bend)]
        for candidate, (size, sse) in enumerate(solved, start=-1):
            score = n * np.log(sse + 1e-300) - np.log(1 - phi**2)
            if candidate >= 0:
                score += BEND_PRICE * np.log(n)
            if score < best_score - 1e-9:
                best_score, best = score, y if candidate < 0 else y - size * bends[candidate]
    return best


def _solve(gram: FloatArray, choices: list[list[int]]) -> list[tuple[float, float]]:
    """Regress the last row on each choice of as many rows: the last coefficient and the squared misfit."""
    chosen = np.array(choices)
    left = gram[chosen[:, :, None], chosen[:, None, :]]
    diagonal = np.arange(chosen.shape[1])
    left[:, diagonal, diagonal] += left[:, diagonal, diagonal] * 1e-10
    right = gram[chosen, -1]
    solutions = np.linalg.solve(left, right[:, :, None])[:, :, 0]
    return [
        (float(solution[-1]), max(float(gram[-1, -1] - solution @ r), 0.0))
        for solution, r in zip(solutions, right, strict=True)
    ]
