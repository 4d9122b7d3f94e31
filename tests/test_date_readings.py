"""Labels that can be read as times in several ways are read as they lie on the axis."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from evidences import axis_of

from digitizer.dates import to_iso
from digitizer.evidence import Scale
from digitizer.stages.axes.calibration import calibrate_axis


def every(start: date, step: int, n: int) -> list[date]:
    return [start + timedelta(days=step * k) for k in range(n)]


def scale_of(texts: list[str], px: list[float], title: str | None = None) -> Scale:
    scale = calibrate_axis(axis_of(texts, px, title=title))
    assert scale is not None
    assert scale.kind == "date"
    return scale


def named(scale: Scale) -> list[str]:
    return [to_iso(float(day)) for day in scale.values if np.isfinite(day)]


@pytest.mark.parametrize(("step", "n", "gap"), [(3, 9, 71.6), (1, 12, 207.3), (7, 4, 120.4)])
def test_numbers_beside_one_month_are_days_where_years_would_do_as_well(
    step: int, n: int, gap: float
) -> None:
    days = every(date(2022, 3, 1), step, n)
    # Labels that are placed at whole pixels.
    scale = scale_of([f"{day:%b %d}" for day in days], [round(47 + gap * k) for k in range(n)])
    assert named(scale) == [f"2000-{day:%m-%d}" for day in days]
    assert "date-year-unknown" in scale.problems


def test_ticks_of_years_stay_years_and_their_doubt_stays() -> None:
    years = scale_of(["Jan 08", "Jan 10", "Jan 12", "Jan 14"], [50.0, 123.0, 196.0, 269.0])
    assert named(years) == ["2008-01-01", "2010-01-01", "2012-01-01", "2014-01-01"]
    assert "axis-kind-unproven" in years.problems
    spreadsheet = scale_of(["Mar-08", "Mar-09", "Mar-10", "Mar-11"], [50.0, 123.0, 196.0, 269.0])
    assert named(spreadsheet)[0] == "2008-03-01"


def test_a_number_that_comes_again_is_the_month_where_the_labels_lie_as_days_do() -> None:
    days = every(date(2015, 6, 1), 1, 11)
    texts = [f"{day:%d/%m}" for day in days]
    daily = scale_of(texts, [142.0 + 64.2 * k for k in range(11)])
    assert named(daily) == [f"2000-{day:%m-%d}" for day in days]
    months = [date(2006, month, 1) for month in range(1, 12)]
    monthly = scale_of(texts, [142.0 + 2.1 * (month - months[0]).days for month in months])
    assert named(monthly) == [f"{month:%Y-%m-%d}" for month in months]


def test_days_around_the_end_of_february_tell_a_common_year_from_a_leap_year() -> None:
    for year, told in ((2005, 1999), (2008, 2000)):
        days = every(date(year, 2, 6), 7, 11)
        scale = scale_of([f"{day:%b %d}" for day in days], [220.0 + 129.45 * k for k in range(11)])
        assert named(scale) == [f"{told}-{day:%m-%d}" for day in days]
        assert scale.problems == ("date-year-unknown",)


@pytest.mark.parametrize("year", [1999, 2000])
def test_a_year_of_two_digits_is_told_whichever_it_is(year: int) -> None:
    months = [date(year + k // 2, 1 + 6 * (k % 2), 1) for k in range(4)]
    px = [50.0 + 0.5 * (month - months[0]).days for month in months]
    assert "date-year-unknown" not in scale_of([f"{month:%b %y}" for month in months], px).problems


def test_hours_of_one_day_leave_day_and_month_open() -> None:
    scale = scale_of(["12am 4/8/21", "6am", "12pm", "6pm"], [50.0, 110.0, 170.0, 230.0])
    assert "axis-kind-unproven" in scale.problems
