"""A gradient along bars is one colour of theirs; an edge between two colours is where bars are stacked."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from digitizer.evidence import Box, ByteImage, PanelFrame, Picture, Trace
from digitizer.stages.bars.find import find_bars

WIDTH, HEIGHT, BASE = 421, 307, 290
TOPS = (60, 133, 210, 98)
LIGHT, DARK = np.array([160, 205, 255.0]), np.array([70, 145, 212.0])


def look(rgb: ByteImage) -> tuple[Trace, ...]:
    sides = frozenset[Literal["left", "top", "right", "bottom"]](("left", "bottom"))
    box = Box(left=20, top=10, right=400, bottom=BASE)
    none = np.zeros(0)
    frame = PanelFrame(box=box, sides=sides, background=(255, 255, 255), grid_x=none, grid_y=none)
    return find_bars(Picture(name="drawn", sha256="", rgb=rgb), frame, (), ())


def blank() -> ByteImage:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    rgb[BASE, 20:401] = 0
    return rgb


@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_bars_filled_with_a_gradient_are_whole(slope: float) -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        share = slope * np.linspace(0, 1, BASE - top)[:, None, None]
        rgb[top:BASE, 40 + 90 * k : 80 + 90 * k] = np.round(LIGHT + share * (DARK - LIGHT))
    (trace,) = look(rgb)
    assert trace.x_px == pytest.approx(59.5 + 90 * np.arange(4), abs=0.6)
    assert trace.y_px == pytest.approx(np.array(TOPS) - 0.5, abs=0.6)
    assert trace.base_px == pytest.approx(np.full(4, BASE), abs=1.0)


def test_bars_on_each_other_stay_two() -> None:
    rgb = blank()
    for k, top in enumerate(TOPS):
        middle = (top + BASE) // 2
        rgb[top:middle, 40 + 90 * k : 80 + 90 * k] = LIGHT
        rgb[middle:BASE, 40 + 90 * k : 80 + 90 * k] = DARK
    assert sorted(t.x_px.size for t in look(rgb)) == [4, 4]
