"""Put the tops of panels where their border runs that a strip above hides, as dark as it (theme_linedraw)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.panels.strips import MIN_BORDER
from digitizer.stages.panels.title_strips import LIKE

# A strip stands on its panel to so many pixels, and begins and ends with it.
ON_PX = 4.0
# Its last rows and the first ones of the panel: so many on either side of its end (px).
ROWS = 4
# Beside the panel's sides so many pixels are left out.
SIDE_PX = 4


def find_hidden_tops(
    picture: Picture, frames: Sequence[PanelFrame], strips: Sequence[Box]
) -> list[PanelFrame]:
    """The frames with their tops in the middle of a border that ends where a strip of its colour does.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frames : sequence of PanelFrame
        Measured panels (source px).
    strips : sequence of Box
        The strips' grounds (source px).
    """
    out = []
    for frame in frames:
        above = [s for s in strips if _stands_on(s, frame.box)]
        top = _hidden_top(picture, frame, above[0]) if above else None
        out.append(frame if top is None else replace(frame, box=replace(frame.box, top=top)))
    return out


def _stands_on(strip: Box, box: Box) -> bool:
    ends = (strip.bottom - box.top, strip.left - box.left, strip.right - box.right)
    return max(abs(v) for v in ends) <= ON_PX


def _hidden_top(picture: Picture, frame: PanelFrame, strip: Box) -> float | None:
    """Where the middle of the border runs; None where the strip is paler, or the panel has no border."""
    box, rgb = frame.box, picture.rgb
    columns = slice(int(box.left) + SIDE_PX, int(box.right) - SIDE_PX + 1)
    first, foot = round(strip.bottom) - ROWS, round(box.bottom)
    rows = rgb[max(0, first) : first + 2 * ROWS + 1, columns]
    if "bottom" not in frame.sides or first < 0 or rows.size == 0 or foot >= len(rgb):
        return None
    level = np.median(rows, axis=1).mean(axis=1)
    ground, border = float(np.mean(frame.background)), float(np.median(rgb[foot, columns], axis=0).mean())
    if abs(level[0] - border) > LIKE or abs(ground - border) < MIN_BORDER:
        return None
    covered = np.clip((ground - level) / (ground - level[0]), 0.0, 1.0)
    # Strip and border end together, half the border's width below its middle.
    return float(first - 0.5 + covered.sum() - frame.line_width / 2)
