"""Ticks at the ends of an axis that stand where the panel's sides do, which are drawn to parts of a pixel.

Some programs (Octave) put ticks on whole pixels and sides not. Where an axis has a label at both of its ends,
the sides tell its scale better than all ticks do.
"""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Side
from digitizer.stages.axes.standing import ANCHORED_SIGMA_PX, MARK_SIGMA_PX

# A tick at a side stands no farther from it than this (px): half a pixel, and what a side blurs.
AT_SIDE_PX = 0.8
# The ticks between are this near to whole pixels (px), so many of them.
ON_PIXEL_PX = 0.1
FEWEST_BETWEEN = 2
# Fractions of a pixel of the left and the top side, or of the right and the bottom one, differ by more than
# this (px) where sides are drawn where they belong. Those that are put on pixels are alike in these pairs:
# what is drawn inside a panel draws the middles of opposite sides apart, all by the same.
APART_PX = 0.18
# Of four sides that are drawn where they belong hardly two lie on whole pixels to this (px); where an axis
# line is drawn on the pixels beside a frame's (facets of Vega-Lite), the sides without an axis do.
WHOLE_PX = 0.03
MOST_WHOLE = 1
# Labels beside no marks stand off their ticks by up to this (px), up or down: canvas programs centre the line
# of a text, and its digits lie above the middle (1.5 px in AG Charts). So many of them tell, the outermost of
# which are off the panel's ends alike to this (px).
OFF_TICKS_PX, ALIKE_PX = 3.0, 0.75
FEWEST_LABELS = 3


def anchor_at_sides(
    frame: PanelFrame, side: Side, px: FloatArray, sigma: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where labels stand along an axis, those of its two ends at the sides of the panel.

    Parameters
    ----------
    frame
        The panel.
    side
        The axis' side.
    px, sigma
        Where its labels stand, and how well that is known.

    Returns
    -------
    tuple of ndarray
        As given where sides tell no better.
    """
    box = frame.box
    ends = np.array([box.left, box.right] if side in ("top", "bottom") else [box.top, box.bottom])
    apart = np.array([box.left - box.top, box.right - box.bottom])
    if len(frame.sides) < 4 or np.abs(apart - np.round(apart)).max() <= APART_PX or _are_whole(frame):
        return px, sigma
    marked = sigma <= MARK_SIGMA_PX
    away = np.where(marked, np.abs(px[None] - ends[:, None]), np.inf)
    if px.size < 2 + FEWEST_BETWEEN or away.min(axis=1).max() > AT_SIDE_PX:
        return px, sigma
    at = away.argmin(axis=1)
    between = np.delete(px[marked], np.searchsorted(np.flatnonzero(marked), at))
    if between.size < FEWEST_BETWEEN or np.abs(between - np.round(between)).max() > ON_PIXEL_PX:
        return px, sigma
    px, sigma = px.copy(), sigma.copy()
    px[at], sigma[at] = ends, ANCHORED_SIGMA_PX
    return px, sigma


def end_at_ends(frame: PanelFrame, side: Side, px: FloatArray, sigma: FloatArray) -> FloatArray:
    """Where labels beside no marks belong whose outermost are off the panel's ends, both by the same.

    Parameters
    ----------
    frame
        The panel.
    side
        The axis' side; labels above and below a panel are centred on their ticks.
    px, sigma
        Where the labels stand, and how well that is known.
    """
    if side in ("top", "bottom") or px.size < FEWEST_LABELS or np.any(sigma <= MARK_SIGMA_PX):
        return px
    off = np.array([frame.box.top - px.min(), frame.box.bottom - px.max()])
    if np.abs(off).max() > OFF_TICKS_PX or abs(off[0] - off[1]) > ALIKE_PX:
        return px
    return np.asarray(px + off.mean())


def _are_whole(frame: PanelFrame) -> bool:
    """Whether sides are on whole pixels, more than are so by chance."""
    box = frame.box
    sides = np.array([box.left, box.top, box.right, box.bottom])
    return int((np.abs(sides - np.round(sides)) <= WHOLE_PX).sum()) > MOST_WHOLE
