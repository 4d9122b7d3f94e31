"""How far a shadow has drawn markers away from where they are: what has their full colour tells."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import Ink

# A marker is full of one colour to this (largest channel; gradients make 4), which its middle shows (share of
# its half extent); columns about its middle are looked at so far up and down (half extents).
FULL = 10.0
CORE = 0.4
COLUMNS = 0.5
REACH = 1.6
# Shapes whose middle lies halfway up in every column.
LEVEL = ("circle", "square", "diamond")
# Shadows move all markers alike, to this (px, median deviation), and less than this (px) is none.
ALIKE_PX = 0.4
LEAST_PX = 0.6


def shadow_shift(ink: Ink, x: FloatArray, y: FloatArray, kind: str, size: float) -> float:
    """How far (px, down) the middles of what has the markers' full colour lie from the places given.

    Parameters
    ----------
    ink
        The panel's ink.
    x, y
        Middles of markers (crop coordinates).
    kind, size
        Their shape and half extent (px).

    Returns
    -------
    float
        0 where no shift is common to them, or compression blurs colours.
    """
    if kind not in LEVEL or ink.noise > CLEAN or not x.size:
        return 0.0
    cores = [_part(ink, a, b, CORE * size, CORE * size).reshape(-1, 3) for a, b in zip(x, y, strict=True)]
    cores = [core for core in cores if core.size]
    if not cores:
        return 0.0
    color = np.median(np.concatenate(cores), axis=0)
    middles = np.array([_middle(ink, a, b, size, color) for a, b in zip(x, y, strict=True)])
    shift = (middles - y)[np.isfinite(middles)]
    if 2 * shift.size <= x.size:
        return 0.0
    common = float(np.median(shift))
    spread = float(np.median(np.abs(shift - common)))
    return common if abs(common) > LEAST_PX and spread < ALIKE_PX else 0.0


def _part(ink: Ink, x: float, y: float, across: float, down: float) -> FloatArray:
    rows = slice(max(0, round(y - down)), max(0, round(y + down) + 1))
    return np.asarray(ink.rgb[rows, max(0, round(x - across)) : max(0, round(x + across) + 1)])


def _middle(ink: Ink, x: float, y: float, size: float, color: FloatArray) -> float:
    """The row halfway between the first and the last of a colour, in the columns about a middle."""
    part = _part(ink, x, y, COLUMNS * size, REACH * size)
    full = np.abs(part - color).max(axis=2) < FULL if part.size else np.zeros((1, 1), dtype=bool)
    full = full[:, full.any(axis=0)]
    if not full.size:
        return float("nan")
    ends = full.argmax(axis=0), full.shape[0] - 1 - full[::-1].argmax(axis=0)
    return max(0, round(y - REACH * size)) + float(np.median((ends[0] + ends[1]) / 2))
