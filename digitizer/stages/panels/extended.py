"""Carry the undrawn ends of a grid outwards over the series that cross its last lines."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box
from digitizer.stages.strokes.proposals import Proposal


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
    # The grid's last line is ground as well.
    ground = np.median(inside, axis=1, keepdims=True)
    inked = np.abs(inside - ground) > 30
    first = _follow_ink(inked, round(low), -1, rung)
    last = _follow_ink(inked, round(high), +1, rung)
    first = first - 2 if first < round(low) else first
    last = last + 2 if last > round(high) else last
    if rows:
        return replace(box, top=float(first), bottom=float(last))
    return replace(box, left=float(first), right=float(last))


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
