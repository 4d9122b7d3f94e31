"""Lines by the strokes they were drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import same_color
from digitizer.stages.drawn.markers import Form, find_forms

# A line of data runs over this share of the frame's width, or joins this many points.
LEAST_WIDTH, LEAST_VERTICES = 0.05, 3
# A level stroke narrower than this share of the frame may be a legend's sample.
SAMPLE_WIDTH = 0.15
# What was read runs along a stroke where this share of it is this near (px).
NEAR_PX, NEAR_SHARE = 1.0, 0.9
# The only stroke of a colour is that of its only line where their ends and their course agree so far (shares
# of the frame): dense noise is read by columns, and its vertices stand beside these.
ENDS_SHARE, COURSE_SHARE = 0.03, 0.06
# Dashes read as markers are this many times as many as the vertices of their line, at least.
MOST_MARKERS = 1.5
# Pieces of a line overlap by less (px).
OVERLAP_PX = 1.0
# Vertices tell a curve that strays from the polyline through them by less (px).
BENT_PX = 2.0
# Points of a stroke looked at, as many as a wide panel has columns.
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stroke:
    """A stroke inside the frame: its points and those where it crosses the frame, NaN where it is outside.

    ``look`` holds its line style, the lengths of its dashes and its width.
    """

    x: FloatArray
    y: FloatArray
    color: tuple[int, int, int]
    look: tuple[str, tuple[float, ...], float]

    @property
    def ends(self) -> tuple[float, float]:
        return float(np.nanmin(self.x)), float(np.nanmax(self.x))


def place_lines(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Give lines the vertices of the strokes of their colour that they run along.

    Notes
    -----
    A line may be drawn in several strokes one after the other. Series of markers keep these; where no
    form that repeats tells their places, :mod:`digitizer.stages.drawn.markers` leaves them to the vertices.
    """
    strokes, forms = find_strokes(drawn, frame), find_forms(drawn, frame)
    free = list(range(len(strokes)))
    placed = list(traces)
    lines = [k for k, t in enumerate(traces) if t.kind == "line" and np.isfinite(t.y_px).sum() >= 2]
    for index in sorted(lines, key=lambda k: -_best_share(traces[k], strokes)):
        trace = traces[index]
        own = [k for k in free if same_color(strokes[k].color, trace.color)]
        rivals = sum(same_color(traces[k].color, trace.color) for k in lines)
        along = [k for k in own if _runs_along(trace, strokes[k], frame, only=len(own) == 1 and rivals == 1)]
        chain = _chain(trace, strokes, along)
        if chain:
            free = [k for k in free if k not in chain]
            course = [strokes[k] for k in chain]
            placed[index] = _on_strokes(_without_dashes(trace, course, forms), course)
    return tuple(placed)


def find_strokes(drawn: Sequence[DrawnPath], frame: Box) -> list[Stroke]:
    """The strokes that may be lines of data: no grid lines, boxes or markers."""
    found = []
    for path in drawn:
        if path.stroke is None or path.fill is not None or path.closed:
            continue
        wide = path.box.right - path.box.left >= LEAST_WIDTH * frame.width
        straight = min(np.ptp(path.x), np.ptp(path.y)) <= 0.05
        level = straight and (len(path.x) == 2 or path.box.width < SAMPLE_WIDTH * frame.width)
        if level or not (wide or path.is_vertex.sum() >= LEAST_VERTICES) or path.box.width < NEAR_PX * 4:
            continue
        x, y = clip(*_course(path), frame)
        if np.isfinite(x).sum() >= 2:
            found.append(Stroke(x=x, y=y, color=path.stroke, look=(path.line_style, path.dashes, path.width)))
    return found


def _course(path: DrawnPath) -> tuple[FloatArray, FloatArray]:
    """The vertices of a path; all points of a curve that they do not tell."""
    if path.is_vertex.all():
        return path.x, path.y
    x, y = path.x[path.is_vertex], path.y[path.is_vertex]
    bent = len(x) < 2 or bool((distances(path.x, path.y, x, y) > BENT_PX).any())
    return (path.x, path.y) if bent else (x, y)


def clip(x: FloatArray, y: FloatArray, frame: Box) -> tuple[FloatArray, FloatArray]:
    """A polyline inside the frame, with the points where it crosses its edges; NaN between its parts."""
    margin = 0.5
    low = np.array([frame.left, frame.top]) - margin
    high = np.array([frame.right, frame.bottom]) + margin
    points = np.stack([x, y], axis=1)
    if ((points >= low) & (points <= high)).all():
        return x, y
    step = np.diff(points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        enter, leave = (low - points[:-1]) / step, (high - points[:-1]) / step
    flat = step == 0
    within = (points[:-1] >= low) & (points[:-1] <= high)
    first = np.where(flat, np.where(within, -np.inf, np.inf), np.minimum(enter, leave)).max(axis=1)
    last = np.where(flat, np.where(within, np.inf, -np.inf), np.maximum(enter, leave)).min(axis=1)
    first, last = np.maximum(first, 0.0), np.minimum(last, 1.0)
    out: list[FloatArray] = []
    open_end = False
    for k in np.flatnonzero(first < last):
        if not (open_end and first[k] == 0.0):
            if out:
                out.append(np.array([np.nan, np.nan]))
            out.append(points[k] + first[k] * step[k])
        out.append(points[k] + last[k] * step[k])
        open_end = bool(last[k] == 1.0)
        if open_end and k + 1 < len(first) and not first[k + 1] < last[k + 1]:
            open_end = False
    clipped = np.array(out).reshape(-1, 2)
    return clipped[:, 0], clipped[:, 1]


def distances(x: FloatArray, y: FloatArray, line_x: FloatArray, line_y: FloatArray) -> FloatArray:
    """How far (px) each point is from a polyline that may have gaps; shape of ``x``."""
    start, step = np.stack([line_x[:-1], line_y[:-1]]), np.stack([np.diff(line_x), np.diff(line_y)])
    good = np.isfinite(start).all(axis=0) & np.isfinite(step).all(axis=0)
    start, step = start[:, good], step[:, good]
    if not start.size:
        return np.full(len(x), np.inf)
    length = np.maximum((step**2).sum(axis=0), 1e-12)
    out = np.empty(len(x))
    for index, point in enumerate(np.stack([x, y], axis=1)):
        offset = point[:, None] - start
        share = np.clip((offset * step).sum(axis=0) / length, 0, 1)
        out[index] = np.sqrt(((offset - share * step) ** 2).sum(axis=0).min())
    return out


def _looked_at(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The known points, every so many of them where they are many."""
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    known = known[:: max(1, len(known) // MOST_LOOKED_AT)]
    return x[known], y[known]


def _best_share(trace: Trace, strokes: Sequence[Stroke]) -> float:
    """How much of a line is on the stroke of its colour that has most of it."""
    x, y = _looked_at(trace.x_px, trace.y_px)
    own = [s for s in strokes if same_color(s.color, trace.color)]
    shares = [float((distances(x, y, s.x, s.y) <= NEAR_PX).mean()) for s in own]
    return max(shares, default=0.0)


def _runs_along(trace: Trace, stroke: Stroke, frame: Box, *, only: bool) -> bool:
    """Whether a stroke is a line's, or a piece of it; ``only``: no other has its colour."""
    x, y = _looked_at(stroke.x, stroke.y)
    known = np.isfinite(trace.x_px) & np.isfinite(trace.y_px)
    off = distances(x, y, trace.x_px[known], trace.y_px[known])
    if (off <= max(NEAR_PX, trace.line_width_px / 2)).mean() >= NEAR_SHARE:
        return True
    own_x, own_y = _looked_at(trace.x_px, trace.y_px)
    start, end = stroke.ends
    inside = (own_x >= start) & (own_x <= end)
    if inside.mean() >= NEAR_SHARE:
        share = float((distances(own_x, own_y, stroke.x, stroke.y) <= NEAR_PX).mean())
        if share >= NEAR_SHARE:
            return True
    first, last = float(own_x.min()), float(own_x.max())
    reach = ENDS_SHARE * frame.width
    alike = abs(first - start) <= reach and abs(last - end) <= reach
    return only and alike and float(np.median(off)) <= COURSE_SHARE * frame.height


def _chain(trace: Trace, strokes: Sequence[Stroke], along: Sequence[int]) -> list[int]:
    """Of the strokes along a line those that follow each other, the ones with most of it first."""
    x, y = _looked_at(trace.x_px, trace.y_px)
    taken: list[int] = []

    def on(k: int) -> float:
        start, end = strokes[k].ends
        near = distances(x, y, strokes[k].x, strokes[k].y)
        return float((near <= NEAR_PX).sum()) - 1e-3 * float(np.median(near)) + 1e-6 * (end - start)

    for k in sorted(along, key=lambda k: (-on(k), k)):
        start, end = strokes[k].ends
        others = (strokes[j].ends for j in taken)
        if all(min(end, last) - max(start, first) <= OVERLAP_PX for first, last in others):
            taken.append(k)
    return sorted(taken, key=lambda k: strokes[k].ends)


def _without_dashes(trace: Trace, strokes: Sequence[Stroke], forms: Sequence[Form]) -> Trace:
    """A line as bare where its markers are its strokes' dashes: no form repeats, and they are too many."""
    n_vertices = sum(int(np.isfinite(stroke.y).sum()) for stroke in strokes)
    marked = trace.sampled_at != "markers" or any(form.has_color(trace.color) for form in forms)
    if marked or np.isfinite(trace.y_px).sum() < MOST_MARKERS * n_vertices:
        return trace
    return replace(trace, sampled_at="columns", marker="none", marker_size_px=0.0, line_style="dashed")


def _on_strokes(trace: Trace, strokes: Sequence[Stroke]) -> Trace:
    """The line through the vertices of its strokes; series of markers stay at their markers."""
    if trace.sampled_at == "markers":
        return _on_vertices(trace, *_laid_out(strokes))
    x, y = join_strokes(strokes)
    sigma = np.full(len(x), DRAWN_SIGMA_PX)
    # A browser draws dashes one by one: what is drawn whole may look dashed all the same.
    style = strokes[0].look[0] if strokes[0].look[0] != "solid" else trace.line_style
    return replace(trace, x_px=x, y_px=y, sigma_px=sigma, sampled_at="vertices", line_style=style)


def join_strokes(strokes: Sequence[Stroke]) -> tuple[FloatArray, FloatArray]:
    """The vertices of a line in pieces, from the left; points without a y stand between the pieces."""
    x, y = _laid_out(strokes)
    if x[0] > x[-1]:
        x, y = x[::-1].copy(), y[::-1].copy()
    # A point without a y stands between the parts, where its neighbours have an x.
    gaps = np.flatnonzero(np.isnan(x))
    x[gaps] = (x[gaps - 1] + x[gaps + 1]) / 2
    return x, y


def _laid_out(strokes: Sequence[Stroke]) -> tuple[FloatArray, FloatArray]:
    x = np.concatenate([part for s in strokes for part in (s.x, [np.nan])])[:-1]
    y = np.concatenate([part for s in strokes for part in (s.y, [np.nan])])[:-1]
    return x, y


def _on_vertices(trace: Trace, x: FloatArray, y: FloatArray) -> Trace:
    """Markers moved onto the vertices at them."""
    own_x, own_y, sigma = trace.x_px.copy(), trace.y_px.copy(), trace.sigma_px.copy()
    for index, (at_x, at_y) in enumerate(zip(own_x, own_y, strict=True)):
        away = np.nan_to_num(np.hypot(x - at_x, y - at_y), nan=np.inf)
        nearest = int(np.argmin(away))
        if away[nearest] <= NEAR_PX:
            own_x[index], own_y[index], sigma[index] = x[nearest], y[nearest], DRAWN_SIGMA_PX
    return replace(trace, x_px=own_x, y_px=own_y, sigma_px=sigma)
