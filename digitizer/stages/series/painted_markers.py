"""Give a line the markers of another colour that stand on each of its vertices: no legend tells these apart.

Vega-Lite draws the points of a line that has a colour of its own in the usual blue; spreadsheets let markers
be filled with any colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry, Picture, Trace
from digitizer.medians import median, quantile
from digitizer.stages.pixels.nearest import distance_to_nearest
from digitizer.stages.series.paths.joins import path_distance

# A marker stands on a vertex within this (px; share of its size): ends are covered.
NEAR_PX, NEAR_SIZES = 2.0, 0.6
# So many vertices at least have one each, all but this share of them: points beside a curve hardly do.
FEWEST, LACKING = 5, 0.1
# A line that leads from marker to marker lies within this (px) of the straight way over this share of its
# points, and begins and ends within so many sizes of the outermost; so many markers that lie as far off one
# line as this (px) tell.
STRAIGHT_PX, STRAIGHT_SHARE, END_SIZES, FEWEST_LED, BENT_PX = 1.5, 0.95, 1.0, 4, 4.0
# Of a curve through its points the middle between two of them is off the straight way by a quarter of what
# they turn by there, of a line by none: halfway, where so many points between each two tell it, and markers
# turn by so much (px) that what rows are off by does not count.
TURN_SHARE, LEAST_TURN_PX, FEWEST_BETWEEN = 0.12, 2.5, 3
# A line that its markers' colour is mixed into the ground for has so much of it (ApexCharts: 0.85).
LEAST_MIXED = 0.6
# A sample shows a colour by so many pixels that have it to this (largest channel).
SAMPLE_COLOR, SAMPLE_PX = 24, 4


def join_painted(traces: Sequence[Trace]) -> list[Trace]:
    """The traces of colours that no legend lists, a bare line and its markers made one in its place."""
    left = list(traces)
    for marks in [t for t in traces if t.kind == "scatter" and t.marker != "none"]:
        mate = next(
            (line for line in left if _stand_on_vertices(marks, line) or _turns_at_all(line, marks)), None
        )
        if mate is None:
            continue
        placed = _in_order(marks)
        whole = replace(
            mate,
            x_px=placed.x_px,
            y_px=placed.y_px,
            sigma_px=placed.sigma_px,
            sampled_at="markers",
            marker=marks.marker,
            marker_size_px=marks.marker_size_px,
            line_color=mate.color,
        )
        left = [whole if t is mate else t for t in left if t is not marks]
    return left


def join_listed(
    listed: Sequence[Trace],
    others: Sequence[Trace],
    picture: Picture,
    legend: Sequence[LegendEntry],
    ground: FloatArray,
) -> tuple[list[Trace], list[Trace]]:
    """Listed and other traces, markers of one made one with a line of the other that leads through them all.

    The legend shows such a series by a sample in both colours, and goes by one of them; or by its markers'
    colour, which the line lets the ``ground`` shine through.
    """
    mine, rest = list(listed), list(others)
    for k, one in enumerate(mine):
        for other in rest:
            marks, line = (one, other) if one.kind == "scatter" else (other, one)
            if not _leads_through(line, marks):
                continue
            shown = one.color if _shines_through(line, marks, ground) else None
            shown = shown or _shared_sample(one, other, picture, legend)
            if shown is not None:
                mine[k] = replace(
                    _in_order(marks),
                    kind="line",
                    color=shown,
                    line_color=line.color,
                    line_style=line.line_style,
                    line_width_px=line.line_width_px,
                )
                rest = [t for t in rest if t is not other]
                break
    return mine, rest


def _in_order(marks: Trace) -> Trace:
    """Markers by rising x."""
    order = np.argsort(marks.x_px, kind="stable")
    return replace(marks, x_px=marks.x_px[order], y_px=marks.y_px[order], sigma_px=marks.sigma_px[order])


def _shared_sample(
    one: Trace, other: Trace, picture: Picture, legend: Sequence[LegendEntry]
) -> tuple[int, int, int] | None:
    """The colour that a sample goes by which shows those of both; markers with an edge go by neither."""
    for entry in legend:
        if (box := entry.swatch) is None:
            continue
        rows = slice(max(0, round(box.top) - 1), round(box.bottom) + 2)
        part = picture.rgb[rows, max(0, round(box.left) - 1) : round(box.right) + 2].astype(np.int16)
        off = [np.abs(part - np.array(trace.color)).max(axis=2) for trace in (one, other)]
        if all(np.count_nonzero(o <= SAMPLE_COLOR) >= SAMPLE_PX for o in off):
            return entry.color or one.color
    return None


def _leads_through(line: Trace, marks: Trace) -> bool:
    """Whether a bare line runs straight from each marker to the next one, and no farther."""
    if marks.kind != "scatter" or marks.marker == "none" or line.kind != "line" or line.marker != "none":
        return False
    placed = _in_order(marks)
    x, y, size = placed.x_px, placed.y_px, marks.marker_size_px
    seen = np.isfinite(line.y_px)
    if x.size < FEWEST_LED or seen.sum() < 2 or np.diff(x).min() < size:
        return False
    chord = y[0] + (y[-1] - y[0]) * (x - x[0]) / (x[-1] - x[0])
    ends = np.abs(line.x_px[seen][[0, -1]] - x[[0, -1]]).max()
    away = path_distance(line.x_px[seen], line.y_px[seen], x, y)
    led = np.mean(away <= STRAIGHT_PX) >= STRAIGHT_SHARE
    return bool(np.abs(y - chord).max() > BENT_PX and ends <= END_SIZES * size and led)


def _turns_at_all(line: Trace, marks: Trace) -> bool:
    """Whether a bare line of many points turns at the markers that it leads through alone: no curve does."""
    if not _leads_through(line, marks):
        return False
    placed, seen = _in_order(marks), np.isfinite(line.y_px)
    x, y = placed.x_px, placed.y_px
    turn = median(np.abs(y[1:-1] - y[:-2] - (y[2:] - y[:-2]) * (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])))
    apart = distance_to_nearest(line.x_px[seen], x) > marks.marker_size_px / 2
    between = line.x_px[seen][apart], line.y_px[seen][apart]
    if turn < LEAST_TURN_PX or between[0].size < FEWEST_BETWEEN * (x.size - 1):
        return False
    return quantile(path_distance(*between, x, y), 0.9) <= TURN_SHARE * turn


def _shines_through(line: Trace, marks: Trace, ground: FloatArray) -> bool:
    """Whether a line has its markers' colour, mixed into the ground."""
    mine, full = np.asarray(line.color) - ground, np.asarray(marks.color) - ground
    share = float(mine @ full / max(float(full @ full), 1.0))
    return bool(LEAST_MIXED <= share <= 1.0 and np.abs(mine - share * full).max() <= SAMPLE_COLOR / 2)


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
