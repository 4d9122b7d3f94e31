"""Carry the sides of a plot area over the coloured lines that run across them: they are inside."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Box, ByteImage, Mask, PanelFrame, Side
from digitizer.stages.frames.facing import face
from digitizer.stages.pixels.rectangles import away_from, chroma_of

# Colours nearer to the ground or to grey than this (levels) are those of texts, axes and grids too.
LEAST_COLOR = 60
# A line is seen so far (px) inside, and beyond by more than ticks are long: px, and a share of the panel.
INSIDE_PX = 6
LEAST_PX = 9.0
LEAST_SHARE = 0.03
# Markers that stand on a side reach over it by half of what they cover of it, lines by more than this of it.
BEYOND_CROSSING = 1.5
# Lines at a flat angle run on so far beyond (px, and times what they cover of the side), so far (px) from it.
LEAST_FLAT_PX = 3
FLAT_PX = 30
FLAT_CROSSING = 2.0
# It ends within this share of the panel; axes and their ticks are coloured too this near (px) to a corner.
REACH_SHARE = 0.35
CORNER_PX = 8


_SIDES: tuple[Side, ...] = ("top", "left", "bottom", "right")


def over_strokes(rgb: ByteImage, frame: PanelFrame) -> Box:
    """The rectangle of a panel with what its lines run into beyond it."""
    ends = {side: end_of_strokes(rgb, frame, side) for side in _SIDES}
    return replace(frame.box, **{side: end for side, end in ends.items() if end is not None})


def end_of_strokes(rgb: ByteImage, frame: PanelFrame, side: Side) -> float | None:
    """How far the lines that cross a side of a panel reach (px of the picture); None where none crosses it.

    Parameters
    ----------
    rgb : ndarray, shape (height, width, 3)
        The picture.
    frame : PanelFrame
        The plot area.
    side
        Which of its sides.

    Notes
    -----
    Plotting programs clip what they draw at the sides, so that a side that a line crosses is a grid line.
    """
    seen = face(rgb, frame, side)
    n_rows, at = len(seen.picture), round(seen.at)
    reach = round(REACH_SHARE * seen.depth)
    # Rows from inside the panel outwards, the side at row INSIDE_PX.
    if seen.outward < 0:
        rows = np.arange(min(at + INSIDE_PX, n_rows - 1), max(-1, at - reach), -1)
    else:
        rows = np.arange(max(at - INSIDE_PX, 0), min(n_rows, at + reach + 1))
    columns = slice(max(0, round(seen.first) + CORNER_PX), max(0, round(seen.last) - CORNER_PX + 1))
    on = _is_colored(seen.picture[rows, columns], frame)
    if on.shape[0] <= 2 * INSIDE_PX or not on[INSIDE_PX].any():
        return None
    n, labels, stats, _ = cv2.connectedComponentsWithStats(on.astype(np.uint8), connectivity=8)
    ends = []
    for k in np.unique(labels[INSIDE_PX])[1:] if n > 1 else []:
        top, height = int(stats[k, cv2.CC_STAT_TOP]), int(stats[k, cv2.CC_STAT_HEIGHT])
        beyond = top + height - 1 - INSIDE_PX
        crossing = int(np.count_nonzero(labels[INSIDE_PX] == k))
        steep = beyond > max(LEAST_PX, LEAST_SHARE * seen.depth, BEYOND_CROSSING * crossing)
        wide = np.count_nonzero((labels[INSIDE_PX + LEAST_FLAT_PX :] == k).any(axis=0))
        flat = wide > max(FLAT_PX, FLAT_CROSSING * crossing)
        if top == 0 and (steep or flat) and top + height < on.shape[0]:
            ends.append(top + height - 1)
    return None if not ends else float(rows[max(ends)]) + 0.5 * seen.outward


def _is_colored(part: ByteImage, frame: PanelFrame) -> Mask:
    if not part.size:
        return np.zeros(part.shape[:2], dtype=bool)
    off = away_from(part, np.asarray(frame.background, dtype=np.float64))
    return np.asarray((off > LEAST_COLOR) & (chroma_of(part) > LEAST_COLOR))
