"""Short labels on end in a row, 10 20 30 whose digits touch, 3 4 5, A1 A2: glyphs that stand either way."""

from __future__ import annotations

import numpy as np

from digitizer.medians import median
from digitizer.ocr.protocol import Recogniser
from digitizer.stages.text.ink import Glyphs, Sheet
from digitizer.stages.text.lines import Line
from digitizer.stages.text.snippets import read_surely

# So many labels of two digits make a row, and so many where each has more glyphs below the first (A1, A2);
# all of it begins at one height and is equally thick to this (px).
LEAST_ROW, LEAST_STACKED = 3, 2
SAME_PX = 1.5
# Two digits on end are longer than they are thick by this factor (1.4 as drawn), one is shorter (0.75).
LONGER, SHORTER = 1.2, 0.9
# A row of single ones alone is of digits and letters on end where each is as short as this (0.55 to 0.75 as
# drawn; level ones are 1.2 and more, but for an M).
LYING = 0.8
# They are as thick as level labels are high, to this share.
AS_HIGH = 0.2
# Lone digits that lie are read as surely as on end (1.00); labels of several glyphs that are read so surely
# on end are so: no level letters are wider than high one above the other.
READ_STACKED = 0.9
# A glyph that was torn off its label stands below it within this share of their thickness (a dash between
# two digits, from each of them: 0.5).
TORN_GAP = 0.55


def stand_rows(lines: list[Line], sheet: Sheet, recogniser: Recogniser) -> list[Line]:
    """Stand lone glyphs of a row on end where they are read more surely so.

    Parameters
    ----------
    lines : list of Line
        The lines to read.
    sheet : Sheet
        The ink they are cut from.
    recogniser : Recogniser
        Reads the glyphs of such a row both ways.
    """
    # Glyphs that were taken for no text alone may be of such labels: a dash, a 4 that lies like a marker.
    every = [*lines, *_left_over(lines, sheet.glyphs)]
    out: list[Line | None] = [*lines, *([None] * (len(every) - len(lines)))]
    used: set[int] = set()
    for row in _find_rows(every, len(lines), sheet.glyphs):
        below = {k: _torn_off(k, every, sheet.glyphs) for k in row}
        torn = {i for parts in below.values() for i in parts}
        row = [k for k in row if k not in torn | used]
        if not row or (len(row) < LEAST_ROW and not all(below[k] for k in row)):
            continue
        turned = [_stood([every[i].members[0] for i in (k, *below[k])], sheet.glyphs) for k in row]
        level = [every[k] for k in row if k < len(lines)]
        sure = read_surely([*level, *turned], sheet, recogniser)
        least = min(sure[: len(level)], default=1.0)
        if all(below[k] for k in row):
            least = min(least, READ_STACKED)
        if min(sure[len(level) :]) > least:
            for k, line in zip(row, turned, strict=True):
                used |= {k, *below[k]}
                for i in below[k]:
                    out[i] = None
                out[k] = line
    return [line for line in out if line is not None]


def _left_over(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """The glyphs outside of panels that no line has, each as one."""
    free = glyphs.panel < 0
    for line in lines:
        free[line.members] = False
    return [Line(members=np.array([one])) for one in np.flatnonzero(free)]


def _torn_off(k: int, lines: list[Line], glyphs: Glyphs) -> list[int]:
    """The lone glyphs that stand below one of a row, in its columns: the first ones of its label."""
    top = lines[k].members[0]
    left, right = glyphs.left[top] - SAME_PX, glyphs.right[top] + SAME_PX
    below = [
        i
        for i, line in enumerate(lines)
        if len(line.members) == 1
        and glyphs.panel[line.members[0]] < 0
        and glyphs.top[line.members[0]] > glyphs.bottom[top]
        and left <= glyphs.left[line.members[0]] <= glyphs.right[line.members[0]] <= right
    ]
    found: list[int] = []
    end = int(glyphs.bottom[top])
    for i in sorted(below, key=lambda i: int(glyphs.top[lines[i].members[0]])):
        one = lines[i].members[0]
        if int(glyphs.top[one]) - end - 1 > TORN_GAP * glyphs.width[top]:
            break
        found.append(i)
        end = int(glyphs.bottom[one])
    return found


def _stood(members: list[np.intp], glyphs: Glyphs) -> Line:
    """A line on end, which reads upwards."""
    order = sorted(members, key=lambda one: -int(glyphs.bottom[one]))
    return Line(members=np.array(order), upright=False)


def _find_rows(lines: list[Line], n_read: int, glyphs: Glyphs) -> list[list[int]]:
    """The lone level glyphs of each row that may be labels on end; the first ``n_read`` lines begin rows."""
    outside = [k for k, line in enumerate(lines) if glyphs.panel[line.members[0]] < 0]
    lone = [k for k in outside if lines[k].upright and len(lines[k].members) == 1]
    highs = [_high(lines[k], glyphs) for k in outside if lines[k].upright and k < n_read]
    if len(lone) < LEAST_STACKED or not highs:
        return []
    usual = median(highs)
    at = np.array([lines[k].members[0] for k in lone])
    width, height, top = glyphs.width[at], glyphs.height[at], glyphs.top[at]
    long = height >= LONGER * width
    fits = (np.abs(width - usual) <= AS_HIGH * usual) & (long | (height <= SHORTER * width))
    lying = height <= LYING * width
    read = np.array(lone) < n_read
    rows: list[list[int]] = []
    free = fits.copy()
    for k in np.flatnonzero(fits & (long | lying) & read):
        row = free & (np.abs(top - top[k]) <= SAME_PX) & (np.abs(width - width[k]) <= SAME_PX)
        lies = bool(lying[row].all()) and (row & read).sum() >= LEAST_STACKED
        if (row & long & read).sum() >= LEAST_ROW or lies:
            rows.append([lone[i] for i in np.flatnonzero(row)])
            free &= ~row
    return sorted(rows, key=lambda row: int(glyphs.top[lines[row[0]].members[0]]))


def _high(line: Line, glyphs: Glyphs) -> int:
    """How high a level line's letters are; a lone one that lies is wider."""
    height = int(glyphs.height[line.members].max())
    return max(height, int(glyphs.width[line.members[0]])) if len(line.members) == 1 else height
