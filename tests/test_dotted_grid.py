"""The lines of a sparsely dotted grid are found; markers on a lattice are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.frames.measure import measure_frame

BOX = Box(left=40, top=20, right=620, bottom=410)
ROWS, COLUMNS = (98, 176, 254, 332), (156, 272, 388, 504)


def blank() -> ByteImage:
    rgb = np.full((450, 660, 3), 255, np.uint8)
    cv2.rectangle(rgb, (40, 20), (620, 410), (0, 0, 0), 1)
    return rgb


def grid_of(rgb: ByteImage) -> tuple[list[float], list[float]]:
    frame = measure_frame(Picture(name="drawn", sha256="", rgb=rgb), BOX)
    assert frame is not None
    return frame.grid_y.tolist(), frame.grid_x.tolist()


@pytest.mark.parametrize("period", [3, 4, 6])
def test_a_dotted_grid_is_found_behind_a_line_and_bars(period: int) -> None:
    rgb = blank()
    for row in ROWS:
        rgb[row, 42:619:period] = 150
    for column in COLUMNS:
        rgb[22:409:period, column] = 150
    rgb[200:409, 300:340] = (219, 15, 30)
    cv2.line(rgb, (42, 380), (618, 60), (40, 80, 200), 2, cv2.LINE_AA)
    rows, columns = grid_of(rgb)
    assert rows == pytest.approx(ROWS, abs=0.6)
    assert columns == pytest.approx(COLUMNS, abs=0.6)


def test_markers_on_a_lattice_and_lines_at_uneven_places_are_no_grid() -> None:
    rgb = blank()
    for row in ROWS:
        for x in range(50, 612, 16):
            cv2.circle(rgb, (x, row), 1, (60, 60, 60), -1)
    assert grid_of(rgb) == ([], [])
    rgb = blank()
    for row in (98, 131, 320):
        rgb[row, 42:619:4] = 150
    assert grid_of(rgb) == ([], [])
