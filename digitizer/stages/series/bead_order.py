"""Which of neighbouring discs on a chain stands high and which low: one by one they cannot change places."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.bead_chain import Chain, CountArray
from digitizer.stages.series.bead_gain import most_gain
from digitizer.stages.series.runs import IndexArray

# Neighbours are tried in these other orders: of the points of real charts that were off by a percent, pairs
# set half right, three of them a twentieth more.
ORDERS = ((1, 0), (1, 2, 0), (2, 0, 1))
# What is better for some may make others better, so many times over.
MOST_PASSES = 3
# So far (px) from their new heights discs look for better ones, at so many heights; neighbours no further
# apart than this stand alike.
REACH_PX = 4.0
N_HEIGHTS = 9
ALIKE_PX = 2.0
# An order is taken where it misses so many pixels less: snapping costs about one a disc.
BETTER_PX = 2.0
# Sums over panels and over windows differ by less than this (px).
ROUNDING_PX = 0.01


def exchange(chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Let neighbouring discs change places where the ink says so.

    Parameters
    ----------
    chain
        Discs on the ink.
    y
        Their heights (n), the best that each has among the others.
    low, high
        Highest and lowest that each may stand (n).

    Returns
    -------
    FloatArray
        Their heights (n) after the exchanges.

    Notes
    -----
    Discs nearer than their size hide each other. Where one stands at its neighbour's place, the two cover
    nearly all their ink, and each of them leaves ink uncovered wherever else it is set alone.
    """
    fresh = [np.ones(y.size, dtype=bool) for _ in ORDERS]
    for _ in range(MOST_PASSES):
        for k, order in enumerate(ORDERS):
            where, fresh[k] = fresh[k], np.zeros(y.size, dtype=bool)
            if not where.any():
                continue
            y, moved = _try_order(chain, y, low, high, np.array(order), where)
            for changed in fresh:
                changed |= moved
    return y


def spread(y: FloatArray, low: FloatArray, high: FloatArray, reach: float, n: int) -> FloatArray:
    """Some heights (n a disc) to try for each disc within reach of where it is, between its limits."""
    a, b = _within_reach(y, low, high, reach)
    return np.asarray(a[:, None] + (b - a)[:, None] * np.linspace(0.0, 1.0, n))


def _within_reach(
    y: FloatArray, low: FloatArray, high: FloatArray, reach: float
) -> tuple[FloatArray, FloatArray]:
    """The highest and lowest place within reach of where discs are, between their limits."""
    return np.maximum(low, np.minimum(y - reach, high)), np.minimum(high, np.maximum(y + reach, low))


def _try_order(
    chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray, order: IndexArray, where: Mask
) -> tuple[FloatArray, Mask]:
    """Put every so many neighbours into another order at once, keep what is better, and go on to the next.

    Only discs near those of ``where`` are looked at, and of these the ones that may be the better for it;
    tells which discs have moved.
    """
    n = y.size
    reach = chain.radius + chain.half + 1.0
    pad = int(np.ceil(reach / float(np.median(np.diff(chain.x))))) + 1
    near = np.convolve(where, np.ones(2 * pad + 1), mode="full")[pad : pad + n] > 0
    apart = order.size + 2 * pad
    drawn, bound = _Drawn(chain, y), np.full(n, np.nan)
    # Heads of blocks, those that are looked at together one after the other.
    heads = np.arange(max(0, n - order.size + 1))
    heads = heads[np.argsort(heads % apart, kind="stable")]
    heads = heads[near[heads]]
    left = _promising(drawn, low, high, order, heads, bound)
    while left.size:
        # A head waits for those before it that lie near it.
        waits = np.tril(np.abs(left[:, None] - left) < apart, -1).any(axis=1)
        now, left = left[~waits], left[waits]
        tried, after = _reorder(drawn, low, high, order, now)
        ends = (
            chain.x[np.maximum(now - 1, 0)] - reach,
            chain.x[np.minimum(now + order.size, n - 1)] + reach,
        )
        more = drawn.misses_more(after, now[:, None] + np.arange(order.size))
        better = now[_sum_between(more, *ends) < -BETTER_PX]
        heads = _still_open(heads, now, better, apart)
        if better.size:
            drawn.move(better[:, None] + np.arange(order.size), tried)
            bound[(np.abs(np.arange(n)[:, None] - better) < apart).any(axis=1)] = np.nan
            left = _promising(drawn, low, high, order, heads, bound)
    return drawn.y, np.asarray(drawn.y != y)


class _Drawn:
    """Discs at their heights, how many cover each pixel, and what they miss by columns."""

    def __init__(self, chain: Chain, y: FloatArray) -> None:
        self.chain, self.y, self.count = chain, y.copy(), chain.count(y)
        self.miss = chain.miss(self.count)

    def misses_more(self, count: CountArray, block: IndexArray) -> FloatArray:
        """What is missed more by columns where only the discs of some blocks were moved."""
        columns = self.chain.columns_of(block.ravel())
        more = np.zeros(self.miss.size)
        more[columns] = self.chain.miss(count, columns) - self.miss[columns]
        return more

    def move(self, block: IndexArray, heights: FloatArray) -> None:
        """Set the discs of some blocks to new heights (of all discs)."""
        members, chain = np.unique(block), self.chain
        strokes, columns = chain.strokes_of(members), chain.columns_of(members)
        chain.draw(self.count, self.y, members, strokes, -1)
        self.y[members] = heights[members]
        chain.draw(self.count, self.y, members, strokes, 1)
        self.miss[columns] = chain.miss(self.count, columns)


def _still_open(heads: IndexArray, tried: IndexArray, better: IndexArray, apart: int) -> IndexArray:
    """Of heads in their order, those after the tried ones: near one that is better, only what follows it."""
    place = np.arange(heads.size)
    theirs = np.flatnonzero(np.isin(heads, better))
    passed = (np.abs(heads[:, None] - heads[theirs]) < apart) & (place[:, None] < theirs)
    return np.asarray(heads[~(passed.any(axis=1) | np.isin(heads, tried))])


def _promising(
    drawn: _Drawn,
    low: FloatArray,
    high: FloatArray,
    order: IndexArray,
    heads: IndexArray,
    bound: FloatArray,
) -> IndexArray:
    """Heads of blocks that another order may make better: most others cannot, wherever their discs go.

    ``bound`` holds the most that each head can gain, NaN where it is not known; what is found out is added.
    """
    y, places = drawn.y, np.arange(order.size)
    heads = heads[np.ptp(y[heads[:, None] + places], axis=1) > ALIKE_PX] if heads.size else heads
    new = heads[np.isnan(bound[heads])]
    if new.size:
        block = new[:, None] + places
        tried = np.clip(y[new[:, None] + order], low[block], high[block])
        ends = _within_reach(tried, low[block], high[block], REACH_PX)
        bound[new] = most_gain(drawn.chain, drawn.count, y, block, *ends)
    return heads[bound[heads] > BETTER_PX - ROUNDING_PX]


def _reorder(
    drawn: _Drawn, low: FloatArray, high: FloatArray, order: IndexArray, heads: IndexArray
) -> tuple[FloatArray, CountArray]:
    """Heights with the discs of some blocks in another order, each at its best, and what they cover."""
    chain, y = drawn.chain, drawn.y
    block = heads[:, None] + np.arange(order.size)
    tried = y.copy()
    tried[block] = np.clip(y[heads[:, None] + order], low[block], high[block])
    members, strokes = block.ravel(), chain.strokes_of(block.ravel())
    after = drawn.count.copy()
    chain.draw(after, y, members, strokes, -1)
    chain.draw(after, tried, members, strokes, 1)
    heights = spread(tried, low, high, REACH_PX, N_HEIGHTS)
    tried, _, after = chain.settle(tried, heights, list(block.T), after)
    return tried, after


def _sum_between(columns: FloatArray, left: FloatArray, right: FloatArray) -> FloatArray:
    """Sums over columns from each place to another."""
    sums = np.r_[0.0, np.cumsum(columns)]
    first, stop = (np.clip(np.round(at).astype(np.intp), 0, columns.size) for at in (left, right + 1))
    return np.asarray(sums[stop] - sums[first])
