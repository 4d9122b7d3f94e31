"""Give a line the markers that stand on it: white edges and gaps part them from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.paths.joins import path_distance
from digitizer.stages.series.paths.steps import Steps, find_steps

# Share of markers that lie on a line of their colour where they are its own, and where they stand on steps:
# across the gap of a white edge the line's course is a guess; this near (px, and sizes).
ON_LINE = 0.85
ON_LINE_STEPS = 0.75
NEAR_PX = 2.0
NEAR_SIZES = 0.4
# A marker stands on a step that is this near, as a share of the period; others are bits of the line.
ON_STEP = 0.15
# A line has one kind of markers: what is smaller than this share of those that stand on it is a bit of it
# (0.2 to 0.5 of those with white edges).
BIT_SIZES = 0.7
# What a line says of a marker that is not seen itself (px).
UNSEEN_SIGMA = 1.0


def join_markers(points: list[Trace], lines: list[Trace]) -> list[Trace]:
    """Make one series of markers and the bare line they stand on, with those that are hidden on steps."""
    left = list(lines)
    joined: list[Trace] = []
    for mark in points:
        steps = find_steps(np.sort(mark.x_px))
        whole = mark if steps is None else _take(mark, _on_steps(mark, steps))
        share = ON_LINE if steps is None else ON_LINE_STEPS
        mate = next((line for line in left if _stand_on(whole, line, share)), None)
        if mate is None:
            joined.append(mark)
            continue
        left.remove(mate)
        if steps is not None:
            whole = _with_hidden(whole, mate, steps)
        joined.append(
            replace(whole, kind="line", line_style=mate.line_style, line_width_px=mate.line_width_px)
        )
    return joined + left


def _on_steps(mark: Trace, steps: Steps) -> Mask:
    """The one marker nearest to each step, where it is near."""
    k = steps.nearest(mark.x_px)
    off = np.abs(mark.x_px - steps.position(k))
    order = np.lexsort((off, k))
    keep = np.zeros(k.size, dtype=bool)
    keep[order[np.r_[True, np.diff(k[order]) > 0]]] = True
    return np.asarray(keep & (off < max(1.0, ON_STEP * steps.period)))


def _take(mark: Trace, keep: Mask) -> Trace:
    return replace(mark, x_px=mark.x_px[keep], y_px=mark.y_px[keep], sigma_px=mark.sigma_px[keep])


def _stand_on(mark: Trace, line: Trace, share: float) -> bool:
    """Whether nearly all markers lie on a line that has no markers of its own."""
    ok = np.isfinite(line.y_px)
    if (line.marker != "none" and not _are_bits(line, mark)) or ok.sum() < 4 or not mark.x_px.size:
        return False
    if np.unique(mark.x_px).size < mark.x_px.size:
        return False
    x, y = line.x_px[ok], line.y_px[ok]
    # Beyond the ends a line is level, on steep pieces it is nearer sideways.
    level = np.abs(np.interp(mark.x_px, x, y) - mark.y_px)
    away = np.minimum(path_distance(mark.x_px, mark.y_px, x, y), level)
    return bool(np.mean(away < max(NEAR_PX, NEAR_SIZES * mark.marker_size_px)) > share)


def _are_bits(line: Trace, mark: Trace) -> bool:
    """Whether what was read as a line's markers are bits of it, between the gaps around larger markers."""
    small = line.marker_size_px < BIT_SIZES * mark.marker_size_px
    return bool(small and line.x_px.size > mark.x_px.size)


def _with_hidden(mark: Trace, line: Trace, steps: Steps) -> Trace:
    """The markers with those between them that are not seen, on their line."""
    k = steps.nearest(mark.x_px)
    missing = np.setdiff1d(np.arange(k.min(), k.max() + 1), k)
    x = steps.position(missing)
    y = _height(line, x)
    seen = np.isfinite(y)
    order = np.argsort(np.r_[mark.x_px, x[seen]], kind="stable")
    return replace(
        mark,
        x_px=np.r_[mark.x_px, x[seen]][order],
        y_px=np.r_[mark.y_px, y[seen]][order],
        sigma_px=np.r_[mark.sigma_px, np.full(np.count_nonzero(seen), UNSEEN_SIGMA)][order],
    )


def _height(line: Trace, x: FloatArray) -> FloatArray:
    """Heights of a line, NaN beyond its ends."""
    ok = np.isfinite(line.y_px)
    return np.asarray(np.interp(x, line.x_px[ok], line.y_px[ok], left=np.nan, right=np.nan))
