"""A grid that comes out from behind bars carries a side to its end; tick marks and letters carry none."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, PanelFrame, Side
from digitizer.stages.frames.hidden import end_behind_fills

# The bars end at 300, the grid ends at 341.
BOX = Box(left=40, top=30, right=300, bottom=230)
PLACES = (55, 95, 135, 175, 215)
BLUE, GREY = (31, 119, 180), (215, 215, 215)


def frame(*sides: Side, box: Box = BOX) -> PanelFrame:
    return PanelFrame(
        box=box, sides=frozenset(sides), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )


def lying_bars(ends: tuple[int, ...] = (300, 299, 180, 240, 90)) -> ByteImage:
    rgb = np.full((260, 400, 3), 255, np.uint8)
    for at, end in zip(PLACES, ends, strict=True):
        rgb[at, 40:342] = GREY
        rgb[at - 12 : at + 13, 40 : end + 1] = BLUE
    return rgb


def standing_bars(*, ink: tuple[int, int, int] = GREY, gap: int = 0) -> ByteImage:
    """A last bar from 300 to 325 that hides the grid behind it, ``gap`` pixels of ground beside it."""
    rgb = np.full((260, 400, 3), 255, np.uint8)
    for at in PLACES:
        rgb[at, 40:342] = ink
    rgb[40:, 301:326] = BLUE
    rgb[:, 326 : 326 + gap] = 255
    return rgb


@pytest.mark.parametrize("crossed", [False, True])
def test_lines_out_of_the_ends_of_bars_tell_the_side(crossed: bool) -> None:
    rgb = lying_bars()
    if crossed:
        rgb[:, 320:322] = GREY
    assert end_behind_fills(rgb, frame(), "right") == pytest.approx(341.5)


def test_lines_from_behind_a_bar_tell_the_side() -> None:
    assert end_behind_fills(standing_bars(), frame("right"), "right") == pytest.approx(341.5)
    mirrored = np.ascontiguousarray(standing_bars()[:, ::-1])
    box = Box(left=99, top=30, right=359, bottom=230)
    assert end_behind_fills(mirrored, frame("left", box=box), "left") == pytest.approx(57.5)


def test_marks_and_letters_tell_nothing() -> None:
    # Strokes that start at some distance from the bar are labels, coloured ones series.
    assert end_behind_fills(standing_bars(gap=8), frame(), "right") is None
    assert end_behind_fills(standing_bars(ink=(230, 120, 60)), frame(), "right") is None
    # Tick marks stand at the drawn side that bars start from.
    marks = lying_bars()
    for at in PLACES:
        marks[at, 30:40] = 0
    assert end_behind_fills(marks, frame("left"), "left") is None


def test_the_grid_of_the_next_facet_comes_from_behind_no_bar() -> None:
    # Shaded panels with white lines, white paper between them, and the lower one's title strip.
    rgb = np.full((400, 340, 3), 255, np.uint8)
    for top, bottom in ((30, 200), (232, 399)):
        rgb[top : bottom + 1, 40:301] = 235
        rgb[top : bottom + 1, 55:300:40] = 255
        rgb[top + 9 : top + 13, 40:301] = 255
    rgb[210:232, 40:301] = 217
    upper = PanelFrame(
        box=Box(left=40, top=30, right=300, bottom=200), sides=frozenset(), background=(235, 235, 235),
        grid_x=np.arange(55.0, 300.0, 40.0), grid_y=np.zeros(0),
    )  # fmt: skip
    assert end_behind_fills(rgb, upper, "bottom") is None
