"""Lines of a grid that bars hide for most of their length."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, Picture
from digitizer.stages.frames.measure import measure_frame

GRID = (64.5, 106.5, 149.0, 191.5)


def bars(*, line: int) -> Picture:
    """Bars over four fifths of a panel, with pale lines between them; ``line`` is how dark these are."""
    rgb = np.full((280, 420, 3), 255, np.uint8)
    rgb[[64, 65, 106, 107, 191, 192], 40:400] = 255 - line // 2
    rgb[149, 40:400] = 255 - line
    for k, top in enumerate((50, 58, 44)):
        rgb[top:234, 52 + 120 * k : 148 + 120 * k] = (31, 119, 180)
    rgb[233:235, 40:400] = 100
    rgb[20:235, 39:41] = 100
    return Picture(name="drawn", sha256="", rgb=rgb)


def test_lines_that_show_between_bars_alone_are_the_grid() -> None:
    frame = measure_frame(bars(line=16), Box(left=39.5, top=20, right=400, bottom=233.5))
    assert frame is not None
    assert frame.grid_y == pytest.approx(GRID, abs=0.3)


def test_gaps_of_bars_without_lines_are_no_grid() -> None:
    frame = measure_frame(bars(line=0), Box(left=39.5, top=20, right=400, bottom=233.5))
    assert frame is not None
    assert not len(frame.grid_y)
