"""Areas under noisy lines: the line on top is the series."""

from __future__ import annotations

import numpy as np
import pytest

from tests.test_areas import FRAME, blank, fill, look, stroke

RED = (228, 26, 28)


def noise(n: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.linspace(22, 408, n)
    y = np.linspace(220, 60, n) + np.random.default_rng(5).normal(0, 20, n)
    return x, np.clip(y, 16, 262)


@pytest.mark.parametrize("n", [130, 140, 150])
def test_an_area_under_a_line_of_noise_is_one(n: int) -> None:
    x, y = noise(n)
    rgb = fill(blank(), x, y, np.full(n, FRAME.bottom), RED, 0.4)
    stroke(rgb, x, y, RED)
    traces = look(rgb)
    assert sorted(t.kind for t in traces) == ["band", "line"]
    (line,) = [t for t in traces if t.kind == "line"]
    at = np.interp(x, line.x_px, line.y_px)
    assert np.median(np.abs(at - y)) < 1.5


def test_an_area_that_stands_on_zero_within_the_panel_is_one() -> None:
    x, y = noise(140)
    base = FRAME.bottom - 18
    rgb = fill(blank(), x, np.minimum(y, base - 12), np.full(x.size, base), RED, 0.4)
    stroke(rgb, x, np.minimum(y, base - 12), RED)
    traces = look(rgb)
    assert sorted(t.kind for t in traces) == ["band", "line"]
    (band,) = [t for t in traces if t.kind == "band"]
    assert band.y_low_px is not None
    assert np.median(np.abs(band.y_low_px - base)) < 1.5
