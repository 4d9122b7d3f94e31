"""Printed numbers: what is meant, and what is only guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.numbers import Offset, parse_number, parse_offset, with_exponent


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0.0, None),
        ("−1.5", -1.5, None),
        ("-1.5", -1.5, None),
        ("+3", 3.0, None),
        (".5", 0.5, None),
        ("1,000", 1000.0, None),
        ("1,234,567", 1234567.0, None),
        ("1.000,5", 1000.5, None),
        ("1,000.5", 1000.5, None),
        ("1 000", 1000.0, None),
        ("1'000", 1000.0, None),
        ("1,5", 1.5, None),
        ("0,125", 0.125, None),
        ("1.234", 1.234, None),
        ("20k", 20000.0, "k"),
        ("−1.5k", -1500.0, "k"),
        ("2.5M", 2.5e6, "M"),
        ("1.5B", 1.5e9, "B"),
        ("3G", 3e9, "G"),
        ("1T", 1e12, "T"),
        ("$12", 12.0, "$"),
        ("-$5", -5.0, "$"),
        ("€1.5M", 1.5e6, "€"),
        ("12 £", 12.0, "£"),
        ("($1,200)", -1200.0, "$"),
        ("35%", 35.0, "%"),
        ("35 %", 35.0, "%"),
        ("-0.5 %", -0.5, "%"),
        ("90°", 90.0, "°"),
        ("10^-3", 1e-3, None),
        ("10⁻³", 1e-3, None),
        ("-10^2", -100.0, None),
        ("2×10^4", 2e4, None),
        ("2 x 10^-4", 2e-4, None),
        ("1e-5", 1e-5, None),
        ("1.5E+3", 1500.0, None),
        ("2^10", 1024.0, None),
        ("π/2", math.pi / 2, None),
        ("−3π/4", -3 * math.pi / 4, None),
        ("2π", 2 * math.pi, None),
    ],
)
def test_parse_number_reads_what_is_printed(text: str, value: float, unit: str | None) -> None:
    found = parse_number(text)
    assert found is not None
    assert found.value == pytest.approx(value, rel=1e-14)
    assert found.unit == unit
    assert not found.guessed


@pytest.mark.parametrize(
    ("text", "value"),
    [("1O", 10.0), ("l0", 10.0), ("le5", 1e5), ("S0", 50.0), ("O", 0.0), ("°", 0.0), ("1.", 1.0)],
)
def test_parse_number_flags_letters_taken_for_digits(text: str, value: float) -> None:
    found = parse_number(text)
    assert found is not None
    assert found.guessed
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["", "Jan", "Loss", "12:00", "2020-01", "3.3.3", "1 00", "e", "--1", "1,00,0", "3am", "12 PM"]
)
def test_parse_number_refuses_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


def test_parse_number_keeps_the_unit_behind_a_space_as_a_guess() -> None:
    found = parse_number("12 ms")
    assert found is not None
    assert (found.value, found.unit, found.guessed) == (12.0, "ms", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e6", Offset(factor=1e6)),
        ("le6", Offset(factor=1e6)),
        ("×10^4", Offset(factor=1e4)),
        ("×10⁻⁴", Offset(factor=1e-4)),
        ("x1000", Offset(factor=1e3)),
        ("·10^−3", Offset(factor=1e-3)),
        ("·104", Offset(factor=1e4)),
        ("×1010", Offset(factor=1e10)),
        (".10^5", Offset(factor=1e5)),
        ("-10^4", None),
        ("-104", None),
        ("+1e10", Offset(shift=1e10)),
        ("+1.5e10", Offset(shift=1.5e10)),
        ("−3", Offset(shift=-3.0)),
        ("1e−5+2.3e2", Offset(factor=1e-5, shift=230.0)),
        ("1000", None),
        ("Loss", None),
        ("", None),
    ],
)
def test_parse_offset(text: str, expected: Offset | None) -> None:
    assert parse_offset(text) == expected


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False), st.integers(min_value=0, max_value=6))
def test_decimals_come_back(value: float, n_decimals: int) -> None:
    text = f"{value:.{n_decimals}f}"
    found = parse_number(text)
    assert found is not None
    assert found.value == float(text)
    assert found.n_decimals == n_decimals


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_thousands_come_back_with_any_minus(value: int) -> None:
    text = f"{value:,}"
    for spelled in (text, text.replace("-", "−"), text.replace(",", " "), text.replace(",", "'")):
        found = parse_number(spelled)
        assert found is not None
        assert found.value == value


@given(st.floats(min_value=1.0, max_value=9.99), st.integers(min_value=-30, max_value=30))
def test_powers_agree_with_scientific_notation(mantissa: float, exponent: int) -> None:
    digits = f"{mantissa:.2f}"
    written = parse_number(f"{digits}×10^{exponent}")
    scientific = parse_number(f"{digits}e{exponent}")
    assert written is not None
    assert scientific is not None
    assert written.value == pytest.approx(float(f"{digits}e{exponent}"), rel=1e-14)
    assert scientific.value == float(f"{digits}e{exponent}")


@given(st.text(max_size=12))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for found in (parse_number(text), parse_offset(text)):
        assert found is None or all(math.isfinite(v) for v in _values(found))


def _values(found: object) -> list[float]:
    return [getattr(found, name) for name in ("value", "factor", "shift") if hasattr(found, name)]


@pytest.mark.parametrize(
    ("text", "value", "meant"),
    [("6·106", 6e6, "6·10^6"), ("10-3", 1e-3, "10^-3"), ("106", 106.0, "106"), ("3·104", 4e4, "3·104")],
)
def test_level_exponents_are_raised_where_the_value_says_so(text: str, value: float, meant: str) -> None:
    assert with_exponent(text, value) == meant
