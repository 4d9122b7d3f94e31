"""Tell upright strokes that join lines at their points, or lead from these to the axis (spreadsheets)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import Box, Mask, Trace

# A stroke is no wider (px) than this, and so many times as high.
WIDEST_PX, TIMES_AS_HIGH = 5.0, 2.0
# It stands at points of two lines to this (px), and ends so near (px) to what is drawn of them: the flanks of
# a bend cover more of it than a stroke is wide.
AT_POINT_PX, AT_LINE_PX = 2.5, 8.0
# So many strokes stand at points.
FEWEST = 3


def join_points(boxes: Sequence[Box], traces: Sequence[Trace], bottom: float = np.inf) -> Mask:
    """Which boxes of ink (source px) are strokes that each join two lines above one point of both.

    Drop lines lead from a point to the ``bottom`` of the panel (px). One or two may be steep stretches of a
    line that was missed; none are told then.
    """
    lines = [t for t in traces if t.kind == "line" and np.isfinite(t.y_px).any()]
    told = np.array([_joins(box, lines, bottom) for box in boxes], dtype=bool)
    places = {round(box.center[0] / (2 * AT_POINT_PX)) for box, t in zip(boxes, told, strict=True) if t}
    return told if len(places) >= FEWEST else np.zeros(len(boxes), dtype=bool)


def _joins(box: Box, lines: Sequence[Trace], bottom: float) -> bool:
    """Whether an upright stroke runs from one line's point to another's, or to the bottom."""
    if box.width + 1 > WIDEST_PX or box.height < TIMES_AS_HIGH * (box.width + 1):
        return False
    ends = []
    for line in lines:
        seen = np.isfinite(line.y_px)
        x, y = line.x_px[seen], line.y_px[seen]
        k = int(np.abs(x - box.center[0]).argmin())
        if abs(x[k] - box.center[0]) <= AT_POINT_PX:
            ends.append((float(y[k]), AT_LINE_PX + max(line.line_width_px, line.marker_size_px) / 2))
    above = [abs(y - box.top) <= reach for y, reach in ends]
    below = [abs(y - box.bottom) <= reach for y, reach in ends]
    if any(above) and bottom - box.bottom <= AT_LINE_PX:
        return True
    return any(a and b for i, a in enumerate(above) for j, b in enumerate(below) if i != j)
