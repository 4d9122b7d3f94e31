"""Where a bar ends within the row of pixels that it shares with the ground or with the bar beside it."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray

# Rows of a fill alone are of its colour to this (levels), and a shared one is a mixture of the three to this.
SAME_LEVELS, MIXED_LEVELS = 6.0, 8.0
# Less ground than this share of a row is none that shines through; its shares are what one of the two orders
# of drawing leaves to this.
LEAST_GROUND, SAME_SHARE = 0.04, 0.06
# Three colours that span a plane less than this wide (levels squared) tell no shares.
LEAST_AREA = 400.0


def share_of_blend(
    profile: FloatArray, fill: FloatArray, beyond: FloatArray, ground: FloatArray
) -> tuple[int, float] | None:
    """Which row a bar shares with what lies beyond it, and which part of it the bar covers; None without one.

    Parameters
    ----------
    profile : ndarray, shape (n, 3)
        Colours row by row, from within the bar outwards.
    fill, beyond, ground : ndarray, shape (3,)
        The bar's colour, that of what lies beyond (another bar's, or the ground's), and the panel's.

    Notes
    -----
    Between two bars the ground shines through. A row of which the first bar drawn covers c shows c of it and
    1 - c of the ground; the second is drawn over both. So c² of the first, 1 - c of the second and c (1 - c)
    of the ground are left: most ground where half is covered, which looks like an edge of the bars' own.
    """
    is_fill = np.abs(profile - fill).max(axis=1) <= SAME_LEVELS
    is_beyond = np.abs(profile - beyond).max(axis=1) <= SAME_LEVELS
    mixed = np.flatnonzero(~is_fill & ~is_beyond)
    if mixed.size != 1 or not 0 < (k := int(mixed[0])) < len(profile) - 1:
        return None
    if not (is_fill[k - 1] and is_beyond[k + 1 :].all()):
        return None
    step = fill - beyond
    part = float((profile[k] - beyond) @ step / max(1.0, float(step @ step)))
    if np.abs(profile[k] - beyond - part * step).max() <= MIXED_LEVELS:
        return (k, part) if 0.0 < part < 1.0 else None
    ways = np.column_stack([fill - ground, beyond - ground])
    if np.linalg.det(ways.T @ ways) < LEAST_AREA**2:
        return None
    shares, *_ = np.linalg.lstsq(ways, profile[k] - ground, rcond=None)
    if np.abs(ways @ shares + ground - profile[k]).max() > MIXED_LEVELS:
        return None
    own, other = (float(share) for share in shares)
    if 1.0 - own - other < LEAST_GROUND or min(own, other) <= 0.0:
        return None
    # The bar itself was drawn over the other one, or under it.
    over, under = abs(other - (1.0 - own) ** 2), abs(own - (1.0 - other) ** 2)
    if min(over, under) > SAME_SHARE:
        return None
    return k, own if over < under else 1.0 - other
