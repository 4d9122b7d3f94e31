"""Error bars by the markers and strokes they were drawn with, and outlines that are no lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import same_color
from digitizer.stages.drawn.lines import find_strokes
from digitizer.stages.drawn.markers import Form, find_forms
from digitizer.stages.status.exactness import is_exact_trace

# A stroke stands at the middle of its marker to this (px), and reaches beyond it by more on both sides.
STEM_PX, BEYOND_PX = 0.3, 0.5
# Error bars come in numbers, at this share of the markers.
FEWEST, HELD_SHARE = 3, 0.8
# The lines of a grid are longer than this share of the frame.
GRID_SHARE = 0.95
# Strokes are level or upright to this (px).
STRAIGHT_PX = 0.05


def add_errors(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Give series of markers the error bars of their own colour that were not seen, of all points or some."""
    return tuple(_add(trace, drawn, frame) if trace.sampled_at == "markers" else trace for trace in traces)


def _add(trace: Trace, drawn: Sequence[DrawnPath], frame: Box) -> Trace:
    if trace.kind not in ("line", "scatter") or not is_exact_trace(trace):
        return trace
    # A grid's lines run from side to side.
    own = [
        path
        for path in drawn
        if path.stroke is not None
        and same_color(path.stroke, trace.color)
        and float(np.ptp(path.y)) < GRID_SHARE * frame.height
    ]
    ends = _ends(trace.x_px, trace.y_px, find_stems(own)) if len(own) >= FEWEST else None
    if ends is None:
        return trace
    low, high = ends
    if trace.y_low_px is not None and trace.y_high_px is not None:
        low = np.where(np.isfinite(trace.y_low_px), trace.y_low_px, low)
        high = np.where(np.isfinite(trace.y_high_px), trace.y_high_px, high)
    return replace(trace, y_low_px=low, y_high_px=high)


def find_stems(drawn: Sequence[DrawnPath]) -> FloatArray:
    """Upright strokes, halves that meet as one (pgfplots): x, top and bottom (px), shape (n, 3)."""
    stems = sorted(
        (float(path.x.mean()), float(path.y.min()), float(path.y.max()))
        for path in drawn
        if path.stroke is not None and not path.closed and np.ptp(path.x) <= STRAIGHT_PX < np.ptp(path.y)
    )
    joined: list[tuple[float, float, float]] = []
    for x, top, bottom in stems:
        last = joined[-1] if joined else None
        if last is not None and abs(x - last[0]) <= STRAIGHT_PX and abs(top - last[2]) <= STRAIGHT_PX:
            joined[-1] = (last[0], last[1], bottom)
        else:
            joined.append((x, top, bottom))
    return np.array(joined).reshape(-1, 3)


def place_errors(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Give the series of a colour that has markers with error bars these, where it was misread."""
    stems = find_stems(drawn)
    strokes = [stroke.color for stroke in find_strokes(drawn, frame)]
    placed = list(traces)
    for form in find_forms(drawn, frame) if len(stems) >= FEWEST else ():
        ends = _ends(form.x, form.y, stems)
        alike = [k for k, t in enumerate(placed) if t.kind in ("line", "scatter") and form.has_color(t.color)]
        if ends is None or not alike or any(_is_read(placed[k]) for k in alike):
            continue
        # Without a stroke of their colour, lines are what was made of caps and stems.
        if len(alike) > 1 and any(same_color(stroke, placed[alike[0]].color) for stroke in strokes):
            continue
        owner = max(alike, key=lambda k: placed[k].kind == "scatter")
        placed[owner] = _with_errors(placed[owner], form, ends)
        placed = [t for k, t in enumerate(placed) if k == owner or k not in alike]
    return tuple(placed)


def _is_read(trace: Trace) -> bool:
    return trace.y_low_px is not None or (trace.kind == "line" and is_exact_trace(trace))


def _with_errors(trace: Trace, form: Form, ends: tuple[FloatArray, FloatArray]) -> Trace:
    return replace(
        trace,
        kind="scatter",
        x_px=form.x,
        y_px=form.y,
        sigma_px=np.full(len(form.x), DRAWN_SIGMA_PX),
        sampled_at="markers",
        line_style="none",
        marker=form.shape,
        marker_size_px=form.size,
        hidden=0.0,
        y_low_px=ends[0],
        y_high_px=ends[1],
    )


def _ends(x: FloatArray, y: FloatArray, stems: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """The lower and upper ends of the strokes through places, NaN where there is none."""
    low, high = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for index, (at_x, at_y) in enumerate(zip(x, y, strict=True)):
        through = (np.abs(stems[:, 0] - at_x) <= STEM_PX) & (stems[:, 1] < at_y - BEYOND_PX)
        through &= stems[:, 2] > at_y + BEYOND_PX
        if through.any():
            own = stems[through]
            high[index], low[index] = own[np.argmax(own[:, 2] - own[:, 1]), 1:]
    held = np.isfinite(low)
    return (low, high) if held.sum() >= FEWEST and held.mean() >= HELD_SHARE else None


def without_outlines(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """The series without lines that nothing was drawn as: outlines of boxes, and rims where two colours meet.

    Only beside a series that stands on paths: a drawing may hold pictures, too.
    """
    if not any(map(is_exact_trace, traces)):
        return tuple(traces)
    outlines = [path.stroke for path in drawn if path.fill is not None and path.stroke != path.fill]
    strokes = [stroke.color for stroke in find_strokes(drawn, frame)]
    inks = {color for path in drawn for color in (path.stroke, path.fill)}

    def is_line(trace: Trace) -> bool:
        if any(same_color(stroke, trace.color) for stroke in strokes):
            return True
        if not any(same_color(ink, trace.color) for ink in inks):
            return False
        if sum(same_color(outline, trace.color) for outline in outlines) >= FEWEST:
            return False
        return not _is_furniture([p for p in drawn if same_color(p.stroke, trace.color)])

    return tuple(t for t in traces if t.kind != "line" or is_exact_trace(t) or is_line(t))


def _is_furniture(paths: Sequence[DrawnPath]) -> bool:
    """Whether all paths of a colour are level or upright strokes, or the outline of a box or two: no line."""
    boxes = [p for p in paths if p.closed and p.fill is None]
    straight = [len(p.x) == 2 and min(np.ptp(p.x), np.ptp(p.y)) <= STRAIGHT_PX for p in paths]
    return 0 < len(boxes) < FEWEST and len(boxes) + sum(straight) == len(paths)
