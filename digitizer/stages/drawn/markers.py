"""Markers by the forms that repeat in a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.drawn.bars import same_color

Color = tuple[int, int, int] | None

# Markers are no larger (px), and forms alike to this (px).
LARGEST_PX, ALIKE_PX = 60.0, 0.2
# A marker stands on its line's vertex to this (px).
SAME_PX = 0.3
# A form repeats so many times.
FEWEST = 2
# A marker that was read is this near (px) to where it is drawn; this share of a form's places was read so.
NEAR_PX, NEAR_SHARE = 2.5, 0.6
# gnuplot's triangles are so many half widths high, to this share, and mark what is one below their tip.
GNUPLOT_HEIGHT, GNUPLOT_ALIKE = 1.44, 0.02
# LibreOffice's triangles are as high as wide, to this share, and mark the middle of their box.
OFFICE_ALIKE = 0.02
# The picture tells the middle of a triangle's box, a sixth of its height beside its centroid, and a bit more
# where a pale rim lies around it.
MIDDLE_SHARE = 0.25
# The only form of a colour is that of its only series where this share of it was read, and so many places.
LEAST_SHARE, LEAST_READ = 0.2, 5
# Ticks stand on the frame's sides, to this (px).
AT_SIDE_PX = 2.0
# A line that was read of markers alone lies under them: this share of it.
UNDER_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """A form that repeats: its places in the order of drawing, its colours, size and shape."""

    x: FloatArray
    y: FloatArray
    stroke: Color
    fill: Color
    size: float
    shape: str

    def has_color(self, color: tuple[int, int, int]) -> bool:
        return same_color(self.fill, color) or same_color(self.stroke, color)


def place_markers(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Give series of markers all places of the forms they were drawn with, hidden ones too."""
    forms = find_forms(drawn, frame)
    owners: list[list[Form]] = [[] for _ in traces]
    for form in forms:
        shares = [_share_read(form, trace) for trace in traces]
        if shares and max(shares) >= NEAR_SHARE:
            owners[int(np.argmax(shares))].append(form)
            continue
        marked = [k for k, trace in enumerate(traces) if _marks(form, trace)]
        if len(marked) == 1:
            owners[marked[0]].append(form)
            continue
        alike = [k for k, t in enumerate(traces) if t.kind != "bar" and form.has_color(t.color)]
        if len(alike) == 1 and _may_be(form, traces[alike[0]], shares[alike[0]], forms):
            owners[alike[0]].append(form)
    return tuple(_on_forms(trace, own) if own else trace for trace, own in zip(traces, owners, strict=True))


def find_forms(drawn: Sequence[DrawnPath], frame: Box) -> list[Form]:
    """The forms that repeat inside the frame, with their places."""
    groups: dict[tuple[Color, Color, int], list[tuple[DrawnPath, list[tuple[float, float]]]]] = {}
    last: tuple[object, ...] = ()
    for path in drawn:
        width, height = size_of(path)
        if max(width, height) > LARGEST_PX or max(width, height) < 1.0:
            continue
        if len(path.x) == 2 and min(width, height) <= 0.05 and path.fill is None and not _is_told(path):
            continue  # ticks, caps and stems
        place = place_of(path)
        # The second stroke of a cross has the place of the first; another colour's is a halo's marker.
        known, last = last, (place, path.stroke, path.fill)
        if known == last or not frame.contains(*place, 1.0):
            continue
        alike = groups.setdefault((path.stroke, path.fill, len(path.x)), [])
        for first, places in alike:
            if np.max(np.abs(np.subtract(size_of(first), (width, height)))) <= ALIKE_PX:
                places.append(place)
                break
        else:
            alike.append((path, [place]))
    found = [
        Form(
            x=np.array(places)[:, 0],
            y=np.array(places)[:, 1],
            stroke=path.stroke,
            fill=path.fill,
            size=max(size_of(path)),
            shape=shape_of(path),
        )
        for alike in groups.values()
        for path, places in alike
        if len(places) >= FEWEST
    ]
    return [form for k, form in enumerate(found) if not any(_outlines(form, other) for other in found[:k])]


def are_ticks(form: Form, frame: Box) -> bool:
    """Whether all places of a form are on one side of the frame."""
    sides = (form.x - frame.left, frame.right - form.x, form.y - frame.top, frame.bottom - form.y)
    return any(bool((np.abs(off) <= AT_SIDE_PX).all()) for off in sides)


def _outlines(form: Form, other: Form) -> bool:
    """Whether a form is another one's outline of its colour, drawn apart from its fill (LibreOffice)."""
    if len(form.x) != len(other.x) or (form.fill is not None and other.fill is not None):
        return False
    ink, its = form.fill or form.stroke, other.fill or other.stroke
    together = np.abs(form.x - other.x).max() <= ALIKE_PX and np.abs(form.y - other.y).max() <= ALIKE_PX
    return its is not None and same_color(ink, its) and bool(together)


def size_of(path: DrawnPath) -> tuple[float, float]:
    """How wide and high it is."""
    return float(np.ptp(path.x)), float(np.ptp(path.y))


def _is_told(path: DrawnPath) -> bool:
    """Whether a path is told around the place where it stands, as forms that repeat are."""
    return path.origin is not None and path.box.contains(*path.origin, 0.05)


def place_of(path: DrawnPath) -> tuple[float, float]:
    """What a marker marks: the origin it is told around, else its middle."""
    box = path.box
    if path.origin is not None and _is_told(path):
        return path.origin
    x, y = path.x[path.is_vertex], path.y[path.is_vertex]
    if len(x) > 3 and x[0] == x[-1] and y[0] == y[-1]:
        x, y = x[:-1], y[:-1]
    if len(x) == 3 and path.is_vertex.all():
        return _of_triangle(x, y)
    return box.center


def _of_triangle(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """What a triangle marks whose program tells no origin: its centroid (R), or what other programs have."""
    half, height = float(np.ptp(x)) / 2, float(np.ptp(y))
    # The tip lies alone, the base's ends are level.
    tip = int(np.argmax(np.abs(y - np.median(y))))
    if abs(height - 2 * half) <= OFFICE_ALIKE * height:
        return float(x[tip]), float(y.min() + height / 2)
    if abs(height - GNUPLOT_HEIGHT * half) > GNUPLOT_ALIKE * half:
        return float(x.mean()), float(y.mean())
    return float(x[tip]), float(y[tip] + np.sign(y.mean() - y[tip]) * half)


def shape_of(path: DrawnPath) -> str:
    """What a form looks like, as far as that is plain."""
    if not path.is_vertex.all() or len(path.x) > 9:
        return "circle"
    corners = {(round(x, 1), round(y, 1)) for x, y in zip(path.x.tolist(), path.y.tolist(), strict=True)}
    if len(corners) == 3:
        return "triangle"
    if len(corners) == 4:
        level = np.minimum(np.abs(np.diff(path.x)), np.abs(np.diff(path.y))).max() < 0.1
        return "square" if level else "diamond"
    return "cross"


def _share_read(form: Form, trace: Trace) -> float:
    """The share of a form's places that were read as markers of a series."""
    if trace.kind in ("bar", "band") or trace.sampled_at != "markers" or not form.has_color(trace.color):
        return 0.0
    known = np.isfinite(trace.x_px) & np.isfinite(trace.y_px)
    if not known.any():
        return 0.0
    x, y = trace.x_px[known], trace.y_px[known]
    reach = max(NEAR_PX, MIDDLE_SHARE * form.size)
    near = [np.hypot(x - at_x, y - at_y).min() <= reach for at_x, at_y in zip(form.x, form.y, strict=True)]
    return float(np.mean(near))


def _marks(form: Form, trace: Trace) -> bool:
    """Whether a form stands at every vertex of a line of its colour, and nowhere else."""
    if trace.kind != "line" or trace.sampled_at != "vertices" or not form.has_color(trace.color):
        return False
    known = np.isfinite(trace.y_px)
    x, y = trace.x_px[known], trace.y_px[known]
    if len(x) != len(form.x) or len(x) < FEWEST:
        return False
    away = np.hypot(x[:, None] - form.x, y[:, None] - form.y)
    return bool(max(away.min(axis=0).max(), away.min(axis=1).max()) <= SAME_PX)


def _may_be(form: Form, trace: Trace, share: float, forms: Sequence[Form]) -> bool:
    """Whether the only form of a colour is that of its only series, read in part or as a line."""
    if sum(other.has_color(trace.color) for other in forms) > 1 or len(form.x) < LEAST_READ:
        return False
    if trace.sampled_at == "markers":
        return share >= LEAST_SHARE and share * len(form.x) >= LEAST_READ
    if trace.sampled_at == "vertices":
        return False
    known = np.isfinite(trace.x_px) & np.isfinite(trace.y_px)
    x, y = trace.x_px[known], trace.y_px[known]
    near = [
        np.hypot(form.x - at_x, form.y - at_y).min() <= form.size for at_x, at_y in zip(x, y, strict=True)
    ]
    return float(np.mean(near)) >= UNDER_SHARE


def _on_forms(trace: Trace, forms: Sequence[Form]) -> Trace:
    x, y = np.concatenate([form.x for form in forms]), np.concatenate([form.y for form in forms])
    line = trace.kind == "line" and trace.sampled_at in ("markers", "vertices")
    if line:
        order = np.argsort(x, kind="stable")
        x, y = _at_vertices(trace, x[order], y[order])
    errors = _carried(trace, x, y)
    return replace(
        trace,
        kind="line" if line else "scatter",
        x_px=x,
        y_px=y,
        sigma_px=np.full(len(x), DRAWN_SIGMA_PX),
        sampled_at="markers",
        line_style=trace.line_style if line else "none",
        marker=trace.marker if trace.marker != "none" else forms[0].shape,
        marker_size_px=trace.marker_size_px or forms[0].size,
        y_low_px=errors[0],
        y_high_px=errors[1],
    )


def _at_vertices(trace: Trace, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Places of markers on the vertices of their line, which say more surely than a form what it marks."""
    told = np.isfinite(trace.y_px) & (trace.sigma_px <= DRAWN_SIGMA_PX)
    if not told.any():
        return x, y
    own_x, own_y = trace.x_px[told], trace.y_px[told]
    away = np.hypot(x[:, None] - own_x, y[:, None] - own_y)
    nearest, near = np.argmin(away, axis=1), away.min(axis=1) <= NEAR_PX
    return np.where(near, own_x[nearest], x), np.where(near, own_y[nearest], y)


def _carried(trace: Trace, x: FloatArray, y: FloatArray) -> tuple[FloatArray | None, FloatArray | None]:
    """The error bars of a series at its markers' places; NaN where none was read."""
    if trace.y_low_px is None or trace.y_high_px is None or not len(trace.x_px):
        return None, None
    away = np.hypot(x[:, None] - trace.x_px, y[:, None] - trace.y_px)
    away = np.nan_to_num(away, nan=np.inf)
    nearest, near = np.argmin(away, axis=1), away.min(axis=1) <= NEAR_PX
    low, high = trace.y_low_px[nearest], trace.y_high_px[nearest]
    return np.where(near, low, np.nan), np.where(near, high, np.nan)
