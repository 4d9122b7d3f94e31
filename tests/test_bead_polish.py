"""Discs of a chain on whole pixels, drawn with soft rims: which of them stands where."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.heights import Beads, string_best
from digitizer.stages.series.beads.places import Sample, find_outline
from digitizer.stages.series.beads.polish import polish
from digitizer.stages.series.beads.settle import find_seats
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.steps import Steps

ZOOM = 16
SAMPLE = Sample(radius=6.94, width=5.56, reach=6.5)
SHAPE = (231, 340)
CLEAR = np.zeros(SHAPE, dtype=bool)


def draw(x: FloatArray, y: FloatArray, *, seated: bool = True) -> FloatImage:
    """Coverage of a line and, over it, of discs on the pixels to the right and below its vertices."""
    big = np.zeros((SHAPE[0] * ZOOM, SHAPE[1] * ZOOM), np.uint8)
    cv2.polylines(big, [_points(x, y)], False, 255, round(SAMPLE.width * ZOOM))
    let = 1.0 - big.reshape(SHAPE[0], ZOOM, SHAPE[1], ZOOM).mean(axis=(1, 3)) / 255
    middle = _points(np.floor(x) + 1.0, np.floor(y) + 1.0) if seated else _points(x, y)
    for at in middle.tolist():
        left, top = (max(0, v // ZOOM - 12) for v in at)
        small = np.zeros((25 * ZOOM, 25 * ZOOM), np.uint8)
        own = (at[0] - left * ZOOM, at[1] - top * ZOOM)
        cv2.circle(small, own, round(SAMPLE.radius * ZOOM), 255, -1)
        cover = small.reshape(25, ZOOM, 25, ZOOM).mean(axis=(1, 3)) / 255
        part = let[top : top + 25, left : left + 25]
        part *= 1.0 - cover[: part.shape[0], : part.shape[1]]
    return np.asarray(1.0 - let, dtype=np.float32)


def _points(x: FloatArray, y: FloatArray) -> NDArray[np.int32]:
    return np.round((np.stack([x, y], axis=1) + 0.5) * ZOOM - 0.5).astype(np.int32)


def rough(n: int, noise: float, seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    return np.clip(40 + 140 * (1 - np.exp(-np.arange(n) / 25.0)) + noise * rng.normal(size=n), 12.0, 215.0)


def read(alpha: FloatImage, steps: Steps, blocked: Mask = CLEAR) -> Beads:
    outline = find_outline(alpha, blocked)
    assert outline is not None
    beads = string_best(alpha, blocked, outline, [steps], SAMPLE)
    assert beads is not None
    return beads


@pytest.mark.parametrize("seed", [1, 2])
def test_hidden_discs_are_told_by_their_rims(seed: int) -> None:
    """At 2.6 px a step, a good third of the radius, one of six was set to another's place."""
    steps = Steps(origin=14.3, period=2.6)
    x, y = steps.position(np.arange(110.0)), rough(110, 9.0, seed)
    beads = read(draw(x, y), steps)
    assert beads.x == pytest.approx(x, abs=1e-9)
    assert beads.seat is not None
    assert np.mean(np.abs(beads.y - y) < 2.5) > 0.88
    # The line has its vertices where the discs were before they were moved.
    assert abs(float(np.median(beads.y - y))) < 0.3


def test_what_is_told_as_deviation_is_how_far_discs_are_off() -> None:
    steps = Steps(origin=14.3, period=1.9)
    off, told = [], []
    for seed in (3, 4):
        y = rough(150, 6.0, seed)
        beads = read(draw(steps.position(np.arange(150.0)), y), steps)
        off.append(np.abs(beads.y - y))
        told.append(beads.sigma)
    off_, told_ = np.concatenate(off), np.concatenate(told)
    sure = told_ < 0.6
    assert sure.mean() > 0.4
    assert np.mean(off_[sure] > 2.0) < 0.03
    assert np.sqrt(np.mean(off_[~sure] ** 2)) < 2.0 * np.sqrt(np.mean(told_[~sure] ** 2))


def test_discs_left_in_place_are_on_no_pixels() -> None:
    steps = Steps(origin=14.3, period=3.4)
    x, y = steps.position(np.arange(85.0)), rough(85, 3.0, 5)
    beads = read(draw(x, y, seated=False), steps)
    assert beads.seat is None
    assert np.quantile(np.abs(beads.y - y), 0.9) < 1.0


def test_the_shift_of_a_comb_is_told_by_where_its_discs_were_put() -> None:
    steps = Steps(origin=14.3, period=3.4)
    x, y = steps.position(np.arange(85.0)), rough(85, 3.0, 6)
    chain = Chain(draw(x + 0.4, y), CLEAR, x, SAMPLE.radius, SAMPLE.width)
    assert find_seats(chain, y + 0.5, y - 3.0, y + 3.0) == pytest.approx(0.4, abs=0.11)


def test_what_another_line_hides_says_nothing() -> None:
    steps = Steps(origin=14.3, period=3.0)
    x, y = steps.position(np.arange(95.0)), rough(95, 6.0, 7)
    alpha, blocked = draw(x, y), CLEAR.copy()
    for k in range(2, 95, 5):
        blocked[round(y[k]) - 3 : round(y[k]) + 3, round(x[k]) - 3 : round(x[k]) + 3] = True
    beads = read(np.where(blocked, np.float32(0), alpha), steps, blocked)
    assert np.mean(np.abs(beads.y - y) < 2.3) > 0.94


def test_neighbours_that_stand_right_stay() -> None:
    x, y = 14.3 + 3.0 * np.arange(60), np.floor(rough(60, 8.0, 8)) + 0.5
    chain = Chain(draw(x, y), CLEAR, x, SAMPLE.radius, SAMPLE.width).on_pixels(0.0)
    found, sigma = polish(chain, y, y - 15.0, y + 15.0)
    sure = sigma < 0.6
    assert sure.mean() > 0.7
    assert np.mean(np.abs(found - y)[sure] < 1.1) > 0.97
