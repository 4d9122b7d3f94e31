"""Refining polyline vertices and markers together against the coverage that they explain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.series.fits.banded import solve_banded
from digitizer.stages.series.fits.moves import find_moves
from digitizer.stages.series.fits.nearest import (
    Edges,
    Pen,
    Pixels,
    State,
    find_candidates,
    find_lasting,
    near_pixels,
    nearest_shapes,
)
from digitizer.stages.series.fits.shapes import coverage
from digitizer.stages.series.fits.unseen import widen_unseen

# Agg snaps markers to whole pixels: uniform within one pixel has a standard deviation of 0.29 px.
SNAP_SIGMA = 0.3
# A vertex may be this far from where it was found (px): blobs and corners are good to half a pixel.
START_SIGMA = 0.7
# Error of one pixel's coverage in a clean picture (box-filtered edges against a linear ramp).
COVERAGE_SIGMA = 0.06
# Markers' mean offset from their vertices (snapping: half a pixel at some resolutions) is measured on
# vertices that lines alone place this well (px), where there are enough of them.
SURE_SIGMA = 0.25
FEWEST_SURE = 6
MAX_BIAS = 0.7
LOOSE_SIGMA = 2.0
# The formal deviations, times this and less that (px), are the errors' 68 % quantile on drawn reference
# figures; coverage errors of neighbouring pixels go together, and so count less than they are many.
SIGMA_FACTOR = 1.9
SIGMA_OFFSET = 0.02
# Vertices that remain as unsure as this share of where they started are seen by nothing.
UNSEEN_SHARE = 0.7
# What is not known of the snapping offset adds to vertices that only their markers show.
BIAS_SIGMA = 0.1
UNKNOWN_BIAS_SIGMA = 0.3
# Drawing and ink differ by this share of the drawing where it is right: edges are no linear ramps.
EDGE_SHARE = 0.04
# Systems up to this many vertices are inverted as a whole.
MAX_DENSE = 250
# Shapes that come as close to a pixel as the nearest one but for this (px) are looked at in each round.
MOVES_PX = 3.0
# The line's width changes by no more than this share (and half a pixel) in one round: markers that touch let
# it be seen twice too wide at first.
WIDER_SHARE = 0.2
# Gauss-Newton settles in 4-5 rounds on drawn figures.
ROUNDS = 6
# A coverage error falls by no more than this in two rounds (80 bare lines of 50 figures: by 2.0 at most).
EARLY_FALLS = 2.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Refined vertices with their standard deviation, the pen, and how the drawing agrees with the ink.

    ``rms`` is the coverage error along edges, ``covered`` the ink under the drawing (full pixels) and
    ``missing`` the share of the drawing that has no ink. ``wrong`` is the area (full pixels) in which drawing
    and ink differ beside each vertex, beyond what the edges of a right one do, and ``bare`` the part of it
    that is drawn where no ink is. ``links`` tells which vertices were joined to the next.
    """

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    pen: Pen
    rms: float
    covered: float = 0.0
    missing: float = 1.0
    wrong: FloatArray = field(default_factory=lambda: np.zeros(0))
    bare: FloatArray = field(default_factory=lambda: np.zeros(0))
    centers: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    links: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def surplus(self) -> float:
        """Area drawn where no ink is less ink covered (full pixels): the less, the better a drawing.

        Of drawings of the same ink it differs by what drawing and ink differ by, ink far from a drawing too.
        """
        return self.covered * (self.missing / max(1.0 - self.missing, 1e-6) - 1.0)


def refine_vertices(
    alpha: NDArray[np.float32],
    blocked: Mask,
    x: FloatArray,
    y: FloatArray,
    pen: Pen,
    *,
    steps: FloatArray | None = None,
    joined: Mask | None = None,
    marked: Mask | None = None,
    rounds: int = ROUNDS,
    hopeless: float = np.inf,
    judged: bool = True,
) -> Fit:
    """Fit vertices, marker centres and the pen to a coverage map by joint least squares.

    Parameters
    ----------
    alpha
        Coverage of the series (height, width).
    blocked
        Pixels that say nothing about this series.
    x, y
        Vertices by rising x (crop coordinates).
    pen
        Line width, marker and edge width to start from.
    steps
        Step numbers of the vertices where they stand on a regular grid: x is then fitted as one comb.
    joined
        Whether vertex i is joined to vertex i + 1 (size n - 1); all where None.
    marked
        Whether vertex i has a marker, tied to it loosely since the line is curved; all, closely, where None.
    hopeless
        The coverage error from which on a drawing, after three rounds, is not fitted further, nor judged.
    judged
        Whether to tell what the drawing and the ink have in common; :func:`judge_line` does it later.

    Notes
    -----
    Each pixel's coverage is explained by the nearest shape, a segment or a marker. Segments depend on two
    neighbouring vertices; markers on their own centre, which a prior ties to its vertex, since renderers
    snap markers to whole pixels and lines not. Markers are eliminated; the vertices make a banded system.
    """
    n = x.size
    links = np.ones(max(n - 1, 0), dtype=bool) if joined is None else joined
    state = State(x=x.astype(float), y=y.astype(float), mx=x.astype(float), my=y.astype(float), marked=marked)
    pixels = near_pixels(alpha, blocked, state, pen, links)
    if pixels is None or n < 2:
        return Fit(x=state.x, y=state.y, sigma=np.full(n, 1.0), pen=pen, rms=1.0)
    band, pen, rms = _fit_rounds(pixels, state, pen, links, steps, rounds, hopeless)
    formal = _deviations(band, steps is not None)
    if marked is not None:
        # Loosely tied markers are reported for themselves: seen, they need no line to tell where they are.
        formal = np.where(marked, np.minimum(formal, 1.0 / np.sqrt(np.maximum(state.told_y, 1e-9))), formal)
    sigma = widen_unseen(state.y, _honest(formal, pen, state), formal > UNSEEN_SHARE * START_SIGMA)
    centers = np.stack([state.mx, state.my], axis=1)
    fit = Fit(x=state.x, y=state.y, sigma=sigma, pen=pen, rms=rms, centers=centers, links=links)
    if not judged or rms > hopeless:
        return fit
    return _with_agreement(fit, near_pixels(alpha, blocked, state, pen, links), state, links)


def _fit_rounds(
    pixels: Pixels,
    state: State,
    pen: Pen,
    links: Mask,
    steps: FloatArray | None,
    rounds: int,
    hopeless: float,
) -> tuple[FloatArray, Pen, float]:
    """Move a state's vertices and markers until they rest: the last equations, pen and misfit."""
    n = state.x.size
    start, rms = (state.x.copy(), state.y.copy()), 1.0
    pixels, candidates = find_lasting(pixels, state, pen, links, MOVES_PX, pen.ramp + 1.3)
    band = np.zeros((4, 2 * n))
    for round_ in range(rounds):
        edges = nearest_shapes(pixels, state, pen, candidates)
        residual, weight, rms = _weigh(pixels, edges, pen)
        band, right = _line_equations(n, edges, residual, weight, pen)
        if pen.marker != "none":
            if round_ >= 1:
                _update_bias(state, band, right, steps)
            _add_markers(state, edges, residual, weight, pen, band, right)
        _hold(state, start, band, right)
        moved = _solve(state, band, right, steps)
        if round_ >= 1:
            pen = _update_pen(pen, edges, residual, weight)
        if (moved < 0.01 and round_ >= 3) or rms > hopeless * (1.0 if round_ >= 2 else EARLY_FALLS):
            break
    return band, pen, rms


def judge_line(alpha: NDArray[np.float32], blocked: Mask, fit: Fit) -> Fit:
    """Tell what the drawing of a line without markers and the ink have in common (see :class:`Fit`)."""
    state = State(x=fit.x, y=fit.y, mx=fit.x, my=fit.y)
    return _with_agreement(fit, near_pixels(alpha, blocked, state, fit.pen, fit.links), state, fit.links)


def _weigh(pixels: Pixels, edges: Edges, pen: Pen) -> tuple[FloatArray, FloatArray, float]:
    """What is left of each pixel's coverage, how much it counts, and the error along edges (rms)."""
    residual = pixels.seen - coverage(edges.distance, pen.ramp)
    active = np.abs(edges.distance) < 0.5 * pen.ramp + 0.4
    rms = float(np.sqrt(np.mean(np.square(residual[active])))) if active.any() else 1.0
    noise = float(np.clip(rms, COVERAGE_SIGMA, 0.3))
    return residual, active / noise**2 / (1.0 + np.square(residual / (3 * noise))), rms


def _honest(sigma: FloatArray, pen: Pen, state: State) -> FloatArray:
    """Formal deviations as what they mean, with what is not known of the markers' snapping."""
    unknown, shown_by_marker = 0.0, np.zeros(sigma.size)
    if pen.marker != "none":
        unknown = BIAS_SIGMA if state.bias_known else UNKNOWN_BIAS_SIGMA
        shown_by_marker = np.clip(sigma / SNAP_SIGMA, 0.0, 1.0)
    sigma = np.maximum(SIGMA_FACTOR * sigma - SIGMA_OFFSET, 1.2 * sigma)
    return np.asarray(np.hypot(sigma, unknown * shown_by_marker))


def _with_agreement(fit: Fit, pixels: Pixels | None, state: State, links: Mask) -> Fit:
    """The fit with what its drawing and the ink have in common, and where they differ."""
    n = fit.x.size
    if pixels is None:
        return replace(fit, wrong=np.zeros(n), bare=np.zeros(n))
    edges = nearest_shapes(pixels, state, fit.pen, find_candidates(pixels, state, fit.pen, links))
    drawn = coverage(edges.distance, fit.pen.ramp)

    def beside(area: FloatArray) -> FloatArray:
        """The area beside each vertex: at its marker and along both of its segments."""
        sums = np.bincount(edges.owner, area, minlength=n)
        if fit.pen.line:
            sums[1:] += np.bincount(edges.owner, np.where(edges.is_marker, 0.0, area), minlength=n)[:-1]
        return np.asarray(np.maximum(sums, 0.0))

    differ, bare = np.abs(drawn - pixels.seen), np.maximum(drawn - pixels.seen, 0.0)
    return replace(
        fit,
        covered=float(np.minimum(pixels.seen, drawn).sum()),
        missing=float(bare.sum()) / max(float(drawn.sum()), 1e-6),
        wrong=beside(differ - EDGE_SHARE * drawn),
        bare=beside(bare - EDGE_SHARE / 2 * drawn),
    )


def _line_equations(
    n: int, edges: Edges, residual: FloatArray, weight: FloatArray, pen: Pen
) -> tuple[FloatArray, FloatArray]:
    """Banded normal equations of (x0, y0, x1, y1, ...): the upper band of width 3 and the right side.

    Moving a segment by its normal's share moves its edge; coverage then changes by that over the ramp.
    """
    band, right = np.zeros((4, 2 * n)), np.zeros(2 * n)
    use = (weight > 0) & ~edges.is_marker & (edges.distance < 1e5)
    if not pen.line or not use.any():
        return band, right
    s, w, r = edges.owner[use], weight[use], residual[use]
    nx, ny, t = edges.gx[use] / pen.ramp, edges.gy[use] / pen.ramp, edges.t[use]
    parts = ((1 - t) * nx, (1 - t) * ny, t * nx, t * ny)
    # A segment moves the four numbers from twice its own on.
    last = 2 * n - 2
    for a in range(4):
        weighted = w * parts[a]
        right[a : last + a : 2] += np.bincount(s, weighted * r, minlength=n - 1)
        for b in range(a, 4):
            band[3 - (b - a), b : last + b : 2] += np.bincount(s, weighted * parts[b], minlength=n - 1)
    return band, right


def _add_markers(
    state: State,
    edges: Edges,
    residual: FloatArray,
    weight: FloatArray,
    pen: Pen,
    band: FloatArray,
    right: FloatArray,
) -> None:
    """Move markers by their own pixels and the prior; add what they say about their vertices (in place).

    A marker seen with information ``i`` and tied to its vertex with ``p`` says of it ``i p / (i + p)``.
    """
    n = state.x.size
    use = (weight > 0) & edges.is_marker
    v, w, r = edges.owner[use], weight[use], residual[use]
    prior = 1.0 / (SNAP_SIGMA if state.marked is None else LOOSE_SIGMA) ** 2
    for axis, gradient in enumerate((edges.gx[use] / pen.ramp, edges.gy[use] / pen.ramp)):
        vertex, marker, bias = (
            (state.x, state.mx, state.bias_x) if axis == 0 else (state.y, state.my, state.bias_y)
        )
        information = np.bincount(v, w * gradient * gradient, minlength=n)
        pull = np.bincount(v, w * gradient * r, minlength=n)
        seen = marker + np.clip(pull / np.maximum(information, 1e-6), -1.0, 1.0)
        said = information * prior / (information + prior)
        band[3, axis::2] += said
        right[axis::2] += said * (seen - bias - vertex)
        move = (information * (seen - marker) + prior * (vertex + bias - marker)) / (information + prior)
        marker += np.clip(move, -1.0, 1.0)
    state.told_y = np.asarray(information, dtype=np.float64)


def _hold(state: State, start: tuple[FloatArray, FloatArray], band: FloatArray, right: FloatArray) -> None:
    """Tie the vertices loosely to where they started: x and y (in place)."""
    band[3] += 1.0 / START_SIGMA**2
    right[0::2] += (start[0] - state.x) / START_SIGMA**2
    right[1::2] += (start[1] - state.y) / START_SIGMA**2


def _solve(state: State, band: FloatArray, right: FloatArray, steps: FloatArray | None) -> float:
    """Move the vertices (in place); returns the longest move (px)."""
    dx, dy = find_moves(band, right, state.x, steps)
    state.x += dx
    state.y += dy
    return float(np.abs(dy).max())


def _update_bias(state: State, band: FloatArray, right: FloatArray, steps: FloatArray | None) -> None:
    """Mean offset of markers from vertices, told by where the lines alone put the vertices (in place)."""
    lines, pull = band.copy(), right.copy()
    lines[3] += 1.0 / LOOSE_SIGMA**2
    sigma = _deviations(lines, steps is not None)
    sure = (sigma < SURE_SIGMA) & state.has_marker
    if sure.sum() < FEWEST_SURE:
        return
    dx, dy = find_moves(lines, pull, state.x, steps)
    state.bias_x = float(np.clip(median((state.mx - state.x - dx)[sure]), -MAX_BIAS, MAX_BIAS))
    state.bias_y = float(np.clip(median((state.my - state.y - dy)[sure]), -MAX_BIAS, MAX_BIAS))
    state.bias_known = True


def _update_pen(pen: Pen, edges: Edges, residual: FloatArray, weight: FloatArray) -> Pen:
    """One damped step of the line's width, the marker's size and the edges' width."""
    line = (weight > 0) & ~edges.is_marker
    mark = (weight > 0) & edges.is_marker
    wider = 0.0
    if line.sum() > 20:
        wider = float((weight * residual)[line].sum() / weight[line].sum()) * pen.ramp * 2
    larger = 0.0
    if mark.sum() > 20:
        larger = float((weight * residual)[mark].sum() / weight[mark].sum()) * pen.ramp
    lever = -edges.distance / pen.ramp**2
    stiff = float((weight * lever * lever).sum())
    softer = -float((weight * lever * residual).sum()) / max(stiff, 1e-6)
    most = max(0.5, WIDER_SHARE * pen.width)
    return replace(
        pen,
        width=float(np.clip(pen.width + np.clip(wider, -most, most), 0.4, 60.0)),
        size=float(np.clip(pen.size + np.clip(larger, -0.4, 0.4), 0.7, 60.0)) if pen.size else 0.0,
        ramp=float(np.clip(pen.ramp + np.clip(softer, -0.3, 0.8), 0.8, 4.0)),
    )


def _deviations(band: FloatArray, x_known: bool) -> FloatArray:
    """Standard deviations of the heights: the root of the inverse's diagonal."""
    n = band.shape[1] // 2
    if not x_known and n <= MAX_DENSE:
        # Banded solves stay on one core; a dense inverse starts threads that take longer than the work.
        heights = np.zeros((2 * n, n))
        heights[np.arange(1, 2 * n, 2), np.arange(n)] = 1.0
        inverse = solve_banded(band, heights)
        return np.asarray(np.sqrt(np.maximum(inverse[np.arange(1, 2 * n, 2), np.arange(n)], 0.0)))
    diagonal, off = band[3, 1::2], band[1, 3::2]
    forward, backward = diagonal.copy(), diagonal.copy()
    for i in range(1, n):
        forward[i] = max(forward[i] - off[i - 1] ** 2 / forward[i - 1], 1e-6)
        k = n - 1 - i
        backward[k] = max(backward[k] - off[k] ** 2 / backward[k + 1], 1e-6)
    return np.asarray(1.0 / np.sqrt(np.maximum(forward + backward - diagonal, 1e-6)))
