"""Propose plot areas between axis lines that do not meet: the axes stand off the plot by some of its width.

A long level line with labels below it and a long upright line that begins left of its start and ends above
it are the axes of one plot area where neither sides nor a grid are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import Box
from digitizer.stages.panels.inner_axes import LabelledLine
from digitizer.stages.strokes.proposals import Proposal
from digitizer.stages.strokes.strokes import Stroke

# Axes are so long (share of the picture's sides).
MIN_LENGTH_SHARE = 0.4
# They stay clear of each other by so many pixels at least (lines that meet make a rectangle by themselves),
# and by at most this share of their lengths.
MIN_GAP_PX = 3.0
MAX_GAP_SHARE = 0.2
# A grid or a box is drawn where another line is so long in terms of an axis.
LIKE_SHARE = 0.6


def propose_apart(
    level: Sequence[LabelledLine],
    horizontal: Sequence[Stroke],
    vertical: Sequence[Stroke],
    shape: tuple[int, ...],
) -> list[Proposal]:
    """Propose the rectangles between a labelled level line and an upright line that stay clear of each other.

    Parameters
    ----------
    level : sequence of LabelledLine
        The level lines with labels below them.
    horizontal, vertical : sequence of Stroke
        Long straight strokes.
    shape : tuple
        Height and width of the working picture.
    """
    rows = [a for a in level if a.end - a.start > MIN_LENGTH_SHARE * shape[1]]
    columns = [s for s in vertical if s.sign == 0 and s.length > MIN_LENGTH_SHARE * shape[0]]
    return [
        Proposal(
            box=Box(left=b.at, top=b.start, right=a.end, bottom=a.at),
            sides=frozenset({"left", "bottom"}),
            n_horizontal=1,
            n_vertical=1,
        )
        for a in rows
        for b in columns
        if _stand_apart(a, b) and _are_alone(a, b, horizontal, vertical)
    ]


def _stand_apart(level: LabelledLine, upright: Stroke) -> bool:
    """Whether an upright line ends above a level one and left of its start, each a little or one of them."""
    right, down = level.start - upright.at, level.at - upright.end
    clear = max(right, down) >= MIN_GAP_PX and min(right, down) >= -MIN_GAP_PX
    return (
        clear
        and right <= MAX_GAP_SHARE * (level.end - level.start)
        and down <= MAX_GAP_SHARE * upright.length
    )


def _are_alone(
    level: LabelledLine, upright: Stroke, horizontal: Sequence[Stroke], vertical: Sequence[Stroke]
) -> bool:
    """Whether no other lines run beside the two: of a grid or a box."""
    across = LIKE_SHARE * (level.end - level.start)
    return not any(
        s.length > across and upright.start - MIN_GAP_PX <= s.at < level.at - MIN_GAP_PX for s in horizontal
    ) and not any(
        s.length > LIKE_SHARE * upright.length and upright.at + MIN_GAP_PX < s.at <= level.end + MIN_GAP_PX
        for s in vertical
    )
