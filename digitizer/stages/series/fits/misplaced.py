"""Vertices looked for at the wrong height: what is drawn there misses ink that lies above or below."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.series.fits.marker_rows import place_row
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit
from digitizer.stages.series.fits.shapes import FloatNd, coverage, outline_distance, stroke_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON, IndexArray

# A tip that is off by a pixel leaves one to two flanks of a pixel each without ink.
WRONG_SIDES = 1.5
# Along straight stretches drawing and ink differ by a twentieth of the ink (0.02 to 0.09 on drawn lines that
# were read right, to a tenth of a pixel) and say nothing of their ends; by so much where they run apart.
EVEN_WRONG = 0.15
# What a line differs by all along is what three of four of its vertices differ by at least, up to this share
# of the ink. Of 56 lines whose vertices were said to be off (a tenth of them by over a percent), in JPEG and
# pale strokes that differ by 0.15 to 0.35 of their ink, 49 had no vertex off.
USUAL, MOST_USUAL = 0.25, 0.4
# Where a vertex is off as much is drawn without ink as ink is left. Of 4,620 vertices of drawn lines 103 were
# said to be off by more than half a percent of the height by all area, two of them with cause, and 22 by
# twice what is drawn without ink, one of them with cause.
BOTH_SIDES = 2.0
# A vertex is looked for again where what drawing and ink differ by, or ink beside it that nothing explains,
# makes up this share of a marker; so many at most, the worst first.
LEFT_SHARE = 0.25
MOST = 12
# Where it is more than this share of all vertices the markers are of another shape.
MOST_SHARE = 0.35
# The rims of what is drawn reach this far (px).
RIM_PX = 2.0
# Heights are tried this far apart (px), so many at most, and so many around the best of them.
STEP_PX = 1.0
MOST_HEIGHTS = 30
FINER = 7
# So many pixels are drawn at once, at most: what fits a processor's cache is drawn quickest.
MOST_PIXELS = 100_000
# Another height must explain this share of a marker's ink more.
BETTER = 0.2
# Neighbours that overlap change places: rows are looked at again around those beside which this share of a
# marker is wrong, with so many on either side, and other heights must explain this share more.
ROW_SHARE = 0.06
ROW_BESIDE = 1
BETTER_ROW = 0.05
# After so many rows in which none do the rest is as it is: of those of seven drawn figures that were bettered
# by a tenth of a marker and more none came later, one after two of them (by three markers).
MOST_IDLE = 3


def look_again(alpha: FloatImage, blocked: Mask, fit: Fit, links: Mask) -> FloatArray | None:
    """Better heights for vertices beside which drawing and ink differ; None where there are none.

    Parameters
    ----------
    alpha, blocked
        Coverage of the series (height, width) and the pixels that say nothing about it.
    fit
        Vertices by rising x (crop coordinates), each with a marker.
    links
        Whether vertex i is joined to vertex i + 1 (size n - 1).

    Notes
    -----
    Markers that others cover in part show no middle, and least squares moves a vertex by a few pixels only.
    Each height of such a vertex is drawn with its neighbours as they are, and compared with the ink.
    """
    x, y, pen = fit.x, fit.y, fit.pen
    area = float(coverage(_marker(np.zeros(1), np.zeros(1), pen, _grid(pen.size)), pen.ramp).sum())
    left = np.where(blocked | _drawn(alpha.shape, x, y, pen, links), np.float32(0.0), alpha)
    columns = left.sum(axis=0)
    total = np.r_[0.0, np.cumsum(columns)]
    low, high = (np.clip(np.round(x + s * pen.size).astype(int), 0, columns.size) for s in (-1, 1))
    beside = np.maximum(total[high] - total[low], fit.wrong)
    worst = np.argsort(-beside)[: np.count_nonzero(beside > LEFT_SHARE * area)]
    # What is left beside one marker lies beside all that overlap it.
    shared = 2 * pen.size / max(median(np.diff(x)), 1.0)
    if worst.size > max(1.0, shared) * MOST_SHARE * x.size:
        return None
    out = y.copy()
    for i in worst[:MOST]:
        out[i] = _best_height(alpha, blocked, x, out, pen, links, int(i), area)
    idle = 0
    # The worst first: where other heights of these explain nothing, others' do not.
    for row in sorted(_rows(x, pen, beside > ROW_SHARE * area), key=lambda row: -float(beside[row].max())):
        heights, gain = place_row(alpha, blocked, (x, out), pen, links, row, area)
        if gain > BETTER_ROW * area:
            out[row] = heights
        idle = 0 if gain > BETTER_ROW * area else idle + 1
        if idle == MOST_IDLE:
            break
    return None if np.array_equal(out, y) else out


def _rows(x: FloatArray, pen: Pen, wrong: Mask) -> list[IndexArray]:
    """Markers one after the other that overlap, with those beside which drawing and ink differ."""
    near = np.r_[False, np.diff(x) < 2 * pen.size, False]
    taken = wrong & (near[1:] | near[:-1])
    for _ in range(ROW_BESIDE):
        taken |= (np.r_[False, taken[:-1]] & near[:-1]) | (np.r_[taken[1:], False] & near[1:])
    at = np.flatnonzero(taken)
    if not at.size:
        return []
    return np.split(at, np.flatnonzero((np.diff(at) > 1) | ~near[at[1:]]) + 1)


def _best_height(
    alpha: FloatImage,
    blocked: Mask,
    x: FloatArray,
    y: FloatArray,
    pen: Pen,
    links: Mask,
    i: int,
    area: float,
) -> float:
    """The height at which vertex ``i``, drawn with its neighbours as they are, differs least from the ink."""
    height, width = alpha.shape
    x0, x1 = max(0, round(x[max(i - 1, 0)])), min(width - 1, round(x[min(i + 1, x.size - 1)]))
    inner = slice(max(0, round(x[i] - pen.size)), min(width, round(x[i] + pen.size) + 1))
    rows = np.flatnonzero(np.where(blocked, np.float32(0.0), alpha)[:, inner].max(axis=1, initial=0.0) > ON)
    if not rows.size or x1 <= x0:
        return float(y[i])
    first, last = rows[0] - pen.size, rows[-1] + pen.size
    near = [k for k in (i - 1, i + 1) if 0 <= k < x.size]
    heights = [float(v) for v in (first, last, *(y[k] for k in (i, *near)))]
    top = max(0, int(min(heights) - pen.size - RIM_PX))
    bottom = min(height, int(max(heights) + pen.size + RIM_PX) + 1)
    open_rows, open_columns = np.nonzero(~blocked[top:bottom, x0 : x1 + 1])
    py, px = (open_rows + top).astype(np.float32), (open_columns + x0).astype(np.float32)
    seen = alpha[open_rows + top, open_columns + x0]
    fixed = np.full(px.size, np.float32(np.inf))
    for k in near:
        fixed = np.minimum(fixed, _marker(x[k : k + 1], y[k : k + 1], pen, (px, py))[0])

    def cost(at: FloatArray) -> FloatArray:
        away = np.minimum(fixed, _marker(np.full(at.size, x[i]), at, pen, (px, py)))
        for k in near:
            if links[min(i, k)]:
                end = float(x[k]), float(y[k])
                strokes = stroke_distance(float(x[i]), at.astype(np.float32), *end, pen.width, px, py)
                np.minimum(away, strokes, out=away)
        return np.asarray(np.abs(coverage(away, pen.ramp) - seen).sum(axis=1))

    n = int(np.clip((last - first) / STEP_PX, 2, MOST_HEIGHTS))
    tried = np.linspace(first, last, n)
    parts = np.array_split(tried, min(n, 1 + n * px.size // MOST_PIXELS))
    best = tried[int(np.argmin(np.concatenate([cost(part) for part in parts])))]
    finer = np.r_[best + np.linspace(-1.0, 1.0, FINER) * (last - first) / n, y[i]]
    *costs, now = cost(finer)
    found = int(np.argmin(costs))
    return float(finer[found]) if costs[found] < now - BETTER * area else float(y[i])


def _drawn(shape: tuple[int, ...], x: FloatArray, y: FloatArray, pen: Pen, links: Mask) -> Mask:
    """Where line and markers reach."""
    image = np.zeros(shape, dtype=np.uint8)
    points = np.round(np.stack([x, y], axis=1) * 8).astype(np.int32)
    thick = max(1, round(pen.width + 2 * RIM_PX))
    for part in np.split(np.arange(points.shape[0]), np.flatnonzero(~links) + 1):
        cv2.polylines(image, [points[part]], False, 1, thick, cv2.LINE_8, 3)
    for px, py in points.tolist():
        cv2.circle(image, (px, py), round((pen.size + RIM_PX) * 8), 1, -1, cv2.LINE_8, 3)
    return np.asarray(image, dtype=bool)


def _grid(size: float) -> tuple[FloatArray, FloatArray]:
    reach = np.arange(-np.ceil(1.5 * size) - 1, np.ceil(1.5 * size) + 2)
    px, py = np.meshgrid(reach, reach)
    return px.ravel(), py.ravel()


def _marker(x: FloatNd, y: FloatNd, pen: Pen, at: tuple[FloatNd, FloatNd]) -> FloatNd:
    """Signed distances of pixels from markers' outlines (markers, pixels)."""
    dx, dy = (v[None] - c.astype(v.dtype)[:, None] for v, c in zip(at, (x, y), strict=True))
    return np.asarray(outline_distance(pen.marker, dx, dy, pen.size, pen.width))


def off_by_ink(fit: Fit) -> FloatArray:
    """How far (px) each vertex is off by the area in which drawing and ink differ beside it.

    A vertex that is off by a pixel leaves as many pixels of such area as its flanks span columns, and a tip
    as many as it is wide. What the whole line differs by (pale, blurred and JPEG strokes are not drawn quite
    so) lies all along it, and is such an error of its flanks at most. Long flanks gather a little more all
    along, which only counts as area of that kind while it is little of their ink; more of it tells that the
    line runs elsewhere. Half of the area of a vertex that is off is drawn on bare ground: ink alone that the
    drawing leaves is of other lines that cross, and of bands.
    """
    wrong = np.minimum(fit.wrong, BOTH_SIDES * fit.bare)
    span, length = np.abs(np.diff(fit.x)), np.hypot(np.diff(fit.x), np.diff(fit.y))
    spans, lengths = (np.r_[0.0, part] + np.r_[part, 0.0] for part in (span, length))
    ink = np.maximum(lengths * fit.pen.width, 1e-6)
    share = wrong / ink
    usual = min(float(np.quantile(share, USUAL)), MOST_USUAL)
    more = np.maximum(share - usual, 0.0)
    even = np.maximum(1.0 - more / EVEN_WRONG, 0.0)
    along = (share - more) * ink / np.maximum(WRONG_SIDES * fit.pen.width, spans)
    return np.asarray(along + more * ink / np.maximum(WRONG_SIDES * fit.pen.width, even * spans))
