"""Where a line passes under hollow markers that are filled with the ground's colour."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Mask, Trace
from digitizer.stages.series.inks.ink import Ink

# The outline of a marker reaches at most so far from its middle (its sizes): corners of squares 0.71.
REACH_SIZES = 0.75
# Smaller ones (px) have no inside that a pixel shows.
SMALLEST_PX = 4.0


def see_hollows(ink: Ink, trace: Trace, colored: Mask) -> Mask:
    """The ground that a line's markers enclose.

    Parameters
    ----------
    ink
        The panel's ink.
    trace
        A series (source px).
    colored
        Where there is ink of its colour.
    """
    hollow = np.zeros_like(colored)
    if trace.kind != "line" or trace.marker == "none" or trace.marker_size_px < SMALLEST_PX:
        return hollow
    reach = int(np.ceil(REACH_SIZES * trace.marker_size_px)) + 2
    for x, y in zip(trace.x_px - ink.left, trace.y_px - ink.top, strict=True):
        if not np.isfinite(x + y):
            continue
        top, left = max(0, round(y) - reach), max(0, round(x) - reach)
        part = ~colored[top : round(y) + reach + 1, left : round(x) + reach + 1]
        row, column = round(y) - top, round(x) - left
        if not (0 <= row < part.shape[0] and 0 <= column < part.shape[1] and part[row, column]):
            continue
        _, labels = cv2.connectedComponents(part.astype(np.uint8), connectivity=4)
        inside = labels == labels[row, column]
        if not (inside[[0, -1]].any() or inside[:, [0, -1]].any()):
            hollow[top : top + part.shape[0], left : left + part.shape[1]] |= inside
    return hollow
