"""Propose rectangles on which straight strokes of both directions agree.

Every horizontal stroke proposes an extent in x, every vertical one an extent in y; the sides, the grid
and the edge of the background of a panel all have its extents. A ladder of evenly spaced lines is a panel
whose grid runs one way only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import Box, FloatArray, Side
from digitizer.medians import median
from digitizer.stages.strokes.ladders import find_ladders, split_between_panels
from digitizer.stages.strokes.over_bars import OVER_PX, WHOLE_EDGE, without_bars
from digitizer.stages.strokes.strokes import Stroke

# A side shorter than this share of the picture (or so many pixels) is no plot area.
MIN_SIDE_SHARE, MIN_SIDE_PX = 0.05, 36
# Strokes longer than this share of a side take part in proposing rectangles.
MAX_STROKES = 400
MAX_ASPECT = 9.0
# Ticks carry the strokes of grid and sides beyond the frame by up to this share of its side (Excel: 3 %).
TICK_SHARE = 0.03
# Legend and series may hide up to the rest of a grid line or side.
RUNG_SHARE = 0.45
# The pieces of a grid line between bars make up this share of it (bars cover half of a grouped chart), and
# lie on one line to this many pixels.
CUT_RUNG_SHARE, MAX_CUT_OFFSET_PX = 0.5, 1.0
# So many lines above those that bars leave no more than the ends of are whole.
MIN_WHOLE = 2
# The line of an axis that begins off the grid is this far from the last rung (in rungs).
MIN_CLOSING_STEPS, MAX_CLOSING_STEPS, MIN_CLOSING_SHARE = 10.0, 0.94, 0.9
# Bars hide at most so many rungs next to the axis, which stands on a rung's place to this (px) and what the
# last ones, on whole pixels, leave unsure of their step.
MOST_HIDDEN_RUNGS = 5
OFF_RUNG_PX = 1.5
RUNG_SNAP_PX = 0.5
# ... and ends before the rungs by at most this share of them; rows of legend samples end sooner (0.08).
MAX_SHORT_SHARE = 0.04
# Drawn grid lines stand at even places to this many pixels.
SHORT_END_PX = 2.0
# Rungs farther apart than this share of a rectangle are sides of neighbouring panels.
MAX_RUNG_SHARE = 0.4
# Rectangles that overlap more than this are one.
SAME_IOU = 0.93


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rectangle with the evidence for it: sides drawn, strokes that share its extents, labels beside it.

    ``n_ending`` counts the strokes that end where it does to a few pixels, ``n_over`` the level ones that run
    beyond it on both sides.
    """

    box: Box
    sides: frozenset[Side]
    n_horizontal: int
    n_vertical: int
    n_row_labels: int = 0
    n_column_labels: int = 0
    n_ending: int = 0
    n_over: int = 0

    @property
    def n_labelled(self) -> int:
        return (self.n_row_labels >= 2) + (self.n_column_labels >= 2)

    @property
    def n_agreeing(self) -> int:
        """Drawn sides, counted double, and other strokes of the rectangle's extents."""
        return len(self.sides) + min(self.n_horizontal, 8) + min(self.n_vertical, 8)

    @property
    def area(self) -> float:
        return self.box.width * self.box.height


def propose_rectangles(
    horizontal: list[Stroke], vertical: list[Stroke], *, shape: tuple[int, ...]
) -> list[Proposal]:
    """Propose rectangles from extents on which strokes agree."""
    spans_x = _extents(horizontal)
    spans_y = _extents(vertical)
    proposals: list[Proposal] = []
    for left, right in spans_x:
        for top, bottom in spans_y:
            proposal = _support(Box(left=left, top=top, right=right, bottom=bottom), horizontal, vertical)
            if proposal is not None:
                proposals.append(proposal)
    rows = _from_parallel_lines(horizontal, vertical, flip=False)
    columns = _from_parallel_lines(vertical, horizontal, flip=True)
    proposals = [
        _reach_last_rung(p, _short_of(p, rows, vertical), _short_of(p, columns, horizontal, flip=True))
        for p in proposals
    ] + [*rows, *columns]
    proposals += [closed for ladder in rows for closed in _close(ladder, horizontal, rows)]
    least = [max(MIN_SIDE_PX, MIN_SIDE_SHARE * extent) for extent in (shape[1], shape[0])]
    kept: list[Proposal] = []
    for p in sorted(proposals, key=lambda p: (p.n_agreeing + len(p.sides), p.n_ending, p.area), reverse=True):
        aspect = p.box.width / p.box.height
        too_small = p.box.width < least[0] or p.box.height < least[1]
        if too_small or not 1 / MAX_ASPECT < aspect < MAX_ASPECT:
            continue
        if all(_iou(p.box, k.box) <= SAME_IOU for k in kept):
            kept.append(p)
        if len(kept) >= 120:
            break
    return kept


def _extents(strokes: list[Stroke]) -> list[tuple[float, float]]:
    """Distinct (start, end) pairs, those that most strokes share first."""
    groups: list[list[Stroke]] = []
    for stroke in strokes:
        for group in groups:
            tol = 2.5 + 0.006 * stroke.length
            if abs(group[0].start - stroke.start) <= tol and abs(group[0].end - stroke.end) <= tol:
                group.append(stroke)
                break
        else:
            groups.append([stroke])
    groups.sort(key=lambda g: (-len(g), -g[0].length))
    return [(median([s.start for s in g]), median([s.end for s in g])) for g in groups[:60]]


def _support(box: Box, horizontal: list[Stroke], vertical: list[Stroke]) -> Proposal | None:
    """Count the strokes that have the rectangle's extents, and see which of its sides are drawn."""
    rows = [s for s in horizontal if _fits(s, box.left, box.right, box.top, box.bottom)]
    columns = [s for s in vertical if _fits(s, box.top, box.bottom, box.left, box.right)]
    if not rows or not columns:
        return None
    ticks_y, ticks_x = 2.5 + TICK_SHARE * box.height, 2.5 + TICK_SHARE * box.width
    # Markers and curves on a side hide part of it.
    side_rows = rows + [s for s in horizontal if _lies_within(s, box.left, box.right)]
    side_columns = columns + [s for s in vertical if _lies_within(s, box.top, box.bottom)]
    sides: dict[Side, float | None] = {
        "top": _side(side_rows, box.top, +1, ticks_y),
        "bottom": _side(side_rows, box.bottom, -1, ticks_y),
        "left": _side(side_columns, box.left, +1, ticks_x, rows, box.height),
        "right": _side(side_columns, box.right, -1, ticks_x, rows, box.height),
    }
    drawn: frozenset[Side] = frozenset(side for side, at in sides.items() if at is not None)
    across = (sides["left"] is not None or sides["right"] is not None) and (
        sides["top"] is not None or sides["bottom"] is not None
    )
    if not across and len(rows) + len(columns) < 6:
        return None
    at = {side: value for side, value in sides.items() if value is not None}
    placed = Box(
        left=at.get("left", box.left),
        top=at.get("top", box.top),
        right=at.get("right", box.right),
        bottom=at.get("bottom", box.bottom),
    )
    return Proposal(
        box=placed,
        sides=drawn,
        n_horizontal=len(rows),
        n_vertical=len(columns),
        n_ending=sum(_ends_with(s, box.left, box.right) for s in rows)
        + sum(_ends_with(s, box.top, box.bottom) for s in columns),
        n_over=sum(s.start < placed.left - OVER_PX and s.end > placed.right + OVER_PX for s in rows),
    )


def _ends_with(stroke: Stroke, start: float, end: float) -> bool:
    """Whether both ends of a stroke are those of an extent: letters on a grid line's axis carry it on."""
    return abs(stroke.start - start) <= SHORT_END_PX and abs(stroke.end - end) <= SHORT_END_PX


def _fits(stroke: Stroke, start: float, end: float, low: float, high: float) -> bool:
    """Whether a stroke has the extent (start, end) and lies between low and high.

    Ticks carry grid lines and sides a little beyond the frame, hence the tolerance outwards.
    """
    span = end - start
    tol = 3.0 + 0.03 * span
    near = 3.0 + 0.02 * (high - low)
    return (
        abs(stroke.start - start) <= tol
        and abs(stroke.end - end) <= tol
        and low - near <= stroke.at <= high + near
    )


def _lies_within(stroke: Stroke, start: float, end: float) -> bool:
    """Whether a stroke runs along most of the extent and nowhere beyond it."""
    tol = 3.0 + TICK_SHARE * (end - start)
    return (
        stroke.start >= start - tol
        and stroke.end <= end + tol
        and stroke.length >= RUNG_SHARE * (end - start)
    )


def _side(
    strokes: list[Stroke],
    at: float,
    inward: int,
    ticks: float,
    rows: list[Stroke] | None = None,
    height: float = 0,
) -> float | None:
    """The stroke that closes the rectangle near ``at``: up to a tick's length further in."""
    near = [s for s in strokes if -4.5 - s.width / 2 <= (s.at - at) * inward <= ticks + s.width / 2]
    near = near if rows is None else without_bars(near, rows, height, inward)
    # The edge along the tops of a row of labels (JPEG) ends before the side does.
    longest = max((s.length for s in near if s.sign == 0), default=0.0)
    near = [s for s in near if s.sign == 0 or s.length >= WHOLE_EDGE * longest]
    # Of a side and the grid line next to it the outer one closes the rectangle.
    return min(near, key=lambda s: s.at * inward).at if near else None


def _reach_last_rung(p: Proposal, rows: list[Proposal], columns: list[Proposal]) -> Proposal:
    """Carry undrawn sides out to the grid's last lines: the tallest bar may end below them."""
    box = p.box
    for b, rung in ((ladder.box, ladder.box.height / (ladder.n_horizontal - 1)) for ladder in rows):
        alike = max(abs(b.left - box.left), abs(b.right - box.right)) <= 3.0 + 0.01 * box.width
        if alike and rung < MAX_RUNG_SHARE * box.height:
            if "top" not in p.sides and 0 < box.top - b.top < 2.2 * rung:
                box = replace(box, top=b.top)
            if "bottom" not in p.sides and 0 < b.bottom - box.bottom < 2.2 * rung:
                box = replace(box, bottom=b.bottom)
    for b, rung in ((ladder.box, ladder.box.width / (ladder.n_vertical - 1)) for ladder in columns):
        alike = max(abs(b.top - box.top), abs(b.bottom - box.bottom)) <= 3.0 + 0.01 * box.height
        if alike and rung < MAX_RUNG_SHARE * box.width:
            if "left" not in p.sides and 0 < box.left - b.left < 2.2 * rung:
                box = replace(box, left=b.left)
            if "right" not in p.sides and 0 < b.right - box.right < 2.2 * rung:
                box = replace(box, right=b.right)
    return replace(p, box=box)


def _short_of(
    p: Proposal, ladders: list[Proposal], across: list[Stroke], *, flip: bool = False
) -> list[Proposal]:
    """The ladders that do not go on beyond an axis line along it: what does is the next panel's."""
    box = p.box
    low, high, start, end = (
        (box.left, box.right, box.top, box.bottom) if not flip else (box.top, box.bottom, box.left, box.right)
    )
    ticks, tol = 2.5 + TICK_SHARE * (high - low), 2.5 + TICK_SHARE * (end - start)
    axes = [
        s
        for s in across
        if s.sign == 0
        and min(abs(s.at - low), abs(s.at - high)) <= ticks
        and s.start <= start + tol
        and s.end >= end - tol
    ]
    if not axes:
        return ladders
    first, last = min(s.start for s in axes) - SHORT_END_PX, max(s.end for s in axes) + SHORT_END_PX
    spans = [(q.box.left, q.box.right) if flip else (q.box.top, q.box.bottom) for q in ladders]
    return [q for q, (a, b) in zip(ladders, spans, strict=True) if a >= first and b <= last]


def _from_parallel_lines(strokes: list[Stroke], across: list[Stroke], *, flip: bool) -> list[Proposal]:
    """A ladder of evenly spaced parallel lines of one extent is a panel with a grid in one direction only."""
    out: list[Proposal] = []
    for start, end in _extents([s for s in strokes if s.sign == 0]):
        tol = 2.5 + 0.01 * (end - start)
        lines = [s for s in strokes if s.sign == 0]
        ladder = _rungs(lines, start, end)
        ladders = find_ladders(ladder)
        ladders += _begun_whole(find_ladders(_rungs(lines, start, end, 0.0)), ladder, ladders)
        within = [s for s in across if s.sign == 0 and start - tol <= s.at <= end + tol]
        for parted in [part for whole in ladders for part in split_between_panels(whole, within)]:
            rungs = _without_short_end(parted, strokes, end - start)
            low, high = float(rungs[0]), float(rungs[-1])
            box = (
                Box(left=low, right=high, top=start, bottom=end)
                if flip
                else Box(left=start, right=end, top=low, bottom=high)
            )
            out.append(
                Proposal(
                    box=box,
                    sides=frozenset(),
                    n_horizontal=0 if flip else len(rungs),
                    n_vertical=len(rungs) if flip else 0,
                )
            )
    return out


def _begun_whole(ladders: list[FloatArray], whole: FloatArray, known: list[FloatArray]) -> list[FloatArray]:
    """The ladders beside known ones whose first lines are whole: bars leave only ends of the lines below."""
    return [
        rungs
        for rungs in ladders
        if len(rungs) > MIN_WHOLE + 1
        and np.isin(rungs[:MIN_WHOLE], whole).all()
        and not any(np.isin(rungs[:MIN_WHOLE], other).all() for other in known)
    ]


def _without_short_end(rungs: FloatArray, strokes: list[Stroke], extent: float) -> FloatArray:
    """Leave out a last line that is off the even places and much shorter: the bars of a legend."""
    step = median(np.diff(rungs))
    if len(rungs) < 4 or abs(rungs[-1] - rungs[-2] - step) <= SHORT_END_PX:
        return rungs
    longest = max((s.length for s in strokes if abs(s.at - rungs[-1]) <= 1.0), default=0.0)
    return rungs[:-1] if longest < CUT_RUNG_SHARE * extent else rungs


def _close(ladder: Proposal, strokes: list[Stroke], ladders: list[Proposal]) -> list[Proposal]:
    """Carry a ladder of level rungs down to the axis line below it that is no rung.

    Labels between tell the two apart; with more lines or a ladder below, it is the next panel's top.
    """
    box = ladder.box
    step = box.height / (ladder.n_horizontal - 1)
    lines = _rungs([s for s in strokes if s.sign == 0], box.left, box.right)
    beyond = lines[lines > box.bottom + step / MIN_CLOSING_STEPS]
    if len(beyond) and beyond[0] > box.bottom + step and any(p.box.top == beyond[0] for p in ladders):
        return []
    # The bars of a legend below the labels lie on one line as well, in pieces.
    whole = any(
        s.length >= MIN_CLOSING_SHARE * box.width
        and abs(s.at - at) <= 1.0
        and max(s.start - box.left, box.right - s.end) <= MAX_SHORT_SHARE * box.width
        for s in strokes
        for at in beyond[:1]
    )
    if not len(beyond) or not whole:
        return []
    steps = (beyond - box.bottom) / step
    unsure = OFF_RUNG_PX + RUNG_SNAP_PX * steps / (ladder.n_horizontal - 1)
    on_rung = (np.abs(steps - np.round(steps)) * step <= unsure) & (steps < MOST_HIDDEN_RUNGS + 1.5)
    # Bars may hide the rungs between, not the axis line that they stand on: it is a rung itself then, and
    # what the next panel begins with is none.
    if not on_rung[0] and (steps[0] > MAX_CLOSING_STEPS or len(beyond) > 1):
        return []
    if len(beyond) > 1 and (steps[0] <= MAX_CLOSING_STEPS or on_rung[1]):
        return []
    return [replace(ladder, box=replace(box, bottom=float(beyond[0])), n_horizontal=ladder.n_horizontal + 1)]


def _rungs(lines: list[Stroke], start: float, end: float, least: float = RUNG_SHARE) -> FloatArray:
    """Where lines of one extent lie: those that reach an end of it, and those that bars cut to pieces.

    ``least`` is the share of the extent that a line covers which reaches one end alone.
    """
    tol = 2.5 + 0.01 * (end - start)
    within = sorted(
        (s for s in lines if s.start >= start - tol and s.end <= end + tol), key=lambda s: (s.at, s.start)
    )
    at = np.array([s.at for s in within])
    level = np.split(np.arange(len(at)), np.flatnonzero(np.diff(at) > MAX_CUT_OFFSET_PX) + 1)
    rungs: set[float] = set()
    for group in ([within[k] for k in part] for part in level if len(part)):
        whole = [
            s
            for s in group
            if (abs(s.start - start) <= tol or abs(s.end - end) <= tol) and s.length >= least * (end - start)
        ]
        if whole:
            rungs |= {round(s.at, 1) for s in whole}
        elif sum(s.length for s in group) >= CUT_RUNG_SHARE * (end - start):
            rungs.add(round(max(group, key=lambda s: s.length).at, 1))
    return np.array(sorted(rungs))


def intersection(a: Box, b: Box) -> float:
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0.0, width) * max(0.0, height)


def shared_part(a: Box, b: Box) -> float:
    """What two rectangles share, as a part of the smaller."""
    return intersection(a, b) / min(a.width * a.height, b.width * b.height)


def _iou(a: Box, b: Box) -> float:
    shared = intersection(a, b)
    return shared / (a.width * a.height + b.width * b.height - shared)


def same_row_or_column(a: Box, b: Box) -> bool:
    """Whether two rectangles have one size and share a row or a column of a grid."""
    tol_x, tol_y = 0.02 * b.width + 2, 0.02 * b.height + 2
    same_size = abs(a.width - b.width) <= tol_x and abs(a.height - b.height) <= tol_y
    aligned = abs(a.top - b.top) <= tol_y or abs(a.left - b.left) <= tol_x
    return same_size and aligned


def scale_box(box: Box, factor: float) -> Box:
    """Carry a box between a picture and its resized copy: a resize keeps corners, not pixel centres."""
    return Box(
        left=(box.left + 0.5) * factor - 0.5,
        top=(box.top + 0.5) * factor - 0.5,
        right=(box.right + 0.5) * factor - 0.5,
        bottom=(box.bottom + 0.5) * factor - 0.5,
    )
