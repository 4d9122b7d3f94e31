"""How far what is drawn in a panel runs over its top, where a program cuts nothing off."""

from __future__ import annotations

import math

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Picture

# Strokes whose middle lies on a side run over it by half their width: so far beyond it (px) is looked, and
# more in pictures of thicker sides.
REACH_PX, REACH_LINES = 5, 3.0
# A side of a frame found to a tenth of a pixel touches no row beyond its own by more than this (px).
TOUCHED_PX = 0.1
# Ink differs from the ground by this much (RGB units); what is paler is the side's own soft rim.
INKED = 24.0
# What runs over is of the colour of what is below it, to this (RGB units), so far (px) beside and below it,
# and not of the side's own, or stronger than that by this factor: marks of an axis at the top are.
SAME_COLOR = 40.0
BESIDE_PX, BELOW_PX = 2, 2
STRONGER = 1.3
# More columns than this share of a side are no line's: the side's own thickness, a shadow.
MOST_COLUMNS = 0.6


def rows_over_top(picture: Picture, frame: PanelFrame, bounds: tuple[int, int, int, int]) -> int:
    """How many rows more than ``bounds`` a panel's ink takes at its top.

    Parameters
    ----------
    picture, frame
        The source, and the panel in it.
    bounds
        The panel's inside: (left, top, right, bottom), inclusive.

    Returns
    -------
    int
        Rows above the top, those of the side among them; 0 where nothing runs over.

    Notes
    -----
    Of a line whose crest lies on the axis' limit (Vega-Lite, D3: nothing is cut off) half is drawn beyond
    the side; without it the crest is read a quarter of the line's width low, or as a cut. Below the bottom
    stand ticks.
    """
    left, top, right, _ = bounds
    first = math.floor(frame.box.top - frame.line_width / 2 - 0.5 + TOUCHED_PX)
    reach = REACH_PX + round(REACH_LINES * max(0.0, frame.line_width - 1.0))
    if first - reach < 0 or "top" not in frame.sides:
        return 0
    ground = np.array(frame.background, dtype=np.float64)
    over = picture.rgb[first - reach : first + 1, left : right + 1][::-1].astype(np.float64)
    ink = np.linalg.norm(over - ground, axis=2) > INKED
    columns = np.flatnonzero(ink[0])
    # What the left or the right side cuts as well, a marker in a corner, is seen in parts all the same.
    if columns.size and not (columns[0] > 0 and columns[-1] < ink.shape[1] - 1):
        return 0
    # Each row is narrower than the one below it, or as wide: what widens has come from outside.
    if not columns.size or columns.size > MOST_COLUMNS * ink.shape[1] or (ink[1:] & ~ink[:-1]).any():
        return 0
    inside = picture.rgb[first + 1 : top + BELOW_PX + 1, left : right + 1].astype(np.float64) - ground
    rim = over[0] - ground
    side = np.median(inside[: max(1, top - first - 1)], axis=1)
    side = side[int(np.argmax(np.square(side).sum(axis=1)))]
    strongest = rim[int(np.argmax(np.square(rim).sum(axis=1)))]
    if ink[-1].any() or 0 < _share(strongest, side) <= STRONGER:
        return 0
    for column in columns:
        near = inside[:, max(0, column - BESIDE_PX) : column + BESIDE_PX + 1].reshape(-1, 3)
        if not _share(rim[column], near[int(np.argmax(np.square(near).sum(axis=1)))]) > 0:
            return 0
    return top - first + int(np.flatnonzero(ink.any(axis=1)).max())


def _share(part: FloatArray, full: FloatArray) -> float:
    """Which share of a full stroke a colour has, both as they differ from the ground; 0 where it has none."""
    share = float(part @ full) / max(1.0, float(full @ full))
    return share if float(np.linalg.norm(part - share * full)) <= SAME_COLOR else 0.0
