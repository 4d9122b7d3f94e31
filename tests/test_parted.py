"""Markers that lie on each other are told apart by drawing their heap with one more."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages.series.fits.shapes import coverage, outline_distance
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.markers.crowds import resolve
from digitizer.stages.series.markers.symbols import (
    find_fullest,
    find_parts,
    find_sample,
    find_symbols,
    name_symbol,
)

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


def test_rings_of_a_pen_of_one_pixel_are_circles_each_once() -> None:
    rng = np.random.default_rng(3)
    truth = np.stack(np.meshgrid([14.0, 38.0, 62.0, 80.0], [14.0, 38.0, 62.0, 80.0]), axis=-1).reshape(-1, 2)
    truth = truth + rng.uniform(-0.5, 0.5, truth.shape)
    y, x = (np.mgrid[0:768, 0:768] + 0.5) / 8 - 0.5
    fine = np.zeros((768, 768))
    for cx, cy in truth:
        fine = np.maximum(fine, np.abs(np.hypot(x - cx, y - cy) - 4.3) < 0.5)
    ink = fine.reshape(96, 8, 96, 8).mean(axis=(1, 3)).astype(np.float32)
    sample = find_sample(ink, find_parts(ink))
    assert sample is not None
    shape = name_symbol(sample.patch)
    assert shape.kind == "circle"
    assert shape.misfit < 0.2
    assert shape.size == pytest.approx(4.8, abs=0.4)
    found = find_symbols(ink, np.zeros(ink.shape, dtype=bool), sample)
    assert found is not None
    assert found.x.size == truth.shape[0]
    away = np.hypot(found.x[:, None] - truth[:, 0], found.y[:, None] - truth[:, 1])
    assert away.min(axis=0).max() < 0.3


def test_full_markers_are_looked_for_before_thin_ones_that_fit_into_them() -> None:
    alpha = discs(np.array([[15.0, 15.0], [35.0, 20.0], [55.0, 18.0], [75.0, 25.0]]), 7.0)
    for x in range(10, 85, 15):
        alpha[57:64, x] = alpha[60, x - 3 : x + 4] = 1.0
    parts = find_parts(alpha)
    kinds = [find_fullest(alpha, parts, n) for n in (1, 2, 3)]
    assert [sample and name_symbol(sample.patch).kind for sample in kinds] == ["plus", "circle", "circle"]
