"""A level line with a hue among grid lines without one is a series."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.frames.measure import measure_frame

BOX = Box(left=40, top=20, right=620, bottom=410)
ROWS = (98, 176, 254, 332)
# The green of Vega-Lite's fifth series: a third of its offset from white is hue.
GREEN = (84, 162, 75)


def drawn(grid: tuple[int, int, int], series: tuple[int, int, int]) -> ByteImage:
    rgb = np.full((450, 660, 3), 255, np.uint8)
    cv2.rectangle(rgb, (40, 20), (620, 410), (0, 0, 0), 1)
    for row in ROWS:
        rgb[row, 41:620] = grid
    rgb[380:382, 41:620] = series
    return rgb


def grid_rows(rgb: ByteImage) -> list[float]:
    frame = measure_frame(Picture(name="drawn", sha256="", rgb=rgb), BOX)
    assert frame is not None
    return frame.grid_y.tolist()


def test_a_green_line_among_grey_ones_is_none_of_the_grid() -> None:
    assert grid_rows(drawn((221, 221, 221), GREEN)) == pytest.approx(ROWS, abs=0.1)


@pytest.mark.parametrize(("grid", "line"), [((221, 221, 221), (68, 68, 68)), (GREEN, GREEN)])
def test_a_darker_line_without_hue_and_one_of_a_green_grid_stay(
    grid: tuple[int, int, int], line: tuple[int, int, int]
) -> None:
    assert grid_rows(drawn(grid, line)) == pytest.approx([*ROWS, 380.5], abs=0.6)
