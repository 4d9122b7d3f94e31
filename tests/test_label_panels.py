"""Panels that their labels alone tell: where columns of labels above each other run on into one."""

from __future__ import annotations

import numpy as np

from digitizer.stages.panels.label_panels import propose_from_labels
from digitizer.stages.strokes.strokes import Stroke

LETTER = (6.0, 8.0)


def label(x: float, y: float, n_letters: int) -> list[tuple[float, float, float, float]]:
    """The letters of a label that ends at x, centred at y."""
    width, height = LETTER
    step = width + 2
    return [
        (x - step * k - width, y - height / 2, x - step * k - 1, y + height / 2 - 1) for k in range(n_letters)
    ]


def test_a_column_that_runs_on_to_the_panel_below_is_cut_at_the_row_between_them() -> None:
    # The lower panel's first label stands one pitch of the upper ones below their last one.
    upper, lower = [50.0, 145.0, 240.0, 335.0], [430.0, 500.0, 570.0, 640.0, 710.0]
    ink = [box for k, y in enumerate([*upper, *lower]) for box in label(80, y, 1 + k % 3)]
    for row in (355.0, 730.0):
        ink += [box for k in range(6) for box in label(96 + 60.0 * k, row, 2)]
    grey = np.full((760, 460), 255, np.int16)
    found = propose_from_labels(grey, np.array(ink), [], [])
    for p in found:
        top, bottom = (50.0, 335.0) if p.n_row_labels == 4 else (430.0, 710.0)
        assert abs(p.box.top - top) <= 1
        assert abs(p.box.bottom - bottom) <= 1
    assert {p.n_row_labels for p in found} == {4, 5}


def test_low_letters_are_of_their_words_and_a_line_within_bars_is_no_axis() -> None:
    grey = np.full((400, 460), 255, np.int16)
    rows = [60.0, 120.0, 180.0, 240.0]
    # Names end in letters too low to make a word by themselves: an n or a y as tall as a dot is wide.
    ink = [box for k, y in enumerate(rows) for box in label(62, y, 1 + k)]
    ink += [(x, y - 2, x + 6, y + 2) for y in rows for x in (63.0, 72.0)]
    for k in range(5):
        ink += label(113 + 60.0 * k, 300.0, 2)
    for k, y in enumerate(rows):
        grey[int(y) - 25 : int(y) + 26, 105 : 150 + 60 * k] = 120
    grid = [Stroke(at=240.0, start=105.0, end=345.0, sign=0, width=1.0)]
    found = propose_from_labels(grey, np.array(ink), grid, [])
    assert found
    assert all(p.n_row_labels == 4 for p in found)
    assert all(p.box.bottom > 265 for p in found)


def test_a_row_of_marks_begins_at_the_side_and_a_line_as_long_is_the_side_above() -> None:
    grey = np.full((400, 460), 255, np.int16)
    # The label at the corner melts with the marks there, and stands in no column.
    ink = [box for y in (60.0, 150.0, 240.0) for box in label(80, y, 3)]
    for x in (160, 220, 280, 340, 400):
        grey[330:340, x : x + 2] = 120
        ink.append((float(x), 330.0, x + 1.0, 339.0))
    for y in (60, 150, 240):
        grey[y : y + 2, 88:99] = 120
    grey[300:304, 200:204] = 60
    line = [Stroke(at=20.5, start=99.0, end=400.0, sign=0, width=1.0)]
    (box,) = {p.box for p in propose_from_labels(grey, np.array(ink), line, [])}
    assert (box.top, box.bottom) == (20.5, 329.5)
    longer = [Stroke(at=20.5, start=9.0, end=400.0, sign=0, width=1.0)]
    (box,) = {p.box for p in propose_from_labels(grey, np.array(ink), longer, [])}
    assert box.top > 50
    # Texts between them are the labels of the panel above, and the line its axis.
    grey[32:40, 150:360:30] = 60
    (box,) = {p.box for p in propose_from_labels(grey, np.array(ink), line, [])}
    assert box.top > 50
