"""Panels below black strips: the strips are told in JPEG, and the tops lie in the border that these hide."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, Picture
from digitizer.stages.frames.measure import frame_within
from digitizer.stages.panels.dark_strips import find_hidden_tops
from digitizer.stages.panels.title_strips import find_strips


def draw(level: int) -> np.ndarray:
    """Two strips with white titles, each on a panel whose border, 2 px wide, is black."""
    rgb = np.full((330, 260, 3), 255, np.uint8)
    for top in (20, 180):
        rgb[top : top + 24, 30:231] = level
        rgb[top + 8 : top + 16, 110:150] = 255
        rgb[top + 23 : top + 25, 30:231] = rgb[top + 130 : top + 132, 30:231] = 0
        rgb[top + 23 : top + 132, [30, 31, 229, 230]] = 0
    return rgb


@pytest.mark.parametrize(("level", "top"), [(0, 43.5), (217, 45.0)])
def test_the_top_lies_within_a_strip_as_dark_as_the_border(level: int, top: float) -> None:
    picture = Picture(name="drawn", sha256="", rgb=draw(level))
    frame = frame_within(
        picture.rgb,
        Box(left=30.5, top=45.0, right=229.5, bottom=150.5),
        drawn=("left", "right", "bottom"),
        line_width=2.0,
    )
    strip = Box(left=30, top=20, right=230, bottom=44)
    assert find_hidden_tops(picture, [frame], [strip])[0].box.top == pytest.approx(top, abs=0.3)


def test_specks_beside_a_title_end_no_strip() -> None:
    grey = draw(0)[..., 0].astype(np.int16)
    whole = [(box.top, box.bottom) for box in find_strips(grey)]
    grey[25, 150] = grey[186, 109] = 40  # JPEG
    assert [(box.top, box.bottom) for box in find_strips(grey)] == whole
    assert len(whole) == 2
