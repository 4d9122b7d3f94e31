"""Labels of a panel's axis for a sibling without its own, as panels in a grid share them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, PanelFrame, Side
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# So many grid lines of a borrowing panel, so near to where lent labels are expected (px), tell their places.
MIN_OWN_LINES = 3
GRID_SHIFT_PX = 3.0
# So many marks of its own (px) tell a borrowing panel's scale apart, where less than this share of the lent
# labels has one. Shared axes have all of theirs or none: dates hidden above those of another time have few.
MIN_OWN_MARKS, SHARE_AT_OWN = 3, 0.5
# Ticks are as far apart as each other to this share.
UNEVEN = 0.15


def borrow_labels(
    frame: PanelFrame,
    lenders: Sequence[tuple[PanelFrame, AxisEvidence]],
    own_marks: Callable[[Side], FloatArray],
    *,
    horizontal: bool,
) -> AxisEvidence | None:
    """The labels of the best lender of the panel's size, put where they belong in it; None without lender.

    Parameters
    ----------
    frame : PanelFrame
        Of the panel without labels.
    lenders : sequence of (PanelFrame, AxisEvidence)
        Panels that have labels on this axis.
    own_marks : callable
        Finds the marks at a side of the panel without labels. One whose marks stand elsewhere than the
        lender's has another scale, and labels that were hidden; it has no lender.
    horizontal : bool
        Whether it is the x axis: its lenders stand in the same column, those of a y axis in the same row.
    """
    box = frame.box
    donors: list[tuple[float, float, PanelFrame, AxisEvidence]] = []
    for lender, evidence in lenders:
        if lender is frame or evidence.borrowed:
            continue
        b = lender.box
        length, other_length = (box.width, b.width) if horizontal else (box.height, b.height)
        if abs(length - other_length) > 0.01 * length + 1.5:
            continue
        shift = box.left - b.left if horizontal else box.top - b.top
        across = abs(box.top - b.top) if horizontal else abs(box.left - b.left)
        donors.append((abs(shift), across, lender, evidence))
    if not donors:
        return None
    shift_size, _, lender, evidence = min(donors, key=lambda d: (d[0] > 2, d[1], d[0]))
    shift = (box.left - lender.box.left) if horizontal else (box.top - lender.box.top)
    own = _shift_by_grid(frame.grid_x if horizontal else frame.grid_y, evidence.label_px, shift)
    unsure = 0.0 if own is not None or shift_size < 1 else 0.3
    shift = shift if own is None else own
    if _stand_elsewhere(own_marks(evidence.side), evidence.label_px + shift, evidence):
        return None
    return replace(
        evidence,
        marks=evidence.marks + shift,
        label_px=evidence.label_px + shift,
        label_sigma_px=evidence.label_sigma_px + unsure,
        borrowed=True,
    )


def _stand_elsewhere(own: FloatArray, lent: FloatArray, evidence: AxisEvidence) -> bool:
    """Whether a panel has marks, and most labels lent to it (px), marked at the lender, are at none."""
    lent = lent[evidence.label_sigma_px <= MARK_SIGMA_PX]
    if len(own) < MIN_OWN_MARKS or len(lent) < MIN_OWN_MARKS:
        return False
    # Lines that come to a side are taken for marks where it has none; ticks stand at even places.
    steps = np.diff(np.sort(own))
    if float(np.abs(steps - np.median(steps)).max()) > UNEVEN * float(np.median(steps)):
        return False
    # Bars that stand close beside each other show such lines between them, with each label in the middle.
    own = np.sort(own)
    places = (own, (own[1:] + own[:-1]) / 2) if len(own) == len(lent) + 1 else (own,)
    off = [np.abs(at[:, None] - lent[None]).min(axis=0) for at in places]
    return bool(max(np.mean(o <= GRID_SHIFT_PX) for o in off) < SHARE_AT_OWN)


def _shift_by_grid(grid: FloatArray, label_px: FloatArray, shift: float) -> float | None:
    """How far lent labels are from their own grid lines in the borrowing panel; None where it has none there.

    The sides of two panels may be found a pixel apart, their grid lines hardly.
    """
    if not len(grid):
        return None
    expected = label_px + shift
    off = grid[np.argmin(np.abs(grid[:, None] - expected[None]), axis=0)] - expected
    near = np.abs(off) <= GRID_SHIFT_PX
    if near.sum() < MIN_OWN_LINES or near.mean() < 0.5:
        return None
    return shift + float(np.median(off[near]))
