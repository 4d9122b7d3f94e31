"""Bars whose ends lie at a level line that runs over all of them: a mean, a limit."""

from __future__ import annotations

import numpy as np
import pytest
from test_bars import CLEAN_PX, TOPS, look, simple

RED = (178, 34, 34)


@pytest.mark.parametrize(("first", "last"), [(99, 100), (99, 102), (100, 102)])
def test_a_bar_that_goes_on_beyond_a_line_over_it_ends_there(first: int, last: int) -> None:
    rgb = simple()
    rgb[first : last + 1, 21:400] = RED
    (trace,) = look(rgb)
    np.testing.assert_allclose(trace.y_px, np.array(TOPS) - 0.5, atol=CLEAN_PX)


def test_an_outline_with_a_rim_beyond_is_no_line_over_bars() -> None:
    rgb = simple()
    for k, top in enumerate(TOPS):
        rgb[top + 1 : top + 3, 40 + 70 * k : 80 + 70 * k] = RED
    (trace,) = look(rgb)
    assert (np.abs(trace.y_px - np.array(TOPS)) > 0.8).all()


def test_a_grid_line_beyond_the_end_of_a_bar_is_none_either() -> None:
    rgb = simple()
    for left, right in ((21, 40), (80, 110), (150, 180), (220, 250), (290, 320), (360, 400)):
        rgb[96, left:right] = 200
    rgb[96, 40:80] = rgb[96, 250:290] = 200
    (trace,) = look(rgb)
    assert trace.y_px[3] == pytest.approx(97.5, abs=0.5)
