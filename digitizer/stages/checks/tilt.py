"""Whether a picture is turned by a little, as scans are: its sides and grid lines lean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Picture

# A line is looked for this far (px) on both sides of where it was found, in so many blocks along it, of which
# it is to be seen in so many: its ink stands out of the ground by this (levels).
REACH = 5
BLOCKS, FEWEST_BLOCKS = 12, 6
LEAST_INK = 12.0
# The ends of a line, where others meet it (px).
END_PX = 4.0
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


def _strip(rgb: np.ndarray, at: float) -> FloatArray:
    """The rows around a line, as what parts them from the usual colour along it (levels)."""
    first = round(at) - REACH
    rows = rgb[max(first, 0) : first + 2 * REACH + 1].astype(np.float64)
    if rows.size == 0:
        return np.zeros((0, 0))
    return np.asarray(np.abs(rows - np.median(rows, axis=(0, 1))).max(axis=2))


def _slope(strips: Sequence[FloatArray]) -> float:
    """By how much most lines lean (px a px); 0 where none is seen along most of its length."""
    slopes = [slope for strip in strips if (slope := _slope_of(strip)) is not None]
    return float(np.median(slopes)) if slopes else 0.0


def _slope_of(strip: FloatArray) -> float | None:
    length = strip.shape[1] if strip.ndim == 2 and strip.shape[0] > REACH else 0
    edges = np.linspace(END_PX, length - END_PX, BLOCKS + 1).astype(int)
    if length < 2 * END_PX + 3 * BLOCKS:
        return None
    at, middle = [], []
    rows = np.arange(strip.shape[0])
    for begin, end in pairwise(edges):
        profile = np.median(strip[:, begin:end], axis=1)
        ink = profile - np.median(profile)
        peak = int(np.argmax(ink))
        near = np.abs(rows - peak) <= 2
        if ink[peak] >= LEAST_INK:
            weight = np.clip(ink[near], 0.0, None)
            at.append((begin + end) / 2)
            middle.append(float((weight * rows[near]).sum() / weight.sum()))
    if len(at) < FEWEST_BLOCKS:
        return None
    one, other = np.triu_indices(len(at), 1)
    rise, run = np.array(middle), np.array(at)
    return float(np.median((rise[other] - rise[one]) / (run[other] - run[one])))
