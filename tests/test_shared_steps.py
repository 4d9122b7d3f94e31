"""Panels that share an axis tell its step together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import axis_of

from digitizer.evidence import AxisEvidence, Scale
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.shared_steps import share_steps

# The axes of seaborn's faceted histogram: ticks were put on the pixels right of where they belong.
STEP, FIRST = 77.136, (115.15, 383.46, 651.76)


def drawn(first: float, step: float = STEP, sigma: float = 0.29) -> tuple[Scale, AxisEvidence]:
    axis = axis_of(["180", "200", "220"], np.round(first + step * np.arange(3) + 0.5).tolist())
    axis = replace(axis, label_sigma_px=np.full(3, sigma))
    scale = calibrate_axis(axis)
    assert scale is not None
    return scale, axis


def test_panels_of_a_size_share_the_step_of_their_ticks() -> None:
    scales, sides = zip(*(drawn(first) for first in FIRST), strict=True)
    shared = share_steps(scales, sides, [250.0, 250.5, 249.0])
    for scale, one in zip(scales, shared, strict=True):
        assert one is not None
        assert 20 * one.slope == pytest.approx(STEP, abs=0.06)
        assert one.covariance[1, 1] < scale.covariance[1, 1]
    ends = np.array([180.0, 220.0])
    assert shared[2] is not None
    np.testing.assert_allclose(shared[2].to_pixel(ends), FIRST[2] + np.array([0, 2 * STEP]), atol=0.15)
    assert np.abs(scales[2].to_pixel(ends) - FIRST[2] - np.array([0, 2 * STEP])).max() > 0.25


def test_panels_without_ticks_share_the_step_of_their_letters() -> None:
    scales, sides = zip(*(drawn(first, sigma=0.9) for first in FIRST), strict=True)
    shared = share_steps(scales, sides, [250.0, 250.5, 249.0])
    for scale, one in zip(scales, shared, strict=True):
        assert one is not None
        assert 20 * one.slope == pytest.approx(STEP, abs=0.1)
        assert one.covariance[1, 1] < scale.covariance[1, 1]
    assert max(abs(20 * scale.slope - STEP) for scale in scales) > 0.3


def test_panels_of_other_lengths_steps_and_the_same_pixels_tell_nothing() -> None:
    one, other = drawn(FIRST[0]), drawn(FIRST[2])
    wider = drawn(FIRST[1], STEP + 3.0)
    scales, sides = zip(one, other, wider, one, strict=True)
    shared = share_steps(scales, sides, [250.0, 280.0, 250.0, 250.0])
    assert [a is b for a, b in zip(scales, shared, strict=True)] == [True] * 4
