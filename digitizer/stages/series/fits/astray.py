"""Vertices of a bare line in a wrong optimum: other heights at which its drawing is nearer to the ink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.fits.shapes import FloatNd, coverage, stroke_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON

# A vertex is looked for again where drawing and ink differ by this area beside it (full pixels, in stroke
# widths): right vertices of drawn noise have up to 1.5, most wrong ones 2 to 40. So many, the worst first.
WRONG_WIDTHS = 1.5
MOST = 80
# Heights are tried this far apart (px), so many at most, and so many around the best of them.
STEP_PX = 2.5
MOST_HEIGHTS = 32
FINER = 7
# Of neighbours that are both wrong so many heights each are tried together.
PAIRED = 14
# Another height must make drawing and ink differ by this much less (full pixels).
BETTER = 0.5
# Pixels this far (px) beside the pieces that move are looked at; ink of this column and those beside it tells
# between which heights a vertex may stand.
BESIDE_PX = 1.0
# So many rounds, at most; places that differ from a grid by less than this (px) are one.
ROUNDS = 3
ON_GRID_PX = 0.01
# Vertices nearer to each other than this (stroke widths), of which every other one turns by more than that
# (stroke widths), stand for several: on steps of a pixel 86 % of such are off by a percent of the height,
# with steps of 0.66 widths 2 %.
CROWDED = 0.5
TURNING = 0.5
Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """A line whose heights are being changed: the ink, and what is drawn."""

    alpha: FloatImage
    blocked: Mask
    x: FloatArray
    y: FloatArray
    links: Mask
    pen: Pen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """Pixels that neighbouring vertices may change, and their distance from what is drawn in any case."""

    px: FloatNd
    py: FloatNd
    seen: FloatNd
    fixed: FloatNd
    pen: Pen

    def cost(self, away: FloatNd) -> FloatNd:
        """What ink and drawing differ by (full pixels) where pieces that move are this far (..., pixels)."""
        drawn = coverage(np.minimum(away, self.fixed), self.pen.ramp)
        return np.asarray(np.abs(drawn - self.seen).sum(axis=-1))

    def add(self, away: FloatNd) -> None:
        """Draw one more stroke that stays (in place)."""
        np.minimum(self.fixed, away, out=self.fixed)

    def away(self, x0: float, y0: FloatNd, x1: float, y1: float) -> FloatNd:
        """Signed distances from strokes that begin at the heights ``y0`` (strokes, pixels)."""
        heights = y0.astype(np.float32)
        return stroke_distance(float(x0), heights, float(x1), float(y1), self.pen.width, self.px, self.py)


def are_crowded(x: FloatArray, y: FloatArray, width: float) -> bool:
    """Whether vertices turn so sharply so often that others, drawn as wide, are the same ink."""
    if x.size < 3 or float(np.median(np.diff(x))) >= CROWDED * width:
        return False
    return float(np.median(np.abs(y[1:-1] - (y[:-2] + y[2:]) / 2))) > TURNING * width


def set_right(alpha: FloatImage, blocked: Mask, fit: Fit, links: Mask) -> Fit:
    """Fit a line again from better heights, as long as drawing and ink come nearer to each other.

    Parameters and notes as of :func:`find_better_heights`.
    """
    on_grid = fit.x.size > 2 and float(np.ptp(np.diff(fit.x))) < ON_GRID_PX
    steps = np.arange(fit.x.size, dtype=np.float64) if on_grid else None
    for _ in range(ROUNDS):
        better = find_better_heights(alpha, blocked, fit, links)
        if better is None:
            break
        again = refine_vertices(alpha, blocked, fit.x, better, fit.pen, steps=steps, joined=links)
        if again.surplus >= fit.surplus or np.any(np.diff(again.x) <= 0):
            break
        fit = again
    return fit


def find_better_heights(alpha: FloatImage, blocked: Mask, fit: Fit, links: Mask) -> FloatArray | None:
    """Better heights for vertices beside which drawing and ink differ; None where there are none.

    Parameters
    ----------
    alpha, blocked
        Coverage of the line (height, width) and the pixels that say nothing about it.
    fit
        Its vertices by rising x (crop coordinates).
    links
        Whether vertex i is joined to vertex i + 1 (size n - 1).

    Notes
    -----
    Least squares moves a vertex by what the rims of its pieces show: one that began far from its place,
    inside its neighbours' ink, stays there. Each height of such a vertex is drawn with the others as they
    are, and those of two neighbours together where both are wrong.
    """
    worst = np.argsort(-fit.wrong, kind="stable")[:MOST]
    worst = worst[fit.wrong[worst] > WRONG_WIDTHS * fit.pen.width]
    course = _Course(alpha=alpha, blocked=blocked, x=fit.x, y=fit.y.copy(), links=links, pen=fit.pen)
    spans = {int(i): _span(course, int(i)) for i in worst}
    for i, span in spans.items():
        _move_one(course, i, span)
    for i in spans:
        if i + 1 in spans:
            _move_two(course, i, (spans[i], spans[i + 1]))
    return None if np.array_equal(course.y, fit.y) else course.y


def _span(course: _Course, i: int) -> Span:
    """Between which heights a vertex may stand: the ink of its columns."""
    near = slice(max(0, int(course.x[i] - BESIDE_PX)), int(course.x[i] + BESIDE_PX) + 2)
    seen = (course.alpha[:, near] > ON) & ~course.blocked[:, near]
    rows = np.flatnonzero(seen.any(axis=1))
    now = float(course.y[i])
    return (float(rows[0]), float(rows[-1])) if rows.size else (now, now)


def _cut(course: _Course, first: int, last: int, spans: tuple[Span, ...]) -> _Part | None:
    """The part of a picture that the vertices between ``first`` and ``last`` may change."""
    x, y, pen = course.x, course.y, course.pen
    reach = pen.width / 2 + BESIDE_PX
    height, width = course.alpha.shape
    left, right = max(0, int(x[first] - reach)), min(width, int(x[last] + reach) + 2)
    ends = [*(v for span in spans for v in span), *(float(v) for v in y[first : last + 1])]
    top, bottom = max(0, int(min(ends) - reach)), min(height, int(max(ends) + reach) + 2)
    rows, columns = np.nonzero(~course.blocked[top:bottom, left:right])
    if not rows.size:
        return None
    rows, columns = rows + top, columns + left
    # Single precision halves the time, and is good to a ten-thousandth of a pixel.
    px, py = columns.astype(np.float32), rows.astype(np.float32)
    part = _Part(
        px=px,
        py=py,
        seen=course.alpha[rows, columns],
        fixed=np.full(px.size, np.inf, dtype=np.float32),
        pen=pen,
    )
    begin = max(int(np.searchsorted(x, left - reach)) - 1, 0)
    end = min(int(np.searchsorted(x, right + reach)) + 1, x.size - 1)
    for k in range(begin, end):
        if course.links[k] and not first <= k < last:
            part.add(part.away(x[k], y[k : k + 1], x[k + 1], y[k + 1])[0])
    return part


def _move_one(course: _Course, i: int, span: Span) -> None:
    """Put a vertex at the height at which it differs least from the ink (in place)."""
    x, y = course.x, course.y
    near = [k for k in (i - 1, i + 1) if 0 <= k < x.size and course.links[min(i, k)]]
    part = _cut(course, max(i - 1, 0), min(i + 1, x.size - 1), (span,))
    if part is None or not near:
        return

    def cost(heights: FloatArray) -> FloatNd:
        away = [part.away(x[i], heights, x[k], float(y[k])) for k in near]
        return part.cost(np.minimum(away[0], away[-1]))

    n = int(np.clip((span[1] - span[0]) / STEP_PX, 2, MOST_HEIGHTS))
    tried = np.r_[y[i], np.linspace(*span, n)]
    costs = cost(tried)
    best = tried[int(np.argmin(costs))]
    finer = best + np.linspace(-1.0, 1.0, FINER) * (span[1] - span[0]) / n
    fine = cost(finer)
    if fine.min() < costs[0] - BETTER:
        y[i] = finer[int(np.argmin(fine))]


def _move_two(course: _Course, i: int, spans: tuple[Span, Span]) -> None:
    """Put vertices ``i`` and ``i + 1`` at the heights at which they differ least from the ink (in place)."""
    x, y = course.x, course.y
    first, last = max(i - 1, 0), min(i + 2, x.size - 1)
    part = _cut(course, first, last, spans)
    if part is None or not course.links[i]:
        return
    one, two = (np.r_[y[i + k], np.linspace(*spans[k], PAIRED)] for k in (0, 1))
    away = np.stack([part.away(x[i], one, x[i + 1], float(h)) for h in two], axis=1)
    if first < i and course.links[first]:
        np.minimum(away, part.away(x[i], one, x[first], float(y[first]))[:, None], out=away)
    if last > i + 1 and course.links[i + 1]:
        np.minimum(away, part.away(x[i + 1], two, x[last], float(y[last]))[None], out=away)
    cost = part.cost(away)
    a, b = np.unravel_index(int(np.argmin(cost)), cost.shape)
    if cost[a, b] < cost[0, 0] - BETTER:
        y[i], y[i + 1] = one[a], two[b]
