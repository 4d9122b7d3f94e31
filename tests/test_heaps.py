"""Heaps of markers come apart as far as the picture tells."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
import pytest
from series_drawings import draw, trace

from digitizer.evidence import FloatArray

matplotlib.use("Agg")


def heap(n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    return np.r_[0.0, 10.0, rng.normal(5, 1.1, n)], np.r_[0.0, 5.0, rng.normal(2.5, 0.6, n)]


@pytest.mark.parametrize(
    "style",
    [{"marker": "o"}, {"marker": "s", "mfc": "none"}, {"marker": "^"}, {"marker": "<", "mfc": "none"}],
)
def test_heaps_of_markers_come_apart_and_are_no_lines(style: dict[str, Any]) -> None:
    x, y = heap(150, 5)
    drawn = draw([(x, y, {"color": "black", "ls": "none", "ms": 6, **style})])
    (found,) = trace(drawn)
    assert found.kind == "scatter"
    tx, ty = drawn.truth[0]
    away = np.hypot(tx[:, None] - found.x_px, ty[:, None] - found.y_px)
    # Agg draws markers up to a pixel off; a tenth of these lies right under others.
    assert np.mean(away.min(axis=1) < 2.2) > 0.85
    assert np.mean(away.min(axis=0) < 2.2) > 0.95


def test_translucent_markers_on_each_other_are_counted() -> None:
    x, y = heap(60, 7)
    twice = np.r_[x, x[::4]], np.r_[y, y[::4]]
    drawn = draw(
        [(*twice, {"color": "tab:blue", "ls": "none", "marker": "o", "ms": 8, "mew": 0, "alpha": 0.6})]
    )
    (found,) = trace(drawn)
    assert abs(found.x_px.size - twice[0].size) <= 4


def test_what_a_full_heap_hides_is_told() -> None:
    x, y = heap(3000, 6)
    (found,) = trace(draw([(x, y, {"color": "black", "ls": "none", "marker": "o", "ms": 6})]))
    assert found.kind == "scatter"
    assert found.hidden > 0.1
    assert np.mean(found.sigma_px > 1.5) > 0.1
