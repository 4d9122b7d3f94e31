"""Sums and extremes over channels, colours at pixels, and cells of a coarse grid: as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.pixels.channels import colors_at, largest, number_cells, total

RGB = np.random.default_rng(3).integers(0, 256, (7, 5, 3), dtype=np.uint8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_and_extremes_are_those_of_numpy(dtype: type) -> None:
    values = np.random.default_rng(4).normal(0, 90, (7, 5, 3)).astype(dtype)
    assert np.array_equal(largest(values), values.max(axis=2))
    assert np.array_equal(total(values), values.sum(axis=2))


@pytest.mark.parametrize("picture", [RGB, RGB[:, ::-1], RGB.astype(np.float32)])
def test_colors_at_a_mask_and_at_numbers(picture: np.ndarray) -> None:
    mask = picture[..., 1] > 120
    assert np.array_equal(colors_at(picture, mask), picture[mask])
    assert np.array_equal(colors_at(picture, np.flatnonzero(mask)), picture[mask])


def test_cells_are_numbered_by_the_first_bits() -> None:
    pixels = np.array([[255, 4, 0], [3, 9, 130]])
    assert number_cells(pixels, 6, (0, 1, 2)).tolist() == [63 * 4096 + 64, 2 * 64 + 32]
    assert number_cells(pixels.astype(np.float32), 5, (2, 1, 0)).tolist() == [31, 16 * 1024 + 32]
