"""Tell which texts stand beside which side of which panel."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import Box, PanelFrame, Picture, Side, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.axes.inner_bands import inner_bands
from digitizer.stages.samples.beside import find_sample, is_word

# Labels farther from the frame than this share of its side belong to something else.
REACH_SHARE = 0.3
# Labels between two panels belong to the one right of or above them unless so much nearer to the other
# (free scales of facets: 2.3 times nearer to the wrong one).
USUAL_SIDE = 3.0
# Like sides of panels in one row or column agree to this (px).
SAME_ROW_PX = 3.0
# Texts are farther from the axis line within a panel that they stand along than this (px).
TOUCHING_PX = 1.5
# A legend's sample is at least this wide (in text heights); what is left of a tick mark is not.
LEAST_SAMPLE = 0.6
# Samples right of their texts are as wide as each other, to this.
SAME_WIDTH_PX = 2.0
# The middle of a label that stands on a grid line is so far above it at most (in heights).
PERCHED_HEIGHTS = 2.0
# Labels that stand at a mark with their middles do so to this, also at the end of a side (px).
NEAR_END_PX = 3.0
# Turned by more than this, a label's end and not its middle may stand at the tick.
SLANTED_DEG = 12.0
# ... and a level one wider than this many of its heights is surely level.
LONG_TEXT = 3.0


def near_side(
    frame: PanelFrame, frames: Sequence[PanelFrame], spans: Sequence[TextSpan], side: Side
) -> list[TextSpan]:
    """Spans outside all frames that stand beside ``side``, no farther than the next panel."""
    box = frame.box
    horizontal = side in ("top", "bottom")
    reach = REACH_SHARE * (box.height if horizontal else box.width) + 30
    for other in frames:
        if other is not frame:
            gap = _gap(box, other.box, side)
            if gap is not None:
                reach = min(reach, gap)
    bands = inner_bands(frame)
    out = []
    for span in spans:
        b = span.box
        if span.panel is not None and not any(_is_in_band(b, band) for band in bands):
            continue
        # Below the crossing of two axes the labels of the level one begin.
        if not horizontal and frame.x_line is not None and 0 <= b.top - frame.x_line <= b.height:
            continue
        low, high = (b.left, b.right) if horizontal else (b.top, b.bottom)
        start, end = (box.left, box.right) if horizontal else (box.top, box.bottom)
        middle = (low + high) / 2
        margin = 0.5 * (b.width if horizontal else b.height) + 3
        if abs(span.angle_deg) > SLANTED_DEG and horizontal:
            margin = b.width + 3
        beyond = margin
        if frame.perched is not None and side == frame.perched[0]:
            # The label on the first line stands above the frame, none below the last.
            margin, beyond = PERCHED_HEIGHTS * b.height, 0.0
        away = distance_beyond(b, box, side)
        if not (-2.0 <= away <= reach and start - margin <= middle <= end + beyond):
            continue
        others = [other.box for other in frames if other is not frame]
        if any(_nearer(b, o, away, side) or _more_level(span, o, box, side) for o in others):
            continue
        out.append(span)
    return out


def _is_in_band(b: Box, band: Box) -> bool:
    """Whether a text stands in the strip beside an axis line and off the line, which bits of curves touch."""
    off = b.top > band.top + TOUCHING_PX and b.right < band.right - TOUCHING_PX
    return off and band.contains(*b.center)


def without_legend(
    picture: Picture, frame: PanelFrame, near: list[TextSpan], spans: Sequence[TextSpan], side: Side
) -> list[TextSpan]:
    """Leave out texts with samples of series beside them, which no tick labels have, and the samples.

    A hollow circle is read as an O, and a line with a marker as -0.
    """
    level = [s for s in near if abs(s.angle_deg) <= SLANTED_DEG]
    off = 3.0 + frame.line_width
    samples: dict[int, Box] = {}
    for right in (False, True):
        found: dict[int, Box] = {}
        for span in level:
            others = [s.box for s in spans if s is not span and is_word(s)]
            sample = find_sample(picture, span.box, span.box.height, others, right=right)
            if (
                sample is not None
                and distance_beyond(sample.box, frame.box, side) > off
                and sample.box.width >= LEAST_SAMPLE * span.box.height
            ):
                found[id(span)] = sample.box
            elif right:
                break
        # Right of a label or two stands a title on end; right of every name, samples as wide as each other.
        widths = [box.width for box in found.values()]
        if not right or (len(found) == len(level) > 1 and max(widths) - min(widths) <= SAME_WIDTH_PX):
            samples |= found
    return [
        s for s in near if id(s) not in samples and not any(s.box.overlaps(box) for box in samples.values())
    ]


def without_beyond_names(
    frame: PanelFrame, near: list[TextSpan], spans: Sequence[TextSpan], side: Side
) -> list[TextSpan]:
    """Leave out texts that names of a legend part from their side: buttons of a tool bar, read as digits.

    Direct labels of lines stand nearer to the side than their own height.
    """
    outside = [s for s in spans if s.panel is None and abs(s.angle_deg) <= SLANTED_DEG]
    names = [s for s in outside if is_word(s) and parse_number(s.text) is None]
    box = frame.box
    level = [s.box for s in names if s.box.top <= box.bottom and s.box.bottom >= box.top]
    inner = [b for b in level if distance_beyond(b, box, side) > b.height]
    return [s for s in near if not any(b.right < s.box.left for b in inner)]


def distance_beyond(b: Box, box: Box, side: Side) -> float:
    """How far a span lies outside a side (px)."""
    return {
        "left": box.left - b.right,
        "right": b.left - box.right,
        "top": box.top - b.bottom,
        "bottom": b.top - box.bottom,
    }[side]


def _nearer(b: Box, other: Box, away: float, side: Side) -> bool:
    """Whether a span stands beside another panel, and nearer to it.

    Labels stand left of and below their panels far more often than right of and above them; between two
    panels that weighs more than a few pixels.
    """
    x, y = b.center
    usual = side in ("left", "bottom")
    beside_x = other.left - b.width <= x <= other.right + b.width
    beside_y = other.top - b.height <= y <= other.bottom + b.height
    sides: tuple[tuple[Side, bool], ...] = (
        ("left", beside_y),
        ("right", beside_y),
        ("top", beside_x),
        ("bottom", beside_x),
    )
    for theirs, beside in sides:
        distance = distance_beyond(b, other, theirs)
        theirs_usual = theirs in ("left", "bottom")
        factor = 1.0 if usual == theirs_usual else (USUAL_SIDE if theirs_usual else 1 / USUAL_SIDE)
        if beside and -2.0 <= distance < away * factor:
            return True
    return False


def _more_level(span: TextSpan, other: Box, box: Box, side: Side) -> bool:
    """Whether a span beyond the end of this panel's side lies within that of the panel next to it.

    A slanted text between the two belongs where its end beside the axis stands: names of dates that end at
    the first mark of a panel lie under the panel left of it.
    """
    b = span.box
    start, end, middle = (box.left, box.right, b.center[0])
    their_start, their_end = other.left, other.right
    if side in ("left", "right"):
        start, end, middle = (box.top, box.bottom, b.center[1])
        their_start, their_end = other.top, other.bottom
    same_row = abs(distance_beyond(b, other, side) - distance_beyond(b, box, side)) <= SAME_ROW_PX
    if not same_row or start - NEAR_END_PX <= middle <= end + NEAR_END_PX:
        return same_row and not start <= middle <= end and their_start <= middle <= their_end
    if side in ("top", "bottom") and SLANTED_DEG < abs(span.angle_deg) < 90.0 - SLANTED_DEG:
        rising = (span.angle_deg > 0) == (side == "bottom")
        foot = b.right if rising else b.left
        return _off(foot, their_start, their_end) < _off(foot, start, end)
    return their_start <= middle <= their_end


def _off(at: float, start: float, end: float) -> float:
    """How far a place lies outside an interval (px)."""
    return max(start - at, at - end, 0.0)


def _gap(box: Box, other: Box, side: Side) -> float | None:
    """Free distance to another panel beyond ``side``, None where it does not lie there."""
    horizontal = side in ("top", "bottom")
    if horizontal:
        facing = min(box.right, other.right) > max(box.left, other.left)
    else:
        facing = min(box.bottom, other.bottom) > max(box.top, other.top)
    away = distance_beyond(other, box, side)
    return away if facing and away > 0 else None


def are_turned_apart(a: TextSpan, b: TextSpan) -> bool:
    """Whether one is slanted and the other a level text so long that it is none: a mark of its maker beside
    slanted labels; a lone digit among these is read as level."""
    level, slanted = sorted((a, b), key=lambda s: abs(s.angle_deg))
    turned = abs(level.angle_deg) <= SLANTED_DEG < abs(slanted.angle_deg) < 90.0 - SLANTED_DEG
    return turned and level.box.width > LONG_TEXT * level.box.height
