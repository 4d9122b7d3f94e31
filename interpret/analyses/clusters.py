"""Do the points of a cloud fall into groups, and does one lie far off the others' relation?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray

FEWEST = 20
LONGEST = 600
MOST_GROUPS = 4
SMALLEST_GROUP = 0.1
SEED = 20240817
N_NULL = 40
# Groups are told where the split is tighter than that of every cloud of one piece drawn for comparison,
# by this factor.
TIGHTER = 0.8
# A point is off the relation of the others by so many of their standard deviations.
OFF_Z = 6.0
MOST_OUTLIERS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """``labels`` (shape (n,)) count groups from 0 in order of x; ``tightness`` is the scatter inside
    over that of a cloud of one piece split likewise."""

    labels: NDArray[np.intp]
    tightness: float

    @property
    def n(self) -> int:
        return int(self.labels.max()) + 1


def measure_groups(x: FloatArray, y: FloatArray) -> Groups | None:
    """Split a cloud into two to four groups where a gap parts them.

    Notes
    -----
    k-means on standardised coordinates; the scatter left is compared with that of normal clouds with
    the same covariance, drawn with a fixed seed.
    """
    if not FEWEST <= len(x) <= 20 * LONGEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    step = max(1, len(x) // LONGEST)
    points = np.stack([(x - x.mean()) / x.std(), (y - y.mean()) / y.std()], axis=1)
    few = points[::step]
    best: tuple[float, NDArray[np.intp]] | None = None
    for k in range(2, MOST_GROUPS + 1):
        left, centres = _k_means(few, k)
        tightness = left / min(_null(few, k))
        labels = np.argmin(((points[:, None, :] - centres) ** 2).sum(axis=2), axis=1)
        if min(np.bincount(labels, minlength=k)) < SMALLEST_GROUP * len(x):
            continue
        if tightness < TIGHTER and (best is None or tightness < TIGHTER * best[0]):
            best = tightness, labels
    if best is None:
        return None
    order = np.argsort([float(np.median(x[best[1] == k])) for k in range(int(best[1].max()) + 1)])
    rank = np.argsort(order)
    return Groups(labels=rank[best[1]].astype(np.intp), tightness=best[0])


def measure_outliers(x: FloatArray, y: FloatArray) -> list[int]:
    """Indexes of the points far off the straight relation of the others, furthest first."""
    if len(x) < 10 or np.ptp(x) == 0:
        return []
    slope = _median_slope(x, y)
    rest = y - slope * x
    rest = rest - np.median(rest)
    spread = 1.4826 * float(np.median(abs(rest)))
    if spread <= 0:
        return []
    order = [int(i) for i in np.argsort(-abs(rest)) if abs(rest[i]) > OFF_Z * spread]
    return order if len(order) <= MOST_OUTLIERS else []


def _median_slope(x: FloatArray, y: FloatArray) -> float:
    index = np.arange(0, len(x), max(1, len(x) // 300))
    dx = x[index][None, :] - x[index][:, None]
    dy = y[index][None, :] - y[index][:, None]
    return float(np.median(dy[dx > 0] / dx[dx > 0])) if (dx > 0).any() else 0.0


def _k_means(points: FloatArray, k: int) -> tuple[float, FloatArray]:
    """Squared scatter left, and the centres; starts from points far apart, so it needs no luck."""
    centres = [points[int(np.argmin(points[:, 0]))]]
    for _ in range(1, k):
        nearest = np.min([((points - c) ** 2).sum(axis=1) for c in centres], axis=0)
        centres.append(points[int(np.argmax(nearest))])
    middle = np.array(centres)
    for _ in range(25):
        distance = ((points[:, None, :] - middle) ** 2).sum(axis=2)
        labels = np.argmin(distance, axis=1)
        moved = np.array(
            [points[labels == j].mean(axis=0) if (labels == j).any() else middle[j] for j in range(k)]
        )
        if np.allclose(moved, middle):
            break
        middle = moved
    distance = ((points[:, None, :] - middle) ** 2).sum(axis=2)
    return float(np.min(distance, axis=1).sum()), middle


def _null(points: FloatArray, k: int) -> list[float]:
    rng = np.random.Generator(np.random.PCG64(SEED))
    root = np.linalg.cholesky(np.cov(points.T) + 1e-9 * np.eye(2))
    drawn = []
    for trial in range(N_NULL):
        cloud = rng.standard_normal(points.shape) if trial % 2 else rng.uniform(-1.732, 1.732, points.shape)
        drawn.append(_k_means(cloud @ root.T, k)[0])
    return drawn
