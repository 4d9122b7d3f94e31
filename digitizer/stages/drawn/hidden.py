"""Labels of ticks that a drawing holds and does not show, for want of room: they tell the year of months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnLine
from digitizer.evidence import AxisEvidence, TextSpan
from digitizer.numbers import parse_number

# A hidden label is centred on a mark of the axis to this (px), and in the row of the others to this share of
# their height.
AT_MARK_PX, LEVEL_SHARE = 2.0, 0.5


def with_hidden(axis: AxisEvidence | None, hidden: Sequence[DrawnLine]) -> AxisEvidence | None:
    """A level axis of words with the labels of its other marks.

    Parameters
    ----------
    axis : AxisEvidence or None
        The axis with the labels that show; one of numbers stays as it is.
    hidden : sequence of DrawnLine
        The texts that do not show.
    """
    if axis is None or not hidden or not axis.labels or not len(axis.marks):
        return axis
    if all(parse_number(label.text) is not None for label in axis.labels):
        return axis
    row = float(np.median([label.box.center[1] for label in axis.labels]))
    height = float(np.median([label.box.height for label in axis.labels]))
    labels = list(zip(axis.label_px, axis.labels, axis.label_sigma_px, strict=True))
    sigma = float(np.median(axis.label_sigma_px))
    for line in hidden:
        at, level = line.box.center
        mark = float(axis.marks[np.argmin(np.abs(axis.marks - at))])
        taken = any(abs(mark - px) <= AT_MARK_PX for px, _, _ in labels)
        if taken or abs(mark - at) > AT_MARK_PX or abs(level - row) > LEVEL_SHARE * height:
            continue
        labels.append((mark, TextSpan(box=line.box, text=line.text, confidence=1.0), sigma))
    labels.sort(key=lambda label: float(label[0]))
    return replace(
        axis,
        labels=tuple(text for _, text, _ in labels),
        label_px=np.array([px for px, _, _ in labels]),
        label_sigma_px=np.array([own for _, _, own in labels]),
    )
