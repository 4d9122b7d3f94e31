"""Find the plot areas: rectangles on which straight strokes of both directions agree.

Every horizontal stroke proposes an extent in x, every vertical one an extent in y. A plot area
is a rectangle that several strokes propose together: its drawn sides, its grid and the edge of
its background all have its extents. Which of nested rectangles is the plot area is told by the
labels: small ink beside its left side and below it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, PanelFrame, Picture
from digitizer.medians import median
from digitizer.stages.axes.perched import count_perched, mark_perched
from digitizer.stages.axes.valued_bars import frame_bare_bars
from digitizer.stages.frames.measure import SEARCH_PX, measure_frame
from digitizer.stages.panels import inner_axes
from digitizer.stages.panels.apart_axes import propose_apart
from digitizer.stages.panels.axes_grid import leave_out_shapes
from digitizer.stages.panels.axis_corner import carry_to_axes
from digitizer.stages.panels.beside_bars import prefer_whole, propose_beside_bars
from digitizer.stages.panels.cards import MIN_CARD_SHARE, holds_labels, leaves_margins, spans_card
from digitizer.stages.panels.cells import crop, cut_cells, reading_order, shift_frame
from digitizer.stages.panels.even_facets import widen_facets
from digitizer.stages.panels.extended import extend_to_ink
from digitizer.stages.panels.label_panels import propose_from_labels
from digitizer.stages.panels.levels import misses_row
from digitizer.stages.panels.mates import add_mates
from digitizer.stages.panels.missing_cells import with_missing_cells
from digitizer.stages.panels.panel_parts import (
    MUCH_BETTER,
    are_bars,
    are_cells,
    cuts_labels,
    is_corner,
    stands_between_bars,
    straddles,
)
from digitizer.stages.panels.preferred import drop_parts, prefer_labelled
from digitizer.stages.panels.strip_grid import stand_below_strips
from digitizer.stages.panels.strips import part_facets
from digitizer.stages.strokes.blanks import part_at_blanks
from digitizer.stages.strokes.over_bars import carry_over_bars
from digitizer.stages.strokes.proposals import (
    MIN_SIDE_PX,
    MIN_SIDE_SHARE,
    Proposal,
    intersection,
    propose_rectangles,
    same_row_or_column,
    scale_box,
    shared_part,
)
from digitizer.stages.strokes.strokes import (
    Stroke,
    find_edges,
    heal_crossings,
    join_edges,
    to_grey,
    uncover_ends,
)
from digitizer.stages.text.small_ink import find_small_ink

# Panels are searched at no more than this many pixels: enough for a 5 x 4 grid, and quick.
WORKING_SIZE = 1600
# Strokes longer than this share of a side take part in proposing rectangles.
MAX_STROKES = 400
MAX_ASPECT = 9.0
# Labels side by side are farther apart than this (heights of their ink), the letters of a word closer; labels
# below each other than this.
COLUMN_GAP, ROW_GAP = 0.8, 0.5
# A panel with labels on one side only is no smaller than this share of the fully labelled ones.
MIN_HALF_LABELLED = 0.3
# The grid's lines span more than this share of the box around them.
MIN_LADDER_SHARE = 0.35
# So many evenly spaced lines with ink on two sides are a panel where nothing else is found.
LONE_RUNGS = 4
# Drawn sides and grid lines of a rectangle that is a panel without its labels beside it.
CLEAR_BOX = 8
# Legends and bars with four sides are smaller parts of their panel than this.
PART_SHARE = 0.45
# They lie in it with this share; in lines without sides (steep starts of curves in panels beside) wholly.
PART_WITHIN, PART_IN_LADDER = 0.6, 0.9
# So many lines that run beyond both sides of a rectangle are a grid's, and its sides the edges of bars; one
# may be the axis line.
MIN_OVER = 2
# A panel within a rectangle lies in it with this share; a facet's strip, up to 0.15 of it, may stick out.
INNER_SHARE = 0.8
# Drawn lines up to this wide (working pixels) are one line and not two edges.
MAX_LINE_WIDTH = 4.5


def find_panels(picture: Picture) -> tuple[PanelFrame, ...]:
    """Find the plot areas of a figure, in reading order.

    Parameters
    ----------
    picture : Picture
        The decoded source.

    Returns
    -------
    tuple of PanelFrame
        Rectangles through the centres of the drawn sides, in source pixels; empty where the
        picture holds no chart.
    """
    rgb, factor = _at_working_size(picture)
    grey = to_grey(rgb)
    turned = np.ascontiguousarray(grey.T)
    level, upright = _strokes(grey), _strokes(turned)
    horizontal, vertical = part_at_blanks(grey, level, upright), part_at_blanks(turned, upright, level)
    if apart := _find_in_cells(picture, cut_cells(horizontal, vertical, grey.shape), 1 / factor):
        return apart
    labels = find_small_ink(grey, horizontal, vertical)
    lines = inner_axes.find_labelled_lines(labels, horizontal, vertical, grey.shape)
    proposals = propose_rectangles(horizontal, vertical, shape=grey.shape) + inner_axes.propose_crossed(lines)
    proposals += propose_apart(lines.level, horizontal, vertical, grey.shape)
    between = propose_from_labels(grey, labels, horizontal, vertical)
    outside = _leave_out_inside(labels, [p for p in proposals if not holds_labels(p, between)])
    proposals = [inner_axes.end_at_axis(count_labels(p, outside), lines) for p in proposals]
    proposals = [inner_axes.count_inner_labels(count_labels(p, outside), lines) for p in proposals]
    proposals = [count_perched(p, lines.words, horizontal) for p in proposals]
    cards = [p for p in proposals if _is_card(p, proposals, labels, between)]
    proposals = [p for p in proposals if p not in cards and not spans_card(p, cards)]
    chosen = choose(leave_out_shapes(proposals), shape=grey.shape)
    lone = [count_labels(p, outside) for p in propose_beside_bars(horizontal, vertical, grey.shape)]
    lone = [p for p in lone if p.n_labelled == 2]
    chosen = prefer_labelled(prefer_whole(chosen, lone), lone + between)
    chosen = add_mates(chosen, horizontal, vertical, partial(count_labels, ink=outside))
    boxes = [extend_to_ink(grey, p) for p in chosen]
    # In a reduced picture a thick side may be seen by one of its edges alone.
    reach = SEARCH_PX if factor == 1.0 else SEARCH_PX + MAX_LINE_WIDTH / 2
    measured = [measure_frame(picture, scale_box(b, 1 / factor), reach=reach / factor) for b in boxes]
    measured = drop_parts(carry_to_axes(picture, measured, horizontal, vertical, factor))
    beside = [count_labels(p, outside) for p in chosen]
    frames = [
        None if frame is None else inner_axes.mark_inner_axes(frame, p, lines, factor)
        for frame, p in zip(measured, beside, strict=True)
    ]
    frames = [
        mark_perched(frame, p, lines.words, horizontal, factor)
        for frame, p in zip(frames, beside, strict=True)
    ]
    if not any(frames):
        frames = [frame_bare_bars(picture, labels, 1 / factor)]
    parts = part_facets(picture, [frame for frame in frames if frame is not None])
    parts = with_missing_cells(picture, parts)
    below = stand_below_strips(picture, parts, rgb, grey, factor)
    return tuple(reading_order(widen_facets(picture, below)))


def _at_working_size(picture: Picture) -> tuple[ByteImage, float]:
    """The picture at the size that panels are looked for in, and how much smaller that is."""
    factor = min(1.0, WORKING_SIZE / max(picture.width, picture.height))
    if factor == 1.0:
        return picture.rgb, factor
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return np.asarray(cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def _find_in_cells(
    picture: Picture, cells: list[tuple[float, float, float, float]], scale: float
) -> tuple[PanelFrame, ...]:
    """Find the panels of each cell by itself; none where a cell holds no chart, as grid lines cut them."""
    found: list[PanelFrame] = []
    for cell in cells:
        part, left, top = crop(picture, cell, scale)
        frames = find_panels(part)
        if not frames:
            return ()
        found += [shift_frame(frame, left, top) for frame in frames]
    return tuple(reading_order(found))


def _strokes(grey: NDArray[np.int16]) -> list[Stroke]:
    min_length = max(MIN_SIDE_PX, round(MIN_SIDE_SHARE * grey.shape[1]))
    edges = find_edges(grey, min_length=min_length)
    edges = sorted(edges, key=lambda e: -e.length)[: 4 * MAX_STROKES]
    strokes = uncover_ends(grey, heal_crossings(grey, join_edges(edges, max_width=MAX_LINE_WIDTH)))
    return sorted(carry_over_bars(grey, strokes), key=lambda s: -s.length)[:MAX_STROKES]


def _leave_out_inside(ink: FloatArray, proposals: list[Proposal]) -> FloatArray:
    """Leave out the ink inside boxes that are panels beyond doubt: a neighbour's markers are no labels.

    A box around two panels on one base line is none of them: between these stand labels.
    """
    center = (ink[:, :2] + ink[:, 2:]) / 2
    inside = np.zeros(len(ink), dtype=bool)
    for p in proposals:
        if len(p.sides) == 4 and p.n_agreeing > CLEAR_BOX and not _holds_panels(p, proposals):
            low, high = (p.box.left, p.box.top), (p.box.right, p.box.bottom)
            inside |= ((center > low) & (center < high)).all(axis=1)
    return ink[~inside]


def count_labels(p: Proposal, ink: FloatArray) -> Proposal:
    """Count label rows beside the rectangle and label columns below (or above) it."""
    if not len(ink):
        return replace(p, n_row_labels=0, n_column_labels=0)
    box = p.box
    cx, cy = (ink[:, 0] + ink[:, 2]) / 2, (ink[:, 1] + ink[:, 3]) / 2
    reach_x, reach_y = 0.12 * box.width + 30, 0.1 * box.height + 22
    # Where no side is drawn the panel may go on for one rung of its grid.
    if not p.sides and p.n_horizontal:
        reach_y += box.height / max(1, p.n_horizontal - 1)
    if not p.sides and p.n_vertical:
        reach_x += box.width / max(1, p.n_vertical - 1)
    level = (cy > box.top - 8) & (cy < box.bottom + 8)
    left = level & (ink[:, 2] < box.left) & (ink[:, 2] > box.left - reach_x)
    right = level & (ink[:, 0] > box.right) & (ink[:, 0] < box.right + 0.5 * reach_x)
    within = (cx > box.left - 12) & (cx < box.right + 12)
    below = within & (ink[:, 1] > box.bottom) & (ink[:, 1] < box.bottom + reach_y)
    above = within & (ink[:, 3] < box.top) & (ink[:, 3] > box.top - 0.6 * reach_y)
    rows = max(_places(ink[left], ROW_GAP, 1), _places(ink[right], ROW_GAP, 1))
    columns = max(_places(ink[below], COLUMN_GAP, 0), _places(ink[above], COLUMN_GAP, 0))
    return replace(p, n_row_labels=rows, n_column_labels=columns)


def _places(ink: FloatArray, gap: float, axis: int) -> int:
    """How many separate places the ink stands at, along x (axis 0) or y (1), in the fullest of its bands.

    Tick labels are one band, the axis label beyond them another, whose letters would fill their gaps.
    """
    if not len(ink):
        return 0
    across = 1 - axis
    ink = ink[np.argsort(ink[:, across])]
    reached = np.maximum.accumulate(ink[:, across + 2])
    bands = np.split(ink, np.flatnonzero(ink[1:, across] > reached[:-1] + 1.0) + 1)
    return max(_places_in_band(band, gap, axis) for band in bands)


def _places_in_band(ink: FloatArray, gap: float, axis: int) -> int:
    ink = ink[np.argsort(ink[:, axis])]
    reached = np.maximum.accumulate(ink[:, axis + 2])
    height = median(ink[:, 3] - ink[:, 1]) + 1.0
    return int(1 + np.sum(ink[1:, axis] - reached[:-1] > gap * height))


def choose(proposals: list[Proposal], *, shape: tuple[int, ...]) -> list[Proposal]:
    """Choose rectangles that do not overlap: labelled ones first, then their unlabelled siblings."""
    height, width = shape[:2]
    # A legend, a bar and a part of the grid lie within the plot area: of labelled ones the largest.
    # A whole box comes before any larger rectangle that cuts through it.
    ranked = sorted(proposals, key=lambda p: (p.n_labelled, _is_whole(p, proposals), p.area), reverse=True)
    chosen: list[Proposal] = []
    for p in ranked:
        whole_picture = p.box.width > 0.97 * width and p.box.height > 0.97 * height
        if (whole_picture and p.n_labelled == 0) or any(shared_part(p.box, c.box) > 0.02 for c in chosen):
            continue
        if _holds_panels(p, ranked) or _holds_better(p, ranked) or _is_ladder_in_box(p, ranked):
            continue
        if straddles(p, ranked):
            continue
        if misses_row(p, ranked, chosen):
            continue
        sibling = any(same_row_or_column(p.box, c.box) for c in chosen)
        if p.n_labelled < 2 and not sibling and _cuts_sibling(p, ranked, chosen):
            continue
        labelled = [c.area for c in chosen if c.n_labelled == 2]
        large = not labelled or p.area >= MIN_HALF_LABELLED * median(labelled)
        if p.n_labelled == 2 or (p.n_labelled == 1 and len(p.sides) >= 2 and large) or sibling:
            chosen.append(p)
    if not chosen and ranked:
        lone = [p for p in ranked if _stands_alone(p) and p.area > 0.1 * width * height]
        chosen = lone[:1]
    return chosen


def _stands_alone(p: Proposal) -> bool:
    """Whether a rectangle may be the only panel of its picture though its labels were not told apart."""
    rungs = max(p.n_horizontal, p.n_vertical)
    return len(p.sides) >= 2 or (rungs >= LONE_RUNGS and min(p.n_row_labels, p.n_column_labels) >= 1)


def _is_card(p: Proposal, proposals: list[Proposal], ink: FloatArray, between: list[Proposal]) -> bool:
    """Whether a box frames a chart together with its labels, as a dashboard's cards do."""
    if len(p.sides) < 4 or not len(ink):
        return False
    if max(p.n_horizontal, p.n_vertical) > 2 and not holds_labels(p, between):
        return False
    box = p.box
    inside = (
        (ink[:, 0] > box.left) & (ink[:, 2] < box.right) & (ink[:, 1] > box.top) & (ink[:, 3] < box.bottom)
    )
    charts = [
        q
        for q in proposals
        if q.n_labelled == 2 and MIN_CARD_SHARE * p.area < q.area < p.area and leaves_margins(p, q)
    ]
    return any(
        (c.n_row_labels, c.n_column_labels) == (q.n_row_labels, q.n_column_labels)
        for q in charts
        for c in [count_labels(q, ink[inside])]
    )


def _is_whole(p: Proposal, proposals: list[Proposal]) -> bool:
    """Whether all four sides are drawn, and the box is not a legend or bar within a labelled rectangle.

    Nor the edges of bars and a grid line in one that more strokes agree on and that its labels go on along.
    """
    return len(p.sides) == 4 and not any(
        q.n_labelled == 2
        and intersection(p.box, q.box) > (PART_WITHIN if q.sides else PART_IN_LADDER) * p.area
        and (p.area < PART_SHARE * q.area or _goes_on(p, q))
        for q in proposals
    )


def _goes_on(p: Proposal, q: Proposal) -> bool:
    """Whether a rectangle is a part of one that has more labels: one of three sides and more strokes.

    Or one as far as the lines of the grid run, which go on beyond both sides where these are edges of bars,
    and above the highest of them that both edges of an area reach.
    """
    return (
        (
            (len(q.sides) == 3 and q.n_agreeing > p.n_agreeing)
            or (not q.sides and p.n_vertical < 2 and q.n_horizontal > p.n_horizontal)
            or (p.n_over > 0 and q.n_horizontal > p.n_horizontal - (p.n_over >= MIN_OVER))
        )
        and p.area < q.area
        and q.n_row_labels >= p.n_row_labels
        and q.n_column_labels >= p.n_column_labels
        and q.n_row_labels + q.n_column_labels > p.n_row_labels + p.n_column_labels
        and intersection(p.box, q.box) > 0.95 * p.area
    )


def _holds_panels(p: Proposal, proposals: list[Proposal]) -> bool:
    """Whether a rectangle is no panel but holds several: labelled rectangles that fill it between them."""
    inner = [
        q
        for q in proposals
        if (q.n_labelled == 2 or q.n_agreeing >= CLEAR_BOX or (not p.sides and is_corner(q)))
        and q.area < 0.6 * p.area
        and len(q.sides) >= len(p.sides)
        and intersection(p.box, q.box) > INNER_SHARE * q.area
        and not stands_between_bars(q, p)
    ]
    # Tops of bars and grid lines at one height make boxes across panels too, which fewer strokes agree on.
    # Bars, of four sides each, lie within the panels that have labels on two.
    inner.sort(key=lambda q: (-q.n_labelled, -q.n_agreeing, -q.area))
    apart: list[Proposal] = []
    for q in inner:
        # Bars are boxes too, and of different heights.
        alike = q.n_labelled == 2 or not apart or same_row_or_column(q.box, apart[0].box)
        if alike and all(shared_part(q.box, other.box) < 0.02 for other in apart):
            apart.append(q)
    filled = len(apart) >= 2 and sum(q.area for q in apart) > 0.5 * p.area
    return filled and not are_cells(apart, p) and not are_bars(apart, p)


def _cuts_sibling(p: Proposal, proposals: list[Proposal], chosen: list[Proposal]) -> bool:
    """Whether a rectangle overlaps a likelier one of a chosen panel's size that stands in its row."""
    return any(
        q.n_agreeing >= p.n_agreeing
        and shared_part(p.box, q.box) > 0.02
        and any(same_row_or_column(q.box, c.box) and shared_part(q.box, c.box) < 0.02 for c in chosen)
        for q in proposals
    )


def _is_ladder_in_box(p: Proposal, proposals: list[Proposal]) -> bool:
    """Whether lines without sides are the grid of a box that is drawn around them."""
    return not p.sides and any(
        len(q.sides) == 4
        and q.n_labelled >= 1
        and p.area < q.area < p.area / MIN_LADDER_SHARE
        and intersection(p.box, q.box) > 0.95 * p.area
        for q in proposals
    )


def _holds_better(p: Proposal, proposals: list[Proposal]) -> bool:
    """Whether a labelled rectangle within this one has far more strokes that agree on it."""
    return any(
        q.n_labelled == 2
        and q.area < p.area
        and (
            (q.area > 0.15 * p.area and q.n_agreeing >= p.n_agreeing + MUCH_BETTER)
            or (q.area > PART_SHARE * p.area and len(q.sides) == 4 > len(p.sides) and not _goes_on(q, p))
        )
        and intersection(p.box, q.box) > 0.95 * q.area
        and not cuts_labels(q, p)
        for q in proposals
    )
