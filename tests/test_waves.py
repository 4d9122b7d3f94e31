"""Sums of phases by blocks are those of every frequency for itself."""

import numpy as np
import pytest

from digitizer.stages.series.paths.steps import _sum_waves


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 1000])
def test_blocks_of_frequencies_tell_what_each_does(count: int) -> None:
    rng = np.random.default_rng(count)
    x, weights = np.sort(rng.random(40)) * 300.0, rng.random(40)
    frequencies = 0.007 + np.arange(count) / 2400.0
    expected = np.exp(2j * np.pi * np.outer(frequencies, x)) @ weights
    np.testing.assert_allclose(_sum_waves(x, frequencies, weights), expected, rtol=0, atol=1e-10)
