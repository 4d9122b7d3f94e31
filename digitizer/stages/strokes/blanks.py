"""Part lines and edges at blank paper: a legend's border goes on along the side of the panel beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitizer.stages.pixels.true_runs import true_runs
from digitizer.stages.strokes.proposals import MIN_SIDE_PX
from digitizer.stages.strokes.strokes import BRIDGE_PX, MIN_STEP, Stroke, page_level

# So many columns of paper, and so many rows of it on either side of the line, are blank: 3 columns lie
# between a panel and a legend 6 px beside it, whose edges are soft.
BLANK_PX, BESIDE_PX = 3, 3
# Sides meet at a corner to this (px).
CORNER_PX = 3.0


def part_at_blanks(
    grey: NDArray[np.int16], strokes: Sequence[Stroke], across: Sequence[Stroke]
) -> list[Stroke]:
    """Part strokes at corners beyond which the page shows all through them.

    Edges are bridged over short gaps, as curves and ticks leave them.

    Parameters
    ----------
    grey
        The picture.
    strokes
        Level strokes of it.
    across
        Upright ones.
    """
    page = page_level(grey)
    return [part for stroke in strokes for part in _parts(grey, stroke, across, page)]


def _parts(grey: NDArray[np.int16], stroke: Stroke, across: Sequence[Stroke], page: int) -> list[Stroke]:
    row, half = round(stroke.at), round(stroke.width / 2)
    top, start = max(0, row - half - BESIDE_PX), int(stroke.start)
    around = grey[top : row + half + BESIDE_PX + 1, start : int(stroke.end) + 1]
    blank = np.asarray((np.abs(around - page) < MIN_STEP).all(axis=0))
    gaps = [
        (first, last)
        for first, last in zip(*(v.tolist() for v in true_runs(blank)), strict=True)
        if BLANK_PX <= last - first <= BRIDGE_PX
        and any(_is_corner(stroke.at, float(start + end), across) for end in (first, last))
        # Lines of a grid have the page's colour on a shaded ground.
        and not any(start + first <= s.at < start + last and s.sign == 0 for s in across)
    ]
    ends = [(0, 0), *gaps, (blank.size, blank.size)]
    parts = [(stroke.start + before[1], stroke.start + after[0] - 1) for before, after in pairwise(ends)]
    long = [
        replace(stroke, start=first, end=last) for first, last in parts if last - first + 1 >= MIN_SIDE_PX
    ]
    return long if gaps and long else [stroke]


def _is_corner(at: float, place: float, across: Sequence[Stroke]) -> bool:
    """Whether an upright stroke ends at a level one, where that has a gap."""
    return any(
        abs(s.at - place) <= CORNER_PX and min(abs(s.start - at), abs(s.end - at)) <= CORNER_PX
        for s in across
    )
