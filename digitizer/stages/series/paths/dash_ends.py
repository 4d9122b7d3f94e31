"""Where dashed and dotted lines end: a last gap hides the rest, and the panel's other lines tell how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace

# A line goes on for this many of its gaps (from dot to dot) at most.
MOST_GAPS = 1.6
# Places less than this (px) from the last stroke are its end.
SAME_PX = 1.0
# Strokes that give an end its direction.
STROKES = 3
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
        place = int(seen[at]) + (side > 0)
        trace = replace(
            trace,
            x_px=np.insert(trace.x_px, place, x[at] + side * missing_px),
            y_px=np.insert(trace.y_px, place, y[at] + slope * side * missing_px),
            sigma_px=np.insert(trace.sigma_px, place, unsure),
        )
    return trace


def _end(trace: Trace, side: int) -> float:
    """Where a line ends on one side (px)."""
    return side * float(np.max(side * trace.x_px[np.isfinite(trace.y_px)], initial=-np.inf))


def _slope(x: FloatArray, y: FloatArray, side: int, reach: float) -> float:
    """The direction of a line's last strokes."""
    away = np.abs(x - (x[-1] if side > 0 else x[0]))
    last = away <= reach + SAME_PX
    return float(np.polyfit(x[last], y[last], 1)[0])
