"""Edges of bands that the markers of a cloud hide: the band's course between them tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace

# Fewer markers are no cloud: they stand on the band's own line.
FEWEST = 8
# A marker this near (px) beyond its outline to an edge hides it there.
RIM_PX = 2.0
# Dots this near (px) to the bands' edges in this share are no cloud but what the seam of two fills left: in
# eight drawn stacks all of their 18 to 53 dots were.
ON_EDGE_PX, ON_EDGE_SHARE = 2.0, 0.85
# The course is a parabola fitted around each column over this share of the band's columns on each side ...
REACH = 0.12
# ... in so many rounds, in which columns off it by more than this many times the usual (or px) do not count.
ROUNDS = 4
OUTLYING, OFF_PX = 4.0, 0.5
# It is fitted at every such column, wherever so many columns count as much; wider where they do not.
EVERY = 4
FEWEST_COLUMNS, COUNTS, WIDER = 8, 0.01, 1.5
# Edges of which less than this share of the columns is seen are left as they were read.
LEAST_SEEN = 0.2
# An edge is where it was seen if that is this near (px) to its course, and how well it is known where not.
NEAR_PX = 1.0
COURSE_SIGMA = 0.5


def clear_of_clouds(bands: tuple[Trace, ...], traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """Put the edges of bands on their course where markers of clouds hide them.

    A fill that markers stand on ends at their rims as well as at its own edge.
    """
    clouds = [t for t in traces if t.kind == "scatter" and t.x_px.size >= FEWEST and not _is_seam(t, bands)]
    return tuple(_cleared(band, clouds) for band in bands) if clouds else bands


def _is_seam(dots: Trace, bands: Sequence[Trace]) -> bool:
    """Whether nearly all dots lie on edges of bands, where two fills mix."""
    away = np.full(dots.x_px.size, np.inf)
    for band in bands:
        for edge in (band.y_low_px, band.y_high_px):
            if edge is not None:
                at = np.interp(dots.x_px, band.x_px, edge, left=np.nan, right=np.nan)
                steep = np.interp(dots.x_px, band.x_px, np.gradient(edge, band.x_px))
                away = np.fmin(away, np.abs(at - dots.y_px) / np.hypot(1.0, steep))
    return bool(np.mean(away <= ON_EDGE_PX) >= ON_EDGE_SHARE)


def _cleared(band: Trace, clouds: Sequence[Trace]) -> Trace:
    if band.y_low_px is None or band.y_high_px is None:
        return band
    low, high = (_on_course(band.x_px, edge, clouds) for edge in (band.y_low_px, band.y_high_px))
    if low is None or high is None or np.any(low < high):
        return band
    off = np.maximum(np.abs(low - band.y_low_px), np.abs(high - band.y_high_px))
    sigma = np.where(off > 0, np.maximum(band.sigma_px, COURSE_SIGMA), band.sigma_px)
    return replace(band, y_low_px=low, y_high_px=high, y_px=(low + high) / 2, sigma_px=sigma)


def _on_course(x: FloatArray, edge: FloatArray, clouds: Sequence[Trace]) -> FloatArray | None:
    """An edge with its course where it is hidden or off it; None where too little of it is seen."""
    seen = ~_is_hidden(x, edge, clouds)
    if seen.all():
        return edge
    if seen.mean() < LEAST_SEEN:
        return None
    course = _course(x, edge, seen, REACH * float(np.ptp(x)))
    keep = seen & (np.abs(edge - course) < NEAR_PX)
    return np.where(keep, edge, course)


def _is_hidden(x: FloatArray, edge: FloatArray, clouds: Sequence[Trace]) -> Mask:
    """The columns in which a marker covers an edge or its rim."""
    hidden = np.zeros(x.size, dtype=bool)
    for cloud in clouds:
        reach = cloud.marker_size_px / 2 + RIM_PX
        for cx, cy in zip(cloud.x_px, cloud.y_px, strict=True):
            near = slice(*np.searchsorted(x, [cx - reach, cx + reach]))
            hidden[near] |= np.abs(edge[near] - cy) < reach
    return hidden


def _course(x: FloatArray, edge: FloatArray, seen: Mask, reach: float) -> FloatArray:
    """Parabolas fitted around each column to what is seen, outliers apart."""
    weight = seen.astype(np.float64)
    course = edge
    for _ in range(ROUNDS):
        course = _parabolas(x, edge, weight, reach)
        off = np.abs(edge - course)
        usual = float(np.median(off[seen]))
        weight = seen * np.square(np.clip(1 - np.square(off / max(OUTLYING * usual, OFF_PX)), 0.0, None))
    return course


def _parabolas(x: FloatArray, edge: FloatArray, weight: FloatArray, reach: float) -> FloatArray:
    knots = x[np.unique(np.r_[np.arange(0, x.size, EVERY), x.size - 1])]
    return np.interp(x, knots, [_parabola(x, edge, weight, reach, at) for at in knots])


def _parabola(x: FloatArray, edge: FloatArray, weight: FloatArray, reach: float, at: float) -> float:
    """The height at one place of the parabola through what is seen around it."""
    span = float(np.ptp(x))
    while True:
        near = slice(*np.searchsorted(x, [at - reach, at + reach]))
        share = weight[near] * np.square(1 - np.square((x[near] - at) / (reach + 1.0)))
        if np.count_nonzero(share > COUNTS) >= FEWEST_COLUMNS or reach > span:
            break
        reach *= WIDER
    powers = np.vander((x[near] - at) / reach, 3, increasing=True)
    normal = (powers * share[:, None]).T @ powers + 1e-6 * np.eye(3)
    return float(np.linalg.solve(normal, (powers * share[:, None]).T @ edge[near])[0])
