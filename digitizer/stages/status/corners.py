"""The corners that make a polyline near to all points of a line."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray

# Points nearer to a chord than this (px) lie on it.
STRAIGHT_PX = 0.75


def find_corners(x: FloatArray, y: FloatArray, most: int) -> NDArray[np.intp]:
    """Which points of a line are its corners, ends with them; one more than ``most`` where there are more.

    Parameters
    ----------
    x, y
        The line's points (px) in order.
    most : int
        Looking ends beyond so many.
    """
    found, open_ = [0, x.size - 1], [(0, x.size - 1)]
    while open_ and len(found) <= most:
        first, last = open_.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        dx, dy = x[last] - x[first], y[last] - y[first]
        off = np.abs((y[inner] - y[first]) * dx - (x[inner] - x[first]) * dy) / max(math.hypot(dx, dy), 1e-6)
        if off.max() > STRAIGHT_PX:
            corner = first + 1 + int(off.argmax())
            open_ += [(first, corner), (corner, last)]
            found.append(corner)
    return np.sort(np.array(found, dtype=np.intp))
