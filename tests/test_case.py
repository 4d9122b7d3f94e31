"""Texts whose letters have one shape in both cases are told by the texts in line with them."""

from __future__ import annotations

import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.text.case import settle_case_by_line

# Heights of DejaVu Sans at 20 px: capitals and digits 15, low letters 11, descenders 4 below the line.
CAPITAL, LOW, DEEP = 15, 11, 4


def column(*texts: tuple[str, int]) -> list[TextSpan]:
    """Texts of the heights given, below each other and flush on the left."""
    return [
        TextSpan(
            box=Box(left=50, right=50 + 9 * len(text), top=30 * k, bottom=30 * k + height - 1),
            text=text,
            confidence=0.99,
        )
        for k, (text, height) in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("first", "height", "told"),
    [("X", LOW, "x"), ("x", CAPITAL, "X"), ("VC", LOW, "vc"), ("vc", CAPITAL, "VC")],
)
@pytest.mark.parametrize("other", [("y", LOW + DEEP), ("naive", CAPITAL), ("Total", CAPITAL), ("rem", LOW)])
def test_the_height_in_line_tells(first: str, height: int, told: str, other: tuple[str, int]) -> None:
    assert settle_case_by_line(column((first, height), other))[0].text == told


def test_a_lone_letter_stays_as_it_was_read() -> None:
    lone = column(("X", LOW))
    assert settle_case_by_line(lone)[0].text == "X"
    far = TextSpan(box=Box(left=400, right=420, top=300, bottom=314), text="Total", confidence=0.99)
    assert settle_case_by_line([*lone, far])[0].text == "X"


@pytest.mark.parametrize(("height", "told"), [(LOW, "x"), (LOW + 3, "X"), (CAPITAL, "X")])
def test_a_lone_letter_no_higher_than_low_ones_beside_the_numbers_is_low(height: int, told: str) -> None:
    numbers = [
        TextSpan(
            box=Box(left=300 + 90 * k, right=312 + 90 * k, top=200, bottom=214), text=text, confidence=1.0
        )
        for k, text in enumerate(["-2", "0", "2", "4"])
    ]
    assert settle_case_by_line([*column(("X", height)), *numbers])[0].text == told
    assert settle_case_by_line([*column(("X", height)), *numbers[:2]])[0].text == "X"
