"""Tell parts of a panel from panels: the cells of its grid, and what is cut off at the height of its bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.stages.strokes.proposals import Proposal, intersection

# A part of a panel that happens to be labelled lacks this many strokes against the panel itself.
MUCH_BETTER = 6
# Cells of a grid share the line between them to this many pixels; facets stand apart.
SHARED_LINE_PX = 2.0
# A part of a panel on the same axes ends where that does to this share of it, and has less than this share of
# the labels beside it: bars of one height end there.
SAME_SIDE_SHARE = 0.03
CUT_LABELS = 0.6
# So many boxes of widths and distances that differ by no more than this (px of both sides) are bars.
FEWEST_BARS, EVEN_BARS_PX = 3, 2.0
# Of a rectangle that reaches across two panels each covers this share at least, and both together this one;
# what is between them holds the labels of the second (0.06 to 0.2).
STRADDLED_EACH = 0.25
STRADDLED_SHARE = 0.7
SEPARATE = 0.02


def straddles(p: Proposal, proposals: Sequence[Proposal]) -> bool:
    """Whether a rectangle reaches across two boxes with labels of their own that more strokes agree on.

    Panels side by side stand on one base line, and bars of both may end at one height.
    """
    likelier = [
        q
        for q in proposals
        if len(q.sides) == 4
        and q.n_labelled == 2
        and q.n_agreeing > p.n_agreeing
        and intersection(p.box, q.box) > STRADDLED_EACH * p.area
    ]
    return any(
        intersection(a.box, b.box) < SEPARATE * min(a.area, b.area)
        and intersection(p.box, a.box) + intersection(p.box, b.box) > STRADDLED_SHARE * p.area
        for k, a in enumerate(likelier)
        for b in likelier[k + 1 :]
    )


def are_cells(parts: list[Proposal], p: Proposal) -> bool:
    """Whether rectangles are what lies between lines of a grid: they share these, and others run through all.

    Markers left of a thick grid line look like labels beside a side.
    """
    if p.n_labelled < 2 or p.n_agreeing < max(q.n_agreeing for q in parts) + MUCH_BETTER:
        return False
    return any(
        abs(a.box.right - b.box.left) <= SHARED_LINE_PX or abs(a.box.bottom - b.box.top) <= SHARED_LINE_PX
        for a in parts
        for b in parts
    )


def cuts_labels(q: Proposal, p: Proposal) -> bool:
    """Whether a rectangle is another one cut at the height of its bars: most labels lie beyond."""
    off = [abs(getattr(q.box, side) - getattr(p.box, side)) for side in ("left", "right", "top", "bottom")]
    across = max(off[:2]) <= SAME_SIDE_SHARE * p.box.width
    along = max(off[2:]) <= SAME_SIDE_SHARE * p.box.height
    upright = across and off[3] <= SAME_SIDE_SHARE * p.box.height
    level = along and off[0] <= SAME_SIDE_SHARE * p.box.width
    return (upright and q.n_row_labels < CUT_LABELS * p.n_row_labels) or (
        level and q.n_column_labels < CUT_LABELS * p.n_column_labels
    )


def is_corner(p: Proposal) -> bool:
    """Whether a rectangle has the two axis lines of a panel without a box, and labels at one of them.

    Facets that share their axes have no more, and their rows of titles look like labels of a wider one.
    """
    return p.sides == {"bottom", "left"} and p.n_labelled >= 1


def are_bars(parts: list[Proposal], p: Proposal) -> bool:
    """Whether rectangles are bars as high as the panel: of one width, evenly apart, on its base.

    Panels that stand so have labels of their own on two sides, or stand in a figure that has none below them.
    """
    if len(parts) < FEWEST_BARS or p.n_labelled < 2 or any(q.n_labelled == 2 for q in parts):
        return False
    boxes = sorted((q.box for q in parts), key=lambda b: b.left)
    widths = np.array([b.width for b in boxes])
    steps = np.diff([b.left for b in boxes])
    level = max(abs(b.bottom - p.box.bottom) for b in boxes) <= SAME_SIDE_SHARE * p.box.height
    return bool(level and np.ptp(widths) <= EVEN_BARS_PX and np.ptp(steps) <= EVEN_BARS_PX)


def stands_between_bars(q: Proposal, p: Proposal) -> bool:
    """Whether a rectangle is what bars leave free on the axis line of another one, which has more labels.

    Labels under the bars beside it reach below it, and the dashes of a grid pass for a few beside it.
    """
    on_line = abs(q.box.bottom - p.box.bottom) <= SAME_SIDE_SHARE * p.box.height
    return (
        on_line
        and p.sides == {"left", "bottom"}
        and len(q.sides) < 4
        and q.box.left > p.box.left + SHARED_LINE_PX
    ) and q.n_row_labels < CUT_LABELS * p.n_row_labels
