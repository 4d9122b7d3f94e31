"""Take the labels of a logarithmic axis from the minor ticks beside them, where their powers have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray
from digitizer.stages.axes.line_fit import Fit, ruler
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# Minor ticks stand at the digits between powers of ten, within this of their places (px: each is put on a
# whole pixel, and the scale that is tried is that of labels that are).
DIGITS = np.log10(np.arange(1, 11))
REACH_PX = 1.1
# So many marks, of which this share stand at digits, tell where a decade begins; by the labels as they were
# bound at most so many do. Of axes whose labels stand at their ticks nine in ten marks and more do.
FEWEST, BEGUN, ASTRAY = 10, 0.9, 0.6
# The tick nearest to a power of ten is that at nine tenths of it: a label that stands there by mistake is so
# far beyond it (decades), which is told from its own place where it is this far (px).
NINE = float(-np.log10(0.9))
LEAST_OFF_PX = 2.0


def bind_to_decades(evidence: AxisEvidence, fit: Fit, bias: float, values: FloatArray) -> AxisEvidence | None:
    """Put labels where decades begin that were bound to the ticks before; None where they stand right.

    Notes
    -----
    Some styles draw minor ticks and, at the powers, but grid lines: every label then lies beside the tick at
    nine tenths of it, all of them a twentieth of a decade off.
    """
    kind, origin, slope, used, _ = fit
    marks = evidence.marks
    if kind != "log" or used.sum() < 2 or len(marks) < FEWEST or NINE * abs(slope) < LEAST_OFF_PX:
        return None
    u = ruler(values, kind)
    if np.abs(u[used] - np.round(u[used])).max() > 1e-6:
        return None
    at = (marks - origin - bias) / slope
    if np.mean(np.abs(at - _at_digits(at)) * abs(slope) <= REACH_PX) > ASTRAY:
        return None
    told = _at_digits(at - NINE)
    near = np.abs(at - NINE - told) * abs(slope) <= REACH_PX
    if np.mean(near) < BEGUN:
        return None
    # All of them tell better where decades begin than those beside the labels.
    slope, origin = np.polyfit(told[near], marks[near], 1)
    px, sigma = evidence.label_px.copy(), evidence.label_sigma_px.copy()
    bound = np.flatnonzero(used)
    px[bound] = origin + slope * u[bound]
    sigma[bound] = MARK_SIGMA_PX
    return replace(evidence, label_px=px, label_sigma_px=sigma)


def _at_digits(u: FloatArray) -> FloatArray:
    """The digit of its decade that each place (decades) is nearest to."""
    below = np.floor(u)
    nearest = np.abs((u - below)[:, None] - DIGITS[None]).argmin(axis=1)
    return np.asarray(below + DIGITS[nearest])
