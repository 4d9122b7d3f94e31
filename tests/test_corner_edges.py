"""Bands get their corners where the line inside them has its points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.areas.corner_edges import on_corners

RNG = np.random.default_rng(5)
KNOTS = 60.3 + 23.7 * np.arange(16)
MIDDLE = 150.0 + np.cumsum(RNG.normal(0, 45, 16)) / 2
WIDE = RNG.uniform(18, 45, 16)


def line(sampled_at: str = "vertices") -> Trace:
    x = KNOTS if sampled_at == "vertices" else np.arange(61.0, 416.0)
    return Trace(
        kind="line", color=(31, 119, 180), x_px=x, y_px=np.interp(x, KNOTS, MIDDLE),
        sigma_px=np.full(x.size, 0.1), sampled_at="vertices" if sampled_at == "vertices" else "columns",
        line_width_px=2.0,
    )  # fmt: skip


def band(low: FloatArray, high: FloatArray, by: float = 0.0) -> Trace:
    """A band by columns, each of which shows the mean of three, moved right and down."""
    x = np.arange(61.0, 416.0)

    def seen(edge: FloatArray) -> FloatArray:
        fine = x[:, None] - by + np.linspace(-1.5, 1.5, 31)
        return np.interp(fine, KNOTS, edge).mean(axis=1) + by

    low, high = seen(low), seen(high)
    return Trace(
        kind="band", color=(210, 227, 240), x_px=x, y_px=(low + high) / 2, sigma_px=np.full(x.size, 0.15),
        sampled_at="columns", line_style="none", y_low_px=low, y_high_px=high,
    )  # fmt: skip


@pytest.mark.parametrize("by", [0.0, 0.5])
def test_blunted_and_moved_tips_are_put_on_the_points_of_the_line(by: float) -> None:
    drawn = band(MIDDLE + WIDE, MIDDLE - WIDE, by)
    (found,) = on_corners([drawn], [line()])
    for name, edge in (("y_low_px", MIDDLE + WIDE), ("y_high_px", MIDDLE - WIDE)):
        before = np.abs(np.interp(KNOTS, drawn.x_px, getattr(drawn, name)) - edge)
        after = np.abs(np.interp(KNOTS, found.x_px, getattr(found, name)) - edge)
        assert before.max() > 1.0
        assert after.max() < 0.35
    assert found.x_px[0] == KNOTS[0]
    assert np.isin(KNOTS, found.x_px).all()


def test_what_tells_no_corners_stays() -> None:
    drawn = band(MIDDLE + WIDE, MIDDLE - WIDE)
    assert on_corners([drawn], [line("columns")]) == (drawn,)
    beyond = replace(line(), x_px=KNOTS + 30.0)
    assert on_corners([drawn], [beyond]) == (drawn,)
    # Edges that bend half-way between the points of the line have their corners there.
    smooth = 40.0 * np.sin(KNOTS / 9.0)
    at = np.r_[KNOTS[0], (KNOTS[1:] + KNOTS[:-1]) / 2, KNOTS[-1]]
    between = replace(line(), x_px=at, y_px=np.full(17, 150.0), sigma_px=np.full(17, 0.1))
    curved = band(200.0 + smooth, 100.0 + smooth)
    assert on_corners([curved], [between]) == (curved,)
