"""Answers that are kept: told apart by all that the question was given, arrays by their contents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.stages.series.memory import Memory


@dataclass(frozen=True)
class Pen:
    width: float


def test_a_question_is_answered_once_for_all_that_it_depends_on() -> None:
    asked = []

    def total(values: np.ndarray, pen: Pen, *, times: float = 1.0) -> float:
        asked.append(times)
        return float(values.sum()) * pen.width * times

    memory, ones = Memory(), np.ones(3)
    assert [memory.ask(total, a, Pen(2.0)) for a in (ones, ones, ones.copy())] == [6.0, 6.0, 6.0]
    assert len(asked) == 1
    assert memory.ask(total, ones, Pen(3.0)) == 9.0
    assert memory.ask(total, ones, Pen(2.0), times=2.0) == 12.0
    # As many bytes in another shape or of another kind are another array.
    assert memory.ask(total, np.zeros((3, 1)), Pen(2.0)) == 0.0
    assert memory.ask(total, np.zeros(3), Pen(2.0)) == 0.0
    assert memory.ask(total, np.zeros(3, dtype=np.int64), Pen(2.0)) == 0.0
    assert len(asked) == 6
    assert Memory().ask(total, ones, Pen(2.0)) == 6.0
    assert len(asked) == 7
