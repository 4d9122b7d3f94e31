"""Short labels on end in a row, 10 20 30 whose digits touch or 3 4 5: glyphs that may stand either way."""

from __future__ import annotations

import numpy as np

from digitizer.ocr.protocol import Recogniser
from digitizer.stages.text.ink import Glyphs, Sheet
from digitizer.stages.text.lines import Line
from digitizer.stages.text.snippets import read_surely

# So many labels of two digits make a row; all of it begins at one height and is equally thick to this (px).
LEAST_ROW = 3
SAME_PX = 1.5
# Two digits on end are longer than they are thick by this factor (1.4 as drawn), one is shorter (0.75).
LONGER, SHORTER = 1.2, 0.9
# A row of single ones alone is of digits and letters on end where each is as short as this (0.55 to 0.75 as
# drawn; level ones are 1.2 and more, but for an M).
LYING = 0.8
# They are as thick as level labels are high, to this share.
AS_HIGH = 0.2
# A digit that was torn off its label stands below it within this share of their thickness.
TORN_GAP = 0.5


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
    out: list[Line | None] = list(lines)
    for row in _find_rows(lines, sheet.glyphs):
        below = {k: _torn_off(k, row, lines, sheet.glyphs) for k in row}
        row = [k for k in row if k not in below.values()]
        turned = [
            _stood([lines[i].members[0] for i in (k, below[k]) if i is not None], sheet.glyphs) for k in row
        ]
        sure = read_surely([*(lines[k] for k in row), *turned], sheet, recogniser)
        if min(sure[len(row) :]) > min(sure[: len(row)]):
            for k, line in zip(row, turned, strict=True):
                out[k] = line
                if (torn := below[k]) is not None:
                    out[torn] = None
    return [line for line in out if line is not None]


def _torn_off(k: int, row: list[int], lines: list[Line], glyphs: Glyphs) -> int | None:
    """The lone glyph that stands right below one of a row, in its columns: the first digit of its label."""
    above = lines[k].members[0]
    for i, line in enumerate(lines):
        one = line.members[0]
        if len(line.members) > 1 or i == k or glyphs.panel[one] >= 0:
            continue
        gap = int(glyphs.top[one] - glyphs.bottom[above]) - 1
        within = abs(glyphs.left[one] - glyphs.left[above]) <= SAME_PX
        within &= abs(glyphs.right[one] - glyphs.right[above]) <= SAME_PX
        if within and 0 <= gap <= TORN_GAP * glyphs.width[above]:
            return i
    return None


def _stood(members: list[np.intp], glyphs: Glyphs) -> Line:
    """A line on end, which reads upwards."""
    order = sorted(members, key=lambda one: -int(glyphs.bottom[one]))
    return Line(members=np.array(order), upright=False)


def _find_rows(lines: list[Line], glyphs: Glyphs) -> list[list[int]]:
    """The lone level glyphs of each row that may be labels on end."""
    outside = [k for k, line in enumerate(lines) if glyphs.panel[line.members[0]] < 0]
    lone = [k for k in outside if lines[k].upright and len(lines[k].members) == 1]
    if len(lone) < LEAST_ROW:
        return []
    usual = float(np.median([glyphs.height[lines[k].members].max() for k in outside if lines[k].upright]))
    at = np.array([lines[k].members[0] for k in lone])
    width, height, top = glyphs.width[at], glyphs.height[at], glyphs.top[at]
    long = height >= LONGER * width
    fits = (np.abs(width - usual) <= AS_HIGH * usual) & (long | (height <= SHORTER * width))
    lying = height <= LYING * width
    rows: list[list[int]] = []
    free = fits.copy()
    for k in np.flatnonzero(fits & (long | lying)):
        row = free & (np.abs(top - top[k]) <= SAME_PX) & (np.abs(width - width[k]) <= SAME_PX)
        if (row & long).sum() >= LEAST_ROW or (row.sum() >= LEAST_ROW and lying[row].all()):
            rows.append([lone[i] for i in np.flatnonzero(row)])
            free &= ~row
    return rows
