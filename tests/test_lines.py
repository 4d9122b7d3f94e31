"""Glyphs grouped into lines: which way they read where both are possible."""

from __future__ import annotations

import numpy as np

from digitizer.stages.text.ink import Glyphs
from digitizer.stages.text.lines import group_lines

Place = tuple[int, int, int, int]


def glyphs(places: list[Place]) -> Glyphs:
    """Grey glyphs outside all frames from their left, top, right and bottom."""
    left, top, right, bottom = np.array(places, dtype=np.int32).T
    n = len(places)
    return Glyphs(
        label=np.arange(1, n + 1, dtype=np.int32), left=left, top=top, right=right, bottom=bottom,
        area=(right - left + 1) * (bottom - top + 1) // 2, tint=np.zeros((n, 3)),
        coloured=np.zeros(n, dtype=bool), panel=np.full(n, -1, dtype=np.int32),
    )  # fmt: skip


def lines(places: list[Place]) -> set[tuple[bool, frozenset[int]]]:
    return {(line.upright, frozenset(map(int, line.members))) for line in group_lines(glyphs(places))}


def test_a_label_below_the_last_one_of_the_other_axis_is_read_level() -> None:
    # -5 at the end of the y axis, Jan right below its digit.
    minus_five = [(65, 413, 69, 414), (71, 406, 79, 417)]
    jan = [(72, 421, 79, 432), (81, 424, 89, 432), (91, 424, 98, 432)]
    assert lines(minus_five + jan) == {(True, frozenset({0, 1})), (True, frozenset({2, 3, 4}))}


def test_an_upward_word_of_letters_that_touch_takes_no_tick_labels() -> None:
    # Loss in one piece beside 1.5 and 1.0, closer than the words of a line are.
    loss = [(18, 146, 25, 169)]
    labels = [(38 + x, y, 42 + x, y + 7) for y in (143, 168) for x in (0, 7, 14)]
    assert lines(loss + labels) == {
        (False, frozenset({0})),
        (True, frozenset({1, 2, 3})),
        (True, frozenset({4, 5, 6})),
    }


def test_an_upward_word_in_pieces_of_unequal_length_is_no_pile_of_digits() -> None:
    # Accuracy (%) in italics, whose letters touch in twos and threes.
    word = [(9, 154, 20, 158), (9, 158, 20, 173), (11, 177, 20, 201), (11, 202, 17, 215), (11, 216, 17, 221)]
    word.append((9, 223, 17, 231))
    labels = [(52 + x, y, 57 + x, y + 8) for y in (118, 198, 278) for x in (0, 7)]
    found = lines(word + labels)
    assert (False, frozenset(range(6))) in found
    assert len(found) == 4


def test_a_one_on_its_side_belongs_to_the_digit_above_it() -> None:
    # 14, 13 and 12 on end (each a digit above a lying 1), and level digits no taller than lying ones.
    on_end = [(31, top, 39, top + size) for y in (57, 117, 177) for top, size in ((y, 5), (y + 9, 2))]
    level = [(100 + 40 * k, 300, 104 + 40 * k, 305) for k in range(3)]
    turned = {members for upright, members in lines(on_end + level) if not upright}
    assert turned == {frozenset({0, 1}), frozenset({2, 3}), frozenset({4, 5})}


def test_labels_joined_by_an_upward_word_in_one_piece_part_once_it_is_gone() -> None:
    # Intensity (a.u.) whose word is one piece, as tall as the labels beside it are apart.
    word = [(5, 101, 16, 150), (5, 152, 13, 154), (4, 93, 14, 96), (7, 85, 13, 91), (7, 73, 13, 79)]
    labels = [(23, 99, 36, 107), (38, 99, 51, 107)] + [(x, 148, x + 6, 157) for x in (23, 30, 38)]
    labels += [(23, 197, 36, 206), (38, 197, 51, 206)]
    found = lines(word + labels)
    assert {(True, frozenset({5, 6})), (True, frozenset({7, 8, 9})), (True, frozenset({10, 11}))} <= found


def test_short_names_below_each_other_whose_letters_touch_read_level() -> None:
    # Alps over Jura in two pieces each, closer than the words of a line are.
    alps, jura = [(564, 45, 577, 53), (579, 46, 582, 51)], [(564, 58, 573, 64), (575, 59, 583, 64)]
    tick = [(424 + 50 * k, 364, 433 + 50 * k, 371) for k in range(4)]
    found = lines(alps + jura + tick)
    assert (True, frozenset({0, 1})) in found
    assert (True, frozenset({2, 3})) in found


def test_a_month_whose_first_letter_descends_is_read_level_above_its_year() -> None:
    # Jan over 2006, aligned to the left: J and 2 follow each other upwards.
    jan = [(51, 316, 53, 326), (55, 318, 59, 324), (61, 318, 65, 324)]
    year = [(52, 328, 56, 336), (58, 328, 63, 336), (65, 328, 69, 336), (71, 328, 76, 336)]
    assert lines(jan + year) == {(True, frozenset({0, 1, 2})), (True, frozenset({3, 4, 5, 6}))}
