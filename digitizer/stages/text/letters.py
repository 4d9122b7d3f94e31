"""How many letters a word may hold, by the shapes of its glyphs, in either direction of reading."""

from __future__ import annotations

import numpy as np

from digitizer.medians import median
from digitizer.stages.text.boxes import Boxes, Indices
from digitizer.stages.text.ink import FloatArray, Glyphs

# Strokes thinner than this share of the usual letter: those of an equals sign are 0.15 of its height. In
# larger print, rounded up to whole pixels, they have up to a quarter of their length; a 1 has 0.4.
FLAT, SLIM = 0.22, 0.28
# A lone glyph that is lower than this share of the usual letter is a bar: a 1 on its side has 0.5 of the
# width of digits, the usual height where all labels stand on end; touching small letters have 0.72.
LONE_BAR = 0.6
# Digits are higher than wide by this factor at least (DejaVu, bold: 1.2), and labels of a column are evenly
# spaced to this share of their distance, rounded (letters of a word vary by 0.4 and more).
LYING = 1.15
ALIKE = 1.3
PILE_UNEVEN = 0.2
# Single letters are at most so many times as wide as high (a level digit seen from the side: 1.5, W: 1.4, the
# J of DejaVu, which descends, above a 2: 1.83).
LONGEST_LETTER = 1.9
# Letters of a line follow each other: a glyph that lies beside earlier ones with this share of its length
# is a mark of a letter, or a letter of another, level line (Alps over Jura).
FOLLOWS = 0.7
# Glyphs lower than this share of the line are signs, points and dots, not letters.
SMALL = 0.5
# A line with a raised and a lowered letter is 1.7 times as high as most of its letters. What is so many times
# as high, and has so many letters, are those of lines close to each other that read the other way,
HIGHEST_LINE, FEWEST_STACKED = 2.0, 4
# ... unless they lie on a slanted line of their own: how their places correlate (slanted names: 0.97).
SLANTED_ROW = 0.9


def n_letters(word: Indices, boxes: Boxes, upright: bool, typical: float) -> float:
    """About how many letters a word holds; letters that touch count by the word's length."""
    height = boxes.bottom[word].max() - boxes.top[word].min() + 1
    length = boxes.right[word].max() - boxes.left[word].min() + 1
    by_length = length / (0.8 * height)
    if height < (LONE_BAR if len(word) == 1 else 0.45) * typical:
        # A pile of dots and stems, a dashed line, a lone bar.
        return 0.4
    if len(word) == 1:
        # A lone upright 1 or l is no word that reads upwards.
        return float(max(by_length, 0.5) if upright or length > 2.2 * typical else 0.4)
    if not upright and len(word) == 2 and boxes.width[word].max() <= max(FLAT * typical, SLIM * height):
        # The bars of an equals sign.
        return 0.4
    if not upright and median(boxes.height[word]) < 0.5 * height:
        # A level label above a long one: the letters of an upward word are equally thick.
        return 0.4
    if not upright and _is_pile(word, boxes):
        return 0.4
    if not upright and boxes.width[word].max() <= LONGEST_LETTER * height:
        # No letters that touch: the 5 of an axis' last label above the J of the other axis' Jan.
        by_length = min(by_length, float(len(word)))
    n_glyphs = len(word) if upright else _n_places(word, boxes)
    return float(max(min(n_glyphs, 2.5 * by_length), by_length))


def _n_places(word: Indices, boxes: Boxes) -> int:
    """How many of a word's glyphs follow each other along it; those beside each other are at one place."""
    n, end = 0, -np.inf
    for i in word[np.argsort(boxes.left[word], kind="stable")]:
        if min(end, boxes.right[i]) - boxes.left[i] + 1 < FOLLOWS * boxes.width[i]:
            n += 1
        end = max(end, boxes.right[i])
    return n


def is_stack(word: Indices, boxes: Boxes, glyphs: Glyphs) -> bool:
    """Whether glyphs outside the frames are too high together for one line: inside they are curves, too."""
    if len(word) < FEWEST_STACKED or glyphs.panel[word[0]] >= 0:
        return False
    height = boxes.bottom[word].max() - boxes.top[word].min() + 1
    if height <= HIGHEST_LINE * tall_of(boxes.height[word]):
        return False
    across, down = boxes.left[word] + boxes.right[word], boxes.top[word] + boxes.bottom[word]
    if not np.ptp(across) or not np.ptp(down):
        return True
    return bool(abs(np.corrcoef(across, down)[0, 1]) < SLANTED_ROW)


def tall_of(heights: FloatArray) -> float:
    """The height that three quarters of some letters or words do not exceed."""
    return float(np.sort(heights)[3 * len(heights) // 4])


def _is_pile(word: Indices, boxes: Boxes) -> bool:
    """Whether glyphs of an upward word lie on their sides at even distances: digits of labels in a column."""
    # Points between the rows are no digits.
    word = word[boxes.width[word] >= SMALL * boxes.width[word].max()]
    if len(word) < 3:
        return False
    middles = np.sort((boxes.left[word] + boxes.right[word]) / 2)
    steps = np.diff(middles)
    lying = median(boxes.width[word]) >= LYING * median(boxes.height[word])
    # Digits are equally high; letters that touch are not equally long.
    lying &= boxes.width[word].max() <= ALIKE * boxes.width[word].min()
    return bool(lying and np.ptp(steps) <= PILE_UNEVEN * steps.mean())
