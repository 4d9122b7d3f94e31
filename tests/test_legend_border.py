"""Samples beside legend texts: told from what lies beyond the legend's border, and the last one left over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, Picture, TextSpan
from digitizer.stages.legend.naming import name_the_last
from digitizer.stages.samples.beside import _parts, find_sample

TEXT = Box(left=97, top=22, right=146, bottom=35)
BLUE = (0, 114, 178)


@pytest.mark.parametrize("border", [False, True])
def test_dots_beyond_the_border_of_a_legend_are_no_sample(border: bool) -> None:
    rgb = np.full((60, 180, 3), 255, np.uint8)
    for x in range(2, 62, 4):
        rgb[28, x : x + 2] = 120
    cv2.circle(rgb, (81, 28), 4, BLUE, -1, cv2.LINE_AA)
    if border:
        cv2.rectangle(rgb, (66, 4), (170, 56), (60, 60, 60), 1)
    sample = find_sample(Picture(name="drawn", sha256="", rgb=rgb), TEXT, 18.0)
    assert sample is not None
    # Without a border between them nothing tells the dots from a dotted sample.
    assert (sample.box.left > 66) == border
    assert (sample.swatch.color == BLUE) == border


@pytest.mark.parametrize(("rows", "is_side"), [(53, True), (20, False)])
def test_a_long_upright_stroke_is_a_side_of_the_legend_and_no_part_of_a_sample(
    rows: int, is_side: bool
) -> None:
    window = np.zeros((85, 120, 3), np.int16)
    window[43 - rows // 2 : 43 + rows // 2 + 1, 48:54] = 160
    window[41:45, 58:95] = BLUE
    parts = _parts(window.any(axis=2), window, 43.0, 25.0, cut=True)
    assert parts == [(48, 33, 53, 53)] * (not is_side) + [(58, 41, 94, 44)]


def entries(*texts: str) -> tuple[LegendEntry, ...]:
    return tuple(
        LegendEntry(text=TextSpan(box=TEXT, text=text, confidence=1.0), swatch=None, color=BLUE)
        for text in texts
    )


def test_the_last_series_has_the_last_entry() -> None:
    assert name_the_last(("a", None, "c"), entries("a", "b", "c")) == ("a", "b", "c")
    # One of two, and series that the legend does not list, stay unnamed.
    assert name_the_last(("a", None), entries("a", "b")) == ("a", None)
    assert name_the_last(("a", "b", "c", None), entries("a", "b", "c")) == ("a", "b", "c", None)
    assert name_the_last(("a", None, None), entries("a", "b", "c")) == ("a", None, None)
