"""The insides of hollow markers, which interrupt error bars as filled ones do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import Mask
from digitizer.stages.pixels.components import label_pieces

# The inside of a marker is no smaller and no wider than this (px), fills its box to this share (diamonds and
# triangles half, discs 0.79), and is so nearly its own mirror image.
LEAST_PX, MOST_PX = 3, 24
LEAST_FILLED = 0.45
LEAST_MIRRORED = 0.75
MOST_TIMES_AS_WIDE = 1.6
# This share of what lies around it is ink of its colour.
LEAST_RIM = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hollow:
    """The inside of a hollow marker: the pixels of a box, and those around them, one pixel further out."""

    top: int
    left: int
    inside: Mask
    rim: Mask


def find_hollows(on: Mask) -> list[Hollow]:
    """What ink encloses that is as large and as even as the inside of a marker."""
    labels, stats = label_pieces(~on, connectivity=4)
    left, top, width, height, area = (stats[:, k] for k in range(5))
    larger, smaller = np.maximum(width, height), np.minimum(width, height)
    likely = (smaller >= LEAST_PX) & (larger <= MOST_PX) & (larger <= MOST_TIMES_AS_WIDE * smaller)
    likely &= area >= LEAST_FILLED * width * height
    likely &= (left > 0) & (top > 0) & (left + width < on.shape[1]) & (top + height < on.shape[0])
    found = []
    for k in np.flatnonzero(likely[1:]) + 1:
        x, y, w, h = (int(v) for v in stats[k, :4])
        inside = np.pad(labels[y : y + h, x : x + w] == k, 1)
        if np.count_nonzero(inside & inside[:, ::-1]) >= LEAST_MIRRORED * np.count_nonzero(inside):
            around = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            found.append(Hollow(top=y - 1, left=x - 1, inside=inside, rim=around & ~inside))
    return found


def with_hollows(mine: Mask, hollows: Sequence[Hollow]) -> Mask:
    """The ink of a colour with the insides of its markers."""
    filled = mine.copy()
    for hollow in hollows:
        height, width = hollow.inside.shape
        part = np.s_[hollow.top : hollow.top + height, hollow.left : hollow.left + width]
        if np.mean(mine[part][hollow.rim]) >= LEAST_RIM:
            filled[part] |= hollow.inside
    return filled
