"""Find the panels that a grid of panels lacks: those of a found one's size in its row or column.

A panel with two grid lines, or with nothing but the axis line below it, proposes itself to nobody; next to
one that was found its lines, of that one's length, and its labels tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal, same_row_or_column, shared_part
from digitizer.stages.strokes.strokes import Stroke

# Lines of one length agree to this share of it and so many px.
SAME_LENGTH_SHARE = 0.01
SAME_PX = 2.0
# A panel has so many labels on both sides, or on one and a line of its own, or so many lines and two labels.
MIN_LABELS = 3
MIN_LINES = 3
# Panels share this much with others at most.
APART = 0.02


def add_mates(
    chosen: Sequence[Proposal],
    horizontal: Sequence[Stroke],
    vertical: Sequence[Stroke],
    count: Callable[[Proposal], Proposal],
) -> list[Proposal]:
    """Add rectangles of a chosen one's size in its row or column that have lines and labels of their own.

    Parameters
    ----------
    chosen : sequence of Proposal
        The plot areas found, in working pixels.
    horizontal, vertical : sequence of Stroke
        Long straight strokes.
    count : callable
        Counts the labels beside a rectangle.
    """
    out = list(chosen)
    places = [
        box
        for p in chosen
        if p.n_labelled == 2
        for box in [*_in_row(p.box, horizontal), *_in_column(p.box, vertical), *_at_crossings(p.box, chosen)]
    ]
    for box in places:
        if any(shared_part(box, q.box) > APART for q in out):
            continue
        rows = [s for s in horizontal if _spans(s, box.left, box.right, box.top, box.bottom)]
        columns = [s for s in vertical if _spans(s, box.top, box.bottom, box.left, box.right)]
        bare = Proposal(
            box=box, sides=frozenset(), n_horizontal=len(rows), n_vertical=len(columns), n_row_labels=0
        )
        p = count(bare)
        n_lines = len(rows) + len(columns)
        fewer, more = sorted((p.n_row_labels, p.n_column_labels))
        if fewer >= MIN_LABELS or (n_lines and more >= MIN_LABELS) or (n_lines >= MIN_LINES and p.n_labelled):
            out.append(p)
    return out


def _in_row(box: Box, horizontal: Sequence[Stroke]) -> list[Box]:
    """Where lines of a panel's width end its row: those that lie at the height of its lower side."""
    slack = SAME_PX + SAME_LENGTH_SHARE * box.width
    return [
        replace(box, left=s.start, right=s.start + box.width)
        for s in horizontal
        if s.sign == 0 and abs(s.at - box.bottom) <= SAME_PX and abs(s.length - box.width) <= slack
    ]


def _in_column(box: Box, vertical: Sequence[Stroke]) -> list[Box]:
    """Where lines of a panel's height end its column: those that lie along its left side."""
    slack = SAME_PX + SAME_LENGTH_SHARE * box.height
    return [
        replace(box, top=s.start, bottom=s.start + box.height)
        for s in vertical
        if s.sign == 0 and abs(s.at - box.left) <= SAME_PX and abs(s.length - box.height) <= slack
    ]


def _at_crossings(box: Box, chosen: Sequence[Proposal]) -> list[Box]:
    """The places in a panel's row that others of its size have in theirs."""
    like = [replace(q.box, top=box.top, bottom=box.bottom) for q in chosen]
    return [b for b, q in zip(like, chosen, strict=True) if same_row_or_column(b, box) and b != q.box]


def _spans(s: Stroke, start: float, end: float, low: float, high: float) -> bool:
    """Whether a line runs along the whole of a rectangle within it."""
    slack = SAME_PX + SAME_LENGTH_SHARE * (end - start)
    return (
        s.sign == 0
        and abs(s.start - start) <= slack
        and abs(s.end - end) <= slack
        and low - SAME_PX <= s.at <= high + SAME_PX
    )
