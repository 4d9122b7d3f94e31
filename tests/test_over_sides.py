"""Markers that reach over a side of the frame are read where they stand, each once."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, PanelFrame, Picture, Side
from digitizer.stages.series import trace_series
from digitizer.stages.series.fits.shapes import coverage, outline_distance

FRAME = Box(left=40.5, top=30.5, right=359.5, bottom=249.5)
BLUE = np.array([90.0, 130.0, 190.0])
# Middles are told by two edges to a quarter of a pixel.
TOLERANCE_PX = 0.5
INNER = [(80.3, 200.7), (130.2, 160.1), (170.8, 190.4), (220.6, 120.9), (270.1, 90.3), (310.4, 140.2)]


def draw(
    points: list[tuple[float, float]],
    kind: str,
    size: float,
    opacity: float,
    paper: float,
    stroke: float = 170.0,
) -> Picture:
    """Markers over a grey box with ticks, a label's letters and a mark in their own colour beside it."""
    yy, xx = np.mgrid[0:290, 0:400].astype(np.float64)
    rgb = np.full((290, 400, 3), paper)
    rgb[30:250, 40:360] = 250.0
    for y in (30, 249):
        rgb[y : y + 2, 40:361] = stroke
    for x in (40, 359):
        rgb[30:251, x : x + 2] = stroke
    for x in (100, 200, 300):
        rgb[251:257, x : x + 2] = BLUE
        rgb[261:270, x - 3 : x + 4 : 2] = BLUE
    for x, y in points:
        share = opacity * coverage(outline_distance(kind, xx - x, yy - y, size / 2))[..., None]
        rgb += share * (BLUE - rgb)
    return Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8))


def read(picture: Picture) -> np.ndarray:
    sides: frozenset[Side] = frozenset({"left", "top", "right", "bottom"})
    frame = PanelFrame(
        box=FRAME,
        sides=sides,
        background=(250, 250, 250),
        grid_x=np.array([]),
        grid_y=np.array([]),
        line_width=2.0,
    )
    (trace,) = trace_series(picture, frame, (), ())
    assert trace.kind == "scatter"
    return np.column_stack([trace.x_px, trace.y_px])


def assert_read(found: np.ndarray, points: list[tuple[float, float]]) -> None:
    assert len(found) == len(points)
    for point in points:
        assert np.abs(found - point).max(axis=1).min() < TOLERANCE_PX, point


@pytest.mark.parametrize("kind", ["circle", "square"])
@pytest.mark.parametrize("size", [7.0, 11.0])
@pytest.mark.parametrize("paper", [255.0, 235.0])
def test_markers_over_each_side(kind: str, size: float, paper: float) -> None:
    over = [(40.9, 100.2), (150.3, 29.8), (358.8, 210.1), (260.7, 249.3)]
    points = INNER + over
    assert_read(read(draw(points, kind, size, 1.0, paper)), points)


def test_one_on_the_side_and_one_on_it() -> None:
    points = [*INNER, (250.0, 31.2), (250.0, 36.0)]
    assert_read(read(draw(points, "circle", 11.0, 0.7, 255.0)), points)


def test_markers_near_a_side_stay_as_they_are() -> None:
    points = [*INNER, (100.4, 242.0), (50.3, 60.6)]
    assert_read(read(draw(points, "circle", 9.0, 1.0, 255.0)), points)


def test_small_ones_in_the_middle_of_thick_sides() -> None:
    points = [*INNER, (40.5, 30.5), (359.5, 180.2), (240.7, 249.5)]
    assert_read(read(draw(points, "circle", 5.0, 1.0, 255.0, stroke=0.0)), points)
