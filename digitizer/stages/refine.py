"""Refining a polyline's vertices and markers together against the coverage they explain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.shapes import coverage, marker_distance

# Agg snaps markers to whole pixels: uniform within one pixel has a standard deviation of 0.29 px.
SNAP_SIGMA = 0.3
# Error of one pixel's coverage in a clean picture (box-filtered edges against a linear ramp).
COVERAGE_SIGMA = 0.06
# Gauss-Newton settles in 3-4 rounds on drawn figures.
ROUNDS = 5
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
class Fit:
    """Refined vertices with their standard deviation, the marker centres and the coverage error left."""

    y: FloatArray
    sigma: FloatArray
    marker_x: FloatArray
    marker_y: FloatArray
    rms: float


@dataclass(slots=True, kw_only=True, eq=False)
class _Pixels:
    """Pixels near the drawing (px) and the vertices they may belong to."""

    x: FloatArray
    y: FloatArray
    seen: FloatArray
    candidates: NDArray[np.intp]


def refine_vertices(
    alpha: NDArray[np.float32],
    blocked: Mask,
    x: FloatArray,
    y: FloatArray,
    pen: Pen,
    joined: Mask | None = None,
) -> Fit:
    """Fit vertex heights (and marker centres) to a coverage map by joint least squares.

    Parameters
    ----------
    alpha
        Coverage of the series (height, width).
    blocked
        Pixels that say nothing about this series.
    x, y
        Vertices by rising x (crop coordinates); x is kept.
    pen
        Line width, marker and edge width.
    joined
        Whether vertex i is joined to vertex i + 1 (size n - 1); all where None.

    Notes
    -----
    The model's coverage at a pixel is that of the nearest shape, a segment or a marker. Segments depend on
    two neighbouring heights, markers on their own centre, which a prior ties to its vertex; markers are
    eliminated and the heights solved as one tridiagonal system.
    """
    n = x.size
    links = np.ones(max(n - 1, 0), dtype=bool) if joined is None else joined
    has_marker = pen.marker != "none"
    y = y.astype(np.float64).copy()
    mx, my = x.astype(np.float64).copy(), y.copy()
    pixels = _near_pixels(alpha, blocked, x, y, pen, links)
    if pixels is None or n == 0:
        return Fit(y=y, sigma=np.full(n, 1.0), marker_x=mx, marker_y=my, rms=1.0)
    bias = np.zeros(2)
    noise = COVERAGE_SIGMA
    rms = 1.0
    sigma = np.full(n, SNAP_SIGMA)
    for round_ in range(ROUNDS):
        segment, seg_t, seg_n, d_line = _nearest_segment(pixels, x, y, pen, links)
        vertex, gx, gy, d_marker = _nearest_marker(pixels, mx, my, pen)
        by_marker = d_marker < d_line
        distance = np.where(by_marker, d_marker, d_line)
        residual = pixels.seen - coverage(distance, pen.ramp)
        active = np.abs(distance) < pen.ramp * 0.5 + 0.4
        rms = float(np.sqrt(np.mean(np.square(residual[active])))) if active.any() else 1.0
        noise = max(COVERAGE_SIGMA, min(rms, 0.3))
        weight = active / noise**2 / (1.0 + np.square(residual / (3 * noise)))
        line = active & ~by_marker & (segment >= 0)
        diagonal, off, right = _line_equations(
            n, segment[line], seg_t[line], seg_n[line], residual[line], weight[line], pen
        )
        line_information = diagonal.copy()
        if has_marker:
            mark = active & by_marker
            step = _marker_equations(n, vertex[mark], gx[mark], gy[mark], residual[mark], weight[mark], pen)
            mx, my, info, pull = _move_markers(step, x, y, mx, my, bias)
            diagonal += info
            right += pull
        diagonal += 1e-3
        change = np.clip(solveh_banded(np.stack([np.r_[0.0, off], diagonal]), right), -1.5, 1.5)
        y += change
        sigma = _deviations(diagonal, off)
        if has_marker and round_ >= 1:
            bias = _snap_bias(x, y, mx, my, line_information, bias)
        if np.abs(change).max() < 0.01 and round_ >= 2:
            break
    return Fit(y=y, sigma=sigma, marker_x=mx, marker_y=my, rms=rms)


def _near_pixels(
    alpha: NDArray[np.float32], blocked: Mask, x: FloatArray, y: FloatArray, pen: Pen, links: Mask
) -> _Pixels | None:
    """The pixels within reach of the drawing, and the vertices around each one's column."""
    near = np.zeros(alpha.shape, dtype=np.uint8)
    reach = pen.reach + 1.5
    points = np.round(np.stack([x, y], axis=1) * 8).astype(np.int32)
    thickness = max(1, round(2 * reach))
    if pen.line:
        for i in np.flatnonzero(links):
            cv2.line(
                near, tuple(map(int, points[i])), tuple(map(int, points[i + 1])), 1, thickness, cv2.LINE_8, 3
            )
    if pen.marker != "none" or not pen.line:
        for p in points:
            cv2.circle(near, (int(p[0]), int(p[1])), round(reach * 8), 1, -1, cv2.LINE_8, 3)
    rows, columns = np.nonzero((near > 0) & ~blocked)
    if rows.size == 0 or rows.size > MAX_PIXELS:
        return None
    closest = max(float(np.min(np.diff(x))), 0.5) if x.size > 1 else 1e9
    spread = int(min(np.ceil((reach + 0.5) / closest), 8))
    base = np.searchsorted(x, columns)
    offsets = np.arange(-spread - 1, spread + 1)
    return _Pixels(
        x=columns.astype(np.float64),
        y=rows.astype(np.float64),
        seen=alpha[rows, columns].astype(np.float64),
        candidates=base[:, None] + offsets,
    )


def _nearest_segment(
    pixels: _Pixels, x: FloatArray, y: FloatArray, pen: Pen, links: Mask
) -> tuple[NDArray[np.intp], FloatArray, FloatArray, FloatArray]:
    """Per pixel: the nearest segment, where along it, the normal's y share, and the signed distance."""
    n = x.size
    best = np.full(pixels.x.size, 1e6)
    which = np.full(pixels.x.size, -1)
    at = np.zeros(pixels.x.size)
    normal = np.zeros(pixels.x.size)
    if not pen.line or n < 2:
        return which, at, normal, best
    for k in range(pixels.candidates.shape[1]):
        i = pixels.candidates[:, k]
        valid = (i >= 0) & (i < n - 1)
        j = np.clip(i, 0, n - 2)
        valid &= links[j]
        ex, ey = x[j + 1] - x[j], y[j + 1] - y[j]
        length = np.maximum(ex * ex + ey * ey, 1e-9)
        t = np.clip(((pixels.x - x[j]) * ex + (pixels.y - y[j]) * ey) / length, 0.0, 1.0)
        dx, dy = pixels.x - x[j] - t * ex, pixels.y - y[j] - t * ey
        away = np.hypot(dx, dy)
        nearer = valid & (away < best)
        best = np.where(nearer, away, best)
        which = np.where(nearer, j, which)
        at = np.where(nearer, t, at)
        normal = np.where(nearer, dy / np.maximum(away, 1e-6), normal)
    return which, at, normal, best - pen.width / 2


def _nearest_marker(
    pixels: _Pixels, mx: FloatArray, my: FloatArray, pen: Pen
) -> tuple[NDArray[np.intp], FloatArray, FloatArray, FloatArray]:
    """Per pixel: the nearest marker, its distance's derivatives by x and y, and the signed distance."""
    size = pixels.x.size
    best = np.full(size, 1e6)
    which = np.zeros(size, dtype=np.intp)
    gx, gy = np.zeros(size), np.zeros(size)
    if pen.marker == "none":
        return which, gx, gy, best
    n = mx.size
    for k in range(pixels.candidates.shape[1]):
        i = pixels.candidates[:, k]
        j = np.clip(i, 0, n - 1)
        dx, dy = pixels.x - mx[j], pixels.y - my[j]
        close = np.flatnonzero((i >= 0) & (i < n) & (np.maximum(np.abs(dx), np.abs(dy)) < pen.reach + 1.5))
        away, px, py = marker_distance(pen.marker, dx[close], dy[close], pen.size, pen.width)
        nearer = away < best[close]
        rows = close[nearer]
        best[rows], which[rows] = away[nearer], j[rows]
        gx[rows], gy[rows] = px[nearer], py[nearer]
    return which, gx, gy, best


def _line_equations(
    n: int,
    segment: NDArray[np.intp],
    t: FloatArray,
    normal: FloatArray,
    residual: FloatArray,
    weight: FloatArray,
    pen: Pen,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Normal equations of the heights from pixels on line edges: diagonal, off-diagonal, right side."""
    # Moving an end down by 1 moves the edge by its share along the normal; coverage changes by 1 / ramp.
    a = (1 - t) * normal / pen.ramp
    b = t * normal / pen.ramp
    diagonal = np.bincount(segment, weight * a * a, minlength=n) + np.bincount(
        segment + 1, weight * b * b, minlength=n
    )
    off = np.bincount(segment, weight * a * b, minlength=n)[: n - 1]
    right = np.bincount(segment, weight * a * residual, minlength=n) + np.bincount(
        segment + 1, weight * b * residual, minlength=n
    )
    return diagonal, off, right


def _marker_equations(
    n: int,
    vertex: NDArray[np.intp],
    gx: FloatArray,
    gy: FloatArray,
    residual: FloatArray,
    weight: FloatArray,
    pen: Pen,
) -> FloatArray:
    """Per marker: xx, yy information and x, y right sides (4, n); x and y are nearly independent."""
    a, b = gx / pen.ramp, gy / pen.ramp
    terms = (weight * a * a, weight * b * b, weight * a * residual, weight * b * residual)
    return np.stack([np.bincount(vertex, term, minlength=n) for term in terms])


def _move_markers(
    step: FloatArray, x: FloatArray, y: FloatArray, mx: FloatArray, my: FloatArray, bias: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Move markers by their own pixels and the prior; return what they say about the heights.

    A marker seen with information ``i`` and tied to its vertex with ``p`` says of it ``i p / (i + p)``.
    """
    prior = 1.0 / SNAP_SIGMA**2
    xx, yy, rx, ry = step
    move_x = (rx + prior * (x + bias[0] - mx)) / (xx + prior)
    seen_y = my + np.clip(ry / np.maximum(yy, 1e-6), -1.0, 1.0)
    move_y = (ry + prior * (y + bias[1] - my)) / (yy + prior)
    info = yy * prior / (yy + prior)
    pull = info * (seen_y - bias[1] - y)
    return mx + np.clip(move_x, -1, 1), my + np.clip(move_y, -1, 1), info, pull


def _snap_bias(
    x: FloatArray, y: FloatArray, mx: FloatArray, my: FloatArray, information: FloatArray, bias: FloatArray
) -> FloatArray:
    """Mean offset of markers from their vertices, told by vertices that lines alone pin down."""
    sure = information > 1.0 / 0.15**2
    if sure.sum() < 8:
        return bias
    offset = (my - y)[sure]
    return np.array([0.0, float(np.clip(np.median(offset), -0.5, 0.5))])


def _deviations(diagonal: FloatArray, off: FloatArray) -> FloatArray:
    """Standard deviations from the diagonal of a tridiagonal matrix's inverse."""
    n = diagonal.size
    forward, backward = diagonal.copy(), diagonal.copy()
    for i in range(1, n):
        forward[i] -= off[i - 1] ** 2 / max(forward[i - 1], 1e-9)
    for i in range(n - 2, -1, -1):
        backward[i] -= off[i] ** 2 / max(backward[i + 1], 1e-9)
    return np.asarray(1.0 / np.sqrt(np.maximum(forward + backward - diagonal, 1e-9)))
