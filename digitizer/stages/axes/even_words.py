"""Part labels that run together where no mark tells their places: their words are evenly spaced then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import TextSpan

# Words that are labels of their own stand at even places to this share of their distance, or so many pixels
# (months under bars: 0.04). Two names of two words do so by chance, so many words in all seldom.
EVEN_SHARE = 0.06
EVEN_PX = 2.0
MIN_WORDS = 5


def part_even_words(labels: Sequence[TextSpan]) -> list[TextSpan]:
    """Each word of level labels as a label, where all their words are evenly spaced; else none.

    Parameters
    ----------
    labels : sequence of TextSpan
        The labels of one axis, from left to right or not.
    """
    parts = [
        replace(span, box=box, text=word, words=())
        for span in labels
        for word, box in (span.words if len(span.words) > 1 else ((span.text, span.box),))
    ]
    if len(parts) < MIN_WORDS or len(parts) == len(labels) or any(s.angle_deg != 0.0 for s in labels):
        return []
    at = np.sort([part.box.center[0] for part in parts])
    place = np.arange(len(at), dtype=np.float64)
    step, first = np.polyfit(place, at, 1)
    off = float(np.abs(at - first - step * place).max())
    return parts if off <= max(EVEN_PX, EVEN_SHARE * step) else []
