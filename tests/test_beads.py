"""Discs that touch along a line: where they stand, and how high."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.heights import Beads, string_beads, string_best
from digitizer.stages.series.beads.places import Sample, find_outline, is_chain, place_beads
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.steps import Steps

ZOOM = 8
# Of the discs drawn here fourteen columns are ink.
SAMPLE = Sample(radius=6.9, width=5.5, reach=6.5)


def draw(x: FloatArray, y: FloatArray, shape: tuple[int, int] = (231, 340)) -> FloatImage:
    """Coverage of discs on a line, box-filtered."""
    big = np.zeros((shape[0] * ZOOM, shape[1] * ZOOM), np.uint8)
    points = np.round((np.stack([x, y], axis=1) + 0.5) * ZOOM).astype(np.int32)
    cv2.polylines(big, [points], False, 255, round(SAMPLE.width * ZOOM))
    for px, py in points.tolist():
        cv2.circle(big, (px, py), round(SAMPLE.radius * ZOOM), 255, -1)
    small = cv2.resize(big, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32) / 255


def loss_curve(n: int, noise: float, seed: int = 3) -> FloatArray:
    rng = np.random.default_rng(seed)
    return 30 + 160 * (1 - np.exp(-np.arange(n) / 17.0)) + noise * rng.normal(size=n)


def string(alpha: FloatImage, blocked: np.ndarray, steps: Steps) -> Beads:
    outline = find_outline(alpha, blocked)
    assert outline is not None
    assert is_chain(outline, SAMPLE.radius)
    beads = string_beads(alpha, blocked, outline, steps, SAMPLE)
    assert beads is not None
    return beads


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_heights_of_discs_that_hide_each_other(noise: float) -> None:
    x, y = 11.4 + 3.15 * np.arange(100), loss_curve(100, noise)
    alpha = draw(x, y)
    beads = string(alpha, np.zeros(alpha.shape, dtype=bool), Steps(origin=11.4, period=3.15))
    assert np.abs(beads.x - x).max() < 0.01
    off = np.abs(beads.y - y)
    assert np.median(off) < 0.4
    assert np.quantile(off, 0.95) < 2.5
    assert beads.is_right


def test_dots_of_another_line_on_top_say_nothing() -> None:
    x, y = 11.4 + 3.15 * np.arange(100), loss_curve(100, 2.0)
    alpha = draw(x, y)
    blocked = np.zeros(alpha.shape, dtype=bool)
    for k in range(2, 100, 4):
        blocked[round(y[k]) - 3 : round(y[k]) + 3, round(x[k]) - 3 : round(x[k]) + 3] = True
    beads = string(np.where(blocked, np.float32(0), alpha), blocked, Steps(origin=11.4, period=3.15))
    assert np.quantile(np.abs(beads.y - y), 0.9) < 2.5


def test_rough_chains_say_that_they_are_unsure() -> None:
    x, smooth, rough = 11.4 + 3.15 * np.arange(100), loss_curve(100, 0.0), loss_curve(100, 12.0)
    sigmas = []
    for y in (smooth, rough):
        alpha = draw(x, y)
        sigmas.append(string(alpha, np.zeros(alpha.shape, dtype=bool), Steps(origin=11.4, period=3.15)).sigma)
    assert np.median(sigmas[0]) < 0.6
    assert np.quantile(sigmas[1], 0.9) > 2.0


def test_discs_stand_on_whole_numbers_of_the_axis() -> None:
    x, y = 11.4 + 5.2 * np.arange(60), loss_curve(60, 6.0)
    alpha = draw(x, y)
    blocked = np.zeros(alpha.shape, dtype=bool)
    outline = find_outline(alpha, blocked)
    assert outline is not None
    every = place_beads(outline, SAMPLE.radius, (11.4 - 5.2, 5.2))
    beads = string_best(alpha, blocked, outline, every, SAMPLE)
    assert beads is not None
    assert beads.x == pytest.approx(x, abs=0.01)


@pytest.mark.parametrize("shift", [-0.8, -0.6, -0.4, -0.2, 0.0])
def test_two_hundred_snapped_discs_are_as_many(shift: float) -> None:
    # At 1.62 px a step half a pixel at either end is a third of a step. What is ink of a disc drawn here lies
    # half a pixel to the right of its middle.
    steps = Steps(origin=11.4, period=1.62)
    x, y = np.round(steps.position(np.arange(200.0)) + shift), np.round(loss_curve(200, 2.0))
    alpha = draw(x, y, shape=(231, 350))
    beads = string(alpha, np.zeros(alpha.shape, dtype=bool), steps)
    assert beads.x == pytest.approx(steps.position(np.arange(200.0)))


def test_a_thin_line_is_no_chain() -> None:
    x, y = 11.4 + 3.15 * np.arange(100), loss_curve(100, 0.0)
    alpha = np.zeros((231, 340), np.float32)
    points = np.round(np.stack([x, y], axis=1)).astype(np.int32)
    cv2.polylines(alpha, [points], False, 1.0, 3)
    outline = find_outline(alpha, np.zeros(alpha.shape, dtype=bool))
    assert outline is not None
    assert not is_chain(outline, SAMPLE.radius)


def test_a_thin_line_of_steep_flanks_is_no_chain() -> None:
    # Flanks of 5 px a column are as thick as discs from top to bottom, and not across.
    x = 10.0 + 40.0 * np.arange(9)
    big = np.zeros((231 * ZOOM, 340 * ZOOM), np.uint8)
    points = np.round((np.stack([x, np.resize([20.0, 220.0], 9)], axis=1) + 0.5) * ZOOM).astype(np.int32)
    cv2.polylines(big, [points], False, 255, 3 * ZOOM)
    alpha = np.asarray(cv2.resize(big, (340, 231), interpolation=cv2.INTER_AREA), np.float32) / 255
    outline = find_outline(alpha, np.zeros(alpha.shape, dtype=bool))
    assert outline is not None
    assert np.nanmedian(outline.bottom - outline.top) > 2 * SAMPLE.radius
    assert not is_chain(outline, SAMPLE.radius)


def test_neighbours_change_places() -> None:
    """Discs three pixels apart hide each other: set one by one, some stay at their neighbour's place."""
    steps = Steps(origin=20.0, period=2.96)
    x = steps.position(np.arange(100.0))
    blocked = np.zeros((231, 340), dtype=bool)
    off = {True: 0, False: 0}
    for seed in (3, 4, 5):
        true = np.clip(loss_curve(100, 18.0, seed), 12.0, 219.0)
        alpha = draw(x, true)
        outline = find_outline(alpha, blocked)
        assert outline is not None
        alone = string_beads(alpha, blocked, outline, steps, SAMPLE)
        together = string_best(alpha, blocked, outline, [steps], SAMPLE)
        assert alone is not None
        assert together is not None
        assert together.wrong <= alone.wrong
        for exchanged, beads in ((False, alone), (True, together)):
            off[exchanged] += int(np.count_nonzero(np.abs(beads.y - true) > 2.31))
    assert off[True] < 0.7 * off[False], off
