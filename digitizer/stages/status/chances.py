"""How probably a point is off by more than it may be, by its deviation."""

from __future__ import annotations

from digitizer.evidence import FloatArray

# Points that may be off by more than a percent of the panel's height, as a share of a series.
MAY_BE_OFF = 0.05
OFF_HEIGHT = 0.01
# Of a series of fewer points not one may be off.
FEWEST_TO_SPARE = round(1 / MAY_BE_OFF)
# How far points are really off, beside their own deviations: this at least (px), and where a line is steep so
# much of its slope. Of 1,354 points of lines whose points were all found three in a thousand are off by more
# than three deviations; the chance to be off by so many of them falls with this power (0.4 % at three).
LEAST_SIGMA_PX, PLACE_PX, TAIL = 0.15, 0.3, 5.0
# Points nearer to each other than a step say nothing of a slope (px).
LEAST_STEP_PX = 0.5
# Where a line read by columns turns within so many of them (px), its corners are blunted.
TURN_PX = 3.0


def chances_off(sigma: FloatArray, height: float) -> FloatArray:
    """How probably points of these deviations (px) are off by more than they may."""
    chances: FloatArray = 1.0 / (1.0 + (OFF_HEIGHT * height / sigma) ** TAIL)
    return chances
