"""Bars that go on beyond where they seem to end: what nobody told for a legend lies over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture, Trace
from digitizer.stages.bars.under_legend import LEGEND_PX

# The middle share of a bar that is looked at, from so far (px) beyond its end.
MIDDLE_SHARE, BEYOND_PX = 0.3, 4
# It goes on where this share of its middle has its colour, to this (levels), in so many rows: lines over bars
# are 4 px thick at most, and numbers at their ends thinner.
FULL_SHARE, SAME_LEVELS, LEAST_ROWS = 0.9, 16, 5


def doubt_cut(picture: Picture, frame: PanelFrame, trace: Trace, legends: Sequence[Box]) -> Trace:
    """Count bars that stand as hidden where their colour comes again above their ends.

    Parameters
    ----------
    picture, frame
        The source and the panel.
    trace
        Bars (source px); those that lie, and those that hang, are left as they are.
    legends
        Boxes of the legends inside the frame, whose samples have the bars' colours.
    """
    if trace.orientation == "horizontal" or trace.base_px is None or not trace.x_px.size:
        return trace
    half = max(1, round(MIDDLE_SHARE * trace.line_width_px))
    cut = np.zeros(trace.x_px.size, dtype=bool)
    for index, (x, y, base) in enumerate(zip(trace.x_px, trace.y_px, trace.base_px, strict=True)):
        if not np.isfinite(y) or y >= base - BEYOND_PX:
            continue
        if any(box.left - LEGEND_PX <= x + half and x - half <= box.right + LEGEND_PX for box in legends):
            continue
        columns = slice(max(0, round(x) - half), round(x) + half + 1)
        inside = picture.rgb[min(round(y) + BEYOND_PX, picture.height - 1), columns].astype(np.int16)
        above = picture.rgb[max(0, round(frame.box.top)) : max(0, round(y) - BEYOND_PX), columns]
        off = np.abs(above.astype(np.int16) - np.median(inside, axis=0)).max(axis=2, initial=0)
        cut[index] = np.count_nonzero((off <= SAME_LEVELS).mean(axis=1) >= FULL_SHARE) >= LEAST_ROWS
    return replace(trace, hidden=max(trace.hidden, float(cut.mean())))
