"""Put rectangles on a common baseline, and on each other: the bars of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.pixels.rectangles import Fills, Rectangle

# Bars of one panel agree in width to this (px, share): snapping to pixels moves each side by one.
WIDTH_PX = 2.2
WIDTH_SHARE = 0.1
# Bars start within this of their baseline (px) ...
BASE_PX = 2.6
# ... which may be a stroke across this share of the panel, no thicker (px) than that.
STROKE_ACROSS = 0.95
STROKE_PX = 8
# ... or of the end of the bar they stand on: JPEG smears three rows between two colours, six with an edge.
STACKED_PX = 7.0
# Of a stroke that is drawn over bars less is in a fill's colour.
FEET = 0.5
# Rows tried as a baseline, beside the outermost ones.
MOST_BASELINES = 12
# Rows this near to a side (px) are as near as the side's own stroke lets them be.
AT_SIDE_PX = 2.0
# Lower rectangles (px) on top of another bar are the blends of its edge.
THIN = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """The bars of a panel as rectangles: each with the row of its base and of its value edge."""

    baseline: float
    rectangles: tuple[Rectangle, ...]
    bases: tuple[float, ...]
    edges: tuple[float, ...]

    @property
    def area(self) -> int:
        return sum(r.n_filled for r in self.rectangles)


def of_one_width(found: Sequence[Rectangle]) -> list[Rectangle]:
    """The rectangles of the width that covers most area."""
    best: list[Rectangle] = []
    most = 0
    for width in sorted({r.width for r in found}):
        slack = max(WIDTH_PX, WIDTH_SHARE * width)
        near = [r for r in found if abs(r.width - width) <= slack]
        area = sum(r.n_filled for r in near)
        if area > most:
            best, most = near, area
    return best


def level_strokes(fills: Fills) -> list[tuple[int, int]]:
    """First and last row of each stroke that runs level across the panel: zero lines among them."""
    across = (fills.ink.mean(axis=1) >= STROKE_ACROSS).astype(np.int8)
    flips = np.flatnonzero(np.diff(np.concatenate([[0], across, [0]])))
    pairs = list(zip(flips[::2].tolist(), flips[1::2].tolist(), strict=True))
    filled = [float((fills.index[a:b] >= 0).mean()) for a, b in pairs]
    # At the panel's end the feet of bars that touch are inked all across.
    feet = [
        share > FEET and (a == 0 or b == len(across)) for (a, b), share in zip(pairs, filled, strict=True)
    ]
    return [(a, b - 1) for (a, b), foot in zip(pairs, feet, strict=True) if b - a <= STROKE_PX and not foot]


def stand(
    bars: Sequence[Rectangle], height: int, strokes: Sequence[tuple[int, int]] = (), *, lying: bool = False
) -> Stack:
    """Put rectangles on the row where most of them start, and the others on each other.

    Stacks that fill their panel start at its lower side, or where they are ``lying`` at its first row.
    Bars that hang from a zero line's one side and stand on its other start at the middle of its stroke.
    """
    tops = np.array([r.top - 0.5 for r in bars])
    bottoms = np.array([r.bottom + 0.5 for r in bars])
    ends = np.unique(np.concatenate([tops, bottoms]))
    low, high = ends.copy(), ends.copy()
    for first, last in strokes:
        beside = (ends >= first - BASE_PX) & (ends <= last + BASE_PX)
        low = np.where(beside, np.minimum(low, first - 0.5), low)
        high = np.where(beside, np.maximum(high, last + 0.5), high)
    near = np.minimum(_away(tops, low, high), _away(bottoms, low, high)) <= BASE_PX
    weight = near @ (bottoms - tops)
    # Where the lowest bars of stacks are low much more of their height starts elsewhere.
    likely = dict.fromkeys((*np.argsort(-weight, kind="stable")[:MOST_BASELINES].tolist(), 0, len(ends) - 1))
    stacks = [_pile(bars, float(low[k]), float(high[k])) for k in likely]
    # Of rows that serve equally the one nearest to a side: the axis.
    down = -1 if lying else 1
    return max(
        stacks,
        key=lambda s: (s.area, -max(min(s.baseline, height - s.baseline), AT_SIDE_PX), down * s.baseline),
    )


def with_hidden(stack: Stack, hidden: Sequence[Rectangle]) -> Stack:
    """Add bars that run into a legend or beside it: as wide as the others and on the same baseline.

    Where those end that a legend covers is not seen (see :func:`follow_behind`), but that they are there is.
    """
    if not stack.rectangles:
        return stack
    width = float(np.median([r.width for r in stack.rectangles]))
    taken = list(zip(stack.rectangles, stack.bases, stack.edges, strict=True))
    for r in hidden:
        base, edge = ends_of(r, stack.baseline)
        as_wide = abs(r.width - width) <= max(WIDTH_PX, WIDTH_SHARE * width)
        if as_wide and abs(base - stack.baseline) <= BASE_PX:
            taken.append((r, base, edge))
    taken.sort(key=lambda p: (p[0].center, p[1]))
    rectangles, bases, edges = zip(*taken, strict=True)
    return replace(stack, rectangles=rectangles, bases=bases, edges=edges)


def only(stack: Stack, keep: Sequence[bool]) -> Stack:
    return Stack(
        baseline=stack.baseline,
        rectangles=tuple(r for r, k in zip(stack.rectangles, keep, strict=True) if k),
        bases=tuple(b for b, k in zip(stack.bases, keep, strict=True) if k),
        edges=tuple(e for e, k in zip(stack.edges, keep, strict=True) if k),
    )


def _away(rows: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """How far rows lie from each of several stretches of rows (one row of the result each)."""
    return np.maximum(np.maximum(low[:, None] - rows, rows - high[:, None]), 0.0)


def _pile(bars: Sequence[Rectangle], low: float, high: float) -> Stack:
    """The rectangles that start at a baseline (or on either side of its stroke) or where another one ends."""
    baseline = (low + high) / 2
    placed: list[tuple[Rectangle, float, float]] = []
    waiting = []
    for r in bars:
        base, edge = ends_of(r, baseline)
        if max(low - base, base - high) <= BASE_PX:
            placed.append((r, baseline if high > low else base, edge))
        else:
            waiting.append((r, base, edge))
    grown = True
    while grown:
        ready = [
            w
            for w in waiting
            if w[0].height > THIN
            and any(lies_on(w[0], r) and abs(w[1] - end) <= STACKED_PX for r, _, end in placed)
        ]
        placed += ready
        waiting = [w for w in waiting if w not in ready]
        grown = bool(ready)
    placed.sort(key=lambda p: (p[0].center, p[1]))
    return Stack(
        baseline=baseline,
        rectangles=tuple(p[0] for p in placed),
        bases=tuple(p[1] for p in placed),
        edges=tuple(p[2] for p in placed),
    )


def ends_of(r: Rectangle, baseline: float) -> tuple[float, float]:
    """Base and value edge: the base is the end nearer to the baseline."""
    top, bottom = r.top - 0.5, r.bottom + 0.5
    return (top, bottom) if abs(top - baseline) < abs(bottom - baseline) else (bottom, top)


def lies_on(r: Rectangle, other: Rectangle) -> bool:
    shared = min(r.last, other.last) - max(r.first, other.first) + 1
    return shared >= 0.7 * min(r.width, other.width)
