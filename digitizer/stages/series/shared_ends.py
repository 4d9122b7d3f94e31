"""Give lines the first and last points that lie under those of another line.

Runs begin with one value and end with one, and the marker that is drawn last hides the others there. A line
whose markers all stand where another one's do has one there too, if the way to it is inked all along: that it
ends just where it meets the other line, one marker before that one's end, would be a rare chance. A line that
is read by columns is carried on straight under the marker at which another one ends, and to the middle of
the first and the last of the dots that are strung on it (a layer of points over one of lines). Bare lines
that melt at their end, as losses of training and validation do, end at one x too: that of the one drawn last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.paths.inserted import with_point

# Markers of two lines stand at one x that are this near (px): those that steps were fitted to are off by one.
SAME_X_PX = 1.5
# Two lines share their x where one has so many markers at least, each at one of the other's.
FEWEST = 5
# So many markers may be hidden at an end, one after the other.
MOST_HIDDEN = 2
# Share of the way from the last marker seen that is inked, in the line's colour or in one that may hide it.
INKED = 0.95
# Heights under the other marker that are tried, in its sizes: farther off the marker is seen itself.
REACH_SIZES = 1.0
STEP_PX = 0.25
# Heights as good as the best one to this share of the way are as likely.
ALIKE = 0.02
# A line by columns is carried on where so many of its last ones, but for what a cover cuts of the stroke, lie
# on one straight line to this (px along x), and are no farther from the end than that (the markers' sizes).
STRAIGHT, STRAIGHT_PX, HIDDEN_SIZES = 8, 0.15, 1.5
# A bare line hides another one's end over no more than so much of both their widths (1.5 where neither is
# steep), which lies this near (px) under its stroke, and begins farther in than this (px): ends are known to
# half a pixel. Where both are steep their heights differ by up to so many times what they are apart across.
MELTED_WIDTHS, UNDER_PX, LATE_PX, STEEPEST = 2.5, 1.0, 1.0, 4.0
# Dots are strung on a line where so many of them, and this share of those that it passes, lie this near (px)
# to it. At its ends they may hide as much of it as their own size.
FEWEST_STRUNG, STRUNG, ON_LINE_PX = 4, 0.8, 1.5
# What is inferred so is known to this (px) at best.
LEAST_SIGMA_PX = 0.7


def add_shared_ends(traces: Sequence[Trace], inked: Callable[[Trace], tuple[Mask, int, int]]) -> list[Trace]:
    """Add the ends of lines that are hidden under other lines' markers.

    Parameters
    ----------
    traces : sequence of Trace
        All series of a panel (source px).
    inked : callable
        Where a trace has ink or may be hidden, and the source pixel (left, top) of the mask's first one.
    """
    marked = [k for k, trace in enumerate(traces) if _is_marked(trace)]
    out = list(traces)
    for k in marked:
        covers = [traces[j] for j in marked if j != k and _shares_places(traces[k], traces[j])]
        for cover in covers:
            for side in (0, -1):
                out[k] = _carried_on(out[k], cover, side, inked)
    for k, trace in enumerate(traces):
        if trace.kind != "line" or trace.sampled_at == "markers":
            continue
        solid = trace.line_style == "solid" and trace.sampled_at == "columns"
        for cover in (traces[j] for j in marked if solid):
            for side in (0, -1):
                out[k] = _carried_straight(out[k], cover, side, inked)
        melts = trace.line_style == "solid" and _is_bare(trace)
        for cover in (t for t in traces if melts and t is not trace and _is_bare(t)):
            for side in (0, -1):
                out[k] = _carried_under(out[k], cover, side, inked)
        # Dots interrupt a line, which looks dashed then.
        for dots in (t for t in traces if t.kind == "scatter" and _is_strung(t, trace)):
            for side in (0, -1):
                out[k] = _ended_under(out[k], dots, side)
    return out


def _is_marked(trace: Trace) -> bool:
    """Whether a trace is an unbroken solid line with markers, in order, without error bars."""
    plain = trace.kind == "line" and trace.line_style == "solid" and trace.y_low_px is None
    whole = plain and trace.sampled_at == "markers" and trace.x_px.size >= FEWEST
    return bool(whole and np.isfinite(trace.y_px).all() and (np.diff(trace.x_px) > 0).all())


def _shares_places(trace: Trace, cover: Trace) -> bool:
    """Whether all markers of a line stand where another one's do, and it has more."""
    away = np.abs(trace.x_px[:, None] - cover.x_px).min(axis=1)
    return trace.x_px.size < cover.x_px.size and bool((away <= SAME_X_PX).all())


def _carried_on(
    trace: Trace, cover: Trace, side: int, inked: Callable[[Trace], tuple[Mask, int, int]]
) -> Trace:
    """A line with the markers that another one has beyond one of its ends, as far as ink leads to them."""
    end = trace.x_px[side]
    beyond = cover.x_px < end - SAME_X_PX if side == 0 else cover.x_px > end + SAME_X_PX
    places = np.flatnonzero(beyond)[::-1] if side == 0 else np.flatnonzero(beyond)
    if not 0 < places.size <= MOST_HIDDEN:
        return trace
    mask, left, top = inked(trace)
    for k in places:
        start = float(trace.x_px[side]) - left, float(trace.y_px[side]) - top
        end = float(cover.x_px[k]) - left, float(cover.y_px[k]) - top
        found = _height(mask, start, end, max(trace.marker_size_px, cover.marker_size_px, 2.0))
        if found is None:
            break
        trace = extended(trace, side, float(cover.x_px[k]), found[0] + top, found[1])
    return trace


def _carried_straight(
    trace: Trace, cover: Trace, side: int, inked: Callable[[Trace], tuple[Mask, int, int]]
) -> Trace:
    """A line by columns with the end that it comes to under the marker at another one's end."""
    size = cover.marker_size_px
    end = _straight_end(trace, cover, side, (SAME_X_PX, HIDDEN_SIZES * size), size, inked)
    return trace if end is None else _with_columns(trace, side, *end)


def _is_bare(trace: Trace) -> bool:
    """Whether a trace is a line without markers, of which both ends are seen."""
    ends = trace.y_px[[0, -1]] if trace.y_px.size else np.array([np.nan])
    bare = trace.kind == "line" and trace.marker == "none" and trace.sampled_at != "markers"
    return bare and trace.interpolation == "linear" and bool(np.isfinite(ends).all())


def _carried_under(
    trace: Trace, cover: Trace, side: int, inked: Callable[[Trace], tuple[Mask, int, int]]
) -> Trace:
    """A bare line with the end that it has under another one's, where both melt."""
    both = trace.line_width_px + cover.line_width_px
    under = both / 2 + UNDER_PX
    end = _straight_end(trace, cover, side, (LATE_PX, MELTED_WIDTHS * both), STEEPEST * under, inked)
    if end is None or not _lies_under(trace, cover, side, end, under):
        return trace
    if trace.sampled_at == "columns":
        return _with_columns(trace, side, *end)
    x, y = trace.x_px.copy(), trace.y_px.copy()
    x[side] = float(cover.x_px[side])
    y[side] = end[1] + end[0] * x[side]
    return replace(trace, x_px=x, y_px=y)


def _lies_under(trace: Trace, cover: Trace, side: int, end: tuple[float, float, float], under: float) -> bool:
    """Whether a line's straight course to ``end`` is no farther than ``under`` (px across) from another."""
    slope, level, at = end
    x = np.array([at, float(trace.x_px[side])])
    seen = np.isfinite(cover.y_px)
    off = np.abs(np.interp(x, cover.x_px[seen], cover.y_px[seen]) - level - slope * x)
    return bool(np.all(off <= under * np.hypot(1.0, slope)))


def _straight_end(
    trace: Trace,
    cover: Trace,
    side: int,
    gaps: tuple[float, float],
    beside: float,
    inked: Callable[[Trace], tuple[Mask, int, int]],
) -> tuple[float, float, float] | None:
    """Slope and level of the straight course that leads a line to another one's end, and that end's x.

    None where it does not begin ``gaps`` (px) farther in, would end more than ``beside`` (px) off, or no ink
    leads there.
    """
    at = float(cover.x_px[side])
    inward = 1 if side == 0 else -1
    if not gaps[0] < (float(trace.x_px[side]) - at) * inward <= gaps[1]:
        return None
    cut = 0 if trace.sampled_at == "vertices" else int(np.ceil(trace.line_width_px / 2))
    n = 2 if trace.sampled_at == "vertices" else STRAIGHT
    x, y = (v[::inward][cut : cut + n] for v in (trace.x_px, trace.y_px))
    course = _straight(x, y) if x.size == n else None
    if course is None or abs(course[1] + course[0] * at - float(cover.y_px[side])) > beside:
        return None
    mask, left, top = inked(trace)
    start, end = (float(x[0]) - left, float(y[0]) - top), (at - left, course[1] + course[0] * at - top)
    return None if inked_share(mask, start, end, 0.0) < INKED else (*course, at)


def _with_columns(trace: Trace, side: int, slope: float, level: float, at: float) -> Trace:
    """A line by columns that runs straight to one of its ends, where a cover cuts its stroke."""
    cut, inward = int(np.ceil(trace.line_width_px / 2)), 1 if side == 0 else -1
    y = trace.y_px.copy()
    y[::inward][:cut] = (level + slope * trace.x_px[::inward])[:cut]
    return extended(replace(trace, y_px=y), side, at, level + slope * at, LEAST_SIGMA_PX)


def _straight(x: FloatArray, y: FloatArray) -> tuple[float, float] | None:
    """Slope and level of the straight line through points; None where they lie on none."""
    if not np.isfinite(x + y).all():
        return None
    slope, level = (float(v) for v in np.polyfit(x, y, 1))
    off = float(np.sqrt(np.mean(np.square(y - level - slope * x))))
    return (slope, level) if off <= STRAIGHT_PX * max(1.0, abs(slope)) else None


def _is_strung(dots: Trace, line: Trace) -> bool:
    """Whether most dots that a line passes lie on it."""
    seen = np.isfinite(line.x_px + line.y_px)
    if np.count_nonzero(seen) < FEWEST_STRUNG or not (np.diff(line.x_px[seen]) > 0).all():
        return False
    x, y = line.x_px[seen], line.y_px[seen]
    passed = (dots.x_px >= x[0]) & (dots.x_px <= x[-1])
    off = np.abs(np.interp(dots.x_px[passed], x, y) - dots.y_px[passed])
    return bool(off.size >= FEWEST_STRUNG and np.mean(off <= ON_LINE_PX) >= STRUNG)


def _ended_under(trace: Trace, dots: Trace, side: int) -> Trace:
    """A bare line with the end that it has in the middle of a dot, whose rim it was seen to end at."""
    inward = 1 if side == 0 else -1
    told = slice(0, 2) if trace.sampled_at == "vertices" else slice(1, 1 + STRAIGHT)
    x, y = (v[::inward][told] for v in (trace.x_px, trace.y_px))
    course = _straight(x, y) if x.size == told.stop - told.start else None
    if course is None:
        return trace
    slope, level = course
    gaps = (float(trace.x_px[side]) - dots.x_px) * inward
    beside = np.abs(level + slope * dots.x_px - dots.y_px) / np.hypot(1.0, slope)
    covers = np.flatnonzero((gaps > 0) & (gaps <= dots.marker_size_px) & (beside <= ON_LINE_PX))
    if covers.size != 1:
        return trace
    end = float(dots.x_px[covers[0]]), float(dots.y_px[covers[0]])
    if trace.sampled_at == "columns":
        return extended(trace, side, *end, LEAST_SIGMA_PX)
    ends = trace.x_px.copy(), trace.y_px.copy()
    for column, value in zip(ends, end, strict=True):
        column[side] = value
    return replace(trace, x_px=ends[0], y_px=ends[1])


def _height(
    mask: Mask, start: tuple[float, float], end: tuple[float, float], size: float
) -> tuple[float, float] | None:
    """The height that ink leads to under a marker, and its deviation; None where it leads to none."""
    heights = end[1] + np.arange(-REACH_SIZES * size, REACH_SIZES * size + STEP_PX / 2, STEP_PX)
    share = np.array([inked_share(mask, start, (end[0], y), size / 2) for y in heights])
    best = float(share.max())
    if best < INKED:
        return None
    alike = heights[share >= best - ALIKE]
    return float(alike.mean()), max(LEAST_SIGMA_PX, float(np.ptp(alike)) / np.sqrt(12))


def inked_share(mask: Mask, start: tuple[float, float], end: tuple[float, float], radius: float) -> float:
    """The share of a straight way between two markers, which may be hollow, that lies on a mask."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    along = np.arange(radius + 1, length - radius - 1) / length
    if not along.size:
        return 0.0
    x = np.clip(np.round(start[0] + along * (end[0] - start[0])), 0, mask.shape[1] - 1).astype(int)
    y = np.clip(np.round(start[1] + along * (end[1] - start[1])), 0, mask.shape[0] - 1).astype(int)
    return float(mask[y, x].mean())


def extended(trace: Trace, side: int, x: float, y: float, sigma: float) -> Trace:
    """A trace with one more marker at one of its ends."""
    return with_point(trace, 0 if side == 0 else trace.x_px.size, x, y, sigma)
