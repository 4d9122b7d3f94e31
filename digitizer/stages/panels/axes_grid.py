"""Leave out rectangles that cut or lie in a panel of a row or column of equal boxes: shapes of its ink."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal, intersection

# Boxes that were laid out together are equally large and level to this (working pixels).
EQUAL_PX = 1.5
# A rectangle cuts a panel, or lies in it, where it shares more of its own area with it; it holds the panel
# where it covers so much of that.
CUT_SHARE, HELD_SHARE = 0.25, 0.95


def leave_out_shapes(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Leave out what cuts or lies in boxes that were laid out together: same size, level, labels outside.

    A raw course that jumps between two values fills its panel with upright strokes that begin and end at one
    height, and the gaps between them pass for labels.
    """
    boxes = [p for p in proposals if len(p.sides) == 4 and p.n_labelled >= 1]
    panels = [p for p in boxes if any(_laid_out_together(p, q) for q in boxes)]
    return [p for p in proposals if not any(_is_shape_in(p, panel) for panel in panels)]


def _laid_out_together(p: Proposal, q: Proposal) -> bool:
    """Whether a box stands level with another one of its size whose labels stand on two sides."""
    if q is p or max(p.n_labelled, q.n_labelled) < 2 or intersection(p.box, q.box) > 0:
        return False
    return (_same(p.box, q.box, "top", "bottom") and abs(p.box.width - q.box.width) <= EQUAL_PX) or (
        _same(p.box, q.box, "left", "right") and abs(p.box.height - q.box.height) <= EQUAL_PX
    )


def _same(a: Box, b: Box, *sides: str) -> bool:
    return all(abs(getattr(a, side) - getattr(b, side)) <= EQUAL_PX for side in sides)


def _is_shape_in(p: Proposal, panel: Proposal) -> bool:
    shared = intersection(p.box, panel.box)
    return p is not panel and shared > CUT_SHARE * p.area and shared < HELD_SHARE * panel.area
