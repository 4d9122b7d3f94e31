"""Propose plot areas from their tick labels alone, where neither grid nor box is drawn.

A column of evenly spaced words and a row of them that begins right of the column and just below it are
the labels of two axes. The sides are where their tick marks end, else where an axis line runs, else beside
the labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray
from digitizer.medians import median, quantile
from digitizer.stages.panels.begin_alike import find_beginning
from digitizer.stages.panels.stacked_letters import find_begin
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.strokes.proposals import Proposal
from digitizer.stages.strokes.strokes import SOLID_END_PX, Stroke

# Letters of a word are closer than this (heights of a letter), words of a label than the second: labels are
# looked for either way.
WORD_GAPS = (0.75, 1.3)
# Smaller ink is dots and dashes, but for what stands in a word with taller letters and is no lower than this.
MIN_LETTER_PX = 6
MIN_LOW_PX = 4
# Words of a column end, begin or are centred at one place to this many pixels.
ALIGNED_PX = 2.5
# Words that are centred below each other are at most so many times as wide as usual.
WIDER = 3.0
# Distances between neighbouring labels differ by at most this share (months: 0.1) and so many pixels.
UNEVEN_SHARE = 0.12
UNEVEN_PX = 1.5
MIN_LABELS = 3
# Lines of running text follow each other more closely than this (heights of a letter).
MIN_PITCH = 2.0
# The row of labels lies at most so far below the last label of the column: in its pitches and in letters.
MAX_DROP_PITCHES = 1.3
MAX_DROP_LETTERS = 3.0
# Of a row so many labels may be missing at its start: those that touch are one word.
MAX_UNSEEN = 3
# The labels of the panel to the right run along this share of a panel's own at least.
NEXT_SHARE = 0.5
# Ink differs from the ground by this many levels (axis lines of light themes by 40).
INK_CONTRAST = 25
# Tick marks are this long (px).
MIN_TICK_PX, MAX_TICK_PX = 2, 25
# Their boxes are narrower than this (px), which no digit is.
WIDEST_MARK_PX = 3
# A tick mark lies at most so far (px) from its label's middle, as letters that are read upwards show it.
TICK_REACH = 4
# So many of the labels show a tick mark that ends where the others do.
MIN_TICKED_SHARE = 0.6
# A panel is so many letters wide and high at least.
MIN_LETTERS = 6.0
# A label that is missing at the corner would stand this near (px) to the side.
CORNER_PX = 3.0
# A line from one side to the other ends at these to this (px).
SIDE_PX = 2.0
# Half of a line, and what it is smeared by, lies within so many pixels.
LINE_HALF_PX = 4
NO_INK: FloatArray = np.empty((0, 4))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Labels:
    """Evenly spaced words: their boxes in order, shape (n, 4), and where their centres lie, shape (n,).

    ``begin`` is where a row of labels begins that are read upwards: ``boxes`` are one letter of each.
    """

    boxes: FloatArray
    at: FloatArray
    begin: float | None = None

    # Each column is compared with each row.
    @cached_property
    def pitch(self) -> float:
        return median(np.diff(self.at))

    @cached_property
    def letter(self) -> float:
        return median(self.boxes[:, 3] - self.boxes[:, 1]) + 1.0

    @cached_property
    def top(self) -> float:
        return median(self.boxes[:, 1]) if self.begin is None else self.begin

    @cached_property
    def are_marks(self) -> bool:
        """Whether these are the tick marks themselves, which begin at the side."""
        return bool(np.median(self.boxes[:, 2] - self.boxes[:, 0]) < WIDEST_MARK_PX)

    @cached_property
    def right(self) -> float:
        """Where the words end; a tick mark of the other axis may have run into one of them."""
        return quantile(self.boxes[:, 2], 0.75)


def propose_from_labels(
    grey: NDArray[np.int16], ink: FloatArray, horizontal: list[Stroke], vertical: list[Stroke]
) -> list[Proposal]:
    """Propose the rectangles between a column and a row of evenly spaced labels, the largest first.

    Parameters
    ----------
    grey : ndarray, shape (h, w)
        The working picture.
    ink : ndarray, shape (n, 4)
        Boxes of glyph-sized ink (left, top, right, bottom).
    horizontal, vertical : list of Stroke
        Long straight strokes, for sides that are drawn.
    """
    tall = ink[:, 3] - ink[:, 1] + 1
    low, ink = ink[(tall >= MIN_LOW_PX) & (tall < MIN_LETTER_PX)], ink[tall >= MIN_LETTER_PX]
    if len(ink) < 2 * MIN_LABELS:
        return []
    words, labels = (join_letters(ink, grey.shape, gap, low) for gap in WORD_GAPS)
    rows = _find_rows(words) + _find_rows(labels)
    rows = _leave_out_parts([replace(row, begin=find_begin(row.boxes, ink, row.letter)) for row in rows])
    columns = _find_columns(words, rows)
    inked = np.abs(grey - int(np.median(grey[::4, ::4]))) > INK_CONTRAST
    pairs = [
        (column, row) for column in columns for whole in rows for row in _until_next(column, whole, columns)
    ]
    found = [
        Proposal(
            box=box,
            sides=frozenset(),
            n_horizontal=0,
            n_vertical=0,
            n_row_labels=len(column.at),
            n_column_labels=len(row.at),
        )
        for column, row in pairs
        if _belong_together(column, row)
        for box in [_box_between(inked, column, row, horizontal, vertical)]
        if min(box.width, box.height) > MIN_LETTERS * column.letter
    ]
    return sorted(found, key=lambda p: -p.area)


def join_letters(ink: FloatArray, shape: tuple[int, ...], gap: float, low: FloatArray = NO_INK) -> FloatArray:
    """Join glyph boxes that follow each other on a line within ``gap`` heights into words: shape (m, 4).

    ``low`` are boxes that belong to a word where others do, and make none.
    """
    mask = np.zeros(shape[:2], dtype=bool)
    height = median(ink[:, 3] - ink[:, 1]) + 1.0
    reach = int(np.ceil(gap * height / 2))
    for left, top, right, bottom in np.concatenate([ink, low]).astype(int):
        # Rows of letters must not touch the rows above and below.
        mask[top : bottom + 1, max(0, left - reach) : right + reach + 1] = True
    pieces, stats = label_pieces(mask, connectivity=4)
    left, top, width, tall = (stats[1:, k].astype(np.float64) for k in range(4))
    words = np.stack([left + reach, top, left + width - 1 - reach, top + tall - 1], axis=1)
    if not len(low):
        return words
    return np.asarray(words[np.unique(pieces[ink[:, 1].astype(int), ink[:, 0].astype(int)]) - 1])


def _find_columns(words: FloatArray, rows: list[_Labels]) -> list[_Labels]:
    """Words below each other that are aligned at their right, left or centre, evenly spaced.

    Where a panel's labels go on to the first one of the panel below, the row of labels between them tells.
    """
    found: list[_Labels] = []
    center = (words[:, 1] + words[:, 3]) / 2
    wide = words[:, 2] - words[:, 0] + 1
    middle = (words[:, 0] + words[:, 2]) / 2
    for edge in (words[:, 2], words[:, 0], middle):
        order = np.argsort(edge)
        groups = np.split(order, np.flatnonzero(np.diff(edge[order]) > ALIGNED_PX) + 1)
        for group in groups:
            if edge is middle:
                # A title above a column of numbers may be centred on them by chance.
                group = group[wide[group] <= WIDER * median(wide[group])]
            found += _even_runs(words[group], center[group], MIN_PITCH)
    kept = _longest(found)
    cut = {id(column): _above_row(column, rows) for column in kept if not _has_row(column, rows)}
    if not any(cut.values()):
        return kept
    first = [cut.get(id(column)) or column for column in kept]
    return _without_taken([*first, *sorted(found, key=lambda r: -len(r.at))])


def _find_rows(words: FloatArray) -> list[_Labels]:
    """Words beside each other on one line, evenly spaced."""
    found: list[_Labels] = []
    level = (words[:, 1] + words[:, 3]) / 2
    tall = median(words[:, 3] - words[:, 1]) + 1.0
    order = np.argsort(level)
    # Ascenders and descenders shift the middles of words by up to a third of a letter.
    groups = np.split(order, np.flatnonzero(np.diff(level[order]) > tall / 3) + 1)
    # Labels are centred on their places, or begin there.
    for at in ((words[:, 0] + words[:, 2]) / 2, words[:, 0]):
        for group in groups:
            found += _even_runs(words[group], at[group], 0.0)
    return _longest(found)


def _even_runs(words: FloatArray, at: FloatArray, min_pitch: float) -> list[_Labels]:
    """The runs of at least three words whose places are evenly spaced."""
    order = np.argsort(at)
    words, at = words[order], at[order]
    gaps = np.diff(at)
    runs: list[_Labels] = []
    first = 0
    while first + MIN_LABELS <= len(at):
        base = gaps[first]
        last = first + 1
        while last < len(gaps) and abs(gaps[last] - base) <= UNEVEN_SHARE * base + UNEVEN_PX:
            last += 1
        run = _Labels(boxes=words[first : last + 1], at=at[first : last + 1])
        if len(run.at) >= MIN_LABELS and run.pitch >= min_pitch * run.letter:
            runs.append(run)
        first = max(last, first + 1)
    return runs


def _has_row(column: _Labels, rows: list[_Labels]) -> bool:
    """Whether a row of labels belongs to a column of them."""
    return any(_belong_together(column, part) for row in rows for part in _until_next(column, row, []))


def _above_row(column: _Labels, rows: list[_Labels]) -> _Labels | None:
    """The first part of a column, down to a row that belongs to it; None where there is no such row."""
    lengths = {int(np.count_nonzero(column.at < row.top)) for row in rows}
    for n in sorted((n for n in lengths if MIN_LABELS <= n < len(column.at)), reverse=True):
        part = _Labels(boxes=column.boxes[:n], at=column.at[:n])
        if _has_row(part, rows):
            return part
    return None


def _longest(found: list[_Labels]) -> list[_Labels]:
    """Runs none of whose words are in a longer one."""
    return _without_taken(sorted(found, key=lambda r: -len(r.at)))


def _without_taken(found: list[_Labels]) -> list[_Labels]:
    """Runs none of whose words are in one before."""
    kept: list[_Labels] = []
    for run in found:
        taken = {tuple(box) for other in kept for box in other.boxes}
        if not any(tuple(box) in taken for box in run.boxes):
            kept.append(run)
    return kept


def _until_next(column: _Labels, row: _Labels, columns: list[_Labels]) -> list[_Labels]:
    """The part of a row right of a column, up to the column of the next panel."""
    top, bottom, right = column.at[0], column.at[-1], column.right
    beside = [
        c.boxes[:, 0].min()
        for c in columns
        if c.boxes[:, 0].min() > right
        and min(c.at[-1], bottom) - max(c.at[0], top) > NEXT_SHARE * (bottom - top)
    ]
    own = (row.boxes[:, 0] > right - row.letter) & (row.at < min(beside, default=np.inf))
    return [replace(row, boxes=row.boxes[own], at=row.at[own])] if own.sum() >= MIN_LABELS else []


def _leave_out_parts(rows: list[_Labels]) -> list[_Labels]:
    """Rows without those that show some labels of another one: labels read upwards make a row a letter."""
    return [
        row
        for row in rows
        if row.begin is None
        or not any(
            other.begin is not None
            and abs(other.top - row.top) < row.letter
            and len(other.at) > len(row.at)
            and other.at[0] - row.pitch < row.at[0]
            and row.at[-1] < other.at[-1] + row.pitch
            for other in rows
        )
    ]


def _belong_together(column: _Labels, row: _Labels) -> bool:
    """Whether a row of labels begins right of a column of them and just below its last label."""
    drop = row.top - column.at[-1]
    return bool(
        -0.6 * column.letter < drop < MAX_DROP_PITCHES * column.pitch + MAX_DROP_LETTERS * column.letter
        and row.at[0] > column.right
        and row.boxes[0, 0] - column.right < (1 + MAX_UNSEEN) * row.pitch
        and 0.4 < row.letter / column.letter < 2.5
    )


def _box_between(
    inked: NDArray[np.bool_],
    column: _Labels,
    row: _Labels,
    horizontal: list[Stroke],
    vertical: list[Stroke],
) -> Box:
    """The plot area between a column and a row of labels."""
    letter, edge, floor = column.letter, column.right, row.top
    left = _axis_at(inked, vertical, column.at, edge, +1, float(row.at[0]))
    bottom = _axis_at(inked.T, horizontal, row.at, floor, -1, float(column.at[-1]))
    if left is None:
        left = find_beginning(horizontal, edge, row.at) or edge + 0.5 * letter
    inset = max(0.0, float(row.at[0]) - left)
    if abs(inset - row.pitch) <= CORNER_PX:
        # The first label stands at the corner, and the axis line that runs into it was rubbed out with it.
        inset = 0.0
    right = min(float(row.at[-1]) + min(inset, row.pitch / 2), inked.shape[1] - 1.0)
    if bottom is None:
        # Bars stand on the last label's place, tick marks below them; a curve may go below it.
        below = inked[int(column.at[-1]) + 3 : int(floor) - 2].copy()
        for place in row.at.round().astype(int):
            below[:, max(0, place - TICK_REACH) : place + TICK_REACH + 1] = False
        below = below[:, int(left) + 2 : int(row.at[-1])]
        beside = 0.5 if row.are_marks else 0.5 * letter
        bottom = float(column.at[-1]) if not below.any() else floor - beside
        bottom = max(bottom, float(column.at[-1]))
    top, reached = float(column.at[0]), (-1.0, -1.0)
    while reached != (top, right):
        # A curve that leaves the labels' corner slowly goes on to the right above what it reaches first.
        reached = top, right
        area = inked[int(top) : int(bottom), :]
        right = max(right, _follow(area, int(row.at[-1]), +1, int(row.pitch)))
        upwards = inked[:, int(left) + 2 : int(right) - 1].T
        top = min(top, _follow(upwards, int(column.at[0]), -1, int(column.pitch)))
    top = _side_above(inked, horizontal, left, top, right, column.pitch)
    return Box(left=left, top=top, right=right, bottom=bottom)


def _side_above(
    inked: NDArray[np.bool_], strokes: list[Stroke], left: float, top: float, right: float, reach: float
) -> float:
    """The line above a plot area that is as long, up to ``reach`` away; its top where texts stand between."""
    ends = [s for s in strokes if s.sign == 0 and max(abs(s.start - left), abs(s.end - right)) <= SIDE_PX]
    at = max((s.at for s in ends if top - reach < s.at < top), default=top)
    between = inked[int(at) + LINE_HALF_PX : max(0, int(top) - LINE_HALF_PX), int(left) + 2 : int(right) - 1]
    # Ink that reaches from one to the other, or out of one of them, is the series'.
    rows = np.asarray(between.any(axis=1))
    return top if rows.any() and not rows[0] and not rows[-1] else at


def _axis_at(
    inked: NDArray[np.bool_], strokes: list[Stroke], at: FloatArray, edge: float, step: int, limit: float
) -> float | None:
    """Where the side beside labels lies: an axis line, else the common end of their tick marks.

    ``inked`` is turned so that the labels' places run down its rows; ``edge`` is the labels' end and
    ``step`` the direction from it to the plot area, ``limit`` where that has begun at the latest.
    """
    span = float(at[-1] - at[0])
    lines = [
        s.at
        for s in strokes
        if s.sign == 0
        and 0 < (s.at - edge) * step <= max(0.0, (limit - edge) * step) + 3.0
        and min(s.end, at[-1]) - max(s.start, at[0]) > 0.6 * span
        and not _runs_under_bars(inked[int(at[0]) : int(at[-1])], s.at, edge)
    ]
    if lines:
        return min(lines, key=lambda line: abs(line - edge))
    ends = []
    for place in at:
        near = inked[max(0, round(place) - 2) : round(place) + 3]
        beyond = np.asarray(near.any(axis=0))[int(edge) + step :: step][: 2 * MAX_TICK_PX]
        on = np.flatnonzero(beyond)
        if not on.size:
            continue
        off = np.flatnonzero(~beyond[on[0] :])
        length = int(off[0]) if off.size else len(beyond)
        if MIN_TICK_PX <= length <= MAX_TICK_PX:
            ends.append(int(edge) + step * (1 + int(on[0]) + length - 1))
    if len(ends) < MIN_TICKED_SHARE * len(at):
        return None
    end = median(ends)
    return end if np.mean(np.abs(np.array(ends) - end) <= 1.5) >= MIN_TICKED_SHARE else None


def _runs_under_bars(inked: NDArray[np.bool_], line: float, edge: float) -> bool:
    """Whether bars show between a line and the labels that end at ``edge``."""
    first, last = sorted((line, edge))
    between = inked[:, int(first) + LINE_HALF_PX : int(last) - LINE_HALF_PX + 1]
    if min(between.shape) < 1:
        return False
    return bool(cv2.erode(between.astype(np.uint8), np.ones((SOLID_END_PX, 1), np.uint8)).any())


def _follow(inked: NDArray[np.bool_], start: int, step: int, reach: int) -> float:
    """How far ink goes on without a blank of more than four pixels, from the column ``start`` on."""
    beyond = inked[:, start::step][:, : reach + 1].any(axis=0)
    on = np.flatnonzero(beyond)
    if not on.size or on[0] > 4:
        return float(start)
    breaks = np.flatnonzero(np.diff(on) > 4)
    last = on[breaks[0]] if breaks.size else on[-1]
    return float(start + step * int(last))
