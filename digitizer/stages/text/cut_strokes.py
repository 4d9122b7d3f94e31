"""Thin strokes that go on across an erased grid line: a legend's sides in pieces as high as letters."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Mask
from digitizer.stages.text.ink import Glyphs

# A grid line is erased over this many pixels; strokes that go on beyond it lie in the same columns to this.
ERASED_PX, SAME_COLUMN_PX = 4, 1
# Pieces are each this many times as long as they are wide, and this share of the longest letter.
SLENDER, LEAST_SHARE = 4.0, 0.2


def go_on_across(glyphs: Glyphs, thickest: float, longest: float) -> Mask:
    """Which upright strokes inside a frame are, with the next one in their columns, too long for letters.

    Parameters
    ----------
    glyphs : Glyphs
        All components.
    thickest, longest : float
        How wide strokes are at most, and how long letters are (px).
    """
    found = np.zeros(len(glyphs), dtype=bool)
    least = np.maximum(SLENDER * glyphs.width, LEAST_SHARE * longest)
    slender = (glyphs.width <= thickest) & (glyphs.height >= least) & (glyphs.panel >= 0)
    strokes = np.flatnonzero(slender)
    strokes = strokes[np.lexsort((glyphs.top[strokes], glyphs.left[strokes]))]
    for k, upper in enumerate(strokes):
        for lower in strokes[k + 1 :]:
            if glyphs.left[lower] > glyphs.left[upper] + SAME_COLUMN_PX:
                break
            gap = max(glyphs.top[lower] - glyphs.bottom[upper], glyphs.top[upper] - glyphs.bottom[lower]) - 1
            whole = glyphs.height[upper] + glyphs.height[lower] + gap
            if 0 < gap <= ERASED_PX and whole > longest:
                found[[upper, lower]] = True
    return found
