"""Heights of a fitted polyline: tips are drawn short, and steep places are off with their steps."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.fits.misplaced import off_by_ink
from digitizer.stages.series.fits.refine import Fit

# Round joins are polygons and caps of a pixel's size: tips are drawn short by this times the logarithm of
# their steepness (drawn noise at 72 to 150 dpi: 0.06 px at slope 1, 0.28 at 40), give or take half of it.
SHORT_TIP = 0.058
TIP_SIGMA = 0.6
# What a step grid's places are unsure by (px); vertices on the way are off by that times their slope.
PLACE_SIGMA = 0.009
# So are vertices that each have a place of their own; steps that differ by no more than this (px) are a grid.
FREE_PLACE_SIGMA = 0.06
SAME_STEP_PX = 0.01
# The formal deviation times this is the error's 68 % quantile on the way between tips.
FORMAL = 1.1
LEAST_SIGMA = 0.02


def at_tips(fit: Fit) -> tuple[FloatArray, FloatArray]:
    """Heights with what sharp tips lack in the drawing, and their deviations."""
    step = np.maximum(np.diff(fit.x), 1e-6)
    slope = np.diff(fit.y) / step
    left, right = np.r_[0.0, slope], np.r_[slope, 0.0]
    turns = left * right < 0
    short = np.where(turns, SHORT_TIP * np.log2(1 + np.sqrt(np.abs(left * right))), 0.0)
    y = fit.y - np.sign(right) * short
    place = PLACE_SIGMA if np.ptp(step) < SAME_STEP_PX else FREE_PLACE_SIGMA
    steep = place * np.maximum(np.abs(left), np.abs(right))
    sigma = np.hypot(np.hypot(FORMAL * fit.sigma, off_by_ink(fit)), np.hypot(TIP_SIGMA * short, steep))
    return y, np.asarray(np.hypot(sigma, LEAST_SIGMA))
