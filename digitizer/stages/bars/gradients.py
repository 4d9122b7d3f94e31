"""Join what a gradient was parted into: colours on each other that pass into each other without an edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import LegendEntry
from digitizer.stages.bars.edges import Bar, Plot

# A piece ends where the next one begins to this (px).
ON_END_PX = 2.5
# Over so many rows on both sides of the seam a gradient changes by less than this share of how much the two
# colours differ (PowerPoint: 0.1 to 0.2); an edge by all of it.
ROWS, PASSING = 3, 0.4
# The middle half of a bar is looked at: error bars and sides apart.
MIDDLE = 0.25
# A last piece that is too thin to be seen by itself is followed so far (px), to where half of it is ground.
THIN_PX, HALF, SAME = 12, 0.5, 0.8
# Ground differs from itself by less than this (largest channel).
OTHER_INK = 30.0
# A legend's sample shows one of the gradient's colours to this (largest channel).
SAMPLE_COLOR = 40.0


def join_gradients(plot: Plot, bars: Sequence[Bar], legend: Sequence[LegendEntry]) -> list[Bar]:
    """The bars, each whole and in one colour, the legend's or the middle one, where a gradient fills it."""
    seams = [(low, high) for high in bars for low in bars if _stands_on(high, low)]
    by_colors: dict[tuple[int, int], list[bool]] = {}
    for low, high in seams:
        by_colors.setdefault((low.fill, high.fill), []).append(_passes(plot, low, high))
    passing = {colors for colors, seen in by_colors.items() if np.mean(seen) > 0.5}
    if not passing:
        return list(bars)
    above = {id(low): high for low, high in seams if (low.fill, high.fill) in passing}
    standing = {id(high) for high in above.values()}
    bases = np.array([bar.base for bar in bars if id(bar) not in standing])
    common = float(bases[np.argmax((np.abs(bases[:, None] - bases) <= 1.0).sum(axis=1))])
    joined = []
    for bar in bars:
        if id(bar) in standing:
            continue
        top = bar
        while id(top) in above:
            top = above[id(top)]
        whole = replace(bar, edge=top.edge, sigma=top.sigma, low=top.low, high=top.high)
        joined.append(replace(whole, edge=_end(plot, whole), base=_base(plot, whole, common)))
    family = _families(plot, bars, passing, legend)
    return [replace(bar, fill=family.get(bar.fill, bar.fill)) for bar in joined]


def _stands_on(high: Bar, low: Bar) -> bool:
    """Whether one bar goes on where another ends, the same way."""
    same_place = abs(high.center - low.center) <= 0.25 * low.width
    same_way = (high.edge - high.base) * (low.edge - low.base) > 0
    return high is not low and same_place and same_way and abs(high.base - low.edge) <= ON_END_PX


def _middle(bar: Bar) -> slice:
    half = max(1, round(MIDDLE * bar.width))
    return slice(max(0, round(bar.center) - half), round(bar.center) + half + 1)


def _passes(plot: Plot, low: Bar, high: Bar) -> bool:
    """Whether the colour changes from one piece to the other too slowly for an edge."""
    at = round((low.edge + high.base) / 2)
    if at < ROWS or at + ROWS >= len(plot.rgb):
        return False
    rows = (at - ROWS, at + ROWS)
    before, after = (np.median(plot.rgb[row, _middle(low)].astype(np.float64), axis=0) for row in rows)
    apart = float(np.abs(plot.fills.colors[low.fill] - plot.fills.colors[high.fill]).max())
    return float(np.abs(before - after).max()) < PASSING * apart


def _end(plot: Plot, bar: Bar) -> float:
    """Where a bar of a gradient ends: where half of its last colour is ground, if that is seen."""
    outward = 1 if bar.edge > bar.base else -1
    rows = round(bar.edge) + outward * np.arange(-ROWS, THIN_PX)
    rows = rows[(rows >= 0) & (rows < len(plot.rgb))]
    profile = np.median(plot.rgb[rows, _middle(bar)].astype(np.float64), axis=1) - plot.background
    if len(profile) <= ROWS:
        return bar.edge
    last = profile[0]
    for k in range(1, len(profile)):
        share = [float(profile[i] @ last) / max(float(last @ last), 1.0) for i in (k - 1, k)]
        if share[1] < HALF:
            within = (share[0] - HALF) / max(share[0] - share[1], 1e-6)
            return float(rows[k - 1] + outward * within)
        last = profile[k] if share[1] > SAME else last
    return bar.edge


def _base(plot: Plot, bar: Bar, common: float) -> float:
    """The base that most bars have, where this one reaches it in pieces too thin to be seen."""
    first, last = sorted((round(bar.base), round(common)))
    rows = plot.rgb[max(0, first) : min(last, len(plot.rgb) - 1) + 1, _middle(bar)].astype(np.float64)
    inked = rows.size > 0 and bool(np.all(np.abs(rows - plot.background).max(axis=2) > OTHER_INK))
    return common if inked and abs(bar.base - common) <= THIN_PX else bar.base


def _families(
    plot: Plot, bars: Sequence[Bar], passing: set[tuple[int, int]], legend: Sequence[LegendEntry]
) -> dict[int, int]:
    """The colour that stands for each colour of a gradient: the legend's, or that in the middle of all."""
    root = {bar.fill: bar.fill for bar in bars}
    for a, b in sorted(passing):
        old, new = root[b], root[a]
        root = {fill: new if at == old else at for fill, at in root.items()}
    listed = [np.asarray(e.color, dtype=np.float64) for e in legend if e.color is not None]
    out = {}
    for fill, at in root.items():
        kin = sorted(f for f in root if root[f] == at)
        colors = plot.fills.colors[kin]
        away = np.abs(colors - (colors.min(axis=0) + colors.max(axis=0)) / 2).max(axis=1)
        sampled = min((np.abs(colors - c).max(axis=1) for c in listed), key=np.min, default=away)
        out[fill] = kin[int((sampled if sampled.min() <= SAMPLE_COLOR else away).argmin())]
    return out
