"""Runs of True are told by where they begin and end."""

import numpy as np
import pytest

from digitizer.stages.pixels.true_runs import true_runs


@pytest.mark.parametrize(
    ("on", "runs"),
    [
        ([], []),
        ([False, False], []),
        ([True], [(0, 1)]),
        ([True, True, False, True], [(0, 2), (3, 4)]),
        ([False, True, False, True, True], [(1, 2), (3, 5)]),
    ],
)
def test_runs_begin_and_end_where_they_are_seen_to(on: list[bool], runs: list[tuple[int, int]]) -> None:
    starts, stops = true_runs(np.array(on, dtype=bool))
    assert list(zip(starts.tolist(), stops.tolist(), strict=True)) == runs
