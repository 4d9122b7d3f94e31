"""Facets on shaded grounds are of one size: a white grid line beside a side is not where one of them ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Picture
from digitizer.medians import quantile
from digitizer.stages.panels.strips import paper_color
from digitizer.stages.pixels.rectangles import away_from

# So many facets tell a width; the others lack so much (px) of it: the ground outside of a white line.
FEWEST = 4
# Half of them may end at a white line: those that do not are the wider ones.
USUAL = 0.75
LEAST_LACK_PX, MOST_LACK_PX = 1.5, 5.0
# Ground and paper differ by so many levels; the last pixel within a side is nearer to the ground than
# to the paper, and this far (px) beyond it there is none of it.
APART, BEYOND_PX = 12.0, 2.0


def widen_facets(picture: Picture, frames: Sequence[PanelFrame]) -> list[PanelFrame]:
    """Frames as wide as most facets of their figure, where their ground goes on so far.

    Parameters
    ----------
    picture
        The source.
    frames
        The facets (source px).
    """
    if len(frames) < FEWEST:
        return list(frames)
    paper = paper_color(picture.rgb, list(frames))
    usual = quantile(np.array([frame.box.width for frame in frames]), USUAL)
    return [_widened(picture, frame, usual - frame.box.width, paper) for frame in frames]


def _widened(picture: Picture, frame: PanelFrame, lack: float, paper: FloatArray) -> PanelFrame:
    ground = np.array(frame.background, dtype=np.float64)
    if not LEAST_LACK_PX <= lack <= MOST_LACK_PX or np.abs(paper - ground).max() < APART:
        return frame
    for side, sign in ((frame.box.left, -1), (frame.box.right, 1)):
        end = side + sign * lack
        if _ends_at(picture, frame, (end, sign), ground, paper):
            # The line's own middle is not known: ticks beside it tell it better than its edge.
            box = replace(frame.box, left=end) if sign < 0 else replace(frame.box, right=end)
            return replace(frame, box=box)
    return frame


def _ends_at(
    picture: Picture, frame: PanelFrame, side: tuple[float, int], ground: FloatArray, paper: FloatArray
) -> bool:
    """Whether the panel's ground is there at a side (px, and which way is out), and not beyond it."""
    end, sign = side
    rows = slice(int(frame.box.top) + 1, int(frame.box.bottom))
    at, beyond = round(end), round(end + sign * BEYOND_PX)
    if not 0 <= min(at, beyond) <= max(at, beyond) < picture.width:
        return False
    off = [
        [
            float(np.median(away_from(np.ascontiguousarray(picture.rgb[rows, [x]]), color)))
            for x in (at, beyond)
        ]
        for color in (ground, paper)
    ]
    return off[0][0] < off[1][0] and off[1][1] < off[0][1]
