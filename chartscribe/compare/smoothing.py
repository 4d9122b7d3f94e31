"""The ways in which runs are smoothed before they are drawn, each with one parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitizer.model import FloatArray

Kind = Literal["moving", "exponential", "gaussian"]


# Wider smoothings leave nothing of a run but its mean.
WIDEST = {"moving": 0.34, "gaussian": 0.34}


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothing:
    """A smoothing: ``parameter`` is a window in rows, a weight from 0 to 1, or a deviation in rows."""

    kind: Kind
    parameter: float
    variant: str

    def apply(self, values: FloatArray) -> FloatArray:
        """Smooth a column of numbers without gaps."""
        return _VARIANTS[self.kind, self.variant](values, self.parameter)

    def __str__(self) -> str:
        if self.kind == "moving":
            return f"a moving average of {self.parameter:g} rows"
        if self.kind == "exponential":
            return f"exponential smoothing with weight {self.parameter:g}"
        return f"Gaussian smoothing with a deviation of {self.parameter:g} rows"


def first_guesses(n_rows: int) -> list[Smoothing]:
    """Smoothings to begin with, for a column of so many rows."""
    guesses = []
    for kind, variant in _VARIANTS:
        for parameter in _GUESSES[kind]:
            if kind == "exponential" or parameter < WIDEST[kind] * n_rows:
                guesses.append(Smoothing(kind=kind, parameter=parameter, variant=variant))
    return guesses


def neighbours(smoothing: Smoothing, step: float, n_rows: int) -> list[Smoothing]:
    """Smoothings whose parameter is a share ``step`` smaller and larger."""
    if smoothing.kind == "moving":
        change = max(1.0, round(smoothing.parameter * step))
        near = [smoothing.parameter - change, smoothing.parameter + change]
        near = [window for window in near if 2 <= window < n_rows]
    elif smoothing.kind == "exponential":
        # The weight's distance to one is what counts: 0.99 is as far from 0.98 as 0.9 from 0.8.
        rest = 1 - smoothing.parameter
        near = [1 - rest * (1 + step), 1 - rest / (1 + step)]
        near = [weight for weight in near if 0 < weight < 1]
    else:
        near = [smoothing.parameter / (1 + step), smoothing.parameter * (1 + step)]
    return [Smoothing(kind=smoothing.kind, parameter=p, variant=smoothing.variant) for p in near]


def rounded(smoothing: Smoothing) -> list[Smoothing]:
    """The same smoothing with rounder parameters, the roundest first: people choose 0.9 and not 0.8987.

    Windows are whole numbers already.
    """
    rounder: list[Smoothing] = []
    if smoothing.kind == "moving":
        return rounder
    for digits in (1, 2, 3):
        value = 1 - smoothing.parameter if smoothing.kind == "exponential" else smoothing.parameter
        near = float(f"{value:.{digits}g}")
        parameter = round(1 - near, 10) if smoothing.kind == "exponential" else near
        rounder.append(Smoothing(kind=smoothing.kind, parameter=parameter, variant=smoothing.variant))
    return rounder


def _trailing(values: FloatArray, window: float) -> FloatArray:
    """The mean of the last rows, of fewer at the beginning."""
    width = int(window)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    stop = np.arange(1, len(values) + 1)
    start = np.maximum(stop - width, 0)
    return np.asarray((sums[stop] - sums[start]) / (stop - start))


def _centred(values: FloatArray, window: float) -> FloatArray:
    """The mean of the rows around, of fewer at both ends."""
    width = int(window)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    start = np.maximum(place - (width - 1) // 2, 0)
    stop = np.minimum(place + width // 2 + 1, len(values))
    return np.asarray((sums[stop] - sums[start]) / (stop - start))


def _triangular(values: FloatArray, window: float) -> FloatArray:
    """A trailing window whose weights rise to its middle and fall, as pandas' ``win_type="triang"``."""
    width = int(window)
    ramp = np.minimum(np.arange(1, width + 1), np.arange(width, 0, -1)).astype(float)
    if width % 2 == 0:
        ramp -= 0.5
    n = len(values)
    weighted = np.convolve(values, ramp)[:n]
    return np.asarray(weighted / np.convolve(np.ones(n), ramp)[:n])


def _exponential(values: FloatArray, weight: float) -> FloatArray:
    """Each row is ``weight`` of the smoothed one before and the rest of its own."""
    from scipy.signal import lfilter

    start = np.array([weight * values[0]])
    smoothed, _ = lfilter([1 - weight], [1.0, -weight], values, zi=start)
    return np.asarray(smoothed)


def _debiased(values: FloatArray, weight: float) -> FloatArray:
    """The same begun at nothing and set right for it, as TensorBoard and pandas do."""
    from scipy.signal import lfilter

    smoothed = lfilter([1 - weight], [1.0, -weight], values)
    return np.asarray(smoothed / (1 - weight ** np.arange(1, len(values) + 1)))


def _gaussian(values: FloatArray, deviation: float) -> FloatArray:
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(values, deviation))


_VARIANTS: dict[tuple[Kind, str], Callable[[FloatArray, float], FloatArray]] = {
    ("moving", "trailing"): _trailing,
    ("moving", "centred"): _centred,
    ("moving", "triangular"): _triangular,
    ("exponential", "plain"): _exponential,
    ("exponential", "debiased"): _debiased,
    ("gaussian", "reflected"): _gaussian,
}
_GUESSES: dict[Kind, tuple[float, ...]] = {
    "moving": (2, 3, 5, 7, 10, 15, 20, 25, 32, 40, 50, 64, 80, 100, 150, 200, 300, 500, 1000),
    "exponential": (0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999),
    "gaussian": (0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100),
}
