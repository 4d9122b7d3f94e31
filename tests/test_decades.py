"""Labels of logarithmic axes stand where decades begin, also where these have no ticks of their own."""

from __future__ import annotations

import numpy as np
import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis
from digitizer.stages.axes.line_fit import snapping_bias

POWERS = ["0.01", "0.1", "1", "10", "100"]
FIRST_PX = 60.3
# Ticks are put on whole pixels.
TOLERANCE_PX = 0.6


@pytest.mark.parametrize("majors", [True, False])
@pytest.mark.parametrize("decade", [60.0, 84.6, 190.0])
def test_labels_beside_the_ninth_tick_stand_where_decades_begin(majors: bool, decade: float) -> None:
    def place(value: float) -> float:
        return FIRST_PX + decade * (np.log10(value) + 2)

    powers = [float(text) for text in POWERS]
    minor = [digit * power for power in (1e-3, *powers[:-1]) for digit in range(2, 10)]
    marks = [round(place(value)) for value in sorted([*minor, *powers] if majors else minor)]
    stood = [round(place(value if majors else 0.9 * value)) for value in powers]
    evidence = axis_of(POWERS, [float(px) for px in stood], marks=[float(mark) for mark in marks])
    scale = calibrate_axis(evidence)
    assert scale is not None
    assert scale.kind == "log"
    bias, _ = snapping_bias(evidence)
    for power in powers:
        assert float(scale.to_pixel(power)) + bias == pytest.approx(place(power), abs=TOLERANCE_PX)
