"""Heaps of translucent markers are parted by how dark they are."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Picture, Trace
from digitizer.stages.series import trace_series
from digitizer.stages.series.fits.shapes import coverage, outline_distance
from tests.evidences import FRAME

BLUE = np.array([31.0, 119.0, 180.0])
DIAMETER, OPACITY = 12.0, 0.5
ALONE = [(x, y) for y in (45.0, 75.0, 105.0) for x in (80.3, 120.8, 160.1, 200.6)]
PAIRS = [(x + k * 8.4, 140.2) for x in (80.2, 130.7, 180.4, 230.9) for k in (0, 1)]


def trace(places: list[tuple[float, float]]) -> Trace:
    """Read discs that each let half of what lies below them through."""
    y, x = np.mgrid[0:240, 0:480].astype(np.float64)
    rgb = np.full((240, 480, 3), 255.0)
    for px, py in places:
        cover = OPACITY * coverage(outline_distance("circle", x - px, y - py, DIAMETER / 2))[..., None]
        rgb = (1 - cover) * rgb + cover * BLUE
    picture = Picture(name="drawn", sha256="", rgb=np.round(rgb).astype(np.uint8))
    (found,) = trace_series(picture, FRAME, (), ())
    return found


def farthest(found: Trace, places: list[tuple[float, float]]) -> float:
    """How far (px) the nearest marker is from a place, at most."""
    truth: FloatArray = np.array(places)
    return float(
        np.hypot(found.x_px[:, None] - truth[:, 0], found.y_px[:, None] - truth[:, 1]).min(axis=0).max()
    )


def test_discs_nearly_on_each_other_are_told_by_their_darkness() -> None:
    heap = [(302.4, 92.7), (304.6, 91.7), (299.7, 89.1), (305.5, 79.1), (299.5, 90.6), (293.1, 92.1)]
    heap += [(296.9, 94.7), (299.6, 93.7)]
    places = [*ALONE, *PAIRS, *heap]
    found = trace(places)
    assert found.x_px.size == len(places)
    assert farthest(found, places) < 0.6


def test_discs_apart_are_read_as_they_are() -> None:
    found = trace([*ALONE, *PAIRS])
    assert found.x_px.size == len(ALONE) + len(PAIRS)
    assert farthest(found, [*ALONE, *PAIRS]) < 0.6
