"""Tell the thin strokes that join the markers of a series, paled by compression, from series of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace

# A thin stroke is paler than the markers that it joins, and of their hue: cosine 0.97 to 0.99 in JPEGs.
SAME_HUE = 0.95
# Share of its points that lie on the way from marker to marker: 0.9 and more; of a pale raw curve under its
# smoothed one few do.
ON_THE_WAY = 0.85
# How far (px, and marker sizes) from that way they may lie.
REACH_PX = 2.0
REACH_SIZES = 0.5
# ... and of which it passes this share, where it runs: of a cloud's with a line through them a fifth.
PASSED = 0.5
# Where markers stand on the frame's sides they are cut and not seen: their line goes on for one step more (to
# this share of it, and so many px), and its end is as sure (px).
STEP_SLACK = 0.1
NEAR_END_PX = 3.0
END_SIGMA = 1.0
# An outline's ink lies this near (marker sizes) to the markers' middles, but for a rest.
OUTLINE_SIZES = 0.75
ON_OUTLINES = 0.95
# Points times markers looked at, at most: dense clouds hide every line.
MOST_PAIRS = 400_000


def leave_out_joins(traces: Sequence[Trace], others: Sequence[Trace], ground: FloatArray) -> list[Trace]:
    """Give the markers the pale strokes between them; what the legend names stays as it is.

    Parameters
    ----------
    traces
        The traces of colours that the legend lists.
    others
        The traces of colours that it does not.
    ground
        The panel's colour (RGB).

    Returns
    -------
    list of Trace
        In the same order, ``traces`` first, without the strokes; markers that they join are lines.
    """
    whole = [*traces, *others]
    joins: set[int] = set()
    for k, line in enumerate(others, start=len(traces)):
        if line.kind != "line" or line.marker != "none":
            continue
        if any(_outlines(line, m) for m in whole if m is not line):
            joins.add(k)
            continue
        mate = next((i for i, m in enumerate(whole) if i != k and _joins(line, m, ground)), None)
        if mate is not None:
            joins.add(k)
            if whole[mate].kind == "scatter":
                whole[mate] = _with_ends(_strung(whole[mate], line.line_width_px), line)
    return [trace for k, trace in enumerate(whole) if k not in joins]


def _strung(points: Trace, width: float) -> Trace:
    """Markers as a line from left to right."""
    order = np.argsort(points.x_px, kind="stable")
    return replace(
        points,
        kind="line",
        line_style="solid",
        line_width_px=width,
        x_px=points.x_px[order],
        y_px=points.y_px[order],
        sigma_px=points.sigma_px[order],
    )


def _with_ends(strung: Trace, line: Trace) -> Trace:
    """The markers with one more at each side where their line goes on for one step: frames cut markers there.

    The half of a marker that is seen hides the end of its line, which is carried on straight.
    """
    if strung.x_px.size < 3:
        return strung
    x, y, sigma = strung.x_px, strung.y_px, strung.sigma_px
    step = float(np.median(np.diff(x)))
    slack = max(STEP_SLACK * step, strung.marker_size_px)
    for side, first in ((-1.0, x[0]), (1.0, x[-1])):
        beyond = side * (line.x_px - first)
        on = np.isfinite(line.y_px) & (beyond > 0)
        if np.count_nonzero(on) < 2 or abs(float(beyond[on].max()) - step) > slack:
            continue
        slope, base = np.polyfit(beyond[on], line.y_px[on], 1)
        x, y = np.r_[x, first + side * step], np.r_[y, base + slope * step]
        sigma = np.r_[sigma, END_SIGMA]
    order = np.argsort(x, kind="stable")
    return replace(strung, x_px=x[order], y_px=y[order], sigma_px=sigma[order])


def _joins(line: Trace, marked: Trace, ground: FloatArray) -> bool:
    """Whether a bare line is what joins the markers of another trace."""
    if marked.kind not in ("line", "scatter") or marked.marker == "none":
        return False
    pale, full = (np.asarray(t.color, dtype=np.float64) - ground for t in (line, marked))
    strength = float(np.linalg.norm(full))
    if np.linalg.norm(pale) > strength or pale @ full < SAME_HUE * np.linalg.norm(pale) * strength:
        return False
    order = np.argsort(marked.x_px, kind="stable")
    x, y = marked.x_px[order], marked.y_px[order]
    if marked.kind == "scatter" and np.any(np.diff(x) <= 0):
        return False
    seen = np.isfinite(line.y_px)
    if not seen.any() or x.size < 2:
        return False
    step = float(np.median(np.diff(x)))
    inner = seen & (line.x_px > x[0] - 0.5 * step) & (line.x_px < x[-1] + 0.5 * step)
    beyond = max(x[0] - line.x_px[seen].min(), line.x_px[seen].max() - x[-1])
    if not inner.any() or beyond > (1 + STEP_SLACK) * step + NEAR_END_PX:
        return False
    reach = max(REACH_PX, REACH_SIZES * marked.marker_size_px)
    away = path_distance(line.x_px[inner], line.y_px[inner], x, y)
    return bool(np.mean(away < reach) > ON_THE_WAY) and _runs_all_along(line, x, y, reach)


def _runs_all_along(line: Trace, x: FloatArray, y: FloatArray, reach: float) -> bool:
    """Whether most of the ways from marker to marker lie on a line: those of a cloud cross any."""
    along, height = _course(line)
    middle_x, middle_y = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
    passed = (middle_x > along.min()) & (middle_x < along.max())
    if along.size < 2 or not passed.any():
        return True
    away = path_distance(middle_x[passed], middle_y[passed], along, height)
    return bool(np.mean(away < reach) > PASSED)


def _outlines(line: Trace, marks: Trace) -> bool:
    """Whether all of a bare line is beside the middles of markers: their outline, in a colour of its own."""
    x, y = _course(line)
    if marks.kind != "scatter" or not x.size or x.size * marks.x_px.size > MOST_PAIRS:
        return False
    away = np.hypot(x[:, None] - marks.x_px, y[:, None] - marks.y_px).min(axis=1)
    return bool(np.mean(away < OUTLINE_SIZES * marks.marker_size_px) > ON_OUTLINES)


def _course(line: Trace) -> tuple[FloatArray, FloatArray]:
    """Places along a line: between two vertices at markers it may run far from all others."""
    seen = np.isfinite(line.y_px)
    x, y = line.x_px[seen], line.y_px[seen]
    if line.sampled_at != "vertices" or x.size < 2 or np.any(np.diff(x) <= 0):
        return x, y
    columns = np.arange(x[0], x[-1] + 0.5)
    return columns, np.interp(columns, x, y)


def path_distance(px: FloatArray, py: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """How far points are from a polyline (px); pieces without an end are none."""
    dx, dy = np.diff(x), np.diff(y)
    length = np.maximum(dx**2 + dy**2, 1e-9)
    share = np.clip(((px[:, None] - x[:-1]) * dx + (py[:, None] - y[:-1]) * dy) / length, 0.0, 1.0)
    away = np.hypot(px[:, None] - x[:-1] - share * dx, py[:, None] - y[:-1] - share * dy)
    return np.asarray(np.where(np.isfinite(away), away, np.inf).min(axis=1))
