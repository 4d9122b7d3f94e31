"""Labels that all stand beside their marks alike: they are at the marks, whatever marks are not seen."""

import numpy as np
import pytest

from digitizer.evidence import Box, TextSpan
from digitizer.stages.axes.labels import stand_beside

STEP_PX = 74.0
HEIGHT_PX = 12.0
ABOVE_PX = 3.0


def _above(lines: list[float]) -> list[TextSpan]:
    """Labels of numbers that end a little above lines."""
    boxes = [
        Box(left=30, top=y - ABOVE_PX - HEIGHT_PX, right=74, bottom=y - ABOVE_PX) for y in lines
    ]  # fmt: skip
    return [TextSpan(text=f"{n}k", box=box, confidence=1.0) for n, box in enumerate(boxes)]


def test_labels_above_a_pale_grid_stand_at_its_lines() -> None:
    lines = [22.0 + STEP_PX * k for k in range(7)]
    # The lowest line is not seen, and the uppermost two pixels beside its place.
    marks = np.array([24.0, *lines[1:6]])
    places = stand_beside(_above(lines), marks, HEIGHT_PX, horizontal=False)
    assert places is not None
    assert places == pytest.approx(lines, abs=0.5)


def test_labels_with_marks_for_few_of_them_do_not() -> None:
    lines = [22.0 + STEP_PX * k for k in range(7)]
    assert stand_beside(_above(lines), np.array(lines[1:4]), HEIGHT_PX, horizontal=False) is None
