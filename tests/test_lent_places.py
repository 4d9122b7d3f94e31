"""Lines that stand where another one's points do are put on the same round values."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Scale
from digitizer.model import Series
from digitizer.stages.values.lent_places import lend_places

# A pixel is worth 108, and the axis is off by 0.8 of one.
SLOPE, OFF = 1 / 108.0, 0.8
STEPS = 800.0 * np.arange(1, 41)


def scale() -> Scale:
    return Scale(
        kind="linear",
        origin=100.0,
        slope=SLOPE,
        covariance=np.eye(2) * 0.1,
        used=np.ones(2, dtype=bool),
        values=np.array([0.0, 4000.0]),
        residual_px=0.1,
    )


def line(x: FloatArray, px: FloatArray, sampled_at: str = "vertices") -> Series:
    still = np.zeros(px.size)
    return Series(x=x, y=still, y_sigma=still, x_px=px, y_px=still, sampled_at=sampled_at)  # type: ignore[arg-type]


def test_a_raw_curve_with_false_points_at_its_beginning_is_put_on_the_steps_of_its_average() -> None:
    axis = scale()
    px = 100.0 + SLOPE * STEPS - OFF
    early = np.linspace(px[0] + 0.9, px[1] - 0.9, 6)
    raw = np.sort(np.r_[px + np.random.default_rng(1).normal(0, 0.05, px.size), early])
    average, told = lend_places([line(STEPS, px), line(axis.to_value(raw), raw)], axis)
    assert average.x == pytest.approx(STEPS)
    assert np.all(np.isin(STEPS, told.x))
    between = told.x[~np.isin(told.x, STEPS)]
    assert between == pytest.approx(axis.to_value(early) + OFF / SLOPE, abs=1.0)


@pytest.mark.parametrize(("shift", "sampled_at"), [(3.4, "vertices"), (0.0, "columns")])
def test_lines_elsewhere_and_those_by_columns_stay(shift: float, sampled_at: str) -> None:
    axis = scale()
    px = 100.0 + SLOPE * STEPS - OFF
    other = line(axis.to_value(px + shift), px + shift, sampled_at)
    assert lend_places([line(STEPS, px), other], axis)[1] is other
