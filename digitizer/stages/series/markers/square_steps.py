"""The comb of squares that touch or cover each other, whose middles distance does not tell, from their sides.

Sides of squares are the only upright edges of their length: where ink begins along a row a square begins, and
where it ends one ends. They make two combs of one period, half a square before and after its centres.
"""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.steps import Steps, find_edge_steps

# Steps of an axis that squares may stand at, in its units.
ROUND = (1.0, 2.0, 5.0)
# The shortest step (px), and the longest (half extents of a square): others are seen one by one.
SHORTEST_PX = 2.0
LONGEST = 2.0
# Squares that stand on the axis' steps have .36 to .48 of their edges' power there, half a step up to 1.05 of
# this (on reference renderings); other steps have .08 and less.
COHERENT = 0.2
# So many edges of one length, as weights count, repeat by chance no more.
FEWEST_SIDES = 10
AS_COHERENT = 0.75
# Half extents tried, around the one measured: anti-aliasing hides a part of a pixel on either side.
SIZES = 1.0 + np.linspace(-0.1, 0.1, 9)


def steps_of_squares(alpha: FloatImage, size: float, ruler: tuple[float, float] | None) -> Steps | None:
    """The comb that squares stand on; None where their sides do not repeat.

    Parameters
    ----------
    alpha
        Coverage of the squares and their line.
    size
        Half a square's side (px).
    ruler
        The place of 0 on the x axis (crop coordinates) and of how many pixels its unit is, where known.
    """
    change = np.diff(alpha, axis=1)
    # A column holds steep lines and sides of several squares; one side tells as much.
    most = 2.0 * size
    begins = np.minimum(np.maximum(change, 0.0).sum(axis=0), most).astype(np.float64)
    ends = np.minimum(np.maximum(-change, 0.0).sum(axis=0), most).astype(np.float64)
    squares = float(np.square(begins).sum() + np.square(ends).sum())
    if squares <= 0 or float(begins.sum() + ends.sum()) ** 2 < FEWEST_SIDES * squares:
        return None
    x = np.arange(begins.size) + 0.5
    on_axis = None if ruler is None else _on_ruler(x, begins, ends, size, ruler)
    return find_edge_steps(x, begins, ends, size) if on_axis is None else on_axis


def _on_ruler(
    x: FloatArray, begins: FloatArray, ends: FloatArray, size: float, ruler: tuple[float, float]
) -> Steps | None:
    """The widest of the axis' round steps on which squares begin and end; None where they do on none."""
    zero, unit = ruler
    periods = np.sort([m * unit * 10.0**d for m in ROUND for d in range(-6, 10)])[::-1]
    periods = periods[(periods > SHORTEST_PX) & (periods < LONGEST * size)]
    total = float(begins.sum() + ends.sum())
    if not periods.size:
        return None
    power = np.array([_power(x - zero, begins, ends, size, float(period)) for period in periods]) / total
    if power.max() < COHERENT:
        return None
    widest = periods[int(np.argmax(power > AS_COHERENT * power.max()))]
    return Steps(origin=zero, period=float(widest))


def _power(x: FloatArray, begins: FloatArray, ends: FloatArray, size: float, period: float) -> float:
    """How much of the edges agrees with squares at 0 and every so many pixels."""
    waves = np.exp(2j * np.pi * x / period)
    turn = np.exp(2j * np.pi * size * SIZES / period)
    return float(np.max((turn * (waves @ begins) + np.conj(turn) * (waves @ ends)).real))
