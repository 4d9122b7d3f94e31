"""Straighten a series that runs fast and then slow, as learning and decay curves do.

Straight pieces follow such a bend badly: their misfit looks like noise with a long memory, and
nothing is significant any more. One term for the bend costs two numbers instead of three pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.model import FloatArray

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
    place = np.linspace(0.0, 1.0, n)
    plain = [np.ones(n), place] + [(np.arange(n) >= jump).astype(np.float64) for jump in jumps]
    bends = [-np.expm1(-place / tau) for tau in EXPONENTIALS] + [np.log1p(place / c) for c in LOGARITHMS]
    best_score, best = np.inf, y
    for phi in PHIS:
        root = np.sqrt(np.minimum(weight, np.append(1.0, weight[:-1])) if phi else weight)
        target = _whiten(y, phi) * root
        columns = [_whiten(column, phi) * root for column in plain]
        candidates: list[FloatArray | None] = [None, *bends]
        for bend in candidates:
            chosen = columns if bend is None else [*columns, _whiten(bend, phi) * root]
            solution, sse = _solve(np.column_stack(chosen), target)
            score = n * np.log(sse + 1e-300) - np.log(1 - phi**2)
            if bend is not None:
                score += BEND_PRICE * np.log(n)
            if score < best_score - 1e-9:
                best_score, best = score, y if bend is None else y - solution[-1] * bend
    return best


def _whiten(values: FloatArray, phi: float) -> FloatArray:
    if phi == 0:
        return values
    whitened = values.copy()
    whitened[1:] -= phi * values[:-1]
    whitened[0] *= np.sqrt(1 - phi * phi)
    return whitened


def _solve(columns: FloatArray, target: FloatArray) -> tuple[FloatArray, float]:
    gram = columns.T @ columns
    gram[np.diag_indices_from(gram)] *= 1 + 1e-10
    solution = np.linalg.solve(gram, columns.T @ target)
    residual = target - columns @ solution
    return solution, float(residual @ residual)
