"""Discs of a chain set to where they and their line, drawn with soft rims, come nearest to the ink."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.medians import quantile
from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.drawing import Drawing, Trial
from digitizer.stages.series.paths.runs import IndexArray

# Heights tried for a disc: so near (px) to where it is, one by one, and so many between its limits, alone and
# together with one neighbour and two.
NEAR_PX = 3
HEIGHTS = (15, 9, 3)
# Rounds of so many neighbours at once. With one neighbour alone two in five of the discs left at another's
# place stayed there (120 steps, a radius of 2.8 of them), with two one in seven.
TOGETHER = (1, 1, 2, 3)
ROUNDS = 3
# Discs whose columns miss no more than this quantile of all are left; neighbours are tried together where
# theirs miss so much (px) more. Right drawings miss 0.3 to 1 px a disc, nearly evenly.
USUAL = 0.25
MISSES_PX = 0.3
# What moves a disc says something new to so many on both sides.
AFFECTED = 2
# A height that misses so much (px) more is e times less likely: with 0.8 px what is told as the deviation is
# that of 7,000 drawn discs (0.3, 0.6, 1.2 and 2.1 percent told; 0.6, 0.7, 1.3 and 1.9 found).
LIKELY_PX = 0.8
# Heights that are weighed: so many between the limits, beside those near the best.
N_WEIGHED = 25
# A height stands for this much (px) at least.
LEAST_SHARE = 1e-6


def polish(chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Set discs on whole pixels to the heights that draw the ink best, rims included.

    Parameters
    ----------
    chain
        Discs on whole pixels, on the ink.
    y
        Their heights (n), near the best.
    low, high
        The highest and lowest place of each (n).

    Returns
    -------
    tuple of FloatArray
        Their heights (n), in the middle of those that are likely, and how far these are spread (n).

    Notes
    -----
    Half covered pixels say little where a drawing knows only covered and bare ones, and discs that others
    hide show little else. Where shapes lie on each other each lets through its share of what is below.
    """
    drawn = Drawing(chain, y)
    stale = np.zeros((len(HEIGHTS), y.size), dtype=bool)
    for _ in range(ROUNDS):
        for k in TOGETHER:
            if k > y.size:
                continue
            missed = drawn.missed()
            poor = missed > quantile(missed, USUAL) + MISSES_PX * (k > 1)
            # Discs of one group, and the strokes at them, share no column with those of another one.
            for first in range(chain.apart + k - 1):
                heads = np.arange(first, y.size - k + 1, chain.apart + k - 1)
                heads = heads[(np.convolve(poor, np.ones(k))[k - 1 :][heads] > 0) & ~stale[k - 1, heads]]
                if heads.size:
                    stale[k - 1, heads] = True
                    near = NEAR_PX if k == 1 else 0
                    tried = [_heights(drawn.y, heads + j, low, high, HEIGHTS[k - 1], near) for j in range(k)]
                    for i in drawn.set_best(heads, tried).tolist():
                        stale[:, max(0, i - AFFECTED) : i + k + AFFECTED] = False
    return _weigh(drawn, low, high)


def _heights(
    y: FloatArray, discs: IndexArray, low: FloatArray, high: FloatArray, n: int, near: int
) -> FloatArray:
    """Heights to try for discs (m, discs), where they are first: within whole pixels they are drawn alike.

    Neighbours may have changed places, and what is hidden may stand anywhere between its limits. Where one
    has fewer than others it is tried where it is once more.
    """
    now, first, last = y[discs], low[discs], high[discs]
    if near:
        some = now + np.arange(-near, near + 1)[:, None]
    else:
        some = y[np.clip(discs + np.arange(-AFFECTED, AFFECTED + 1)[:, None], 0, y.size - 1)]
    every = np.floor(np.concatenate([some, np.linspace(first, last, n)])) + 0.5
    every = np.where((every >= first - 0.5) & (every <= last + 0.5), every, now)
    every.sort(axis=0)
    every[1:] = np.where(every[1:] == every[:-1], now, every[1:])
    # Those that repeat what is there come last, where no disc has more.
    every = np.take_along_axis(every, np.argsort(every == now, axis=0, kind="stable"), axis=0)
    most = int((every != now).sum(axis=0).max())
    return np.concatenate([now[None], every[:most]])


def _weigh(drawn: Drawing, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The middles of all discs' likely heights (n), and how far they are spread (n)."""
    every = np.arange(drawn.y.size)
    heights = _heights(drawn.y, every, low, high, N_WEIGHED, NEAR_PX)
    cost = Trial(drawn, every, [heights]).costs()
    order = np.argsort(heights, axis=0)
    heights, cost = (np.take_along_axis(v, order, axis=0) for v in (heights, cost))
    # Those tried stand for all up to half way to the next; those tried twice for as much as once.
    share = np.diff(np.concatenate([heights[:1], (heights[1:] + heights[:-1]) / 2, heights[-1:]]), axis=0)
    weight = np.maximum(share, LEAST_SHARE) * np.exp(-(cost - cost.min(axis=0)) / LIKELY_PX)
    weight /= weight.sum(axis=0)
    sums = np.cumsum(weight, axis=0) - weight / 2
    middle = np.array([np.interp(0.5, a, b) for a, b in zip(sums.T, heights.T, strict=True)])
    return middle, np.sqrt((weight * np.square(heights - middle)).sum(axis=0))
