"""Put the edges of a band on corners where the line inside it has its points: columns blunt their tips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.fits.banded import solve_banded

# The points of a line tell the corners of its band where they are so far apart (px), and so many.
LEAST_APART_PX, FEWEST = 5.0, 4
# A line's points span its band to this (px), and lie in it, this share of them to this (px).
SPAN_PX, INSIDE_PX, INSIDE_SHARE = 4.0, 1.5, 0.9
# Columns this near to a corner (px) are blunted; others are known to this (px), and to this share of a slope.
BLUNT_PX, EDGE_PX, SLOPE_SHARE = 1.5, 0.35, 0.4
# Edges are straight between the points of their line to so many deviations (1.7 and less on 14 drawn bands),
# and so many times less so between places half-way from one to the next (1.3 to 4 there).
STRAIGHT, CLEARLY = 1.8, 1.25
# Where a band was not moved back already it may lie so far (px) right of and below its line, as Matplotlib
# draws those that have edges (:mod:`digitizer.stages.areas.half_pixel`).
MOVED_PX = (0.0, 0.25, 0.5, 0.75)
# Columns that stray by more than so many deviations (something hides the edge) count not, in so many rounds.
OUTLYING, ROUNDS = 3.0, 4
# What no column tells of a corner stays as it was.
HELD = 1e-6


def on_corners(bands: Sequence[Trace], lines: Sequence[Trace]) -> tuple[Trace, ...]:
    """The bands, edges that are straight between the points of the line inside put on corners there.

    Parameters
    ----------
    bands
        By columns.
    lines
        The lines of the panel.
    """
    return tuple(_on_corners(band, lines) for band in bands)


def _on_corners(band: Trace, lines: Sequence[Trace]) -> Trace:
    low, high = band.y_low_px, band.y_high_px
    if low is None or high is None or np.any(np.diff(band.x_px) <= 0):
        return band
    for line in lines:
        knots = _knots(band.x_px, low, high, line)
        if knots is None:
            continue
        offs = [[_polyline(band.x_px, edge, knots + by)[1] for edge in (low, high)] for by in MOVED_PX]
        moved = MOVED_PX[int(np.argmin(np.square(offs).sum(axis=1)))]
        fits = [_fit(band.x_px - moved, edge - moved, knots) for edge in (low, high)]
        if fits[0] is not None and fits[1] is not None:
            return _told(band, knots, fits[0], fits[1])
    return band


def _told(band: Trace, knots: FloatArray, low: FloatArray, high: FloatArray) -> Trace:
    """The band with its corners among its columns."""
    x = np.union1d(knots, band.x_px[(band.x_px > knots[0]) & (band.x_px < knots[-1])])
    low, high = np.interp(x, knots, low), np.interp(x, knots, high)
    sigma = np.full(x.size, float(np.median(band.sigma_px)))
    return replace(band, x_px=x, y_px=(low + high) / 2, sigma_px=sigma, y_low_px=low, y_high_px=high)


def _knots(x: FloatArray, low: FloatArray, high: FloatArray, line: Trace) -> FloatArray | None:
    """Where the points of a line stand along a band; None where it is not the band's, or by columns."""
    if line.kind not in ("line", "scatter") or line.sampled_at == "columns":
        return None
    order = np.argsort(line.x_px, kind="stable")
    at, y = line.x_px[order], line.y_px[order]
    if at.size < FEWEST or np.isnan(y).any() or np.diff(at).min() < LEAST_APART_PX:
        return None
    if max(abs(at[0] - x[0]), abs(at[-1] - x[-1])) > SPAN_PX:
        return None
    inside = (y > np.interp(at, x, high) - INSIDE_PX) & (y < np.interp(at, x, low) + INSIDE_PX)
    return at if inside.mean() >= INSIDE_SHARE else None


def _fit(x: FloatArray, edge: FloatArray, knots: FloatArray) -> FloatArray | None:
    """The heights of an edge's corners; None where it has none there, or as well others."""
    heights, off = _polyline(x, edge, knots)
    _, other = _polyline(x, edge, np.r_[knots[0], (knots[1:] + knots[:-1]) / 2, knots[-1]])
    return heights if off < STRAIGHT and other > CLEARLY * off else None


def _polyline(x: FloatArray, edge: FloatArray, knots: FloatArray) -> tuple[FloatArray, float]:
    """Heights at ``knots`` by the columns between them, and how far these are off (deviations)."""
    piece = np.clip(np.searchsorted(knots, x) - 1, 0, knots.size - 2)
    share = (x - knots[piece]) / (knots[piece + 1] - knots[piece])
    away = np.minimum(np.abs(x - knots[piece]), np.abs(knots[piece + 1] - x))
    clear = (away > BLUNT_PX) & np.isfinite(edge) & (share >= 0) & (share <= 1)
    if not clear.any():
        return np.interp(knots, x, edge), np.inf
    piece, share, edge = piece[clear], share[clear], edge[clear]
    heights = np.interp(knots, x[clear], edge)
    weight, off = np.ones(edge.size), np.zeros(edge.size)
    for _ in range(ROUNDS):
        sigma = np.hypot(EDGE_PX, SLOPE_SHARE * (np.diff(heights) / np.diff(knots))[piece])
        heights = _solve(piece, share, edge, weight / sigma**2, heights)
        off = np.abs(edge - (1 - share) * heights[piece] - share * heights[piece + 1]) / sigma
        weight = (off <= OUTLYING * max(float(np.median(off)), 1.0 / OUTLYING)).astype(np.float64)
    return heights, float(np.sqrt(np.mean(np.square(np.minimum(off, OUTLYING)))))


def _solve(
    piece: NDArray[np.intp], share: FloatArray, edge: FloatArray, weight: FloatArray, before: FloatArray
) -> FloatArray:
    """Least squares of a polyline's heights: each column tells of the two corners beside it alone."""
    n, left = before.size, 1 - share

    def total(at: NDArray[np.intp], values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(at, values, minlength=n), dtype=np.float64)

    diagonal = HELD + total(piece, weight * left**2) + total(piece + 1, weight * share**2)
    beside = total(piece + 1, weight * left * share)
    right = HELD * before + total(piece, weight * left * edge) + total(piece + 1, weight * share * edge)
    return solve_banded(np.stack([beside, diagonal]), right)
