"""Titles of one letter on end beside a column of labels are read, and labels without them."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from test_text import draw, missed

from digitizer.ocr import load_recogniser
from digitizer.stages.text.read import read_text

RECOGNISER = load_recogniser("ppocr")


@pytest.mark.parametrize("letter", ["y", "b", "a"])
@pytest.mark.parametrize("most", [40, 100])
def test_a_title_of_one_letter_is_read_apart_from_the_label_beside_it(letter: str, most: int) -> None:
    def paint(axes: Axes) -> None:
        axes.plot([1, 2, 3], [0.3 * most, 0.9 * most, 0.2 * most])
        axes.set_ylim(0, most)
        axes.set_yticks([most * k / 8 for k in range(9)], [f"{most * k // 8}" for k in range(9)])
        axes.set_ylabel(letter, labelpad=3.5)

    drawn = draw(paint)
    spans = read_text(drawn[0], drawn[1], RECOGNISER)
    assert missed(drawn, spans) == []
    assert next(span for span in spans if span.text == letter).angle_deg == 90.0


def test_the_first_word_of_a_name_is_no_title() -> None:
    def paint(axes: Axes) -> None:
        names = ["Japan", "India", "Spain", "S Korea", "Chile", "Kenya", "Peru"]
        axes.barh(names, [3, 5, 2, 6, 4, 7, 1])

    drawn = draw(paint)
    assert missed(drawn, read_text(drawn[0], drawn[1], RECOGNISER)) == []
