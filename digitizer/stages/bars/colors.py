"""Tell by their colours which bars belong to one series."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from digitizer.evidence import FloatArray, LegendEntry
from digitizer.stages.bars.edges import Bar, Plot
from digitizer.stages.bars.row import are_even, distinct


def n_listed(groups: Sequence[Sequence[Bar]], plot: Plot, legend: tuple[LegendEntry, ...]) -> int:
    """How many of the colours the legend names."""
    places = {legend_place(plot.fills.colors[g[0].fill], legend) for g in groups}
    return len(places - {len(legend)})


def legend_place(color: FloatArray, legend: tuple[LegendEntry, ...]) -> int:
    away = [np.inf if e.color is None else float(np.abs(np.asarray(e.color) - color).max()) for e in legend]
    return int(np.argmin(away)) if away and min(away) < 40 else len(legend)


def are_one_series(groups: Sequence[Sequence[Bar]], *, named: bool) -> bool:
    """Whether no two colours share a place, and they go by bar, by sign or, unnamed, by block."""
    bars = [b for g in groups for b in g]
    centers = np.array([b.center for b in bars])
    apart = distinct(centers)
    if len(apart) < len(bars) or not are_even(apart):
        return False
    order = sorted(bars, key=lambda b: b.center)
    blocks = 1 + sum(a.fill != b.fill for a, b in pairwise(order))
    if len(groups) > 0.6 * len(bars) or (blocks == len(groups) > 2 and not named):
        return True
    signs = [{b.edge > b.base for b in g} for g in groups]
    return len(groups) == 2 and all(len(s) == 1 for s in signs) and signs[0] != signs[1]
