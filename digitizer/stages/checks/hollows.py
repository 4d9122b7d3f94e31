"""Where a line does not show at its markers: under hollow ones that are filled, and in gaps around them."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.inks.ink import Ink

# The outline of a marker reaches at most so far from its middle (its sizes): corners of squares 0.71.
REACH_SIZES = 0.75
# Smaller ones (px) have no inside that a pixel shows.
SMALLEST_PX = 4.0
# Gaps around markers end at most so far (its sizes) from a marker's middle: R's do at 1.2 to 1.6 of them. So
# many sides of markers, this share of all, have one.
GAP_SIZES, FEWEST_GAPS, GAPS = 2.0, 6, 0.7


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


def find_gaps(trace: Trace, x: FloatArray, y: FloatArray, bare: Mask) -> Mask:
    """Which samples of a line's path lie in the gaps that part all its markers from it.

    Parameters
    ----------
    trace
        A series (source px).
    x, y
        The samples (source px).
    bare
        Which of them show no ink of its colour.
    """
    none = np.zeros(x.size, dtype=bool)
    if trace.kind != "line" or trace.marker == "none" or not bare.any():
        return none
    seen = np.isfinite(trace.y_px)
    away = np.hypot(x - trace.x_px[seen, None], y - trace.y_px[seen, None])
    near = away <= GAP_SIZES * trace.marker_size_px
    ends = []
    for side in (x < trace.x_px[seen, None], x > trace.x_px[seen, None]):
        beside = near & side
        ends += np.where(beside & bare, away, 0.0).max(axis=1)[beside.any(axis=1)].tolist()
    gaps = np.array([end for end in ends if end > 0])
    if gaps.size < max(FEWEST_GAPS, GAPS * len(ends)):
        return none
    return np.asarray(bare & (away.min(axis=0) <= float(np.median(gaps)) + 1.0))
