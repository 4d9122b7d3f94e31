"""Does a moving series seem to level off, where wandering noise does not let a plateau be proved?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.lines import LineSums
from interpret.analyses.noise import Noise

# The level stretch takes this share of the points, and so many; the moving one too.
SHORTEST_SHARE = 0.2
SHORTEST_POINTS = 8
# The slope of the level stretch beside that of the moving one, and what it makes of the range.
SLOPE_SHARE = 0.25
CHANGE_SHARE = 0.15
# What the moving stretch makes of the range.
MOVING_SHARE = 0.4
# What a level stretch takes off the squared misfit of a straight line, in noise variances of independent
# points. Of 240 charts with events seven were told so at 6: five of them had a bend or plateau there.
LEAST_GAIN = 6.0
# The same beside the noise as it is described: of 180 charts with events 15 were told so, 13 of them rightly.
KNOWN_GAIN = 15.0
MOST_CUTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Levelling:
    """A stretch ``start`` to ``stop`` (exclusive), to one end of the series, that seems level."""

    start: int
    stop: int
    level: float
    gain: float


def measure_levelling(y: FloatArray, noise: Noise, least: float = LEAST_GAIN) -> Levelling | None:
    """Find the hinge with one level arm that explains most beside a straight line.

    Parameters
    ----------
    y : ndarray, shape (n,)
        In order of x, without its events.
    noise : Noise
        As it is to be feared, or with ``least`` of ``KNOWN_GAIN`` as it is described.
    """
    n = len(y)
    shortest = max(SHORTEST_POINTS, int(np.ceil(SHORTEST_SHARE * n)))
    if n < 2 * shortest or noise.sd <= 0:
        return None
    at = np.arange(n, dtype=np.float64)
    cuts = np.unique(np.linspace(shortest, n - shortest, min(MOST_CUTS, n - 2 * shortest + 1)).astype(int))
    line = float(LineSums(at, y).fit(np.array([0]), np.array([n])).sse[0])
    best: Levelling | None = None
    for cut in cuts:
        design = np.stack([np.ones(n), at - cut, np.maximum(at - cut, 0.0)], axis=1)
        solution, _, _, _ = np.linalg.lstsq(design, y, rcond=None)
        rest = y - design @ solution
        gain = (line - float(rest @ rest)) / (noise.sd**2 * noise.inflation)
        slopes = float(solution[1]), float(solution[1] + solution[2])
        for level, moving, n_level, start, stop in (
            (slopes[1], slopes[0], n - cut, cut, n),
            (slopes[0], slopes[1], cut, 0, cut),
        ):
            flat = abs(level) < SLOPE_SHARE * abs(moving) and abs(level) * n_level < CHANGE_SHARE * np.ptp(y)
            far = abs(moving) * (n - n_level) > MOVING_SHARE * np.ptp(y)
            if flat and far and gain > max(least, best.gain if best else 0.0):
                middle = float(np.median(y[start:stop]))
                best = Levelling(start=int(start), stop=int(stop), level=middle, gain=gain)
    return best
