"""Fit the step of an axis that panels share to the ticks of all of them.

Ticks on whole pixels leave the step of a small panel unsure by a third of a pixel from one to the next.
Panels of a size with the same labels share their axes, as a rule, and each column of panels (each row, of y
axes) has its ticks on other pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale
from digitizer.stages.axes.standing import MARK_SIGMA_PX

# So many labels at marks tell a step, or at none at all (of 22 such axes ends are off by 0.36 px then, not
# by 0.39), and panels with the same lengths to this share and so many px share it.
FEWEST_MARKED = 3
SAME_LENGTH, SAME_LENGTH_PX = 0.01, 1.5
# ... where they are no farther apart than this, in standard deviations.
MOST_APART = 2.5
# Ticks of panels above each other are on the same pixels to this (px), and tell as much as those of one do.
SAME_PLACE_PX = 0.5


def share_steps(
    scales: Sequence[Scale | None], sides: Sequence[AxisEvidence | None], lengths: Sequence[float]
) -> list[Scale | None]:
    """The scales of the panels of a figure along one direction, each with the step that its likes agree on.

    Parameters
    ----------
    scales, sides
        The scales of all panels, and the axes they were fitted to.
    lengths
        How long these are (px).
    """
    out = list(scales)
    for i, (scale, side) in enumerate(zip(scales, sides, strict=True)):
        if scale is None or side is None or not _tells_step(scale, side):
            continue
        told = [side.label_px]
        steps: list[tuple[float, float]] = []
        for other, theirs, length in zip(scales, sides, lengths, strict=True):
            if other is None or theirs is None or other is scale or not _tells_step(other, theirs):
                continue
            as_long = abs(length - lengths[i]) <= SAME_LENGTH * length + SAME_LENGTH_PX
            new = not any(_are_same(theirs.label_px, px) for px in told)
            if not (as_long and new and _are_alike(scale, other)):
                continue
            told.append(theirs.label_px)
            steps.append((other.slope, float(other.covariance[1, 1])))
        if steps:
            out[i] = _with_step(scale, steps)
    return out


def _tells_step(scale: Scale, side: AxisEvidence) -> bool:
    """Whether a scale stands on ticks that were put on pixels, or on letters alone, which are as well."""
    marked = int(np.count_nonzero(side.label_sigma_px <= MARK_SIGMA_PX)) or side.label_px.size
    whole = bool(scale.used.all() and scale.covariance[1, 1] > 0)
    return scale.kind == "linear" and whole and not side.drawn and side.grain > 0 and marked >= FEWEST_MARKED


def _are_alike(one: Scale, other: Scale) -> bool:
    """Whether two scales have the same labels at the same steps, as far as these are known."""
    sigma = float(np.sqrt(one.covariance[1, 1] + other.covariance[1, 1]))
    near = abs(one.slope - other.slope) <= MOST_APART * sigma
    return bool(near and np.array_equal(one.values, other.values))


def _are_same(one: FloatArray, other: FloatArray) -> bool:
    """Whether the ticks of two panels stand on the same pixels."""
    return one.size == other.size and float(np.abs(one - other).max(initial=0.0)) <= SAME_PLACE_PX


def _with_step(scale: Scale, steps: Sequence[tuple[float, float]]) -> Scale:
    """A scale whose step was measured elsewhere, too: what it moves of the origin tells their covariance."""
    weight = sum(1.0 / variance for _, variance in steps)
    slope = sum(value / variance for value, variance in steps) / weight
    covariance = scale.covariance
    gain = covariance[:, 1] / (float(covariance[1, 1]) + 1.0 / weight)
    origin, own = np.array([scale.origin, scale.slope]) + gain * (slope - scale.slope)
    left = covariance - np.outer(gain, covariance[1])
    return replace(scale, origin=float(origin), slope=float(own), covariance=np.asarray(left))
