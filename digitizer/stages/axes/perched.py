"""Find y labels that stand on the grid lines, within the plot area (Economist, New York Times, Datawrapper).

Such charts have neither sides nor tick marks. What tells the labels from curves and names is that they are a
ruler: a flush column at one end of the lines, each word as far above its line as the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import Box, FloatArray, Mask, PanelFrame, Picture, Side, TextSpan
from digitizer.stages.strokes.proposals import Proposal
from digitizer.stages.strokes.strokes import Stroke

# A line begins so near to the end of the plot area (share of it); bars and curves cut the rest.
END_SHARE = 0.03
# Words of the column begin or end at one place to this (px), and so near to the lines' end (in heights).
FLUSH_PX = 2.5
END_HEIGHTS = 2.5
# ... are as high as each other to this share (a dollar sign, a comma), no wider than this share of the area,
LIKE_HEIGHT = 0.35
WORD_SHARE = 0.3
# ... and stand this far above their lines (in heights; the looks seen: 0.2 to 0.7), alike to so many px and
# this share of a height (tails of commas).
MOST_RISE = 1.3
LEAST_RISE = -0.1
ALIKE_PX = 1.5
ALIKE_SHARE = 0.15
# So many lines carry one, and this share of them: curves cover some.
MIN_WORDS = 3
CARRYING_SHARE = 0.6
# The labels' column reaches so far beyond their ink (px): where it ends the grid lines are their tick marks.
CLEAR_PX = 4.0
# The line below a word differs from the ground by so many levels (grids of light themes: 20).
LINE_CONTRAST = 10.0
# Dots count up to so many levels; a dotted line has so many on average (seen: one dot of 34 in four).
DOT_CONTRAST = 40.0
LEAST_DOTTED = 5.0
# Beside a word so many columns tell whether a line goes on there, half as strong at least: its end may not.
MIN_BESIDE_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PerchedColumn:
    """A column of labels on the grid lines: at which end of these, how many, and from where to where (px)."""

    side: Side
    n: int
    left: float
    right: float


def find_perched(p: Proposal, words: FloatArray, horizontal: Sequence[Stroke]) -> PerchedColumn | None:
    """Find the fullest column of words that stand on the level lines of a rectangle.

    Parameters
    ----------
    p : Proposal
        The rectangle, in working pixels.
    words : ndarray, shape (n, 4)
        Boxes of words (left, top, right, bottom).
    horizontal : sequence of Stroke
        Long level strokes.
    """
    box = p.box
    if not len(words):
        return None
    tall = words[:, 3] - words[:, 1] + 1.0
    short = words[:, 2] - words[:, 0] < WORD_SHARE * box.width
    ends: tuple[tuple[Side, FloatArray], ...] = (
        ("left", words[:, 0] - box.left),
        ("right", box.right - words[:, 2]),
    )
    found = []
    for side, away in ends:
        lines = _lines_at_end(box, side, horizontal)
        if len(lines) < MIN_WORDS:
            continue
        next_line = np.searchsorted(lines, words[:, 3] + LEAST_RISE * tall)
        below = np.append(lines, np.inf)[next_line]
        rise = below - words[:, 3]
        # Words that hang below a line are that one's.
        drop = words[:, 1] - np.append(-np.inf, lines)[next_line]
        near = short & (rise <= np.minimum(MOST_RISE * tall, drop)) & (away > -tall)
        near &= away < END_HEIGHTS * tall
        for flush in (words[:, 0], words[:, 2]):
            column = _column(near, flush, tall, rise, below)
            if len(np.unique(below[column])) >= max(MIN_WORDS, CARRYING_SHARE * len(lines)):
                left, right = float(words[column, 0].min()), float(words[column, 2].max())
                found.append(PerchedColumn(side=side, n=int(column.sum()), left=left, right=right))
    return max(found, key=lambda column: column.n, default=None)


def _lines_at_end(box: Box, side: Side, horizontal: Sequence[Stroke]) -> FloatArray:
    """Where level lines begin at an end of a rectangle, ascending; the edges of one line count once."""
    above, beside = 2.0 + END_SHARE * box.height, 2.0 + END_SHARE * box.width
    at = np.sort(
        [
            s.at
            for s in horizontal
            if s.sign == 0
            and box.top - above <= s.at <= box.bottom + above
            and (abs(s.start - box.left) <= beside if side == "left" else abs(s.end - box.right) <= beside)
        ]
    )
    return at[np.diff(at, prepend=-np.inf) > FLUSH_PX]


def _column(near: Mask, flush: FloatArray, tall: FloatArray, rise: FloatArray, below: FloatArray) -> Mask:
    """The words among those ``near`` the end that are flush, of one height, and as far above their lines."""
    best = np.zeros(len(near), dtype=bool)
    for k in np.flatnonzero(near):
        slack = ALIKE_PX + ALIKE_SHARE * tall[k]
        like = near & (np.abs(flush - flush[k]) <= FLUSH_PX) & (np.abs(rise - rise[k]) <= slack)
        like &= np.abs(tall - tall[k]) <= LIKE_HEIGHT * tall[k]
        if len(np.unique(below[like])) == like.sum() > best.sum():
            best = like
    return best


def count_perched(p: Proposal, words: FloatArray, horizontal: Sequence[Stroke]) -> Proposal:
    """Count the labels on a rectangle's lines where fewer stand beside it."""
    column = find_perched(p, words, horizontal)
    return p if column is None else replace(p, n_row_labels=max(column.n, p.n_row_labels))


def mark_perched(
    frame: PanelFrame | None,
    p: Proposal,
    words: FloatArray,
    horizontal: Sequence[Stroke],
    factor: float,
) -> PanelFrame | None:
    """Tell a frame where its labels stand on the grid lines, if fewer stand beside it.

    Parameters
    ----------
    frame : PanelFrame or None
        The measured plot area, in source pixels.
    p : Proposal
        What it was measured from, with the labels that stand beside it alone.
    words, horizontal
        As for `find_perched`.
    factor : float
        Working pixels per source pixel.
    """
    column = find_perched(p, words, horizontal)
    if frame is None or column is None or column.n <= p.n_row_labels:
        return frame
    left, right = ((x + 0.5) / factor - 0.5 for x in (column.left, column.right))
    return replace(frame, perched=(column.side, left - CLEAR_PX, right + CLEAR_PX))


def stand_on_lines(
    picture: Picture, frame: PanelFrame, labels: Sequence[TextSpan], *, surely: bool
) -> tuple[tuple[TextSpan, ...], FloatArray] | None:
    """Keep the labels that stand above a level line as the others do, and tell where these lines are.

    Parameters
    ----------
    picture : Picture
        The source.
    frame : PanelFrame
        The plot area.
    labels : sequence of TextSpan
        Texts of one column.
    surely : bool
        Whether nothing is known yet of labels on lines: dotted lines of a light grid propose no panel.

    Returns
    -------
    tuple of (labels, ndarray of shape (n,)), or None
        The labels kept and the y of each one's line; None where they do not stand alike.
    """
    tops = np.sort([s.box.top for s in labels])
    lines = np.array([_line_below(picture, frame, s.box, tops) for s in labels])
    rise = lines - np.array([s.box.bottom for s in labels])
    tall = float(np.median([s.box.height for s in labels])) + 1.0
    least = max(MIN_WORDS if surely else 2, CARRYING_SHARE * len(labels))
    if np.isfinite(rise).sum() < least:
        return None
    kept = np.abs(rise - np.nanmedian(rise)) <= ALIKE_PX + ALIKE_SHARE * tall
    if kept.sum() < least:
        return None
    return tuple(s for s, keep in zip(labels, kept, strict=True) if keep), lines[kept]


def _line_below(picture: Picture, frame: PanelFrame, b: Box, tops: FloatArray) -> float:
    """Where the line right below a word is (y, sub-pixel), NaN where there is none.

    ``tops`` are those of all words of the column, ascending: beyond the next one no line is its own.
    """
    first, last = round(b.bottom) + 1, round(b.bottom + MOST_RISE * (b.height + 1.0)) + 2
    after = tops[tops > b.bottom]
    last = min(last, round(after[0]) - 1) if after.size else last
    # The line goes on along the plot area, where no word is.
    left, right = min(b.left, frame.box.right - b.width), max(b.right, frame.box.left + b.width)
    rows = picture.rgb[first:last, max(0, round(left)) : round(right) + 1].astype(np.float64)
    if not rows.size:
        return float("nan")
    away = np.abs(rows - np.median(rows, axis=(0, 1))).max(axis=2)
    strength = _without_blur(np.median(away, axis=1))
    if strength.max() < LINE_CONTRAST:
        # Dots of a dotted line, and what crosses them: as much on each row.
        dots = np.minimum(away, DOT_CONTRAST).mean(axis=1)
        strength = _without_blur(np.clip(dots - np.median(dots), 0.0, None))
        if strength.max() < LEAST_DOTTED:
            return float("nan")
    # Tails of letters reach down to a line no more than bars do: the first line counts.
    top = int(np.flatnonzero(strength >= strength.max() / 2)[0])
    stop = top + 1
    while stop < len(strength) and strength[stop] >= strength[top] / 2:
        stop += 1
    part = slice(max(0, top - 1), stop + 1)
    columns = np.arange(rows.shape[1]) + max(0, round(left))
    beside = np.asarray((columns < b.left - CLEAR_PX) | (columns > b.right + CLEAR_PX))
    if not _goes_on(rows[:, beside], part):
        return float("nan")
    weight = strength[part]
    return first + part.start + float(np.dot(np.arange(len(weight)), weight) / weight.sum())


def _goes_on(beside: FloatArray, part: slice) -> bool:
    """Whether a line shows in its rows beside its word, too: JPEG rings below letters alone.

    ``beside`` (rows, columns, 3) may lie on paper and on the plot area.
    """
    if beside.shape[1] < MIN_BESIDE_PX:
        return True
    away = np.abs(beside - np.median(beside, axis=0)).max(axis=2)
    dots = np.minimum(away, DOT_CONTRAST).mean(axis=1)
    return float(dots[part].max() - np.median(dots)) >= LEAST_DOTTED / 2


def _without_blur(strength: FloatArray) -> FloatArray:
    """The rows below a word without those into which its letters fade: in scans they are as even as lines."""
    rises = np.flatnonzero(np.diff(strength) > 0)
    first = int(rises[0]) + 1 if rises.size else len(strength)
    return np.where(np.arange(len(strength)) < first, 0.0, strength)
