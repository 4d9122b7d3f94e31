"""The recipe: from a panel's ink to its traces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.refine import Fit, Pen, refine_vertices
from digitizer.stages.series.columns import Path, follow_columns, stroke_width
from digitizer.stages.series.ink import FloatImage, Ink, see_ink
from digitizer.stages.series.markers import (
    Blobs,
    MarkerShape,
    are_markers,
    classify,
    find_blobs,
    stack_patches,
    thick_blobs,
)
from digitizer.stages.series.palette import Stroke, separate_colors
from digitizer.stages.series.runs import Runs, find_runs
from digitizer.stages.series.steps import find_steps
from digitizer.stages.series.track import track_path

# A series crosses at least this share of the panel's width, or shows at least three markers.
SHORTEST = 0.04


def trace_series(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    """Trace every series of a panel.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area, grid and background.
    obstacles
        Boxes of text and legend inside the frame (source px); series may pass under them.
    legend
        The panel's legend entries: a strong prior on colours, line styles and markers.

    Returns
    -------
    tuple of Trace
        In source pixels, legend order first.
    """
    ink = see_ink(picture, frame, obstacles)
    if ink is None:
        return ()
    strokes = separate_colors(ink, legend)
    traces: list[Trace] = []
    for stroke in strokes:
        traces.extend(_trace_stroke(ink, stroke, strokes, legend))
    return tuple(traces)


def _trace_stroke(
    ink: Ink, stroke: Stroke, strokes: tuple[Stroke, ...], legend: tuple[LegendEntry, ...]
) -> list[Trace]:
    blocked = _blocked(ink, stroke, strokes)
    runs = find_runs(stroke.alpha, blocked, blocked & ~ink.hidden)
    if runs.count < 3:
        return []
    guess = float(max(1.0, np.quantile(runs.mass, 0.2)))
    chosen = track_path(runs, np.ones(runs.count, dtype=bool), guess)
    if np.unique(runs.column[chosen]).size < max(4, SHORTEST * ink.width):
        return []
    width = stroke_width(runs, chosen)
    path = follow_columns(runs, chosen, width)
    hint = legend[stroke.legend] if stroke.legend is not None else None
    trace = _with_markers(ink, stroke, path, blocked, hint)
    return [trace if trace is not None else _by_columns(ink, stroke, path, hint)]


def _blocked(ink: Ink, stroke: Stroke, strokes: tuple[Stroke, ...]) -> Mask:
    blocked = ink.hidden.copy()
    for other in strokes:
        if other is not stroke:
            blocked |= other.alpha > 0.3
    return blocked


def _by_columns(ink: Ink, stroke: Stroke, path: Path, hint: LegendEntry | None) -> Trace:
    x, y, sigma = _split_gaps(path.x, path.y, path.sigma, 12.0 + 4 * path.width)
    return Trace(
        kind="line",
        color=_rgb(stroke.color),
        x_px=x + ink.left,
        y_px=y + ink.top,
        sigma_px=sigma,
        sampled_at="columns",
        line_style=hint.line_style if hint else "solid",
        line_width_px=path.width,
    )


def _split_gaps(
    x: FloatArray, y: FloatArray, sigma: FloatArray, widest: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Put a point without y into gaps wider than ``widest``."""
    wide = np.flatnonzero(np.diff(x) > widest)
    middle = (x[wide] + x[wide + 1]) / 2 if wide.size else np.zeros(0)
    hole = np.full(wide.size, np.nan)
    return np.insert(x, wide + 1, middle), np.insert(y, wide + 1, hole), np.insert(sigma, wide + 1, hole)


def _rgb(color: FloatArray) -> tuple[int, int, int]:
    r, g, b = (int(v) for v in np.clip(np.round(color), 0, 255))
    return r, g, b


def _with_markers(
    ink: Ink, stroke: Stroke, path: Path, blocked: Mask, hint: LegendEntry | None
) -> Trace | None:
    """The path's markers, refined with the lines that join them; None where there are none."""
    blobs = thick_blobs(find_blobs(stroke.alpha), path.width / 2)
    if blobs is None:
        return None
    inner = float(np.median(blobs.radius))
    stack = stack_patches(stroke.alpha, blobs, int(np.ceil(1.6 * inner)) + 2)
    listed = hint.marker if hint else None
    shape = classify(stack, inner, listed)
    if not are_markers(shape, listed):
        return None
    x, y, steps = _place(stroke.alpha, blobs, shape, path)
    if x.size < 3:
        return None
    pen = Pen(width=_line_width(path, x, shape), marker=shape.kind, size=shape.size)
    fit = refine_vertices(stroke.alpha, blocked, x, y, pen, steps=steps)
    return _marked_trace(ink, stroke, fit)


def _place(
    alpha: FloatImage, blobs: Blobs, shape: MarkerShape, path: Path
) -> tuple[FloatArray, FloatArray, FloatArray | None]:
    """Marker centres by rising x: on the step grid where there is one."""
    order = np.argsort(blobs.x)
    x, y = blobs.x[order], blobs.y[order]
    steps = find_steps(x)
    if steps is None:
        keep = np.r_[True, np.diff(x) > 0.5]
        return x[keep], y[keep], None
    k = steps.nearest(x)
    near = np.abs(x - steps.position(k)) < max(1.0, 0.25 * steps.period)
    first, last = k[near].min(), k[near].max()
    every = np.arange(first, last + 1)
    at = steps.position(every)
    height = np.interp(at, path.x, path.y)
    for i, number in enumerate(every):
        mine = np.flatnonzero((k == number) & near)
        if mine.size:
            height[i] = y[mine[np.argmin(np.abs(x[mine] - at[i]))]]
    return at, height, every


def _line_width(path: Path, x: FloatArray, shape: MarkerShape) -> float:
    """The line's width between markers, where columns free of markers show it."""
    slope = path.slope
    free = np.abs(path.x[:, None] - x[None, :]).min(axis=1) > shape.size * 1.1 + 0.6
    if free.sum() >= 5:
        extent = (path.bottom - path.top)[free] / np.hypot(1.0, slope[free])
        return float(np.clip(np.median(extent), 0.6, 2 * shape.size))
    return float(np.clip(path.width, 0.6, 0.6 * shape.size))


def _marked_trace(ink: Ink, stroke: Stroke, fit: Fit) -> Trace:
    pen = fit.pen
    return Trace(
        kind="line",
        color=_rgb(stroke.color),
        x_px=fit.x + ink.left,
        y_px=fit.y + ink.top,
        sigma_px=np.hypot(fit.sigma, 0.03),
        sampled_at="markers",
        marker=pen.marker,
        line_width_px=pen.width,
        marker_size_px=2 * pen.size,
    )


def _unused(runs: Runs, chosen: NDArray[np.intp]) -> Mask:
    left = np.ones(runs.count, dtype=bool)
    left[chosen] = False
    return left
