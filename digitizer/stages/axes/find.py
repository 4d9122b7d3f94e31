"""Find each panel's tick labels and the marks they stand at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from digitizer.evidence import AxisEvidence, Box, FloatArray, PanelFrame, Picture, Side, TextSpan
from digitizer.numbers import parse_number
from digitizer.separators import tell_decimal_mark
from digitizer.stages.axes.alignment import NO_TICKS, find_grains
from digitizer.stages.axes.anchored import anchor_at_sides, end_at_ends
from digitizer.stages.axes.beside import (
    are_turned_apart,
    distance_beyond,
    near_side,
    without_beyond_names,
    without_legend,
)
from digitizer.stages.axes.calendar_names import with_calendar
from digitizer.stages.axes.factors import distance_to_end, find_factor, without_label_factors
from digitizer.stages.axes.labels import (
    find_moment,
    join_further_lines,
    join_turns,
    name_bands,
    row_over_years,
    split_labels,
    without_dash,
)
from digitizer.stages.axes.lent_labels import borrow_labels
from digitizer.stages.axes.marks import are_sharp, find_marks
from digitizer.stages.axes.numbered import with_numbers
from digitizer.stages.axes.packed import part_packed
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.perched import stand_on_lines
from digitizer.stages.axes.standing import MARK_SIGMA_PX, off_first, stand_at
from digitizer.stages.axes.turned import upright_or_turned_numbers
from digitizer.stages.axes.valued_bars import take_labels_at_bars

# A logarithmic axis with one label has so many marks: those of one to nine alone are nine.
MIN_LONE_MARKS = 7
# A label stands at a mark where its middle is so near to it (px).
AT_MARK_PX = 2.0
# Labels of an axis reach along more than this share of its side; years in a legend do not.
LIST_SHARE = 0.25
# An axis within a panel stands so far from its sides (share of its height), and has so many numbers, each
# this near to where the others have it (share of their step).
INNER_SHARE, MIN_ROW, ROW_MISS = 0.06, 4, 0.1
# What an axis' label that tells its direction begins with (Observable Plot); a tick's is a number at most.
ARROWED = re.compile(r"[←↑→↓]\s*[^\W\d]")


def find_axes(
    picture: Picture, frames: Sequence[PanelFrame], spans: Sequence[TextSpan]
) -> tuple[PanelAxes, ...]:
    """Bind tick labels to the sides of each panel and to the marks beside them.

    Panels without labels of their own take those of a sibling in their column (x) or row (y).
    """
    # Which way an axis goes is said of its label, not of a tick's.
    spans = [span for span in spans if not ARROWED.match(span.text)]
    found: list[PanelAxes] = []
    for frame in frames:
        sides = {side: _axis_within_or_at(picture, frame, frames, spans, side) for side in _SIDES}
        sides = without_label_factors(sides)
        x, x2 = _first_and_second(sides["bottom"], sides["top"])
        if x is None:
            frame, x = _on_a_grid_line(picture, frame, frames, spans, "bottom")
        y, y2 = _first_and_second(sides["left"], sides["right"])
        if y is None:
            frame, y = _on_a_grid_line(picture, frame, frames, spans, "left")
        found.append(PanelAxes(frame=frame, x=x, y=y, y2=y2, x2=x2))
    found = [_without_neighbours(axes, found) for axes in found]
    found = _give_factors_once(found)
    found = _tell_grain([_lend(picture, axes, found) for axes in found])
    return _tell_decimals(tuple(take_labels_at_bars(picture, axes, spans) for axes in found))


def _give_factors_once(found: Sequence[PanelAxes]) -> list[PanelAxes]:
    """Leave a factor printed between two panels to the axis whose end it stands nearest to.

    One that labels a mark of another panel is none: 10⁻¹ at the foot of the logarithmic axis beside.
    """
    labels = {box for axes in found for axis in axes.of_its_own for box in _boxes_at_marks(axis)}
    nearest: dict[Box, tuple[float, AxisEvidence]] = {}
    for axes in found:
        for axis in axes.of_its_own:
            if axis.multiplier is not None and axis.multiplier.box not in labels:
                away = distance_to_end(axis.multiplier.box, axes.frame.box, axis.side)
                if away < nearest.get(axis.multiplier.box, (np.inf, axis))[0]:
                    nearest[axis.multiplier.box] = away, axis

    def own(axis: AxisEvidence) -> AxisEvidence:
        if axis.multiplier is None:
            return axis
        if axis.multiplier.box in nearest and nearest[axis.multiplier.box][1] is axis:
            return axis
        return replace(axis, multiplier=None)

    return [axes.changed(own) for axes in found]


def _boxes_at_marks(axis: AxisEvidence) -> list[Box]:
    """Where the labels of an axis are printed that stand at marks."""
    marked = zip(axis.labels, axis.label_sigma_px, strict=True)
    return [label.box for label, sigma in marked if sigma <= MARK_SIGMA_PX]


def _tell_grain(found: Sequence[PanelAxes]) -> list[PanelAxes]:
    """Note on the axes of each panel what grid their ticks were put on."""
    marked = [(_marked(axes.x), _marked(axes.y)) for axes in found]
    sharp = [all(axis is not None and axis.sharp for axis in (axes.x, axes.y)) for axes in found]
    told = []
    for axes, grain in zip(found, find_grains(marked, sharp), strict=True):
        whole = axes.x is not None and axes.y is not None
        told.append(axes.changed(partial(replace, grain=grain)) if whole else axes)
    return told


def _marked(axis: AxisEvidence | None) -> FloatArray:
    """Where labels of an axis stand at marks (px)."""
    return NO_TICKS if axis is None else axis.label_px[axis.label_sigma_px <= MARK_SIGMA_PX]


def _tell_decimals(found: tuple[PanelAxes, ...]) -> tuple[PanelAxes, ...]:
    """Note on each axis the decimal mark that the other axes of the figure prove."""
    proven = {
        id(axis): tell_decimal_mark([s.text for s in axis.labels])
        for axes in found
        for axis in axes.of_its_own
    }

    def note(axis: AxisEvidence) -> AxisEvidence:
        others = {mark for key, mark in proven.items() if key != id(axis)} - {None}
        return replace(axis, decimal_mark=others.pop()) if len(others) == 1 else axis

    return tuple(axes.changed(note) for axes in found)


def _axis_within_or_at(
    picture: Picture,
    frame: PanelFrame,
    frames: Sequence[PanelFrame],
    spans: Sequence[TextSpan],
    side: Side,
) -> AxisEvidence | None:
    """The axis on the line within a panel that carries a side's labels, else on the side itself."""
    carried = frame.carrying(side)
    if carried is not frame:
        all_frames = tuple(carried if other is frame else other for other in frames)
        axis = _axis(picture, carried, all_frames, spans, side)
        if axis is not None and not _stand_beyond(axis, frame):
            return axis
    return _axis(picture, frame, frames, spans, side)


def _stand_beyond(axis: AxisEvidence, frame: PanelFrame) -> bool:
    """Whether all labels of an axis within a panel stand outside the panel: they are those of its side.

    Bits of a curve under a grid line were taken for labels along it.
    """
    box = frame.box
    if axis.side == "bottom":
        return all(s.box.top > box.bottom for s in axis.labels)
    return axis.side == "left" and all(s.box.right < box.left for s in axis.labels)


def _on_a_grid_line(
    picture: Picture, frame: PanelFrame, frames: Sequence[PanelFrame], spans: Sequence[TextSpan], side: Side
) -> tuple[PanelFrame, AxisEvidence | None]:
    """The axis along a grid line, and the frame that tells so: spreadsheets have theirs at zero.

    Curves and markers cross the labels there, so that they show as a row only once they are read. ``side`` is
    the one they would stand at: ``bottom`` or ``left``.
    """
    found: list[tuple[int, float, PanelFrame, AxisEvidence]] = []
    box, level = frame.box, side == "bottom"
    grid, first, last = (frame.grid_y, box.top, box.bottom) if level else (frame.grid_x, box.left, box.right)
    room = INNER_SHARE * (last - first)
    for at in grid[(grid > first + room) & (grid < last - room)].tolist():
        trial = replace(frame, x_line=at) if level else replace(frame, y_line=at)
        axis = _axis_within_or_at(picture, trial, frames, spans, side)
        if axis is not None and _is_even_row(axis):
            found.append((len(axis.labels), at if level else -at, trial, axis))
    if not found:
        return frame, None
    _, _, trial, axis = max(found, key=lambda one: one[:2])
    return trial, axis


def _is_even_row(axis: AxisEvidence) -> bool:
    """Whether all labels are numbers of one step at places of one distance, as one missed one leaves them.

    They rise to the right, or upwards.
    """
    numbers = [parse_number(s.text) for s in axis.labels]
    values = np.array([n.value for n in numbers if n is not None])
    if len(values) < max(MIN_ROW, len(numbers)):
        return False
    slope, origin = np.polyfit(axis.label_px, values, 1)
    miss = np.abs(origin + slope * axis.label_px - values)
    rises = slope > 0 if axis.side == "bottom" else slope < 0
    return bool(rises and miss.max() <= ROW_MISS * np.diff(np.sort(values)).min())


def _without_neighbours(axes: PanelAxes, all_axes: Sequence[PanelAxes]) -> PanelAxes:
    """Drop second axes that are made of the labels of the panel next to this one."""
    first = {s.box for o in all_axes if o is not axes for a in (o.x, o.y) if a is not None for s in a.labels}

    def own(second: AxisEvidence | None) -> AxisEvidence | None:
        return None if second is None or all(s.box in first for s in second.labels) else second

    return replace(axes, x2=own(axes.x2), y2=own(axes.y2))


_SIDES: tuple[Side, ...] = ("left", "bottom", "right", "top")


def _first_and_second(
    first: AxisEvidence | None, second: AxisEvidence | None
) -> tuple[AxisEvidence | None, AxisEvidence | None]:
    """The side that carries the axis, and the other where both carry one."""
    if first is None or (second is not None and len(first.labels) < 2 <= len(second.labels)):
        first, second = second, None
    if second is not None and len(second.labels) < 2:
        second = None
    return first, off_first(first, second)


def _axis(
    picture: Picture,
    frame: PanelFrame,
    frames: Sequence[PanelFrame],
    spans: Sequence[TextSpan],
    side: Side,
) -> AxisEvidence | None:
    near = _near(picture, frame, frames, spans, side)
    rows = _rows(near, frame.box, side)
    if not rows:
        return None
    marks, level = find_marks(picture, frame, side), side in ("top", "bottom")
    # Labels so dense that they were read as one count one by one.
    best = max(
        rows, key=lambda row: _row_score(split_labels(row, marks) if level else row, marks, frame, side)
    )
    best = row_over_years(best, rows) if side == "bottom" else best
    multiplier = find_factor(frame.box, near, spans, best, side)
    labels = [without_dash(s) if side == "left" else s for s in best if s is not multiplier]
    if level:
        labels = join_turns(split_labels(labels, marks), rows)
    if side == "bottom" and labels:
        labels = join_further_lines(labels, [row if row is best else part_packed(row, marks) for row in rows])
    moment = find_moment(labels, spans, frame.box) if side == "bottom" else None
    numbers = [n.value for s in labels if (n := parse_number(s.text)) is not None]
    # Halves of markers that stick out of the frame are read as ones.
    numeric = len(numbers) if len(set(numbers)) > 1 else 0
    second = side in ("right", "top")
    alone = not second and is_lone_power(labels, marks)
    if (len(labels) < 2 and not alone) or (second and (numeric < 2 or 2 * numeric < len(labels))):
        return None
    px, sigma = stand_at(labels, marks, side)
    perched = frame.perched is not None and side == frame.perched[0]
    unmarked = not level and numeric >= len(labels) - 1 and bool(np.all(sigma > MARK_SIGMA_PX))
    if perched or (unmarked and not name_bands(labels, marks, horizontal=level)):
        on_lines = stand_on_lines(picture, frame, labels, surely=not perched)
        if on_lines is None and perched:
            return None
        if on_lines is not None:
            labels, marks = list(on_lines[0]), on_lines[1]
            px, sigma = marks, np.full(len(marks), MARK_SIGMA_PX)
    px, sigma = anchor_at_sides(frame, side, px, sigma)
    px = end_at_ends(frame, side, px, sigma)
    if second and _is_list(px, sigma, frame, side):
        return None
    order = np.argsort(px, kind="stable")
    return AxisEvidence(
        side=side,
        marks=marks,
        labels=tuple(with_calendar(with_numbers([labels[i] for i in order]))),
        label_px=px[order],
        label_sigma_px=sigma[order],
        multiplier=multiplier,
        moment=moment,
        sharp=are_sharp(picture, frame, side, px[sigma <= MARK_SIGMA_PX]),
    )


def _near(
    picture: Picture, frame: PanelFrame, frames: Sequence[PanelFrame], spans: Sequence[TextSpan], side: Side
) -> list[TextSpan]:
    """The texts beside a side that may be its labels."""
    near = near_side(frame, frames, spans, side)
    if side in ("right", "top"):
        near = without_legend(picture, frame, near, spans, side)
    if side == "right":
        near = without_beyond_names(frame, near, spans, side)
    return upright_or_turned_numbers(near) if side in ("left", "right") else near


def _is_list(px: FloatArray, sigma: FloatArray, frame: PanelFrame, side: Side) -> bool:
    """Whether labels at no marks stand together at one place of a side: the entries of a legend."""
    extent = frame.box.height if side == "right" else frame.box.width
    return bool(np.ptp(px) < LIST_SHARE * extent and not np.any(sigma <= MARK_SIGMA_PX))


def is_lone_power(labels: Sequence[TextSpan], marks: FloatArray) -> bool:
    """Whether an axis has a power of ten for its only label, and marks enough to tell its decade."""
    if len(labels) != 1 or len(marks) < MIN_LONE_MARKS:
        return False
    number = parse_number(labels[0].text)
    return number is not None and number.kind == "power" and float(np.log10(number.value)).is_integer()


def _rows(near: list[TextSpan], box: Box, side: Side) -> list[list[TextSpan]]:
    """Group spans into rows parallel to the side, nearest first."""
    horizontal = side in ("top", "bottom")
    rows: list[list[TextSpan]] = []
    for span in sorted(near, key=lambda s: (distance_beyond(s.box, box, side), s.box.left, s.box.top)):
        for row in rows:
            if horizontal and are_turned_apart(span, row[0]):
                same = False
            elif horizontal:
                shared = min(s.box.bottom for s in row), max(s.box.top for s in row)
                least = min(span.box.height, *(s.box.height for s in row))
                same = span.box.top <= shared[0] - 0.3 * least
                if side == "top":
                    same = span.box.bottom >= shared[1] + 0.3 * least
            else:
                same = abs(
                    distance_beyond(span.box, box, side) - distance_beyond(row[0].box, box, side)
                ) <= max(4.0, 0.6 * span.box.height) or _overlap_x(span.box, row[0].box)
            if same:
                row.append(span)
                break
        else:
            rows.append([span])
    return rows


def _overlap_x(a: Box, b: Box) -> bool:
    shared = min(a.right, b.right) - max(a.left, b.left)
    return shared > 0.5 * min(a.width, b.width)


def _row_score(row: list[TextSpan], marks: FloatArray, frame: PanelFrame, side: Side) -> float:
    """How much a row looks like tick labels: many, numeric, at marks, spread along the side, near it."""
    horizontal = side in ("top", "bottom")
    # A hollow sample of a legend is read as an O, which could be a zero.
    row = [s for s in row if s.text not in ("O", "o")] or row
    numbers = sum((n := parse_number(s.text)) is not None and not n.guessed for s in row)
    middles = [s.box.center[0] if horizontal else s.box.center[1] for s in row]
    side_length = frame.box.width if horizontal else frame.box.height
    spread = (max(middles) - min(middles)) / side_length
    away = min(distance_beyond(s.box, frame.box, side) for s in row)
    counted = numbers + 0.5 * (len(row) - numbers) + _n_at_marks(np.array(middles), marks)
    return counted + 2.0 * spread - 0.02 * max(0.0, away - 12)


def _n_at_marks(middles: FloatArray, marks: FloatArray) -> int:
    """How many labels stand at a mark of their own with their middles.

    Two dates do, and outdo the entries of a legend below them.
    """
    if not len(marks):
        return 0
    off = np.abs(middles[:, None] - marks[None])
    return len(set(np.argmin(off, axis=1)[off.min(axis=1) <= AT_MARK_PX].tolist()))


def _lend(picture: Picture, axes: PanelAxes, all_axes: Sequence[PanelAxes]) -> PanelAxes:
    """Give a panel without labels those of a sibling of its size: same column for x, same row for y."""

    def own_marks(side: Side) -> FloatArray:
        return find_marks(picture, axes.frame, side)

    if axes.x is None:
        lenders = [(other.frame, other.x) for other in all_axes if other.x is not None]
        axes = replace(axes, x=borrow_labels(axes.frame, lenders, own_marks, horizontal=True))
    if axes.y is None:
        lenders = [(other.frame, other.y) for other in all_axes if other.y is not None]
        axes = replace(axes, y=borrow_labels(axes.frame, lenders, own_marks, horizontal=False))
    return axes
