"""Names of a legend in one row are read apart."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from test_text import draw

from digitizer.ocr import load_recogniser
from digitizer.ocr.protocol import Reading
from digitizer.stages.text.boxes import upright_boxes
from digitizer.stages.text.ink import Glyphs
from digitizer.stages.text.lines import LINE_GAP, link_neighbours
from digitizer.stages.text.read import is_upside_down, read_text


def test_names_in_one_row_are_parted_at_their_samples() -> None:
    def paint(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], "k", label="wild type")
        axes.plot([0, 1], [1, 0], "k--", label="mutant")
        axes.plot([0, 1], [1, 1], "0.4", label="control")
        axes.figure.subplots_adjust(bottom=0.3)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=3)

    drawn = draw(paint)
    texts = {span.text for span in read_text(drawn[0], drawn[1], load_recogniser("ppocr"))}
    assert {"wild type", "mutant", "control"} <= texts


def test_names_in_one_row_are_parted_at_grey_squares() -> None:
    # A key in grey is ink as letters are, and stands between names of one digit (ggplot2's factor levels).
    def paint(axes: Axes) -> None:
        axes.bar(range(2), [1, 2], color="0.5", label="6")
        axes.bar(range(2, 4), [3, 2], color="0.55", label="8")
        axes.figure.subplots_adjust(top=0.7)
        style = {"frameon": False, "handlelength": 1.5, "handleheight": 1.5, "columnspacing": 0.4}
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.05), ncol=2, **style)

    drawn = draw(paint)
    texts = [
        span.text for span in read_text(drawn[0], drawn[1], load_recogniser("ppocr")) if span.panel is None
    ]
    assert {"6", "8"} <= set(texts)
    assert "68" not in texts


def test_what_mixes_letters_and_digits_upside_down_is_not_read_so() -> None:
    loss = Reading(text="LoSs", confidence=0.81)
    assert not is_upside_down(loss, Reading(text="SS07", confidence=0.84))
    assert is_upside_down(loss, Reading(text="SS07", confidence=0.95))
    assert is_upside_down(loss, Reading(text="Rate", confidence=0.84))
    assert is_upside_down(Reading(text="L055", confidence=0.81), Reading(text="SS07", confidence=0.84))


@pytest.mark.parametrize(("width", "together"), [(2, False), (6, True)])
def test_the_dot_of_an_i_below_a_row_is_no_underscore(width: int, together: bool) -> None:
    # An upper row with a descender, and three px below that either a dot, or what is wide enough for a dash.
    boxes = [(0, 0, 5, 8), (7, 3, 11, 8), (13, 3, 17, 11), (14, 13, 13 + width, 13)]
    left, top, right, bottom = np.array(boxes).T
    n = len(boxes)
    glyphs = Glyphs(
        label=np.arange(n), left=left, top=top, right=right, bottom=bottom, area=np.full(n, 12),
        tint=np.zeros((n, 3)), coloured=np.zeros(n, dtype=bool), panel=np.full(n, -1),
    )  # fmt: skip
    pairs = link_neighbours(upright_boxes(glyphs), glyphs, LINE_GAP)
    assert (3 in np.concatenate(pairs)) is together


@pytest.mark.parametrize("turned", [True, False])
def test_a_row_of_lone_digits_on_end_is_told_from_level_ones(turned: bool) -> None:
    def paint(axes: Axes) -> None:
        axes.bar(range(5), [3, 5, 2, 6, 4])
        axes.set_xticks(range(5), ["3", "4", "5", "6", "8"], rotation=90 if turned else 0)

    drawn = draw(paint)
    spans = read_text(drawn[0], drawn[1], load_recogniser("ppocr"))
    frame = drawn[1][0].box
    below = [span for span in spans if span.box.top > frame.bottom]
    assert [span.text for span in sorted(below, key=lambda s: s.box.left)] == ["3", "4", "5", "6", "8"]
    assert {span.angle_deg for span in below} == {90.0 if turned else 0.0}
