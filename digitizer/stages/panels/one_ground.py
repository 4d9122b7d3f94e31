"""Join frames that overlap: each is a part of one shaded panel, carried out to where its ground ends."""

from __future__ import annotations

import itertools

from digitizer.evidence import PanelFrame, Picture
from digitizer.stages.frames.measure import measure_frame

# Frames of one panel overlap by this share of the smaller one's sides: of two that were cut at a steep piece
# of a line, each grown over the other, 0.9; those of panels side by side touch.
OVERLAP = 0.5


def join_on_one_ground(picture: Picture, frames: list[PanelFrame]) -> list[PanelFrame]:
    """Put one frame for those that lie on each other; one within another is an inset."""
    for one, other in itertools.combinations(frames, 2):
        if not _overlap(one, other):
            continue
        whole = measure_frame(picture, one.box.union(other.box))
        if whole is not None:
            rest = [frame for frame in frames if frame is not one and frame is not other]
            return join_on_one_ground(picture, [*rest, whole])
    return frames


def _overlap(one: PanelFrame, other: PanelFrame) -> bool:
    """Whether two frames share most of the smaller one, and neither lies within the other."""
    a, b = one.box, other.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    low_width, low_height = min(a.width, b.width), min(a.height, b.height)
    if width < OVERLAP * low_width or height < OVERLAP * low_height:
        return False
    whole = a.union(b)
    # What sticks out of both is more than a side's blur.
    return all(max(whole.width - box.width, whole.height - box.height) > 2 for box in (a, b))
