"""The line through ticks that a renderer has put on whole pixels: what all of them allow, not their mean."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.axes.standing import ANCHORED_SIGMA_PX
from digitizer.stages.pixels.normal import share_below

# Ticks lie within this of the places they mark (px): half a pixel, of the source where it was rescaled (to
# 0.6 to 1.5 of its size on the reference renderings).
CRISP_REACH = 0.5
BLURRED_REACH = 0.75
# How well a tick's own place is measured (px).
CRISP_EDGE = 0.05
BLURRED_EDGE = 0.15
# Lines are tried at this many heights at either end of the ticks, this far (px) beyond what one tick allows.
N_TRIED = 31
BEYOND = 0.2


def fit_snapped(
    u: FloatArray, px: FloatArray, sigma: FloatArray, marked_sigma: float, *, crisp: bool, grain: float = 1.0
) -> tuple[float, float, FloatArray] | None:
    """Origin, slope and their covariance by what ticks on whole pixels allow.

    Parameters
    ----------
    u, px, sigma
        The ticks in use: values on the straight ruler, pixels (the renderer's mean shift taken off), and
        standard deviations (px).
    marked_sigma
        The standard deviation of labels that stand at a mark; others are taken as normal.
    crisp
        Whether the picture is as it was drawn; rescaled ones leave more open.
    grain
        The pixels that ticks were put on (px of the source); ``sigma`` is as many times larger.

    Returns
    -------
    tuple or None
        None where fewer than three stand at marks, or no line is within reach of all of them.

    Notes
    -----
    Each tick that stands at no side is off by anything within half a pixel, ticks a whole number of pixels
    apart all by the same: least squares would average what is no noise. The lines within reach of all ticks
    fill a polygon in (origin, slope); its mean and covariance are summed over a grid of lines.
    """
    marked = sigma <= marked_sigma * grain
    if np.count_nonzero(marked) < 3 or np.ptp(u[marked]) <= 0:
        return None
    reach, edge = (CRISP_REACH, CRISP_EDGE) if crisp else (BLURRED_REACH, BLURRED_EDGE)
    reach *= grain
    reaches = np.where(sigma <= ANCHORED_SIGMA_PX * grain, ANCHORED_SIGMA_PX, reach)[marked]
    slope, level = np.polyfit(u[marked] - u[marked].min(), px[marked], 1)
    first, last = float(u[marked].min()), float(u[marked].max())
    offs = np.linspace(-reach - BEYOND, reach + BEYOND, N_TRIED)
    start, end = (v.ravel() for v in np.meshgrid(level + offs, level + slope * (last - first) + offs))
    share = (u - first) / (last - first)
    miss = start[:, None] * (1 - share) + end[:, None] * share - px
    inside = share_below((reaches - miss[:, marked]) / edge) - share_below(
        (-reaches - miss[:, marked]) / edge
    )
    weight = np.prod(inside, axis=1) * np.exp(-0.5 * np.square(miss[:, ~marked] / sigma[~marked]).sum(axis=1))
    total = float(weight.sum())
    if total < 1e-3:
        return None
    weight = weight / total
    mean = np.array([weight @ start, weight @ end])
    offset = np.stack([start, end]) - mean[:, None]
    spread = (weight * offset) @ offset.T
    # From heights at the two ends to origin and slope.
    length = last - first
    turn = np.array([[1 + first / length, -first / length], [-1 / length, 1 / length]])
    origin, slope = turn @ mean
    return float(origin), float(slope), np.asarray(turn @ spread @ turn.T)
