"""The quick median tells what numpy's does."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.medians import median


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64, np.int16, np.uint8])
@pytest.mark.parametrize("size", [1, 2, 3, 10, 41, 200])
def test_the_median_is_numpys_to_the_last_bit(kind: type, size: int) -> None:
    values = (np.random.default_rng(size).random(size) * 250).astype(kind)
    assert median(values) == float(np.median(values))


def test_lists_and_tables_have_a_median() -> None:
    assert median([3, 1, 2]) == 2.0
    assert median(np.arange(6.0).reshape(2, 3)) == 2.5


@pytest.mark.parametrize("values", [[1.0, float("nan"), 2.0], []])
def test_what_is_no_number_has_none(values: list[float]) -> None:
    assert np.isnan(median(values))
