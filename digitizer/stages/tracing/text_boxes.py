"""Boxes of a pale colour of their own that texts inside a panel stand in: no series fills them."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.pixels.components import label_pieces

# A box's ground is so far (levels) from its panel's at least: Matplotlib's half-transparent wheat is 36, a
# legend's own white 0; and its pixels are alike to this.
OWN_GROUND, ALIKE = 12, 10
# It reaches so many of the text's heights beyond it: two lines above or below and the padding, aside as far
# as the letters that were not read.
REACH_ACROSS, REACH_DOWN = 15.0, 4.0
# So much of the box has its colour (letters the rest), and its outline is so wide (px).
LEAST_COLOURED, OUTLINE_PX = 0.5, 3


def grow_to_box(picture: Picture, frame: PanelFrame, text: Box, *, on_end: bool = False) -> Box:
    """The box of its own colour that a text stands in; the text's own where it stands in none.

    What goes on farther than a box around a text does is a bar, an area or a shaded span. The height of a
    text ``on_end`` lies along x.
    """
    height = text.width if on_end else text.height
    across, down = (REACH_DOWN, REACH_ACROSS) if on_end else (REACH_ACROSS, REACH_DOWN)
    left = max(round(text.left - across * height), int(frame.box.left) + 1)
    right = min(round(text.right + across * height), int(frame.box.right) - 1)
    top = max(round(text.top - down * height), int(frame.box.top) + 1)
    bottom = min(round(text.bottom + down * height), int(frame.box.bottom) - 1)
    if right - left < 4 or bottom - top < 4:
        return text
    window = picture.rgb[top : bottom + 1, left : right + 1].astype(np.int16)
    rows = slice(max(0, int(text.top) - top), int(text.bottom) - top + 1)
    columns = slice(max(0, int(text.left) - left), int(text.right) - left + 1)
    inner = window[rows, columns]
    if not inner.size:
        return text
    rim = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    ground = np.median(rim, axis=0)
    if np.abs(ground - np.asarray(frame.background)).max() < OWN_GROUND:
        return text
    alike = np.abs(window - ground).max(axis=2) <= ALIKE
    labels, stats = label_pieces(alike, connectivity=4)
    within = labels[rows, columns]
    found = np.bincount(within[within > 0], minlength=len(stats))
    if not found.any():
        return text
    x, y, width, high, area = (int(v) for v in stats[int(found.argmax())])
    closed = x > 0 and y > 0 and x + width < window.shape[1] and y + high < window.shape[0]
    if not closed or area < LEAST_COLOURED * width * high:
        return text
    return text.union(
        Box(
            left=left + x - OUTLINE_PX,
            top=top + y - OUTLINE_PX,
            right=left + x + width + OUTLINE_PX,
            bottom=top + y + high + OUTLINE_PX,
        )
    )
