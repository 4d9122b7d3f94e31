"""Does the series rise or fall over its whole length, more than noise explains?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.middle import median
from interpret.analyses.noise import Noise
from interpret.analyses.null import normal_tail, simulate_ar1

FEWEST = 6
END_SHARE = 0.1
# Below this many points the bootstrap called 11-20 % of trendless series trending (nominal 5 %).
SMALL_SAMPLE = 30
LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The overall change.

    ``start`` and ``end`` are medians of the first and last tenth (at most five points each),
    ``p`` the chance of such a slope in trendless AR(1) noise, ``rank_share`` the share of point pairs
    that rise minus the share that fall.
    """

    start: float
    end: float
    p: float
    slope_z: float
    rank_share: float
    n_ends: int

    @property
    def change(self) -> float:
        return self.end - self.start


def measure_trend(x: FloatArray, y: FloatArray, noise: Noise) -> Trend:
    """Measure the net change and its significance under autocorrelation.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        x ascending.
    noise : Noise
        About the series' course, so that a bent rise is not taken for memory.

    Notes
    -----
    The least-squares slope in noise units against that of trendless AR(1) series.
    """
    n = len(y)
    n_ends = int(min(5, max(1, round(END_SHARE * n))))
    start, end = median(y[:n_ends]), median(y[-n_ends:])
    rank_share = _rank_share(y)
    if n < FEWEST or np.ptp(y) == 0 or np.ptp(x) == 0:
        return Trend(start=start, end=end, p=1.0, slope_z=0.0, rank_share=rank_share, n_ends=n_ends)
    centred = (x - x.mean()) / math.sqrt(float(np.sum((x - x.mean()) ** 2)))
    statistic = float(centred @ y) / noise.sd
    null = simulate_ar1(n, noise.phi) @ centred
    z = statistic / float(np.std(null))
    count = int(np.count_nonzero(np.abs(null) >= abs(statistic)))
    p = (count + 1) / (len(null) + 1)
    if count <= 3:
        p = min(p, normal_tail(z))
    if n < SMALL_SAMPLE:
        p = max(p, normal_tail(rank_share / math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))))
    return Trend(start=start, end=end, p=p, slope_z=z, rank_share=rank_share, n_ends=n_ends)


def _rank_share(y: FloatArray) -> float:
    values = y if len(y) <= LONGEST else _bin_means(y, LONGEST)
    n = len(values)
    if n < 2:
        return 0.0
    signs = np.sign(values[None, :] - values[:, None])
    return float(np.sum(np.triu(signs, 1))) / (n * (n - 1) / 2)


def _bin_means(values: FloatArray, n_bins: int) -> FloatArray:
    edges = np.linspace(0, len(values), n_bins + 1).astype(np.intp)
    return np.add.reduceat(values, edges[:-1]) / np.diff(edges)
