"""Where dashed and dotted lines end: a last gap hides the rest, and the panel's other lines tell how far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.inserted import with_point

# A line goes on for this many of its gaps (from dot to dot) at most.
MOST_GAPS = 1.6
# Places less than this (px) from the last stroke are its end.
SAME_PX = 1.0
# Strokes that give an end its direction.
STROKES = 3
# A straight line strays by less than this (px), and passes a tick of both axes by less than this.
STRAIGHT_PX, AT_TICK_PX = 0.6, 1.5
# The end of a bend is off by this share of what its direction carries it by.
BENT = 0.5


def finish_dashes(traces: Sequence[Trace]) -> list[Trace]:
    """Carry dashed and dotted lines on to where another line ends, where that is a gap away.

    Parameters
    ----------
    traces
        A panel's traces (source px).

    Returns
    -------
    list of Trace
        In the order given, with a point more at ends that were carried on.
    """
    return [
        _finish(t, [o for o in traces if o is not t and o.kind == "line"]) if _is_broken(t) else t
        for t in traces
    ]


def _is_broken(trace: Trace) -> bool:
    return trace.kind == "line" and trace.line_style in ("dashed", "dotted", "dashdot")


def _finish(trace: Trace, others: Sequence[Trace]) -> Trace:
    for side in (-1, 1):
        seen = np.flatnonzero(np.isfinite(trace.y_px))
        x, y = trace.x_px[seen], trace.y_px[seen]
        step = np.diff(x)
        wide = step > 1.5
        if seen.size < STROKES + 1 or np.any(step <= 0) or not wide.any():
            return trace
        gap = float(np.median(step[wide]))
        at = 0 if side < 0 else seen.size - 1
        ends = np.array([_end(other, side) for other in others])
        missing = side * (ends - x[at])
        near = (missing > SAME_PX) & (missing <= MOST_GAPS * gap)
        if not near.any():
            continue
        missing_px = float(missing[near].min())
        slope = _slope(x, y, side, STROKES * gap)
        unsure = float(np.hypot(trace.sigma_px[seen[at]], BENT * abs(slope) * missing_px))
        place = x[at] + side * missing_px, y[at] + slope * side * missing_px
        trace = with_point(trace, int(seen[at]) + (side > 0), *place, unsure)
    return trace


def end_at_ticks(traces: Sequence[Trace], x_ticks: FloatArray, y_ticks: FloatArray) -> tuple[Trace, ...]:
    """Carry straight dashed lines that begin at round places on to the one a gap away where they end.

    Parameters
    ----------
    traces
        A panel's traces (source px).
    x_ticks, y_ticks
        Where labelled ticks stand along x and y (px).

    Notes
    -----
    A diagonal from 0, 0 to 1, 1 begins with a dash and may end in a gap. Of a line that begins at ticks of
    both axes the other end is one, too, where both axes have one there: that both do by chance is one in two
    hundred.
    """
    return tuple(_at_ticks(t, x_ticks, y_ticks) if _is_broken(t) else t for t in traces)


def _at_ticks(trace: Trace, x_ticks: FloatArray, y_ticks: FloatArray) -> Trace:
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    wide = np.diff(x)[np.diff(x) > 1.5]
    if min(x_ticks.size, y_ticks.size, wide.size) == 0 or not seen.all() or np.any(np.diff(x) <= 0):
        return trace
    slope, level = np.polyfit(x, y, 1)
    if np.abs(level + slope * x - y).max() > STRAIGHT_PX:
        return trace
    corners = x_ticks[np.abs(level + slope * x_ticks - y_ticks[:, None]).min(axis=0) <= AT_TICK_PX]
    reach = MOST_GAPS * float(np.median(wide))
    for side, at, other in ((1, -1, 0), (-1, 0, -1)):
        missing = side * (corners - x[at])
        ahead = missing[(missing > SAME_PX) & (missing <= reach)]
        if ahead.size and np.abs(corners - x[other]).min() <= AT_TICK_PX:
            end = float(x[at] + side * ahead.min())
            place = trace.x_px.size if side > 0 else 0
            return with_point(trace, place, end, float(level + slope * end), float(trace.sigma_px[at]))
    return trace


def _end(trace: Trace, side: int) -> float:
    """Where a line ends on one side (px)."""
    return side * float(np.max(side * trace.x_px[np.isfinite(trace.y_px)], initial=-np.inf))


def _slope(x: FloatArray, y: FloatArray, side: int, reach: float) -> float:
    """The direction of a line's last strokes."""
    away = np.abs(x - (x[-1] if side > 0 else x[0]))
    last = away <= reach + SAME_PX
    return float(np.polyfit(x[last], y[last], 1)[0])
