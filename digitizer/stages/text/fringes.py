"""Tell text set for flat screens (ClearType), whose strokes have coloured rims, from coloured text."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import ByteImage, Mask

# A stroke's rims are of one hue on its left and of the opposite one on its right, up to so many pixels wide
# each; over so many columns and rows (two strokes of small text) they cancel to at most this share: 99 of 100
# of drawn text at 9 to 14 px, and none of coloured text.
RIM_PX = 4
REACH_PX, ROWS_PX = 11, 3
BALANCED = 0.6
# A hue from which (levels) it counts as going on: between two strokes that touch 20 of either hue are left.
LEAST_HUE = 24
# Every so many pixels tell the page's colour.
STEP = 4
# Rims are looked for where the contrast of the channels differs by this share. So many of them tell that
# texts were set so, where they are this share of all that is coloured and as narrow outside the frames (in
# fourteen screenshots 0.64, where a label is coloured itself, to 1.0; in any other figure none are).
COLOURED = 0.35
LEAST_RIMS = 40
LEAST_SHARE = 0.4


def level_fringes(rgb: ByteImage, contrast: ByteImage, least: ByteImage, ink: Mask, outside: Mask) -> None:
    """Take the rims of text set for flat screens for as neutral as its strokes.

    Parameters
    ----------
    rgb : ByteImage
        The picture.
    contrast, least : ByteImage
        How far each pixel is from the background, by the channel that differs most and least; at such rims
        the latter is set to the former.
    ink : Mask
        Where there is ink.
    outside : Mask
        What lies outside all frames.
    """
    coloured = ink & outside
    coloured &= cv2.compare(least, cv2.convertScaleAbs(contrast, alpha=1 - COLOURED), cv2.CMP_LT) > 0
    if np.count_nonzero(coloured) < LEAST_RIMS or not (outside & ~ink)[::STEP, ::STEP].any():
        return
    # Beside the page's own colour: grey-blue text on cream is no rim.
    page = np.median(rgb[::STEP, ::STEP][(outside & ~ink)[::STEP, ::STEP]].reshape(-1, 3), axis=0)
    shift = page.astype(np.int16)
    red, green, blue = (c.astype(np.int16) - s for c, s in zip(cv2.split(rgb), shift, strict=True))
    warm, green = red - blue, 2 * green - red - blue
    narrow = ~(_runs(warm > LEAST_HUE) | _runs(warm < -LEAST_HUE))
    coloured &= narrow
    size = (REACH_PX, ROWS_PX)
    left = np.abs(cv2.blur(warm, size)) + np.abs(cv2.blur(green, size))
    whole = cv2.blur(np.abs(warm), size) + cv2.blur(np.abs(green), size)
    balanced = narrow & (left <= BALANCED * whole)
    rims = np.count_nonzero(coloured & balanced)
    if rims < max(LEAST_RIMS, LEAST_SHARE * np.count_nonzero(coloured)):
        return
    rim = ink & balanced
    least[rim] = contrast[rim]


def _runs(hue: Mask) -> Mask:
    """Where one hue goes on for more columns of a row than a rim is wide."""
    kernel = np.ones((1, RIM_PX + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(hue.view(np.uint8), cv2.MORPH_OPEN, kernel) > 0)
