"""Dashed lines get their points from the step grid of the other lines of their panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.dashed_steps import put_at_places, put_on_steps
from digitizer.stages.series.paths.steps import Steps

LEFT = 30.0
STEPS = Steps(origin=12.0, period=31.0)
AT = 12.0 + 31.0 * np.arange(10)
HEIGHTS = 140.0 + 60.0 * np.cos(np.arange(10) / 2.0)


def dotted(noise: FloatArray | float = 0.0, last: float = AT[-1], style: str = "dotted") -> Trace:
    """Round dots of five columns every nine along the polyline through ``HEIGHTS``."""
    x = np.arange(12.0, last + 1)
    x = x[(x - 12.0) % 9 < 5]
    y = np.interp(x, AT, HEIGHTS) + noise
    return Trace(
        kind="line", color=(255, 127, 14), x_px=x + LEFT, y_px=y, sigma_px=np.full(x.size, 1.5),
        sampled_at="columns", line_style=style,
    )  # fmt: skip


def test_a_dotted_line_has_its_points_at_the_steps() -> None:
    found = put_on_steps(dotted(), [Steps(origin=3.0, period=24.0), STEPS], LEFT)
    assert found.sampled_at == "vertices"
    assert np.allclose(found.x_px, AT + LEFT)
    assert np.abs(found.y_px - HEIGHTS).max() < 0.3
    assert found.sigma_px.max() < 0.8


@pytest.mark.parametrize("last", [AT[-1] - 15.0, AT[-1] + 14.0])
def test_a_line_that_ends_between_steps_stands_on_others(last: float) -> None:
    trace = dotted(last=last)
    assert put_on_steps(trace, [STEPS], LEFT) is trace


def test_a_line_with_bends_between_the_steps_stays_as_it_is() -> None:
    n = dotted().x_px.size
    trace = dotted(noise=4.0 * np.sin(np.arange(n) / 3.0))
    assert put_on_steps(trace, [STEPS], LEFT) is trace


def test_solid_lines_are_not_touched() -> None:
    trace = dotted(style="solid")
    assert put_on_steps(trace, [STEPS], LEFT) is trace


def test_steps_that_hardly_a_column_tells_are_fitted_with_their_deviations() -> None:
    # Dashes with gaps of a step leave some steps with less than a column about them.
    period = 6.04
    steps = Steps(origin=12.0, period=period)
    at = 12.0 + period * np.arange(60)
    heights = 140.0 + 6.0 * np.random.default_rng(5).normal(size=60).cumsum()
    x = np.arange(12.0, at[-1] + 1)
    x = x[((x - 12.0) % 15.9 < 6) | (np.abs((x - 12.0) % 15.9 - 11) < 0.6)]
    trace = replace(
        dotted(style="dashdot"), x_px=x + LEFT, y_px=np.interp(x, at, heights), sigma_px=np.full(x.size, 0.3)
    )
    found = put_on_steps(trace, [steps], LEFT)
    assert found.sampled_at == "vertices"
    off = np.abs(found.y_px - heights)
    assert np.median(off) < 0.3
    assert (off < 3 * found.sigma_px + 0.5).mean() > 0.9


PLACES = np.array([12.0, 40.0, 87.0, 99.0, 160.0, 171.0, 215.0, 262.0, 291.0])
UNEVEN = np.array([140.0, 90.0, 84.0, 40.0, 36.0, 70.0, 90.0, 95.0, 60.0])


def dashed() -> Trace:
    """Dashes of five columns every nine along the polyline through ``UNEVEN`` at ``PLACES``."""
    x = np.arange(12.0, PLACES[-1] + 1)
    x = x[(x - 12.0) % 9 < 5]
    return Trace(
        kind="line", color=(0, 0, 0), x_px=x, y_px=np.interp(x, PLACES, UNEVEN), line_style="dashed",
        sigma_px=np.full(x.size, 0.3), sampled_at="columns",
    )  # fmt: skip


def with_vertices(x: FloatArray) -> Trace:
    """A solid line with its own vertices."""
    return Trace(
        kind="line", color=(0, 0, 0), x_px=x, y_px=np.linspace(200.0, 250.0, x.size), sampled_at="vertices",
        sigma_px=np.full(x.size, 0.2),
    )  # fmt: skip


def test_a_dashed_line_has_its_points_where_those_of_another_line_stand_unevenly() -> None:
    trace, other = dashed(), with_vertices(PLACES)
    found = put_at_places(trace, [trace, other])
    assert found.sampled_at == "vertices"
    assert np.array_equal(found.x_px, PLACES)
    assert np.abs(found.y_px - UNEVEN).max() < 0.1


@pytest.mark.parametrize("side", [-1.2, 1.2])
def test_a_corner_that_another_line_has_twice_is_one(side: float) -> None:
    trace, other = dashed(), with_vertices(np.sort(np.r_[PLACES, PLACES[4] + side]))
    found = put_at_places(trace, [other, trace])
    assert found.sampled_at == "vertices"
    assert np.abs(np.interp(PLACES, found.x_px, found.y_px) - UNEVEN).max() < 0.5


@pytest.mark.parametrize("places", [PLACES + np.r_[0, 0, 12.0, 0, 0, 0, 0, 0, 0], PLACES[:-1], PLACES[1:]])
def test_a_dashed_line_that_bends_elsewhere_stays_as_it_is(places: FloatArray) -> None:
    trace = dashed()
    assert put_at_places(trace, [with_vertices(places)]) is trace
