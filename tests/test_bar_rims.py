"""Edges in the colour of the paper that bars are drawn with are part of the bars."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray
from digitizer.stages.bars.rims import rim_width
from digitizer.stages.pixels.rectangles import Rectangle

GROUND = np.full(3, 255.0)


def drawn(edge: float, *, over: bool) -> tuple[FloatArray, list[tuple[int, int]]]:
    """Three bars of 30 px over grid lines, with edges of so many px; ``over``: lines cross the bars."""
    fine = np.full((120, 2200, 3), 255.0)
    fine[20:120:20] = 200.0
    for k in range(3):
        left, right = 200 + 600 * k, 500 + 600 * k
        half = round(5 * edge)
        fine[10:, left - half : right + half] = 255.0
        fine[10:, left + half : right - half] = (70.0, 110.0, 170.0)
    if over:
        fine[20:120:20] = 200.0
    sides = [(round(20 + 60 * k + edge / 2), round(49 + 60 * k - edge / 2)) for k in range(3)]
    return fine.reshape(120, 220, 10, 3).mean(axis=2), sides


@pytest.mark.parametrize("edge", [0.0, 0.8, 1.4, 2.6])
@pytest.mark.parametrize("over", [False, True])
def test_edges_are_as_wide_as_grid_lines_end_beside_bars(edge: float, over: bool) -> None:
    rgb, sides = drawn(edge, over=over)
    bars = [Rectangle(fill=0, first=a, last=b, top=10, bottom=119, n_filled=30 * 110) for a, b in sides]
    width = rim_width(np.round(rgb).astype(np.uint8), bars, [(119.5, 9.5)] * 3, GROUND)
    assert width == pytest.approx(0.0 if over else edge, abs=0.15)


def test_bars_with_gaps_between_them_have_no_edges() -> None:
    rgb = np.full((120, 160, 3), 255, dtype=np.uint8)
    bars = []
    for k, top in enumerate((10, 40, 25, 60)):
        first = 20 + 30 * k
        rgb[top:, first : first + 28] = (70, 110, 170)
        bars.append(Rectangle(fill=0, first=first, last=first + 27, top=top, bottom=119, n_filled=28))
    assert rim_width(rgb, bars, [(119.5, r.top - 0.5) for r in bars], GROUND) == 0.0


@pytest.mark.parametrize("phase", range(6))
def test_gaps_of_a_dashed_grid_are_no_edges(phase: int) -> None:
    rgb = np.full((120, 220, 3), 255, dtype=np.uint8)
    dashed = (np.arange(220) + phase) % 6 < 3
    rgb[20:120:20, dashed] = 200
    bars = []
    for first in (20, 80, 140):
        rgb[10:, first : first + 30] = (70, 110, 170)
        bars.append(Rectangle(fill=0, first=first, last=first + 29, top=10, bottom=119, n_filled=30 * 110))
    assert rim_width(rgb, bars, [(119.5, 9.5)] * 3, GROUND) == 0.0
