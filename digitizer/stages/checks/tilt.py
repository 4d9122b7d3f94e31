"""Whether a picture is turned by a little, as scans are: its sides and grid lines lean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import ByteImage, PanelFrame, Picture
from digitizer.medians import median, medians
from digitizer.stages.pixels.rectangles import away_from

# A line is looked for this far (px) on both sides of where it was found, in so many blocks along it, of which
# it is to be seen in so many: its ink stands out of the ground by this (levels).
REACH = 5
BLOCKS, FEWEST_BLOCKS = 12, 6
LEAST_INK = 12.0
# The ends of a line, where others meet it (px), and what a block holds at least (px).
END_PX = 4.0
SHORTEST_BLOCK = 3
# Level and upright lines are to lean alike: by the same to this share.
ALIKE = 0.4
# Lines lean from this (px over the panel) on: of 33 real figures turned by 0.4 degrees 29 have a panel that
# leans by 1.4 px and more, of the 41 unturned ones none leans at all.
LEAST_LEAN_PX = 0.5


def find_lean(picture: Picture, frame: PanelFrame) -> float:
    """How far (px) the lines of a panel lean over its longer side; 0 where they do not, or none are seen.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel (source px).

    Notes
    -----
    The middle of a line is told in a dozen blocks along it, each by the median of its columns, which marks
    and data that cross the line leave alone; the median slope between blocks is what the line leans by. In
    turned pictures level and upright lines lean by the same angle.
    """
    box = frame.box
    height, width = picture.rgb.shape[:2]
    left, right = max(int(box.left), 0), min(int(box.right) + 1, width)
    top, bottom = max(int(box.top), 0), min(int(box.bottom) + 1, height)
    rgb = picture.rgb
    level = [*(getattr(box, s) for s in ("top", "bottom") if s in frame.sides), *frame.grid_y]
    upright = [*(getattr(box, s) for s in ("left", "right") if s in frame.sides), *frame.grid_x]
    slopes = [
        _slope([_strip(rgb[:, left:right], y) for y in level]),
        -_slope([_strip(rgb[top:bottom].transpose(1, 0, 2), x) for x in upright]),
    ]
    lean = float(np.mean(slopes)) * max(box.width, box.height)
    apart = abs(slopes[0] - slopes[1]) * max(box.width, box.height)
    return abs(lean) if abs(lean) >= LEAST_LEAN_PX and apart <= ALIKE * abs(lean) else 0.0


def _strip(rgb: ByteImage, at: float) -> ByteImage:
    """The rows around a line, as what parts them from the usual colour along it (levels)."""
    first = round(at) - REACH
    rows = np.ascontiguousarray(rgb[max(first, 0) : first + 2 * REACH + 1])
    if rows.size == 0:
        return np.zeros((0, 0), dtype=np.uint8)
    return away_from(rows, np.median(rows.reshape(-1, 3), axis=0))


def _slope(strips: Sequence[ByteImage]) -> float:
    """By how much most lines lean (px a px); 0 where none is seen along most of its length."""
    slopes = [slope for strip in strips if (slope := _slope_of(strip)) is not None]
    return median(slopes) if slopes else 0.0


def _slope_of(strip: ByteImage) -> float | None:
    height, length = strip.shape
    size = (length - 2 * round(END_PX)) // BLOCKS
    if height <= REACH or size < SHORTEST_BLOCK:
        return None
    begin = round(END_PX)
    blocks = strip[:, begin : begin + BLOCKS * size].reshape(height, BLOCKS, size)
    profiles = medians(blocks, axis=2)
    ink = profiles - medians(profiles, axis=0)
    peak = ink.argmax(axis=0)
    rows = np.arange(height)[:, None]
    weight = np.where(np.abs(rows - peak) <= 2, np.clip(ink, 0.0, None), 0.0)
    at = np.flatnonzero(ink.max(axis=0) >= LEAST_INK)
    if at.size < FEWEST_BLOCKS:
        return None
    middle = (weight * rows).sum(axis=0)[at] / weight.sum(axis=0)[at]
    one, other = np.triu_indices(at.size, 1)
    return median((middle[other] - middle[one]) / (size * (at[other] - at[one])))
