"""Labels of time axes are read with what their neighbours tell."""

from __future__ import annotations

import pytest

from digitizer.dates import read_dates, to_iso


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["2005", "2006", "2007"], ["2005-01-01", "2006-01-01", "2007-01-01"]),
        (["2012", "July", "2013", "July"], ["2012-01-01", "2012-07-01", "2013-01-01", "2013-07-01"]),
        (["Nov 2020", "Dec", "Jan", "Feb"], ["2020-11-01", "2020-12-01", "2021-01-01", "2021-02-01"]),
        (["Jan 5, 2021", "Jan 12, 2021"], ["2021-01-05", "2021-01-12"]),
        (["3 Mar 1999", "9 Mar 1999"], ["1999-03-03", "1999-03-09"]),
        (["2020-01-31", "2020-02-29"], ["2020-01-31", "2020-02-29"]),
        (["Q1 2020", "Q3 2020"], ["2020-01-01", "2020-07-01"]),
        (["Apr 13, 2014", "12:00", "00:00"], ["2014-04-13", "2014-04-13T12:00:00", "2014-04-14"]),
        (["2014-04-13 06:00", "2014-04-13 18:30"], ["2014-04-13T06:00:00", "2014-04-13T18:30:00"]),
        (["12:00", "00:00 Apr 13, 2014"], ["2014-04-12T12:00:00", "2014-04-13"]),
        (["05-03 12", "05-04 00"], ["2000-05-03T12:00:00", "2000-05-04"]),
        (["12am 4/8/21", "6pm", "12am 4/9"], ["2021-04-08", "2021-04-08T18:00:00", "2021-04-09"]),
        (["6 PM Sep 10", "12:00 Sep 11"], ["2000-09-10T18:00:00", "2000-09-11T12:00:00"]),
        (["Jan 20", "Jul 20", "Jan 21"], ["2020-01-01", "2020-07-01", "2021-01-01"]),
        (["Jan 05", "Jan 12", "Jan 19"], ["2000-01-05", "2000-01-12", "2000-01-19"]),
        (["8/14 2015", "8/24", "9/3"], ["2015-08-14", "2015-08-24", "2015-09-03"]),
        (["Nov 15", "Dec 01", "Dec 15"], ["2000-11-15", "2000-12-01", "2000-12-15"]),
        (["2010", "2000", "1990"], ["2010-01-01", "2000-01-01", "1990-01-01"]),
        (["15", "Mar", "15", "Apr"], ["2000-02-15", "2000-03-01", "2000-03-15", "2000-04-01"]),
        (["11/99", "12/99", "01/00"], ["1999-11-01", "1999-12-01", "2000-01-01"]),
        (["18:00", "May-04", "06:00"], ["2000-05-03T18:00:00", "2000-05-04", "2000-05-04T06:00:00"]),
        (["Jan-05", "Jan-06", "Jan-07"], ["2005-01-01", "2006-01-01", "2007-01-01"]),
    ],
)
def test_labels_become_dates(labels: list[str], expected: list[str]) -> None:
    reading = read_dates(labels)[0]
    assert [to_iso(day) for day in reading if day is not None] == expected


@pytest.mark.parametrize(
    ("labels", "moment", "expected"),
    [
        (["15", "Mar", "15", "Apr"], "2021-Apr", ["2021-02-15", "2021-03-01", "2021-03-15", "2021-04-01"]),
        (["Feb", "Mar", "Apr"], "2021", ["2021-02-01", "2021-03-01", "2021-04-01"]),
        (["Dec", "Jan"], "2016", ["2015-12-01", "2016-01-01"]),
        (
            ["22:00", "23:00", "00:00"],
            "2023-Sep-15",
            ["2023-09-14T22:00:00", "2023-09-14T23:00:00", "2023-09-15"],
        ),
        (["01", "05", "09"], "2021-May", ["2021-05-01", "2021-05-05", "2021-05-09"]),
        (["05-03 12", "05-04 00"], "2022", ["2022-05-03T12:00:00", "2022-05-04"]),
        (["2019-03", "2019-04"], "2022", ["2019-03-01", "2019-04-01"]),
    ],
)
def test_a_moment_elsewhere_completes_the_last_label(
    labels: list[str], moment: str, expected: list[str]
) -> None:
    reading = read_dates(labels, moment=moment)[0]
    assert [to_iso(day) for day in reading if day is not None] == expected


def test_numbers_are_no_days_for_a_date_beside_them() -> None:
    assert read_dates(["0", "5", "10", "15"], moment="2021-May") == []


def test_days_of_one_month_are_no_years_where_a_label_was_not_read() -> None:
    assert read_dates(["Oct O7", "Oct 09", "Oct 16", "Oct 23", "Oct 30"]) == []
    assert read_dates(["Oct O7", "Jan 10", "Apr 10", "Jul 10", "Oct 10"]) != []


def test_day_and_month_are_read_both_ways() -> None:
    readings = [[to_iso(d) for d in r if d is not None] for r in read_dates(["02/01/2013", "03/01/2013"])]
    assert readings == [["2013-02-01", "2013-03-01"], ["2013-01-02", "2013-01-03"]]


def test_years_of_two_digits_may_come_first() -> None:
    readings = [[to_iso(d) for d in r if d is not None] for r in read_dates(["12-05-31", "13-05-31"])]
    assert ["2012-05-31", "2013-05-31"] in readings
    mixed = [[to_iso(d) for d in r if d is not None] for r in read_dates(["12-05/31", "13-05/31"])]
    assert ["2012-05-31", "2013-05-31"] not in mixed


@pytest.mark.parametrize("labels", [["a", "b", "c"], ["10", "20", "30"], ["Jan", "Mar", "May"], ["2013"], []])
def test_no_dates(labels: list[str]) -> None:
    assert read_dates(labels) == []


def test_impossible_dates_are_left_out() -> None:
    reading = read_dates(["Feb 27, 2021", "Feb 31, 2021", "Mar 3, 2021"])[0]
    assert reading[1] is None


def test_a_date_that_the_edge_cuts_to_its_year_is_left_out() -> None:
    texts = ["2019-04-01", "2019-05-01", "2019-06-01", "2019"]
    (days,) = read_dates(texts)
    assert days == [*read_dates(texts[:3])[0], None]
    # A year among months is the month that it begins with, and in the middle of dates it is no cut one.
    assert None not in read_dates(["2018-07", "2018-10", "2019"])[0]
    assert read_dates(["2019-04-01", "2019", "2019-06-01", "2019-07-01"]) == []
