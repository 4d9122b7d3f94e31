"""Let marks without labels tell the scale, too: minor ticks stand on even parts of the labels' step."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.axes.snapped import fit_snapped
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# Programs part a step into so many. Parts are this many pixels long at least, so that a mark a pixel beside
# its place stands at no other; marks stand within this of their places (px, beside the scale's own error).
PARTS = (2, 3, 4, 5, 10)
LEAST_PART_PX = 6.0
REACH_PX = 1.1
# So many of them at least, and this share of all marks, stand where the parts are: curves cross a side, too.
FEWEST = 3
MOST_STRAY = 0.1
# Nearer than this to a label's place a mark is the label's own (px).
OWN_PX = 1.5


def fit_with_minor(
    u: FloatArray,
    px: FloatArray,
    sigma: FloatArray,
    further: tuple[FloatArray, FloatArray] | None,
    *,
    crisp: bool,
    grain: float,
) -> tuple[float, float, FloatArray] | None:
    """What :func:`fit_snapped` says of the labels in use together with the marks between them.

    Parameters
    ----------
    u, px, sigma
        The labels in use: values on the straight ruler, places and deviations (px).
    further
        Values and places of the marks between them, as :func:`find_minor` finds them.

    Returns
    -------
    tuple or None
        None also where ticks were not put on pixels (``grain`` is 0).

    Notes
    -----
    Five ticks on whole pixels leave the scale open by as much as a pixel over their span. Twenty do by a
    quarter of that.
    """
    if not grain:
        return None
    if further is not None and further[0].size:
        sigmas = np.full(further[0].size, MARK_SIGMA_PX * max(1.0, grain))
        all_u, all_px, all_sigma = np.r_[u, further[0]], np.r_[px, further[1]], np.r_[sigma, sigmas]
        fit = fit_snapped(all_u, all_px, all_sigma, MARK_SIGMA_PX, crisp=crisp, grain=grain)
        if fit is not None:
            return fit
    return fit_snapped(u, px, sigma, MARK_SIGMA_PX, crisp=crisp, grain=grain)


def find_minor(
    u: FloatArray, px: FloatArray, marks: FloatArray, line: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Values and places of marks on even parts of the labels' step; none where many are off."""
    origin, slope = line
    nothing = np.empty(0), np.empty(0)
    lone = marks[np.min(np.abs(marks[:, None] - px[None]), axis=1) > OWN_PX] if len(marks) else marks
    steps = np.diff(np.unique(u))
    if len(lone) < FEWEST or len(steps) < 1 or slope == 0:
        return nothing
    step = float(steps.min())
    for parts in PARTS:
        part = step / parts
        if abs(part * slope) < LEAST_PART_PX:
            break
        told = u[0] + part * np.round(((lone - origin) / slope - u[0]) / part)
        near = np.abs(origin + slope * told - lone) <= REACH_PX
        if np.count_nonzero(near) >= FEWEST and np.mean(~near) <= MOST_STRAY:
            return told[near], lone[near]
    return nothing
