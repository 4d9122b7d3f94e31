"""Marks between thousands are told from decimal ones by all labels of an axis and by the other axes."""

from __future__ import annotations

import pytest

from digitizer.numbers import parse_number
from digitizer.separators import DecimalMark, tell_decimal_mark, tell_separators, with_points


def values(texts: list[str], elsewhere: DecimalMark | None = None) -> tuple[list[float], bool]:
    separators = tell_separators(texts, elsewhere)
    numbers = [parse_number(with_points(text, separators)) for text in texts]
    return [number.value for number in numbers if number is not None], separators.proven


@pytest.mark.parametrize(
    ("texts", "meant"),
    [
        (["0", "500", "1.000", "1.500"], [0, 500, 1000, 1500]),
        (["0", "0.500", "1.000", "1.500"], [0, 0.5, 1, 1.5]),
        (["0,000", "0,500", "1,000", "1,500"], [0, 0.5, 1, 1.5]),
        (["-1.000 €", "0 €", "1.000 €", "2.500 €"], [-1000, 0, 1000, 2500]),
        (["1.025", "1.050", "1.075", "1.100"], [1.025, 1.05, 1.075, 1.1]),
        (["5,000", "10.000", "15,000"], [5000, 10000, 15000]),
        (["0.1", "1", "10", "1,000"], [0.1, 1, 10, 1000]),
        (["0.75", "1.000", "1.25"], [0.75, 1, 1.25]),
        (["10", "100", "1.000", "10.000"], [10, 100, 1000, 10000]),
        (["1 000,5", "1 001,0"], [1000.5, 1001]),
    ],
)
def test_labels_beside_each_other_tell_what_their_marks_part(texts: list[str], meant: list[float]) -> None:
    assert values(texts) == (pytest.approx(meant), True)


def test_another_axis_proves_the_decimal_mark() -> None:
    assert tell_decimal_mark(["0,5", "1,0", "1,5"]) == ","
    assert tell_decimal_mark(["1,000", "2,000"]) is None
    # The first digit of 300,000 lies under the axis' name.
    assert tell_decimal_mark(["100,000", "200,000", "00,000"]) is None
    # A letter of the axis' title was read with one of them; spaces that part thousands prove their mark.
    assert tell_decimal_mark(["30,000", "9 40,000", "t 50,000"]) is None
    assert tell_decimal_mark(["1 000,5", "2 000"]) == ","
    assert values(["1,025", "1,050", "1,075"], ",") == ([1.025, 1.05, 1.075], True)
    assert values(["1.025", "1.050", "1.075"], ",") == ([1025, 1050, 1075], True)
    assert values(["1,025", "1,050", "1,075"], ".") == ([1025, 1050, 1075], True)


@pytest.mark.parametrize(
    ("texts", "elsewhere"),
    [
        (["1.200", "1.400", "1.600"], None),
        (["20.000", "30.000", "40.000"], "."),
        # ApexCharts prints 25 so.
        (["20.000", "25.000", "30.000"], None),
    ],
)
def test_what_zeros_alone_tell_stays_in_doubt(texts: list[str], elsewhere: DecimalMark | None) -> None:
    read, proven = values(texts, elsewhere)
    assert read[0] >= 1200
    assert not proven


@pytest.mark.parametrize(("n_commas", "proven"), [(4, True), (1, False)])
def test_commas_prove_thousands_where_points_are_decimal_and_few_were_read_as_such(
    n_commas: int, proven: bool
) -> None:
    texts = [f"{v}{',' if k < n_commas else '.'}000" for k, v in enumerate((60, 80, 100, 120, 140))]
    assert values(texts, ".") == ([60e3, 80e3, 100e3, 120e3, 140e3], proven)
