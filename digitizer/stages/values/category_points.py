"""Lines over categories: one point a category, where the line explains itself by those alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from digitizer.evidence import FloatArray, Scale, Trace
from digitizer.medians import median

# A line's end may be this far (px, beyond half its width: caps and blur) from the category it ends at.
END_PX = 2.0
# A marker further than this share of the categories' distance from each of them stands between two.
OFF_CATEGORY = 0.3
# Between categories the line departs from a straight course, at right angles to it, by no more than so much
# (px), rounded joins apart.
STRAIGHT_PX = 1.5
# ... but for this share of its points.
MOST_OFF = 0.02
# Ticks stand up to half a pixel beside the categories that lines are drawn at (Vega: right of them by that),
# and labels without ticks up to one: where the straight courses on both sides meet tells where these are. A
# corner of courses that run less than so much apart (px a px) tells none.
MOST_BESIDE_PX = 1.0
CORNER_SLOPES = 0.5


def at_categories(trace: Trace, scale: Scale | None, n_categories: int) -> Trace:
    """A line's points at the categories it passes; the trace as it is where it bends between them.

    Categories of which only some are labelled leave vertices between the labels: then nothing is changed.
    """
    told = scale is not None and scale.kind == "category" and n_categories >= 2
    if scale is None or not told or trace.kind != "line" or trace.y_low_px is not None:
        return trace
    seen = np.isfinite(trace.y_px)
    if trace.sampled_at == "markers" or seen.sum() < 2 or np.any(np.diff(trace.x_px[seen]) < 0):
        return trace
    x, y, sigma = trace.x_px[seen], trace.y_px[seen], trace.sigma_px[seen]
    places = np.sort(scale.to_pixel(np.arange(n_categories, dtype=np.float64)))
    reach = END_PX + trace.line_width_px / 2
    places = places[(places >= x[0] - reach) & (places <= x[-1] + reach)]
    missing = _in_gaps(trace, places)
    if places.size < 2:
        return trace
    courses = [_heights(x, y, places, trace.line_width_px)]
    if trace.sampled_at == "vertices":
        # Points close beside each other along a dashed line are no vertices: where the sides meet tells more.
        courses.insert(0, _at_vertices(x, y, sigma, places, courses[0]))
    # A dash's ends are cut across the line: its last columns show one half of it.
    straight = STRAIGHT_PX if trace.line_style == "solid" else 2 * STRAIGHT_PX
    tolerance = straight + trace.line_width_px / 2 * (np.abs(x[:, None] - places).min(axis=1) < reach)
    off = (np.mean(_aside(x, y, places, height) > tolerance) for height in courses)
    height = next((height for height, share in zip(courses, off, strict=True) if share <= MOST_OFF), None)
    if height is None:
        return trace
    return replace(
        trace,
        x_px=places,
        y_px=np.where(missing, np.nan, height),
        sigma_px=np.where(missing, np.nan, np.interp(places, x, sigma)),
        sampled_at="vertices",
    )


def is_between(trace: Trace, scale: Scale | None, n_categories: int) -> bool:
    """Whether a series has points between the labelled categories: some of those have no label then."""
    if scale is None or scale.kind != "category" or n_categories < 2 or trace.kind == "band":
        return False
    if trace.kind == "bar":
        return _has_unlabelled(scale.to_u(trace.x_px[np.isfinite(trace.y_px)]), n_categories)
    if trace.kind == "line" and trace.sampled_at != "markers":
        return at_categories(trace, scale, n_categories).x_px.size > n_categories
    at = scale.to_u(trace.x_px[np.isfinite(trace.y_px)])
    return bool(np.mean(np.abs(at - np.round(at)) > OFF_CATEGORY) > 0.1)


def _has_unlabelled(at: FloatArray, n_categories: int) -> bool:
    """Whether two bars of one series belong to one label, or one to none: labels were joined, or left out."""
    nearest = np.round(at)
    beyond = (nearest < 0) | (nearest >= n_categories)
    return bool(beyond.any() or np.unique(nearest).size < nearest.size)


def _aside(x: FloatArray, y: FloatArray, places: FloatArray, height: FloatArray) -> FloatArray:
    """How far (px) points lie beside the straight courses from place to place."""
    slopes = np.diff(height) / np.diff(places)
    slope = slopes[np.clip(np.searchsorted(places, x) - 1, 0, slopes.size - 1)]
    return np.asarray(np.abs(np.interp(x, places, height) - y) / np.hypot(1.0, slope))


def _in_gaps(trace: Trace, places: FloatArray) -> np.ndarray:
    """Which places lie in a stretch where the line is missing."""
    holes = np.flatnonzero(~np.isfinite(trace.y_px))
    before = trace.x_px[np.maximum(holes - 1, 0)]
    after = trace.x_px[np.minimum(holes + 1, trace.x_px.size - 1)]
    return np.asarray(((places[:, None] > before) & (places[:, None] < after)).any(axis=1))


def _at_vertices(
    x: FloatArray, y: FloatArray, sigma: FloatArray, places: FloatArray, height: FloatArray
) -> FloatArray:
    """The heights of the surest vertices at the places: a pixel along a steep line costs several across."""
    near = np.abs(places[:, None] - x[None]) <= END_PX
    surest = np.argmin(np.where(near, sigma[None], np.inf), axis=1)
    return np.asarray(np.where(near.any(axis=1), y[surest], height))


def _shift(beside: FloatArray) -> float:
    """How far (px) right of their places the categories are by what corners lie beside them."""
    told = beside[np.abs(beside) <= MOST_BESIDE_PX]
    return float(median(told)) if told.size else 0.0


def _heights(x: FloatArray, y: FloatArray, places: FloatArray, width: float) -> FloatArray:
    """The line's height at each place: where the straight courses on both sides meet.

    Caps and joins are round: right at a vertex the ink shows less of a corner than its sides do.
    """
    height = np.interp(places, x, y)
    step = float(np.median(np.diff(places)))
    margin = width / 2 + 1.0
    if step < 4 * margin:
        return height
    lines = []
    for low, high in pairwise(places):
        near = (x > low + margin) & (x < high - margin)
        ok = near.sum() >= 4
        lines.append(np.polyfit(x[near], y[near], 1) if ok else None)
    beside = _shift(_corners(lines) - places[1:-1])
    for i, place in enumerate(places + beside):
        sides = [line for k in (i - 1, i) if 0 <= k < len(lines) if (line := lines[k]) is not None]
        told = [float(np.polyval(line, place)) for line in sides]
        if not told:
            continue
        # Where steep sides meet, the ink shows less of the corner; that they meet there shows that it is one.
        steep = max(float(np.hypot(1.0, line[0])) for line in sides)
        ends = i in (0, places.size - 1)
        meet = ends or (len(told) == 2 and float(np.ptp(told)) <= STRAIGHT_PX * steep)
        if abs(float(np.mean(told)) - height[i]) < (margin + STRAIGHT_PX) * (steep if meet else 1.0):
            height[i] = float(np.mean(told))
    return height


def _corners(lines: Sequence[FloatArray | None]) -> FloatArray:
    """Where each two straight courses in a row meet (x, px); infinite where they hardly do."""
    met = np.full(max(len(lines) - 1, 0), np.inf)
    for i, (one, other) in enumerate(pairwise(lines)):
        if one is not None and other is not None and abs(one[0] - other[0]) >= CORNER_SLOPES:
            met[i] = (other[1] - one[1]) / (one[0] - other[0])
    return met
