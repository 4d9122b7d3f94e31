"""How many corners of a line read by columns are expected to be off: they stand anywhere within a column."""

from __future__ import annotations

import math

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.status.chances import (
    FEWEST_TO_SPARE,
    LEAST_SIGMA_PX,
    LEAST_STEP_PX,
    MAY_BE_OFF,
    PLACE_PX,
    TURN_PX,
    chances_off,
)
from digitizer.stages.status.corners import find_corners

# Of noise, which has more corners than this, tips tell.
MOST_CORNERS = 100
# Where a line turns by less than this it has no corner: columns of a steep curve are off each by itself, and
# its points lie evenly along x (two real panels of sigmoids, rightly read).
LEAST_TURN = math.radians(30.0)
# What is no longer than this (px) of a line by columns is a jump; what rises by less (px a px) is level.
UPRIGHT_PX, LEVEL_SLOPE = 1.5, 0.3


def expect_corners_off(trace: Trace, height: float) -> tuple[float, float]:
    """What is expected of the corners of a line read by columns: how many are off, and the share at risk.

    A line that runs straight between a dozen corners is told by no more points than that, though each of its
    columns is one: where they are so few the number counts. Of more, where a line climbs within a pixel
    (requests at any time), both ends of each jump hang on where in it they are: what share of the corners is
    off beyond what may be. Each is 0 where the other counts.
    """
    found = _corners_off(trace, height)
    if found is None:
        return 0.0, 0.0
    off, slopes = found
    if off.size <= FEWEST_TO_SPARE:
        return float(off.sum()), 0.0
    turned = np.r_[True, np.abs(np.diff(np.arctan(slopes))) > LEAST_TURN, True]
    return 0.0, max(0.0, float(off[turned].sum()) / off.size - MAY_BE_OFF)


def _corners_off(trace: Trace, height: float) -> tuple[FloatArray, FloatArray] | None:
    """How probably each corner of a line read by columns is off, and the slopes between them.

    None of noise.
    """
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    if trace.interpolation != "linear" or x.size < 3 or np.any(np.diff(x) < 0):
        return None
    at = find_corners(x, y, MOST_CORNERS)
    if at.size > MOST_CORNERS:
        return None
    steps = np.diff(x[at])
    slopes = np.diff(y[at]) / np.maximum(steps, LEAST_STEP_PX)
    turns = np.r_[0.0, np.abs(np.diff(slopes)), 0.0]
    own = np.where(np.isfinite(trace.sigma_px[seen][at]), trace.sigma_px[seen][at], 1.0)
    off = chances_off(np.hypot(np.hypot(LEAST_SIGMA_PX, own), PLACE_PX * turns), height)
    # Staircases are read right beside their jumps.
    upright = steps <= UPRIGHT_PX
    even = upright | (np.abs(slopes) < LEVEL_SLOPE)
    of_stairs = (upright[1:] | upright[:-1]) & even[1:] & even[:-1]
    jumps = np.r_[x[at][:-1][upright], x[at][1:][upright]]
    first, last = (bool(np.any(np.abs(jumps - end) <= TURN_PX)) for end in x[at][[0, -1]])
    return np.where(np.r_[first, of_stairs, last], 0.0, off), slopes
