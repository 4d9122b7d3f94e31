"""Numbers that stand within bars tear no bar to pieces."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.bars.find import find_bars
from digitizer.stages.pixels.enclosed import close_letters

FRAME = Box(left=20, top=10, right=340, bottom=260)
BLUE, PALE = (31, 119, 180), (174, 199, 232)
# Values (px) of two series of three bars each, and where the first of each group lies.
ENDS = {BLUE: (120, 260, 200), PALE: (60, 45, 300)}
TOPS = (30, 110, 190)
HIGH = 24
WITHIN_PX = 0.6


def test_lying_bars_hardly_longer_than_their_numbers() -> None:
    rgb = np.full((281, 361, 3), 255, np.uint8)
    cv2.rectangle(rgb, (20, 10), (340, 260), (0, 0, 0), 1)
    for nth, (color, ends) in enumerate(ENDS.items()):
        for top, end in zip(TOPS, ends, strict=True):
            y = top + nth * HIGH
            rgb[y : y + HIGH, 21 : 20 + end] = color
            place = (20 + end - 33, y + HIGH - 6)
            cv2.putText(rgb, "0.8", place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
    frame = PanelFrame(
        box=FRAME, sides=frozenset(), background=(255, 255, 255), grid_x=np.zeros(0), grid_y=np.zeros(0)
    )
    traces = find_bars(Picture(name="drawn", sha256="", rgb=rgb), frame, (), ())
    assert [t.color for t in traces] == [BLUE, PALE]
    for trace, ends in zip(traces, ENDS.values(), strict=True):
        assert trace.orientation == "horizontal"
        np.testing.assert_allclose(trace.x_px, np.array(ends) + 19.5, atol=WITHIN_PX)


def test_what_lines_enclose_is_no_letter() -> None:
    index = np.full((120, 120), -1, np.int8)
    index[10:110:8] = 0
    index[:, 10:110:8] = 0
    assert np.array_equal(close_letters(index, 1), index)
    cells = np.full((400, 400), -1, np.int8)
    for k in range(3):
        cells[30 + k : 370 : 50] = 0
        cells[:, 30 + k : 370 : 50] = 0
    assert np.array_equal(close_letters(cells, 1), cells)
    index[20:80, 20:100] = 0
    index[45:52, 40:44] = -1
    index[45:52, 50:54] = 1
    closed = close_letters(index, 2)
    assert np.all(closed[45:52, 40:44] == 0)
    assert np.all(closed[45:52, 50:54] == 1)
