"""Carry a plot area out to the ends of its axes and grid lines.

Bars and curves propose rectangles that end where they do. A line along the left side that meets one along the
bottom is a pair of axes: where they go on beyond what the bars reach, so does the plot area. So it does where
lines as long as the one along the bottom go on on both sides and above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitizer.evidence import Box, PanelFrame, Picture, Side
from digitizer.stages.frames.measure import SEARCH_PX, frame_within, measure_frame
from digitizer.stages.strokes.proposals import scale_box, shared_part
from digitizer.stages.strokes.strokes import Stroke

# A line runs along a side to so many working pixels (antialiasing, two edges of one line).
ALONG_PX = 3.0
# Tick marks lengthen a line beyond the corner by so many working pixels at most (spreadsheets printed at
# 150 dpi: 17).
MAX_TICK_PX = 20.0
# Lines that go on by less than this end with the plot area, to the width of a line.
MIN_BEYOND_PX = 4.0
# So many bars lie on an upright line of which they leave its left edge alone: the line's other edge shows at
# each by itself. At strips and grounds without a line (plotnine) it does not.
MIN_LYING = 2
# So many grid lines are as long as the axis: bars and curves cut the others.
MIN_LIKE = 2
# Plot areas grow to at most so many times their size: two rungs of a ladder of five.
MAX_GROWTH = 1.7
# A tall bar's edge that passes for the right side stands no farther before it than this share of the width:
# what goes on farther is the next panel.
MOST_BEFORE = 0.1
# Panels do not overlap by more than this part of the smaller.
MAX_SHARED = 0.02


def carry_to_axes(
    picture: Picture,
    frames: Sequence[PanelFrame | None],
    horizontal: Sequence[Stroke],
    vertical: Sequence[Stroke],
    factor: float,
) -> list[PanelFrame | None]:
    """Carry the frames that end before the axes that they lie on out to where these end.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frames : sequence of PanelFrame or None
        Measured rectangles in source pixels.
    horizontal, vertical : sequence of Stroke
        Long straight strokes of the working picture.
    factor : float
        Working pixels in a source pixel.
    """
    carried: list[PanelFrame | None] = list(frames)
    for k, frame in enumerate(frames):
        others = [f.box for j, f in enumerate(frames) if f is not None and j != k]
        box = None if frame is None else _carry(frame, horizontal, vertical, factor)
        if box is not None and not any(shared_part(box, other) > MAX_SHARED for other in others):
            carried[k] = _measure(picture, box, factor) or frame
    return carried


def _measure(picture: Picture, box: Box, factor: float) -> PanelFrame | None:
    """Measure a rectangle, and keep it to the ends of its axes: a legend may hide those of its grid."""
    frame = measure_frame(picture, box, reach=SEARCH_PX / factor)
    if frame is None:
        return None
    slack = MIN_BEYOND_PX / factor
    top = box.top if frame.box.top - box.top > slack else frame.box.top
    right = box.right if box.right - frame.box.right > slack else frame.box.right
    if (top, right) == (frame.box.top, frame.box.right):
        return frame
    sides: set[Side] = {"left", "bottom"}
    whole = replace(frame.box, top=top, right=right)
    return frame_within(picture.rgb, whole, drawn=frame.sides & sides, line_width=frame.line_width)


def _carry(
    frame: PanelFrame, horizontal: Sequence[Stroke], vertical: Sequence[Stroke], factor: float
) -> Box | None:
    """The rectangle (source pixels) that the axes of a frame span; None where it is the frame's own."""
    own = scale_box(frame.box, factor)
    between = _between_long_lines(own, horizontal)
    boxes = between or (_on_axes(own, horizontal, vertical) if len(frame.sides) < 4 else [])
    # The outermost corner: a bar's edge may meet the axis as well.
    box = min(boxes, key=lambda b: (b.left, b.top), default=own)
    closed = _to_corners(own, horizontal, vertical)
    if not between and closed is not None:
        box = closed
    elif not between:
        # The line along a drawn side may go on as a tick mark.
        top = own.top - (MAX_TICK_PX if "top" in frame.sides else MIN_BEYOND_PX)
        right = own.right + (MAX_TICK_PX if "right" in frame.sides else MIN_BEYOND_PX)
        box = replace(
            box,
            top=box.top if box.top < top else own.top,
            right=box.right if box.right > right else own.right,
        )
    if (box.top, box.right) == (own.top, own.right):
        return None
    return (
        scale_box(box, 1 / factor) if box.width * box.height <= MAX_GROWTH * own.width * own.height else None
    )


def _on_axes(box: Box, horizontal: Sequence[Stroke], vertical: Sequence[Stroke]) -> list[Box]:
    """The rectangles on an upright and a level line that meet at the lower left corner of a box."""
    return [
        Box(left=v.at, top=v.start, right=h.end, bottom=h.at)
        for h in horizontal
        # Bars that stand on a line leave one edge of it.
        if abs(h.at - box.bottom) <= ALONG_PX and h.end >= box.right - ALONG_PX
        for v in vertical
        if (v.sign == 0 or _bears_bars(v, vertical)) and h.start - ALONG_PX <= box.left <= v.at + ALONG_PX
        if v.start <= box.top + ALONG_PX
        if 0 <= v.at - h.start + ALONG_PX <= MAX_TICK_PX and 0 <= v.end - h.at + ALONG_PX <= MAX_TICK_PX
    ]


def _bears_bars(edge: Stroke, vertical: Sequence[Stroke]) -> bool:
    """Whether an edge is a dark line's left one, and bars that lie on it cut the right one into pieces."""
    pieces = [
        s
        for s in vertical
        if s.sign > 0 and 0 < s.at - edge.at <= ALONG_PX and edge.start <= s.start and s.end <= edge.end
    ]
    return edge.sign < 0 and len(pieces) >= MIN_LYING


def _to_corners(box: Box, horizontal: Sequence[Stroke], vertical: Sequence[Stroke]) -> Box | None:
    """The rectangle that the lines along a box's top and bottom close with one right of it; None without."""
    along = [
        [s.end for s in horizontal if abs(s.at - at) <= ALONG_PX and s.start <= box.left + ALONG_PX]
        for at in (box.top, box.bottom)
    ]
    first, last = box.right + MIN_BEYOND_PX, box.right + MOST_BEFORE * box.width
    for end in along[0]:
        meets = any(abs(end - other) <= ALONG_PX for other in along[1])
        if meets and first < end <= last and any(_closes(v, box, end) for v in vertical):
            return replace(box, right=end)
    return None


def _closes(line: Stroke, box: Box, at: float) -> bool:
    """Whether an upright line runs from a box's top to its bottom at a column."""
    spans = line.start <= box.top + ALONG_PX and line.end >= box.bottom - ALONG_PX
    return abs(line.at - at) <= ALONG_PX and spans


def _between_long_lines(box: Box, horizontal: Sequence[Stroke]) -> list[Box]:
    """The rectangles between a line along a box's bottom, longer than it on both sides, and one above."""
    long = [s for s in horizontal if s.start < box.left - MIN_BEYOND_PX and s.end > box.right + MIN_BEYOND_PX]
    found = []
    for base in long:
        if abs(base.at - box.bottom) > ALONG_PX:
            continue
        like = [
            s
            for s in long
            if s.sign == 0
            and max(abs(s.start - base.start), abs(s.end - base.end)) <= ALONG_PX
            and s.at < base.at - ALONG_PX
        ]
        if len(like) >= MIN_LIKE and min(s.at for s in like) < box.top - MIN_BEYOND_PX:
            top = min(s.at for s in like)
            found.append(Box(left=like[0].start, top=top, right=like[0].end, bottom=base.at))
    return found
