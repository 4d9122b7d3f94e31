"""Tell which texts stand beside which side of which panel."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import Box, PanelFrame, Side, TextSpan

# Labels farther from the frame than this share of its side belong to something else.
REACH_SHARE = 0.3
# Labels between two panels belong to the one right of or above them unless so much nearer to the other
# (free scales of facets: 2.3 times nearer to the wrong one).
USUAL_SIDE = 3.0
# Like sides of panels in one row or column agree to this (px).
SAME_ROW_PX = 3.0
# Turned by more than this, a label's end and not its middle may stand at the tick.
SLANTED_DEG = 12.0


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
    out = []
    for span in spans:
        if span.panel is not None:
            continue
        b = span.box
        low, high = (b.left, b.right) if horizontal else (b.top, b.bottom)
        start, end = (box.left, box.right) if horizontal else (box.top, box.bottom)
        middle = (low + high) / 2
        margin = 0.5 * (b.width if horizontal else b.height) + 3
        if abs(span.angle_deg) > SLANTED_DEG and horizontal:
            margin = b.width + 3
        away = distance_beyond(b, box, side)
        if not (-2.0 <= away <= reach and start - margin <= middle <= end + margin):
            continue
        others = [other.box for other in frames if other is not frame]
        if any(_nearer(b, o, away, side) or _more_level(b, o, box, side) for o in others):
            continue
        out.append(span)
    return out


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


def _more_level(b: Box, other: Box, box: Box, side: Side) -> bool:
    """Whether a span beyond the end of this panel's side lies within that of the panel next to it."""
    start, end, middle = (box.left, box.right, b.center[0])
    their_start, their_end = other.left, other.right
    if side in ("left", "right"):
        start, end, middle = (box.top, box.bottom, b.center[1])
        their_start, their_end = other.top, other.bottom
    same_row = abs(distance_beyond(b, other, side) - distance_beyond(b, box, side)) <= SAME_ROW_PX
    return same_row and not start <= middle <= end and their_start <= middle <= their_end


def _gap(box: Box, other: Box, side: Side) -> float | None:
    """Free distance to another panel beyond ``side``, None where it does not lie there."""
    horizontal = side in ("top", "bottom")
    if horizontal:
        facing = min(box.right, other.right) > max(box.left, other.left)
    else:
        facing = min(box.bottom, other.bottom) > max(box.top, other.top)
    away = distance_beyond(other, box, side)
    return away if facing and away > 0 else None
