"""Samples of thin lines are paler than the lines: their colours are told by what the panel shows."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.series.inks.listed import as_drawn

TEAL, SAMPLE, BLUE = (114, 183, 178), (149, 201, 197), (76, 120, 168)
FRAME = PanelFrame(
    box=Box(left=20.0, top=10.0, right=320.0, bottom=210.0),
    sides=frozenset({"left", "bottom"}),
    background=(255, 255, 255),
    grid_x=np.empty(0),
    grid_y=np.empty(0),
)


def entry(name: str, color: tuple[int, int, int], row: int, marker: str = "none") -> LegendEntry:
    text = TextSpan(box=Box(left=360, top=row, right=390, bottom=row + 8), text=name, confidence=0.99)
    swatch = Box(left=340, top=row + 3, right=350, bottom=row + 4)
    return LegendEntry(text=text, swatch=swatch, color=color, line_style="solid", marker=marker)


def drawn(color: tuple[int, int, int]) -> Picture:
    """A wavy line of two pixels, with a paler row above where it slopes."""
    rgb = np.full((240, 400, 3), 255, dtype=np.uint8)
    for x in range(22, 320):
        y = int(110 + 60 * np.sin(x / 25))
        rgb[y - 1, x] = 255 - (255 - np.array(color)) // 3
        rgb[y : y + 2, x] = color
    return Picture(name="line", sha256="", rgb=rgb)


@pytest.mark.parametrize(
    ("color", "others", "expected"),
    [
        (TEAL, [], TEAL),
        # The sample's own colour is drawn,
        (SAMPLE, [], SAMPLE),
        # or the fuller one is another's.
        (TEAL, [entry("full", TEAL, 60)], SAMPLE),
    ],
)
def test_a_pale_sample_is_as_full_as_its_line(
    color: tuple[int, int, int], others: list[LegendEntry], expected: tuple[int, int, int]
) -> None:
    ink = see_ink(drawn(color), FRAME, ())
    assert ink is not None
    legend = as_drawn((entry("pale", SAMPLE, 30), *others, entry("blue", BLUE, 90)), ink)
    assert legend[0].color == pytest.approx(expected, abs=3)
    assert legend[-1].color == BLUE


def test_the_sample_of_a_marker_stays_as_it_is() -> None:
    ink = see_ink(drawn(TEAL), FRAME, ())
    assert ink is not None
    assert as_drawn((entry("pale", SAMPLE, 30, marker="circle"),), ink)[0].color == SAMPLE


def test_tick_marks_are_no_fuller_line() -> None:
    rgb = drawn((71, 71, 71)).rgb.copy()
    for x in range(40, 320, 9):
        rgb[205:210, x : x + 2] = 0
    ink = see_ink(Picture(name="ticks", sha256="", rgb=rgb), FRAME, ())
    assert ink is not None
    # The sample's colour as JPEG left it lies between the line's and the marks'.
    assert as_drawn((entry("grey", (51, 51, 51), 30), entry("blue", BLUE, 90)), ink)[0].color == (51, 51, 51)
