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
        self.y0 = float(np.mean(y))
        w = np.ones(len(x)) if weight is None else weight
        xc, yc = x - self.x0, y - self.y0
        self._w = _prefix(w)
        self._x = _prefix(w * xc)
        self._xx = _prefix(w * xc * xc)
        self._y = _prefix(w * yc)
        self._xy = _prefix(w * xc * yc)
        self._yy = _prefix(w * yc * yc)

    def fit(self, start: IndexArray, stop: IndexArray) -> Fits:
        """Fit the windows ``start:stop`` (arrays of one shape)."""
        w = _window(self._w, start, stop)
        safe = np.maximum(w, 1e-12)
        mean_x = _window(self._x, start, stop) / safe
        mean_y = _window(self._y, start, stop) / safe
        sxx = np.maximum(_window(self._xx, start, stop) - w * mean_x**2, 0.0)
        sxy = _window(self._xy, start, stop) - w * mean_x * mean_y
        syy = np.maximum(_window(self._yy, start, stop) - w * mean_y**2, 0.0)
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
    sums = np.cumsum(values, axis=-1)
    zero = np.zeros((*values.shape[:-1], 1))
    return np.concatenate([zero, sums], axis=-1)


def _window(sums: FloatArray, start: IndexArray, stop: IndexArray) -> FloatArray:
    result: FloatArray = sums[..., stop] - sums[..., start]
    return result
