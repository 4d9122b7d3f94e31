"""Tell a panel's ground from its bars: where these cover most of it, their colour was taken for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import PanelFrame, Picture, Trace
from digitizer.stages.pixels.rectangles import SAME_GROUND, ground_colors
from digitizer.stages.series.inks.ink import ground_of, inside_of


def with_ground_beside_bars(picture: Picture, frame: PanelFrame, traces: Sequence[Trace]) -> PanelFrame:
    """The frame, with a ground of another colour than its bars' where it has one of theirs."""
    colors = [np.asarray(t.color, dtype=np.float64) for t in traces if t.kind == "bar"]

    def is_bars(ground: Sequence[float] | np.ndarray) -> bool:
        return any(np.abs(color - np.asarray(ground)).max() <= SAME_GROUND for color in colors)

    if not colors:
        return frame
    left, top, right, bottom = inside_of(picture, frame)
    rgb = np.ascontiguousarray(picture.rgb[top : bottom + 1, left : right + 1])
    if not is_bars(frame.background):
        # Bars that touch cover most of the rim, too.
        return (
            replace(frame, ground_sure=True) if is_bars(ground_of(rgb.astype(np.float32), frame)) else frame
        )
    others = [ground for ground in ground_colors(rgb, frame.background) if not is_bars(ground)]
    if not others:
        return frame
    red, green, blue = (round(float(level)) for level in others[0])
    return replace(frame, background=(red, green, blue), ground_sure=True)
