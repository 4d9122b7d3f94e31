"""Samples and sides of legends are no text."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, TextSpan
from digitizer.stages.text.candidates import may_be_glyph
from digitizer.stages.text.ink import find_ink
from digitizer.stages.text.read import without_samples


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("—", "target"), "target"),
        (("-", "5", "x"), "- 5 x"),
        (("—", "my", "own"), "my own"),
        (("-o-", "target"), "target"),
    ],
)
def test_a_dash_before_a_word_is_a_sample_and_no_text(words: tuple[str, ...], left: str) -> None:
    parts = tuple(
        (word, Box(left=40 * k, right=40 * k + 30, top=5, bottom=15)) for k, word in enumerate(words)
    )
    whole = Box(left=0, right=40 * len(words) - 10, top=5, bottom=15)
    (span,) = without_samples(TextSpan(box=whole, text=" ".join(words), confidence=0.9, words=parts))
    assert span.text == left
    assert span.box.left == (0 if left.startswith("-") else 40)
    assert span.box.right == whole.right


def test_the_side_of_a_legend_that_a_grid_line_cuts_is_no_letter() -> None:
    """Where the grid is erased the box around a legend falls into strokes as high as letters are."""
    rgb = np.full((200, 260, 3), 255, dtype=np.uint8)
    rgb[100, 41:200] = 90
    rgb[78:124, 200] = 190
    frame = PanelFrame(
        box=Box(left=40, top=20, right=240, bottom=180), sides=frozenset(), background=(255, 255, 255),
        grid_x=np.empty(0), grid_y=np.array([100.0]),
    )  # fmt: skip
    for k in range(8):  # the labels, which tell how high letters are
        rgb[185:195, 40 + 25 * k : 46 + 25 * k] = 0
    sheet = find_ink(Picture(name="side", sha256="", rgb=rgb), (frame,))
    cut = sheet.glyphs.left == 200
    assert np.count_nonzero(cut) == 2
    assert not may_be_glyph(sheet.glyphs)[cut].any()
