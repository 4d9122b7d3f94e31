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
# A digit on end is wider than high by this factor (0.55 to 0.75 as drawn, turned), and higher than a stroke
# by this share of its width, but for a one.
WIDER, LEAST_HIGH = 1.2, 0.4
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
    out, lone = _with_stacks(out, on_end, [k for k in lone if k not in turned], glyphs)
    columns = [k for k in on_end if _n_alike(sides[k], [sides[i] for i in on_end]) >= LEAST_COLUMN]
    return [x for x in _with_torn(out, columns, lone, glyphs) if x.members.size]


def _with_stacks(
    lines: list[Line], on_end: list[int], lone: list[int], glyphs: Glyphs
) -> tuple[list[Line], list[int]]:
    """The lines with digits on end that lie apart made into labels, and the lone glyphs that are left.

    No digit is wider than high: lone glyphs that are, in the columns of a label on end or of each other, one
    above the other within a label's gaps, are such. Emptied lines keep their places.
    """
    piece = {k: int(lines[k].members[0]) for k in lone}
    sides = {k: _sides(lines[k], glyphs) for k in (*lone, *on_end)}
    ends = np.array([_extent(lines[i], glyphs) for i in on_end], dtype=np.int64).reshape(-1, 4).T
    apart = [k for k in lone if not _go_on(lines[k].members, ends, glyphs).any()]
    wide = [k for k in apart if glyphs.width[piece[k]] >= WIDER * glyphs.height[piece[k]]]
    column = [k for k in wide if _n_alike(sides[k], [sides[i] for i in (*wide, *on_end)]) >= LEAST_COLUMN]
    if not column:
        return lines, lone
    left, right = (float(np.median([sides[k][i] for k in column])) for i in (0, 1))
    within = [k for k in apart if left - SAME_PX <= sides[k][0] and sides[k][1] <= right + SAME_PX]
    high = {k for k in column if glyphs.height[piece[k]] >= LEAST_HIGH * glyphs.width[piece[k]]}
    stacks = _stacks([piece[k] for k in within], glyphs, TORN_GAP * (right - left + 1))
    labels = [g for g in ([within[i] for i in stack] for stack in stacks) if high.intersection(g)]
    named = [k for k in on_end if _n_alike(sides[k], [sides[i] for i in column])]
    if len(named) + sum(len(g) > 1 for g in labels) < 2:
        return lines, lone
    out = list(lines)
    for group in labels:
        whole = np.concatenate([lines[k].members for k in group])
        order = np.argsort(turned_boxes(glyphs).left[whole], kind="stable")
        out[group[0]] = Line(members=whole[order], upright=False)
        for k in group[1:]:
            out[k] = Line(members=whole[:0])
    used = {k for group in labels for k in group}
    return out, [k for k in lone if k not in used]


def _stacks(pieces: list[int], glyphs: Glyphs, gap: float) -> list[list[int]]:
    """Pieces (their numbers) of one column that stand above each other, none farther than ``gap`` (px)."""
    groups: list[list[int]] = []
    bottom = -np.inf
    for i in np.argsort([glyphs.top[one] for one in pieces], kind="stable"):
        if groups and glyphs.top[pieces[i]] - bottom - 1 <= gap:
            groups[-1].append(int(i))
        else:
            groups.append([int(i)])
            bottom = -np.inf
        bottom = max(bottom, float(glyphs.bottom[pieces[i]]))
    return groups


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
    ends = np.array([_extent(lines[i], glyphs) for i in labels], dtype=np.int64).reshape(-1, 4).T
    for k in lone:
        piece = lines[k].members
        homes = np.flatnonzero(_go_on(piece, ends, glyphs))
        if homes.size:
            joined.setdefault(labels[homes[0]], []).append(k)
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


def _extent(line: Line, glyphs: Glyphs) -> tuple[int, int, int, int]:
    """First and last column, first and last row of a line."""
    first, last = _sides(line, glyphs)
    return first, last, int(glyphs.top[line.members].min()), int(glyphs.bottom[line.members].max())


def _go_on(piece: NDArray[np.intp], labels: NDArray[np.int64], glyphs: Glyphs) -> NDArray[np.bool_]:
    """Right above or below which labels on end (their extents: 4, n) a glyph stands, in their columns."""
    left, right, top, bottom = labels
    one = piece[0]
    within = (np.abs(glyphs.left[one] - left) <= SAME_PX) & (np.abs(glyphs.right[one] - right) <= SAME_PX)
    away = np.maximum(glyphs.top[one] - bottom, top - glyphs.bottom[one]) - 1
    return np.asarray(within & (away >= 0) & (away <= TORN_GAP * (right - left + 1)))
