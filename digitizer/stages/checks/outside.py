"""Look beside a panel for what belongs into it: ink of its series beyond the frame, texts torn off labels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitizer.evidence import (
    AxisEvidence,
    Box,
    ByteImage,
    FloatArray,
    Mask,
    PanelFrame,
    Picture,
    Side,
    TextSpan,
    Trace,
)
from digitizer.stages.pixels.rectangles import away_from, cover_boxes

# Beyond the frame ink is looked for as far as this share of the panel, from this (px) and two strokes of its
# sides on: markers and bold lines reach over the side that they stand at by half their width.
REACH = 0.25
START_PX = 4.0
# A pixel has a series' colour to this (largest channel). Colours nearer to the ground or to grey than that
# are those of texts and grids too.
SAME = 24.0
LEAST_COLOR = 60.0
# Fills of bands are pale: they have their colour to this share of what parts them from the ground, which is
# at least so much, coloured by half of that. Of 26 panels with bands two have any beyond: a wrong one 3 %.
SAME_FILL, LEAST_FILL = 0.35, 15.0
# Ink under text and legends is theirs, with this margin (px) around them.
TEXT_PX = 4.0
# A card fills its box to this share but for the letters in it, which are this share of it; bars have none. It
# is no lower (px) than these are.
SQUARE, LETTERS, LOWEST_CARD_PX = 0.9, (0.02, 0.4), 12
# Labels of a side are at least so many, begin this near to it (in their heights; those of a colour bar are
# farther), reach over this share of it, and stand evenly to this share of their distance.
FEWEST_LABELS = 3
LABEL_REACH = 2.5
LABELLED = 0.4
UNEVEN = 0.06
# The title of an axis is as near to it as this (times its own height), with the labels between.
TITLE_REACH = 6.0
# A text torn off a label is nearer to it than this share of its letters' height.
TORN = 0.7


def share_beyond(
    picture: Picture,
    frames: Sequence[PanelFrame],
    k: int,
    traces: Sequence[Trace],
    covered: Sequence[Box],
) -> float:
    """How much ink of its series lies beyond panel ``k``'s frame, as a share of what lies inside.

    Parameters
    ----------
    picture, frames
        The source and the plot areas of all panels.
    traces
        The panel's series.
    covered
        Boxes of texts and legend samples (source px).
    """
    box = frames[k].box
    window = _around(box, picture)
    part = picture.rgb[window]
    top, left = window[0].start, window[1].start
    start = START_PX + 2 * frames[k].line_width
    start += max(
        (max(t.line_width_px, t.marker_size_px) for t in traces if t.kind in ("line", "scatter")), default=0.0
    )
    inside = cover_boxes(part.shape[:2], [box], left, top)
    others = [frame.box for n, frame in enumerate(frames) if n != k]
    taken = cover_boxes(part.shape[:2], [box], left, top, start)
    taken |= cover_boxes(part.shape[:2], others, left, top, START_PX)
    taken |= cover_boxes(part.shape[:2], covered, left, top, TEXT_PX)
    ground = np.asarray(frames[k].background)
    taken |= _cards(part, ground, inside)
    shares = [0.0]
    for color, is_fill in {(t.color, t.kind == "band") for t in traces}:
        stroke = np.asarray(color)
        apart = float(np.abs(stroke - ground).max())
        least, least_chroma = (LEAST_FILL, LEAST_FILL / 2) if is_fill else (LEAST_COLOR, LEAST_COLOR)
        if apart < least or np.ptp(stroke) < least_chroma:
            continue
        mine = away_from(part, stroke) <= (min(SAME, SAME_FILL * apart) if is_fill else SAME)
        n_inside = np.count_nonzero(mine & inside)
        if n_inside:
            shares.append(np.count_nonzero(mine & ~taken) / n_inside)
    return min(1.0, max(shares))


def _cards(part: ByteImage, ground: FloatArray, inside: Mask) -> Mask:
    """The cards beside a panel that texts are printed on: nothing of a series."""
    filled = np.asarray((away_from(part, ground) > LEAST_COLOR) & ~inside, np.uint8)
    cards = np.zeros(filled.shape, bool)
    for outline in cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, width, height = cv2.boundingRect(outline)
        if min(width, height) < LOWEST_CARD_PX or cv2.contourArea(outline) < SQUARE * (width - 1) * (
            height - 1
        ):
            continue
        window = slice(y, y + height), slice(x, x + width)
        if LETTERS[0] <= 1.0 - filled[window].mean() <= LETTERS[1]:
            cards[window] = True
    return cards


def _around(box: Box, picture: Picture) -> tuple[slice, slice]:
    x, y = REACH * box.width, REACH * box.height
    height, width = picture.rgb.shape[:2]
    return (
        slice(max(0, round(box.top - y)), min(height, round(box.bottom + y) + 1)),
        slice(max(0, round(box.left - x)), min(width, round(box.right + x) + 1)),
    )


def is_side_unread(frame: PanelFrame, read: Side, loose: Sequence[TextSpan]) -> bool:
    """Whether texts without a role say that the other side than the one ``read`` bears a y axis, too.

    Labels that are misread hold a digit each, and are a column of even distances. A title stands beside the
    left side (beside the right one the strips of facets do). An axis would be missed without a word else, and
    its series be told in the other one's values.
    """
    box, right = frame.box, read != "right"
    outer = [s for s in loose if s.panel is None]
    if not right and any(_is_title(box, s) for s in outer):
        return True
    beside = [
        s.box
        for s in outer
        if not s.angle_deg
        and any(c.isdigit() for c in s.text)
        and -1.0 <= _beside(box, s.box, right=right) <= LABEL_REACH * s.box.height
        and box.top - s.box.height <= s.box.center[1] <= box.bottom + s.box.height
    ]
    if len(beside) < FEWEST_LABELS:
        return False
    steps = np.diff(sorted(b.center[1] for b in beside))
    even = float(np.ptp(steps)) <= UNEVEN * float(steps.mean()) + 1.0
    return bool(even and steps.sum() >= LABELLED * box.height)


def _is_title(box: Box, text: TextSpan) -> bool:
    """Whether a text stands on end left of a panel, as the title of its axis does."""
    near = -1.0 <= _beside(box, text.box, right=False) <= TITLE_REACH * text.box.width
    return near and round(text.angle_deg) in (90, 270) and box.top <= text.box.center[1] <= box.bottom


def _beside(box: Box, text: Box, *, right: bool) -> float:
    """How far a text lies right or left of a panel (px)."""
    return text.left - box.right if right else box.left - text.right


def count_torn(axis: AxisEvidence | None, loose: Sequence[TextSpan]) -> int:
    """How many texts without a role touch a label of an axis: letters that were torn off their word."""
    if axis is None or axis.borrowed:
        return 0
    torn = 0
    for text in loose:
        if text.panel is not None:
            continue
        reach = TORN * min(text.box.width, text.box.height)
        torn += any(_gap(text.box, label.box) <= max(reach, START_PX) for label in axis.labels)
    return torn


def _gap(one: Box, other: Box) -> float:
    """How far apart two boxes are (px, the farther of both directions)."""
    x = max(one.left, other.left) - min(one.right, other.right)
    y = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(x, y)
