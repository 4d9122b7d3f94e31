"""Labels on end in a column, as R writes them beside its y axis: digits that touch or are torn off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.stages.text.boxes import turned_boxes
from digitizer.stages.text.ink import Glyphs
from digitizer.stages.text.lines import Line

# So many labels make a column; they begin and end in the same columns of pixels to this (px).
LEAST_COLUMN = 3
SAME_PX = 1.5
# Two digits on end that touch are taller than those of level labels by this factor (as drawn 1.5), and as
# wide as these are high to this share.
TALLER = 1.3
AS_WIDE = 0.2
# What was torn off a label follows it within this share of its thickness (1 after a point: 0.38).
TORN_GAP = 0.5


def stand_in_column(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Stand lone glyphs on end that make a column of labels on end, or belong to one of its labels.

    Parameters
    ----------
    lines : list of Line
        Lines of glyphs, level or on end.
    glyphs : Glyphs
        What their members index.
    """
    outside = [k for k, line in enumerate(lines) if glyphs.panel[line.members[0]] < 0]
    lone = [k for k in outside if lines[k].upright and len(lines[k].members) == 1]
    if not lone:
        return lines
    level = [glyphs.height[lines[k].members].max() for k in outside if lines[k].upright]
    # Most level lines of a figure are tick labels, whose digits may touch as well.
    usual = float(np.median(level))
    sides = {k: _sides(lines[k], glyphs) for k in outside}
    tall = [k for k in lone if _is_tall(lines[k], glyphs, usual)]
    on_end = [k for k in outside if not lines[k].upright]
    turned = [k for k in tall if _n_alike(sides[k], [sides[i] for i in (*tall, *on_end)]) >= LEAST_COLUMN]
    out = [Line(members=line.members, upright=False) if k in turned else line for k, line in enumerate(lines)]
    columns = [k for k in on_end if _n_alike(sides[k], [sides[i] for i in on_end]) >= LEAST_COLUMN]
    return _with_torn(out, columns, [k for k in lone if k not in turned], glyphs)


def _is_tall(line: Line, glyphs: Glyphs, usual: float) -> bool:
    """Whether a glyph is as wide as level digits are high, and taller than any of these."""
    one = line.members[0]
    width, height = float(glyphs.width[one]), float(glyphs.height[one])
    return height >= TALLER * usual and abs(width - usual) <= AS_WIDE * usual


def _sides(line: Line, glyphs: Glyphs) -> tuple[int, int]:
    return int(glyphs.left[line.members].min()), int(glyphs.right[line.members].max())


def _n_alike(one: tuple[int, int], others: list[tuple[int, int]]) -> int:
    """How many lines begin and end in the columns of one."""
    return sum(abs(one[0] - o[0]) <= SAME_PX and abs(one[1] - o[1]) <= SAME_PX for o in others)


def _with_torn(lines: list[Line], labels: list[int], lone: list[int], glyphs: Glyphs) -> list[Line]:
    """The lines with lone glyphs put to the labels on end that they stand right below or above."""
    joined: dict[int, list[int]] = {}
    for k in lone:
        piece = lines[k].members
        home = next((i for i in labels if _goes_on(piece, lines[i].members, glyphs)), None)
        if home is not None:
            joined.setdefault(home, []).append(k)
    taken = {k for group in joined.values() for k in group}
    out: list[Line] = []
    for i, line in enumerate(lines):
        if i in joined:
            whole = np.concatenate([line.members, *(lines[k].members for k in joined[i])])
            order = np.argsort(turned_boxes(glyphs).left[whole], kind="stable")
            line = Line(members=whole[order], upright=False)
        if i not in taken:
            out.append(line)
    return out


def _goes_on(piece: NDArray[np.intp], label: NDArray[np.intp], glyphs: Glyphs) -> bool:
    """Whether a glyph stands right above or below a label on end, in its columns."""
    left, right = glyphs.left[label].min(), glyphs.right[label].max()
    within = abs(glyphs.left[piece[0]] - left) <= SAME_PX and abs(glyphs.right[piece[0]] - right) <= SAME_PX
    below = int(glyphs.top[piece[0]] - glyphs.bottom[label].max()) - 1
    above = int(glyphs.top[label].min() - glyphs.bottom[piece[0]]) - 1
    return bool(within and 0 <= max(below, above) <= TORN_GAP * (right - left + 1))
