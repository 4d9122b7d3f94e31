"""Of names that differ in their numbers alone each has one; other names keep their letters."""

from __future__ import annotations

import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.numbered import with_numbers


def texts_of(texts: list[str]) -> list[str]:
    box = Box(left=0, top=0, right=20, bottom=10)
    return [s.text for s in with_numbers([TextSpan(text=t, confidence=0.99, box=box) for t in texts])]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (["R2", "R3", "R1", "RO"], ["R2", "R3", "R1", "R0"]),
        (["Layer 1O", "Layer 20", "Layer 30"], ["Layer 10", "Layer 20", "Layer 30"]),
        # No more than half of them have a number.
        (["R1", "RO", "US", "FR"], ["R1", "RO", "US", "FR"]),
        (["R1", "R2", "R3", "Rest"], ["R1", "R2", "R3", "Rest"]),
        (["R1", "R2", "R3", "SO"], ["R1", "R2", "R3", "SO"]),
        (["10", "20", "3O"], ["10", "20", "3O"]),
    ],
)
def test_a_letter_is_a_digit_where_the_other_names_have_digits(read: list[str], meant: list[str]) -> None:
    assert texts_of(read) == meant
