"""Markers beyond the last line of a grid are read where no side says that the plot area ends there."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.series import trace_series
from digitizer.stages.series.fits.shapes import coverage, outline_distance

BOX = Box(left=40.0, top=60.0, right=360.0, bottom=240.0)
LINES = np.arange(60.0, 241.0, 30.0)
RED = np.array([200.0, 70.0, 50.0])
SIZE_PX = 9.0
TOLERANCE_PX = 0.5
INNER = [(80.3, 200.7), (130.2, 160.1), (170.8, 190.4), (220.6, 120.9), (270.1, 90.3), (310.4, 140.2)]
BEYOND = [(60.2, 258.3), (330.7, 44.6)]


def draw(points: list[tuple[float, float]]) -> Picture:
    """Discs on level grid lines, with dark letters below, and one in the discs' colour at a name."""
    yy, xx = np.mgrid[0:300, 0:400].astype(np.float64)
    rgb = np.full((300, 400, 3), 255.0)
    for y in LINES.astype(int):
        rgb[y, 40:361] = 225.0
    for x in (100, 200, 300):
        rgb[270:280, x - 3 : x + 4 : 2] = 60.0
    for x in range(112, 150, 3):
        rgb[34:44, x] = 40.0
    for x, y in [*points, (100.0, 39.0)]:
        share = coverage(outline_distance("circle", xx - x, yy - y, SIZE_PX / 2))[..., None]
        rgb += share * (RED - rgb)
    return Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8))


@pytest.mark.parametrize("boxed", [False, True])
def test_markers_beyond_the_last_line_of_a_grid(boxed: bool) -> None:
    frame = PanelFrame(
        box=BOX,
        sides=frozenset({"left", "right", "top", "bottom"} if boxed else {"top", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.array([]),
        grid_y=LINES[1:-1],
    )
    (trace,) = trace_series(draw(INNER + BEYOND), frame, (), ())
    found = np.column_stack([trace.x_px, trace.y_px])
    points = INNER if boxed else INNER + BEYOND
    assert len(found) == len(points)
    for point in points:
        assert np.abs(found - point).max(axis=1).min() < TOLERANCE_PX, point
