"""Places on axes whose ticks a browser put on pixels larger than the picture's."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import AxisEvidence, Scale, Trace
from digitizer.stages.assemble import _x_values

# Steps of one are this long (px), and all points lie this far right of where the ticks tell.
STEP, BESIDE = 23.7, 1.06


@pytest.mark.parametrize(("grain", "expected"), [(2.0, 0.0), (1.0, BESIDE / STEP)])
def test_points_lie_on_steps_to_a_pixel_of_the_browser(grain: float, expected: float) -> None:
    at = 140.0 + STEP * np.arange(50) + np.tile([0.25, -0.25], 25)
    trace = Trace(
        kind="line",
        color=(127, 59, 8),
        x_px=at + BESIDE,
        y_px=np.full(50, 80.0),
        sigma_px=np.full(50, 0.1),
        sampled_at="markers",
        marker="circle",
        line_width_px=6.0,
        marker_size_px=6.0,
    )
    scale = Scale(
        kind="linear",
        origin=140.0 - STEP,
        slope=STEP,
        values=np.array([10.0, 20, 30, 40, 50]),
        used=np.ones(5, dtype=bool),
        residual_px=0.5,
        covariance=np.zeros((2, 2)),
    )
    axis = AxisEvidence(
        side="bottom",
        labels=(),
        label_px=np.zeros(0),
        label_sigma_px=np.zeros(0),
        marks=np.zeros(0),
        grain=grain,
    )
    assert _x_values(trace, scale, axis) == pytest.approx(np.arange(1, 51) + expected, abs=0.002)
