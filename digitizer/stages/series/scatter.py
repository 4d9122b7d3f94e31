"""Markers without a line: one trace a kind of marker."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Trace
from digitizer.stages.series.ink import FloatImage
from digitizer.stages.series.lines import Layer
from digitizer.stages.series.symbols import Symbols, find_parts, find_symbols, name_symbol

# Kinds of markers of one colour, at most.
MAX_KINDS = 3
# Markers that explain less than this share of a layer's ink are no series of their own: dots of a line.
LEAST_SHARE = 0.1
# In heaps few stand alone: this many are enough where all that look like them explain this share of the ink.
MANY = 10
HEAPED_SHARE = 0.6
# Specks: what a marker's mean picture may differ from the best shape.
MISFIT = 0.2
# Dots of a dotted line follow each other at 2 to 4 of their sizes, evenly; markers do so by chance.
DOT_SPACING = 4.5
DOT_SPREAD = 0.2
# Dots are as wide as a line, at most three times the frame's; markers are wider (keras_35: 7 to 1).
DOT_WIDTHS = 3.2
# Share of markers that lie on a line of their colour where they are its own.
ON_LINE = 0.85
# A marker's centre by correlation: Agg's snapping (sd 0.3 px, and up to 0.5 px of bias) dominates.
SNAPPED_SIGMA = 0.45
CROWD_SIGMA = 0.7
# A marker's ink ends where its mean picture falls below this.
RIM = 0.05
# What markers leave of a heap is at most this many times as long as a marker; lines in a cloud are longer.
REMNANT = 2.5


def trace_scatter(layer: Layer) -> tuple[list[Trace], FloatImage]:
    """Find markers that stand alone; returns their traces and the coverage that is left."""
    alpha = layer.alpha
    total = max(float(alpha.sum()), 1e-6)
    traces: list[Trace] = []
    listed = [e.marker for e in layer.entries if e.marker != "none"]
    for _ in range(MAX_KINDS):
        parts = find_parts(alpha)
        symbols = find_symbols(alpha, layer.blocked, parts)
        if symbols is None or _are_dashes(symbols, layer.ink.frame_line):
            break
        shape = name_symbol(symbols.patch, listed[0] if len(listed) == 1 else None)
        share = symbols.n_alone * float(symbols.patch.sum()) / total
        rest = _erased(alpha, symbols)
        heaped = symbols.n_alone >= MANY and float(rest.sum()) < (1.0 - HEAPED_SHARE) * total
        if (share < LEAST_SHARE and not heaped) or shape.misfit > MISFIT:
            break
        traces.append(_to_trace(layer, symbols, shape.kind))
        alpha = rest
    if traces and not any(e.line_style != "none" for e in layer.entries):
        alpha = _without_remnants(alpha, max(t.marker_size_px for t in traces))
    return traces, alpha


def join_markers(points: list[Trace], lines: list[Trace]) -> list[Trace]:
    """Give a line the markers that stand on it: white edges and gaps part them from their line."""
    left = list(lines)
    joined: list[Trace] = []
    for mark in points:
        mate = next((line for line in left if _stand_on(mark, line)), None)
        if mate is None:
            joined.append(mark)
            continue
        left.remove(mate)
        joined.append(
            replace(mark, kind="line", line_style=mate.line_style, line_width_px=mate.line_width_px)
        )
    return joined + left


def _stand_on(mark: Trace, line: Trace) -> bool:
    """Whether nearly all markers lie on a line that has no markers of its own."""
    ok = np.isfinite(line.y_px)
    if line.marker != "none" or ok.sum() < 4 or np.unique(mark.x_px).size < mark.x_px.size:
        return False
    reach = mark.marker_size_px
    away = np.abs(np.interp(mark.x_px, line.x_px[ok], line.y_px[ok]) - mark.y_px)
    inside = (mark.x_px > line.x_px[ok][0] - reach) & (mark.x_px < line.x_px[ok][-1] + reach)
    return bool(np.mean((away < max(2.0, 0.4 * reach)) & inside) > ON_LINE)


def _are_dashes(symbols: Symbols, frame_line: float) -> bool:
    """Whether the pieces are the dots or dashes of a line: evenly spaced along a path, close together."""
    order = np.argsort(symbols.x)
    x, y = symbols.x[order], symbols.y[order]
    if x.size < 8 or symbols.extent > DOT_WIDTHS * max(frame_line, 1.0) + 0.5:
        return False
    step = np.hypot(np.diff(x), np.diff(y))
    usual = float(np.median(step))
    even = float(np.median(np.abs(step - usual))) < DOT_SPREAD * usual
    return even and usual < DOT_SPACING * symbols.extent


def _to_trace(layer: Layer, symbols: Symbols, kind: str) -> Trace:
    x, y = symbols.x, symbols.y
    crowded = np.zeros(x.size, dtype=bool)
    if x.size > 1:
        for i in range(x.size):
            near = (np.abs(x - x[i]) < symbols.extent) & (np.abs(y - y[i]) < symbols.extent)
            crowded[i] = near.sum() > 1
    return Trace(
        kind="scatter",
        color=layer.rgb,
        x_px=x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=np.where(crowded, CROWD_SIGMA, SNAPPED_SIGMA),
        sampled_at="markers",
        marker=kind,
        line_style="none",
        line_width_px=1.0,
        marker_size_px=symbols.extent,
    )


def _erased(alpha: FloatImage, symbols: Symbols) -> FloatImage:
    """The coverage without the found markers and their rims."""
    alpha = alpha.copy()
    half = symbols.patch.shape[0] // 2 + 1
    height, width = alpha.shape
    covers = np.pad((symbols.patch > RIM).astype(np.uint8), 1)
    covers = np.asarray(cv2.dilate(covers, np.ones((3, 3), np.uint8)), dtype=bool)
    columns = np.round(symbols.x - symbols.middle[0]).astype(int)
    rows = np.round(symbols.y - symbols.middle[1]).astype(int)
    for cx, cy in zip(columns, rows, strict=True):
        y0, y1 = max(0, cy - half), min(height, cy + half + 1)
        x0, x1 = max(0, cx - half), min(width, cx + half + 1)
        part = covers[y0 - cy + half : y1 - cy + half, x0 - cx + half : x1 - cx + half]
        alpha[y0:y1, x0:x1][part] = 0.0
    return alpha


def _without_remnants(alpha: FloatImage, extent: float) -> FloatImage:
    """Nothing where all that a cloud's markers left is too short to be a line's."""
    parts = find_parts(alpha)
    longest = max(parts.width[1:].max(initial=0.0), parts.height[1:].max(initial=0.0))
    return np.zeros_like(alpha) if longest < REMNANT * extent else alpha
