"""Find axes that are drawn within the plot area: lines through zero with the tick labels along them.

A long line with a level row of words at even places just below it, or an upright one with a column of them
just left of it, is an axis wherever it lies. Crossing axes span a plot area that has neither sides nor grid;
an axis at zero (spreadsheets put the names of categories there) crosses a plot area that its grid shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import Box, FloatArray, PanelFrame
from digitizer.stages.panels.label_panels import MIN_LETTER_PX, join_letters
from digitizer.stages.strokes.proposals import Proposal
from digitizer.stages.strokes.strokes import Stroke

# Letters of a word are closer than this (heights of a letter).
WORD_GAP = 1.0
# Words along an axis begin within so many of their heights of its line, and a tick mark (px).
MAX_GAP = 0.9
MAX_TICK_PX = 10.0
# Ink nearer to it touched it (px): bits of curves.
TOUCHING_PX = 3.0
# ... and lie level to this share of their height; columns end at one place to so many heights (a narrow last
# digit, a letter that touches a curve).
LEVEL_SHARE = 0.3
FLUSH_SHARE = 0.5
# So many words at even places are labels: at multiples of a pitch up to so many, to this share of it (a minus
# sign shifts a number's middle by a seventh of it).
MIN_WORDS = 3
MAX_MULTIPLE = 6
UNEVEN_SHARE = 0.22
# An axis is this long (share of the picture's side), and its labels stand along this share of it.
MIN_LENGTH_SHARE = 0.2
MIN_LABELLED_SHARE = 0.45
# Within a plot area: so far from its sides (share of it).
INNER_SHARE = 0.06
# An axis reaches from side to side of its plot area, to this share of it.
ACROSS_SHARE = 0.9
# Axes that cross within each other are so long (share of the picture's sides), cross so far from their ends
# (share of them), have no parallel along so much of them and so many words beside both: curves hide others.
CROSSED_LENGTH_SHARE = 0.45
CROSSED_INNER_SHARE = 0.12
ALONG_SHARE = 0.5
CROSSED_WORDS = 3
# Markers hide the end of an axis up to this share of it.
HIDDEN_SHARE = 0.03
# Words are so high in terms of the usual one: others are bits of curves.
LOW_SHARE, HIGH_SHARE = 0.6, 1.6
# Labels beside a panel stand within this share of its width, and so many px, of it.
REACH_SHARE = 0.12
REACH_PX = 30.0
# The line of the frame's grid that an axis is, to this (px of the picture it was found in).
SAME_LINE_PX = 2.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledLine:
    """A drawn line with words at even places along it, as an axis has: ``words`` are their middles along it.

    ``crossed`` tells that another axis crosses it within its length: its words may be few.
    """

    at: float
    start: float
    end: float
    words: FloatArray
    crossed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledLines:
    """The level lines with words below them, and the upright ones with words left of them.

    ``words`` holds the boxes of all words, shape (n, 4).
    """

    words: FloatArray
    level: tuple[LabelledLine, ...] = ()
    upright: tuple[LabelledLine, ...] = ()


def find_labelled_lines(
    ink: FloatArray, horizontal: Sequence[Stroke], vertical: Sequence[Stroke], shape: tuple[int, ...]
) -> LabelledLines:
    """Find the lines that labels stand along.

    Parameters
    ----------
    ink : ndarray, shape (n, 4)
        Boxes of glyph-sized ink (left, top, right, bottom) in the working picture.
    horizontal, vertical : sequence of Stroke
        Long straight strokes.
    shape : tuple
        Height and width of the working picture.
    """
    ink = ink[ink[:, 3] - ink[:, 1] + 1 >= MIN_LETTER_PX]
    if len(ink) < MIN_WORDS:
        return LabelledLines(words=np.empty((0, 4)))
    words = join_letters(ink, shape, WORD_GAP)
    level = _with_words(words, horizontal, MIN_LENGTH_SHARE * shape[1], level=True)
    upright = _with_words(words, vertical, MIN_LENGTH_SHARE * shape[0], level=False)
    crossed = _find_crossed(level, upright, horizontal, vertical, shape)
    if crossed is not None:
        return LabelledLines(words=words, level=(crossed[0],), upright=(crossed[1],))
    return LabelledLines(
        words=words,
        level=tuple(line for line in level if _is_labelled(line)),
        upright=tuple(line for line in upright if _is_labelled(line)),
    )


def _is_labelled(line: LabelledLine) -> bool:
    along = MIN_LABELLED_SHARE * (line.end - line.start)
    return _are_even(line.words) and bool(np.ptp(line.words) >= along)


def _find_crossed(
    level: list[LabelledLine],
    upright: list[LabelledLine],
    horizontal: Sequence[Stroke],
    vertical: Sequence[Stroke],
    shape: tuple[int, ...],
) -> tuple[LabelledLine, LabelledLine] | None:
    """The two long lines without parallels that cross within each other and have words beside them."""
    long = [
        a for a in level if a.end - a.start > CROSSED_LENGTH_SHARE * shape[1] and _is_alone(a, horizontal)
    ]
    high = [
        b for b in upright if b.end - b.start > CROSSED_LENGTH_SHARE * shape[0] and _is_alone(b, vertical)
    ]
    for a in long:
        for b in high:
            inner = _is_inner(b.at, a.start, a.end) and _is_inner(a.at, b.start, b.end)
            if inner and len(a.words) + len(b.words) >= CROSSED_WORDS:
                return replace(a, crossed=True), replace(b, crossed=True)
    return None


def _is_inner(at: float, start: float, end: float) -> bool:
    room = CROSSED_INNER_SHARE * (end - start)
    return start + room < at < end - room


def _is_alone(line: LabelledLine, strokes: Sequence[Stroke]) -> bool:
    """Whether no other line runs along most of a line, as the sides and the grid of a panel do."""
    return not any(
        s.sign == 0
        and abs(s.at - line.at) > MAX_TICK_PX
        and min(s.end, line.end) - max(s.start, line.start) > ALONG_SHARE * (line.end - line.start)
        for s in strokes
    )


def _with_words(
    words: FloatArray, lines: Sequence[Stroke], min_length: float, *, level: bool
) -> list[LabelledLine]:
    """The long drawn lines with the words that stand along them, level or flush with each other."""
    tall = words[:, 3] - words[:, 1] + 1.0
    if level:
        near, middle, along = words[:, 1], (words[:, 1] + words[:, 3]) / 2, (words[:, 0] + words[:, 2]) / 2
    else:
        near, middle, along = -words[:, 2], -words[:, 2], (words[:, 1] + words[:, 3]) / 2
    found = []
    for line in _join_pieces(lines):
        if line.length < min_length:
            continue
        away = near - (line.at if level else -line.at)
        beside = (away > TOUCHING_PX) & (away <= MAX_GAP * tall + MAX_TICK_PX)
        beside &= (along >= line.start - tall) & (along <= line.end + tall)
        if beside.any():
            usual = float(np.quantile(tall[beside], 0.5, method="lower"))
            beside &= (tall >= LOW_SHARE * usual) & (tall <= HIGH_SHARE * usual)
            slack = (LEVEL_SHARE if level else FLUSH_SHARE) * usual
            beside &= np.abs(middle - np.quantile(middle[beside], 0.5, method="lower")) <= slack
        at = np.sort(along[beside])
        found.append(LabelledLine(at=line.at, start=line.start, end=line.end, words=at))
    return found


def _join_pieces(lines: Sequence[Stroke]) -> list[Stroke]:
    """The drawn lines, those in one place that overlap as one: a marker on a line leaves pieces of it."""
    joined: list[Stroke] = []
    for line in sorted((s for s in lines if s.sign == 0), key=lambda s: s.start):
        for k, other in enumerate(joined):
            if abs(other.at - line.at) <= SAME_LINE_PX and line.start <= other.end + TOUCHING_PX:
                longer = max(line, other, key=lambda s: s.length)
                joined[k] = replace(longer, start=other.start, end=max(line.end, other.end))
                break
        else:
            joined.append(line)
    return joined


def _are_even(at: FloatArray) -> bool:
    """Whether places stand at multiples of one pitch; the label at the crossing may be missing."""
    if len(at) < MIN_WORDS:
        return False
    gaps = np.diff(at)
    pitch = float(np.min(gaps))
    multiples = np.round(gaps / pitch) if pitch > 0 else np.full(len(gaps), np.inf)
    if multiples.max() > MAX_MULTIPLE or multiples.sum() > 2 * len(at):
        return False
    # The smallest gap may be short by a minus sign.
    pitch = float(gaps.sum() / multiples.sum())
    return bool((np.abs(gaps - multiples * pitch) <= UNEVEN_SHARE * pitch).all())


def count_inner_labels(p: Proposal, lines: LabelledLines) -> Proposal:
    """Count the labels along axes within a rectangle where there are more of them than beside it."""
    level, upright = _inner_axes(p, lines)
    if level is not None:
        p = replace(p, n_column_labels=max(2, len(level.words)))
    return p if upright is None else replace(p, n_row_labels=max(2, len(upright.words)))


def end_at_axis(p: Proposal, lines: LabelledLines) -> Proposal:
    """End a rectangle at the axis line in it below which nothing of the other axis goes on.

    The bars of a legend below the labels may lie where the grid's next line would.
    """
    rows, columns = (p.box.top, p.box.bottom), (p.box.left, p.box.right)
    last = [
        line
        for line in _within(lines.level, rows, columns)
        if len(line.words) > p.n_column_labels and not _goes_on_below(line, p.box, lines)
    ]
    if not last or p.n_row_labels < MIN_WORDS or "bottom" in p.sides:
        return p
    return replace(p, box=replace(p.box, bottom=min(line.at for line in last)))


def _inner_axes(p: Proposal, lines: LabelledLines) -> tuple[LabelledLine | None, LabelledLine | None]:
    """The lines within a rectangle that more labels stand along than beside it."""
    rows, columns = (p.box.top, p.box.bottom), (p.box.left, p.box.right)
    levels = [
        line
        for line in _within(lines.level, rows, columns)
        if line.crossed or (_outnumbers(line, p.n_column_labels) and _goes_on_below(line, p.box, lines))
    ]
    uprights = [
        line
        for line in _within(lines.upright, columns, rows)
        if line.crossed or (_outnumbers(line, p.n_row_labels) and _goes_on_left(line, lines))
    ]
    return (
        max(levels, key=lambda line: len(line.words), default=None),
        max(uprights, key=lambda line: len(line.words), default=None),
    )


def _outnumbers(line: LabelledLine, beside: int) -> bool:
    """Whether a line's words are its panel's labels: those beside the panel are fewer, and too few."""
    return beside < min(len(line.words), MIN_WORDS)


def _goes_on_below(level: LabelledLine, box: Box, lines: LabelledLines) -> bool:
    """Whether labels of the other axis stand below a level line: beside the rectangle, or along an axis."""
    left, _, right, _ = lines.words.T
    middle = (lines.words[:, 1] + lines.words[:, 3]) / 2
    tall = lines.words[:, 3] - lines.words[:, 1] + 1.0
    below = (middle > level.at + tall) & (middle < box.bottom + tall)
    beside = below & (right < box.left) & (left > box.left - REACH_SHARE * box.width - REACH_PX)
    along = [line for line in lines.upright if box.left < line.at < box.right]
    return bool(beside.any()) or any((line.words > level.at).any() for line in along)


def _goes_on_left(upright: LabelledLine, lines: LabelledLines) -> bool:
    """Whether labels of a level axis stand on both sides of an upright one."""
    return any(_on_both_sides(line.words, upright.at) for line in lines.level)


def _within(
    lines: Sequence[LabelledLine], across: tuple[float, float], along: tuple[float, float]
) -> list[LabelledLine]:
    """The lines that cross a rectangle away from its sides, from side to side."""
    room = INNER_SHARE * (across[1] - across[0])
    return [
        line
        for line in lines
        if across[0] + room < line.at < across[1] - room
        and min(line.end, along[1]) - max(line.start, along[0]) >= ACROSS_SHARE * (along[1] - along[0])
    ]


def propose_crossed(lines: LabelledLines) -> list[Proposal]:
    """Propose the rectangles that axes span of which at least one crosses the other within its length."""
    found = []
    for level in lines.level:
        for upright in lines.upright:
            box = Box(left=level.start, right=level.end, top=upright.start, bottom=upright.end)
            meet = (
                box.left - max(MAX_TICK_PX, HIDDEN_SHARE * box.width) <= upright.at <= box.right
                and box.top <= level.at <= box.bottom + MAX_TICK_PX
            )
            low = box.bottom - level.at > INNER_SHARE * box.height
            right = upright.at - box.left > INNER_SHARE * box.width
            # The cells of a spreadsheet cross its chart's axes, too, but no labels stand on both sides there.
            both = (not low or _on_both_sides(upright.words, level.at)) and (
                not right or _on_both_sides(level.words, upright.at)
            )
            if meet and (low or right) and (both or level.crossed):
                found.append(
                    Proposal(
                        # A tick mark on the corner lengthens an axis beyond it.
                        box=replace(
                            box,
                            left=box.left if right else upright.at,
                            bottom=box.bottom if low else level.at,
                        ),
                        sides=frozenset(),
                        n_horizontal=1,
                        n_vertical=1,
                        n_row_labels=max(2, len(upright.words)),
                        n_column_labels=max(2, len(level.words)),
                    )
                )
    return found


def _on_both_sides(words: FloatArray, at: float) -> bool:
    # The label at an axis' end may be centred a pixel beyond it.
    return bool((words < at - MAX_TICK_PX).any() and (words > at + MAX_TICK_PX).any())


def mark_inner_axes(frame: PanelFrame, p: Proposal, lines: LabelledLines, factor: float) -> PanelFrame:
    """Tell a frame the lines within it that carry its axes, where no labels stand beside it.

    Parameters
    ----------
    frame : PanelFrame
        The measured plot area, in source pixels.
    p : Proposal
        What it was measured from, with the labels that stand beside it alone.
    lines : LabelledLines
        The labelled lines of the working picture.
    factor : float
        Working pixels per source pixel.
    """
    level, upright = _inner_axes(p, lines)
    return replace(
        frame,
        x_line=None if level is None else _place(level, frame.grid_y, factor),
        y_line=None if upright is None else _place(upright, frame.grid_x, factor),
    )


def _place(line: LabelledLine, grid: FloatArray, factor: float) -> float:
    """Where a line lies, in source pixels: on the line of the frame's grid that it is."""
    at = (line.at + 0.5) / factor - 0.5
    near = grid[np.abs(grid - at) <= SAME_LINE_PX / factor]
    return float(near[np.argmin(np.abs(near - at))]) if len(near) else at
