"""The quick medians and quantile tell what numpy's do."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.medians import median, medians, quantile


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


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int16, np.uint8])
@pytest.mark.parametrize("shape", [(2, 45), (7, 20, 3), (1, 5), (3, 3)])
def test_medians_along_an_axis_are_numpys_to_the_last_bit(kind: type, shape: tuple[int, ...]) -> None:
    values = (np.random.default_rng(1).random(shape) * 250).astype(kind)
    for axis in range(len(shape)):
        expected = np.median(values, axis=axis, keepdims=True)
        told = medians(values, axis, keepdims=True)
        assert told.dtype == expected.dtype
        np.testing.assert_array_equal(told, expected)
        np.testing.assert_array_equal(medians(values, axis), expected.squeeze(axis))


@pytest.mark.parametrize("kind", [np.float64, np.int16])
@pytest.mark.parametrize("size", [1, 2, 3, 46, 481])
def test_the_quantile_is_numpys_to_the_last_bit(kind: type, size: int) -> None:
    values = (np.random.default_rng(size).normal(size=size) * 100).astype(kind)
    for share in (0.0, 0.05, 0.2, 0.35, 0.5, 0.68, 0.75, 0.99, 1.0):
        assert quantile(values, share) == np.quantile(values, share)


def test_a_quantile_of_what_is_no_number_is_none() -> None:
    assert np.isnan(quantile([1.0, float("nan"), 2.0], 0.1))
