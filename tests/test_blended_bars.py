"""Bars that end within a pixel: by how much of it they cover, on the ground and on other bars."""

from __future__ import annotations

import numpy as np
import pytest
from test_bars import frame, picture

from digitizer.evidence import Scale
from digitizer.stages.bars.blended import share_of_blend
from digitizer.stages.bars.find import find_bars
from digitizer.stages.values.bar_values import bar_sigma, bar_values

GROUND = np.array([255.0, 255.0, 255.0])
GREEN, TEAL = np.array([84.0, 162.0, 75.0]), np.array([114.0, 183.0, 178.0])


def _cover(pixels: np.ndarray, top: float, bottom: float, color: np.ndarray) -> None:
    """Paint a bar between two edges (px) over what is there, as anti-aliasing does."""
    rows = np.arange(len(pixels))
    part = np.clip(np.minimum(rows + 0.5, bottom) - np.maximum(rows - 0.5, top), 0.0, 1.0)
    pixels += part[:, None, None] * (color - pixels)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("first", [True, False])
def test_the_ground_that_shines_through_between_two_bars_is_no_edge(share: float, first: bool) -> None:
    column = np.tile(GROUND, (9, 1, 1)).reshape(9, 1, 3)
    bars = [(-0.5, 4.5 + share, GREEN), (4.5 + share, 8.5, TEAL)]
    for top, bottom, color in bars if first else bars[::-1]:
        _cover(column, top, bottom, color)
    found = share_of_blend(np.round(column[:, 0]), GREEN, TEAL, GROUND)
    assert found is not None
    assert found[0] == 5
    assert found[1] == pytest.approx(share, abs=0.03)


def test_what_is_no_blend_tells_no_share() -> None:
    column = np.vstack([np.tile(GREEN, (5, 1)), [[20.0, 20.0, 20.0]], np.tile(TEAL, (3, 1))])
    assert share_of_blend(column, GREEN, TEAL, GROUND) is None
    assert share_of_blend(np.vstack([column[:5], column[6:]]), GREEN, TEAL, GROUND) is None


def test_stacks_close_beside_each_other_are_read_to_a_tenth_of_a_pixel() -> None:
    seams, tops = [200.5, 203.7, 196.45, 215.6, 212.5, 214.8], [120.7, 133.4, 101.6, 140.2, 122.5, 90.9]
    rgb = np.full((310, 420, 3), 255.0)
    for k, (seam, top) in enumerate(zip(seams, tops, strict=True)):
        columns = rgb[:, 40 + 22 * k : 60 + 22 * k]
        _cover(columns, top, seam, TEAL)
        _cover(columns, seam, 289.5, GREEN)
    traces = find_bars(picture(np.round(rgb).astype(np.uint8)), frame(), (), ())
    upper, lower = sorted(traces, key=lambda trace: float(trace.y_px.mean()))
    np.testing.assert_allclose(lower.y_px, seams, atol=0.1)
    np.testing.assert_allclose(upper.y_px, tops, atol=0.1)
    assert max(upper.sigma_px.max(), lower.sigma_px.max()) <= 0.15
    # A scale that is shifted shifts both ends of a bar on another one.
    scale = Scale(
        kind="linear", origin=289.5, slope=-1.0, values=np.zeros(3), used=np.ones(3, dtype=bool),
        residual_px=0.0, covariance=np.diag([0.25, 0.0]),
    )  # fmt: skip
    deviations = [bar_sigma(t, scale, *bar_values(t, scale, traces)).max() for t in (upper, lower)]
    assert deviations == pytest.approx([0.1 * np.sqrt(2), np.hypot(0.1, 0.5)], rel=0.05)
