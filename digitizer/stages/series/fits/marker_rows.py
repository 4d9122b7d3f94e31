"""Heights of markers that cover each other in a row: those that together draw the ink best.

Markers that took each other's places are a minimum for each alone, and five of them in a row are one for
each two. From left to right each one's heights are drawn with those of the markers before it; of the rows
so far the best are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.shapes import FloatNd, coverage, outline_distance, stroke_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import IndexArray

# Heights of a marker are told by the ink's edges in the columns it covers, to this (px); so many, the
# commonest first.
EDGE_STEP_PX = 0.5
MOST_EDGES = 10
# So many rows are kept. Of a marker three steps wide 10 heights make 1,000 that are not told apart yet.
KEPT = 150
# A marker at another height than it was must explain this share of a marker more.
MOVED = 0.02
# Half extent (px) per pixel left out between those compared.
SPARSE_PX = 5.0
# Ink this far (px) beside a marker is compared with it.
RIM_PX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pixels:
    """Pixels by rising column: places, coverage, and how far they are from what stays as it is."""

    x: FloatNd
    y: FloatNd
    seen: FloatNd
    fixed: FloatNd

    def between(self, left: float, right: float) -> slice:
        """The pixels of some columns."""
        first, last = np.searchsorted(self.x, (left, right))
        return slice(int(first), int(last))


def place_row(
    alpha: FloatImage,
    blocked: Mask,
    vertices: tuple[FloatArray, FloatArray],
    pen: Pen,
    links: Mask,
    row: IndexArray,
    area: float,
) -> tuple[FloatArray, float]:
    """Find the heights of a row of markers that draw the ink best, all others as they are.

    Parameters
    ----------
    alpha, blocked
        Coverage of the series (height, width) and the pixels that say nothing about it.
    vertices
        Places and heights of all markers, by rising x (crop coordinates).
    pen
        How they and their line are drawn.
    links
        Whether vertex i is joined to vertex i + 1 (size n - 1).
    row
        The numbers of the markers in question, one after the other.
    area
        A marker's area (px).

    Returns
    -------
    tuple
        The row's heights, and how much more of the ink they explain than those before (px of area).
    """
    x, y = vertices
    shown = np.arange(max(row[0] - 1, 0), min(row[-1] + 2, x.size))
    tried = [_heights(alpha, blocked, vertices, pen, int(i)) if i in row else y[i : i + 1] for i in shown]
    step = max(1, int(pen.size / SPARSE_PX))
    pixels = _cut(alpha, blocked, vertices, pen, links, shown, tried, step)
    price = MOVED * area / step**2
    chosen, cost = _search(pixels, vertices, pen, links, shown, tried, price)
    _, before = _search(pixels, vertices, pen, links, shown, [h[:1] for h in tried], price)
    heights = np.array([h[k] for h, k in zip(tried, chosen, strict=True)])
    return heights[np.isin(shown, row)], (before - cost) * step**2


def _heights(
    alpha: FloatImage, blocked: Mask, vertices: tuple[FloatArray, FloatArray], pen: Pen, i: int
) -> FloatArray:
    """Heights that a marker may have: its own first, its neighbours', and with an edge on one of the ink."""
    x, y = vertices
    # A square's edge is as wide as itself, other shapes touch theirs in the middle.
    reach = pen.size if pen.marker == "square" else 1.0
    columns = slice(max(0, round(x[i] - reach)), min(alpha.shape[1], round(x[i] + reach) + 1))
    part = np.where(blocked[:, columns], np.float32(1.0), alpha[:, columns]).astype(np.float64)
    above, below = part[:-1] - 0.5, part[1:] - 0.5
    rows, at = np.nonzero(above * below < 0)
    edge = rows + above[rows, at] / (above[rows, at] - below[rows, at])
    centers = edge + np.where(above[rows, at] < 0, pen.size, -pen.size)
    bins, number, count = np.unique(np.round(centers / EDGE_STEP_PX), return_inverse=True, return_counts=True)
    middle = np.bincount(number, centers, minlength=bins.size) / np.maximum(count, 1)
    common = middle[np.argsort(-count, kind="stable")[:MOST_EDGES]]
    return np.concatenate([y[[k for k in (i, i - 1, i + 1) if 0 <= k < y.size]], common])


def _cut(
    alpha: FloatImage,
    blocked: Mask,
    vertices: tuple[FloatArray, FloatArray],
    pen: Pen,
    links: Mask,
    shown: IndexArray,
    tried: Sequence[FloatArray],
    step: int,
) -> _Pixels:
    """The pixels that a row may change, every so many of them, with what is drawn there in any case."""
    x, y = vertices
    height, width = alpha.shape
    reach = pen.size + RIM_PX
    near = np.zeros(alpha.shape, dtype=bool)
    for k, (i, one) in enumerate(zip(shown, tried, strict=True)):
        last = min(k + 1, shown.size - 1)
        every = np.concatenate([one, tried[last]])
        top, bottom = max(0, int(every.min() - reach)), min(height, int(every.max() + reach) + 2)
        left, right = max(0, int(x[i] - reach)), min(width, int(x[shown[last]] + reach) + 2)
        near[top:bottom, left:right] = True
    columns, rows = np.nonzero((near & ~blocked)[::step, ::step].T)
    rows, columns = rows * step, columns * step
    # Single precision halves the time; heights differ by more than it is wrong.
    px, py = columns.astype(np.float32), rows.astype(np.float32)
    fixed = np.full(px.size, np.inf, dtype=np.float32)
    around = 2 * reach / max(float(np.median(np.diff(x))), 1e-6)
    for k in range(max(0, int(shown[0] - around)), min(x.size, int(shown[-1] + around) + 1)):
        if k not in shown:
            np.minimum(fixed, _marker(float(x[k]), y[k : k + 1], pen, px, py)[0], out=fixed)
        if k + 1 < x.size and links[k] and not (k in shown and k + 1 in shown):
            begin, end = y[k : k + 1].astype(np.float32), (float(x[k + 1]), float(y[k + 1]))
            np.minimum(fixed, stroke_distance(float(x[k]), begin, *end, pen.width, px, py)[0], out=fixed)
    return _Pixels(x=px, y=py, seen=alpha[rows, columns], fixed=fixed)


def _marker(x: float, y: FloatArray, pen: Pen, px: FloatNd, py: FloatNd) -> FloatNd:
    """Signed distances of pixels from a marker at some heights (heights, pixels)."""
    dx = np.broadcast_to(px[None] - np.float32(x), (y.size, px.size))
    return outline_distance(pen.marker, dx, py[None] - y.astype(np.float32)[:, None], pen.size, pen.width)


def _search(
    pixels: _Pixels,
    vertices: tuple[FloatArray, FloatArray],
    pen: Pen,
    links: Mask,
    shown: IndexArray,
    tried: Sequence[FloatArray],
    price: float,
) -> tuple[IndexArray, float]:
    """Which of the heights tried draw the pixels best, and what they cost; each change costs ``price``."""
    x = vertices[0][shown]
    joins, reach = links[shown[0] : shown[-1]], pen.size + pen.ramp
    rows, cost = np.zeros((1, 0), dtype=np.intp), np.zeros(1)
    settled = -np.inf
    for i in range(x.size):
        # What lies left of the next marker is drawn by those so far.
        ends = float(min(x[i + 1] - reach, x[i] - pen.width)) if i + 1 < x.size else np.inf
        part, n = pixels.between(settled, ends), tried[i].size
        settled = max(settled, ends)
        more = _differ(pixels, part, x, pen, joins, tried, rows)
        cost = (cost[:, None] + more + price * (np.arange(n) > 0)).ravel()
        rows = np.column_stack([np.repeat(rows, n, axis=0), np.tile(np.arange(n), len(rows))])
        # Markers that reach beyond, and strokes that begin before, are drawn again.
        first = min(*(int(v) for v in np.searchsorted(x[: i + 1], (settled - reach, settled))), i)
        rows, cost = _keep(rows, cost, max(first - 1, 0))
    best = int(np.argmin(cost))
    return rows[best], float(cost[best])


def _keep(rows: IndexArray, cost: FloatArray, first: int) -> tuple[IndexArray, FloatArray]:
    """The best rows, and of those that are alike from the marker ``first`` on the best one."""
    order = np.argsort(cost, kind="stable")
    number = np.zeros(len(rows), dtype=np.int64)
    for column in rows[order, first:].T:
        _, number = np.unique(number * (int(column.max()) + 1) + column, return_inverse=True)
    _, unique = np.unique(number, return_index=True)
    kept = order[np.sort(unique)[:KEPT]]
    return rows[kept], cost[kept]


def _differ(
    pixels: _Pixels,
    part: slice,
    x: FloatArray,
    pen: Pen,
    joins: Mask,
    tried: Sequence[FloatArray],
    rows: IndexArray,
) -> FloatNd:
    """What drawing and ink differ by in some pixels for each row with each height of the next marker."""
    last, n = rows.shape[1], tried[rows.shape[1]].size
    if part.stop <= part.start:
        return np.zeros((len(rows), n))
    px, py = pixels.x[part], pixels.y[part]
    left, right = float(px[0]), float(px[-1])
    away = np.broadcast_to(pixels.fixed[part], (len(rows), px.size)).copy()
    strokes: list[tuple[FloatNd, IndexArray]] = []
    for i in range(max(0, int(np.searchsorted(x, left - pen.size - pen.ramp)) - 1), last + 1):
        reaches = left - pen.size - pen.ramp < x[i] < right + pen.size + pen.ramp
        if reaches and i < last:
            np.minimum(away, _marker(float(x[i]), tried[i], pen, px, py)[rows[:, i]], out=away)
        if i and joins[i - 1] and x[i - 1] - pen.width < right and x[i] + pen.width > left:
            used, number = np.unique(rows[:, i - 1], return_inverse=True)
            y0 = np.repeat(tried[i - 1][used], tried[i].size).astype(np.float32)
            y1 = np.tile(tried[i], used.size).astype(np.float32)[:, None]
            drawn = stroke_distance(float(x[i - 1]), y0, float(x[i]), y1[:, 0], pen.width, px, py)
            drawn = drawn.reshape(used.size, tried[i].size, px.size)
            if i < last:
                np.minimum(away, drawn[number, rows[:, i]], out=away)
            else:
                strokes.append((drawn, number))
    every = np.minimum(away[:, None], _marker(float(x[last]), tried[last], pen, px, py)[None])
    for drawn, number in strokes:
        np.minimum(every, drawn[number], out=every)
    return np.asarray(np.abs(coverage(every, pen.ramp) - pixels.seen[part]).sum(axis=2))
