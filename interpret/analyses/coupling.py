"""Do two series move together beyond a shared trend?

Any two trending series correlate. Coupling must show twice: in what is left beside the courses and
in the steps from point to point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.null import normal_tail

FEWEST = 12
# Width of the running mean that stands for the course.
WIDTH = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """``levels``: raw correlation; ``detrended``, ``steps``: beside the course; ``p``: the larger one."""

    levels: float
    detrended: float
    steps: float
    p: float
    n: int


def align(
    x_a: FloatArray, y_a: FloatArray, x_b: FloatArray, y_b: FloatArray
) -> tuple[FloatArray, ...] | None:
    """Bring two series to the positions of the sparser one inside their common span.

    Returns
    -------
    tuple of ndarray (x, a, b), or None where they share fewer than 3 positions.
    """
    low, high = max(x_a[0], x_b[0]), min(x_a[-1], x_b[-1])
    if high <= low:
        return None
    inside_a, inside_b = (x_a >= low) & (x_a <= high), (x_b >= low) & (x_b <= high)
    x = x_a[inside_a] if inside_a.sum() <= inside_b.sum() else x_b[inside_b]
    x = np.unique(x)
    if len(x) < 3:
        return None
    return x, np.interp(x, x_a, y_a), np.interp(x, x_b, y_b)


def measure_coupling(a: FloatArray, b: FloatArray) -> Coupling:
    """Correlate two aligned series three ways.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
    """
    n = len(a)
    levels = _correlation(a, b)
    if n < FEWEST:
        return Coupling(levels=levels, detrended=0.0, steps=0.0, p=1.0, n=n)
    rest_a, rest_b = _rest(a), _rest(b)
    detrended = _correlation(rest_a, rest_b)
    steps = _correlation(np.diff(a), np.diff(b))
    if detrended * steps <= 0:
        return Coupling(levels=levels, detrended=detrended, steps=steps, p=1.0, n=n)
    memory = max(0.0, _memory(rest_a) * _memory(rest_b))
    effective = len(rest_a) * (1 - memory) / (1 + memory)
    p = max(_p(detrended, effective), _p(steps, 0.7 * len(a)))
    return Coupling(levels=levels, detrended=detrended, steps=steps, p=p, n=n)


def _rest(y: FloatArray) -> FloatArray:
    """What is left beside a running mean, by ranks so that one event does not decide."""
    sums = np.concatenate([[0.0], np.cumsum(y - y.mean())])
    half = WIDTH // 2
    middle = np.arange(half, len(y) - half)
    rest = y[middle] - y.mean() - (sums[middle + half + 1] - sums[middle - half]) / WIDTH
    return np.argsort(np.argsort(rest)).astype(np.float64)


def _memory(values: FloatArray) -> float:
    centred = values - values.mean()
    power = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / power if power else 0.0


def _correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - b.mean()
    power = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / power if power > 0 else 0.0


def _p(r: float, n: float) -> float:
    if n <= 4:
        return 1.0
    return normal_tail(math.atanh(min(abs(r), 0.999999)) * math.sqrt(n - 3))
