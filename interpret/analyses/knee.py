"""Where does a curve bend once, from steep to level or from level to steep?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.lines import LineSums
from interpret.analyses.noise import Noise

FEWEST = 12
# The steeper slope over the other one: below, "knee" is a matter of the axes' scales.
LEAST_RATIO = 3.0
# Two ways to find it agree within this share of the span.
AGREE = 0.1
# Each arm holds this share of the points.
SHORTEST_SHARE = 0.15
# The steep arm brings this share of the range, and so many noise units.
LEAST_ARM_SHARE = 0.5
LEAST_ARM_UNITS = 6.0
MISFIT_NOISE = 1.5
MISFIT_SHARE = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Knee:
    """Index of the bend, and the slopes before and after it (y a unit of x)."""

    index: int
    before: float
    after: float
    misfit: float


def measure_knee(x: FloatArray, y: FloatArray, noise: Noise) -> Knee | None:
    """Find one bend between two straight arms, confirmed by the point furthest from the chord.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    noise : Noise
    """
    n = len(y)
    total, span = (float(np.ptp(y)), float(x[-1] - x[0])) if n else (0.0, 0.0)
    shortest = max(4, int(SHORTEST_SHARE * n))
    if n < max(FEWEST, 2 * shortest + 1) or total <= 0 or span <= 0:
        return None
    cut = np.arange(shortest, n - shortest + 1)
    sums = LineSums(x, y)
    left = sums.fit(np.zeros_like(cut), cut)
    right = sums.fit(cut, np.full_like(cut, n))
    best = int(np.argmin(left.sse + right.sse))
    slopes = float(left.slope[best]), float(right.slope[best])
    steep, gentle = max(slopes, key=abs), min(slopes, key=abs)
    misfit = float(np.sqrt((left.sse[best] + right.sse[best]) / n))
    arm = abs(float(left.slope[best]) * float(x[cut[best] - 1] - x[0]))
    if abs(slopes[1]) > abs(slopes[0]):
        arm = abs(float(right.slope[best]) * float(x[-1] - x[cut[best]]))
    if arm < max(LEAST_ARM_UNITS * noise.sd * np.sqrt(noise.inflation), LEAST_ARM_SHARE * total):
        return None
    if abs(steep) < LEAST_RATIO * abs(gentle) or misfit > max(MISFIT_NOISE * noise.sd, MISFIT_SHARE * total):
        return None
    # Where the arms meet, near the cut.
    meet = (
        right.mean_y[best]
        - slopes[1] * right.mean_x[best]
        - left.mean_y[best]
        + slopes[0] * left.mean_x[best]
    ) / (slopes[0] - slopes[1])
    if abs(float(meet) - float(x[cut[best]])) > AGREE * span:
        return None
    at = _furthest_from_chord(x, y)
    if abs(float(x[at]) - float(meet)) > AGREE * span:
        return None
    index = int(np.argmin(abs(x - float(meet))))
    return Knee(index=index, before=slopes[0], after=slopes[1], misfit=misfit)


def _furthest_from_chord(x: FloatArray, y: FloatArray) -> int:
    width = max(1, len(y) // 15)
    kernel = np.ones(2 * width + 1)
    weight = np.convolve(np.ones(len(y)), kernel, "same")
    smooth = np.convolve(y, kernel, "same") / weight
    chord = np.interp(x, [x[0], x[-1]], [smooth[0], smooth[-1]])
    return int(np.argmax(abs(smooth - chord)))
