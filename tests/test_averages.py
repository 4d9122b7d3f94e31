"""The pale line under a bold average is what the axis is called."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import Trace
from digitizer.stages.averages import find_raw

WHITE = (255, 255, 255)
PALE_BLUE, ORANGE, BLUE = (165, 201, 225), (255, 127, 14), (31, 119, 180)


def line(color: tuple[int, int, int], sigma: float, last: float = 200.0) -> Trace:
    x = np.linspace(0.0, last, 60)
    return Trace(kind="line", color=color, x_px=x, y_px=x, sigma_px=np.full(60, sigma), sampled_at="columns")


def test_the_pale_rough_line_of_two_is_the_raw_one() -> None:
    assert find_raw((line(ORANGE, 0.1), line(PALE_BLUE, 3.0)), WHITE) == 1
    assert find_raw((line(PALE_BLUE, 3.0), line(ORANGE, 0.1)), WHITE) == 0


def test_lines_of_like_strength_or_of_other_spans_are_no_pair() -> None:
    assert find_raw((line(ORANGE, 0.1), line(BLUE, 3.0)), WHITE) is None
    assert find_raw((line(ORANGE, 0.1), line(PALE_BLUE, 3.0, last=90.0)), WHITE) is None
    assert find_raw((line(ORANGE, 0.1),), WHITE) is None
