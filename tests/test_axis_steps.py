"""Bare lines of a few points: the axis' round steps tell where they stand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import chartscribe
from digitizer.evidence import FloatArray
from digitizer.stages.series.paths.axis_steps import find_axis_steps
from digitizer.stages.series.paths.corners import Corners

ZERO, UNIT = 14.5, 4.1


def corners(x: FloatArray) -> Corners:
    return Corners(x=x, y=np.zeros(x.size), sigma_x=np.full(x.size, 1.0), is_tip=np.zeros(x.size, dtype=bool))


def test_steps_are_counted_from_the_first_point() -> None:
    rng = np.random.default_rng(1)
    x = ZERO + UNIT * (1.0 + 10.0 * np.arange(1, 9)) + rng.normal(0, 0.4, 8)
    steps = find_axis_steps(corners(x), (ZERO, UNIT), 9 * 10 * UNIT)
    assert steps is not None
    assert steps.period == pytest.approx(10 * UNIT)
    assert (steps.origin - ZERO) / UNIT % 10 == pytest.approx(1.0)


def test_both_sides_of_blunted_tips_and_a_few_false_corners_do_no_harm() -> None:
    days = 40.0 * np.arange(1, 8)
    x = np.sort(np.r_[days - 1.5, days + 1.5, 97.0])
    steps = find_axis_steps(corners(x), (0.0, 40.0), 320.0)
    assert steps is not None
    assert steps.period == pytest.approx(40.0)


def test_corners_anywhere_tell_no_steps() -> None:
    rng = np.random.default_rng(2)
    found = [
        find_axis_steps(corners(np.sort(rng.uniform(0, 500, 9))), (3.0, 11.0), 500.0) for _ in range(100)
    ]
    assert sum(steps is not None for steps in found) <= 2


@pytest.mark.parametrize("quality", [75, 95])
def test_a_smooth_run_of_ten_points_is_read_at_its_points(quality: int) -> None:
    x = 1.0 + 10.0 * np.arange(10)
    y = 27.8 + 0.18 * x + 0.0046 * x**2
    figure = Figure(figsize=(5, 3.5), dpi=100)
    figure.subplots().plot(x, y, lw=2.5)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="jpg", pil_kwargs={"quality": quality})
    (panel,) = chartscribe.digitize(Image.open(buffer)).panels
    (series,) = panel.series
    assert series.sampled_at == "vertices"
    assert series.x == pytest.approx(x)
    assert np.abs(series.y - y).max() < 0.003 * np.ptp(y)


def test_days_are_told_where_the_frame_cuts_a_line_off_between_two_of_them() -> None:
    days = np.arange("2013-01-01", "2013-01-12", dtype="datetime64[D]")
    y = np.array([5.0, 30, 20, 40, 20, 60, 50, 40, 30, 30, 12])
    figure = Figure(figsize=(6, 3.5), dpi=100)
    axes = figure.subplots()
    axes.plot(days, y, lw=3)
    axes.set_xlim(np.datetime64("2013-01-01T12"), np.datetime64("2013-01-10T12"))
    axes.set_xticks(days[1:-1:2], [str(day) for day in days[1:-1:2]], fontsize=7)
    buffer = io.BytesIO()
    figure.savefig(buffer)
    (panel,) = chartscribe.digitize(Image.open(buffer)).panels
    (series,) = panel.series
    inner = np.asarray(series.x[1:-1], dtype="datetime64[s]")
    assert np.all(inner == inner.astype("datetime64[D]"))
    assert np.all(np.isin(inner.astype("datetime64[D]"), days))
