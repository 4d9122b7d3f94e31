"""Markers of rounded values hide under others at the same place: the grid they stand on tells how many."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.status.coincident_doubts import coincident_share

SIZE = 5.0
STEP_X, STEP_Y = 13.0, 9.0


def cloud(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="scatter",
        color=(0, 0, 0),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.4),
        sampled_at="markers",
        marker="circle",
        line_style="none",
        marker_size_px=SIZE,
    )


def rounded(n: int, columns: int, rows: int, seed: int) -> FloatArray:
    """``n`` markers on a grid, as (n, 2) pixels, the hidden ones among them."""
    rng = np.random.default_rng(seed)
    column, row = rng.integers(0, columns, n), rng.integers(0, rows, n)
    return np.column_stack([60.3 + STEP_X * column, 40.6 + STEP_Y * row])


def seen(places: FloatArray) -> Trace:
    """What is seen of markers: one a place, its centre good to a fifth of a pixel."""
    places = np.unique(places, axis=0)
    off = np.random.default_rng(5).normal(0, 0.2, places.shape)
    return cloud(*(places + off).T)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("n", [150, 300])
def test_the_share_of_hidden_markers_is_told_by_how_full_their_grid_is(seed: int, n: int) -> None:
    places = rounded(n, 20, 30, seed)
    hidden = 1 - len(np.unique(places, axis=0)) / n
    assert coincident_share((seen(places),)) == pytest.approx(hidden, rel=0.35)


def test_markers_of_two_colours_hide_each_other() -> None:
    places = rounded(200, 20, 25, 4)
    one, other = (seen(part) for part in (places[:100], places[100:]))
    assert coincident_share((one, other)) > 0.1


def test_few_on_a_wide_grid_hide_nothing() -> None:
    assert coincident_share((seen(rounded(60, 30, 60, 6)),)) == 0.0


def test_a_function_of_x_hides_nothing() -> None:
    rng = np.random.default_rng(7)
    x = 60.0 + 6.0 * np.concatenate([np.arange(0, 40), np.arange(43, 70)])
    assert coincident_share((cloud(x, rng.integers(0, 8, x.size) * STEP_Y),)) == 0.0


def test_markers_that_stand_freely_are_not_asked() -> None:
    rng = np.random.default_rng(8)
    assert coincident_share((cloud(rng.uniform(50, 400, 200), rng.uniform(30, 300, 200)),)) == 0.0


def test_markers_that_show_others_through_are_counted_by_their_darkness() -> None:
    places = rounded(300, 20, 30, 9)
    assert coincident_share((cloud(*places.T),)) == 0.0


def test_series_of_a_few_steps_with_one_marker_on_each_hide_nothing() -> None:
    x = 60.0 + 40.0 * np.arange(6)
    first, second = np.array([10, 40, 50, 20, 10, 50.0]), np.array([30, 60, 70, 50, 40, 30.0])
    clouds = [cloud(x, 300.0 - 2.5 * first), cloud(x, 300.0 - 2.5 * second)]
    assert coincident_share(clouds) == 0.0
    twice = cloud(np.r_[x, x[2:4]], 300.0 - 2.5 * np.r_[first, 20.0, 50.0])
    assert coincident_share([twice, clouds[1]]) > 0.0
