"""Tell coloured ink from black and grey, whole glyphs alike also where a JPEG blurs their colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask
from digitizer.stages.pixels.components import label_pieces

# Chroma over contrast from which ink is coloured; black text in a 4:2:0 JPEG stays below 0.3.
COLOURED = 0.35
# JPEGs hold chroma coarser than ink: pieces that look neutral are judged over a window this wide (px) around
# their pixels. Of 44 pictures black glyphs then had up to 0.1, those of coloured ones 0.35 and more, lone
# pieces of these 0.25, and glyphs of muted colours at quality 70 0.2.
DILUTED = 0.15
RIM_PX = 5
# Decimal points and signs up to this height and width (px) lose all of their chroma (at quality 70). They go
# with the coloured glyphs in a window this wide around their pixels where no others are.
SIGN_HEIGHT_PX, SIGN_WIDTH_PX = 3, 10
SIGN_REACH_PX = 11
# In a JPEG bars colour the paper, and black letters, within 16 px of them. A whole glyph of a colour has more
# tint than this (bled upon: 0.04; bluish greys of browsers, of which half the letters look coloured: 0.07 to
# 0.14), others go with what stands nearest in their row or column, so near (heights).
LEAST_TINT = 0.18
ROW_SHARE, ROW_REACH = 0.5, 1.0


def find_coloured(contrast: ByteImage, least: ByteImage, ink: Mask, tallest: float) -> Mask:
    """Find the coloured ink of a picture.

    Parameters
    ----------
    contrast, least : ByteImage
        How far each pixel is from the background, by the channel that differs most and least.
    ink : Mask
        Where there is ink.
    tallest : float
        The height of the tallest glyphs in pixels.

    Notes
    -----
    The chroma of a thin stroke in a JPEG lies partly beside it, so that some of its pixels look neutral. A
    piece of such pixels is judged with the rim around it, where the rest of its chroma is.
    """
    coloured = ink & (cv2.compare(least, cv2.convertScaleAbs(contrast, alpha=1 - COLOURED), cv2.CMP_LT) > 0)
    chroma = cv2.blur(cv2.subtract(contrast, least), (RIM_PX, RIM_PX))
    full = cv2.convertScaleAbs(cv2.blur(contrast, (RIM_PX, RIM_PX)), alpha=DILUTED)
    neutral = ink & ~coloured
    if not (neutral & (chroma >= full)).any():
        return np.asarray(coloured)
    pieces, stats = label_pieces(neutral)
    n_pieces = len(stats)
    where = np.flatnonzero(pieces)
    owner = pieces.ravel()[where]
    excess = chroma.ravel()[where].astype(np.float64) - full.ravel()[where]
    # The black rim of a coloured bar is no glyph.
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    diluted = (np.bincount(owner, excess, n_pieces) >= 0) & (np.maximum(width, height) <= tallest)
    diluted[0] = False
    found = np.array(coloured, order="C")
    np.put(found, where[diluted[owner]], True)
    small = (height <= SIGN_HEIGHT_PX) & (width <= SIGN_WIDTH_PX)
    large = ink & ~found
    np.put(large, where[small[owner]], False)
    near_neutral = _stand_near(large, where, owner, n_pieces)
    signs = small & ~diluted & _stand_near(found, where, owner, n_pieces) & ~near_neutral
    # Of bluish grey letters a faint minus alone may show enough of it: it is as grey as they are (AnyChart).
    greyer = small & diluted & near_neutral
    if greyer.any():
        large = found.copy()
        np.put(large, where[small[owner]], False)
        greyer &= ~_stand_near(large, where, owner, n_pieces)
        np.put(found, where[greyer[owner]], False)
    np.put(found, where[signs[owner]], True)
    return found


def _stand_near(mask: Mask, where: NDArray[np.intp], owner: NDArray[np.int32], n_pieces: int) -> Mask:
    """Which pieces (``owner`` of the pixels ``where``) have some of a mask within the reach of a sign."""
    near = cv2.dilate(mask.view(np.uint8), np.ones((SIGN_REACH_PX, SIGN_REACH_PX), np.uint8)).ravel()[where]
    return np.asarray(np.bincount(owner, near, n_pieces) > 0)


def keep_tinted(box: FloatArray, tint: FloatArray, coloured: Mask) -> Mask:
    """Find the glyphs that are coloured: those without a tint are what stands nearest in their row is.

    Parameters
    ----------
    box : ndarray, shape (n, 4)
        Left, top, right and bottom of each glyph.
    tint : ndarray, shape (n, 3)
        Its chroma over its contrast.
    coloured : ndarray of bool, shape (n,)
        Whether its pixels were found coloured.
    """
    kept = coloured.copy()
    faint = coloured & (np.abs(tint).max(axis=1, initial=0.0) < LEAST_TINT)
    # Upward texts are columns: what has no neighbour in its row may have one there.
    for left, top, right, bottom in (box.T, box[:, [1, 0, 3, 2]].T):
        height = bottom - top + 1
        order = np.flatnonzero(faint)[np.argsort(left[faint], kind="stable")]
        for k in (*order, *order[::-1]):
            shared = np.minimum(bottom, bottom[k]) - np.maximum(top, top[k]) + 1
            gap = np.maximum(left, left[k]) - np.minimum(right, right[k])
            beside = shared >= ROW_SHARE * np.minimum(height, height[k])
            # Specks of a JPEG between letters are of any colour.
            beside &= (gap <= ROW_REACH * height[k]) & (height >= ROW_SHARE * height[k]) & ~faint
            if faint[k] and beside.any():
                kept[k] = bool(kept[beside & (gap == gap[beside].min())].any())
                faint[k] = False
    return kept
