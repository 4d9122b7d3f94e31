"""What is read of a text, held against the letters that are seen."""

from __future__ import annotations

import numpy as np

from digitizer.ocr import Reading
from digitizer.stages.text.boxes import Boxes
from digitizer.stages.text.snippets import Letters
from digitizer.stages.text.wording import contradicts, normalise, settle_text, split_numbers


def letters(*glyphs: tuple[float, float, float, float]) -> Letters:
    """Letters of 10 px on the baseline 9; each glyph as left, top, right, bottom."""
    left, top, right, bottom = (np.array(column, float) for column in zip(*glyphs, strict=True))
    boxes = Boxes(left=left, top=top, right=right, bottom=bottom)
    return Letters(boxes=boxes, baseline=9.0, height=10.0, width_px=int(right.max()) + 2)


ZERO, POINT, FIVE = (0, 0, 5, 9), (8, 8, 9, 9), (12, 0, 17, 9)
MINUS = (-10, 4, -3, 4)


def test_a_dropped_point_is_put_back_where_its_blob_is() -> None:
    text, confidence = settle_text(Reading("05", 0.99, positions=(0.2, 0.8)), letters(ZERO, POINT, FIVE))
    assert text == "0.5"
    assert confidence <= 0.9


def test_the_second_letter_of_a_word_with_one_capital_is_low() -> None:
    # Rounded, the o of North is as high as a capital: 8 px where r has 6.
    sizes = (10, 8, 6, 9, 10)
    glyphs = [(12.0 * k, 10.0 - size, 12.0 * k + 7, 9.0) for k, size in enumerate(sizes)]
    reading = Reading("NOrth", 0.99, positions=tuple((k + 0.3) / 5 for k in range(5)))
    assert settle_text(reading, letters(*glyphs))[0] == "North"


def test_the_broken_foot_of_a_digit_is_no_point() -> None:
    text, _ = settle_text(Reading("05", 0.99, positions=(0.2, 0.8)), letters(ZERO, (11, 9, 12, 9), FIVE))
    assert text == "05"


def test_a_point_without_a_blob_is_doubted() -> None:
    assert settle_text(Reading("0.5", 0.99), letters(ZERO, FIVE))[1] <= 0.5


def test_a_dropped_minus_is_put_back() -> None:
    assert settle_text(Reading("0.5", 0.99), letters(MINUS, ZERO, POINT, FIVE))[0] == "-0.5"


def test_a_digit_too_many_is_doubted_or_replaced() -> None:
    two = letters(ZERO, FIVE)
    assert contradicts("505", two)
    assert settle_text(Reading("505", 0.99), two)[1] <= 0.5
    assert settle_text(Reading("505", 0.99, alternative="05"), two)[0] == "05"


def test_the_low_letter_of_a_power_of_ten_is_no_doubt_and_a_raised_digit_is() -> None:
    one, low, six = (0, 0, 5, 9), (7, 3, 12, 9), (14, 0, 19, 9)
    assert settle_text(Reading("1e6", 0.97), letters(one, low, six)) == ("1e6", 0.97)
    assert settle_text(Reading("106", 0.97), letters(one, six, (21, -5, 26, 1)))[1] <= 0.5
    assert settle_text(Reading("1e6", 0.97), letters(one, low, (14, -5, 19, 1)))[1] <= 0.5


def test_the_low_letter_of_a_suffix_is_no_doubt() -> None:
    one, zero = (0, 0, 5, 9), (7, 0, 12, 9)
    assert settle_text(Reading("10m", 0.97), letters(one, zero, (14, 3, 22, 9))) == ("10m", 0.97)
    assert settle_text(Reading("10m", 0.97), letters(one, zero, (14, -5, 22, 1)))[1] <= 0.5


def test_a_gap_between_words_becomes_a_space() -> None:
    wide = letters((0, 0, 5, 9), (7, 0, 12, 9), (19, 0, 24, 9), (26, 0, 31, 9))
    text, _ = settle_text(Reading("abhd", 0.99, positions=(0.08, 0.3, 0.66, 0.88)), wide)
    assert text == "ab hd"


def test_narrow_letters_of_a_typewriter_font_are_no_gaps_between_words() -> None:
    # Survey in DejaVu Sans Mono: its r is narrow, and the step from the u no longer than the others.
    glyphs = ((0, 0, 7, 9), (10, 3, 17, 9), (22, 3, 27, 9), (30, 3, 37, 9), (40, 3, 47, 9), (50, 3, 57, 9))
    reading = Reading("Survey", 0.99, positions=(0.07, 0.24, 0.42, 0.57, 0.74, 0.91))
    assert settle_text(reading, letters(*glyphs))[0] == "Survey"
    # In another font it is a word's beginning.
    apart = tuple((a + 3 * (k > 1), b, c + 3 * (k > 1), d) for k, (a, b, c, d) in enumerate(glyphs))
    assert settle_text(reading, letters(*apart))[0] == "Su rvey"


def test_capitals_follow_the_height_of_their_glyphs() -> None:
    word = letters((0, 0, 5, 9), (7, 3, 12, 9), (14, 3, 19, 9), (21, 3, 26, 9))
    assert settle_text(Reading("LoSS", 0.8), word)[0] == "Loss"


def test_capitals_are_lower_than_ascenders() -> None:
    # The heights of a DejaVu "Scal" of 9 px: capital 9, low letters 7, ascender 11.
    word = letters((0, 1, 5, 9), (7, 3, 12, 9), (14, 3, 19, 9), (21, -1, 22, 9))
    assert settle_text(Reading("scal", 0.9), word)[0] == "Scal"
    assert settle_text(Reading("SCal", 0.9), word)[0] == "Scal"


def test_a_row_of_numbers_is_split_at_its_gaps() -> None:
    row = letters((0, 0, 5, 9), (14, 0, 19, 9), (21, 0, 26, 9))
    assert split_numbers("0 10", row) == [("0", slice(0, 1)), ("10", slice(1, 3))]
    assert split_numbers("a 10", row) == [("a 10", slice(0, 3))]


def test_a_capital_whose_rows_were_rounded_down_stays_as_it_was_read() -> None:
    capitals = (0, 1, 5, 9), (16, -1, 22, 9), (24, 1, 31, 9)
    for top, expected in ((2, "LSTM"), (4, "LsTM")):
        first, third, fourth = capitals
        text, _ = settle_text(Reading("LSTM", 0.99), letters(first, (7, top, 13, 9), third, fourth))
        assert text == expected


def test_a_capital_between_low_letters_before_its_own_low_form_is_low() -> None:
    # Rounded, the first s is as high as a capital may be.
    glyphs = (0, 0, 5, 7), (7, 2, 12, 7), (14, 1, 18, 7), (20, 2, 24, 7)
    assert settle_text(Reading("LoSS", 0.97), letters(*glyphs))[0] == "Loss"
    assert settle_text(Reading("LoSs", 0.97), letters(*glyphs))[0] == "Loss"


def test_the_dash_of_a_range_has_its_spaces_back() -> None:
    # Gaps of five and four pixels beside letters of ten, and such as a typewriter's font has.
    for dash, last, text in ((10, 21, "1 - 4"), (8, 16, "1-4")):
        glyphs = ((0, 0, 4, 9), (dash, 5, dash + 6, 5), (last, 0, last + 6, 9))
        reading = Reading("1-4", 0.99, positions=(0.1, 0.5, 0.9))
        assert settle_text(reading, letters(*glyphs))[0] == text


def test_a_bracket_that_nothing_closes_ends_a_number_as_a_nought() -> None:
    for read, text in (("105(", "1050"), ("12(", "120"), ("(105(", "(105("), ("R(", "R("), ("(5)", "(5)")):
        assert normalise(read) == text
