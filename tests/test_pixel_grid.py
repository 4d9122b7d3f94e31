"""Ticks that renderers put on whole pixels are set back, or leave their scale unsure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import axis_of

from digitizer.evidence import AxisEvidence
from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.line_fit import snapping_bias


def _drawn(slope: float, origin: float, n: int, factor: float = 1.0) -> AxisEvidence:
    """An axis whose ticks a renderer has put on whole pixels, up to one to the right of their places."""
    at = np.ceil(origin + slope * np.arange(n)) * factor
    return axis_of([str(k) for k in range(n)], list(at))


@pytest.mark.parametrize(("offset", "bias"), [(0.0, 0.5), (0.5, 0.0), (0.04, 0.5)])
def test_ticks_on_the_pixel_grid_are_set_back(offset: float, bias: float) -> None:
    evidence = axis_of(["0", "1", "2", "3"], [k + offset for k in (50, 101, 151, 202)])
    assert snapping_bias(evidence)[0] == bias


def test_ticks_off_the_pixel_grid_leave_the_bias_uncertain() -> None:
    crisp = snapping_bias(axis_of(["0", "1", "2", "3"], [50, 101, 151, 202]))
    blurred = snapping_bias(axis_of(["0", "1", "2", "3"], [50.3, 101.1, 151.9, 202.6]))
    assert blurred[1] > crisp[1]


def test_strokes_of_one_pixel_leave_open_where_they_were_put() -> None:
    across = axis_of(["0", "1", "2", "3"], [50, 101, 151, 202])
    usual, sharp = snapping_bias(across), snapping_bias(replace(across, sharp=True))
    up = snapping_bias(replace(across, side="left", sharp=True))
    assert up[0] < sharp[0] < usual[0]
    assert up[1] > sharp[1] > usual[1]


def test_ticks_on_whole_pixels_are_read_by_what_all_of_them_allow() -> None:
    rng = np.random.default_rng(3)
    off, mean, told = [], [], []
    for _ in range(400):
        slope, origin = rng.uniform(40, 90), rng.uniform(30, 60)
        evidence = _drawn(slope, origin, 9)
        scale = calibrate_axis(evidence)
        assert scale is not None
        off.append(float(scale.to_pixel(0.0)) - origin)
        mean.append(np.polyfit(np.arange(9), evidence.label_px - 0.5, 1)[1] - origin)
        told.append(float(scale.sigma_u(np.array([origin]), np.zeros(1))[0]) * abs(scale.slope))
    # Their errors are bounded, so that least squares does worse.
    assert np.std(off) < 0.97 * np.std(mean)
    assert np.mean(np.abs(off) < 2 * np.array(told)) > 0.95


def test_ticks_a_whole_number_of_pixels_apart_say_less_than_their_number() -> None:
    # All nine are off by the same: their mean is no better known than one of them.
    rng = np.random.default_rng(4)
    pulls = []
    for _ in range(300):
        origin = rng.uniform(30, 60)
        scale = calibrate_axis(_drawn(60.0, origin, 9))
        assert scale is not None
        at = scale.to_pixel(np.array([4.0]))
        pulls.append(
            float(at[0] - origin - 240) / (float(scale.sigma_u(at, np.zeros(1))[0]) * abs(scale.slope))
        )
    assert np.mean(np.abs(pulls) < 2) > 0.9


def test_a_label_at_a_mark_farther_off_than_pixels_allow_stands_by_its_letters() -> None:
    # The frame's side, two pixels beyond, was taken for the last tick.
    evidence = _drawn(41.03, 60.0, 7)
    px = evidence.label_px.copy()
    px[-1] += 2.2
    strayed = calibrate_axis(replace(evidence, label_px=px))
    right = calibrate_axis(evidence)
    assert strayed is not None
    assert right is not None
    ends = np.array([40.0, 330.0])
    assert strayed.to_value(ends) == pytest.approx(right.to_value(ends), abs=0.3 / 41.03)
    assert strayed.used.all()
