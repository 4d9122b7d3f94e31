"""Assignments cost the least: compared with SciPy's on random costs, also with equal ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from digitizer.stages.pixels.assignment import assign_least


@pytest.mark.parametrize("seed", range(40))
def test_no_assignment_costs_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.random(rng.integers(1, 9, 2))
    if seed % 2:
        # Entries without a colour cost the same for every trace.
        cost[:, rng.random(cost.shape[1]) < 0.5] = 1.1
    pairs = assign_least(cost)
    rows, columns = zip(*pairs, strict=True)
    assert list(rows) == sorted(set(rows))
    assert len(set(columns)) == len(columns) == min(cost.shape)
    least = cost[linear_sum_assignment(cost)].sum()
    assert sum(cost[pair] for pair in pairs) == pytest.approx(least)


def test_equal_costs_keep_the_order() -> None:
    assert assign_least(np.ones((3, 5))) == [(0, 0), (1, 1), (2, 2)]
