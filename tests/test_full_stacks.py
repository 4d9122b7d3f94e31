"""Fills that cover nearly all of their panel: stacks of a hundred per cent, areas under a high line."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, Picture
from digitizer.stages.bars.find import find_bars
from digitizer.stages.frames.measure import frame_within

PANEL = Box(left=40.0, top=10.0, right=363.0, bottom=310.0)
UPPER, LOWER, PALE = (103, 81, 147), (202, 136, 97), (217, 211, 228)
N_BARS, STEP = 19, 17
# Where the lower bars end (rows): not even, and alike here and there.
ENDS = 150 + (np.arange(N_BARS) * 7) % 11


def full_stacks() -> ByteImage:
    """Bars of two colours that fill a panel, with gaps of two pixels that show no ground."""
    rgb = np.full((340, 400, 3), 255, dtype=np.uint8)
    for k, end in enumerate(ENDS):
        left = 41 + k * STEP
        rgb[10:310, left : left + STEP] = PALE
        rgb[10:end, left + 1 : left + STEP - 1] = UPPER
        rgb[end:310, left + 1 : left + STEP - 1] = LOWER
    rgb[310, 40:364] = 136
    return rgb


def test_the_ground_of_full_stacks_is_the_paper() -> None:
    assert frame_within(full_stacks(), PANEL).background == (255, 255, 255)


def test_each_bar_of_full_stacks_is_found_and_stands_on_the_axis() -> None:
    picture = Picture(name="stacks", sha256="", rgb=full_stacks())
    upper, lower = sorted(
        find_bars(picture, frame_within(picture.rgb, PANEL, drawn=["bottom"]), (), ()),
        key=lambda trace: float(np.mean(trace.y_px)),
    )
    assert upper.x_px.size == lower.x_px.size == N_BARS
    assert lower.y_px == pytest.approx(ENDS - 0.5, abs=0.6)
    assert lower.base_px == pytest.approx(np.full(N_BARS, 309.5), abs=1.5)
    assert upper.base_px == pytest.approx(ENDS - 0.5, abs=0.6)


def test_the_ground_above_a_high_area_is_the_paper() -> None:
    rgb = np.full((340, 400, 3), 255, dtype=np.uint8)
    for column in range(41, 364):
        rgb[int(35 + 9 * np.sin(column / 40)) : 310, column] = (130, 161, 194)
    assert frame_within(rgb, PANEL).background == (255, 255, 255)


def test_a_colourful_ground_with_pale_grid_lines_is_one() -> None:
    rgb = np.full((340, 400, 3), 255, dtype=np.uint8)
    rgb[10:311, 40:364] = (130, 161, 194)
    rgb[20:311:50, 40:364] = 255
    rgb[10:311, 60:364:60] = 255
    assert frame_within(rgb, PANEL).background == (130, 161, 194)
