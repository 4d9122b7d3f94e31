"""Series are bound to the axis of two on which their values are round."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Scale, Trace
from digitizer.stages.legend.round_values import bind_by_round_values

TOP, BOTTOM, HEIGHT_SIGMA = 20.0, 320.0, 0.15


def scale(high: float, step: float) -> Scale:
    """An axis from zero to ``high`` with a label at every ``step``."""
    values = np.arange(0.0, high + step / 2, step)
    return Scale(
        kind="linear",
        origin=BOTTOM,
        slope=(TOP - BOTTOM) / high,
        values=values,
        used=np.ones(values.size, dtype=bool),
        residual_px=0.1,
        covariance=np.diag([0.02, 1e-9]),
    )


def line(heights: FloatArray, seed: int = 0) -> Trace:
    y = heights + np.random.default_rng(seed).normal(0.0, HEIGHT_SIGMA, heights.size)
    return Trace(
        kind="line",
        color=(0, 0, 0),
        x_px=10.0 * np.arange(heights.size),
        y_px=y,
        sigma_px=np.full(heights.size, HEIGHT_SIGMA),
        sampled_at="vertices",
    )


def test_values_are_round_on_their_own_axis() -> None:
    population, wounds = scale(60.0, 10.0), scale(8.0, 1.0)
    humans = line(population.to_pixel(np.array([10.0, 40, 50, 20, 10, 50])))
    aliens = line(wounds.to_pixel(np.array([2.0, 3, 4, 5, 6, 7])))
    assert bind_by_round_values(population, wounds, [humans, aliens]) == [False, True]


@pytest.mark.parametrize("seed", range(20))
def test_measured_values_tell_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = scale(60.0, 10.0), scale(35.0, 5.0)
    shown = line(one.to_pixel(rng.uniform(2.0, 58.0, int(rng.integers(4, 40)))), seed)
    assert bind_by_round_values(one, other, [shown]) == [None]


def test_ticks_at_the_same_heights_tell_nothing() -> None:
    shown = line(scale(60.0, 10.0).to_pixel(np.array([10.0, 40, 50, 20, 10, 50])))
    assert bind_by_round_values(scale(60.0, 10.0), scale(120.0, 20.0), [shown]) == [None]


def test_three_values_are_too_few() -> None:
    shown = line(scale(60.0, 10.0).to_pixel(np.array([10.0, 40, 50])))
    assert bind_by_round_values(scale(60.0, 10.0), scale(8.0, 1.0), [shown]) == [None]
