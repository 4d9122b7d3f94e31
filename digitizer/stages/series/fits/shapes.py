"""The shapes that strokes are made of, as signed distances: markers and line segments.

Offsets are in pixels, y down; a distance is negative inside. ``size`` is half the extent of a marker
(the radius of a circle, half the side of a square, half the diagonal of a diamond).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatNd = NDArray[np.floating[Any]]
# A point of a side and the side's outward normal, in units of ``size``.
_Side = tuple[float, float, float, float]


def _regular(n: int, turn_deg: float = 0.0) -> tuple[tuple[float, float], ...]:
    angles = np.radians(turn_deg - 90 + 360 * np.arange(n) / n)
    return tuple((float(np.cos(a)), float(np.sin(a))) for a in angles)


# Vertices of convex markers in units of ``size``, as the common plotting libraries draw them.
POLYGONS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "diamond": ((0, -1), (1, 0), (0, 1), (-1, 0)),
    "triangle": ((0, -1), (1, 1), (-1, 1)),
    "triangle-down": ((-1, -1), (1, -1), (0, 1)),
    "triangle-left": ((-1, 0), (1, -1), (1, 1)),
    "triangle-right": ((-1, -1), (1, 0), (-1, 1)),
    "pentagon": _regular(5),
    "hexagon": _regular(6),
}
# Where the largest inscribed circle's centre lies from a marker's anchor, in units of ``size``.
INCENTER: dict[str, tuple[float, float]] = {
    "triangle": (0.0, 0.382),
    "triangle-down": (0.0, -0.382),
    "triangle-left": (0.382, 0.0),
    "triangle-right": (-0.382, 0.0),
}
# The inscribed circle's radius, in units of ``size``.
INRADIUS: dict[str, float] = {
    "circle": 1.0,
    "square": 1.0,
    "diamond": 0.7071,
    "star": 0.45,
    "thick-star": 0.46,
    "thick-plus": 0.47,
    "thicker-plus": 0.6,
    "thick-cross": 0.5,
    "thicker-cross": 0.64,
}
TRIANGLE_INRADIUS = 0.618
# Markers are drawn this much thicker than their line: thinner ones are no markers but the line itself.
THICKER_DRAWN = 1.15
# The sides of a square in units of its diagonal.
SQUARE_END = float(np.sqrt(0.5))
FILLED = ("circle", "square", "diamond", "triangle", "triangle-down", "triangle-left", "triangle-right")
STROKED = ("cross", "plus")
# Crosses with filled arms of their own thickness: what they are called, the arms' width and half their length
# in units of ``size``. Matplotlib's "P" and "X", Plotly's, D3's and Vega's crosses share these proportions;
# an outline of its own makes the arms of a small one thicker.
THICK: dict[str, tuple[str, float, float]] = {
    "thick-plus": ("plus", 0.67, 1.0),
    "thicker-plus": ("plus", 0.85, 1.0),
    "thick-cross": ("cross", 0.71, 1.06),
    "thicker-cross": ("cross", 0.9, 0.99),
}
# Stars by where their notches lie and their tips are cut, in units of ``size``: as programs define them, and
# as matplotlib's of 5 to 10 points are with an outline, whose joints are bevelled (0.45 to 0.55, 0.8 to 0.9).
STARS: dict[str, tuple[float, float]] = {"star": (0.381966, 1.0), "thick-star": (0.5, 0.87)}


def marker_distance(
    kind: str, dx: FloatNd, dy: FloatNd, size: float | FloatNd, pen: float = 1.0
) -> tuple[FloatNd, FloatNd, FloatNd]:
    """Signed distance to a marker's outline and its derivatives by ``dx`` and ``dy``.

    Parameters
    ----------
    kind
        A name of ``POLYGONS``, ``THICK`` or ``STARS``, ``circle``, ``cross`` or ``plus``.
    dx, dy
        Offsets from the marker's centre (px).
    size
        Half the marker's extent (px); as an array it broadcasts with the offsets.
    pen
        Stroke width of ``cross`` and ``plus`` (px).
    """
    if kind == "circle":
        radius = np.maximum(length_of(dx, dy), 1e-6)
        return radius - size, dx / radius, dy / radius
    if kind in STROKED or kind in THICK:
        return _stroked(dx, dy, *_strokes_of(kind, size, pen))
    if kind in STARS:
        return _star(dx, dy, size, *STARS[kind])
    return _outermost(dx, dy, size, _edges(kind))


def _outermost(
    dx: FloatNd, dy: FloatNd, size: float | FloatNd, sides: Sequence[_Side]
) -> tuple[FloatNd, FloatNd, FloatNd]:
    """How far outside the outermost of some sides, and that one's normal."""
    best = np.full(np.shape(dx), -np.inf)
    gx = np.zeros(np.shape(dx))
    gy = np.zeros(np.shape(dx))
    for x0, y0, nx, ny in sides:
        away = nx * (dx - x0 * size) + ny * (dy - y0 * size)
        further = away > best
        best = np.where(further, away, best)
        gx = np.where(further, nx, gx)
        gy = np.where(further, ny, gy)
    return best, gx, gy


def name_of(kind: str) -> str:
    """What a shape is called in documents and legends."""
    return THICK[kind][0] if kind in THICK else "star" if kind in STARS else kind


def outline_distance(kind: str, dx: FloatNd, dy: FloatNd, size: float | FloatNd, pen: float = 1.0) -> FloatNd:
    """Signed distance to a marker's outline, as :func:`marker_distance` gives it, without its derivatives."""
    if kind == "circle":
        return length_of(dx, dy) - size
    if kind in STROKED or kind in THICK:
        return _outside_strokes(dx, dy, *_strokes_of(kind, size, pen))
    if kind in STARS:
        kites = [_outside_all(dx, dy, size, sides) for sides in _kites(*STARS[kind])]
        return np.asarray(reduce(np.minimum, kites))
    return _outside_all(dx, dy, size, _edges(kind))


def _outside_all(dx: FloatNd, dy: FloatNd, size: float | FloatNd, sides: Sequence[_Side]) -> FloatNd:
    """How far outside the outermost of some sides, without its normal."""
    first, *others = (nx * (dx - x0 * size) + ny * (dy - y0 * size) for x0, y0, nx, ny in sides)
    for away in others:
        np.maximum(first, away, out=first)
    return first


def _outside_strokes(
    dx: FloatNd, dy: FloatNd, kind: str, reach: float | FloatNd, pen: float | FloatNd
) -> FloatNd:
    """How far outside the nearer of two strokes across each other (see :func:`_stroked`)."""
    strokes = [
        np.maximum(np.abs(dx * ux + dy * uy) - reach, np.abs(dx * -uy + dy * ux) - pen / 2)
        for ux, uy in _arms(kind)
    ]
    return np.asarray(np.minimum(*strokes))


def _edges(kind: str) -> list[_Side]:
    """A point of each edge of a polygon, and the edge's outward normal, in units of ``size``."""
    vertices = POLYGONS[kind]
    edges = []
    for (x0, y0), (x1, y1) in zip(vertices, (*vertices[1:], vertices[0]), strict=True):
        length = float(np.hypot(x1 - x0, y1 - y0))
        edges.append((x0, y0, (y1 - y0) / length, (x0 - x1) / length))
    return edges


def length_of(dx: FloatNd, dy: FloatNd) -> FloatNd:
    """How long vectors of a few pixels are: ``hypot``, which sees to overflow, takes five times as long."""
    return np.asarray(np.sqrt(dx * dx + dy * dy))


def _stroked(
    dx: FloatNd, dy: FloatNd, kind: str, reach: float | FloatNd, pen: float | FloatNd
) -> tuple[FloatNd, FloatNd, FloatNd]:
    """Two strokes across each other, of the width ``pen`` and as long as twice ``reach``."""
    best = np.full(np.shape(dx), np.inf)
    gx = np.zeros(np.shape(dx))
    gy = np.zeros(np.shape(dx))
    for ux, uy in _arms(kind):
        along = dx * ux + dy * uy
        off = dx * -uy + dy * ux
        side = np.abs(off) - pen / 2
        end = np.abs(along) - reach
        is_end = end > side
        away = np.where(is_end, end, side)
        px = np.where(is_end, np.sign(along) * ux, np.sign(off) * -uy)
        py = np.where(is_end, np.sign(along) * uy, np.sign(off) * ux)
        nearer = away < best
        best = np.where(nearer, away, best)
        gx = np.where(nearer, px, gx)
        gy = np.where(nearer, py, gy)
    return best, gx, gy


def _star(
    dx: FloatNd, dy: FloatNd, size: float | FloatNd, inner: float, blunt: float
) -> tuple[FloatNd, FloatNd, FloatNd]:
    """A five-pointed star: the union of five kites, each convex and cut across its tip."""
    best = np.full(np.shape(dx), np.inf)
    gx = np.zeros(np.shape(dx))
    gy = np.zeros(np.shape(dx))
    for sides in _kites(inner, blunt):
        away, ax, ay = _outermost(dx, dy, size, sides)
        nearer = away < best
        best = np.where(nearer, away, best)
        gx = np.where(nearer, ax, gx)
        gy = np.where(nearer, ay, gy)
    return best, gx, gy


def _kites(inner: float, blunt: float) -> list[list[_Side]]:
    """The sides of a star's kites, as those of polygons (see :func:`_edges`)."""
    kites = []
    for k in range(5):
        angles = np.radians(-90 + 72 * k + np.array([0.0, 36.0, 180.0, -36.0]))
        radii = np.array([1.0, inner, 0.0, inner])
        vx, vy = radii * np.cos(angles), radii * np.sin(angles)
        ex, ey = np.roll(vx, -1) - vx, np.roll(vy, -1) - vy
        length = np.hypot(ex, ey)
        sides = zip(vx, vy, ey / length, -ex / length, strict=True)
        kites.append([*sides, (blunt * vx[0], blunt * vy[0], vx[0], vy[0])])
    return kites


def _strokes_of(
    kind: str, size: float | FloatNd, pen: float | FloatNd
) -> tuple[str, float | FloatNd, float | FloatNd]:
    """Whether a shape is a plain cross or plus, half the length of its strokes, and their width (px)."""
    if kind in THICK:
        name, width, reach = THICK[kind]
        return name, size * reach, size * width
    return kind, size / SQUARE_END if kind == "cross" else size, pen


def _arms(kind: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Which way the strokes of a cross or plus run."""
    r = SQUARE_END
    return ((r, r), (r, -r)) if kind == "cross" else ((1.0, 0.0), (0.0, 1.0))


def are_thicker(kind: str, size: float, width: float) -> bool:
    """Whether markers of half extent ``size`` are thicker than a line of some width, across their insides."""
    inner = 1.0 if kind in STROKED else INRADIUS.get(kind, TRIANGLE_INRADIUS)
    return inner * size >= THICKER_DRAWN * width / 2


def coverage(distance: FloatNd, ramp: float = 1.0) -> FloatNd:
    """Share of a pixel inside a shape whose outline is ``distance`` away; ``ramp`` is the edge's width."""
    return np.asarray(np.clip(0.5 - distance / ramp, 0.0, 1.0))


def marker_patch(
    kind: str, size: float | FloatNd, *, radius: int, pen: float = 1.0, ramp: float = 1.0
) -> FloatNd:
    """Coverage of a marker in a patch of ``2 * radius + 1`` pixels, its inscribed circle in the middle.

    Sizes of shape (n, 1, 1) give as many patches.
    """
    dy, dx = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float64)
    off_x, off_y = INCENTER.get(kind, (0.0, 0.0))
    dx, dy = dx + off_x * size, dy + off_y * size
    return coverage(outline_distance(kind, dx, dy, size, pen), ramp)


def stroke_distance(
    x0: float,
    y0: FloatNd,
    x1: float,
    y1: float | FloatNd,
    width: float,
    px: FloatNd,
    py: FloatNd,
) -> FloatNd:
    """Signed distances (strokes, pixels) of pixels from strokes that begin at the heights ``y0``."""
    ex, ey = x1 - x0, (y1 - y0)[:, None]
    dx, dy = px - x0, py - y0[:, None]
    t = (dx * ex + dy * ey) / np.maximum(ex * ex + ey * ey, 1e-9)
    np.minimum(np.maximum(t, 0.0, out=t), 1.0, out=t)
    dy -= t * ey
    return length_of(dx - t * ex, dy) - width / 2
