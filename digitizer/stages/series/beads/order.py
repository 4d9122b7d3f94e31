"""Which of neighbouring discs on a chain stands high and which low: one by one they cannot change places."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.gain import most_gain
from digitizer.stages.series.paths.runs import IndexArray

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
    heights, more = np.zeros((n, order.size)), np.full(n, np.nan)
    # Heads of blocks, those that are looked at together one after the other.
    heads = np.arange(max(0, n - order.size + 1))
    heads = heads[np.argsort(heads % apart, kind="stable")]
    heads = heads[near[heads]]
    left = _promising(drawn, low, high, order, heads, bound)
    while left.size:
        # All are tried at once, as if each were the first: mostly none is better, and nothing moves.
        new = left[np.isnan(more[left])]
        if new.size:
            heights[new], more[new] = _reorder(drawn, low, high, order, new)
        # A head waits for those before it that lie near it.
        waits = np.tril(np.abs(left[:, None] - left) < apart, -1).any(axis=1)
        now, left = left[~waits], left[waits]
        better = now[more[now] < -BETTER_PX]
        heads = _still_open(heads, now, better, apart)
        if better.size:
            drawn.move(better[:, None] + np.arange(order.size), heights[better])
            changed = (np.abs(np.arange(n)[:, None] - better) < apart).any(axis=1)
            bound[changed] = more[changed] = np.nan
            left = _promising(drawn, low, high, order, heads, bound)
    return drawn.y, np.asarray(drawn.y != y)


class _Drawn:
    """Discs at their heights, how many cover each pixel, and what they miss by columns."""

    def __init__(self, chain: Chain, y: FloatArray) -> None:
        self.chain, self.y, self.count = chain, y.copy(), chain.count(y)
        self.miss = chain.miss(self.count)

    def move(self, block: IndexArray, heights: FloatArray) -> None:
        """Set the discs of some blocks that lie apart to new heights (m, k)."""
        members, chain = block.ravel(), self.chain
        strokes, columns = chain.strokes_of(members), chain.columns_of(members)
        chain.draw(self.count, self.y, members, strokes, -1)
        self.y[members] = heights.ravel()
        chain.draw(self.count, self.y, members, strokes, 1)
        self.miss[columns] = chain.miss(self.count[columns], columns)


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
) -> tuple[FloatArray, FloatArray]:
    """Heights (m, k) of some blocks with their discs in another order, each at its best among the others.

    Each block is tried alone. Tells how many pixels more each misses (m).
    """
    m, k = heads.size, order.size
    chained = heads[:, None] + np.arange(-1, k + 1)
    chain, columns = drawn.chain.stretches(chained)
    at, block = np.clip(chained, 0, drawn.y.size - 1), heads[:, None] + np.arange(k)
    y, low_, high_ = (v[at].ravel() for v in (drawn.y, low, high))
    tried, places = y.copy(), np.arange(y.size).reshape(m, k + 2)[:, 1:-1]
    tried[places] = np.clip(drawn.y[heads[:, None] + order], low[block], high[block])
    members, strokes = places.ravel(), chain.strokes_of(places.ravel())
    width = drawn.miss.size
    inside, seen = ((columns >= 0) & (columns < width)).ravel(), np.clip(columns, 0, width - 1).ravel()
    count = drawn.count[seen]
    chain.draw(count, y, members, strokes, -1)
    chain.draw(count, tried, members, strokes, 1)
    heights = spread(tried, low_, high_, REACH_PX, N_HEIGHTS)
    tried, _, count = chain.settle(tried, heights, list(places.T), count)
    more = np.where(inside, chain.miss(count, seen) - drawn.miss[seen], 0.0)
    return tried[places], more.reshape(m, -1).sum(axis=1)
