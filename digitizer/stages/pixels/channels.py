"""Sums and extremes over the channels of colours, and colours at chosen pixels.

Numpy's own ``max`` and ``sum`` take five times as long along an axis of three, and as long does a mask or a
list of rows as an index that copies three numbers at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Mask


def largest(values: NDArray[Any]) -> NDArray[Any]:
    """The largest of the three channels: shape (...) of (..., 3)."""
    return np.asarray(np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2]))


def total(values: NDArray[Any]) -> NDArray[Any]:
    """The sum of the three channels: shape (...) of (..., 3)."""
    return np.asarray(values[..., 0] + values[..., 1] + values[..., 2])


def colors_at(image: NDArray[Any], where: Mask | NDArray[np.intp]) -> NDArray[Any]:
    """The colours of chosen pixels: shape (n, 3).

    Parameters
    ----------
    image : ndarray, shape (..., 3)
        A picture, or a list of colours.
    where : ndarray
        A mask of the picture's pixels, or their numbers, counted row by row.
    """
    colors = image.reshape(-1, 3)
    if where.dtype == np.bool_:
        return np.asarray(np.compress(where.ravel().astype(bool, copy=False), colors, axis=0))
    return np.asarray(np.take(colors, where, axis=0))


def number_cells(pixels: NDArray[Any], bits: int, order: tuple[int, int, int]) -> NDArray[np.int32]:
    """The cell of a coarse colour grid that each pixel lies in: shape (n,).

    Parameters
    ----------
    pixels : ndarray, shape (n, 3)
        Levels from 0 to 255, of any type.
    bits : int
        So many of the eight bits of a level tell its cell.
    order : tuple of int
        The channels, the one that counts most in a cell's number first: of cells that hold as many pixels
        the lowest number is mostly taken.
    """
    high, middle, low = (pixels[:, k].astype(np.int32) >> (8 - bits) for k in order)
    return np.asarray((high << 2 * bits) | (middle << bits) | low)
