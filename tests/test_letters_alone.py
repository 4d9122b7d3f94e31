"""Axes without marks stand by the middles of their labels: no stroke's half pixel, and how unsure that is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import axis_of

from digitizer.evidence import AxisEvidence, Side
from digitizer.stages.axes.calibration import calibrate_axis

PLACES = 60.0 + 80.25 * np.arange(6)


def lettered(off: float, *, n: int = 6, sigma: float = 2.0, side: Side = "bottom") -> AxisEvidence:
    """Labels of big print, 0 to 50, whose middles stand ``off`` px beside their places, to whole pixels."""
    px = np.round(PLACES[:n] + off)
    axis = axis_of([str(10 * k) for k in range(n)], list(px), marks=[])
    return replace(axis, side=side, label_sigma_px=np.full(n, sigma))


def test_letters_below_a_panel_are_not_moved_as_strokes_are() -> None:
    scale = calibrate_axis(lettered(0.0))
    assert scale is not None
    assert scale.to_pixel(np.array([0.0, 50.0])) == pytest.approx(PLACES[[0, -1]], abs=0.2)


def test_letters_that_agree_are_as_sure_as_what_they_are_off() -> None:
    def unsure(axis: AxisEvidence) -> float:
        scale = calibrate_axis(axis)
        assert scale is not None
        return float(scale.fit_sigma_px(PLACES[[0, -1]]).max())

    below, beside = unsure(lettered(0.0)), unsure(lettered(0.0, side="left"))
    # What all labels are off alike no residual shows: beside an axis more, and by more in big print.
    assert 0.25 < below < 0.6 < beside < 1.5
    assert unsure(lettered(0.0, side="left", sigma=0.9)) < beside
    # Few labels, and labels here and there, leave more open.
    assert unsure(lettered(0.0, n=3)) > 1.5
    uneven = lettered(0.0)
    shaken = replace(uneven, label_px=uneven.label_px + np.array([1.0, -1.0, 0.8, -0.9, 1.0, -1.0]))
    assert unsure(shaken) > 1.5 * below
