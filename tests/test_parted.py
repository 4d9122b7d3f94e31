"""Markers that lie on each other are told apart by drawing their heap with one more."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages.series.crowds import resolve
from digitizer.stages.series.ink import FloatImage
from digitizer.stages.series.shapes import coverage, outline_distance

SIDE = 90


def discs(at: FloatArray, diameter: float, side: int = SIDE) -> FloatImage:
    """Coverage of opaque discs at places (x, y)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float64)
    bare = np.ones((side, side))
    for cx, cy in at:
        bare *= 1.0 - coverage(outline_distance("circle", x - cx, y - cy, diameter / 2))
    return np.asarray(1.0 - bare, dtype=np.float32)


@pytest.mark.parametrize("diameter", [7.0, 10.0])
@pytest.mark.parametrize("share", [0.4, 0.6])
def test_two_discs_that_nearly_cover_each_other_are_two(diameter: float, share: float) -> None:
    angles = np.radians([10.0, 65.0, 130.0])
    first = np.array([[20.2, 20.7], [60.4, 25.1], [30.8, 60.3]])
    second = first + share * diameter * np.column_stack([np.cos(angles), np.sin(angles)])
    truth = np.vstack([first, second, [[70.0, 70.0]]])
    patch = discs(np.array([[8.0, 8.0]]), diameter, side=17)
    places = resolve(discs(truth, diameter), np.zeros((SIDE, SIDE), bool), patch)
    assert places.x.size == 7
    away = np.hypot(places.x[:, None] - truth[:, 0], places.y[:, None] - truth[:, 1])
    assert away.min(axis=0).max() < 0.6


def test_single_discs_off_the_pixel_grid_stay_single() -> None:
    rng = np.random.default_rng(5)
    truth = np.stack(np.meshgrid([15.0, 40.0, 65.0], [15.0, 40.0, 65.0]), axis=-1).reshape(-1, 2)
    truth = truth + rng.uniform(-0.5, 0.5, truth.shape)
    ink = discs(truth, 6.0) + rng.normal(0, 0.05, (SIDE, SIDE))
    patch = discs(np.array([[8.0, 8.0]]), 6.0, side=17)
    blank = np.zeros((SIDE, SIDE), bool)
    assert resolve(np.clip(ink, 0, 1).astype(np.float32), blank, patch).x.size == 9
