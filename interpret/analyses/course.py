"""What is course and what is noise: straight pieces and an AR(1) correlation, chosen together.

A wandering curve and a structured one look alike to a smoother: with the pieces fixed first,
correlated noise is fitted away; with the correlation fixed first, a bend counts as memory. So each
correlation on a grid is tried with each number of pieces, and the description length decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.bend import straighten
from interpret.analyses.lines import LineSums
from interpret.analyses.middle import median

EDGES = NDArray[np.intp]

PHI_GRID = (0.0, 0.2, 0.4, 0.55, 0.7, 0.8, 0.9)
MOST_EDGES = 120
MOST_PIECES = 7
SHORTEST_POINTS = 4
SHORTEST_SHARE = 1 / 16
# Price of one more piece in log n units.
PIECE_PRICE = 4.5
MAD_TO_SIGMA = 1.4826
IGNORED_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """``cuts`` are the pieces' borders (0 and n included), ``phi`` and ``sd`` the noise's."""

    cuts: tuple[int, ...]
    phi: float
    sd: float
    fitted: FloatArray


def measure_courses(
    x: FloatArray,
    y: FloatArray,
    prices: Sequence[float],
    *,
    jumps: Sequence[int] = (),
    ignored: NDArray[np.bool_] | None = None,
    phi: float | None = None,
    bent: bool = False,
) -> list[Course]:
    """Cut a series into straight pieces, with jumps between them, once for each price.

    Parameters
    ----------
    x, y : ndarray, shape (n,), n >= 2
    prices : sequence of float
        Of one more piece, in log n units.
    jumps : sequence of int
        First points after known jumps: no piece crosses them.
    ignored : ndarray of bool, optional
        Points that belong to dips and peaks.
    phi : float, optional
        The noise's lag-1 correlation where it is known.
    bent : bool
        Whether to take a fast-then-slow bend out first: better for the noise, useless for phases.
    """
    n = len(y)
    weight = np.ones(n) if ignored is None else np.where(ignored, IGNORED_WEIGHT, 1.0)
    if bent:
        y = straighten(y, weight, jumps)
    edges = _edges(n, jumps)
    allowed = _allowed(edges, jumps, n)
    tiny = 1e-12 * max(float(np.ptp(y)), 1e-140) ** 2
    phis = PHI_GRID if phi is None else (phi,)
    totals, back = _best_paths(_costs(x, y, weight, phis, edges, allowed), len(jumps))
    candidates: list[tuple[float, int, int]] = []
    for k, candidate in enumerate(phis):
        for pieces, sse in enumerate(totals[:, k].tolist(), start=1):
            if math.isfinite(sse):
                effective = n if candidate == 0 else max(n - pieces, 1)
                score = n * math.log(sse / effective + tiny) - math.log(1 - candidate**2)
                candidates.append((score, pieces, k))
    courses = []
    for price in prices:
        chosen, pieces_of, best = 0, 0, math.inf
        for score, pieces, k in candidates:
            total = score + price * math.log(n) * (pieces - 1 - len(jumps))
            if total < best - 1e-9:
                best, chosen, pieces_of = total, k, pieces
        cuts = _trace(back[:, chosen], pieces_of, edges) if pieces_of else [0, n]
        courses.append(_course(x, y, weight, phis[chosen] if pieces_of else 0.0, cuts))
    return courses


def _edges(n: int, jumps: Sequence[int]) -> EDGES:
    grid = np.linspace(0, n, min(n, MOST_EDGES) + 1).astype(np.intp)
    return np.unique(np.concatenate([grid, np.array(list(jumps), dtype=np.intp)]))


def _allowed(edges: EDGES, jumps: Sequence[int], n: int) -> NDArray[np.bool_]:
    start, stop = edges[:, None], edges[None, :]
    shortest = max(SHORTEST_POINTS, int(n * SHORTEST_SHARE))
    forced = np.isin(edges, [*jumps, 0, n])
    allowed = (stop - start >= shortest) | ((stop > start) & forced[:, None] & forced[None, :])
    for jump in jumps:
        allowed &= ~((start < jump) & (stop > jump))
    return allowed


def _costs(
    x: FloatArray,
    y: FloatArray,
    weight: FloatArray,
    phis: Sequence[float],
    edges: EDGES,
    allowed: NDArray[np.bool_],
) -> FloatArray:
    """Sum of squared innovations of a line over each window of edges, shape (n_phis, stops, starts).

    Infinite where no window is allowed; of all memories at once, as those share their windows.
    """
    start, stop = np.nonzero(allowed)
    cost = np.full((len(phis), *allowed.shape), np.inf)
    white = [k for k, phi in enumerate(phis) if phi == 0]
    if white:
        cost[white, stop[:, None], start[:, None]] = (
            LineSums(x, y, weight).fit(edges[start], edges[stop]).sse[:, None]
        )
    if len(white) < len(phis):
        coloured = [k for k in range(len(phis)) if k not in white]
        innovation = np.repeat(y[None], len(coloured), axis=0)
        innovation[:, 1:] -= np.array([phis[k] for k in coloured])[:, None] * y[:-1]
        paired = weight.copy()
        paired[1:] = np.minimum(weight[1:], weight[:-1])
        first = np.minimum(edges[start] + 1, edges[stop] - 1)
        sse = LineSums(x, innovation, paired).fit(first, edges[stop]).sse
        cost[np.array(coloured)[:, None], stop, start] = sse
    return cost


def _best_paths(cost: FloatArray, n_jumps: int) -> tuple[FloatArray, NDArray[np.intp]]:
    """Least total of 1, 2, ... pieces from the first edge to the last, with the way back.

    Shapes (n_pieces, n_phis) and (n_pieces, n_phis, edges).
    """
    best = cost[:, :, 0]
    totals, back = [best[:, -1]], [np.zeros(best.shape, dtype=np.intp)]
    for _ in range(1, MOST_PIECES + n_jumps):
        through = cost + best[:, None, :]
        back.append(np.argmin(through, axis=2))
        best = np.take_along_axis(through, back[-1][:, :, None], axis=2)[:, :, 0]
        totals.append(best[:, -1])
    return np.array(totals), np.array(back)


def _trace(back: NDArray[np.intp], pieces: int, edges: EDGES) -> list[int]:
    cuts = [len(edges) - 1]
    for k in range(pieces - 1, 0, -1):
        cuts.append(int(back[k, cuts[-1]]))
    cuts.append(0)
    return [int(edges[i]) for i in reversed(cuts)]


def _course(x: FloatArray, y: FloatArray, weight: FloatArray, phi: float, cuts: list[int]) -> Course:
    start, stop = np.array(cuts[:-1]), np.array(cuts[1:])
    fits = LineSums(x, y, weight).fit(start, stop)
    fitted = np.concatenate(
        [
            fits.mean_y[k] + fits.slope[k] * (x[a:b] - fits.mean_x[k])
            for k, (a, b) in enumerate(zip(start, stop, strict=True))
        ]
    )
    residual = (y - fitted)[weight > IGNORED_WEIGHT]
    spread = MAD_TO_SIGMA * median(np.abs(residual)) if len(residual) else 0.0
    if spread == 0 and len(residual):
        spread = float(np.std(residual))
    n_free = max(len(residual) - 2 * len(start), 1)
    return Course(
        cuts=tuple(cuts), phi=phi, sd=spread * float(np.sqrt(max(len(residual), 1) / n_free)), fitted=fitted
    )
