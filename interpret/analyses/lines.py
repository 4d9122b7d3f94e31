"""Fit straight lines to any window of a series at once, by prefix sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray

IndexArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fits:
    """Least-squares lines of windows: arrays of the windows' shape (after the batch's)."""

    slope: FloatArray
    mean_x: FloatArray
    mean_y: FloatArray
    sse: FloatArray
    weight: FloatArray
    spread_x: FloatArray


class LineSums:
    """Prefix sums of a series (or a batch of them, last axis along x)."""

    def __init__(self, x: FloatArray, y: FloatArray, weight: FloatArray | None = None) -> None:
        self.x0 = float(np.mean(x))
        self.y0 = np.mean(y, axis=-1, keepdims=True)
        w = np.ones(len(x)) if weight is None else weight
        xc, yc = x - self.x0, y - self.y0
        wx, wy = w * xc, w * yc
        # Stacked: what counts for short series is how often NumPy is called.
        self._along = _prefix(np.stack([w, wx, wx * xc]))
        self._values = _prefix(np.stack([wy, wx * yc, wy * yc]))

    def fit(self, start: IndexArray, stop: IndexArray) -> Fits:
        """Fit the windows ``start:stop`` (arrays of one shape)."""
        w, sum_x, sum_xx = _window(self._along, start, stop)
        sum_y, sum_xy, sum_yy = _window(self._values, start, stop)
        safe = np.maximum(w, 1e-12)
        mean_x, mean_y = sum_x / safe, sum_y / safe
        sxx = np.maximum(sum_xx - w * mean_x**2, 0.0)
        sxy = sum_xy - w * mean_x * mean_y
        syy = np.maximum(sum_yy - w * mean_y**2, 0.0)
        slope = np.where(sxx > 0, sxy / np.where(sxx > 0, sxx, 1.0), 0.0)
        return Fits(
            slope=slope,
            mean_x=mean_x + self.x0,
            mean_y=mean_y + self.y0,
            sse=np.maximum(syy - slope * sxy, 0.0),
            weight=w,
            spread_x=sxx,
        )


def _prefix(values: FloatArray) -> FloatArray:
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def _window(sums: FloatArray, start: IndexArray, stop: IndexArray) -> FloatArray:
    return np.take(sums, stop, axis=-1) - np.take(sums, start, axis=-1)
