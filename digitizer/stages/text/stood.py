"""Stand lines on end that stand in a row of labels on end: a touching ``Jan`` reads either way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.stages.text.boxes import turned_boxes
from digitizer.stages.text.ink import Glyphs
from digitizer.stages.text.lines import Line

# So many labels on end make a row.
LEAST_ROW = 3
# Labels of one row begin at one height, next to the axis, to this (px and share of their thickness).
BEGIN_PX = 2.0
BEGIN_SHARE = 0.3
# They are alike in thickness: with descenders half as thick again.
THICKER = 1.6
# Glyphs of one label on end are nearer to each other than this share of their thickness (a blank: 0.7), and
# flush at their foot or head to this share of it.
STACK_GAP = 0.8
FLUSH_SHARE = 0.15
# Letters on end are not all wider than high by this factor (l and 1 alone are); lines with a marker are.
FLAT = 2.5
# Letters that were torn off a label on end follow it at this share of its thickness, in the same columns to
# this share of theirs (J before un: 0.25; a word space: 0.5; an axis label below is wider).
TORN_GAP = 0.62
SAME_COLUMN = 0.6
# ... and are not so much thicker or thinner (an upright J and the ascender-less an: 1.8).
TWICE = 2.2


def stand_with_row(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Turn level lines, and parts of them, that stand among labels on end and are as thick as those.

    Parameters
    ----------
    lines : list of Line
        Lines of glyphs, level or on end.
    glyphs : Glyphs
        What their members index.
    """
    lines = _stack(lines, glyphs)
    on_end = [line for line in lines if not line.upright and glyphs.panel[line.members[0]] < 0]
    if len(on_end) < LEAST_ROW:
        return lines
    top = np.array([glyphs.top[line.members].min() for line in on_end])
    thick = np.array([_thickness(line.members, glyphs) for line in on_end])
    out: list[Line] = []
    for line in _with_torn(lines, glyphs, top, thick):
        parts = _columns(line.members, glyphs) if line.upright else []
        if parts and all(_joins(part, glyphs, top, thick) for part in parts):
            order = turned_boxes(glyphs).left
            out += [
                Line(members=part[np.argsort(order[part], kind="stable")], upright=False) for part in parts
            ]
        else:
            out.append(line)
    return out


def _stack(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Join single glyphs that stand above each other: the letters of short labels on end, a Q1 or T5.

    At least as many columns of them as make a row begin or end at one height; or one does with a row on end.
    """
    single = [line for line in lines if line.upright and _is_single(line, glyphs)]
    single.sort(key=lambda line: int(glyphs.top[line.members[0]]))
    stacks: list[list[int]] = []
    lowest = np.empty(len(single), dtype=np.intp)
    for glyph in (int(line.members[0]) for line in single):
        homes = np.flatnonzero(_follows(lowest[: len(stacks)], glyph, glyphs))
        home = int(homes[0]) if homes.size else len(stacks)
        if home == len(stacks):
            stacks.append([])
        stacks[home].append(glyph)
        lowest[home] = glyph
    tall = [np.array(stack) for stack in stacks if len(stack) > 1 and not _are_flat(np.array(stack), glyphs)]
    rows = [line.members for line in lines if not line.upright and glyphs.panel[line.members[0]] < 0]
    both = [*rows, *tall]
    if len(both) < LEAST_ROW or not tall:
        return lines
    begin = np.array([glyphs.top[part].min() for part in both])
    end = np.array([glyphs.bottom[part].max() for part in both])
    thick = np.array([_thickness(part, glyphs) for part in both])
    tolerance = BEGIN_PX + BEGIN_SHARE * thick
    joined = []
    for k, part in enumerate(both[len(rows) :], start=len(rows)):
        level = max(np.sum(np.abs(at - at[k]) <= tolerance) for at in (begin, end))
        alike = np.abs(np.log(thick / thick[k])) <= np.log(THICKER)
        if level >= LEAST_ROW and alike.sum() >= LEAST_ROW:
            joined.append(part)
    taken = {int(glyph) for part in joined for glyph in part}
    order = turned_boxes(glyphs).left
    out = [line for line in lines if not (line.upright and int(line.members[0]) in taken)]
    return out + [
        Line(members=part[np.argsort(order[part], kind="stable")], upright=False) for part in joined
    ]


def _are_flat(stack: NDArray[np.intp], glyphs: Glyphs) -> bool:
    """Whether glyphs above each other are all flat: the samples of the legend that each panel has."""
    return bool(np.all(glyphs.width[stack] >= FLAT * glyphs.height[stack]))


def _is_single(line: Line, glyphs: Glyphs) -> bool:
    return len(line.members) == 1 and int(glyphs.panel[line.members[0]]) < 0


def _follows(above: NDArray[np.intp], below: int, glyphs: Glyphs) -> NDArray[np.bool_]:
    """Below which glyphs another stands right away, flush with them on one side and about as wide."""
    width = glyphs.right[above] - glyphs.left[above] + 1
    other = glyphs.right[below] - glyphs.left[below] + 1
    gap = glyphs.top[below] - glyphs.bottom[above]
    flush = np.minimum(
        np.abs(glyphs.right[above] - glyphs.right[below]), np.abs(glyphs.left[above] - glyphs.left[below])
    )
    thick = np.maximum(width, other)
    return np.asarray(
        (gap > 0)
        & (gap <= STACK_GAP * thick)
        & (flush <= FLUSH_SHARE * thick + 1)
        & (thick <= THICKER * np.minimum(width, other))
    )


def _with_torn(
    lines: list[Line], glyphs: Glyphs, top: NDArray[np.int64], thick: NDArray[np.float64]
) -> list[Line]:
    """The lines with level pieces put to the labels on end that they follow, or to each other."""
    outside = [k for k, line in enumerate(lines) if glyphs.panel[line.members[0]] < 0]
    joined: dict[int, list[int]] = {}
    of: dict[int, int] = {}
    # Of each label so far its first and last column and its last row.
    heads: list[int] = []
    reached = np.empty((3, len(outside)), dtype=np.int64)
    for k in sorted(outside, key=lambda i: int(glyphs.top[lines[i].members].min())):
        members = lines[k].members
        own = glyphs.left[members].min(), glyphs.right[members].max(), glyphs.bottom[members].max()
        homes = np.flatnonzero(_goes_on(members, reached[:, : len(heads)], glyphs))
        loose = lines[k].upright or not _in_row(members, glyphs, top, thick)
        if homes.size and (loose or lines[heads[homes[0]]].upright):
            home, box = heads[homes[0]], reached[:, homes[0]]
            joined[home].append(k)
            of[k] = home
            box[:] = min(box[0], own[0]), max(box[1], own[1]), max(box[2], own[2])
        elif _in_row(members, glyphs, top, thick):
            joined[k] = [k]
            reached[:, len(heads)] = own
            heads.append(k)
    out = []
    for k, line in enumerate(lines):
        group = joined.get(k, [])
        whole = np.concatenate([lines[i].members for i in group]) if len(group) > 1 else line.members
        if k in of and len(joined[of[k]]) > 1 and _is_tall(joined[of[k]], lines, glyphs):
            continue
        if len(group) > 1 and _is_tall(group, lines, glyphs):
            order = turned_boxes(glyphs).left[whole]
            out.append(Line(members=whole[np.argsort(order, kind="stable")], upright=False))
        else:
            out.append(line)
    return out


def _in_row(
    members: NDArray[np.intp], glyphs: Glyphs, top: NDArray[np.int64], thick: NDArray[np.float64]
) -> bool:
    """Whether glyphs begin where a row of labels on end begins, no thicker than those."""
    row = np.abs(top - glyphs.top[members].min()) <= BEGIN_PX + BEGIN_SHARE * thick
    return bool(row.sum() >= LEAST_ROW and _thickness(members, glyphs) <= THICKER * np.median(thick[row]))


def _goes_on(piece: NDArray[np.intp], labels: NDArray[np.int64], glyphs: Glyphs) -> NDArray[np.bool_]:
    """Below which labels (first and last column, last row of each) a piece goes on in their columns."""
    first, last, bottom = labels
    left, right = glyphs.left[piece].min(), glyphs.right[piece].max()
    gap = glyphs.top[piece].min() - bottom - 1
    shared = np.minimum(right, last) - np.maximum(left, first) + 1
    width, other = last - first + 1.0, _thickness(piece, glyphs)
    thin, thick = np.minimum(width, other), np.maximum(width, other)
    within = (gap >= 0) & (gap <= TORN_GAP * thick)
    return np.asarray(within & (shared >= SAME_COLUMN * thin) & (thick <= TWICE * thin))


def _is_tall(group: list[int], lines: list[Line], glyphs: Glyphs) -> bool:
    members = np.concatenate([lines[i].members for i in group])
    return bool(glyphs.bottom[members].max() - glyphs.top[members].min() + 1 > _thickness(members, glyphs))


def _columns(members: NDArray[np.intp], glyphs: Glyphs) -> list[NDArray[np.intp]]:
    """The members of a level line that stand above each other."""
    members = members[np.argsort(glyphs.left[members], kind="stable")]
    reached = np.maximum.accumulate(glyphs.right[members])
    return np.split(members, np.flatnonzero(glyphs.left[members[1:]] > reached[:-1]) + 1)


def _joins(
    part: NDArray[np.intp], glyphs: Glyphs, top: NDArray[np.int64], thick: NDArray[np.float64]
) -> bool:
    """Whether glyphs are taller than wide, begin where a row on end begins and are as thick."""
    height = float(glyphs.bottom[part].max() - glyphs.top[part].min() + 1)
    width = _thickness(part, glyphs)
    row = np.abs(top - glyphs.top[part].min()) <= BEGIN_PX + BEGIN_SHARE * thick
    if glyphs.panel[part[0]] >= 0 or row.sum() < LEAST_ROW or height <= width:
        return False
    usual = float(np.median(thick[row]))
    return usual / THICKER <= width <= usual * THICKER


def _thickness(members: NDArray[np.intp], glyphs: Glyphs) -> float:
    return float(glyphs.right[members].max() - glyphs.left[members].min() + 1)
