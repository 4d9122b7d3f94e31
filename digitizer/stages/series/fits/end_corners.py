"""Corners that the cap of a steep stroke makes beside its end: the vertices of a line without them."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Mask

# A cap bends the middles of columns over so many stroke widths along the line. The vertex that it makes lies
# on the straight way from the end to the next one, in height to this (px): leaving it out moves nothing.
CAP_WIDTHS, ON_WAY_PX = 5.0, 0.6
# So many vertices are left, at least.
FEWEST = 4


def are_real(x: FloatArray, y: FloatArray, width: float) -> Mask:
    """Which vertices of a polyline are none that a cap makes of a straight way to its end.

    Parameters
    ----------
    x, y
        The vertices, by rising x.
    width
        Of the stroke (px).
    """
    keep = np.ones(x.size, dtype=bool)
    if x.size <= FEWEST:
        return keep
    for end, at, beyond in ((0, 1, 2), (-1, -2, -3)):
        run = x[beyond] - x[end]
        near = float(np.hypot(x[at] - x[end], y[at] - y[end])) <= CAP_WIDTHS * width
        expected = y[end] + (y[beyond] - y[end]) * (x[at] - x[end]) / run if run else np.inf
        keep[at] = not (near and abs(float(y[at] - expected)) <= ON_WAY_PX)
    return keep
