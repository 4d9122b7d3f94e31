"""Look for markers of clouds that lie under a legend without a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import cv2
import numpy as np

from digitizer.evidence import Box, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.checks.redraw import draw_trace
from digitizer.stages.checks.second_reading import see_color
from digitizer.stages.pixels.rectangles import cover_boxes
from digitizer.stages.series.inks.ink import see_ink

# Of a marker that a word hides in part this share of its diameter is whole somewhere; letters of its colour
# are thinner than so many pixels.
WHOLE_SHARE = 0.4
LETTER_PX = 3
# A word is written in a colour that shows in this share of its columns.
WRITTEN_SHARE = 0.6
# Where a colour covers half of a pixel, the pixel is the marker's.
COVERED = 0.5
# Samples, with the blur of their rim, are no data (px).
SAMPLE_PX = 2.0


def count_markers_under(
    picture: Picture,
    frame: PanelFrame,
    traces: Sequence[Trace],
    legend: Sequence[LegendEntry],
) -> int:
    """Count markers of clouds within the legend that are no samples of it and were not read.

    Parameters
    ----------
    picture, frame
        The picture at the size that its panel is traced at, and the panel.
    traces
        What was read.
    legend
        The panel's legend; what lies outside the frame hides nothing.
    """
    clouds = [t for t in traces if t.kind == "scatter" and t.marker_size_px > 0]
    inside = [e for e in legend if e.swatch is not None and frame.box.contains(*e.text.box.center)]
    ink = see_ink(picture, frame, ()) if clouds and inside else None
    if ink is None:
        return 0
    samples = [e.swatch for e in inside if e.swatch is not None]
    shape = ink.strength.shape
    looked_at = _whole(shape, [*samples, *(e.text.box for e in inside)], ink.left, ink.top)
    looked_at &= ~cover_boxes(shape, samples, ink.left, ink.top, SAMPLE_PX)
    for trace in traces:
        looked_at &= draw_trace(trace, ink) == 0
    words = [cover_boxes(shape, [e.text.box], ink.left, ink.top) for e in inside]
    seen = [see_color(ink, t, looked_at.astype(np.uint8)) >= COVERED for t in clouds]
    return sum(_count(_without_letters(mask, words), t) for mask, t in zip(seen, clouds, strict=True))


def _without_letters(mask: Mask, words: Sequence[Mask]) -> Mask:
    """Leave out words that are written in the colour of a mask all along."""
    for word in words:
        columns = word.any(axis=0)
        if (mask & word).any(axis=0).sum() > WRITTEN_SHARE * columns.sum():
            mask = mask & ~word
    return mask


def _whole(shape: tuple[int, ...], boxes: Sequence[Box], left: int, top: int) -> Mask:
    """The pixels of the one box around all of a legend, with the margin that is kept free around it."""
    return cover_boxes(shape, [reduce(Box.union, boxes)], left, top, SAMPLE_PX)


def _count(mask: Mask, trace: Trace) -> int:
    """How many pieces of a mask are as thick as the visible part of a trace's marker."""
    size = max(LETTER_PX, round(WHOLE_SHARE * trace.marker_size_px))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    thick = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc)
    return int(cv2.connectedComponents(thick, connectivity=8)[0]) - 1
