"""Set bands back onto the lines inside them: Matplotlib draws some half a pixel right of and below these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Trace

# A band's middle lies beside its line by ``down - right * slope`` where the band was moved (Matplotlib's
# ``fill_between`` with an edge colour: half a pixel both ways, more or less in pictures that were resized).
# Of 24 drawn bands all show 0.3 to 0.7 px both ways. That is taken back where both are alike to this (px) ...
LEAST_PX, MOST_PX, ALIKE_PX = 0.25, 1.0, 0.3
# ... known to this (px), from so many columns, all but this share of which stray no more than that from them:
# bands that are not as wide on both sides of their lines tell nothing.
KNOWN_PX, STRAYING_PX = 0.08, 0.6
FEWEST_COLUMNS, KEPT_SHARE = 40, 0.6
# Columns beside a line's ends, and those in which the line leaves the band by more than this (px), count not.
END_PX, OUTSIDE_PX, INSIDE_SHARE = 2.0, 1.0, 0.8
ROUNDS, OUTLYING, LEAST_SPREAD_PX, NORMAL = 4, 3.0, 0.05, 1.48


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """How far (px) a band lies beside its line, how well that is known, and how its columns stray."""

    right: float
    down: float
    sigma: float
    straying: float
    kept: float


def set_back(bands: Sequence[Trace], lines: Sequence[Trace]) -> tuple[Trace, ...]:
    """The bands without what they were moved by beside the lines inside them.

    Those that do not tell go with the others of their panel: one program drew them all.
    """
    told = [_told(band, lines) for band in bands]
    known = [move for move in told if move is not None]
    if not known:
        return tuple(bands)
    usual = float(np.median(known))
    return tuple(_moved(b, usual if move is None else move) for b, move in zip(bands, told, strict=True))


def _moved(band: Trace, by: float) -> Trace:
    if band.y_low_px is None or band.y_high_px is None:
        return band
    low, high = band.y_low_px - by, band.y_high_px - by
    return replace(band, x_px=band.x_px - by, y_px=band.y_px - by, y_low_px=low, y_high_px=high)


def _told(band: Trace, lines: Sequence[Trace]) -> float | None:
    """By how much (px) a band was moved, both ways alike, as the line that fits it best tells; None: not."""
    moves = [move for line in lines if (move := _measure(band, line)) is not None]
    if not moves:
        return None
    best = min(moves, key=lambda move: move.straying)
    moved = (best.right + best.down) / 2
    alike = abs(best.right - best.down) <= ALIKE_PX and LEAST_PX <= moved <= MOST_PX
    sure = best.sigma <= KNOWN_PX and best.straying <= STRAYING_PX and best.kept >= KEPT_SHARE
    return moved if alike and sure else None


def _measure(band: Trace, line: Trace) -> _Move | None:
    """Fit what a line's course and slope tell of how a band's middle lies beside it; None off the band."""
    seen = np.isfinite(line.y_px)
    x, y = line.x_px[seen], line.y_px[seen]
    at, low, high = band.x_px, band.y_low_px, band.y_high_px
    if line.kind != "line" or x.size < 3 or np.any(np.diff(x) <= 0) or low is None or high is None:
        return None
    along = np.interp(at, x, y)
    slope = (np.interp(at + 1, x, y) - np.interp(at - 1, x, y)) / 2
    between = (at > x[0] + END_PX) & (at < x[-1] - END_PX)
    inside = between & (along > high - OUTSIDE_PX) & (along < low + OUTSIDE_PX)
    if inside.sum() < max(FEWEST_COLUMNS, INSIDE_SHARE * between.sum()):
        return None
    return _fit(((low + high) / 2 - along)[inside], slope[inside])


def _fit(beside: FloatArray, slope: FloatArray) -> _Move | None:
    """The line ``down - right * slope`` through what most columns say."""
    basis, kept, spread = np.column_stack([np.ones(slope.size), -slope]), np.ones(slope.size, bool), 0.0
    answer: FloatArray = np.zeros(2)
    for _ in range(ROUNDS):
        answer = np.asarray(np.linalg.lstsq(basis[kept], beside[kept], rcond=None)[0], dtype=np.float64)
        off = np.abs(beside - basis @ answer)
        spread = NORMAL * float(np.median(off[kept])) + LEAST_SPREAD_PX
        kept = off < OUTLYING * spread
    normal = basis[kept].T @ basis[kept]
    if np.linalg.matrix_rank(normal) < 2:
        return None
    sigma = float(np.sqrt(np.linalg.inv(normal).diagonal().max())) * spread
    down, right = answer.tolist()
    return _Move(right=right, down=down, sigma=sigma, straying=spread, kept=float(np.mean(kept)))
