"""Which shape of a drawn series, segment or marker, each pixel near it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.shapes import marker_distance

IndexArray = NDArray[np.intp]

# Pixels looked at, at most: a bound for hostile pictures.
MAX_PIXELS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How a series is drawn: line width, marker, its half extent, and the width of edges (px)."""

    width: float
    marker: str = "none"
    size: float = 0.0
    ramp: float = 1.0
    line: bool = True

    @property
    def reach(self) -> float:
        """How far ink may be from a vertex or the line."""
        return max(self.width / 2 if self.line else 0.0, self.size * 1.42 if self.marker != "none" else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pixels:
    """Pixels near the drawing and the vertices left of each one's column."""

    x: FloatArray
    y: FloatArray
    seen: FloatArray
    base: IndexArray
    spread: int

    def take(self, keep: Mask) -> Pixels:
        return Pixels(
            x=self.x[keep], y=self.y[keep], seen=self.seen[keep], base=self.base[keep], spread=self.spread
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """For each pixel the nearest shape: ``owner`` (segment or marker), signed distance, its gradient by the
    shape's position, and where along a segment; ``is_marker`` tells which kind owns it."""

    owner: IndexArray
    distance: FloatArray
    gx: FloatArray
    gy: FloatArray
    t: FloatArray
    is_marker: Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """One shape each for some pixels: rows into the pixels, the segment's or the marker's number."""

    rows: IndexArray
    shape: IndexArray
    is_marker: bool

    def take(self, keep: Mask) -> Candidates:
        return Candidates(rows=self.rows[keep], shape=self.shape[keep], is_marker=self.is_marker)


@dataclass(slots=True, kw_only=True, eq=False)
class State:
    """Unknowns: vertices, marker centres, and the mean offset of markers from vertices (snapping)."""

    x: FloatArray
    y: FloatArray
    mx: FloatArray
    my: FloatArray
    bias_x: float = 0.0
    bias_y: float = 0.0
    bias_known: bool = False


def near_pixels(
    alpha: NDArray[np.float32], blocked: Mask, state: State, pen: Pen, links: Mask
) -> Pixels | None:
    """The pixels within reach of the drawing."""
    near = np.zeros(alpha.shape, dtype=np.uint8)
    reach = pen.reach + 1.5
    points = np.round(np.stack([state.x, state.y], axis=1) * 8).astype(np.int32)
    if pen.line:
        thick = max(1, round(2 * reach)) if pen.marker == "none" else max(1, round(pen.width + 4))
        for part in np.split(np.arange(points.shape[0]), np.flatnonzero(~links) + 1):
            cv2.polylines(near, [points[part]], False, 1, thick, cv2.LINE_8, 3)
    if pen.marker != "none" or not pen.line:
        for px, py in points.tolist():
            cv2.circle(near, (px, py), round(reach * 8), 1, -1, cv2.LINE_8, 3)
    rows, columns = np.nonzero((near > 0) & ~blocked)
    if rows.size == 0 or rows.size > MAX_PIXELS:
        return None
    closest = max(float(np.median(np.diff(state.x))) * 0.8, 0.5) if state.x.size > 1 else 1e9
    return Pixels(
        x=columns.astype(np.float64),
        y=rows.astype(np.float64),
        seen=alpha[rows, columns].astype(np.float64),
        base=np.searchsorted(state.x, columns),
        spread=int(min(np.ceil((reach + 0.5) / closest), 6)),
    )


def find_candidates(
    pixels: Pixels, state: State, pen: Pen, links: Mask, slack: float | None = None
) -> list[Candidates]:
    """The shapes that may be nearest to each pixel.

    With ``slack`` (px) only those that come as close to a pixel as its nearest one but for that: as long as
    shapes move by less than half of it, no other needs to be looked at.
    """
    n = state.x.size
    every: list[Candidates] = []
    for offset in range(-pixels.spread - 1, pixels.spread + 1):
        i = pixels.base + offset
        if pen.line:
            rows = np.flatnonzero((i >= 0) & (i < n - 1))
            rows = rows[links[i[rows]]]
            every.append(Candidates(rows=rows, shape=i[rows], is_marker=False))
        if pen.marker != "none":
            rows = np.flatnonzero((i >= 0) & (i < n))
            near = np.maximum(
                np.abs(pixels.x[rows] - state.mx[i[rows]]), np.abs(pixels.y[rows] - state.my[i[rows]])
            )
            rows = rows[near < pen.reach + 1.5 + (slack or 0.0)]
            every.append(Candidates(rows=rows, shape=i[rows], is_marker=True))
    if slack is None:
        return every
    best = np.full(pixels.x.size, np.inf)
    away = [_distance(pixels, state, pen, c)[0] for c in every]
    for c, distance in zip(every, away, strict=True):
        best[c.rows] = np.minimum(best[c.rows], distance)
    return [c.take(d < best[c.rows] + slack) for c, d in zip(every, away, strict=True)]


def nearest_shapes(pixels: Pixels, state: State, pen: Pen, candidates: list[Candidates]) -> Edges:
    """Find for each pixel the shape whose outline is nearest (the union of shapes has the least distance)."""
    size = pixels.x.size
    best = np.full(size, 1e6)
    owner = np.zeros(size, dtype=np.intp)
    gx, gy, t = np.zeros(size), np.zeros(size), np.zeros(size)
    is_marker = np.zeros(size, dtype=bool)
    for c in candidates:
        if not c.rows.size:
            continue
        away, nx, ny, at = _distance(pixels, state, pen, c)
        nearer = away < best[c.rows]
        rows = c.rows[nearer]
        best[rows], owner[rows] = away[nearer], c.shape[nearer]
        gx[rows], gy[rows], t[rows] = nx[nearer], ny[nearer], at[nearer]
        is_marker[rows] = c.is_marker
    return Edges(owner=owner, distance=best, gx=gx, gy=gy, t=t, is_marker=is_marker)


def keep_candidates(candidates: list[Candidates], keep: Mask) -> list[Candidates]:
    """The candidates of the pixels that are kept, by their new numbers."""
    number = np.cumsum(keep) - 1
    return [
        Candidates(rows=number[part.rows], shape=part.shape, is_marker=part.is_marker)
        for part in (c.take(keep[c.rows]) for c in candidates)
    ]


def _distance(
    pixels: Pixels, state: State, pen: Pen, c: Candidates
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Signed distance of each pixel from its candidate's outline, its gradient, and where along a segment."""
    if not c.is_marker:
        return _segment_distance(pixels, state, c.rows, c.shape, pen)
    dx, dy = pixels.x[c.rows] - state.mx[c.shape], pixels.y[c.rows] - state.my[c.shape]
    away, mx, my = marker_distance(pen.marker, dx, dy, pen.size, pen.width)
    return np.asarray(away), np.asarray(mx), np.asarray(my), np.zeros(c.rows.size)


def _segment_distance(
    pixels: Pixels, state: State, rows: IndexArray, j: IndexArray, pen: Pen
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    x, y = state.x, state.y
    ex, ey = (x[1:] - x[:-1])[j], (y[1:] - y[:-1])[j]
    px, py = pixels.x[rows] - x[j], pixels.y[rows] - y[j]
    t = np.clip((px * ex + py * ey) / np.maximum(ex * ex + ey * ey, 1e-9), 0.0, 1.0)
    dx, dy = px - t * ex, py - t * ey
    away = np.maximum(np.hypot(dx, dy), 1e-6)
    return away - pen.width / 2, dx / away, dy / away, t


def take_edges(edges: Edges, keep: Mask) -> Edges:
    return Edges(
        owner=edges.owner[keep],
        distance=edges.distance[keep],
        gx=edges.gx[keep],
        gy=edges.gy[keep],
        t=edges.t[keep],
        is_marker=edges.is_marker[keep],
    )
