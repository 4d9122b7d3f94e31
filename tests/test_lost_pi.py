"""A lone pi that was read as another letter is put back where the other labels ask for it."""

from __future__ import annotations

import math

import pytest
from evidences import axis_of

from digitizer.stages.axes.calibration import calibrate_axis


@pytest.mark.parametrize("letters", ["I", "\u03c0I", "n"])
def test_a_letter_that_stands_at_pi_is_pi(letters: str) -> None:
    scale = calibrate_axis(axis_of(["0", letters, "2\u03c0"], [100.0, 250.0, 400.0]))
    assert scale is not None
    assert float(scale.to_value(250.0)) == pytest.approx(math.pi, abs=0.02)
    assert not scale.problems


@pytest.mark.parametrize("at", [250.0, 280.0])
def test_a_letter_elsewhere_or_on_an_axis_of_plain_numbers_stays_one(at: float) -> None:
    last = "2\u03c0" if at == 280.0 else "6.28"
    scale = calibrate_axis(axis_of(["0", "I", last], [100.0, at, 400.0]))
    assert scale is not None
    assert "scale-two-ticks" in scale.problems
