"""Translucent bars over each other: where two colours lie on one another a third is seen, no series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.bars.edges import SAME_BASE_PX, Bar, Plot

# The colour of an overlap is that of one fill over the other to this (levels), both as translucent as this
# allows (share that the upper one lets through).
BLEND_OFF = 8.0
LEAST_THROUGH, MOST_THROUGH = 0.1, 0.9
# Bars of one place have their middles this near (share of their width); so many places show an overlap.
ONE_PLACE = 0.3
FEWEST_OVERLAPS = 3
# What stands out of an overlap starts this near (px) to its end: of thin ones both are measured badly (2.5).
FOOT_PX = 3.0


def apart_overlaid(plot: Plot, bars: list[Bar]) -> list[Bar]:
    """The bars of two colours that are drawn over each other, each from the base to its own end.

    Parameters
    ----------
    plot
        What they were measured on.
    bars
        Bars as their fills show them: overlaps, and what of one colour stands out of the other.
    """
    fills = sorted({bar.fill for bar in bars})
    if len(fills) != 3:
        return bars
    for overlap, upper, lower in permutations(fills):
        if upper < lower and _is_overlap(plot, overlap, (upper, lower)):
            places = _by_place(bars)
            if _is_overlaid(places, overlap):
                return [bar for place in places for bar in _apart(place, overlap, (upper, lower))]
    return bars


def _is_overlap(plot: Plot, overlap: int, pair: tuple[int, int]) -> bool:
    """Whether a fill's colour is that of one of two others through the other, on either order."""
    colors = plot.fills.colors
    return any(
        _through(colors[overlap], colors[one], colors[other] - plot.background)
        for one, other in (pair, pair[::-1])
    )


def _through(color: FloatArray, upper: FloatArray, lower_ink: FloatArray) -> bool:
    share = float((color - upper) @ lower_ink) / max(float(lower_ink @ lower_ink), 1.0)
    off = np.abs(color - upper - share * lower_ink).max()
    return LEAST_THROUGH <= share <= MOST_THROUGH and bool(off <= BLEND_OFF)


def _by_place(bars: Sequence[Bar]) -> list[list[Bar]]:
    """Bars that stand above each other, from place to place."""
    places: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda b: b.center):
        if places and bar.center - places[-1][0].center <= ONE_PLACE * bar.width:
            places[-1].append(bar)
        else:
            places.append([bar])
    return places


def _is_overlaid(places: Sequence[Sequence[Bar]], overlap: int) -> bool:
    """Whether overlaps start at the base everywhere, with one bar of another colour on them at most."""
    every = [bar for place in places for bar in place]
    common = float(np.median([bar.base for bar in every if bar.fill == overlap]))
    n_overlaps = 0
    for place in places:
        mine = [bar for bar in place if bar.fill == overlap]
        others = [bar for bar in place if bar.fill != overlap]
        foot = mine[0].edge if mine else common
        if len(mine) > 1 or len(others) > 1 or any(abs(bar.base - common) > SAME_BASE_PX for bar in mine):
            return False
        if any(abs(bar.base - foot) > FOOT_PX for bar in others):
            return False
        n_overlaps += len(mine)
    stand_out = {bar.fill for bar in every if bar.fill != overlap}
    return n_overlaps >= FEWEST_OVERLAPS and len(stand_out) == 2


def _apart(place: Sequence[Bar], overlap: int, pair: tuple[int, int]) -> list[Bar]:
    """The bar of each colour at one place, from the base on."""
    mine = [bar for bar in place if bar.fill == overlap]
    if not mine:
        return list(place)
    out = []
    for fill in pair:
        own = [bar for bar in place if bar.fill == fill]
        others = [bar for bar in place if bar.fill not in (fill, overlap)]
        # Past what is thin the end of the overlap is looked for in vain; where the thin bar starts is seen.
        ends = own[0].edge if own else others[0].base if others else mine[0].edge
        out.append(replace((own or mine)[0], fill=fill, base=mine[0].base, edge=ends))
    return out
