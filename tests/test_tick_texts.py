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
    ],
)
def test_the_reading_that_says_the_value_is_told(
    text: str, other: str | None, value: float, told: str
) -> None:
    assert told_by(text, other, value) == told
