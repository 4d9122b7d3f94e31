"""The middle colour of pixels is the median of each channel."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.pixels.median_color import median_color


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize("n", [1, 2, 3, 40, 1001, 20_000, 20_001])
def test_it_is_the_median(n: int, dtype: type) -> None:
    pixels = np.random.default_rng(n).integers(0, 256, (n, 3)).astype(dtype)
    assert median_color(pixels).tolist() == np.median(pixels, axis=0).tolist()


def test_ends_of_the_scale() -> None:
    pixels = np.array([[0, 255, 0], [0, 255, 255]], dtype=np.uint8)
    assert median_color(pixels).tolist() == [0.0, 255.0, 127.5]
