"""Crowded dots and a bare line of one colour, both on the same steps: placed together, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import refine_vertices
from digitizer.stages.series.fits.shapes import FloatNd, coverage, stroke_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON, IndexArray
from digitizer.stages.series.paths.steps import FEWEST, Steps, find_steps, steps_of

# Dots further apart than so many of their widths are found one by one.
CROWDED = 1.0
# ... and so is a vertex of the line, unless a dot hides it: it is missed, or there are bends beside it. Of a
# line whose other vertices stand this near (px) to the dots' steps up to this share may be so.
ON_STEP_PX, MOST_STRAY = 1.5, 0.25
# Dots stand this near to steps (share of a step), all but this share; fewer are chance.
NEAR_STEP = 0.35
ON_STEPS = 0.85
# There are no more dots than steps, but for so many that were found in heaps by mistake.
MORE = 1.1
FEWER = 0.5
# A dot has ink under so much of it.
INKED = 0.8
# Drawing and ink differ by at most this share of the ink where both stand on the steps (0.02 to 0.05 on drawn
# pairs, 0.23 on wrong steps); after a first sweep by that.
MOST_WRONG = 0.12
HOPELESS = 0.35
# Heights are tried this far apart (px), so many at most; finer ones in the end.
STEP_PX = 1.0
MOST_HEIGHTS = 40
FINE_PX = np.linspace(-1.0, 1.0, 9)
# What is hidden runs as straight as it can: full pixels a pixel of bend.
BEND_PRICE = 0.03
# Sweeps over all that changed, at most.
SWEEPS = 6
# Renderers put markers on whole pixels, this far (px) from where they belong; which it is is told before each
# of the first sweeps (of keras_52 the right one differs from the ink by a third of what others do).
SNAP_OFF_PX = (-0.5, -0.25, 0.0, 0.25, 0.5)
SNAPPED = 2
# Ink reaches this far (px) beyond outlines.
RIM_PX = 1.5
# A height whose neighbours a pixel off differ from the ink by this much more (full pixels) is seen; the
# deviation (px) of one that is seen, and of one that nothing shows, at most.
SEEN = 0.3
SEEN_SIGMA = 0.4
MOST_SIGMA = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pair:
    """The ink, the places of all steps along x (of dots as drawn), and the heights of dots and line there."""

    alpha: FloatImage
    blocked: Mask
    x: FloatArray
    dots_x: FloatArray
    dots: FloatArray
    line: FloatArray | None
    radius: float
    width: float

    @property
    def period(self) -> float:
        return float(self.x[1] - self.x[0])


def lists_both(layer: Layer) -> bool:
    """Whether the legend lists markers of a layer's colour and a line without any: data, and a fit to these.

    They are two series, though all markers stand on the line.
    """
    listed = sorted((e.marker != "none", e.line_style != "none") for e in layer.entries)
    return listed == [(False, True), (True, False)]


def place_together(layer: Layer, traces: list[Trace]) -> list[Trace]:
    """Dots and line of a layer, placed together where the legend lists one of each and the dots are crowded.

    Notes
    -----
    Where dots touch, few have an outline of their own and the line runs hidden under them; but there is one
    dot and one vertex on each step. Each height in turn is put where drawing and ink differ least.
    """
    lines = [t for t in traces if t.kind == "line" and t.marker == "none"]
    if not lists_both(layer) or len(traces) != 2 or len(lines) != 1:
        return traces
    return _place(layer, traces, lines[0])


def place_alone(layer: Layer, traces: list[Trace]) -> list[Trace]:
    """Crowded dots of a colour of their own, one on each step; for panels whose lines stand on steps."""
    listed = [(e.marker != "none", e.line_style != "none") for e in layer.entries]
    return _place(layer, traces, None) if listed == [(True, False)] and len(traces) == 1 else traces


def _place(layer: Layer, traces: list[Trace], line: Trace | None) -> list[Trace]:
    pair = _find_pair(layer, traces, line)
    if pair is None:
        return traces
    n, ink = pair.x.size, float(pair.alpha[~pair.blocked].sum())
    changed = np.ones(n, dtype=bool)
    for sweep in range(SWEEPS):
        pair = _snap(pair) if sweep < SNAPPED else pair
        near = np.convolve(changed, np.ones(5), mode="same") > 0
        changed = _sweep(pair, np.flatnonzero(near))
        if _wrong(pair) > HOPELESS * ink:
            return traces
        if not changed.any():
            break
    pair = _refine(pair)
    _sweep(pair, np.arange(n), fine=True)
    if _wrong(pair) > MOST_WRONG * ink or not _all_inked(pair):
        return traces
    return [_moved(layer, pair, t) for t in traces]


def _find_pair(layer: Layer, traces: list[Trace], line: Trace | None) -> _Pair | None:
    """The steps of a layer's dots, and line, with the heights that are known, others between those."""
    dots = next((t for t in traces if t.kind == "scatter" and t.marker == "circle"), None)
    if dots is None or dots.x_px.size < FEWEST:
        return None
    dx, dy = dots.x_px - layer.ink.left, dots.y_px - layer.ink.top
    lx, ly = dx, dy
    if line is not None:
        seen = np.isfinite(line.y_px)
        lx, ly = line.x_px[seen] - layer.ink.left, line.y_px[seen] - layer.ink.top
    if lx.size < 2:
        return None
    every = _places(_steps(layer, lx, dx), lx, dx, CROWDED * dots.marker_size_px)
    if every is None and line is not None:
        steps = find_steps(dx)
        reach = (dots.marker_size_px + line.line_width_px) / 2 + RIM_PX
        at_dot = _ends_at_dot((lx, ly), (dx, dy), reach)
        if steps is not None and (at_dot or (line.sampled_at == "vertices" and _strays(lx, steps))):
            every = _places(steps, lx, dx)
    if every is None:
        return None
    x, k = every
    order = np.argsort(dx, kind="stable")
    heights = np.interp(x, dx[order], dy[order])
    heights[k] = dy
    return _Pair(
        alpha=layer.alpha,
        blocked=layer.blocked,
        x=x,
        dots_x=x,
        dots=heights,
        line=None if line is None else np.interp(x, lx, ly),
        radius=dots.marker_size_px / 2,
        width=1.0 if line is None else line.line_width_px,
    )


def _places(
    steps: Steps | None, line_x: FloatArray, dots_x: FloatArray, widest: float = np.inf
) -> tuple[FloatArray, IndexArray] | None:
    """Where all steps are from end to end, and on which of them each dot is; None where dots are on none."""
    if steps is None or steps.period > widest:
        return None
    k = steps.nearest(dots_x)
    if np.mean(np.abs(dots_x - steps.position(k)) < NEAR_STEP * steps.period + 0.5) < ON_STEPS:
        return None
    ends = np.r_[k, steps.nearest(line_x[[0, -1]])]
    every = np.arange(ends.min(), ends.max() + 1)
    if not FEWER * every.size <= dots_x.size <= MORE * every.size:
        return None
    return steps.position(every), (k - every[0]).astype(np.intp)


def _steps(layer: Layer, line_x: FloatArray, dots_x: FloatArray) -> Steps | None:
    """The steps of the line's vertices, else of the dots, else the axis' whole numbers."""
    steps = steps_of(line_x) or find_steps(dots_x)
    if steps is None and layer.ink.ruler is not None:
        steps = Steps(origin=layer.ink.ruler[0], period=layer.ink.ruler[1])
    return steps


def _strays(x: FloatArray, steps: Steps) -> bool:
    """Whether vertices stand on steps, but for a few that are hidden: missing, or bends beside them."""
    k = steps.nearest(x)
    stray = np.abs(x - steps.position(k)) > ON_STEP_PX
    hidden = np.ptp(k) + 1 - np.unique(k[~stray]).size
    return bool(0 < max(stray.sum(), hidden) <= MOST_STRAY * x.size)


def _ends_at_dot(
    line: tuple[FloatArray, FloatArray], dots: tuple[FloatArray, FloatArray], reach: float
) -> bool:
    """Whether a line begins or ends at the rim of a dot that stands beyond it: under that it goes on."""
    (x, y), (dots_x, dots_y) = line, dots
    for end, outward in ((0, -1.0), (-1, 1.0)):
        beyond = outward * (dots_x - x[end])
        near = np.hypot(beyond, dots_y - y[end]) < reach
        if np.any(near & (beyond > 0)):
            return True
    return False


def _snap(pair: _Pair) -> _Pair:
    """The pair with its dots where they are drawn: on whole pixels, most often, somewhat beside the steps."""
    places = (pair.x, *(np.round(pair.x + off) for off in SNAP_OFF_PX))
    return min((replace(pair, dots_x=at) for at in places), key=_wrong)


def _refine(pair: _Pair) -> _Pair:
    """The pair with its steps and the line's heights fitted to what the dots leave of the line."""
    if pair.line is None:
        return pair
    hidden = pair.blocked | (_draw(pair, line=False) < RIM_PX)
    steps = np.arange(pair.x.size, dtype=np.float64)
    fit = refine_vertices(
        pair.alpha, hidden, pair.x, pair.line, Pen(width=pair.width), steps=steps, judged=False
    )
    better = replace(pair, x=fit.x, line=fit.y)
    return min(pair, better, key=_wrong)


def _sweep(pair: _Pair, which: Iterable[int], *, fine: bool = False) -> Mask:
    """Put each dot and each vertex where it differs least from the ink (in place); tells which moved."""
    changed = np.zeros(pair.x.size, dtype=bool)
    for k in which:
        for heights, is_dot in ((pair.dots, True), (pair.line, False)):
            if heights is None:
                continue
            tried = heights[k] + np.r_[0.0, FINE_PX] if fine else _choices(pair, int(k), float(heights[k]))
            cost = _costs(pair, int(k), tried, is_dot)
            best = int(np.argmin(cost))
            if best and cost[best] < cost[0]:
                heights[k] = tried[best]
                changed[k] = True
    return changed


def _choices(pair: _Pair, k: int, now: float) -> FloatArray:
    """The height as it is, and all that the ink of its columns allows."""
    near = slice(max(0, int(pair.x[k]) - 1), int(pair.x[k]) + 3)
    rows = np.flatnonzero(((pair.alpha[:, near] > ON) & ~pair.blocked[:, near]).any(axis=1))
    if not rows.size:
        return np.array([now])
    n = int(np.clip((rows[-1] - rows[0]) / STEP_PX, 2, MOST_HEIGHTS))
    return np.asarray(np.r_[now, np.linspace(rows[0], rows[-1], n)])


def _costs(pair: _Pair, k: int, tried: FloatArray, is_dot: bool) -> FloatNd:
    """What drawing and ink differ by (full pixels) with one dot or vertex at each height, and its bends."""
    x, n = pair.x, pair.x.size
    own, line = (pair.dots, pair.line) if is_dot or pair.line is None else (pair.line, pair.line)
    beside = [j for j in (k - 1, k + 1) if 0 <= j < n]
    ends = np.r_[tried, own[k]] if is_dot else np.r_[tried, own[[k, *beside]]]
    reach = pair.radius + RIM_PX
    left, right = int(x[k] - pair.period - reach), int(x[k] + pair.period + reach) + 2
    top, bottom = max(0, int(ends.min() - reach)), int(ends.max() + reach) + 2
    part = ~pair.blocked[top:bottom, max(0, left) : right]
    rows, columns = np.nonzero(part)
    rows, columns = rows + top, columns + max(0, left)
    px, py = columns.astype(np.float32), rows.astype(np.float32)
    reached = int(np.ceil((right - left) / 2 / pair.period)) + 1
    fixed = np.full(px.size, np.inf, dtype=np.float32)
    for j in range(max(k - reached, 0), min(k + reached + 1, n)):
        if not (is_dot and j == k):
            np.minimum(fixed, _from_dots(pair, j, pair.dots[j : j + 1], px, py)[0], out=fixed)
        if line is not None and j + 1 < n and (is_dot or j not in (k - 1, k)):
            np.minimum(fixed, _from_line(pair, line, j, line[j : j + 1], j + 1, px, py)[0], out=fixed)
    if is_dot:
        away = _from_dots(pair, k, tried, px, py)
    else:
        strokes = [_from_line(pair, own, k, tried, j, px, py) for j in beside]
        away = np.minimum(strokes[0], strokes[-1])
    drawn = coverage(np.minimum(away, fixed))
    return np.asarray(np.abs(drawn - pair.alpha[rows, columns]).sum(axis=-1) + _bends(own, k, tried))


def _from_dots(pair: _Pair, k: int, y: FloatArray, px: FloatNd, py: FloatNd) -> FloatNd:
    away = np.hypot(px - np.float32(pair.dots_x[k]), py - y.astype(np.float32)[:, None])
    return np.asarray(away - np.float32(pair.radius))


def _from_line(
    pair: _Pair, line: FloatArray, k: int, y: FloatArray, other: int, px: FloatNd, py: FloatNd
) -> FloatNd:
    ends = float(pair.x[k]), y.astype(np.float32), float(pair.x[other]), float(line[other])
    return stroke_distance(*ends, pair.width, px, py)


def _bends(y: FloatArray, k: int, tried: FloatArray) -> FloatArray:
    """The price of how sharply a course bends at a step and beside it, for each height there."""
    price = np.zeros(tried.size)
    for j in range(max(k - 1, 1), min(k + 2, y.size - 1)):
        before, at, after = (tried if i == k else y[i] for i in (j - 1, j, j + 1))
        price += np.abs(before - 2 * at + after)
    return np.asarray(BEND_PRICE * price)


def _draw(pair: _Pair, *, line: bool) -> FloatNd:
    """Signed distances of the pixels near the drawing from its dots, and the line; others' are infinite."""
    away = np.full(pair.alpha.shape, np.inf, dtype=np.float32)
    reach = max(pair.radius, pair.width / 2) + RIM_PX + 1
    last, course = pair.x.size - 1, pair.line if line else None
    for k in range(last + 1):
        other = k if course is None else min(k + 1, last)
        ends = [pair.dots[k], *(() if course is None else (course[k], course[other]))]
        top, left = max(0, int(min(ends) - reach)), max(0, int(min(pair.x[k], pair.dots_x[k]) - reach))
        part = away[top : int(max(ends) + reach) + 2, left : int(pair.x[other] + reach) + 2]
        py, px = (v.ravel().astype(np.float32) for v in np.indices(part.shape))
        px, py = px + np.float32(left), py + np.float32(top)
        near = _from_dots(pair, k, pair.dots[k : k + 1], px, py)[0]
        if course is not None and other > k:
            near = np.minimum(near, _from_line(pair, course, k, course[k : k + 1], other, px, py)[0])
        np.minimum(part, near.reshape(part.shape), out=part)
    return away


def _all_inked(pair: _Pair) -> bool:
    """Whether each step has ink where its dot is drawn, as far as nothing hides it: no dot is made up."""
    reach = int(pair.radius)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    inside = np.hypot(dx, dy) <= pair.radius - 0.5
    height, width = pair.alpha.shape
    rows = np.clip(np.round(pair.dots).astype(int)[:, None] + dy[inside], 0, height - 1)
    columns = np.clip(np.round(pair.dots_x).astype(int)[:, None] + dx[inside], 0, width - 1)
    inked = (pair.alpha[rows, columns] > ON) | pair.blocked[rows, columns]
    return bool(np.all(inked.mean(axis=1) > INKED))


def _wrong(pair: _Pair) -> float:
    """What the whole drawing and the ink differ by (full pixels)."""
    return float(np.abs(coverage(_draw(pair, line=True)) - pair.alpha)[~pair.blocked].sum())


def _moved(layer: Layer, pair: _Pair, trace: Trace) -> Trace:
    """A trace with the points where they were put, and what is known of each."""
    is_dots = trace.kind == "scatter"
    y = pair.dots if is_dots or pair.line is None else pair.line
    told = np.array(
        [_costs(pair, k, y[k] + np.array([0.0, -1.0, 1.0]), is_dots) for k in range(y.size)], dtype=np.float64
    )
    gain = np.maximum(told[:, 1:].min(axis=1) - told[:, 0], 0.0)
    sigma = np.minimum(SEEN_SIGMA * np.maximum(1.0, SEEN / np.maximum(gain, 1e-3)), MOST_SIGMA)
    return replace(
        trace,
        x_px=pair.x + layer.ink.left,
        y_px=y + layer.ink.top,
        sigma_px=sigma,
        sampled_at="markers" if is_dots else "vertices",
        hidden=float(np.mean(gain < SEEN)) if is_dots else trace.hidden,
    )
