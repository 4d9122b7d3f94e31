"""Does the series repeat itself: a period, how many cycles, and how much of the variation it is?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.null import simulate_ar1, tail_of_maximum

FEWEST = 24
# A period is named where it was seen three times.
FEWEST_CYCLES = 2.9
# Points a cycle: fewer is jitter from point to point.
FEWEST_A_CYCLE = 5.0
OVERSAMPLING = 3
# The memory that noise is feared to have; its best sine explains 30 to 40 % of 71 points at most.
FEARED_PHI = 0.8
FIRM_P = 0.01
# The sine and its first overtones explain this share of what is left beside the trend.
LEAST_EXPLAINED = 0.5
OVERTONES = 3
# The frequency is sought between its neighbours in so many steps, and in as many once more.
STEPS = 5
LONGEST = 1000
# Spread of the steps along x, in shares of their mean, up to which points count as even.
EVEN = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Period:
    """A repeating course.

    ``period`` in units of x, ``cycles`` how many there are, ``amplitude`` half the height of the
    mean cycle, ``growth`` the height of the last third of the run over that of the first,
    ``explained`` the share of the variation about the trend, ``fitted`` (shape (n,)) the cycle
    without the trend.
    """

    period: float
    cycles: float
    amplitude: float
    growth: float
    explained: float
    p: float
    fitted: FloatArray


def measure_period(x: FloatArray, y: FloatArray) -> Period | None:
    """Find the period of an evenly sampled series, if it has one.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        x ascending.

    Notes
    -----
    The largest share of the variance that any sine of three cycles or more explains, against that in
    AR(1) noise of a long memory.
    """
    n = len(y)
    if n < FEWEST or not _even(x):
        return None
    thinned = slice(None, None, max(1, n // LONGEST))
    rest = _rest(y)
    rough = rest[thinned]
    basis, frequencies = _sines(len(rough))
    if len(frequencies) == 0 or not np.any(rough):
        return None
    share = _explained(rough[None, :], basis)[0]
    best = int(np.argmax(share))
    p = tail_of_maximum(_null(len(rough)), float(share[best]))
    if p > FIRM_P:
        return None
    cycles, fitted = _refine(y, float(frequencies[best]))
    rest = rest - np.mean(rest)
    power = float(rest @ rest)
    explained = 1 - float(np.sum((y - fitted - _line(y - fitted)) ** 2)) / power
    if explained < LEAST_EXPLAINED:
        return None
    third = n // 3
    heights = [float(np.ptp(np.quantile(part, (0.05, 0.95)))) for part in (rest[:third], rest[-third:])]
    return Period(
        period=float(x[-1] - x[0]) * n / (n - 1) / cycles,
        cycles=cycles * (n - 1) / n,
        amplitude=float(np.ptp(fitted)) / 2,
        growth=heights[1] / heights[0] if heights[0] > 0 else 1.0,
        explained=explained,
        p=p,
        fitted=fitted,
    )


def _even(x: FloatArray) -> bool:
    steps = np.diff(x)
    return bool(np.std(steps) <= EVEN * abs(np.mean(steps)))


def _rest(y: FloatArray) -> FloatArray:
    """What is left beside a straight line."""
    return y - _line(y)


def _line(y: FloatArray) -> FloatArray:
    place = np.linspace(-1, 1, len(y))
    return np.asarray(np.polyval(np.polyfit(place, y, 1), place), dtype=np.float64)


@lru_cache(maxsize=16)
def _sines(n: int) -> tuple[FloatArray, FloatArray]:
    """Orthonormal cosine and sine of each frequency (in cycles a series), without their line."""
    frequencies = np.arange(FEWEST_CYCLES, n / FEWEST_A_CYCLE, 1 / OVERSAMPLING)
    angle = 2 * np.pi * frequencies[:, None] * np.arange(n) / n
    place = np.linspace(-1, 1, n)
    place /= np.sqrt(place @ place)
    rows = []
    for wave in (np.cos(angle), np.sin(angle)):
        wave = wave - wave.mean(axis=1, keepdims=True)
        wave = wave - (wave @ place)[:, None] * place
        rows.append(wave)
    first = rows[0] / np.sqrt(np.sum(rows[0] ** 2, axis=1, keepdims=True))
    second = rows[1] - np.sum(rows[1] * first, axis=1, keepdims=True) * first
    second = second / np.sqrt(np.sum(second**2, axis=1, keepdims=True))
    return np.stack([first, second]), frequencies


def _explained(rest: FloatArray, basis: FloatArray) -> FloatArray:
    """Share of each series' variance (rows) that each frequency explains (columns)."""
    shares: FloatArray = (rest @ basis[0].T) ** 2 + (rest @ basis[1].T) ** 2
    power = np.sum(rest**2, axis=1, keepdims=True)
    explained: FloatArray = shares / np.maximum(power, 1e-300)
    return explained


@lru_cache(maxsize=16)
def _null(n: int) -> FloatArray:
    drawn = simulate_ar1(n, FEARED_PHI)
    place = np.linspace(-1, 1, n)
    place = place / np.sqrt(place @ place)
    rest = drawn - drawn.mean(axis=1, keepdims=True)
    rest = rest - (rest @ place)[:, None] * place
    largest: FloatArray = np.max(_explained(rest, _sines(n)[0]), axis=1)
    return largest


def _refine(y: FloatArray, cycles: float) -> tuple[float, FloatArray]:
    """The number of cycles about ``cycles`` whose sine and overtones fit best beside a line, and these.

    A line fitted before the cycle takes some of it where the run is no whole number of cycles.
    """
    spread = 1 / OVERSAMPLING
    for step in (spread / STEPS, spread / STEPS**2):
        tried = cycles + step * np.arange(-STEPS, STEPS + 1)
        misfits = [_misfit(y, one)[0] for one in tried if one > 1]
        cycles = float(tried[tried > 1][int(np.argmin(misfits))])
    return cycles, _misfit(y, cycles)[1]


def _misfit(y: FloatArray, cycles: float) -> tuple[float, FloatArray]:
    """Squared distance from a line and a cycle with overtones, and the cycle, shape (n,)."""
    n = len(y)
    angle = 2 * np.pi * cycles * np.arange(n) / n
    columns = [
        f(k * angle) for k in range(1, OVERTONES + 1) if k * cycles < n / 2.5 for f in (np.cos, np.sin)
    ]
    design = np.stack([np.ones(n), np.linspace(-1, 1, n), *columns], axis=1)
    solution = np.linalg.lstsq(design, y, rcond=None)[0]
    rest = y - design @ solution
    cycle: FloatArray = design[:, 2:] @ solution[2:]
    return float(rest @ rest), cycle
