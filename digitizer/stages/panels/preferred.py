"""Choose between the plot areas that strokes propose and those that labels do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitizer.evidence import PanelFrame
from digitizer.stages.panels.label_panels import MIN_LABELS
from digitizer.stages.strokes.proposals import Proposal, intersection, same_row_or_column, shared_part

# Boxes that are a smaller part of a rectangle between labels are its bars and legend; lines without sides
# that are, what bars left of its grid.
BOX_SHARE = 0.45
LOOSE_SHARE = 0.75
# Rectangles that share this much of the larger are one plot area.
SAME_SHARE = 0.85
# Of two measured frames of which the larger holds more than this of the other, one is a part of its panel.
HELD_SHARE = 0.5


def prefer_labelled(chosen: list[Proposal], labelled: list[Proposal]) -> list[Proposal]:
    """Put rectangles between rows of labels where nothing is chosen, and for bars and parts of a grid.

    Parameters
    ----------
    chosen : list of Proposal
        What strokes propose.
    labelled : list of Proposal
        What `propose_from_labels` proposes.
    """
    if not chosen:
        for p in labelled:
            if all(shared_part(p.box, c.box) <= 0.02 for c in chosen):
                chosen = [*chosen, p]
        return chosen
    for p in labelled:
        parts = [c for c in chosen if shared_part(p.box, c.box) > 0.02]
        within = all(intersection(p.box, c.box) > 0.9 * c.area for c in parts)
        if parts and within and not _are_panels(parts) and _is_in_part(parts, p):
            chosen = [c for c in chosen if c not in parts] + [p]
    return [_end_at_labels(c, labelled) for c in chosen]


def drop_parts(frames: Sequence[PanelFrame | None]) -> list[PanelFrame | None]:
    """Frames, with None for those that another one has grown over: two halves of a grid that bars cut."""
    return [None if frame is None or _is_held(k, frame, frames) else frame for k, frame in enumerate(frames)]


def _is_held(k: int, frame: PanelFrame, frames: Sequence[PanelFrame | None]) -> bool:
    """Whether another frame, the larger of the two (the first of like ones), holds most of frame ``k``."""
    area = frame.box.width * frame.box.height
    return any(
        other is not None
        and (other.box.width * other.box.height, -j) > (area, -k)
        and shared_part(frame.box, other.box) > HELD_SHARE
        for j, other in enumerate(frames)
    )


def _end_at_labels(c: Proposal, labelled: list[Proposal]) -> Proposal:
    """A rectangle, ended before the labels that an axis line ran into: none were counted beyond that side."""
    for p in labelled:
        if c.n_labelled == 1 and intersection(c.box, p.box) > SAME_SHARE * max(c.area, p.area):
            if c.n_column_labels < 2 and p.box.bottom < c.box.bottom:
                box, columns = replace(c.box, bottom=p.box.bottom), p.n_column_labels
                return replace(c, box=box, n_column_labels=columns, sides=c.sides - {"bottom"})
            if c.n_row_labels < 2 and p.box.left > c.box.left:
                box, rows = replace(c.box, left=p.box.left), p.n_row_labels
                return replace(c, box=box, n_row_labels=rows, sides=c.sides - {"left"})
    return c


def _are_panels(parts: list[Proposal]) -> bool:
    """Whether rectangles are panels: several with all their labels, or two of one size in a row or column.

    Facets have labels on the outer ones alone; bars of one size have no grid.
    """
    if sum(c.n_labelled == 2 for c in parts) > 1:
        return True
    likely = [c for c in parts if max(c.n_horizontal, c.n_vertical) >= MIN_LABELS or c.n_labelled]
    return any(same_row_or_column(a.box, b.box) for k, a in enumerate(likely) for b in likely[:k])


def _is_in_part(parts: list[Proposal], whole: Proposal) -> bool:
    """Whether rectangles are bars of a plot area, or far too small a part of it."""
    columns, rows = whole.box.width / whole.n_column_labels, whole.box.height / whole.n_row_labels
    if all(c.box.width <= columns or c.box.height <= rows for c in parts):
        return True
    share = BOX_SHARE if any(len(c.sides) == 4 for c in parts) else LOOSE_SHARE
    return sum(c.area for c in parts) < share * whole.area
