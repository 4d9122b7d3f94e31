"""The regular step grid that a series' points stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray

# Agg snaps markers to whole pixels (sd 0.29 px); a fit worse than this is no grid.
MAX_RESIDUAL = 0.5
# Fewer points than this fit some grid by chance.
FEWEST = 5
# Points per tooth, at least: a sparse comb fits anything.
OCCUPANCY = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Positions ``origin + k * period`` (px)."""

    origin: float
    period: float

    def nearest(self, x: FloatArray) -> FloatArray:
        """The whole step number closest to each position."""
        return np.round((x - self.origin) / self.period)

    def position(self, k: FloatArray) -> FloatArray:
        """The position of each step."""
        return self.origin + k * self.period


def find_steps(x: FloatArray, smallest: float = 2.5) -> Steps | None:
    """Fit a regular comb to positions; None where there is none.

    Parameters
    ----------
    x
        Positions (px), some of them missing, a few of them false.
    smallest
        The shortest period to consider (px).

    Notes
    -----
    The fundamental is the frequency at which the positions' phases agree best (harmonics agree less, by
    the positions' noise); a straight fit of position against step number then gives period and origin.
    """
    x = np.sort(np.asarray(x, dtype=np.float64))
    span = float(x[-1] - x[0]) if x.size else 0.0
    if x.size < FEWEST or span < 3 * smallest:
        return None
    sparse = x if x.size <= 400 else x[:: x.size // 400 + 1]
    lowest = 2.0 / span
    frequencies = np.arange(lowest, 1.0 / smallest, 1.0 / (8.0 * span))[:6000]
    phases = np.exp(2j * np.pi * np.outer(frequencies, sparse - x[0]))
    coherence = np.abs(phases.mean(axis=1))
    frequency = float(frequencies[int(np.argmax(coherence))])
    if coherence.max() < 0.6:
        return None
    return _fit(x, 1.0 / frequency)


def _fit(x: FloatArray, period: float) -> Steps | None:
    turn = np.exp(2j * np.pi * (x - x[0]) / period).mean()
    origin = float(x[0] + np.angle(turn) / (2 * np.pi) * period)
    residual = np.zeros(0)
    for _ in range(4):
        k = np.round((x - origin) / period)
        residual = x - (origin + k * period)
        good = np.abs(residual) < max(3.0 * float(np.median(np.abs(residual))) + 0.1, 0.3)
        if good.sum() < FEWEST or np.ptp(k[good]) < FEWEST - 1:
            return None
        period, origin = (float(v) for v in np.polyfit(k[good], x[good], 1))
    k = np.round((x - origin) / period)
    teeth = np.ptp(k) + 1
    good = np.abs(x - origin - k * period) < 1.0
    fits = float(np.sqrt(np.mean(np.square((x - origin - k * period)[good])))) if good.any() else 1e9
    if good.mean() < 0.85 or fits > MAX_RESIDUAL or np.unique(k[good]).size < OCCUPANCY * teeth or period < 2:
        return None
    # A comb finer than the noise fits everything: phases must agree better than by chance.
    if fits > 0.2 * period:
        return None
    return Steps(origin=origin, period=period)
