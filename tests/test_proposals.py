"""Rectangles are proposed from the extents on which strokes agree."""

from __future__ import annotations

import pytest

from digitizer.stages.strokes.proposals import propose_rectangles
from digitizer.stages.strokes.strokes import Stroke


def test_letters_below_grid_lines_carry_no_panel_on() -> None:
    """Two of seven grid lines ran on through the stems of the labels below them."""
    level = [Stroke(at=90.0 + 92 * k, start=50, end=804, sign=0, width=1) for k in range(5)]
    ends = [497.0, 497, 513, 497, 512, 496, 497]
    upright = [Stroke(at=85.0 + 114 * k, start=27, end=end, sign=0, width=1) for k, end in enumerate(ends)]
    best = propose_rectangles(level, upright, shape=(600, 900))[0]
    assert (best.box.top, best.box.bottom) == pytest.approx((27, 497), abs=1)


@pytest.mark.parametrize(("axis", "bottom"), [(262.0, 262.0), (280.0, 130.0)])
def test_the_axis_that_bars_stand_on_closes_a_grid_whose_lower_lines_they_hide(
    axis: float, bottom: float
) -> None:
    level = [Stroke(at=at, start=39.0, end=426.0, sign=0) for at in (42.0, 86.0, 130.0, axis)]
    found = propose_rectangles(level, [], shape=(325, 500))
    assert max(p.box.bottom for p in found) == pytest.approx(bottom, abs=1.0)
    assert all(p.box.top == pytest.approx(42.0, abs=1.0) for p in found)


def test_an_edge_along_the_tops_of_labels_is_no_side() -> None:
    """In JPEG the edge above a row of digits runs on from one to the next."""
    level = [Stroke(at=at, start=537, end=974, sign=0, width=2) for at in (26.0, 120.0, 215.0, 311.5)]
    level.append(Stroke(at=317.5, start=568, end=967, sign=-1, width=0))
    upright = [Stroke(at=at, start=26, end=313, sign=0, width=2) for at in (538.5, 700.0, 850.0, 973.0)]
    best = propose_rectangles(level, upright, shape=(352, 984))[0]
    assert best.box.bottom == pytest.approx(311.5, abs=0.6)
