"""Ticks are told by the reading of their labels that says their value."""

from __future__ import annotations

import pytest

from digitizer.stages.values.tick_texts import told_by


@pytest.mark.parametrize(
    ("text", "other", "value", "told"),
    [
        ("68", "60", 60.0, "60"),
        ("60", "68", 60.0, "60"),
        ("68", None, 60.0, "68"),
        # A factor at the axis' end multiplies both.
        ("68", "60", 6e4, "68"),
        ("6·106", None, 6e6, "6·10^6"),
        ("125", None, 1.25, "1.25"),
        ("-10", None, -1.0, "-1.0"),
        ("005", None, 0.05, "0.05"),
        ("10", "70", 10.0, "10"),
        ("10", None, 100.0, "10"),
    ],
)
def test_the_reading_that_says_the_value_is_told(
    text: str, other: str | None, value: float, told: str
) -> None:
    assert told_by(text, other, value) == told


def test_a_point_that_a_factor_moved_is_not_printed() -> None:
    assert told_by("125", None, 1.25, factor=True) == "125"
