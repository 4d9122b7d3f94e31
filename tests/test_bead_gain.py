"""At most how much better discs of a chain may explain the ink: no drawing within the limits does better."""

from __future__ import annotations

import numpy as np

from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.gain import TALLEST, most_gain

RADIUS, WIDTH = 6.3, 4.7


def a_chain(rng: np.random.Generator, n: int) -> Chain:
    ink = np.clip(rng.normal(0.5, 0.6, (160, 120)), 0, 1).astype(np.float32)
    hidden = rng.random(ink.shape) < 0.05
    return Chain(ink, hidden, 9.3 + 4.37 * np.arange(n), RADIUS, WIDTH)


def test_no_drawing_within_the_limits_gains_more() -> None:
    rng = np.random.default_rng(8)
    closest = np.inf
    for _ in range(12):
        chain = a_chain(rng, 24)
        y = 70 + np.cumsum(rng.normal(0, 4.0, 24))
        size = int(rng.integers(2, 4))
        # Blocks at both ends of the chain, too.
        block = np.arange(0, 24 - size + 1, 5)[:, None] + np.arange(size)
        high = y[block] + rng.normal(0, 6.0, block.shape)
        low = high + rng.uniform(0, 3.0, block.shape)
        count = chain.count(y)
        most = most_gain(chain, count, y, block, high, low)
        before = chain.miss(count).sum()
        for k, discs in enumerate(block):
            for _ in range(20):
                moved = y.copy()
                moved[discs] = rng.uniform(high[k], low[k])
                gain = before - chain.miss(chain.count(moved)).sum()
                assert gain <= most[k] + 1e-3
                closest = min(closest, most[k] - gain)
    assert closest < 10.0, "a bound far off refuses nothing"


def test_where_discs_do_not_move_the_gain_is_what_moving_them_there_gives() -> None:
    rng = np.random.default_rng(9)
    chain = a_chain(rng, 20)
    y = 60 + rng.normal(0, 5.0, 20)
    block = np.array([[0, 1], [7, 8], [18, 19]])
    there = y[block] + rng.normal(0, 5.0, block.shape)
    count = chain.count(y)
    most = most_gain(chain, count, y, block, there, there)
    for k, discs in enumerate(block):
        moved = y.copy()
        moved[discs] = there[k]
        assert abs(most[k] - (chain.miss(count) - chain.miss(chain.count(moved))).sum()) < 1e-3


def test_blocks_that_move_too_far_are_not_looked_at() -> None:
    chain = a_chain(np.random.default_rng(1), 10)
    y = np.full(10, 80.0)
    block = np.array([[4, 5]])
    far = most_gain(chain, chain.count(y), y, block, y[block] - TALLEST, y[block])
    assert np.isinf(far).all()
