"""Bars that end on a side's stroke end where they are seen to, and not beside it."""

from __future__ import annotations

import numpy as np
import pytest
from test_bars import BLUE, FRAME, bar, look, simple


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_bars_over_the_stroke_of_a_side(over: int) -> None:
    rgb = simple()
    side = round(FRAME.top)
    rgb[side, round(FRAME.left) : round(FRAME.right) + 1] = 225
    bar(rgb, 40, 79, side + over, 289, BLUE)
    (trace,) = look(rgb)
    assert trace.y_px[int(np.argmin(trace.x_px))] == pytest.approx(side + over - 0.5, abs=0.2)
