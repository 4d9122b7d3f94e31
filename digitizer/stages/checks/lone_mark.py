"""Count marks in a colour that no series has: the star at the best of some bars, a disc at one value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from digitizer.evidence import ByteImage, FloatArray, Mask, Trace
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import Ink

# Ink this strong (RGB units) and of that much colour (levels between its channels) is drawn, and no text.
STRONG, COLOURED = 60.0, 50.0
# It is no tint of a series' colour, and no blend of two, where its step from the ground leaves theirs by so
# much of its length: hues a third of a circle apart differ by .6 and more.
OTHER = 0.45
# Marks are so large (px, and of the panel's height at most), so round, and fill so much of their box (a star
# .5, a disc that a stroke crosses .6).
LEAST_PX, MOST_SHARE, ROUND, FULL = 6, 0.12, 1.6, 0.45
# More of them are a series, and what is missing of that is told by its ink.
MOST = 3


def count_lone_marks(ink: Ink, traces: Sequence[Trace], drawn: Sequence[ByteImage]) -> int:
    """Count compact marks in colours of their own; none where there are more than a few, or in JPEG.

    Parameters
    ----------
    ink
        The panel's ink.
    traces
        Its series, in the ink's picture.
    drawn
        Where each is drawn: bars and points of one series may have a colour each.
    """
    if ink.noise >= CLEAN or not traces:
        return 0
    on = ink.strength > STRONG
    for trace, mask in zip(traces, drawn, strict=True):
        if trace.kind != "line":
            on &= mask == 0
    at = np.flatnonzero(on)
    color = ink.rgb.reshape(-1, 3)[at]
    red, green, blue = color.T
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    at, color = at[chroma > COLOURED], color[chroma > COLOURED]
    if not at.size:
        return 0
    steps = (color - ink.ground.reshape(-1, 3)[at]).astype(np.float64)
    other = np.zeros(on.shape, dtype=bool)
    other.reshape(-1)[at] = _are_other(steps, _steps_of(traces, ink))
    _, stats = label_pieces(other)
    largest = MOST_SHARE * ink.height
    n = sum(
        min(w, h) >= LEAST_PX and max(w, h) <= min(largest, ROUND * min(w, h)) and area >= FULL * w * h
        for _, _, w, h, area in stats[1:]
    )
    return int(n) if n <= MOST else 0


def _steps_of(traces: Sequence[Trace], ink: Ink) -> FloatArray:
    """The steps from the ground to the colours of series, each once (n, 3), of unit length."""
    colors = np.unique([t.color for t in traces], axis=0).astype(np.float64)
    steps = colors - ink.usual_ground
    return np.asarray(steps / np.maximum(np.linalg.norm(steps, axis=1, keepdims=True), 1.0))


def _are_other(steps: FloatArray, known: FloatArray) -> Mask:
    """Which steps leave every tint and every blend of two of ``known`` ones (unit length) far enough.

    Most are a tint of one: blends are tried for the others alone.
    """
    other = np.arange(len(steps))
    length = np.maximum(np.linalg.norm(steps, axis=1), 1.0)
    for span in (*([k] for k in range(len(known))), *combinations(range(len(known)), 2)):
        basis = known[list(span)]
        left = steps[other]
        parts = left @ np.linalg.pinv(basis)
        off = np.linalg.norm(left - parts @ basis, axis=1)
        other = other[(off > OTHER * length[other]) | ~(parts >= 0.0).all(axis=1)]
        if not other.size:
            break
    found = np.zeros(len(steps), dtype=bool)
    found[other] = True
    return found
