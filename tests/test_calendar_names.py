"""Rows of months and weekdays: what was misread among them."""

from __future__ import annotations

import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.calendar_names import with_calendar


def mended(row: str) -> str:
    spans = [
        TextSpan(box=Box(left=40 * k, right=40 * k + 22, top=0, bottom=9), text=text, confidence=0.99)
        for k, text in enumerate(row.split("/"))
    ]
    return "/".join(s.text for s in with_calendar(spans))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Mon/Tue/Hed/Thu/Fr/Sat/Sun", "Mon/Tue/Wed/Thu/Fri/Sat/Sun"),
        ("Aug/Sep/Oct/Nov/Decs.com", "Aug/Sep/Oct/Nov/Dec"),
        ("MAY/APR/MAB/FEB/JAN", "MAY/APR/MAR/FEB/JAN"),
        ("January/February/Marcb/April/May", "January/February/March/April/May"),
    ],
)
def test_a_name_is_told_by_those_beside_it(read: str, printed: str) -> None:
    assert mended(read) == printed


@pytest.mark.parametrize(
    "row",
    [
        "Mon/Tue/Wed/Thu/Fri/All",
        # June is left out, a month has its year, names are cut after four letters.
        "Jan/Feb/Mar/Apr/May/Jul",
        "Oct/Nov/Dec/Jan 2021/Feb",
        "May/June/July/Aug/Sept/Oct/Nov/Dec",
        "Mon/Hed/Thu",
        "Sam/Tom/Max/Jan/Pat",
    ],
)
def test_other_names_stay_as_they_are(row: str) -> None:
    assert mended(row) == row
