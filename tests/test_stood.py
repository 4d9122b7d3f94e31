"""Labels that could be read level stand on end where their row does."""

from __future__ import annotations

import numpy as np

from digitizer.stages.text.column_on_end import stand_in_column
from digitizer.stages.text.ink import Glyphs
from digitizer.stages.text.lines import Line
from digitizer.stages.text.stood import stand_with_row


def glyphs_of(boxes: list[tuple[int, int, int, int]]) -> Glyphs:
    left, top, right, bottom = np.array(boxes).T
    n = len(boxes)
    return Glyphs(
        label=np.arange(n),
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        area=np.full(n, 20),
        tint=np.zeros((n, 3)),
        coloured=np.zeros(n, dtype=bool),
        panel=np.full(n, -1),
    )


def test_a_touching_word_and_a_pair_of_words_stand_with_their_row() -> None:
    # Three labels on end of two letters each, one whose letters touch, two taken for one level line.
    row = [(20 * k, top, 20 * k + 6, top + 6) for k in range(3) for top in (100, 108)]
    glyphs = glyphs_of(
        [*row, (60, 101, 66, 116), (80, 100, 86, 115), (100, 100, 107, 117), (30, 140, 70, 146)]
    )
    on_end = [Line(members=np.array([2 * k + 1, 2 * k]), upright=False) for k in range(3)]
    level = [Line(members=np.array(m), upright=True) for m in ([6], [7, 8], [9])]
    lines = stand_with_row(on_end + level, glyphs)
    assert sorted(tuple(line.members.tolist()) for line in lines if not line.upright) == [
        (1, 0),
        (3, 2),
        (5, 4),
        (6,),
        (7,),
        (8,),
    ]
    assert [line.members.tolist() for line in lines if line.upright] == [[9]]


def test_nothing_is_stood_without_a_row() -> None:
    glyphs = glyphs_of([(0, 100, 6, 120), (20, 100, 26, 120)])
    lines = [Line(members=np.array([0]), upright=False), Line(members=np.array([1]), upright=True)]
    assert [line.upright for line in stand_with_row(lines, glyphs)] == [False, True]


def test_stacked_letters_are_short_labels_on_end() -> None:
    # Four columns of a Q above two digits, and numbers of a vertical axis far apart.
    columns = [(30 * k, top, 30 * k + 8, top + 6) for k in range(4) for top in (100, 109, 122)]
    axis = [(200, top, 206, top + 9) for top in (0, 30, 60)]
    glyphs = glyphs_of([*columns, *axis])
    lines = [Line(members=np.array([k]), upright=True) for k in range(len(columns) + len(axis))]
    found = stand_with_row(lines, glyphs)
    on_end = sorted(tuple(line.members.tolist()) for line in found if not line.upright)
    assert on_end == [(2, 1, 0), (5, 4, 3), (8, 7, 6), (11, 10, 9)]
    assert sum(line.upright for line in found) == len(axis)


def test_two_columns_of_letters_are_no_row() -> None:
    glyphs = glyphs_of([(30 * k, top, 30 * k + 8, top + 6) for k in range(2) for top in (100, 109)])
    lines = [Line(members=np.array([k]), upright=True) for k in range(4)]
    assert all(line.upright for line in stand_with_row(lines, glyphs))


def test_samples_of_the_legends_beside_three_panels_are_no_letters() -> None:
    # Lines with a marker in the middle, 26 px apart, each before a name.
    samples = [(700 * k, top, 700 * k + 37, top + 9) for k in range(3) for top in (47, 73, 99)]
    names = [(700 * k + 50, top, 700 * k + 105, top + 13) for k in range(3) for top in (45, 71, 97)]
    glyphs = glyphs_of([*samples, *names])
    lines = [Line(members=np.array([k]), upright=True) for k in range(len(samples) + len(names))]
    assert all(line.upright for line in stand_with_row(lines, glyphs))


def test_letters_torn_off_labels_on_end_are_put_back() -> None:
    # Three labels on end, one whose first letter (below) is apart, one in two single letters; a title below.
    row = [(20 * k, top, 20 * k + 12, top + 6) for k in range(3) for top in (100, 108)]
    torn = [
        (60, 100, 66, 106),
        (60, 108, 72, 114),
        (58, 117, 72, 121),
        (80, 100, 92, 108),
        (80, 111, 92, 120),
    ]
    glyphs = glyphs_of([*row, *torn, (80, 111, 92, 120), (30, 140, 70, 152)])
    on_end = [Line(members=np.array([2 * k + 1, 2 * k]), upright=False) for k in range(3)]
    on_end.append(Line(members=np.array([7, 6]), upright=False))
    level = [Line(members=np.array([m]), upright=True) for m in (8, 9, 10, 11)]
    lines = stand_with_row(on_end + level, glyphs)
    read = [line.members.tolist() for line in lines if not line.upright]
    assert [8, 7, 6] in read
    assert [10, 9] in read
    assert [line.members.tolist() for line in lines if line.upright] == [[11]]


def test_touching_digits_on_end_are_labels_where_three_stand_in_a_column() -> None:
    level = [(100 + 60 * k, 300, 118 + 60 * k, 307) for k in range(5)]
    tall = [(20, 40 + 60 * k, 27, 51 + 60 * k) for k in range(3)]
    glyphs = glyphs_of(level + tall)
    lines = [Line(members=np.array([k])) for k in range(8)]
    stood = stand_in_column(lines, glyphs)
    assert [line.upright for line in stood] == [True] * 5 + [False] * 3
    # Two are none, nor are level digits of the figure's usual height.
    assert all(line.upright for line in stand_in_column(lines[:7], glyphs))
    usual = glyphs_of(level + [(20, top, 25, top + 8) for _, top, _, _ in tall])
    assert all(line.upright for line in stand_in_column(lines, usual))


def test_a_digit_torn_off_a_label_on_end_is_of_its_column() -> None:
    # 0.8 and .0, whose 1 stands three pixels below; each digit is eight thick.
    digits = [(20, top, 27, top + 5) for top in (40, 50, 100, 110, 160, 170)]
    torn, level = (20, 179, 27, 181), [(100, 300, 118, 307), (160, 300, 178, 307)]
    glyphs = glyphs_of([*digits, torn, *level])
    on_end = [Line(members=np.array([k + 1, k]), upright=False) for k in (0, 2, 4)]
    lines = [*on_end, *(Line(members=np.array([k])) for k in (6, 7, 8))]
    stood = stand_in_column(lines, glyphs)
    assert [line.members.tolist() for line in stood] == [[1, 0], [3, 2], [6, 5, 4], [7], [8]]


def test_digits_on_end_that_stand_apart_are_labels() -> None:
    # 200, 150 and 50 on end as Windows draws them: digits apart, a one in two pieces; below them a lone 0.
    boxes = [(32, top, 42, top + 4) for top in (88, 81, 74, 157, 164, 327, 334, 414)]
    glyphs = glyphs_of([*boxes, (32, 173, 40, 175), (41, 173, 42, 173)])
    lines = [Line(members=np.array([0, 1, 2]), upright=False)]
    lines += [Line(members=np.array([k]), upright=True) for k in range(3, 10)]
    found = stand_in_column(lines, glyphs)
    assert not any(line.upright for line in found)
    assert sorted(sorted(line.members.tolist()) for line in found) == [[0, 1, 2], [3, 4, 8, 9], [5, 6], [7]]


def test_ticks_left_of_an_axis_are_no_digits_on_end() -> None:
    glyphs = glyphs_of([(32, top, 42, top + 1) for top in (50, 100, 150, 200)])
    lines = [Line(members=np.array([k]), upright=True) for k in range(4)]
    assert all(line.upright for line in stand_in_column(lines, glyphs))
