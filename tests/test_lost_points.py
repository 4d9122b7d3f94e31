"""Decimal points that were not read are put back where the other labels and the place ask for them."""

from __future__ import annotations

import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis


@pytest.mark.parametrize(
    ("texts", "value"), [(["0.0", "0.5", "10"], 1.0), (["-10", "-0.5", "0.0", "0.5"], -1.0)]
)
def test_a_lost_point_is_put_back_where_the_label_stands_as_if_it_had_one(
    texts: list[str], value: float
) -> None:
    px = [400.0 - 90 * k for k in range(len(texts))]
    scale = calibrate_axis(axis_of(texts, px))
    assert scale is not None
    assert scale.kind == "linear"
    at = px[[abs(float(t)) for t in texts].index(10.0)]
    assert float(scale.to_value(at)) == pytest.approx(value, abs=0.01)


def test_a_whole_number_that_stands_where_it_belongs_stays() -> None:
    scale = calibrate_axis(axis_of(["0.0", "2.5", "5.0", "10"], [400.0, 350.0, 300.0, 200.0]))
    assert scale is not None
    assert float(scale.to_value(200.0)) == pytest.approx(10.0, abs=0.1)
