"""Propose plot areas of bars that stand on nothing, beside an axis line that is as long as its labels (R's).

The feet of bars on one level, and left of them an upright line that ends on it: neither a box, nor a grid,
nor a line below the bars is drawn, and the highest bar may end above the axis. Lying bars begin so above a
level line.
"""

from __future__ import annotations

import itertools
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
    """Propose the rectangles between lines and rows of bars beside them, of standing bars first.

    Parameters
    ----------
    horizontal, vertical : sequence of Stroke
        Long straight strokes.
    shape : tuple
        Height and width of the working picture.
    """
    height, width = shape[:2]
    lying = _propose_right_of(_turned(vertical, height, width), _turned(horizontal, width, height), (width,))
    return _propose_right_of(horizontal, vertical, shape) + [_turned_back(p, height, width) for p in lying]


def _turned(strokes: Sequence[Stroke], length: int, depth: int) -> list[Stroke]:
    """Strokes of the picture mirrored at its other diagonal: what was at the left stands at the bottom.

    ``length`` is how long the picture is along the strokes, ``depth`` across them.
    """
    return [
        replace(s, at=depth - 1 - s.at, start=length - 1 - s.end, end=length - 1 - s.start) for s in strokes
    ]


def _turned_back(p: Proposal, height: int, width: int) -> Proposal:
    box = Box(
        left=width - 1 - p.box.bottom,
        top=height - 1 - p.box.right,
        right=width - 1 - p.box.top,
        bottom=height - 1 - p.box.left,
    )
    return replace(p, box=box, sides=frozenset({"bottom"}))


def _propose_right_of(
    horizontal: Sequence[Stroke], vertical: Sequence[Stroke], shape: tuple[int, ...]
) -> list[Proposal]:
    """Propose the rectangles between upright lines and rows of bars right of them, the longest first."""
    axes = [s for s in vertical if s.sign == 0 and s.length >= MIN_AXIS_SHARE * shape[0]]
    found = []
    for axis in sorted(axes, key=lambda s: (-s.length, s.at)):
        if any(axis.at in (foot.start, foot.end) for foot in _feet_between(vertical, axis.end)):
            continue
        level = [s for s in horizontal if abs(s.at - axis.end) <= LEVEL_PX]
        level += _feet_between([s for s in vertical if s is not axis], axis.end)
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


def _feet_between(upright: Sequence[Stroke], level: float) -> list[Stroke]:
    """The feet of narrow bars, which are no strokes: between sides of one height that end on a level."""
    sides = sorted((s for s in upright if abs(s.end - level) <= LEVEL_PX), key=lambda s: s.at)
    feet: list[Stroke] = []
    for one, other in itertools.pairwise(sides):
        apart = not feet or feet[-1].end < one.at
        if apart and abs(one.start - other.start) <= LEVEL_PX:
            feet.append(Stroke(at=level, start=one.at, end=other.at, sign=0))
    return feet


def prefer_whole(chosen: list[Proposal], wholes: Sequence[Proposal]) -> list[Proposal]:
    """Put rectangles that hold all bars in place of those around some, which stand on their base."""
    for p in wholes:
        parts = [c for c in chosen if shared_part(p.box, c.box) > OVERLAP]
        if parts and all(_stands_on(c, p) for c in parts):
            chosen = [c for c in chosen if c not in parts] + [p]
    return chosen


def _stands_on(part: Proposal, whole: Proposal) -> bool:
    within = intersection(part.box, whole.box) > WITHIN * part.area
    if "bottom" in whole.sides:
        level = abs(part.box.left - whole.box.left) <= FLUSH_PX
        return level and within and part.box.bottom < whole.box.bottom - FLUSH_PX
    level = abs(part.box.bottom - whole.box.bottom) <= FLUSH_PX
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
