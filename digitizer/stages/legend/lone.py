"""Lone legend entries that name nothing: pieces of numbers, crumbs of a grid, strokes read as text."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import LegendEntry, Picture, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.samples.beside import commonest_color

# A colour is that of a text's letters to this (levels).
SAME_INK = 40
# Lone names are at least so high beside the figure's texts, tick labels too, or in another colour than their
# sample.
LOWEST_NAME = 0.5
# ... and no sample before a lone number is narrower than this share of its height: decimal points have 0.2.
SPECK = 0.3
# Channels of coloured inks are so far apart (levels); a lone black sample beside its black name is a legend.
COLOURED = 40
# Rows of two digits of a number are the same to this (px); of three the middle one may be unread (heights).
DIGIT_ROWS_PX, DIGIT_GAP = 1.0, 1.3


def is_no_name(picture: Picture, entry: LegendEntry, usual: float) -> bool:
    """Whether a lone entry is a piece of a number, or stands at a line's end in the colour of that."""
    if _is_digit(picture, entry) or _is_crumb(picture, entry, usual):
        return True
    coloured = entry.color is not None and max(entry.color) - min(entry.color) >= COLOURED
    return coloured and entry.color is not None and has_text_ink(picture, entry.text, entry.color)


def is_stray(picture: Picture, entry: LegendEntry, usual: float) -> bool:
    """Whether a lone entry beside all panels is a crumb, or a number after a speck or an unread digit.

    The first number of a row of labels may be unread, and a frame's side crosses the value at a bar's end.
    """
    if _is_crumb(picture, entry, usual):
        return True
    if entry.swatch is None or entry.color is None or any(c.isalpha() for c in entry.text.text):
        return False
    wide, high = entry.swatch.width, entry.text.box.height
    return wide < SPECK * high or (wide <= high and has_text_ink(picture, entry.text, entry.color))


def is_dash(picture: Picture, legend: tuple[LegendEntry, ...], *, sure: bool) -> bool:
    """Whether a lone entry inside a panel names nothing: strokes of a dashed line that were read as text.

    So does a number after unread letters (n = 20), as black or in its own ink; where another legend is not
    ``sure`` (of several rows) nothing but these are left out.
    """
    if len(legend) != 1 or any(c.isalnum() and not c.isdigit() for c in legend[0].text.text):
        return False
    color = legend[0].color
    if sure or color is None or max(color) - min(color) < COLOURED:
        return True
    return has_text_ink(picture, legend[0].text, color)


def _is_crumb(picture: Picture, entry: LegendEntry, usual: float) -> bool:
    """Whether a lone entry is dashes of a grid that cross, in their colour and far lower than other texts."""
    low = entry.text.box.height < LOWEST_NAME * usual
    return low and entry.color is not None and has_text_ink(picture, entry.text, entry.color)


def _is_digit(picture: Picture, entry: LegendEntry) -> bool:
    """Whether a lone entry's sample is the unread beginning of a number, as a stroke across it leaves it.

    It is as high as the digits that were read, no wider, as dark, and at most one digit away.
    """
    if entry.swatch is None or entry.color is None or parse_number(entry.text.text) is None:
        return False
    box, sample = entry.text.box, entry.swatch
    rows = max(abs(sample.top - box.top), abs(sample.bottom - box.bottom))
    near = box.left - sample.right <= DIGIT_GAP * box.height
    if rows > DIGIT_ROWS_PX or sample.right - sample.left > box.height or not near:
        return False
    return has_text_ink(picture, entry.text, entry.color)


def has_text_ink(picture: Picture, span: TextSpan, color: tuple[int, int, int]) -> bool:
    """Whether a colour is that of a text's letters."""
    columns = slice(max(0, int(span.box.left)), int(span.box.right) + 1)
    pixels = picture.rgb[max(0, int(span.box.top)) : int(span.box.bottom) + 1, columns].reshape(-1, 3)
    off = np.abs(pixels.astype(np.int16) - commonest_color(pixels.astype(np.int16))).max(axis=1)
    ink = median_color(pixels[off >= 0.8 * off.max()])
    return bool(np.abs(ink - np.asarray(color, dtype=np.float64)).max() <= SAME_INK)
