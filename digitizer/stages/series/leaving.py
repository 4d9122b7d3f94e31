"""How a line with markers runs on to the panel's top or bottom, where its further markers lie outside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.fits.refine import Fit
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.columns import Path

# Ink this near (px) to a side of the panel is cut by it.
CUT_PX = 1.5
# So many whole columns beyond a marker's rim tell where the line goes, fewer the column that the side cuts.
FEWEST_WHOLE = 2
RIM_PX = 0.5
# The line crosses the side where its ink does, to this (px, beyond its own width).
CROSSING_PX = 2.0


def with_way_out(trace: Trace, layer: Layer, fit: Fit, path: Path) -> Trace:
    """The trace with the course beyond its first and last marker to the side that cuts the line there.

    Parameters
    ----------
    trace
        A line by its markers (source px).
    layer
        Its colour's ink.
    fit
        The markers as fitted (crop coordinates).
    path
        The line by columns.

    Notes
    -----
    Axes limits cut off the first values of most losses. A point is a marker that is seen: the piece to the
    side has none, but it is no ink that nothing explains either.
    """
    ways = [_way_out(fit, path, end, layer.alpha.shape[0]) for end in (0, -1)]
    if all(way is None for way in ways):
        return trace
    points = np.column_stack([trace.x_px, trace.y_px])
    corner = np.array([layer.ink.left, layer.ink.top])
    first, last = ([] if way is None else [way + corner] for way in ways)
    return replace(trace, course_px=np.vstack([*first, points, *last]))


def _way_out(fit: Fit, path: Path, end: int, height: int) -> FloatArray | None:
    """Where a line leaves the panel beyond one of its end markers; None where it does not."""
    x0, y0 = float(fit.x[end]), float(fit.y[end])
    outward = 1.0 if end else -1.0
    beyond = outward * (path.x - x0) > fit.pen.size + RIM_PX
    if not beyond.any():
        return None
    tip = int(np.argmax(np.where(beyond, outward * path.x, -np.inf)))
    up = path.top[tip] <= CUT_PX
    if not up and path.bottom[tip] < height - 1 - CUT_PX:
        return None
    side = -0.5 if up else height - 0.5
    whole = beyond & (path.top > CUT_PX) & (path.bottom < height - 1 - CUT_PX)
    dx, dy = path.x[whole] - x0, path.y[whole] - y0
    if whole.sum() < FEWEST_WHOLE:
        dx, dy = path.x[[tip]] - x0, np.array([side - y0])
    slope = float(dx @ dy) / float(dx @ dx)
    if slope == 0.0:
        return None
    way = (side - y0) / slope
    reach = abs(float(path.x[tip]) - x0) + path.width + CROSSING_PX
    return np.array([x0 + way, side]) if 0 < outward * way <= reach else None
