"""Filled bands by their outlines, and error bars by their strokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import same_color
from digitizer.stages.drawn.errors import find_stems

# Ends of a band are this near (px) to where they were read, and its edges on the average.
ENDS_PX, EDGES_PX = 4.0, 2.0
# A stroke of an error bar stands this near (px) to its point, and its ends to where they were read.
STEM_PX, STEM_ENDS_PX = 1.5, 4.0


def place_bands(traces: Sequence[Trace], drawn: Sequence[DrawnPath]) -> tuple[Trace, ...]:
    """Give bands the vertices of the outlines they were filled in."""
    outlines = [path for path in drawn if path.fill is not None and len(path.x) > 5 and path.is_vertex.all()]
    return tuple(_place_band(trace, outlines) if trace.kind == "band" else trace for trace in traces)


def _place_band(trace: Trace, outlines: Sequence[DrawnPath]) -> Trace:
    if trace.y_low_px is None or trace.y_high_px is None or len(trace.x_px) < 2:
        return trace
    best: tuple[float, FloatArray, FloatArray, FloatArray] | None = None
    for path in outlines:
        edges = _edges(path) if same_color(path.fill, trace.color) else None
        if edges is None:
            continue
        x, low, high = edges
        if abs(x[0] - trace.x_px[0]) > ENDS_PX or abs(x[-1] - trace.x_px[-1]) > ENDS_PX:
            continue
        off = np.abs(np.interp(trace.x_px, x, low) - trace.y_low_px)
        off = off + np.abs(np.interp(trace.x_px, x, high) - trace.y_high_px)
        typical = float(np.nanmedian(off)) / 2
        if typical <= EDGES_PX and (best is None or typical < best[0]):
            best = typical, x, low, high
    if best is None:
        return trace
    _, x, low, high = best
    return replace(
        trace,
        x_px=x,
        y_px=(low + high) / 2,
        sigma_px=np.full(len(x), DRAWN_SIGMA_PX),
        y_low_px=low,
        y_high_px=high,
        sampled_at="vertices",
    )


def _edges(path: DrawnPath) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """The vertices of an outline along x, with its lower and upper edge there; None where it turns back."""
    x, y = path.x, path.y
    if x[0] == x[-1] and y[0] == y[-1]:
        x, y = x[:-1], y[:-1]
    start = int(np.lexsort((y, x))[0])
    x, y = np.roll(x, -start), np.roll(y, -start)
    turn = int(np.argmax(x))
    there = x[: turn + 1], y[: turn + 1]
    back = np.append(x[turn:], x[0])[::-1], np.append(y[turn:], y[0])[::-1]
    if (np.diff(there[0]) < 0).any() or (np.diff(back[0]) < 0).any():
        return None
    places = np.unique(x)
    if len(places) < 2:
        return None
    one, other = (np.interp(places, *_level(*edge)) for edge in (there, back))
    return places, np.maximum(one, other), np.minimum(one, other)


def _level(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """An edge without the upright parts at its ends."""
    first, last = int(np.flatnonzero(x == x[0])[-1]), int(np.flatnonzero(x == x[-1])[0])
    return x[first : last + 1], y[first : last + 1]


def place_stems(traces: Sequence[Trace], drawn: Sequence[DrawnPath]) -> tuple[Trace, ...]:
    """Give error bars the ends of the strokes they were drawn with."""
    columns = find_stems(drawn)
    if not len(columns):
        return tuple(traces)
    return tuple(_place_ends(trace, columns) if trace.kind != "band" else trace for trace in traces)


def _place_ends(trace: Trace, stems: FloatArray) -> Trace:
    if trace.y_low_px is None or trace.y_high_px is None or trace.orientation == "horizontal":
        return trace
    low, high = trace.y_low_px.copy(), trace.y_high_px.copy()
    for index, x in enumerate(trace.x_px):
        off = np.abs(stems[:, 2] - low[index]) + np.abs(stems[:, 1] - high[index])
        off = np.where(np.abs(stems[:, 0] - x) <= STEM_PX, off, np.inf)
        best = int(np.argmin(np.nan_to_num(off, nan=np.inf)))
        if off[best] <= 2 * STEM_ENDS_PX:
            high[index], low[index] = stems[best, 1], stems[best, 2]
    return replace(trace, y_low_px=low, y_high_px=high)
