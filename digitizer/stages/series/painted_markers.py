"""Give a line the markers of another colour that stand on each of its vertices: no legend tells these apart.

Vega-Lite draws the points of a line that has a colour of its own in the usual blue; spreadsheets let markers
be filled with any colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Trace

# A marker stands on a vertex within this (px; share of its size): ends are covered.
NEAR_PX, NEAR_SIZES = 2.0, 0.6
# So many vertices at least have one each, all but this share of them: points beside a curve hardly do.
FEWEST, LACKING = 5, 0.1


def join_painted(traces: Sequence[Trace]) -> list[Trace]:
    """The traces of colours that no legend lists, a bare line and its markers made one in its place."""
    left = list(traces)
    for marks in [t for t in traces if t.kind == "scatter" and t.marker != "none"]:
        mate = next((line for line in left if _stand_on_vertices(marks, line)), None)
        if mate is None:
            continue
        order = np.argsort(marks.x_px, kind="stable")
        whole = replace(
            mate,
            x_px=marks.x_px[order],
            y_px=marks.y_px[order],
            sigma_px=marks.sigma_px[order],
            sampled_at="markers",
            marker=marks.marker,
            marker_size_px=marks.marker_size_px,
        )
        left = [whole if t is mate else t for t in left if t is not marks]
    return left


def _stand_on_vertices(marks: Trace, line: Trace) -> bool:
    """Whether there is one marker on each vertex of a bare line, and none elsewhere."""
    known = np.isfinite(line.y_px)
    is_bare = line.kind == "line" and line.marker == "none" and line.sampled_at == "vertices"
    if not is_bare or not known.all() or min(known.size, marks.x_px.size) < FEWEST:
        return False
    away = np.hypot(marks.x_px[:, None] - line.x_px[None], marks.y_px[:, None] - line.y_px[None])
    near = max(NEAR_PX, NEAR_SIZES * marks.marker_size_px)
    of_vertices, of_marks = away.min(axis=0) <= near, away.min(axis=1) <= near
    one_each = np.unique(away.argmin(axis=1)).size == marks.x_px.size
    return bool(one_each and of_marks.all() and of_vertices.mean() >= 1.0 - LACKING)
