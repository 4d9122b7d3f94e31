"""Tell clouds of discs that a legend lists by dashes: some have one sample for all kinds of charts."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.layer import Layer
from digitizer.stages.series.paths.runs import ON

# Discs are wider than so many strokes of the sample: dots and bits of a line are as wide as its stroke.
WIDER = 2.0
# Sides of a disc's box differ by this share at most, and it fills this share of it (of a circle π/4).
SQUARE, FILLED = 0.75, 0.65
# So many of the pieces of a cloud are such discs of one size (to a quarter), and so many there are at least:
# others touch each other, or lie under texts and other series.
MOST, FEWEST = 0.6, 6
ALIKE = 0.25


def are_discs(layer: Layer) -> bool:
    """Whether a colour that the legend lists by an unbroken bare stroke is drawn as lone discs."""
    if not layer.entries or any(e.line_style != "solid" or e.marker != "none" for e in layer.entries):
        return False
    strokes = [e.swatch.height + 1 for e in layer.entries if e.swatch is not None]
    if not strokes:
        return False
    _, stats = label_pieces(layer.alpha > ON)
    width, height = (stats[1:, k].astype(float) for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    area = stats[1:, cv2.CC_STAT_AREA].astype(float)
    # Specks beside others' rims are no pieces.
    whole = area >= min(strokes) ** 2
    if np.count_nonzero(whole) < FEWEST:
        return False
    width, height, area = width[whole], height[whole], area[whole]
    size = np.minimum(width, height)
    disc = (size >= SQUARE * np.maximum(width, height)) & (area >= FILLED * width * height)
    disc &= size >= WIDER * max(strokes)
    if np.count_nonzero(disc) < max(FEWEST, MOST * disc.size):
        return False
    usual = float(np.median(size[disc]))
    return bool(np.mean(np.abs(size[disc] - usual) <= ALIKE * usual) >= 1 - ALIKE)


def as_discs(layer: Layer) -> Layer:
    """The layer as a legend would list it whose samples are discs."""
    return replace(
        layer, entries=tuple(replace(e, marker="circle", line_style="none") for e in layer.entries)
    )
