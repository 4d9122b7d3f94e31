"""Panels of a row are level: which of two readings of one panel stands as its neighbours do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal, intersection

# Panels of a row are level to this (working pixels); rectangles that share so much are readings of one panel.
LEVEL_PX = 1.5
SAME_SHARE = 0.85


def misses_row(p: Proposal, proposals: Sequence[Proposal], chosen: Sequence[Proposal]) -> bool:
    """Tell whether nearly the same rectangle stands level with a chosen panel, and this one does not.

    Where a letter of the title touches a side, that side reaches beyond the others.
    """

    def is_level(box: Box) -> bool:
        off = (max(abs(box.top - c.box.top), abs(box.bottom - c.box.bottom)) for c in chosen)
        return min(off, default=math.inf) <= LEVEL_PX

    return not is_level(p.box) and any(
        (q.n_labelled, q.n_agreeing) >= (p.n_labelled, p.n_agreeing)
        and intersection(p.box, q.box) > SAME_SHARE * max(p.area, q.area)
        and is_level(q.box)
        for q in proposals
    )
