"""Labels that only those beside them tell: numbers read as one, lone strokes, short ones on end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from test_stood import glyphs_of

from digitizer.evidence import Box, Picture, TextSpan
from digitizer.ocr.protocol import Reading
from digitizer.stages.text.candidates import choose_lines, may_be_glyph
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.joined_numbers import part_joined
from digitizer.stages.text.lines import Line
from digitizer.stages.text.lone_strokes import name_strokes, strokes_in_row
from digitizer.stages.text.row_on_end import stand_rows


def label(text: str, middle: float, width: float, top: float = 318.0) -> TextSpan:
    box = Box(left=middle - width / 2 + 0.5, right=middle + width / 2 - 0.5, top=top, bottom=top + 7)
    return TextSpan(box=box, text=text, confidence=0.99)


def test_numbers_that_were_read_as_one_are_parted_where_they_go_on_as_those_beside_them() -> None:
    # The last label is moved inwards, until it ends where the axis does.
    row = [label(str(20 * k), 40 + 27 * k, 5 * len(str(20 * k))) for k in range(10)]
    spans = part_joined([*row, label("200220", 321.5, 34)])
    assert [span.text for span in spans[10:]] == ["200", "220"]
    assert spans[10].box.center[0] == pytest.approx(312, abs=0.6)
    assert spans[11].box.right == pytest.approx(338, abs=0.6)


@pytest.mark.parametrize(("text", "middle"), [("200221", 321.5), ("200220", 380.0), ("190220", 321.5)])
def test_other_numbers_stay_whole(text: str, middle: float) -> None:
    row = [label(str(20 * k), 40 + 27 * k, 5 * len(str(20 * k))) for k in range(10)]
    assert [span.text for span in part_joined([*row, label(text, middle, 34)])][10:] == [text]


def test_a_lone_stroke_at_the_next_step_of_a_row_of_letters_is_an_i() -> None:
    letters = [(46 + 20 * k, 318, 51 + 20 * k, 325) for k in range(8)]
    row, off, low = (208, 318, 209, 325), (214, 318, 215, 325), (208, 320, 209, 327)
    glyphs = glyphs_of([*letters, row, off, low])
    lines = [Line(members=np.array([k])) for k in range(11)]
    assert [line.members.tolist() for line in strokes_in_row(lines, lines[:8], glyphs)] == [[8]]
    assert not strokes_in_row(lines, lines[:2], glyphs)


def test_a_stroke_of_one_pixel_is_an_i_in_small_print_alone() -> None:
    for size, found in ((8, [[8]]), (16, [])):
        letters = [(46 + 20 * k, 318, 46 + 20 * k + size - 2, 318 + size) for k in range(8)]
        glyphs = glyphs_of([*letters, (208, 318, 208, 318 + size)])
        lines = [Line(members=np.array([k])) for k in range(9)]
        assert [line.members.tolist() for line in strokes_in_row(lines, lines[:8], glyphs)] == found


def test_a_lying_stroke_below_an_axis_is_an_i_among_letters_on_end() -> None:
    letters = [(52 + 20 * k, 318, 59 + 20 * k, 323) for k in range(8)]
    wide = (212, 318, 226, 319)
    for stroke, found in (((212, 318, 219, 319), [([8], False)]), (wide, [])):
        glyphs = glyphs_of([*letters, stroke])
        lines = [Line(members=np.array([k])) for k in range(9)]
        strokes = strokes_in_row(lines, lines[:8], glyphs)
        assert [(line.members.tolist(), line.upright) for line in strokes] == found
    mates = [
        replace(label(name, 0, 0), box=Box(left=a, top=b, right=c, bottom=d))
        for name, (a, b, c, d) in zip("ABCDEFGH", letters, strict=True)
    ]
    lying = TextSpan(
        box=Box(left=212, top=318, right=219, bottom=319), text="l", confidence=0.6, angle_deg=90.0
    )
    named = name_strokes([*mates, lying])[-1]
    assert (named.text, named.angle_deg) == ("I", 0.0)
    # As high as its mates it belongs to their row.
    assert named.box.center[1] == mates[0].box.center[1]


@pytest.mark.parametrize(("names", "read"), [("ABCD", "I"), ("2345", "1"), ("abcd", "1")])
def test_a_lone_stroke_is_named_as_its_mates_are(names: str, read: str) -> None:
    mates = [label(name, 49 + 20 * k, 6) for k, name in enumerate(names)]
    assert name_strokes([*mates, label("1", 129, 2)])[-1].text == read


@pytest.mark.parametrize(("names", "read"), [("ACLT", "O"), ("1234", "0"), ("AC", "0")])
def test_a_lone_nought_among_capitals_is_a_letter(names: str, read: str) -> None:
    mates = [label(name, 49 + 20 * k, 6) for k, name in enumerate(names)]
    assert name_strokes([*mates, label("0", 129, 6)])[-1].text == read


class Turned:
    """Reads what is longer than high, as labels on end are once they are turned."""

    def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
        return [Reading(text="10", confidence=0.99 if c.shape[1] > c.shape[0] else 0.6) for c in crops]


@pytest.mark.parametrize("reads_turned", [True, False])
def test_short_labels_stand_on_end_where_they_are_read_so(reads_turned: bool) -> None:
    rgb = np.full((360, 300, 3), 255, dtype=np.uint8)
    for k in range(6):
        # Level labels down an axis, and below it two touching digits on end.
        rgb[40 + 40 * k : 48 + 40 * k, 20:25] = 0
        rgb[42 + 40 * k : 46 + 40 * k, 21:24] = 255
        left, tall = 60 + 40 * k, 11
        rgb[318 : 318 + tall, left : left + 8] = 0
        rgb[319 : 318 + tall - 1, left + 2 : left + 5] = 255
    sheet = find_ink(Picture(name="row", sha256="", rgb=rgb), ())
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert all(line.upright for line in lines)

    class Level(Turned):
        def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
            return [Reading(text="A", confidence=0.6 if c.shape[1] > c.shape[0] else 0.99) for c in crops]

    stood = stand_rows(lines, sheet, Turned() if reads_turned else Level())
    turned = [line for line in stood if not line.upright]
    assert len(turned) == (6 if reads_turned else 0)


class Either:
    """Reads everything as surely either way."""

    def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
        return [Reading(text="A", confidence=0.95) for _ in crops]


@pytest.mark.parametrize(("gaps", "members"), [((1,), 2), ((4, 4), 3), ((9,), 0)])
def test_flat_glyphs_above_each_other_are_labels_on_end(gaps: tuple[int, ...], members: int) -> None:
    rgb = np.full((360, 300, 3), 255, dtype=np.uint8)
    for k in range(6):
        rgb[40 + 40 * k : 48 + 40 * k, 20:25] = 0
        rgb[42 + 40 * k : 46 + 40 * k, 21:24] = 255
    for left in (60, 120):
        top = 318
        for n, gap in enumerate((*gaps, 0)):
            # Letters are as wide as others are high, the dash between two of them is a pixel wide.
            dash = n == 1 and len(gaps) == 2
            rgb[top : top + 5, left + 4 * dash : left + (5 if dash else 8)] = 0
            if not dash:
                rgb[top + 1 : top + 4, left + 2 : left + 5] = 255
            top += 5 + gap
    sheet = find_ink(Picture(name="row", sha256="", rgb=rgb), ())
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    turned = [line for line in stand_rows(lines, sheet, Either()) if not line.upright]
    assert [line.members.size for line in turned] == [members] * 2 * (members > 0)
    assert all(np.all(np.diff(sheet.glyphs.top[line.members]) < 0) for line in turned)


@pytest.mark.parametrize(("length", "members"), [(16, 1), (8, 2)])
def test_an_axis_line_beside_its_nought_is_none_of_its_text(length: int, members: int) -> None:
    rgb = np.full((120, 200, 3), 255, dtype=np.uint8)
    for k in range(3):
        # A column of noughts; beside the last one begins a line that a bar's side cuts.
        rgb[20 + 40 * k : 29 + 40 * k, 20:27] = 0
        rgb[22 + 40 * k : 27 + 40 * k, 22:25] = 255
    rgb[104:106, 28 : 28 + length] = 0
    sheet = find_ink(Picture(name="column", sha256="", rgb=rgb), ())
    lines = choose_lines(sheet, may_be_glyph(sheet.glyphs))
    assert [line.members.size for line in lines if sheet.glyphs.top[line.members[0]] > 90] == [members]
