"""Labels of days that stand for moments within them: multiples of a round number of milliseconds.

Programs whose time axis is a numeric one (D3's linear scale in NVD3, Unovis and many others) put ticks at
round numbers of milliseconds since 1970 and print the day alone: every 2e9 ms, 23.15 days, 2020-02-18 stands
for half past four of that day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.axes.line_fit import FEWEST_ALIKE, INLIER_PX, least_squares

MS_PER_DAY = 86_400_000.0
# Steps between ticks on a numeric axis: these times powers of ten (ms), from hours to decades.
MANTISSAS = (1.0, 2.0, 2.5, 5.0)
POWERS = range(7, 13)
# A step is sought within this share of what the labels' own days tell: three labels that are a day off by
# having been cut leave a step of ten days open to a twentieth.
STEP_SHARE = 0.1

Moments = tuple[float, float, Mask, FloatArray, FloatArray]


def fit_round_moments(px: FloatArray, sigma: FloatArray, days: FloatArray) -> Moments | None:
    """The line through labels of days by the round moments that these stand for.

    Parameters
    ----------
    px, sigma
        Where labels stand, and how well that is known (px).
    days
        What they say: whole days since 1970, NaN for those that say none.

    Returns
    -------
    tuple or None
        Origin and slope (px a day), which labels agree, the covariance, and the moments of labels (NaN of
        others). None where no round step puts three labels and more, and all but those at the two ends,
        at moments within their days. Ends may say the day that an axis begins or stops.
    """
    told = np.flatnonzero(np.isfinite(days))
    if told.size < FEWEST_ALIKE or np.any(days[told] != np.floor(days[told])):
        return None
    best: tuple[int, float, Moments] | None = None
    for first in (0, 1):
        for last in (0, 1):
            inner = told[first : told.size - last]
            if inner.size < FEWEST_ALIKE:
                continue
            for step in _steps(days[inner], px[inner]):
                fit = _fit(px, sigma, days, inner, step)
                if fit is not None and (best is None or (fit[2].sum(), -step) > best[:2]):
                    best = int(fit[2].sum()), -step, fit
    return None if best is None else best[2]


def _steps(days: FloatArray, px: FloatArray) -> list[float]:
    """Round steps (days) that evenly spaced labels may be apart, which their own days are not."""
    gaps, steps = np.diff(px), np.diff(days)
    even = float(np.ptp(gaps)) <= 2 * INLIER_PX
    usual = float((days[-1] - days[0]) / (days.size - 1))
    # Days that follow each other evenly need no hours to explain them.
    if not even or float(np.ptp(steps)) == 0.0 or float(np.abs(steps - usual).max()) >= 1.0:
        return []
    round_steps = [m * 10.0**power / MS_PER_DAY for power in POWERS for m in MANTISSAS]
    return [step for step in round_steps if abs(step / abs(usual) - 1.0) <= STEP_SHARE]


def _fit(
    px: FloatArray, sigma: FloatArray, days: FloatArray, inner: NDArray[np.intp], step: float
) -> Moments | None:
    """The line through ``inner`` labels at multiples of ``step``; what its day says joins them."""
    number = np.ceil(days[inner] / step - 1e-9)
    moments = number * step
    steps = np.diff(number)
    if np.any(np.floor(moments + 1e-9) != days[inner]) or np.any(np.abs(steps) != 1):
        return None
    origin, slope, covariance = least_squares(moments, px[inner], sigma[inner])
    if np.abs(origin + slope * moments - px[inner]).max() > INLIER_PX:
        return None
    at = (px - origin) / slope
    used = np.abs(at - (days + 0.5)) <= 0.5 + INLIER_PX / abs(slope)
    exact = np.where(used, at, np.nan)
    exact[inner] = moments
    return origin, slope, used, covariance, exact
