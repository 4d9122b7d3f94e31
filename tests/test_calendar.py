"""Points of time axes are put on the months, days and hours that they stand at; others stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages.values.calendar import snap_to_calendar

# Monthly points of a small chart: 4.4 px a month.
PX_DAYS = 6.9


def months(n: int, end: bool = False) -> FloatArray:
    first = np.datetime64("2004-08", "M") + np.arange(n)
    days = first.astype("datetime64[D]").astype(np.float64)
    return np.asarray(days - 1.0 if end else days)


def seen(exact: FloatArray, px_days: float, seed: int) -> FloatArray:
    """Points as they are read: to a tenth of a pixel, on a scale that is shifted and stretched."""
    rng = np.random.default_rng(seed)
    return np.asarray(
        exact + px_days * (np.linspace(-0.1, 0.5, exact.size) + rng.normal(0, 0.06, exact.size))
    )


def test_months_are_told_and_a_loose_end_is_left() -> None:
    exact = months(68)
    exact[-1] += 12
    read = seen(exact, PX_DAYS, 1)
    put = snap_to_calendar(read, px_size=PX_DAYS)
    assert put[:-1] == pytest.approx(exact[:-1])
    assert put[-1] == read[-1]


def test_last_days_of_months_are_told_where_pixels_tell_them() -> None:
    exact = months(30, end=True)
    read = exact + np.random.default_rng(2).normal(0, 0.15, 30)
    assert snap_to_calendar(read, px_size=1.2) == pytest.approx(exact)


@pytest.mark.parametrize(("unit", "px_days"), [(1.0, 0.25), (1 / 24, 0.01)])
def test_days_and_hours_are_told(unit: float, px_days: float) -> None:
    hops = np.random.default_rng(3).integers(1, 4, 40)
    exact = np.asarray(16000 + unit * np.cumsum(hops), dtype=np.float64)
    put = snap_to_calendar(seen(exact, px_days, 3), px_size=px_days)
    assert put == pytest.approx(exact, abs=1e-6)


def test_points_at_any_time_stay_where_they_are() -> None:
    days = np.sort(np.random.default_rng(4).uniform(16000, 18000, 60))
    assert snap_to_calendar(days, px_size=PX_DAYS) is days


def test_months_that_pixels_do_not_tell_apart_stay_where_they_are() -> None:
    read = seen(months(68), 20.0, 5)
    assert snap_to_calendar(read, px_size=20.0) is read


@pytest.mark.parametrize(("shift", "told"), [(-0.04, True), (0.5, False)])
def test_a_year_of_days_is_told_though_each_has_few_pixels(shift: float, told: bool) -> None:
    exact = 15_340.0 + np.arange(309)
    read = exact + shift + np.random.default_rng(6).normal(0, 0.02, exact.size)
    read[0] = exact[0] + 0.44
    put = snap_to_calendar(read, px_size=1 / 2.7)
    assert put[1:] == pytest.approx(exact[1:] if told else read[1:])


@pytest.mark.parametrize(
    ("px_a_day", "first", "last", "told"), [(21, 0.5, 1.5, True), (10, 0.9, 0.7, True), (10, 2.5, 2.5, False)]
)
def test_days_are_told_where_ticks_were_put_on_the_pixel_before(
    px_a_day: float, first: float, last: float, told: bool
) -> None:
    exact = 19_270.0 + np.arange(40)
    noise = np.random.default_rng(7).normal(0, 0.05, exact.size)
    read = exact + (np.linspace(first, last, exact.size) + noise) / px_a_day
    put = snap_to_calendar(read, px_size=1 / px_a_day)
    assert put == pytest.approx(exact if told else read, abs=1e-9)


def test_days_are_told_of_a_line_that_the_frame_cuts_off_between_two_of_them() -> None:
    exact = np.r_[15_706.5, 15_707.0 + np.arange(8), 15_714.5]
    read = exact + np.array([0.0, -0.3, 0.7, 0.5, -0.2, 1.1, 0.4, 0.9, 1.2, 0.1]) / 92
    put = snap_to_calendar(read, px_size=1 / 92)
    assert put[1:-1] == pytest.approx(exact[1:-1])
    assert put[[0, -1]] == pytest.approx(read[[0, -1]])
