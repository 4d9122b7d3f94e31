"""Ends of bare lines: caps blur them, even steps and the line beside them tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, Trace
from digitizer.stages.values.outer_ends import settle_ends

BOX = Box(left=20.0, top=10.0, right=620.0, bottom=410.0)


def line(x: np.ndarray, y: np.ndarray, **further: object) -> Trace:
    settings = {"sampled_at": "vertices", "line_width_px": 5.0, "sigma_px": np.full(x.size, 0.2)} | further
    return Trace(kind="line", color=(0, 0, 200), x_px=x, y_px=y, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("short", [1.7, -1.7])
def test_ends_that_caps_moved_are_put_back_onto_even_steps(short: float) -> None:
    rng = np.random.default_rng(3)
    x, y = 50.3 + 41.7 * np.arange(12), rng.uniform(50, 350, 12)
    ends = np.array([short, -short])
    slope = np.array([y[1] - y[0], y[-1] - y[-2]]) / 41.7
    read_x, read_y = x.copy(), y.copy()
    read_x[[0, -1]] += ends
    read_y[[0, -1]] += slope * ends
    settled = settle_ends(line(read_x, read_y), BOX)
    assert settled.x_px == pytest.approx(x, abs=0.05)
    assert settled.y_px == pytest.approx(y, abs=0.5)


def test_an_end_at_a_side_follows_the_line_to_where_its_step_lies_beside_it() -> None:
    x, y = 19.6 + 50.0 * np.arange(7), np.array([300.0, 100.0, 250.0, 120.0, 260.0, 140.0, 280.0])
    read_x, read_y = x.copy(), y.copy()
    # Read up to the side, which was moved to a whole pixel.
    read_x[0], read_y[0] = 20.0, y[0] + 0.4 * (y[1] - y[0]) / 50.0
    settled = settle_ends(line(read_x, read_y, line_width_px=2.0), BOX)
    assert settled.y_px[0] == pytest.approx(y[0], abs=0.2)


@pytest.mark.parametrize(("last", "carried"), [(410.0, True), (404.0, False)])
def test_a_line_that_runs_flatly_into_a_level_side_goes_on_to_its_step(last: float, carried: bool) -> None:
    x, y = 60.0 + 40.0 * np.arange(9), np.append(np.linspace(100.0, 396.0, 8), last)
    read_x, read_y = x.copy(), y.copy()
    read_x[-1] -= 5.0
    read_y[-1] -= 5.0 * (y[-1] - y[-2]) / 40.0
    settled = settle_ends(line(read_x, read_y, line_width_px=3.0), BOX)
    assert settled.x_px[-1] == pytest.approx(x[-1] if carried else read_x[-1])
    assert settled.y_px[-1] == pytest.approx(y[-1] if carried else read_y[-1], abs=0.01)


def test_ends_far_off_the_steps_stay_and_so_do_those_of_uneven_points() -> None:
    x, y = 50.3 + 41.7 * np.arange(12), np.random.default_rng(3).uniform(50, 350, 12)
    cut = x.copy()
    cut[-1] -= 14.0
    np.testing.assert_array_equal(settle_ends(line(cut, y), BOX).x_px, cut)
    # One end further in, the other further out: no caps do that, the steps are how the line was sampled.
    moved = x + np.array([1.7, *np.zeros(10), 1.7])
    np.testing.assert_array_equal(settle_ends(line(moved, y), BOX).x_px, moved)
    uneven = x + np.random.default_rng(4).uniform(-6, 6, 12)
    np.testing.assert_array_equal(settle_ends(line(uneven, y), BOX).x_px, uneven)


def steep(slope: float, width: float, *, left: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, the middles of a butt stroke's ink in them, and where the line runs, from ``left`` on."""
    along = np.array([1.0, slope]) / np.hypot(1, slope)
    across = np.array([-along[1], along[0]]) * width / 2
    start = np.array([left, 120.0])
    s, t = np.meshgrid(np.linspace(0, 160, 4001), np.linspace(-1, 1, 201))
    ink = start[:, None] + along[:, None] * s.ravel() + across[:, None] * t.ravel()
    columns = np.round(ink[0]).astype(int)
    x = np.unique(columns)[:-12]
    y = np.array([(ink[1][columns == c].min() + ink[1][columns == c].max()) / 2 for c in x])
    return x.astype(float), y, start[1] + slope * (x - left)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_steep_line_read_by_columns_runs_straight_to_its_end(mirrored: bool) -> None:
    x, middles, truth = steep(4.0, 5.0, left=60.0)
    if mirrored:
        x, middles, truth = 640.0 - x[::-1], middles[::-1], truth[::-1]
    assert np.abs(middles - truth).max() > 5
    settled = settle_ends(line(x, middles, sampled_at="columns"), BOX)
    at = np.isin(x, settled.x_px)
    assert settled.y_px == pytest.approx(truth[at], abs=1.0)
    # Its end itself is still there.
    end = 580.0 if mirrored else 60.0
    assert np.abs(settled.x_px - end).min() <= 1.0


def test_a_line_that_the_frame_cuts_off_or_that_has_markers_stays() -> None:
    x, middles, _ = steep(4.0, 5.0, left=60.0)
    columns = line(x, middles, sampled_at="columns")
    assert settle_ends(columns, replace(BOX, left=float(x[0]))) is columns
    assert settle_ends(columns, replace(BOX, top=119.0)) is columns
    marked = replace(columns, marker="circle")
    assert settle_ends(marked, BOX) is marked
