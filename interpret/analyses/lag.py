"""Does one series follow another with a delay, beyond their trends?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.null import simulate_ar1, tail_of_maximum

FEWEST = 40
LONGEST = 1500
MOST_LAG = 12
LAG_SHARE = 0.15
FIRM_P = 0.001
LEAST_CORRELATION = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """``lag`` > 0: the second series follows the first by so many points."""

    lag: int
    correlation: float
    p: float


def measure_lag(a: FloatArray, b: FloatArray) -> Lag | None:
    """Find a delay between two series at common, even positions.

    Parameters
    ----------
    a, b : ndarray, shape (n,)

    Notes
    -----
    Both are differenced (which takes trends off), then whitened by their own lag-1 correlation; the
    largest correlation over all delays is compared with that of independent white series. A peak at
    the edge of the delays or at none is no lag.
    """
    n = len(a)
    if not FEWEST <= n <= LONGEST:
        return None
    reach = _reach(n)
    correlations = _cross(_whiten(np.diff(a))[None, :], _whiten(np.diff(b))[None, :], reach)[0]
    k = int(np.argmax(abs(correlations)))
    lag = k - reach
    p = tail_of_maximum(_null(n - 2, reach), float(abs(correlations[k])))
    if lag == 0 or abs(lag) == reach or p > FIRM_P or abs(correlations[k]) < LEAST_CORRELATION:
        return None
    return Lag(lag=lag, correlation=float(correlations[k]), p=p)


def _reach(n: int) -> int:
    return min(MOST_LAG, max(3, int(LAG_SHARE * n)))


def _whiten(y: FloatArray) -> FloatArray:
    rest = y - y.mean()
    low, high = np.quantile(rest, (0.02, 0.98))
    rest = np.clip(rest, low, high)
    power = float(rest @ rest)
    phi = float(rest[1:] @ rest[:-1]) / power if power > 0 else 0.0
    whitened: FloatArray = rest[1:] - phi * rest[:-1]
    return whitened


def _cross(a: FloatArray, b: FloatArray, reach: int) -> FloatArray:
    """Correlation of rows at each delay from -reach to reach; positive: b follows a."""
    n = a.shape[-1]
    a = (a - a.mean(axis=-1, keepdims=True)) / np.maximum(a.std(axis=-1, keepdims=True), 1e-300)
    b = (b - b.mean(axis=-1, keepdims=True)) / np.maximum(b.std(axis=-1, keepdims=True), 1e-300)
    columns = []
    for lag in range(-reach, reach + 1):
        early, late = (a, b) if lag >= 0 else (b, a)
        shift = abs(lag)
        columns.append(np.sum(early[..., : n - shift] * late[..., shift:], axis=-1) / n)
    return np.stack(columns, axis=-1)


@lru_cache(maxsize=16)
def _null(n: int, reach: int) -> FloatArray:
    drawn = simulate_ar1(n, 0.0)
    half = len(drawn) // 2
    largest = [
        np.max(abs(_cross(drawn[:half], np.roll(drawn[half : 2 * half], k, axis=0), reach)), axis=1)
        for k in (0, 7)
    ]
    return np.concatenate(largest)
