"""The even steps that the discs of many lines of one colour stand on, told by the ink of whole columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON

# Steps that are tried, and radii (px) in strides of a quarter.
FEWEST_STEPS, MOST_STEPS = 4, 60
RADII = np.arange(1.5, 6.1, 0.25)
# Between two discs so much (px) of the lines is seen, at least.
LEAST_BETWEEN_PX = 2.0
# Correlation of the columns' ink with the comb: 0.79 to 0.97 where 2 to 52 lines share a panel, and chance
# below 0.5.
LIKE_COMB = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discs:
    """The columns (px) that discs of one radius stand at."""

    x: FloatArray
    radius: float


def find_discs(alpha: FloatImage) -> Discs | None:
    """The comb of discs that a coverage map's columns are like; None where they are like none.

    The outermost discs end where the ink does, so that a number of steps and a radius say all.
    """
    peak = alpha.max(axis=0)
    inked = np.flatnonzero(peak > ON)
    if inked.size < FEWEST_STEPS:
        return None
    first, last = int(inked[0]), int(inked[-1])
    # How far the next column out is inked tells the edge within it.
    left = first - 0.5 - (float(peak[first - 1]) if first > 0 else 0.0)
    right = last + 0.5 + (float(peak[last + 1]) if last + 1 < peak.size else 0.0)
    ink = alpha[:, first : last + 1].sum(axis=0).astype(np.float64)
    columns = np.arange(first, last + 1)
    best, found = LIKE_COMB, None
    for count in range(FEWEST_STEPS, MOST_STEPS + 1):
        for radius in RADII:
            period = (right - left - 2 * radius) / count
            if period < 2 * radius + LEAST_BETWEEN_PX:
                break
            likeness = _likeness(ink, columns - left - radius, period, radius)
            if likeness > best:
                best = likeness
                found = Discs(
                    x=np.asarray(left + radius + period * np.arange(count + 1)), radius=float(radius)
                )
    return found


def _likeness(ink: FloatArray, along: FloatArray, period: float, radius: float) -> float:
    """Correlation of columns' ink with whether they cross discs; those that discs' sides cross count not."""
    off = np.abs(along - period * np.round(along / period))
    within, beside = ink[off <= radius - 0.5], ink[off >= radius + 0.5]
    if not within.size or not beside.size:
        return 0.0
    spread = float(ink.std())
    share = within.size * beside.size / (within.size + beside.size) ** 2
    return float((within.mean() - beside.mean()) * np.sqrt(share) / spread) if spread > 0 else 0.0
