"""Which shape of a drawn series, segment or marker, each pixel near it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.series.fits.shapes import length_of, marker_distance

IndexArray = NDArray[np.intp]

# Pixels looked at, at most: a bound for hostile pictures.
MAX_PIXELS = 400_000
# Distances that were summed in another order differ by less than this (px).
ROUNDING_PX = 1e-6


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
    """Pairs of a pixel and a shape that may be nearest to it, pixel by pixel.

    ``rows`` into the pixels, ``shape`` the segment's or the marker's number, ``first`` where a pixel's begin.
    What stays as shapes move is told once: where ``lines`` and ``marks`` are among the pairs, and ``rivals``,
    the second, third ... pair of the pixels that have one, each as numbers into ``first`` and the pairs.
    """

    rows: IndexArray
    shape: IndexArray
    first: IndexArray
    lines: IndexArray
    marks: IndexArray
    is_marker: Mask
    rivals: tuple[tuple[IndexArray, IndexArray], ...]


@dataclass(slots=True, kw_only=True, eq=False)
class State:
    """Unknowns: vertices, marker centres, and the mean offset of markers from vertices (snapping).

    ``marked`` tells which vertices have a marker (all where None), ``told_y`` what the ink of
    markers tells of their heights (information, 1/px^2) once they are fitted.
    """

    x: FloatArray
    y: FloatArray
    mx: FloatArray
    my: FloatArray
    marked: Mask | None = None
    bias_x: float = 0.0
    bias_y: float = 0.0
    bias_known: bool = False
    told_y: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def has_marker(self) -> Mask:
        """Whether each vertex has a marker."""
        return np.ones(self.x.size, dtype=bool) if self.marked is None else self.marked


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
        for px, py in points[state.has_marker].tolist():
            cv2.circle(near, (px, py), round(reach * 8), 1, -1, cv2.LINE_8, 3)
    left, top, wide, high = cv2.boundingRect(near)
    window = np.s_[top : top + high, left : left + wide]
    rows, columns = np.divmod(np.flatnonzero((near[window] > 0) & ~blocked[window]), max(wide, 1))
    rows, columns = rows + top, columns + left
    if rows.size == 0 or rows.size > MAX_PIXELS:
        return None
    closest = max(median(np.diff(state.x)) * 0.8, 0.5) if state.x.size > 1 else 1e9
    return Pixels(
        x=columns.astype(np.float64),
        y=rows.astype(np.float64),
        seen=alpha[rows, columns].astype(np.float64),
        # One a column, also while two vertices have passed each other: what a search finds among places that
        # do not rise depends on what it was asked for before.
        base=np.searchsorted(state.x, np.arange(alpha.shape[1]))[columns],
        spread=int(min(np.ceil((reach + 0.5) / closest), 6)),
    )


def find_candidates(pixels: Pixels, state: State, pen: Pen, links: Mask) -> Candidates:
    """The shapes that may be nearest to each pixel."""
    return _pairs(*_near(pixels, state, pen, links, 0.0))


def find_lasting(
    pixels: Pixels, state: State, pen: Pen, links: Mask, slack: float, within: float
) -> tuple[Pixels, Candidates]:
    """The pixels near an edge, and for each the shapes that may come to be nearest.

    Parameters
    ----------
    pixels, state, pen, links
        The drawing and the pixels around it.
    slack
        Shapes that come as close to a pixel as its nearest one but for this (px): as long as shapes move by
        less than half of it, no other needs to be looked at.
    within
        How near (px) an edge pixels lie.
    """
    every = _pairs(*_near(pixels, state, pen, links, slack))
    if not every.rows.size:
        return pixels.take(np.zeros(pixels.x.size, dtype=bool)), every
    away = _distances(pixels, state, pen, every)[0]
    least = away[_first_best(away, every)]
    near = np.abs(least) < within
    keep = np.zeros(pixels.x.size, dtype=bool)
    keep[every.rows[every.first]] = near
    count = np.diff(np.append(every.first, every.rows.size))
    chosen = np.flatnonzero((away < np.repeat(least, count) + slack) & np.repeat(near, count))
    rows = (np.cumsum(keep) - 1)[every.rows[chosen]]
    return pixels.take(keep), _pairs(rows, every.shape[chosen], every.is_marker[chosen])


def _near(
    pixels: Pixels, state: State, pen: Pen, links: Mask, slack: float
) -> tuple[IndexArray, IndexArray, Mask]:
    """Pairs of a pixel and a segment or a marker at its column that may be as near but for a slack (px)."""
    n, reach = state.x.size, pen.reach + 1.5 + slack
    offsets = np.arange(-pixels.spread - 1, pixels.spread + 1)
    # What the pixels of a column share is told once: which shapes there are, and where (NaN: none).
    k = pixels.x.astype(np.intp)
    base = np.zeros(k.max(initial=0) + 1, dtype=np.intp)
    across = np.zeros(base.size)
    base[k], across[k] = pixels.base, pixels.x
    i, across = base[:, None] + offsets, across[:, None]
    there = np.zeros((k.size, offsets.size, 2), dtype=bool)
    if pen.line:
        at = np.clip(i, 0, n - 2)
        # A segment is no nearer than its columns: most are further than the one that spans the pixel's own.
        least, most = np.minimum(state.x[:-1], state.x[1:]), np.maximum(state.x[:-1], state.x[1:])
        beside = np.maximum(least[at] - across, across - most[at])
        beside[(i < 0) | (i >= n - 1) | ~links[at]] = np.nan
        limit = _to_own(pixels, state, links) + slack + ROUNDING_PX
        there[..., 0] = beside[k] <= limit[:, None]
    if pen.marker != "none":
        at = np.clip(i, 0, n - 1)
        is_near = (i >= 0) & (i < n) & state.has_marker[at] & (np.abs(across - state.mx[at]) < reach)
        there[..., 1] = np.abs(pixels.y[:, None] - np.where(is_near, state.my[at], np.nan)[k]) < reach
    rows, place = np.divmod(np.flatnonzero(there), 2 * offsets.size)
    return rows, pixels.base[rows] + offsets[place // 2], place % 2 > 0


def _to_own(pixels: Pixels, state: State, links: Mask) -> FloatArray:
    """How far each pixel is from the segment that spans its column; infinite where none does."""
    j = pixels.base - 1
    away = np.full(j.size, np.inf)
    rows = np.flatnonzero((j >= 0) & (j < links.size) & links[np.clip(j, 0, links.size - 1)])
    away[rows] = _from_segments(pixels, state, rows, j[rows], Pen(width=0.0))[0]
    return away


def _pairs(rows: IndexArray, shape: IndexArray, is_marker: Mask) -> Candidates:
    begins = np.ones(rows.size, dtype=bool)
    np.not_equal(rows[1:], rows[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    count = np.diff(np.append(first, rows.size))
    rivals: list[tuple[IndexArray, IndexArray]] = []
    more = np.flatnonzero(count > 1)
    while more.size:
        rivals.append((more, first[more] + len(rivals) + 1))
        more = more[count[more] > len(rivals) + 1]
    return Candidates(
        rows=rows,
        shape=shape,
        first=first,
        lines=np.flatnonzero(~is_marker),
        marks=np.flatnonzero(is_marker),
        is_marker=is_marker,
        rivals=tuple(rivals),
    )


def nearest_shapes(pixels: Pixels, state: State, pen: Pen, candidates: Candidates) -> Edges:
    """Find for each pixel the shape whose outline is nearest (the union of shapes has the least distance)."""
    size = pixels.x.size
    away, dx, dy, at = _distances(pixels, state, pen, candidates)
    best = _first_best(away, candidates)
    dx, dy = dx[best], dy[best]
    length = np.maximum(length_of(dx, dy), 1e-6)
    owner, distance, is_marker = candidates.shape[best], away[best], candidates.is_marker[best]
    gx, gy, t = dx / length, dy / length, at[best]
    if best.size < size:
        # Nothing is near some of the pixels.
        rows = candidates.rows[best]
        owner, is_marker = _spread(owner, rows, size, 0), _spread(is_marker, rows, size, False)
        distance = _spread(distance, rows, size, 1e6)
        gx, gy, t = (_spread(values, rows, size, 0.0) for values in (gx, gy, t))
    return Edges(owner=owner, distance=distance, gx=gx, gy=gy, t=t, is_marker=is_marker)


def _spread(values: NDArray[Any], rows: IndexArray, size: int, none: float) -> NDArray[Any]:
    """Values at some rows of many, the others ``none``."""
    out = np.full(size, none, dtype=values.dtype)
    out[rows] = values
    return out


def _first_best(away: FloatArray, pairs: Candidates) -> IndexArray:
    """The nearest pair of each pixel, the first one where several are.

    Most pixels have one pair: comparing with the few others is quicker than a least of each.
    """
    best = pairs.first.copy()
    for which, other in pairs.rivals:
        nearer = away[other] < away[best[which]]
        best[which[nearer]] = other[nearer]
    return best


def _distances(
    pixels: Pixels, state: State, pen: Pen, pairs: Candidates
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Signed distance of each pair, which way it grows (any length), and where along a segment."""
    if not pairs.marks.size:
        return _from_segments(pixels, state, pairs.rows, pairs.shape, pen)
    line, mark = pairs.lines, pairs.marks
    away, dx, dy, t = np.zeros((4, pairs.rows.size))
    away[line], dx[line], dy[line], t[line] = _from_segments(
        pixels, state, pairs.rows[line], pairs.shape[line], pen
    )
    rows, shape = pairs.rows[mark], pairs.shape[mark]
    mx, my = pixels.x[rows] - state.mx[shape], pixels.y[rows] - state.my[shape]
    away[mark], dx[mark], dy[mark] = marker_distance(pen.marker, mx, my, pen.size, pen.width)
    return away, dx, dy, t


def _from_segments(
    pixels: Pixels, state: State, rows: IndexArray, j: IndexArray, pen: Pen
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    x, y = state.x, state.y
    ex, ey = np.diff(x), np.diff(y)
    square = np.maximum(ex * ex + ey * ey, 1e-9)
    ex, ey = ex[j], ey[j]
    dx, dy = pixels.x[rows] - x[j], pixels.y[rows] - y[j]
    t = dx * ex
    t += dy * ey
    t /= square[j]
    np.minimum(np.maximum(t, 0.0, out=t), 1.0, out=t)
    ex *= t
    ey *= t
    dx -= ex
    dy -= ey
    return np.maximum(length_of(dx, dy), 1e-6) - pen.width / 2, dx, dy, t
