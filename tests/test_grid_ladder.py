"""A grid's lines under an area are found where the bare ones say, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.frames.grid_ladder import complete_grid

START = 31
BARE = (20.0, 70.0, 120.0)
COVERED = (170.0, 220.0, 270.0)


def inside(*, dotted: bool, opacity: float, noise: float = 0.0) -> ByteImage:
    """Upright grid lines every 50 pixels; an area hides most of those right of 140."""
    rgb = np.full((241, 311, 3), 255.0)
    rows = np.arange(241) % 3 == 0 if dotted else np.ones(241, dtype=bool)
    for at in (*BARE, *COVERED):
        rgb[rows, int(at)] = 200.0
    color = np.array([31.0, 119.0, 180.0])
    rgb[20:, 140:] = (1 - opacity) * rgb[20:, 140:] + opacity * color
    rgb += np.random.default_rng(3).normal(0.0, noise, rgb.shape)
    return np.clip(np.round(rgb), 0, 255).astype(np.uint8)


def places(found: FloatArray) -> FloatArray:
    return found - START


@pytest.mark.parametrize(
    ("dotted", "opacity", "noise"), [(False, 0.5, 0.0), (True, 0.3, 0.0), (False, 0.5, 1.0)]
)
def test_lines_under_an_area_are_found(dotted: bool, opacity: float, noise: float) -> None:
    known = np.array(BARE) + START
    found = complete_grid(inside(dotted=dotted, opacity=opacity, noise=noise), known, START, 1.0)
    assert places(found) == pytest.approx([*BARE, *COVERED], abs=0.2)


def test_lines_that_nothing_shows_are_not_made_up() -> None:
    known = np.array(BARE) + START
    assert places(complete_grid(inside(dotted=False, opacity=1.0), known, START, 1.0)).tolist() == list(BARE)
    assert complete_grid(inside(dotted=False, opacity=0.5), known[:1], START, 1.0).tolist() == [51.0]
    # Off the places of the others there may be a series.
    odd = np.array([20.0, 59.0, 98.0]) + START
    assert complete_grid(inside(dotted=False, opacity=0.5), odd, START, 1.0).tolist() == odd.tolist()
