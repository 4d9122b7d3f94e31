"""Ink that runs over a panel's top is taken with it, marks of an axis there are not."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.series.inks.spill import rows_over_top

BLUE, GREY, SIDE = (76, 120, 168), (136, 136, 136), (221, 221, 221)


def _frame() -> PanelFrame:
    return PanelFrame(
        box=Box(left=20, top=20, right=220, bottom=150),
        sides=frozenset(("left", "top", "right", "bottom")),
        background=(255, 255, 255), grid_x=np.empty(0), grid_y=np.empty(0),
    )  # fmt: skip


def _picture() -> np.ndarray:
    rgb = np.full((170, 240, 3), 255, dtype=np.uint8)
    rgb[[20, 150], 20:221] = SIDE
    rgb[20:151, [20, 220]] = SIDE
    return rgb


def _rows(rgb: np.ndarray) -> int:
    return rows_over_top(Picture(name="", sha256="", rgb=rgb), _frame(), (22, 22, 218, 148))


@pytest.mark.parametrize("width", [2, 4])
def test_a_crest_on_the_limit_is_seen_whole(width: int) -> None:
    rgb = _picture()
    rgb[21 - width : 21 + width // 2, 90:131] = BLUE
    # From the row above the panel's inside, which begins at 22, to the crest's first one.
    assert _rows(rgb) == 22 - (21 - width)


def test_marks_above_a_side_are_not_of_the_panel() -> None:
    rgb = _picture()
    rgb[16:20, 40:220:40] = SIDE
    assert _rows(rgb) == 0
    rgb = _picture()
    rgb[20, 20:221] = rgb[16:20, 40:220:40] = GREY
    assert _rows(rgb) == 0


def test_what_comes_from_above_or_goes_on_is_not_of_the_panel() -> None:
    rgb = _picture()
    rgb[10:24, 90:93] = BLUE
    assert _rows(rgb) == 0
    rgb = _picture()
    rgb[17:20, 90:93] = BLUE
    rgb[17, 80:100] = BLUE
    rgb[20:60, 90:93] = BLUE
    assert _rows(rgb) == 0
    rgb = _picture()
    rgb[17:20, 90:93] = BLUE
    assert _rows(rgb) == 0


def test_what_a_second_side_cuts_is_not_seen_whole_either() -> None:
    rgb = _picture()
    rgb[17:25, 215:228] = BLUE
    assert _rows(rgb) == 0
