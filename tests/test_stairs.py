"""Staircases are told from other lines, and read at their corners."""

from __future__ import annotations

import numpy as np
import pytest
from series_drawings import draw, trace

# Jumps and levels are read to this (px): Agg moves upright and level strokes by up to a pixel.
CLOSE_PX = 1.1
LEVELS = np.array([1.0, 4.0, 3.0, 7.5, 7.0, 2.0, 5.0, 9.0, 6.0, 6.5, 3.0])


@pytest.mark.parametrize("where", ["pre", "mid", "post"])
@pytest.mark.parametrize("options", [{}, {"jpeg": 85}, {"dpi": 160}])
def test_corners_of_staircases_are_read(where: str, options: dict[str, int]) -> None:
    x = np.arange(float(LEVELS.size))
    drawn = draw([(x, LEVELS, {"color": "tab:blue", "lw": 2.0, "drawstyle": f"steps-{where}"})], **options)
    (found,) = trace(drawn)
    assert found.interpolation == "step-after"
    assert np.all(np.diff(found.x_px) > 0)
    tx, ty = drawn.truth[0]
    at = tx[1:-1] if where == "mid" else (tx[1:] + tx[:-1]) / 2
    expected = {"pre": ty[1:], "post": ty[:-1], "mid": ty[1:-1]}[where]
    last_before = np.searchsorted(found.x_px, at, side="right") - 1
    assert np.abs(found.y_px[last_before] - expected).max() < CLOSE_PX
    # Joined by straight lines the points are the staircase too.
    assert np.abs(np.interp(at, found.x_px, found.y_px) - expected).max() < CLOSE_PX
    jumps = (tx[1:] + tx[:-1]) / 2 if where == "mid" else (tx[:-1] if where == "pre" else tx[1:])
    changed = np.flatnonzero(np.abs(np.diff(ty)) > 0)
    assert np.abs(found.x_px[2:-1:2][:, None] - jumps[changed]).min(axis=1).max() < CLOSE_PX


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lines_that_slope_or_wander_are_no_staircases(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.arange(60.0)
    for y in (np.cumsum(rng.normal(0, 1, 60)), np.sin(x / 6), np.repeat(rng.normal(0, 1, 12), 5) + 0.02 * x):
        (found,) = trace(draw([(x, y, {"color": "tab:red"})]))
        assert found.interpolation == "linear"
