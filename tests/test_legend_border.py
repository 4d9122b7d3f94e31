"""Samples beside legend texts: told from what lies beyond the legend's border, and the last one left over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, Picture, TextSpan
from digitizer.stages._samples import find_sample
from digitizer.stages.naming import name_the_last

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


def test_a_thick_side_of_the_legend_is_no_part_of_a_sample_beside_it() -> None:
    rgb = np.full((80, 180, 3), 255, np.uint8)
    rgb[8:49, 50:54] = 160
    rgb[27:30, 58:90] = BLUE
    sample = find_sample(Picture(name="drawn", sha256="", rgb=rgb), TEXT, 18.0)
    assert sample is not None
    assert (sample.box.left, sample.swatch.line_style) == (58, "solid")


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
