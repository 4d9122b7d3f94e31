"""Where does the series stay level, by an equivalence test and not by the lack of a trend?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.course import MOST_EDGES
from interpret.analyses.lines import IndexArray, LineSums
from interpret.analyses.noise import Noise
from interpret.analyses.phases import ONE_SIDED_90

# The 90 % interval of the change over the plateau stays within this share of the range.
MARGIN_SHARE = 0.1
# A drift that is sure and more than this share of the range is slow change, not a plateau: a loss
# that still falls by a fifteenth of its range was called level.
DRIFT_SHARE = 0.02
DRIFT_ERRORS = 2.5
SHORTEST_SHARE = 0.2
SHORTEST_POINTS = 6
# Dips and peaks may take no more than the rest of it.
LEAST_SOLID = 0.75
# The variance about it exceeds the noise's by no more than chance allows: so many standard errors.
SPREAD_ERRORS = 3.0
MOST_EXCESS = 2.56
# Below this ratio of range to noise the whole series is noise, and "plateau" says nothing.
LEAST_RANGE = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plateau:
    """A level stretch ``start`` to ``stop`` (exclusive) of the series."""

    start: int
    stop: int
    level: float
    low: float
    high: float
    change: float
    error: float

    @property
    def n(self) -> int:
        return self.stop - self.start


def measure_plateau(
    x: FloatArray,
    y: FloatArray,
    noise: Noise,
    *,
    jumps: Sequence[int] = (),
    ignored: NDArray[np.bool_] | None = None,
) -> Plateau | None:
    """Find the longest stretch whose change is shown to be small.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    noise : Noise
    jumps : sequence of int
        First points after known jumps; no plateau crosses one.
    ignored : ndarray of bool, optional
        Points of dips and peaks.
    """
    n = len(y)
    total = float(np.ptp(y)) if n else 0.0
    shortest = max(SHORTEST_POINTS, int(np.ceil(SHORTEST_SHARE * n)))
    if n < shortest or total <= 0 or total < LEAST_RANGE * noise.sd:
        return None
    weight = np.ones(n) if ignored is None else np.where(ignored, 1e-6, 1.0)
    edges = np.unique(
        np.concatenate(
            [np.linspace(0, n, min(n, MOST_EDGES) + 1).astype(np.intp), np.array(list(jumps), np.intp)]
        )
    )
    a, b = _windows(edges, jumps, shortest)
    if len(a) == 0:
        return None
    level, change, error = _are_level(x, y, weight, noise, a, b)
    if not level.any():
        return None
    rank = np.where(level, (b - a) - 0.5 * abs(change) / (MARGIN_SHARE * total) * (b - a), -1)
    best = int(np.argmax(rank))
    start, stop = int(a[best]), int(b[best])
    if ignored is not None:
        # A plateau does not begin or end inside a dip or peak.
        while stop - start > shortest and ignored[stop - 1]:
            stop -= 1
        while stop - start > shortest and ignored[start]:
            start += 1
    kept = slice(start, stop)
    inside = y[kept] if ignored is None else y[kept][~ignored[kept]]
    return Plateau(
        start=start,
        stop=stop,
        level=float(np.median(inside)),
        low=float(np.min(inside)),
        high=float(np.max(inside)),
        change=float(change[best]),
        error=float(error[best]),
    )


def _are_level(
    x: FloatArray, y: FloatArray, weight: FloatArray, noise: Noise, a: IndexArray, b: IndexArray
) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
    """Which windows ``a`` to ``b`` (exclusive) are shown to be level; the change over each and its error."""
    total = float(np.ptp(y))
    fit = LineSums(x, y, weight).fit(a, b)
    span = x[b - 1] - x[a]
    change = fit.slope * span
    error = span * noise.sd * np.sqrt(noise.inflation) / np.sqrt(np.maximum(fit.spread_x, 1e-30))
    variance = fit.sse / np.maximum(fit.weight, 1)
    level = fit.weight >= LEAST_SOLID * (b - a)
    level &= abs(change) + ONE_SIDED_90 * error < MARGIN_SHARE * total
    level &= (abs(change) < DRIFT_SHARE * total) | (abs(change) < DRIFT_ERRORS * error)
    # A flat line through the top of a tent leaves more than the noise.
    excess = 1 + SPREAD_ERRORS * np.sqrt(2 * noise.inflation / np.maximum(fit.weight, 2))
    level &= variance < np.minimum(excess, MOST_EXCESS) * noise.sd**2
    return level, change, error


def _windows(edges: IndexArray, jumps: Sequence[int], shortest: int) -> tuple[IndexArray, IndexArray]:
    """Starts and stops of all windows that are long enough and cross no jump."""
    start, stop = np.meshgrid(edges, edges, indexing="ij")
    allowed = stop - start >= shortest
    for jump in jumps:
        allowed &= ~((start < jump) & (stop > jump))
    return start[allowed], stop[allowed]
