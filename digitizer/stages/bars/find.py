"""Find bars: filled rectangles alike in width on a common baseline, told from other fills by several cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, Trace
from digitizer.stages.bars.colors import are_one_series, legend_place, n_listed
from digitizer.stages.bars.edges import Bar, Plot, follow_clipped, measure_bars
from digitizer.stages.bars.gradients import join_gradients
from digitizer.stages.bars.row import are_even, are_slices, distinct
from digitizer.stages.bars.under_legend import follow_behind
from digitizer.stages.pixels.rectangles import (
    Fills,
    Rectangle,
    find_fills,
    find_rectangles,
    ground_colors,
    pixel_noise,
    shift_box,
    turn_box,
)
from digitizer.stages.series.inks.ink import inside_of

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
# Hatching is closed over this share of the panel where bare fills show no bars, or leave over this share of
# their area: it must then show so many times that.
HATCH_SHARE, HATCHED_BESIDE, MORE_AREA = 0.02, 0.5, 1.5
# Share of a colour's area that bars must explain; lines, markers and noise bands reach 0.5 by chance.
MIN_EXPLAINED = 0.8
# Fills wider than this share of the panel, or mostly as long as the panel, are shaded spans and backgrounds.
WIDEST = 0.6
LONGEST = 0.985
MOST_FULL = 0.5
# A legend's box reaches this far (px) beyond its text and samples; what it touches is not seen whole.
LEGEND_PX = 8.0
# Rectangles looked at, largest first: no chart has more bars, and noise falls into thousands.
MOST_RECTANGLES = 240
# A baseline within this share of the far side is one that bars hang from.
HANGING = 0.05
# Rows tried as a baseline, beside the outermost ones.
MOST_BASELINES = 12
# The tallest bar reaches this share of the panel at least, and this many pixels.
TALLEST_SHARE = 0.08
TALLEST_PX = 6
# So many of the colours have their bars on an even grid.
FEWEST_ON_GRID = 0.8
FEWEST = 2
# Lower rectangles (px) are strokes, and on top of another bar the blends of its edge.
LEAST = 2
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


def find_bars(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    """Find the bars of a panel, one trace a legend entry or colour.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area.
    obstacles
        Boxes of text and legend inside the frame (source px).
    legend
        The panel's legend entries; their samples are filled rectangles too, and no bars.

    Returns
    -------
    tuple of Trace
        Of kind "bar", legend order first; empty where the panel holds no bars. ``x_px`` and ``y_px`` are the
        value edge and the bar's centre (vertical bars: the centre and the value edge), ``base_px`` where the
        bar starts along the value direction, ``line_width_px`` its width.

    Notes
    -----
    Rectangles become bars on agreement of independent cues: equal widths, one baseline (or the end of
    another bar), an even grid of centres, and most of their colour's area inside them.
    """
    inside = _legend_boxes(frame, obstacles, legend)
    best = likeliest_stack(picture, frame, inside)
    if best is None:
        return ()
    plot, stack = best
    bars = measure_bars(plot, stack.rectangles, stack.bases, stack.edges, frame)
    bars = join_gradients(plot, bars, legend)
    traces = [follow_behind(picture, frame, trace, inside) for trace in _traces(bars, plot, legend)]
    return tuple(follow_clipped(picture, frame, trace) for trace in traces)


def likeliest_stack(
    picture: Picture, frame: PanelFrame, legends: Sequence[Box] = ()
) -> tuple[Plot, Stack] | None:
    """The bars of a panel on its likeliest ground, and the crop to measure them on.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area.
    legends
        Boxes that hold legends (source px): what touches them is not seen whole.
    """
    left, top, right, bottom = inside_of(picture, frame)
    if right - left < 8 or bottom - top < 8:
        return None
    rgb = np.ascontiguousarray(picture.rgb[top : bottom + 1, left : right + 1])
    legends = [shift_box(b, left, top) for b in legends]
    noise = pixel_noise(rgb)
    best: tuple[tuple[bool, int], Plot, Stack] | None = None
    for background in ground_colors(rgb, frame.background):
        fills = find_fills(rgb, background, noise)
        if fills is None:
            continue
        stack, turned = _bare_or_hatched(fills, legends)
        if stack is None:
            continue
        plot = Plot(
            rgb=np.ascontiguousarray(rgb.transpose(1, 0, 2)) if turned else rgb,
            fills=fills.turned if turned else fills,
            origin=(top, left) if turned else (left, top),
            background=background,
            turned=turned,
        )
        # Where a bar's colour is taken for the ground, the gaps above the bars hang down from the far side.
        across = stack.baseline / plot.rgb.shape[0]
        rank = (across > 1 - HANGING) if turned else (across < HANGING), stack.area
        if best is None or (not rank[0], rank[1]) > (not best[0][0], best[0][1]):
            best = rank, plot, stack
    return None if best is None else best[1:]


def _bare_or_hatched(fills: Fills, legends: Sequence[Box]) -> tuple[Stack | None, bool]:
    """The bars as their bare fills show them, or as they do with hatching closed, and whether they lie."""
    bare, lying = _either_way(fills, legends, 0)
    if bare is not None and np.count_nonzero(fills.index >= 0) <= (1 + HATCHED_BESIDE) * bare.area:
        return bare, lying
    hatch = max(5, round(HATCH_SHARE * min(fills.index.shape)))
    hatched, turned = _either_way(fills, legends, hatch)
    if bare is not None and (hatched is None or hatched.area < MORE_AREA * bare.area):
        return bare, lying
    return hatched, turned


def _either_way(fills: Fills, legends: Sequence[Box], hatch: int) -> tuple[Stack | None, bool]:
    """The bars that stand or that lie, whichever cover more, and whether they lie."""
    upright = find_stack(fills, legends, hatch)
    lying = find_stack(fills.turned, [turn_box(b) for b in legends], hatch)
    turned = lying is not None and (upright is None or lying.area > upright.area)
    return (lying if turned else upright), turned


def _legend_boxes(
    frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> list[Box]:
    """The legend inside the frame: the obstacles that hold its samples."""
    swatches = [e.swatch for e in legend if e.swatch is not None and frame.box.contains(*e.swatch.center)]
    return [b for b in obstacles if any(b.contains(*s.center) for s in swatches)]


def find_stack(fills: Fills, legends: Sequence[Box], hatch: int = 0) -> Stack | None:
    """Choose the rectangles that are bars, with their bases; None where the cues do not agree.

    Gaps up to ``hatch`` pixels wide inside a fill are taken for hatching.
    """
    height, width = fills.index.shape
    found = [r for k in range(len(fills.colors)) for r in find_rectangles(fills, k, hatch)]
    found = sorted(found, key=lambda r: -r.n_filled)[:MOST_RECTANGLES]
    hidden = [r for r in found if any(_touches(r, box) for box in legends)]
    bars = _alike([r for r in found if r.width <= WIDEST * width and r.height >= LEAST and r not in hidden])
    totals = np.bincount(fills.index[fills.index >= 0], minlength=len(fills.colors)).astype(np.float64)
    for r in hidden:
        totals[r.fill] -= r.n_filled
    sound = _explained(bars, totals)
    bars = [r for r in bars if r.fill in sound]
    if len(bars) < FEWEST:
        return None
    stack = _stand(bars, height, _level_strokes(fills))
    sound = _explained(stack.rectangles, totals)
    stack = _only(stack, [r.fill in sound for r in stack.rectangles])
    if not _is_plausible(stack, height, width) or are_slices(stack.rectangles, stack.baseline, fills):
        return None
    return stack


def _explained(rectangles: Sequence[Rectangle], totals: FloatArray) -> set[int]:
    """The colours most of whose area lies in rectangles."""
    held = np.zeros(len(totals))
    for r in rectangles:
        held[r.fill] += r.n_filled
    return {k for k in range(len(totals)) if held[k] >= MIN_EXPLAINED * totals[k] > 0}


def _touches(r: Rectangle, box: Box) -> bool:
    """Whether a legend's box may hide an end of a rectangle."""
    across = r.first <= box.right + LEGEND_PX and box.left - LEGEND_PX <= r.last
    return across and r.top <= box.bottom + LEGEND_PX and box.top - LEGEND_PX <= r.bottom


def _alike(found: Sequence[Rectangle]) -> list[Rectangle]:
    """The rectangles of the width that covers most area."""
    best: list[Rectangle] = []
    most = 0
    for width in sorted({r.width for r in found}):
        slack = max(WIDTH_PX, WIDTH_SHARE * width)
        alike = [r for r in found if abs(r.width - width) <= slack]
        area = sum(r.n_filled for r in alike)
        if area > most:
            best, most = alike, area
    return best


def _level_strokes(fills: Fills) -> list[tuple[int, int]]:
    """First and last row of each stroke that runs level across the panel: zero lines among them."""
    across = (fills.ink.mean(axis=1) >= STROKE_ACROSS).astype(np.int8)
    flips = np.flatnonzero(np.diff(np.concatenate([[0], across, [0]])))
    pairs = zip(flips[::2].tolist(), flips[1::2].tolist(), strict=True)
    return [(a, b - 1) for a, b in pairs if b - a <= STROKE_PX]


def _stand(bars: Sequence[Rectangle], height: int, strokes: Sequence[tuple[int, int]] = ()) -> Stack:
    """Put rectangles on the row where most of them start, and the others on each other.

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
    return max(stacks, key=lambda s: (s.area, -min(s.baseline, height - s.baseline)))


def _away(rows: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """How far rows lie from each of several stretches of rows (one row of the result each)."""
    return np.maximum(np.maximum(low[:, None] - rows, rows - high[:, None]), 0.0)


def _pile(bars: Sequence[Rectangle], low: float, high: float) -> Stack:
    """The rectangles that start at a baseline (or on either side of its stroke) or where another one ends."""
    baseline = (low + high) / 2
    placed: list[tuple[Rectangle, float, float]] = []
    waiting = []
    for r in bars:
        base, edge = _ends(r, baseline)
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
            and any(_on(w[0], r) and abs(w[1] - end) <= STACKED_PX for r, _, end in placed)
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


def _ends(r: Rectangle, baseline: float) -> tuple[float, float]:
    """Base and value edge: the base is the end nearer to the baseline."""
    top, bottom = r.top - 0.5, r.bottom + 0.5
    return (top, bottom) if abs(top - baseline) < abs(bottom - baseline) else (bottom, top)


def _on(r: Rectangle, other: Rectangle) -> bool:
    shared = min(r.last, other.last) - max(r.first, other.first) + 1
    return shared >= 0.7 * min(r.width, other.width)


def _only(stack: Stack, keep: Sequence[bool]) -> Stack:
    return Stack(
        baseline=stack.baseline,
        rectangles=tuple(r for r, k in zip(stack.rectangles, keep, strict=True) if k),
        bases=tuple(b for b, k in zip(stack.bases, keep, strict=True) if k),
        edges=tuple(e for e, k in zip(stack.edges, keep, strict=True) if k),
    )


def _is_plausible(stack: Stack, height: int, width: int) -> bool:
    """Whether there are enough bars, tall enough, on an even grid, and not all alike in both ends."""
    bars = stack.rectangles
    centers = np.array([r.center for r in bars])
    if len(bars) < FEWEST or len(distinct(centers)) < FEWEST:
        return False
    heights = np.array([r.height for r in bars])
    if heights.max() < max(TALLEST_PX, TALLEST_SHARE * height):
        return False
    if np.mean(heights > LONGEST * height) > MOST_FULL:
        return False
    on_side = min(stack.baseline, height - stack.baseline) <= 0.12 * height + 3
    if not on_side and np.ptp(heights) <= 2:
        return False
    if len(bars) == FEWEST and (bars[0].width < 0.04 * width or not on_side):
        return False
    counts = [
        c for k in {r.fill for r in bars} if len(c := distinct(centers[[r.fill == k for r in bars]])) >= 3
    ]
    if not counts:
        return are_even(distinct(centers)) or len({r.fill for r in bars}) > 1
    return bool(np.mean([are_even(c) for c in counts]) >= FEWEST_ON_GRID)


def _traces(bars: Sequence[Bar], plot: Plot, legend: tuple[LegendEntry, ...]) -> tuple[Trace, ...]:
    """One trace a colour; bars that differ in colour by place or sign alone are one series."""
    fills = sorted({b.fill for b in bars})
    groups = [[b for b in bars if b.fill == k] for k in fills]
    named = n_listed(groups, plot, legend)
    if len(groups) > 1 and named < 2 and are_one_series(groups, named=named > 0):
        groups = [list(bars)]
    order = sorted(groups, key=lambda g: (legend_place(plot.fills.colors[g[0].fill], legend), g[0].center))
    return tuple(_trace(sorted(g, key=lambda b: b.center), plot) for g in order)


def _trace(bars: Sequence[Bar], plot: Plot) -> Trace:
    along, across = (1, 0) if plot.turned else (0, 1)
    center = np.array([b.center for b in bars]) + plot.origin[0]
    edge = np.array([b.edge for b in bars]) + plot.origin[1]
    base = np.array([b.base for b in bars]) + plot.origin[1]
    low = np.array([b.low for b in bars]) + plot.origin[1]
    high = np.array([b.high for b in bars]) + plot.origin[1]
    has_errors = bool(np.isfinite(low).any())
    places = (center, edge)
    r, g, b = (round(float(v)) for v in plot.fills.colors[bars[len(bars) // 2].fill])
    return Trace(
        kind="bar",
        color=(r, g, b),
        x_px=places[along],
        y_px=places[across],
        sigma_px=np.array([bar.sigma for bar in bars]),
        sampled_at="markers",
        line_style="none",
        line_width_px=float(np.median([bar.width for bar in bars])),
        y_low_px=low if has_errors else None,
        y_high_px=high if has_errors else None,
        base_px=base,
        orientation="horizontal" if plot.turned else "vertical",
    )
