"""A coverage map as vertical runs of ink, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.ink import FloatImage

# Ink starts where a stroke covers this much of a pixel; half a hairline between two rows is above it.
ON = 0.28


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """Vertical runs of ink, sorted by column, then row; sub-pixel edges in crop coordinates.

    ``cut_top`` and ``cut_bottom`` tell that another stroke or hidden ground touches the run there, so
    that its edge is not its own. ``first`` holds each column's first run index (one entry more than columns).
    """

    column: NDArray[np.intp]
    top: FloatArray
    bottom: FloatArray
    center: FloatArray
    mass: FloatArray
    cut_top: Mask
    cut_bottom: Mask
    first: NDArray[np.intp]

    @property
    def count(self) -> int:
        return int(self.column.size)


def find_runs(alpha: FloatImage, blocked: Mask) -> Runs:
    """Find each column's runs of coverage, with edges measured by the coverage beside them.

    Parameters
    ----------
    alpha
        Coverage (height, width).
    blocked
        Pixels where the stroke may be hidden: other strokes, text.
    """
    height, width = alpha.shape
    columns_first = np.ascontiguousarray(alpha.T)
    on = np.zeros((width, height + 2), dtype=np.int8)
    on[:, 1:-1] = columns_first > ON
    change = np.diff(on, axis=1)
    column, start = np.nonzero(change == 1)
    _, stop = np.nonzero(change == -1)
    total = np.zeros((width, height + 1))
    np.cumsum(columns_first, axis=1, out=total[:, 1:])
    previous = np.where(np.r_[False, column[1:] == column[:-1]], np.r_[0, stop[:-1]], 0)
    following = np.where(np.r_[column[1:] == column[:-1], False], np.r_[start[1:], height], height)
    low = np.maximum(start - 2, previous)
    high = np.minimum(stop + 2, following)
    mass = total[column, high] - total[column, low]
    middle = (start + stop) // 2
    above = total[column, middle] - total[column, low]
    below = total[column, high] - total[column, middle]
    length = stop - start
    rows = np.arange(height, dtype=np.float64)
    moment = np.zeros((width, height + 1))
    np.cumsum(columns_first * rows, axis=1, out=moment[:, 1:])
    centroid = (moment[column, high] - moment[column, low]) / np.maximum(mass, 1e-6)
    is_long = length >= 4
    top = np.where(is_long, middle - 0.5 - above, centroid - mass / 2)
    bottom = np.where(is_long, middle - 0.5 + below, centroid + mass / 2)
    blocked_first = np.zeros((width, height + 2), dtype=bool)
    blocked_first[:, 1:-1] = blocked.T
    cut_top = blocked_first[column, start] | blocked_first[column, np.maximum(start - 1, 0)]
    cut_bottom = blocked_first[column, stop + 1] | blocked_first[column, np.minimum(stop + 2, height + 1)]
    return Runs(
        column=column,
        top=top,
        bottom=bottom,
        center=np.where(is_long, (top + bottom) / 2, centroid),
        mass=mass,
        cut_top=cut_top,
        cut_bottom=cut_bottom,
        first=np.searchsorted(column, np.arange(width + 1)),
    )
