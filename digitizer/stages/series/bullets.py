"""Legends that show each colour as a bullet, whatever is drawn in it: lines have no markers then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Trace
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON

# A bullet is so many times as wide as the widest ink of its colour (as high as letters where lines are 2 px:
# 3 to 7; legends draw markers up to twice as large as they are).
WIDER = 2.5
# A dotted line is in so many pieces at least, three quarters of them no longer than so many times its width.
FEWEST_DOTS, DOT_LENGTH = 20, 1.8
# ... which are as far from the next one to this share (of a cloud's points: 1), and that is so many times
# their size at most.
EVEN_GAPS, WIDEST_GAP = 0.35, 4.0


def _are_dashes(points: Sequence[Trace]) -> bool:
    """Whether points are the dots or dashes of a line: each is as far from the next, a few times its size."""
    # Few charts get here, and all of scipy.spatial takes a while to import.
    from scipy.spatial import cKDTree

    at = np.concatenate([np.stack([t.x_px, t.y_px], axis=1) for t in points])
    size = max(t.marker_size_px for t in points)
    if len(at) < FEWEST_DOTS:
        return False
    away = cKDTree(at).query(at, k=2)[0][:, 1]
    low, usual, high = np.quantile(away, [0.1, 0.5, 0.9])
    return bool(high - low <= EVEN_GAPS * usual and usual <= WIDEST_GAP * size)


def without_bullets(layer: Layer, points: Sequence[Trace]) -> Layer:
    """The layer with entries of lines where its samples are bullets: no ink of the colour is so wide.

    ``points`` are the markers that were found of it: but for dots and dashes of a line they are some.
    """
    swatches = [e.swatch for e in layer.entries if e.line_style == "none" and e.marker != "none"]
    sizes = [min(s.width, s.height) for s in swatches if s is not None]
    if not sizes or len(sizes) < len(layer.entries) or (points and not _are_dashes(points)):
        return layer
    inked = layer.alpha > ON
    across = cv2.distanceTransform(inked.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    widest = 2.0 * float(across.max())
    if min(sizes) < WIDER * widest:
        return layer
    _, stats = label_pieces(inked)
    lengths = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    dotted = lengths.size >= FEWEST_DOTS and float(np.quantile(lengths, 0.75)) <= DOT_LENGTH * widest
    style = "dotted" if dotted else "solid"
    return replace(
        layer,
        entries=tuple(replace(e, marker="none", line_style=style) for e in layer.entries),
        sample=None,
    )
