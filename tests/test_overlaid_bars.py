"""Translucent bars over each other are two series, and stacked ones of three colours are three."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, Picture, Trace
from digitizer.stages.bars.find import find_bars
from digitizer.stages.frames.measure import frame_within

PANEL = Box(left=40.0, top=10.0, right=340.0, bottom=310.0)
VIOLET, BROWN, ALPHA = (103, 81, 147), (202, 136, 97), 0.7
FIRST = np.array([200, 180, 60, 90, 150, 30, 220, 120])
SECOND = np.array([150, 210, 80, 60, 150, 70, 190, 160])


def over(color: tuple[int, int, int], ground: np.ndarray) -> np.ndarray:
    return np.round(ALPHA * np.array(color) + (1 - ALPHA) * ground)


def read(rgb: np.ndarray) -> list[Trace]:
    rgb[310, 40:341] = 136
    picture = Picture(name="bars", sha256="", rgb=rgb.astype(np.uint8))
    return list(find_bars(picture, frame_within(picture.rgb, PANEL, drawn=["bottom"]), (), ()))


def test_each_of_two_translucent_series_starts_at_the_base() -> None:
    rgb = np.full((340, 400, 3), 255.0)
    for heights, color in ((FIRST, VIOLET), (SECOND, BROWN)):
        for k, height in enumerate(heights):
            part = rgb[310 - height : 310, 46 + 36 * k : 74 + 36 * k]
            part[:] = over(color, part)
    traces = {trace.color: trace for trace in read(rgb)}
    plain = [tuple(over(color, np.full(3, 255.0)).astype(int).tolist()) for color in (VIOLET, BROWN)]
    assert set(traces) == set(plain)
    for color, heights in zip(plain, (FIRST, SECOND), strict=True):
        assert 309.5 - traces[color].y_px == pytest.approx(heights, abs=1.0)
        assert np.ptp(traces[color].base_px) == 0


def test_a_stack_whose_lowest_colour_is_no_blend_stays_one() -> None:
    rgb = np.full((340, 400, 3), 255.0)
    for k, (low, high) in enumerate(zip(np.minimum(FIRST, SECOND), np.maximum(FIRST, SECOND), strict=True)):
        columns = slice(46 + 36 * k, 74 + 36 * k)
        rgb[310 - high : 310 - low, columns] = VIOLET if k % 2 else BROWN
        rgb[310 - low : 310, columns] = (60, 150, 90)
    assert len(read(rgb)) == 3
