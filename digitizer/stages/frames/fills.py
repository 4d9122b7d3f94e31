"""Carry the sides of a plot area over the bars and areas that run across them: they are inside."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import ByteImage, FloatArray, PanelFrame, Side
from digitizer.stages.frames.facing import face

# A fill differs by this from the ground and by no more than that between both sides of a side (levels).
OFF_GROUND = 40
SAME_FILL = 12
# It is seen so far (px, beyond the side's own line) from the side on both sides of it.
BESIDE_PX = 3
# It crosses the side over so many pixels, and this share of it, at least; what crosses more is the ground.
LEAST_PX = 6
LEAST_SHARE = 0.015
MOST_SHARE = 0.8
# Hatching interrupts it for so many pixels; most of it is of one colour, of which its rows show this share.
HATCH_PX = 9
ONE_COLOR = 0.8
FILLED_SHARE = 0.3
# Markers on a side reach as far (px, and share of it) on both sides of it.
EVEN_PX, EVEN_SHARE = 1.5, 0.2
# The line between markers covers less than this share of their width: strokes of 5 px in discs of 13.
WIDE_SHARE = 0.6
# It ends within this share of the panel.
REACH_SHARE = 0.35


def end_of_fills(rgb: ByteImage, frame: PanelFrame, side: Side) -> float | None:
    """How far the fills that cross a side of a panel reach (px of the picture); None where none crosses it.

    Parameters
    ----------
    rgb : ndarray, shape (height, width, 3)
        The picture.
    frame : PanelFrame
        The plot area.
    side
        Which of its sides.
    """
    facing = face(rgb, frame, side)
    picture, outward, at = facing.picture, facing.outward, round(facing.at)
    beside = BESIDE_PX + int(frame.line_width)
    inner, outer = at - outward * beside, at + outward * beside
    if not (0 <= outer < len(picture) and 0 <= inner < len(picture)):
        return None
    along = slice(max(0, round(facing.first) + beside), round(facing.last) - beside + 1)
    seen, beyond = picture[inner, along].astype(np.int16), picture[outer, along].astype(np.int16)
    ground = np.asarray(frame.background, dtype=np.int16)
    crosses = (np.abs(seen - ground).max(axis=1) > OFF_GROUND) & (
        np.abs(seen - beyond).max(axis=1) <= SAME_FILL
    )
    if crosses.mean() > MOST_SHARE:
        return None
    closed = cv2.morphologyEx(
        crosses.astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, HATCH_PX), np.uint8)
    )
    flips = np.flatnonzero(np.diff(np.concatenate([[0], closed[0].astype(np.int8), [0]])))
    ends = []
    for start, stop in zip(flips[::2], flips[1::2], strict=True):
        if stop - start >= max(LEAST_PX, LEAST_SHARE * crosses.size):
            colors = seen[start:stop][crosses[start:stop]]
            color = np.median(colors, axis=0)
            if np.mean(np.abs(colors - color).max(axis=1) <= SAME_FILL) < ONE_COLOR:
                continue
            part = picture[:, along.start + start : along.start + stop]
            reach = round(REACH_SHARE * facing.depth)
            end = _end_of(part, color, outer, outward, reach)
            begin = _end_of(part, color, inner, -outward, reach, least=WIDE_SHARE)
            if end is None or begin is None or not _are_even(abs(end - at), abs(begin - at)):
                ends.append(end)
    told = [end for end in ends if end is not None]
    if not told:
        return None
    return float(min(told) - 0.5 if outward < 0 else max(told) + 0.5)


def _are_even(one: int, other: int) -> bool:
    """Whether a fill reaches as far on one side of a line as on the other: a marker that stands on it."""
    return abs(one - other) <= max(EVEN_PX, EVEN_SHARE * max(one, other))


def _end_of(
    part: ByteImage, color: FloatArray, start: int, outward: int, reach: int, *, least: float = 0.0
) -> int | None:
    """The last row of a fill's colour from row ``start`` outwards; None where it does not end in reach.

    A row where the colour spans less than the share ``least`` of the fill is one of the line that goes on.
    """
    stop = max(-1, start - reach) if outward < 0 else min(len(part), start + reach)
    path = part[start:stop:outward] if stop >= 0 else part[start::outward]
    if not path.size:
        return None
    on = np.abs(path.astype(np.float64) - color).max(axis=2) <= OFF_GROUND
    span = on.shape[1] - on.argmax(axis=1) - on[:, ::-1].argmax(axis=1)
    off = (on.mean(axis=1) < FILLED_SHARE) | (span < least * on.shape[1])
    return start + outward * (int(off.argmax()) - 1) if off.any() else None
