"""Rows of tick labels are made whole before they are fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.labels import (
    find_moment,
    join_further_lines,
    join_turns,
    row_over_years,
    split_labels,
    without_dash,
)
from digitizer.stages.axes.packed import part_packed


def label(text: str, at: float, *, top: float = 300.0, width: float = 30.0, angle: float = 0.0) -> TextSpan:
    box = Box(left=at - width / 2, right=at + width / 2, top=top, bottom=top + 9)
    return TextSpan(box=box, text=text, confidence=0.99, angle_deg=angle)


def row_of(parts: list[tuple[str, float]]) -> TextSpan:
    """Words that were read as one label, each at its place."""
    words = tuple((text, label(text, at).box) for text, at in parts)
    box = words[0][1].union(words[-1][1])
    return TextSpan(box=box, text=" ".join(t for t, _ in parts), confidence=0.99, words=words)


def test_words_at_marks_of_their_own_are_labels() -> None:
    marks = np.array([50.0, 90.0, 130.0, 170.0])
    labels = [label("Austria", 50), row_of([("France", 91), ("Germany", 129)]), label("Spain", 170)]
    assert [s.text for s in split_labels(labels, marks)] == ["Austria", "France", "Germany", "Spain"]
    # Without marks the even places of the others tell; words of one name stand off them.
    assert len(split_labels([*labels, label("Sweden", 210)], np.empty(0))) == 5
    months = [
        label(m, round(105 + 40.8 * k)) for k, m in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun"))
    ]
    rest = row_of([(m, 105 + 40.8 * (k + 6)) for k, m in enumerate(("Jul", "Aug", "Sep", "Oct"))])
    marks = np.array([65.0, 228.0])
    assert [s.text for s in split_labels([*months, rest], marks)][6:] == ["Jul", "Aug", "Sep", "Oct"]
    name = [label("a", 50), label("b", 90), row_of([("New", 115), ("Zealand", 145)])]
    assert split_labels(name, np.array([50.0, 90.0, 130.0])) == name


def test_words_between_marks_are_names_of_their_bands() -> None:
    marks = 60.0 + 100.0 * np.arange(6)
    joined = row_of([("Overslept", 411.0), ("Emergency", 509.0)])
    labels = [label("Traffic", 110), row_of([("Child", 195), ("care", 227)]), label("Weather", 310), joined]
    assert [s.text for s in split_labels(labels, marks)] == [
        "Traffic",
        "Child care",
        "Weather",
        "Overslept",
        "Emergency",
    ]
    # Two words in one band are one name.
    name = [*labels[:3], row_of([("New", 395.0), ("Zealand", 425.0)])]
    assert split_labels(name, marks) == name


def test_the_date_at_the_end_of_an_axis_is_found() -> None:
    labels = [label("15", 60), label("Apr", 130), label("15", 200)]
    frame = Box(left=40, right=240, top=20, bottom=295)
    offset = label("2021-Apr", 210, top=312, width=60)
    assert find_moment(labels, [*labels, offset], frame) is offset
    title = label("Downloads of 2021", 140, top=312, width=90)
    elsewhere = label("2021-Apr", 210, top=360, width=60)
    assert find_moment(labels, [*labels, title, elsewhere], frame) is None


def test_names_that_touch_are_parted_at_their_capitals_where_marks_stand_over_them() -> None:
    marks = np.array([200.3, 296.7, 393.0, 489.5, 586.0])
    touching = replace(label("RarelySometimesOften", 0), box=Box(left=258, right=523, top=300, bottom=325))
    row = [label("Never", 200), touching, label("Always", 586)]
    parted = split_labels(row, marks)
    assert [s.text for s in parted] == ["Never", "Rarely", "Sometimes", "Often", "Always"]
    assert [s.box.center[0] for s in parted] == pytest.approx(marks, abs=4)
    # One name with capitals in it stands over one mark, and is none of three where two do.
    name = [label("Never", 200), replace(label("JavaScriptLight", 393), box=touching.box)]
    assert split_labels(name, marks[[0, 2]]) == name
    assert split_labels(name, marks[:3]) == name


def test_a_row_of_names_of_which_a_few_touch_is_parted_at_its_marks() -> None:
    # Vega prints the months under a year of bars so; where its words begin and end is not to be relied on.
    marks = 53.0 + 20.0 * np.arange(12)
    row = replace(label("Jan Feb MarApr MayJun Jul Aug Sep Oct NovDec", 162.5), words=())
    row = replace(row, box=Box(left=44, right=281, top=317, bottom=327))
    parted = split_labels([row], marks)
    assert [s.text for s in parted][:5] == ["Jan", "Feb", "Mar", "Apr", "May"]
    assert [s.box.center[0] for s in parted] == pytest.approx(marks)
    assert split_labels([row], marks[:11]) == [row]
    # The first name would be three times as wide as its letters are high.
    assert split_labels([replace(row, box=replace(row.box, left=10))], marks) == [
        replace(row, box=replace(row.box, left=10))
    ]


def test_a_row_of_times_is_parted() -> None:
    words = [(w, 60.0 + 70 * k + 32 * j) for k in range(4) for j, w in enumerate(("09-14", f"{8 + k:02d}"))]
    parted = split_labels([row_of(words)], np.empty(0))
    assert [s.text for s in parted] == ["09-14 08", "09-14 09", "09-14 10", "09-14 11"]


def test_a_date_that_the_edge_of_the_picture_cuts_is_none() -> None:
    dates = [(f"2015-06-{7 + 3 * k:02d}", 60.0 + 86 * k) for k in range(5)]
    row = row_of([*dates, ("2015-0", 475.0)])
    assert [s.text for s in split_labels([row], np.empty(0))] == [text for text, _ in dates]
    first = row_of([("6-04", 5.0), *dates])
    assert [s.text for s in split_labels([first], np.empty(0))] == [text for text, _ in dates]


def test_rows_that_take_turns_are_one_and_a_title_is_none() -> None:
    first = [label(t, at) for t, at in (("A", 50), ("C", 130), ("E", 210))]
    second = [label(t, at, top=316) for t, at in (("B", 90), ("D", 170))]
    assert len(join_turns(first, [first, second])) == 5
    title = [label("Month", 90, top=316)]
    assert join_turns(first[:2], [first[:2], title]) == first[:2]


def test_a_date_below_an_hour_belongs_to_it() -> None:
    hours = [label(t, at) for t, at in (("00:00", 50), ("12:00", 130), ("00:00", 210))]
    below = [
        label("Apr 13, 2014", 50, top=314, width=70),
        label("a note on all this", 140, top=314, width=60),
    ]
    joined = join_further_lines(hours, [hours, below])
    assert [s.text for s in joined] == ["00:00 Apr 13, 2014", "12:00", "00:00"]
    months = [label(t, at) for t, at in (("Jan", 50), ("Feb", 130), ("Mar", 210))]
    assert join_further_lines(months, [months, [label("Month", 130, top=314)]]) == months


def test_a_line_below_one_name_is_its_second_where_it_keeps_off_the_next() -> None:
    names = [label(t, at) for t, at in (("Rent", 50), ("Food", 130), ("Leisure", 210))]
    second = label("and travel", 210, top=312, width=60)
    assert [s.text for s in join_further_lines(names, [names, [second]])] == [
        "Rent",
        "Food",
        "Leisure and travel",
    ]
    # The name of a chart's maker: a wrapped line of this width would run into the next one's.
    credit = label("AnyChart Trial Version", 210, top=312, width=98)
    assert join_further_lines(names, [names, [credit]]) == names


def test_days_below_some_hours_belong_to_them() -> None:
    hours = [label(t, at) for t, at in (("12am", 50), ("12pm", 130), ("12am", 210))]
    for first, second in (("4/8/21", "4/9"), ("Sep 10", "Sep 11")):
        below = [label(first, 50, top=314), label(second, 210, top=314)]
        joined = join_further_lines(hours, [hours, below])
        assert [s.text for s in joined] == [f"12am {first}", "12pm", f"12am {second}"]


def test_months_stand_over_years_label_by_label() -> None:
    months = [label(t, at) for t, at in (("Jul", 50), ("Jan", 130), ("Jul", 210))]
    years = [label(t, at, top=314) for t, at in (("2012", 50), ("2013", 130), ("2013", 210))]
    assert row_over_years(years, [months, years]) is months
    assert row_over_years(years[1:], [months, years[1:]]) == years[1:]
    names = [label(t, at) for t, at in (("ada", 50), ("bob", 130), ("cyd", 210))]
    assert row_over_years(years, [names, years]) is years


def test_a_year_below_a_day_belongs_to_it_also_where_lines_are_wide() -> None:
    days = [label("8/14", 80.0, width=24.0), label("8/24", 132.0, width=24.0)]
    year = label("2015", 80.0, top=319.0, width=25.0)
    assert [s.text for s in join_further_lines(days, [days, [year]])] == ["8/14 2015", "8/24"]
    name = label("May", 80.0, top=319.0, width=25.0)
    assert join_further_lines(days, [days, [name]]) == days


def test_a_label_that_stands_at_a_mark_is_whole() -> None:
    marks = np.array([60.0, 124.0, 188.0])
    labels = [label("2A", 60.0), label("M", 68.0), row_of([("6", 115.0), ("AM", 133.0)]), label("12 PM", 188)]
    assert [s.text for s in split_labels(labels, marks)] == ["2A", "M", "6 AM", "12 PM"]


def test_packed_numbers_are_parted_where_they_make_one_even_row() -> None:
    packed = TextSpan(
        box=Box(left=80.0, right=280.0, top=300.0, bottom=309.0),
        text="600700800900 1000",
        confidence=0.99,
    )
    labels = [label("0", 20.0, width=6.0), packed]
    assert [s.text for s in split_labels(labels, np.empty(0))] == ["0", "600", "700", "800", "900", "1000"]
    years = replace(packed, text="1998200020022004")
    assert [s.text for s in split_labels([years], np.empty(0))] == ["1998", "2000", "2002", "2004"]
    for text in ("20231114", "1234567", "31415926535"):
        one = replace(packed, text=text)
        assert split_labels([labels[0], one], np.empty(0)) == [labels[0], one]


def test_packed_numbers_with_blanks_between_them_stand_where_they_are_printed() -> None:
    places = [60.0 + 46 * k for k in range(8)]
    row = row_of([(str(1900 + 25 * k), at) for k, at in enumerate(places)])
    # Minor marks are nearer to each other than labels that were cut evenly are to their own.
    parted = split_labels([row], np.arange(60.0, 390.0, 9.2))
    assert [s.text for s in parted] == [str(1900 + 25 * k) for k in range(8)]
    assert [s.box.center[0] for s in parted] == pytest.approx(places, abs=0.1)


def test_times_whose_words_are_numbers_too_are_kept_whole() -> None:
    words = [(w, 60.0 + 54 * k + 27 * j) for k in range(4) for j, w in enumerate(("09-14", f"{9 + k:02d}"))]
    parted = split_labels([row_of(words)], np.array([73.0, 127.0, 181.0, 235.0]))
    assert [s.text for s in parted] == ["09-14 09", "09-14 10", "09-14 11", "09-14 12"]


def test_dates_that_ran_together_beside_whole_ones_are_parted() -> None:
    marks = np.arange(40.0, 500.0, 39.0)
    alone = [label("Apr 04", 79), label("Apr 18", 157)]
    joined = row_of([("May", 216), ("02", 252), ("May", 294), ("16", 330), ("May", 372), ("30", 408)])
    parted = split_labels([*alone, joined], marks)
    assert [s.text for s in parted] == ["Apr 04", "Apr 18", "May 02", "May 16", "May 30"]
    glued = row_of([("May", 216), ("02May", 273), ("16May", 351), ("30", 408)])
    assert [s.text for s in split_labels([glued], marks)] == ["May 02", "May 16", "May 30"]


def test_packed_years_below_months_are_parted_and_joined() -> None:
    months = [label("Jan", 80.0 + 37 * k, width=23) for k in range(5)]
    years = TextSpan(
        box=Box(left=64, right=246, top=312, bottom=321), text="19982000200220042006", confidence=0.99
    )
    row = part_packed([years], np.array([80.0 + 37 * k for k in range(5)]))
    joined = join_further_lines(months, [months, row])
    assert [s.text for s in joined] == [f"Jan {year}" for year in (1998, 2000, 2002, 2004, 2006)]


def test_a_date_beside_its_mark_is_not_parted() -> None:
    # Dygraphs moves the last label inwards, away from its mark.
    labels = [label("Mar 2011", 118, width=57), row_of([("Jun", 899), ("2011", 930)])]
    assert split_labels(labels, np.array([118.0, 392.0, 658.0, 945.0])) == labels


def test_the_second_line_of_one_wrapped_name_is_no_title() -> None:
    names = [label(t, x) for t, x in (("Toys", 50), ("Home and", 130), ("Books", 210), ("Sports", 290))]
    top = names[0].box.bottom + 3
    joined = join_further_lines(names, [names, [label("Garden", 130, top=top)]])
    assert [s.text for s in joined] == ["Toys", "Home and Garden", "Books", "Sports"]
    # A title stands below the middle, where a name may stand too.
    odd = names[:3]
    assert join_further_lines(odd, [odd, [label("Aisle", 130, top=top)]]) == odd
    # A word below a number is no part of it.
    years = [label(str(2018 + k), 50 + 80 * k) for k in range(4)]
    assert join_further_lines(years, [years, [label("Aisle", 130, top=top)]]) == years


@pytest.mark.parametrize(
    ("read", "expected"),
    [("10-", "10"), ("100m=", "100m"), ("20k_", "20k"), ("5 %-", "5 %"), ("A-", "A-"), ("Film-", "Film-")],
)
def test_tick_marks_behind_a_number_are_no_part_of_it(read: str, expected: str) -> None:
    span = TextSpan(box=Box(left=0, top=0, right=30, bottom=9), text=read, confidence=0.9)
    assert without_dash(span).text == expected


def test_words_that_are_all_evenly_spaced_are_labels_where_no_marks_are() -> None:
    months = [row_of([("Jan", 50), ("Feb", 84), ("Mar", 118)]), row_of([("Apr", 151), ("May", 185)])]
    parts = split_labels(months, np.empty(0))
    assert [s.text for s in parts] == ["Jan", "Feb", "Mar", "Apr", "May"]
    # Names of two words stand closer to each other within a name than between two.
    names = [row_of([("New", 50 + 100 * k), ("York", 85 + 100 * k)]) for k in range(3)]
    assert split_labels(names, np.empty(0)) == names


def test_numbers_that_touch_are_parted_where_each_is_centred_on_its_mark() -> None:
    # ECharts sets the year of January's first in bold between days.
    touching = label("292022", 363, width=58)
    marks = np.array([203.0, 273.0, 343.7, 373.4, 444.0])
    assert [s.text for s in split_labels([label("15", 203), label("22", 273), touching], marks)] == [
        "15", "22", "29", "2022",
    ]  # fmt: skip
    # One number between two marks, neither of which it could be centred on with all of its digits.
    whole = label("292022", 360, width=58)
    assert split_labels([label("15", 203), whole], np.array([203.0, 336.0, 384.0]))[1] == whole


def test_a_year_whose_digits_stand_at_small_marks_is_one_label() -> None:
    # pandas' ticks of every year under labels of every fifth: 1, 96 and 5 would be centred on three of them.
    marks = np.array([102.0, 113.0, 125.0, 136.0, 147.0, 158.0, 169.0, 180.0, 191.0])
    years = [label("1965", 114.0, width=34), label("1970", 169.0, width=32)]
    assert split_labels(years, marks) == years
    days = label("282930", 110, width=60)
    assert [s.text for s in split_labels([days, years[1]], np.array([90.0, 110.0, 130.0, 169.0]))[:3]] == [
        "28", "29", "30",
    ]  # fmt: skip


def test_dates_and_numbers_of_one_form_that_touch_are_parted() -> None:
    marks = np.array([60.0, 120.0, 180.0, 240.0])
    dates = label("2021-01-012021-01-082021-01-152021-01-22", 150, width=240)
    parted = split_labels([dates], marks)
    assert [s.text for s in parted] == ["2021-01-01", "2021-01-08", "2021-01-15", "2021-01-22"]
    assert [s.box.center[0] for s in parted] == pytest.approx(marks)
    assert split_labels([dates], marks + 9) == [dates]  # at no marks
    numbers = label("2000.02002.52005.02007.5", 150, width=240)
    assert [s.text for s in split_labels([numbers], marks)] == ["2000.0", "2002.5", "2005.0", "2007.5"]
    for whole in ("3.143.14", "1.252.254.25", "2021-01-01", "10.0.0.1"):
        one = label(whole, 150, width=100)
        assert split_labels([one, label("7", 240)], marks)[0] == one


def test_names_that_ran_together_stand_at_the_even_places_of_the_others() -> None:
    others = [
        label(name, at) for name, at in zip("ABCDEF", (304, 380.5, 458.5, 536, 611, 689.5), strict=True)
    ]
    joined = row_of([("Scratch", 150.0), ("Dent", 228.5)])
    for marks in (np.empty(0), np.array([102.0, 737.0])):
        names = [s.text for s in split_labels([joined, *others], marks)]
        assert names == ["Scratch", "Dent", *"ABCDEF"]


def test_further_lines_without_letters_that_rise_are_lines_of_their_names() -> None:
    names = [label(t, 50 + 40 * k) for k, t in enumerate(("Java", "Pyth", "Rust", "Go", "Swif", "Kotl"))]
    top = names[0].box.bottom + 3
    low = label("on", 90, top=top + 3)
    low = replace(low, box=replace(low.box, bottom=top + 9))
    row = [label("t", 210, top=top, width=4), label("in", 250, top=top, width=8), low]
    # A lone letter is no word: C3 breaks names anywhere.
    joined = [s.text for s in join_further_lines(names, [names, row])]
    assert joined == ["Java", "Python", "Rust", "Go", "Swift", "Kotlin"]
    words = [label("am", 50, top=top, width=12), *row[1:]]
    assert join_further_lines(names, [names, words])[0].text == "Java am"


def test_a_year_begins_where_the_month_above_it_does() -> None:
    # Vega-Lite aligns both lines to the left of their mark.
    months = [
        label(t, x, width=15) for t, x in (("Jan", 58.0), ("Apr", 111.0), ("Jul", 160.0), ("Jan", 267.0))
    ]
    years = [label(t, x, top=318, width=25) for t, x in (("2006", 63.5), ("2007", 272.5))]
    joined = join_further_lines(months, [months, years])
    assert [s.text for s in joined] == ["Jan 2006", "Apr", "Jul", "Jan 2007"]
    title = [label("Temperature", 83.0, top=318, width=65)]
    assert join_further_lines(months, [months, title]) == months


def test_digits_of_a_decade_that_run_together_are_parted_at_their_marks() -> None:
    marks = 40.0 + 137.4 * np.log10([2.0, 3, 4, 5, 6, 7, 8, 9, 10])
    labels = [label(str(k + 2), float(marks[k]), width=4.0) for k in range(4)]
    box = replace(labels[0].box, left=float(marks[4]) - 2.0, right=float(marks[7]) + 2.0)
    joined = replace(labels[0], text="6789", box=box)
    parted = split_labels([*labels, joined], marks)
    assert [s.text for s in parted] == list("23456789")
    assert [s.box.center[0] for s in parted] == pytest.approx(marks[:8], abs=0.1)
    # A number as wide, below one mark or with other digits, stays whole.
    for text, at in (("6789", marks[3:5]), ("2000", marks)):
        other = replace(joined, text=text)
        assert split_labels([labels[0], other], at)[-1].text == text
