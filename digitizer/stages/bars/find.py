"""Find bars: filled rectangles alike in width on a common baseline, told from other fills by several cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, Trace
from digitizer.stages.bars.bottom_bins import with_bottom_bins
from digitizer.stages.bars.clipped import follow_clipped
from digitizer.stages.bars.colors import are_one_series, legend_place, n_listed
from digitizer.stages.bars.cut import doubt_cut
from digitizer.stages.bars.edges import Bar, Plot, measure_bars
from digitizer.stages.bars.gradients import join_gradients
from digitizer.stages.bars.overlaid import apart_overlaid
from digitizer.stages.bars.row import are_even, are_slices, distinct, on_even_steps, stand_among
from digitizer.stages.bars.stack import Stack, level_strokes, of_one_width, only, stand, with_hidden
from digitizer.stages.bars.thin import with_thin
from digitizer.stages.bars.under_legend import (
    LEGEND_PX,
    ends_before_edge,
    follow_behind,
    join_beside,
    with_title,
)
from digitizer.stages.pixels.enclosed import close_letters
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

# Hatching is closed over this share of the panel where bare fills show no bars, or leave over this share of
# their area: it must then show so many times that.
HATCH_SHARE, HATCHED_BESIDE, MORE_AREA = 0.02, 0.5, 1.5
# Share of a colour's area that bars must explain; lines, markers and noise bands reach 0.5 by chance.
MIN_EXPLAINED = 0.8
# Fills wider than this share of the panel, or mostly as long as the panel, are shaded spans and backgrounds:
# these are of one length to so many pixels.
WIDEST = 0.6
LONGEST = 0.985
MOST_FULL = 0.5
SPAN_PX = 2
# Rectangles looked at, largest first: no chart has more bars, and noise falls into thousands.
MOST_RECTANGLES = 240
# Fills nearer to the panel's ground than this (largest channel) are it.
GROUND_COLOR = 8.0
# A baseline within this share of the far side is one that bars hang from.
HANGING = 0.05
# The tallest bar reaches this share of the panel at least, and this many pixels.
TALLEST_SHARE = 0.08
TALLEST_PX = 6
# So many of the colours have their bars on an even grid.
FEWEST_ON_GRID = 0.8
FEWEST = 2
# Lower rectangles (px) are strokes.
LEAST = 2


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
    bars = apart_overlaid(plot, join_gradients(plot, bars, legend))
    traces = [follow_behind(picture, frame, trace, inside) for trace in _traces(bars, plot, legend)]
    traces = [doubt_cut(picture, frame, trace, inside) for trace in traces]
    return with_bottom_bins(picture, frame, [follow_clipped(picture, frame, trace) for trace in traces])


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
        fills = replace(fills, index=close_letters(fills.index, len(fills.colors)))
        stack, turned = _bare_or_hatched(fills, legends)
        if stack is None or _is_ground(fills, stack, frame):
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
    return None if best is None else (best[1], with_thin(best[1], best[2]))


def _is_ground(fills: Fills, stack: Stack, frame: PanelFrame) -> bool:
    """Whether what hangs from the far side is the panel's own ground between bars that were not seen."""
    own = fills.colors[sorted({r.fill for r in stack.rectangles})] - np.asarray(frame.background)
    return bool(np.abs(own).max() < GROUND_COLOR)


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
    lying = find_stack(fills.turned, [turn_box(b) for b in legends], hatch, followed=False)
    turned = lying is not None and (upright is None or lying.area > upright.area)
    return (lying if turned else upright), turned


def _legend_boxes(
    frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> list[Box]:
    """The legend inside the frame: the obstacles that hold its samples, with its title."""
    swatches = [e.swatch for e in legend if e.swatch is not None and frame.box.contains(*e.swatch.center)]
    boxes = [b for b in obstacles if any(b.contains(*s.center) for s in swatches)]
    return [with_title(box, [b for b in obstacles if b not in boxes]) for box in boxes]


def find_stack(
    fills: Fills, legends: Sequence[Box], hatch: int = 0, *, followed: bool = True
) -> Stack | None:
    """Choose the rectangles that are bars, with their bases; None where the cues do not agree.

    Gaps up to ``hatch`` pixels wide inside a fill are taken for hatching. Bars that run into a legend are
    left out unless they are ``followed`` behind it.
    """
    height, width = fills.index.shape
    found = [r for k in range(len(fills.colors)) for r in find_rectangles(fills, k, hatch)]
    found = sorted(found, key=lambda r: -r.n_filled)[:MOST_RECTANGLES]
    near = [[box for box in legends if _touches(r, box)] for r in found]
    if not followed:
        near = [
            [b for b in boxes if not ends_before_edge(fills, r, b)]
            for r, boxes in zip(found, near, strict=True)
        ]
    hidden = join_beside([r for r, boxes in zip(found, near, strict=True) if boxes])
    bars = of_one_width(
        [
            r
            for r, boxes in zip(found, near, strict=True)
            if r.width <= WIDEST * width and r.height >= LEAST and not boxes
        ]
    )
    totals = np.bincount(fills.index[fills.index >= 0], minlength=len(fills.colors)).astype(np.float64)
    for r in hidden:
        totals[r.fill] -= r.n_filled
    sound = _explained(bars, totals)
    bars = [r for r in bars if r.fill in sound]
    if len(bars) < FEWEST:
        return None
    stack = stand(bars, height, level_strokes(fills), lying=not followed)
    sound = _explained(stack.rectangles, totals)
    stack = only(stack, [r.fill in sound for r in stack.rectangles])
    if followed:
        stack = with_hidden(stack, [r for r in hidden if r.fill in sound])
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


def _is_plausible(stack: Stack, height: int, width: int) -> bool:
    """Whether there are enough bars, tall enough, on an even grid, and not all alike in both ends."""
    bars = stack.rectangles
    centers = np.array([r.center for r in bars])
    if len(bars) < FEWEST or len(distinct(centers)) < FEWEST:
        return False
    heights = np.array([r.height for r in bars])
    if heights.max() < max(TALLEST_PX, TALLEST_SHARE * height):
        return False
    full = heights > LONGEST * height
    if full.mean() > MOST_FULL and np.ptp(heights[full]) <= SPAN_PX:
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
    # A colour of few bars may leave out any of the places at which another one has bars.
    even = [c for c in counts if are_even(c)]
    even += [c for c in counts if not are_even(c) and any(stand_among(c, other) for other in even)]
    return len(even) >= FEWEST_ON_GRID * len(counts)


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
    width = float(np.median([bar.width for bar in bars]))
    center = on_even_steps(np.array([b.center for b in bars]), width) + plot.origin[0]
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
        line_width_px=width,
        y_low_px=low if has_errors else None,
        y_high_px=high if has_errors else None,
        base_px=base,
        orientation="horizontal" if plot.turned else "vertical",
    )
