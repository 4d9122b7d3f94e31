"""Lines that the picture does not tell apart (of one colour, dashed, under others), by their strokes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, LegendEntry, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import same_color
from digitizer.stages.drawn.lines import Stroke, distances, find_strokes, join_strokes
from digitizer.stages.drawn.markers import Form, are_ticks, find_forms
from digitizer.stages.status.exactness import is_exact_trace

# A stroke that a series stands on has its points on it, to this (px).
ON_PX = 0.1
# Legend entries and strokes of one series have the same colour, to this (levels).
SAME_LEVELS = 6
# A line of data is no shorter than this share of the frame's width.
LEAST_WIDTH = 0.2


def take_unread_lines(
    traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box, legend: Sequence[LegendEntry]
) -> tuple[Trace, ...]:
    """Make lines of the strokes that no series stands on, in place of what was read of their colour.

    Parameters
    ----------
    traces : sequence of Trace
        The series, as far as they run along strokes on these.
    drawn : sequence of DrawnPath
        The paths that reach into the panel, without those of its legend.
    frame : Box
        The panel's frame.
    legend : sequence of LegendEntry
        Its legend: a colour that nothing was read in is a series where an entry has it.
    """
    strokes = find_strokes(drawn, frame)
    free = [stroke for stroke in strokes if not any(_stands_on(trace, stroke) for trace in traces)]
    free = [stroke for stroke in free if stroke.ends[1] - stroke.ends[0] >= LEAST_WIDTH * frame.width]
    if not free:
        return tuple(traces)
    forms = [form for form in find_forms(drawn, frame) if not are_ticks(form, frame)]
    placed = list(traces)
    for color in dict.fromkeys(stroke.color for stroke in free):
        own = [stroke for stroke in free if stroke.color == color]
        misread = [k for k, trace in enumerate(placed) if _is_misread(trace, color, forms)]
        listed = sum(_is_of(entry, color) for entry in legend)
        others = sum(t.kind != "band" and same_color(color, t.color) for t in placed) - len(misread)
        lines = _chained(own)
        if misread or listed >= others + len(lines):
            width = float(np.median([placed[k].line_width_px for k in misread])) if misread else 1.0
            placed = [trace for k, trace in enumerate(placed) if k not in misread]
            placed += [_line(line, width) for line in lines]
    return tuple(placed)


def _stands_on(trace: Trace, stroke: Stroke) -> bool:
    """Whether a series has its points on a stroke, or on a part of it."""
    if trace.kind not in ("line", "scatter") or not same_color(stroke.color, trace.color):
        return False
    known = np.isfinite(trace.y_px) & (trace.sigma_px <= DRAWN_SIGMA_PX)
    start, end = stroke.ends
    known &= (trace.x_px >= start - ON_PX) & (trace.x_px <= end + ON_PX)
    if known.sum() < 2:
        return False
    return bool((distances(trace.x_px[known], trace.y_px[known], stroke.x, stroke.y) <= ON_PX).all())


def _is_misread(trace: Trace, color: tuple[int, int, int], forms: Sequence[Form]) -> bool:
    """Whether a line of this colour, or markers that no form of it is drawn as, stand on nothing drawn."""
    if trace.kind not in ("line", "scatter") or not same_color(color, trace.color) or is_exact_trace(trace):
        return False
    return trace.sampled_at != "markers" or not any(form.has_color(trace.color) for form in forms)


def _is_of(entry: LegendEntry, color: tuple[int, int, int]) -> bool:
    return (
        entry.swatch is not None
        and entry.color is not None
        and entry.line_style != "none"
        and max(abs(a - b) for a, b in zip(entry.color, color, strict=True)) <= SAME_LEVELS
    )


def _chained(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Strokes of one look that follow each other along x as pieces of one line."""
    lines: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda s: s.ends):
        for line in lines:
            if line[-1].look == stroke.look and line[-1].ends[1] <= stroke.ends[0]:
                line.append(stroke)
                break
        else:
            lines.append([stroke])
    return lines


def _line(strokes: Sequence[Stroke], width: float) -> Trace:
    x, y = join_strokes(strokes)
    return Trace(
        kind="line",
        color=strokes[0].color,
        x_px=x,
        y_px=y,
        sigma_px=np.full(len(x), DRAWN_SIGMA_PX),
        sampled_at="vertices",
        line_style=strokes[0].look[0],
        line_width_px=width,
    )
