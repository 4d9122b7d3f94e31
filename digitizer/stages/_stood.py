"""Stand lines on end that stand in a row of labels on end: a touching ``Jan`` reads either way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.stages._ink import Glyphs
from digitizer.stages._lines import Line, turned_boxes

# So many labels on end make a row.
LEAST_ROW = 3
# Labels of one row begin at one height, next to the axis, to this (px and share of their thickness).
BEGIN_PX = 2.0
BEGIN_SHARE = 0.3
# They are alike in thickness: with descenders half as thick again.
THICKER = 1.6


def stand_with_row(lines: list[Line], glyphs: Glyphs) -> list[Line]:
    """Turn level lines, and parts of them, that stand among labels on end and are as thick as those.

    Parameters
    ----------
    lines : list of Line
        Lines of glyphs, level or on end.
    glyphs : Glyphs
        What their members index.
    """
    on_end = [line for line in lines if not line.upright and glyphs.panel[line.members[0]] < 0]
    if len(on_end) < LEAST_ROW:
        return lines
    top = np.array([glyphs.top[line.members].min() for line in on_end])
    thick = np.array([_thickness(line.members, glyphs) for line in on_end])
    out: list[Line] = []
    for line in lines:
        parts = _columns(line.members, glyphs) if line.upright else []
        if parts and all(_joins(part, glyphs, top, thick) for part in parts):
            order = turned_boxes(glyphs).left
            out += [
                Line(members=part[np.argsort(order[part], kind="stable")], upright=False) for part in parts
            ]
        else:
            out.append(line)
    return out


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
