"""Carry the undrawn ends of a grid outwards over the series that cross its last lines."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal

# Ink departs from the ground by more than this (grey levels), and bars are thicker than lines of a grid (px).
INKED, THICKER_PX = 30, 6
# Either end of the rows (share of them) is looked at for the ground.
END_SHARE = 0.05


def extend_to_ink(grey: NDArray[np.int16], p: Proposal) -> Box:
    """Carry the undrawn ends of a grid outwards over the series that cross its last lines.

    A curve may run up to one rung beyond the last grid line where no side is drawn.
    """
    box = p.box
    if p.sides or max(p.n_horizontal, p.n_vertical) < 3:
        return box
    rows = p.n_horizontal >= p.n_vertical
    picture = grey if rows else grey.T
    low, high, start, end = (
        (box.top, box.bottom, box.left, box.right) if rows else (box.left, box.right, box.top, box.bottom)
    )
    rung = (high - low) / max(1, max(p.n_horizontal, p.n_vertical) - 1)
    inside = picture[:, int(start) + 3 : int(end) - 2]
    inked = np.abs(inside - _ground_of(inside)) > INKED
    first = _follow_ink(inked, round(low), -1, rung)
    last = _follow_ink(inked, round(high), +1, rung)
    first = first - 2 if first < round(low) else first
    last = last + 2 if last > round(high) else last
    if rows:
        return replace(box, top=float(first), bottom=float(last))
    return replace(box, left=float(first), right=float(last))


def _ground_of(inside: NDArray[np.int16]) -> NDArray[np.float64]:
    """The ground of each row: what is most of it, so that a line of the grid is ground as well.

    A bar that lies on the last line may take most of it, and of the rows around it; the ends that bars do not
    stand on show the ground alone.
    """
    ground = np.median(inside, axis=1, keepdims=True)
    wide = max(1, round(END_SHARE * inside.shape[1]))
    usual = float(np.median(min((inside[:, :wide], inside[:, -wide:]), key=np.std)))
    off = (np.abs(ground - usual) > INKED).astype(np.uint8)
    thick = cv2.morphologyEx(off, cv2.MORPH_OPEN, np.ones((THICKER_PX, 1), np.uint8))
    return np.asarray(np.where(thick > 0, usual, ground), dtype=np.float64)


def _follow_ink(inked: NDArray[np.bool_], at: int, step: int, limit: float) -> int:
    """Where ink that comes from within the last line ends beyond it, at most ``limit`` further.

    Tick marks begin at the line, and are no such ink.
    """
    inner = at - 3 * step
    if not (0 <= inner < len(inked) and 0 <= at + 3 * step < len(inked)):
        return at
    stop = int(np.clip(at + step * limit, 1, len(inked) - 2))
    strip = inked[inner : stop + 1] if step > 0 else inked[stop : inner + 1][::-1]
    _, pieces = cv2.connectedComponents(np.ascontiguousarray(strip, dtype=np.uint8), connectivity=8)
    crossing = np.unique(pieces[0])
    reached = np.flatnonzero(np.isin(pieces, crossing[crossing > 0]).any(axis=1))
    return at + step * max(0, int(reached[-1]) - 3) if reached.size else at
