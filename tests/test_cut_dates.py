"""A label that the picture's edge cuts off does not keep the times beside it from being read."""

from __future__ import annotations

import pytest
from evidences import axis_of

from digitizer.dates import read_dates, to_iso
from digitizer.stages.axes.calibration import calibrate_axis


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["ul", "13", "Aug", "13", "Sep"], ["2000-07-13", "2000-08-01", "2000-08-13", "2000-09-01"]),
        (["03/06", "04/06", "05/06", "06/0"], ["2000-03-06", "2000-04-06", "2000-05-06"]),
        (["pr 03", "Apr 10", "Apr 17", "Apr 24"], ["2000-04-10", "2000-04-17", "2000-04-24"]),
    ],
)
def test_times_beside_a_cut_label_are_read(labels: list[str], expected: list[str]) -> None:
    readings = [[to_iso(day) for day in r if day is not None] for r in read_dates(labels, days_only=True)]
    assert expected in readings


@pytest.mark.parametrize(
    "labels",
    [
        # Another word is no piece of a time, nor is one in the middle, and too few times leave it open.
        ["May 01", "May 02", "May 03", "Total"],
        ["Apr 03", "pr 10", "Apr 17", "Apr 24"],
        ["pr 10", "Apr 17", "Apr 24"],
    ],
)
def test_other_texts_among_times_without_a_year_leave_them_names(labels: list[str]) -> None:
    assert read_dates(labels) == []


def test_one_day_of_each_month_is_no_number() -> None:
    # Lightweight Charts: 13.9 px a day, the first month cut off.
    scale = calibrate_axis(
        axis_of(["ul", "13", "Aug", "13", "Sep", "13"], [10.5, 173.0, 437.0, 605.0, 869.5, 1037.0])
    )
    assert scale is not None
    assert scale.kind == "date"
    assert scale.n_used == 5
    assert "date-year-unknown" in scale.problems
