"""Titles of a single letter on end beside a column of labels, which may melt with the label beside them."""

from __future__ import annotations

import numpy as np

from digitizer.ocr.protocol import Recogniser
from digitizer.stages.text.ink import FloatArray, Glyphs, Sheet
from digitizer.stages.text.lines import Line
from digitizer.stages.text.snippets import read_surely

# So many labels, that beside the letter with them, that end in one column of pixels, to this share of their
# height, are those of an axis.
LEAST_COLUMN = 3
SAME_END = 0.4
# Between a title and the widest label are more than so many heights (Vega-Lite: 0.44 to 0.9), and at most so
# many; more where it stands on the label's own baseline, to this share, and may be a word of it (up to 0.62).
LEAST_GAP, MOST_GAP = 0.4, 4.0
WORD_GAP, ON_BASELINE = 0.64, 0.08
# It is none where the rest begins where so many others do, and no label before: numbers of as many digits.
LEAST_FLUSH, FLUSH_PX = 2, 1
# A title stands at the middle of its axis, whose labels may end this share of their reach before its ends.
OFF_MIDDLE = 0.12
# Letters are at most so many times as high as the labels.
TALLEST = 1.8
# Level letters are read so much more surely where they are level ones: a stands on end as well as b.
SURER = 0.1


def stand_titles(lines: list[Line], sheet: Sheet, recogniser: Recogniser) -> list[Line]:
    """Stand the lone letter at the middle of a column of labels on end, parted from its label where they met.

    Parameters
    ----------
    lines : list of Line
        The lines to read.
    sheet : Sheet
        The ink they are cut from.
    recogniser : Recogniser
        Reads such a letter both ways.
    """
    out = list(lines)
    for k in _find_titles(lines, sheet.glyphs):
        members = _left_to_right(lines[k], sheet.glyphs)
        level, stood = (Line(members=np.array(members[:1]), upright=upright) for upright in (True, False))
        sure = read_surely((level, stood), sheet, recogniser)
        title = level if sure[0] > sure[1] + SURER else stood
        if len(members) > 1:
            out[k] = Line(members=np.array(members[1:]))
            out.append(title)
        else:
            out[k] = title
    return out


def _find_titles(lines: list[Line], glyphs: Glyphs) -> list[int]:
    """The lines that are such a letter, or begin with one."""
    level = [k for k, x in enumerate(lines) if x.upright and glyphs.panel[x.members[0]] < 0]
    if len(level) < LEAST_COLUMN:
        return []
    boxes = np.array([_box(lines[k].members, glyphs) for k in level])
    own = float(np.median([glyphs.height[lines[k].members].max() for k in level]))
    found = []
    for i, k in enumerate(level):
        first, *rest = _left_to_right(lines[k], glyphs)
        if glyphs.height[first] > TALLEST * own:
            continue
        letter, others = _box(np.array([first]), glyphs), np.delete(boxes, i, axis=0)
        label = _box(np.array(rest), glyphs) if rest else None
        ends = [label[2]] if label is not None else np.unique(others[:, 2])
        columns = [others[np.abs(others[:, 2] - end) <= SAME_END * own] for end in ends]
        if any(_is_title(letter, label, column, own) for column in columns):
            found.append(k)
    return found


def _is_title(letter: FloatArray, label: FloatArray | None, column: FloatArray, own: float) -> bool:
    """Whether a letter is the title of a column of labels, of which ``label`` is one, ``own`` px high."""
    if len(column) + (label is not None) < LEAST_COLUMN:
        return False
    start = column[:, 0].min()
    gap = LEAST_GAP * own
    if label is not None:
        n_flush = (np.abs(column[:, 0] - label[0]) <= FLUSH_PX).sum()
        flush = n_flush >= LEAST_FLUSH and label[0] - start <= FLUSH_PX
        if abs(label[3] - letter[3]) <= ON_BASELINE * own and not flush:
            gap = WORD_GAP * own
        if label[0] - letter[2] - 1 <= gap:
            return False
    middles = (column[:, 1] + column[:, 3]) / 2
    off = abs((letter[1] + letter[3]) / 2 - (middles.min() + middles.max()) / 2)
    apart = start - letter[2] - 1
    return bool(gap < apart <= MOST_GAP * own and off <= OFF_MIDDLE * np.ptp(middles))


def _left_to_right(line: Line, glyphs: Glyphs) -> list[int]:
    return [int(one) for one in sorted(line.members, key=lambda one: int(glyphs.left[one]))]


def _box(members: np.ndarray, glyphs: Glyphs) -> FloatArray:
    sides = (glyphs.left[members].min(), glyphs.top[members].min())
    return np.array([*sides, glyphs.right[members].max(), glyphs.bottom[members].max()], dtype=float)
