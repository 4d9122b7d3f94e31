"""Labels that are read upwards: a row of them shows a letter of each, and they begin above it."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.medians import median

# Letters of a label that is read upwards stand on each other closer than this (heights of a letter).
STACK_GAP = 0.6


def find_begin(boxes: FloatArray, ink: FloatArray, letter: float) -> float | None:
    """Where labels begin (y, px) of which ``boxes`` (n, 4) are a letter each; None where they are whole."""
    tops = []
    for left, top, right, _ in boxes:
        over = ink[(np.minimum(ink[:, 2], right) - np.maximum(ink[:, 0], left) >= 0) & (ink[:, 1] < top)]
        for _, begin, _, end in over[np.argsort(-over[:, 3])]:
            if top - end > STACK_GAP * letter:
                break
            top = min(top, begin)
        tops.append(top)
    return median(tops) if median(boxes[:, 1] - tops) > letter else None
