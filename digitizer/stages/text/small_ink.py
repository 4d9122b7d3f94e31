"""Find small ink: boxes of the size of glyphs, which may be the labels of axes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.strokes.strokes import Stroke, page_level

# Strokes of glyphs are thinner than this (working pixels), the gaps between labels wider.
GLYPH_PX = 17
# The ground of text is the median over so many samples this far apart: 36 pixels, of which text in rows of
# the usual spacing covers less than a third.
GROUND_STEP = 4
GROUND_WINDOW = 9
# JPEG noise shifts the paper by fewer levels than these.
PAPER_LEVELS = 16
# A stroke of ink has it along this share of its length: others cover a grid line less.
INKED_SHARE = 0.5
# A word is at most this wide (share of the picture).
WORD_SHARE = 0.15


def find_small_ink(grey: NDArray[np.int16], horizontal: list[Stroke], vertical: list[Stroke]) -> FloatArray:
    """Boxes of glyph-sized ink away from long strokes: shape (n, 4) as left, top, right, bottom.

    What stands out from its surroundings of a glyph's size is ink, whatever the ground.
    """
    kernel = np.ones((GLYPH_PX, GLYPH_PX), np.uint8)
    bytes_ = grey.astype(np.uint8)
    dark = cv2.morphologyEx(bytes_, cv2.MORPH_BLACKHAT, kernel)
    light = cv2.morphologyEx(bytes_, cv2.MORPH_TOPHAT, kernel)
    # The blank between two rows of dark labels is narrow and light as well, but it is ground.
    ground = _local_ground(bytes_)
    # Nor is the paper between bars and the labels below them, which is lighter than the bars.
    paper = np.abs(grey - page_level(grey)) < PAPER_LEVELS
    marked = ((dark > 50) & (bytes_ < ground)) | ((light > 50) & (bytes_ > ground))
    ink = (marked & ~paper).astype(np.uint8)
    # The feet and the tops of a word's letters may look like an edge as well.
    word = WORD_SHARE * grey.shape[1]
    for s in horizontal:
        if s.sign != 0 and s.length <= word:
            continue
        _erase(ink, s)
    for s in vertical:
        _erase(ink.T, s)
    _, stats = label_pieces(ink > 0)
    limit = max(0.06 * max(grey.shape), 14)
    width, height = stats[:, 2], stats[:, 3]
    # Small letters run together into words.
    keep = (height >= 4) & (height <= limit) & (width <= max(limit, word))
    keep[0] = False
    left, top = stats[keep, 0], stats[keep, 1]
    boxes = [left, top, left + width[keep] - 1, top + height[keep] - 1]
    return np.stack(boxes, axis=1).astype(np.float64)


def _erase(ink: ByteImage, s: Stroke) -> None:
    """Erase a level stroke that is ink itself; a pale grid line is none, and may run through labels."""
    row, along = round(s.at), slice(int(s.start), int(s.end) + 1)
    if ink[max(0, row - 1) : row + 2, along].any(axis=0).mean() >= INKED_SHARE:
        ink[max(0, row - 2) : row + 3, along] = 0


def _local_ground(grey: ByteImage) -> ByteImage:
    """The level that most of each pixel's surroundings has: the median of every fourth pixel around it."""
    sparse = np.ascontiguousarray(grey[::GROUND_STEP, ::GROUND_STEP])
    median = cv2.medianBlur(sparse, GROUND_WINDOW)
    whole = np.repeat(np.repeat(median, GROUND_STEP, axis=0), GROUND_STEP, axis=1)
    return np.asarray(whole[: grey.shape[0], : grey.shape[1]], dtype=np.uint8)
