"""Boxes around legends: those that hug their contents, and closed rectangles that stand off."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.series.inks.drawn_box import covered_by

# Contents in the middle of a panel of 300 x 200 pixels, and a box that reaches far to their right.
CONTENTS = (100, 60, 150, 90)
BOX = (90, 50, 230, 100)


def panel() -> np.ndarray:
    away = np.zeros((200, 300), dtype=bool)
    away[65:85:4, 104:148:3] = True
    return away


def draw(away: np.ndarray, left: int, top: int, right: int, bottom: int, thick: int = 2) -> None:
    """A rectangle's outline, clipped to the panel."""
    for k in range(thick):
        for row in (top + k, bottom - k):
            if 0 <= row < len(away):
                away[row, max(0, left) : right + 1] = True
        for column in (left + k, right - k):
            if 0 <= column < away.shape[1]:
                away[max(0, top) : bottom + 1, column] = True


def test_a_box_that_is_wider_than_its_contents_is_covered_as_a_whole() -> None:
    away = panel()
    draw(away, *BOX)
    assert covered_by(away, CONTENTS) == [BOX]


def test_a_box_in_the_corner_of_a_panel_is_closed_by_its_sides() -> None:
    away = panel()
    # Right of the last column and above the first row the panel's own sides are drawn.
    draw(away, 80, -10, 310, 130)
    assert covered_by(away, (100, 40, 250, 90)) == [(80, 0, 299, 130)]


def test_of_a_box_that_a_series_passes_through_the_lines_are_covered() -> None:
    away = panel()
    draw(away, *BOX)
    away[95:97, 60:260] = True
    covered = covered_by(away, CONTENTS)
    hidden = np.zeros_like(away)
    for left, top, right, bottom in covered:
        hidden[top : bottom + 1, left : right + 1] = True
    # A box whose inside is not bare hides what it is drawn with, and no series beyond its contents.
    assert not hidden[80, 200]
    assert hidden[50:52, 90:231].all()
    assert hidden[60:90, 229:231].all()


@pytest.mark.parametrize("grid", [(40, 110), (55, 95)])
def test_lines_that_cross_are_a_grid_and_no_box(grid: tuple[int, int]) -> None:
    away = panel()
    away[list(grid)] = True
    away[:, [80, 240]] = True
    near = covered_by(away, CONTENTS)
    # ... though a line may hug the contents.
    assert len(near) == 1
    assert near[0][2] <= 165


def test_a_full_bar_around_a_number_is_no_box() -> None:
    away = np.zeros((200, 300), dtype=bool)
    away[20:200, 90:230] = True
    assert covered_by(away, CONTENTS)[0][2] < 229


def test_nothing_is_drawn_around_a_bare_text() -> None:
    assert covered_by(panel(), CONTENTS) == [CONTENTS]


def test_a_grid_line_beyond_a_border_is_no_side_of_it() -> None:
    away = np.zeros((200, 300), dtype=bool)
    # A legend nearly as tall as its panel: beside it grid lines end where those that run on would go on.
    contents = (120, 20, 200, 180)
    away[40:160:6, 124:190:3] = True
    draw(away, 112, 12, 208, 188)
    away[:, 101] = True
    assert covered_by(away, contents) == [(111, 11, 209, 189)]
