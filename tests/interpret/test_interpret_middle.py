"""The median of a few values is NumPy's."""

import numpy as np
import pytest

from interpret.analyses.middle import median


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 10, 101])
def test_median_is_that_of_numpy_to_the_last_digit(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    assert median(values) == float(np.median(values))


def test_of_nothing_and_of_what_is_not_known_there_is_none() -> None:
    assert np.isnan(median(np.zeros(0)))
    assert np.isnan(median(np.array([1.0, np.nan, 2.0])))
