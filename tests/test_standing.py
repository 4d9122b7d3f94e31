"""Slanted labels without marks stand at those of their ends that are even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.standing import stand_at


def slanted_names(at: str, lengths: list[float]) -> list[TextSpan]:
    spans = []
    for i, length in enumerate(lengths):
        tick = 100.0 + 80 * i
        left = {"right": tick - length, "left": tick, "middle": tick - length / 2}[at]
        box = Box(left=left, top=300.0, right=left + length, bottom=300.0 + length)
        spans.append(
            TextSpan(text=f"name {i}", confidence=1.0, box=box, angle_deg=-45.0 if at == "left" else 45.0)
        )
    return spans


@pytest.mark.parametrize("at", ["right", "left", "middle"])
def test_slanted_names_without_marks_stand_where_they_are_even(at: str) -> None:
    labels = slanted_names(at, [30.0, 52.0, 41.0, 64.0, 35.0])
    px, _ = stand_at(labels, np.array([]), "bottom")
    assert px == pytest.approx(100.0 + 80 * np.arange(5), abs=0.1)


def test_slanted_names_that_are_even_nowhere_stand_at_their_middles() -> None:
    labels = [
        TextSpan(
            text="n",
            confidence=1.0,
            box=Box(left=x, top=300.0, right=x + w, bottom=300.0 + w),
            angle_deg=45.0,
        )
        for x, w in ((10.0, 40.0), (95.0, 60.0), (150.0, 30.0), (240.0, 50.0))
    ]
    px, _ = stand_at(labels, np.array([]), "bottom")
    assert px == pytest.approx([30.0, 125.0, 165.0, 265.0])


def test_words_in_the_middles_between_even_marks_stand_there() -> None:
    marks = 48.0 + 26 * np.arange(5)
    words = [
        TextSpan(text=f"name {k}", confidence=1.0, box=Box(left=20.0, top=y - 6, right=70.0, bottom=y + 6))
        for k, y in enumerate(61.0 + 26 * np.arange(5))
    ]
    px, _ = stand_at(words, marks, "left")
    assert px == pytest.approx(61.0 + 26 * np.arange(5))
    numbers = [replace(word, text=f"{10 * k}") for k, word in enumerate(words)]
    assert stand_at(numbers, marks, "left")[0] == pytest.approx(74.0 + 26 * np.arange(5))
