"""Markers whose line is curved between them: smoothed lines of spreadsheets and of browsers' charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import quantile
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import SNAP_SIGMA, Fit, refine_vertices
from digitizer.stages.series.fits.shapes import (
    INCENTER,
    INRADIUS,
    STROKED,
    TRIANGLE_INRADIUS,
    are_thicker,
    marker_patch,
)
from digitizer.stages.series.inks.ink import FloatImage, Ink
from digitizer.stages.series.inks.shadows import shadow_shift
from digitizer.stages.series.markers.find import (
    RIVALS,
    Blobs,
    MarkerShape,
    are_markers,
    classify,
    stack_patches,
)
from digitizer.stages.series.markers.places import place_markers
from digitizer.stages.series.paths.columns import Path, width_between

FEWEST = 4
# Places are put in where so many were seen that stand on steps to this share of one, few of them left out.
FEWEST_SEEN = 3
UNEVEN = 0.06
MOST_STEPS = 3
# A marker with less than this share of its ink is looked for up to this far above and below (extents).
HELD = 0.9
SETTLE = 8.0
# What this share of the markers lacks may be cut out of them by grid lines.
COMMON = 0.35
# Vertices without a marker stand this far apart (px) on the curve, and this far (marker extents)
# from markers.
KNOT_PX = 5.0
CLEAR = 1.3
# Smoothed lines are cubic between two markers: columns lie this close to the best cubic (px, and stroke
# widths, root-mean-square of the worst link but a tenth; drawn splines have 0.15 at most, noise half a
# pixel and more).
CUBIC_PX = 0.2
CUBIC_WIDTHS = 0.03
# A cubic is told by so many columns at least; a line of which fewer links show so many is not looked at.
FEWEST_COLUMNS = 6
MOST_SHORT = 0.5
# A marker's drawing and the ink differ by no more than this share of its area (median of all markers; shadows
# below markers leave 0.1).
WRONG = 0.25
# ... and of none by more than this: 0.3 where a grid line or another marker cuts it, 0.9 beside its place.
MOST_WRONG = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurvedLine:
    """Markers on a curve: the fit of the markers alone, and the course of the line through them (m, 2)."""

    fit: Fit
    course: FloatArray


def fit_curved(
    ink: Ink,
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    found: Sequence[tuple[Blobs, MarkerShape]],
    listed: str | None,
) -> CurvedLine | None:
    """Fit markers and the curve that joins them; None where no smooth curve joins markers of one shape.

    Parameters
    ----------
    ink
        The panel's ink, whose sides cut markers.
    alpha, blocked
        Coverage of the colour, and pixels that say nothing of it (height, width).
    path
        The line by columns, through markers and all (crop coordinates).
    found
        Where the ink is as thick as markers are, and as what shape.
    listed
        The legend's marker, None where it has none.
    """
    best: CurvedLine | None = None
    least = np.inf
    seen: list[FloatArray] = []
    for blobs, first in found:
        if any(np.array_equal(blobs.x, other) for other in seen):
            continue
        seen.append(blobs.x)
        x, y = _places(ink, blobs, path, first)
        # Steps carried on may lead out of the panel.
        within = (x >= 0) & (x <= alpha.shape[1] - 1) & (y >= 0) & (y <= alpha.shape[0] - 1)
        x, y = x[within], y[within]
        width = width_between(path, x, first.size) if x.size else path.width
        if x.size < FEWEST or np.diff(x).min() < 2 * CLEAR * first.size:
            continue
        if not _is_cubic(path, x, first.size, width):
            continue
        for shape in _shapes(alpha, x, y, first, width, listed):
            line = _fit_shape(ink, alpha, blocked, path, (x, y), shape, width)
            rough = np.inf if line is None else line.fit.rms + shape.misfit
            if rough < least:
                best, least = line, rough
    return best


def _places(ink: Ink, blobs: Blobs, path: Path, shape: MarkerShape) -> tuple[FloatArray, FloatArray]:
    """Middles of markers by rising x, one a marker, on the step grid where there is one."""
    order = np.argsort(blobs.x)
    x, y = blobs.x[order], blobs.y[order]
    group = np.cumsum(np.r_[0, np.diff(x) > shape.size])[: x.size]
    count = np.maximum(np.bincount(group), 1)
    x, y = np.bincount(group, x) / count, np.bincount(group, y) / count
    x, y, steps = place_markers(ink, Blobs(x=x, y=y, radius=np.full(x.size, shape.size)), path, shape)
    return (x, y) if steps is not None or x.size < FEWEST_SEEN else _fill_in(x, y, path)


def _fill_in(x: FloatArray, y: FloatArray, path: Path) -> tuple[FloatArray, FloatArray]:
    """A few places with those between and beside them that they leave out of equal steps.

    What a grid line cuts in two is no thick place; whether all are right is seen by the curve between them.
    """
    period = float(np.diff(x).min())
    number = (x - x[0]) / max(period, 1.0)
    whole = np.round(number)
    if np.abs(number - whole).max() > UNEVEN or whole[-1] > MOST_STEPS * x.size:
        return x, y
    slope, origin = np.polyfit(whole, x, 1)
    first, last = (path.x[[0, -1]] - origin) / slope
    every = np.arange(min(np.ceil(first - UNEVEN), 0), max(np.floor(last + UNEVEN), whole[-1]) + 1)
    at = origin + slope * every
    height = np.interp(at, path.x, path.y)
    height[np.searchsorted(every, whole)] = y
    return at, height


def _shapes(
    alpha: FloatImage, x: FloatArray, y: FloatArray, first: MarkerShape, width: float, listed: str | None
) -> list[MarkerShape]:
    """What the markers at all places have in common: shapes much thicker than the line that explain it."""
    everywhere = Blobs(x=x, y=y, radius=np.full(x.size, first.size))
    inner = first.size * _inradius(first.kind)
    stack = stack_patches(alpha, everywhere, int(np.ceil(1.6 * inner)) + 2, COMMON)
    shapes = classify(stack, inner, width, listed)
    return [s for s in shapes[:RIVALS] if are_markers(s, listed) and are_thicker(s.kind, s.size, width)]


def _inradius(kind: str) -> float:
    return 1.0 if kind in STROKED else INRADIUS.get(kind, TRIANGLE_INRADIUS)


def _fit_shape(
    ink: Ink, alpha: FloatImage, blocked: Mask, path: Path, places: tuple[FloatArray, FloatArray],
    shape: MarkerShape, width: float,
) -> CurvedLine | None:  # fmt: skip
    off_x, off_y = INCENTER.get(shape.kind, (0.0, 0.0))
    x, y = places[0], _settle(alpha, *places, shape)
    x, y = x - off_x * shape.size, y - off_y * shape.size
    x, y, marked = _with_knots(path, x, y, shape.size)
    pen = Pen(width=width, marker=shape.kind, size=shape.size)
    fit = refine_vertices(alpha, blocked, x, y, pen, marked=marked)
    wrong = fit.wrong[marked] / (4.0 * fit.pen.size**2)
    if np.median(wrong) > WRONG or wrong.max() > MOST_WRONG:
        return None
    centers = fit.centers[marked]
    drawn_down = shadow_shift(ink, centers[:, 0], centers[:, 1], shape.kind, fit.pen.size)
    centers = centers + np.array([0.0, drawn_down])
    course = np.stack([fit.x, fit.y], axis=1)
    course[marked] = centers
    # What a shift of the marker would make of its drawing: shadows shift all alike, seen or not.
    shift = fit.wrong[marked] / (4.0 * fit.pen.size) if drawn_down == 0.0 else np.abs(drawn_down) / 2
    sigma = np.hypot(np.hypot(fit.sigma[marked], SNAP_SIGMA), shift)
    alone = replace(fit, x=centers[:, 0], y=centers[:, 1], sigma=sigma, wrong=fit.wrong[marked])
    return CurvedLine(fit=alone, course=course)


def _settle(alpha: FloatImage, x: FloatArray, y: FloatArray, shape: MarkerShape) -> FloatArray:
    """Heights of markers, those without their ink moved along y to where there is most of it."""
    radius = int(np.ceil(shape.size)) + 1
    patch = marker_patch(shape.kind, shape.size, radius=radius)
    away = round(SETTLE * shape.size)
    padded = np.pad(alpha, radius + away)
    out = y.copy()
    for i, (left, top) in enumerate(
        zip(np.round(x).astype(int) + away, np.round(y).astype(int), strict=True)
    ):
        part = padded[max(top, 0) : top + 2 * (radius + away) + 1, max(left, 0) : left + 2 * radius + 1]
        if part.shape != (2 * (radius + away) + 1, 2 * radius + 1):
            continue
        held = np.array([(part[k : k + 2 * radius + 1] * patch).sum() for k in range(2 * away + 1)])
        if held[away] < HELD * patch.sum():
            best = np.flatnonzero(held > held.max() - 1.0)
            out[i] += best[np.argmin(np.abs(best - best.mean()))] - away
    return out


def _links(path: Path, x: FloatArray, size: float) -> list[tuple[FloatArray, FloatArray]]:
    """The path's columns between each two markers, clear of both."""
    first = np.searchsorted(path.x, x[:-1] + CLEAR * size)
    last = np.searchsorted(path.x, x[1:] - CLEAR * size)
    return [(path.x[a:b], path.y[a:b]) for a, b in zip(first, last, strict=True)]


def _is_cubic(path: Path, x: FloatArray, size: float, width: float) -> bool:
    """Whether the line between markers runs as smoothly as curves through points do."""
    links = [link for link in _links(path, x, size) if link[0].size >= FEWEST_COLUMNS]
    if len(links) < max(1.0, MOST_SHORT * (x.size - 1)):
        return False
    off = []
    for at, height in links:
        k = (at - at.mean()) / max(float(np.ptp(at)), 1.0)
        terms = np.vander(k, 4)
        rest = height - terms @ np.linalg.lstsq(terms, height, rcond=None)[0]
        off.append(np.sqrt(np.mean(np.square(rest)) / (1.0 + np.mean(np.square(np.gradient(height, at))))))
    return quantile(off, 0.9) < CUBIC_PX + CUBIC_WIDTHS * width


def _with_knots(path: Path, x: FloatArray, y: FloatArray, size: float) -> tuple[FloatArray, FloatArray, Mask]:
    """The markers with vertices between them on the curve, and which of all are markers."""
    xs, ys, marked = [x], [y], [np.ones(x.size, dtype=bool)]
    for at, height in _links(path, x, size):
        count = int(np.ptp(at) / KNOT_PX) if at.size > 1 else 0
        if count < 1:
            continue
        knots = at[0] + np.ptp(at) * (np.arange(count) + 0.5) / count
        xs.append(knots)
        ys.append(np.interp(knots, at, height))
        marked.append(np.zeros(count, dtype=bool))
    order = np.argsort(np.concatenate(xs), kind="stable")
    return np.concatenate(xs)[order], np.concatenate(ys)[order], np.concatenate(marked)[order]
