"""Lines over categories: a point a category, unless the line bends between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Scale, Trace
from digitizer.stages.values.category_points import at_categories, is_between

PLACES = 40.0 + 60.0 * np.arange(6)


def scale() -> Scale:
    return Scale(
        kind="category",
        origin=40.0,
        slope=60.0,
        values=np.arange(6.0),
        used=np.ones(6, dtype=bool),
        residual_px=0.0,
        covariance=np.zeros((2, 2)),
    )


def columns(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="line",
        color=(0, 0, 0),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.3),
        sampled_at="columns",
        line_width_px=5.0,
    )


def test_columns_become_categories_with_their_corners_sharp() -> None:
    rng = np.random.default_rng(4)
    height = rng.uniform(50, 250, 6)
    x = np.arange(38.0, 343.0)
    course = np.interp(x, PLACES, height)
    rounded = np.convolve(np.pad(course, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    found = at_categories(columns(x, rounded), scale(), 6)
    assert found.sampled_at == "vertices"
    assert found.x_px == pytest.approx(PLACES)
    assert found.y_px == pytest.approx(height, abs=0.6)


def test_corners_tell_that_ticks_stand_half_a_pixel_beside_the_categories() -> None:
    x, height = np.arange(40.0, 340.0), np.array([200.0, 60.0, 220.0, 90.0, 240.0, 40.0])
    course = np.interp(x, PLACES - 0.5, height)
    found = at_categories(replace(columns(x, course), line_width_px=2.0), scale(), 6)
    assert found.x_px == pytest.approx(PLACES)
    assert found.y_px == pytest.approx(height, abs=0.1)


def test_a_line_over_some_categories_has_these_alone() -> None:
    x = np.arange(100.0, 221.0)
    found = at_categories(columns(x, 0.5 * x), scale(), 6)
    assert found.x_px == pytest.approx(PLACES[1:4])


def test_a_line_that_bends_between_labels_is_left_alone() -> None:
    x = np.arange(40.0, 341.0)
    trace = columns(x, 150 + 60 * np.sin(x / 20))
    assert at_categories(trace, scale(), 6) is trace


def test_a_gap_stays_a_gap() -> None:
    x = np.arange(40.0, 341.0)
    y = 0.2 * x
    y[(x > 150) & (x < 190)] = np.nan
    found = at_categories(columns(x, y), scale(), 6)
    assert np.flatnonzero(np.isnan(found.y_px)).tolist() == [2]


@pytest.mark.parametrize(("wave", "between"), [(0.0, False), (60.0, True)])
def test_points_between_labels_are_noticed(wave: float, between: bool) -> None:
    x = np.arange(40.0, 341.0)
    trace = columns(x, 150 + wave * np.sin(x / 20))
    assert is_between(trace, scale(), 6) is between
    marked = replace(trace, x_px=PLACES + wave / 3, y_px=PLACES, sigma_px=PLACES, sampled_at="markers")
    assert is_between(marked, scale(), 6) is between


def test_of_vertices_near_a_category_the_surest_is_its_point() -> None:
    # A blunt corner gives two vertices; a place read a pixel off must not slide along the steep side.
    x = np.array([39.2, 99.6, 101.1, 159.3, 219.5, 279.4, 340.9])
    y = np.array([200.0, 81.8, 80.0, 215.0, 60.0, 190.0, 70.0])
    sigma = np.array([0.1, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1])
    trace = replace(columns(x, y), sigma_px=sigma, sampled_at="vertices")
    found = at_categories(trace, scale(), 6)
    assert found.y_px == pytest.approx([200.0, 80.0, 215.0, 60.0, 190.0, 70.0])


@pytest.mark.parametrize(
    ("places", "between"),
    [
        (PLACES - 14.0, False),
        (PLACES[[0, 2, 5]] + 14.0, False),
        # Two bars at one label: two labels were read as one.
        (np.r_[PLACES[:3], 175.0, PLACES[3:]], True),
        # A bar beyond the last label.
        (np.r_[PLACES, PLACES[-1] + 60.0], True),
    ],
)
def test_bars_without_a_label_of_their_own_are_noticed(places: FloatArray, between: bool) -> None:
    bars = replace(columns(places, 0 * places + 80.0), kind="bar", sampled_at="markers")
    assert is_between(bars, scale(), 6) is between


def test_points_close_beside_each_other_are_no_vertices() -> None:
    # Dots along a line, none of them at a category: on a steep stretch the next one is pixels away in height.
    height = np.array([250.0, 60.0, 40.0, 200.0, 240.0, 50.0])
    x = np.arange(41.4, 341.0, 3.6)
    dots = replace(columns(x, np.interp(x, PLACES, height)), sampled_at="vertices")
    found = at_categories(dots, scale(), 6)
    assert found.x_px == pytest.approx(PLACES)
    assert found.y_px == pytest.approx(height, abs=0.6)


def test_steep_lines_between_categories_close_together_run_straight() -> None:
    # Columns of a line that falls twelve pixels in each: half a pixel along it is six in height.
    near = replace(scale(), slope=20.0, values=np.arange(3.0), used=np.ones(3, dtype=bool))
    x = np.arange(40.0, 81.0)
    course = np.interp(x, [40.0, 60.0, 80.0], [130.0, 10.0, 250.0])
    course[18:23] = [24.0, 20.0, 18.0, 26.0, 36.0]
    found = at_categories(replace(columns(x, course), line_width_px=2.0), near, 3)
    assert found.x_px == pytest.approx([40.0, 60.0, 80.0])
    assert found.y_px == pytest.approx([130.0, 10.0, 250.0], abs=3.0)
