"""Propose plot areas of bars that stand on nothing, beside an axis line that is as long as its labels (R's).

The feet of bars on one level, and left of them an upright line that ends on it: neither a box, nor a grid,
nor a line below the bars is drawn, and the highest bar may end above the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal, intersection, shared_part
from digitizer.stages.strokes.strokes import Stroke

# Feet of bars lie on one level, and their axis ends there, to this (px).
LEVEL_PX = 2.5
# Sides of bars stand on their feet, to this (px).
FLUSH_PX = 3.0
# So many bars, or groups of bars, stand apart from each other; of this share of them the sides show, which
# are no strokes where bars are low.
FEWEST, MIN_TALL_SHARE = 2, 0.5
# Rectangles share more than this, and a part lies in its whole with this share.
OVERLAP, WITHIN = 0.02, 0.9
# An axis is this long (share of the picture's height), and stands off the first bar by at most this share of
# the bars' extent.
MIN_AXIS_SHARE, MAX_GAP_SHARE = 0.3, 0.2


def propose_beside_bars(
    horizontal: Sequence[Stroke], vertical: Sequence[Stroke], shape: tuple[int, ...]
) -> list[Proposal]:
    """Propose the rectangles between upright lines and rows of bars right of them, the longest lines first.

    Parameters
    ----------
    horizontal, vertical : sequence of Stroke
        Long straight strokes.
    shape : tuple
        Height and width of the working picture.
    """
    axes = [s for s in vertical if s.sign == 0 and s.length >= MIN_AXIS_SHARE * shape[0]]
    found = []
    for axis in sorted(axes, key=lambda s: (-s.length, s.at)):
        level = [s for s in horizontal if abs(s.at - axis.end) <= LEVEL_PX]
        # Bars beyond another line that ends on their level, at none of them, are those of the next panel.
        ends = [s.at for s in axes if s.at > axis.at + FLUSH_PX and abs(s.end - axis.end) <= LEVEL_PX]
        apart = [at for at in ends if not any(s.start - FLUSH_PX <= at <= s.end + FLUSH_PX for s in level)]
        next_at = min((at for at in apart if any(axis.at < s.end < at for s in level)), default=np.inf)
        feet = _apart([s for s in level if axis.at + FLUSH_PX < s.start and s.end < next_at])
        if len(feet) < FEWEST or any(s.start <= axis.at + FLUSH_PX <= s.end for s in level):
            continue
        tops = [top for foot in feet if (top := _top(foot, vertical)) is not None]
        first, last = feet[0].start, feet[-1].end
        bare = len(tops) < max(FEWEST, MIN_TALL_SHARE * len(feet))
        if bare or first - axis.at > MAX_GAP_SHARE * (last - first) or _is_bar(axis, horizontal):
            continue
        top = min(axis.start, *tops)
        found.append(
            Proposal(
                box=Box(left=axis.at, top=top, right=last, bottom=feet[0].at),
                sides=frozenset({"left"}),
                n_horizontal=1,
                n_vertical=1,
            )
        )
    return found


def prefer_whole(chosen: list[Proposal], wholes: Sequence[Proposal]) -> list[Proposal]:
    """Put rectangles that hold all bars in place of those around some, which stand on their base."""
    for p in wholes:
        parts = [c for c in chosen if shared_part(p.box, c.box) > OVERLAP]
        if parts and all(_stands_on(c, p) for c in parts):
            chosen = [c for c in chosen if c not in parts] + [p]
    return chosen


def _stands_on(part: Proposal, whole: Proposal) -> bool:
    level = abs(part.box.bottom - whole.box.bottom) <= FLUSH_PX
    within = intersection(part.box, whole.box) > WITHIN * part.area
    return level and within and part.box.left > whole.box.left + FLUSH_PX


def _apart(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes from the left, those that touch as one: bars of a group stand against each other."""
    kept: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (s.start, -s.length)):
        if kept and stroke.start <= kept[-1].end + LEVEL_PX:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, stroke.end))
        else:
            kept.append(stroke)
    return kept


def _top(foot: Stroke, vertical: Sequence[Stroke]) -> float | None:
    """Where the highest bar on a foot ends by the sides that stand on it, None where it has not two."""
    sides = [
        s.start
        for s in vertical
        if abs(s.end - foot.at) <= LEVEL_PX and foot.start - FLUSH_PX <= s.at <= foot.end + FLUSH_PX
    ]
    return min(sides) if len(sides) > 1 else None


def _is_bar(axis: Stroke, horizontal: Sequence[Stroke]) -> bool:
    """Whether an upright line is the side of a bar: a level one runs from its top or across it."""
    return any(
        abs(s.at - axis.start) <= LEVEL_PX and s.start - FLUSH_PX <= axis.at <= s.end + FLUSH_PX
        for s in horizontal
    )
