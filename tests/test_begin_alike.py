"""Where level lines above each other begin alike is the side that nothing draws."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.panels.begin_alike import find_beginning
from digitizer.stages.strokes.strokes import Stroke

PLACES = np.array([135.0, 297.0, 468.0, 638.0, 808.0, 942.0])


def line(at: float, start: float, end: float) -> Stroke:
    return Stroke(at=at, start=start, end=end, sign=0, width=3.0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(67, 126, 980), line(670, 129, 977)], 126.0),
        ([line(670, 129, 977)], None),
        ([line(67, 126, 980), line(670, 129, 700)], None),
        ([line(67, 90, 980), line(670, 90, 980)], None),  # They begin before the labels end: a card's border.
    ],
)
def test_two_lines_that_begin_and_end_alike_tell_a_side(lines: list[Stroke], expected: float | None) -> None:
    assert find_beginning(lines, 98.0, PLACES) == expected
