"""Tell a thick line (Origin, Prism at print size) from the edge of a ground, on which a side was proposed."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray

# Lines are so many pixels wide at most (journals' axes at 600 dpi: 12), and are looked for so much wider.
# Those of fewer than that, besides the mixed ones at their edges, are seen whole.
MIN_WIDTH_PX, MAX_WIDTH_PX = 3, 14
MARGIN_PX = 4
# An edge may be seen so many rows off.
REACH_PX = 2
# What lies on either side of a line differs from it by so many levels, and from itself by so few: a margin
# of the paper's colour between two greys (cards) is 20 to 40 levels off, axes are 120 and more.
LEAST_CONTRAST = 96
FLAT_LEVELS = 24


def thick_line(profile: FloatArray, at: float) -> tuple[float, float] | None:
    """The middle and the width of the thick line of which an edge, or the inside, lies at ``at``, or None.

    Parameters
    ----------
    profile : ndarray, shape (n, 3)
        The colour along each row that is parallel to the line.
    at : float
        Where the line was seen (row).
    """
    near = int(np.clip(round(at), 0, len(profile) - 1))
    ends = max(0, near - REACH_PX), min(len(profile) - 1, near + REACH_PX)
    across = float(np.abs(profile[ends[0]] - profile[ends[1]]).max())
    if across < LEAST_CONTRAST and across > FLAT_LEVELS:
        return None
    found = [_between_edges(profile, seed) for seed in ((near,) if across <= FLAT_LEVELS else ends)]
    return next((line for line in found if line is not None), None)


def _between_edges(profile: FloatArray, seed: int) -> tuple[float, float] | None:
    """The middle and width of the run of one colour around ``seed``, where others lie on both sides."""
    # How far each row is from the run's colour.
    off = np.abs(profile - profile[seed]).max(axis=1)
    first = last = seed
    while first > 0 and off[first - 1] <= FLAT_LEVELS:
        first -= 1
    while last < len(off) - 1 and off[last + 1] <= FLAT_LEVELS:
        last += 1
    # A row of mixed colour lies at either end, the ground behind it.
    before, after = (
        slice(max(0, first - 1 - MARGIN_PX), max(0, first - 1)),
        slice(last + 2, last + 2 + MARGIN_PX),
    )
    if min(len(off[before]), len(off[after])) < 2 or not MIN_WIDTH_PX <= last - first + 1 <= MAX_WIDTH_PX:
        return None
    edges = []
    for row, rows in ((first - 1, before), (last + 1, after)):
        ground = np.median(profile[rows], axis=0)
        contrast = float(np.abs(ground - profile[seed]).max())
        # Bars on a line of another colour are no line.
        lower, upper = np.minimum(ground, profile[seed]), np.maximum(ground, profile[seed])
        beyond = np.maximum(lower - profile[row], profile[row] - upper).max()
        if contrast < LEAST_CONTRAST or beyond > FLAT_LEVELS:
            return None
        edges.append(1.0 - min(1.0, float(off[row]) / contrast))
    start, end = first - 0.5 - edges[0], last + 0.5 + edges[1]
    return (start + end) / 2, end - start
