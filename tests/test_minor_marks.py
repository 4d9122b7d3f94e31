"""Ticks between the labels narrow what ticks on whole pixels leave open."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.axes.minor_marks import find_minor, fit_with_minor
from digitizer.stages.axes.standing import MARK_SIGMA_PX

ORIGIN, SLOPE = 117.04, 91.23 / 200
LABELS = np.array([0.0, 200.0, 400.0, 600.0, 800.0])


def snapped(values: np.ndarray) -> np.ndarray:
    return np.round(ORIGIN + SLOPE * values)


@pytest.mark.parametrize("parts", [2, 4, 5])
def test_minor_ticks_tell_the_slope_better(parts: int) -> None:
    px, marks = snapped(LABELS), snapped(np.arange(0, 1000, 200 / parts))
    line = np.polyfit(LABELS, px, 1)
    further = find_minor(LABELS, px, marks, (line[1], line[0]))
    assert further[0] % (200 / parts) == pytest.approx(0, abs=1e-9)
    sigma = np.full(5, MARK_SIGMA_PX)
    alone = fit_with_minor(LABELS, px, sigma, None, crisp=True, grain=1.0)
    together = fit_with_minor(LABELS, px, sigma, further, crisp=True, grain=1.0)
    assert alone is not None
    assert together is not None
    ends = np.array([0.0, 950.0])
    off = [np.abs(fit[0] + fit[1] * ends - ORIGIN - SLOPE * ends).max() for fit in (alone, together)]
    assert off[1] <= min(off[0], 0.3)
    assert together[2][1, 1] < alone[2][1, 1]


def test_marks_here_and_there_are_no_minor_ticks() -> None:
    px = snapped(LABELS)
    stray = np.array([131.0, 170.0, 259.0, 333.0, 402.0, 471.0])
    assert not find_minor(LABELS, px, np.sort(np.r_[px, stray]), (ORIGIN, SLOPE))[0].size
    assert not find_minor(LABELS, px, px, (ORIGIN, SLOPE))[0].size


def test_a_mark_that_no_line_reaches_leaves_the_labels_alone() -> None:
    px = snapped(LABELS)
    minor = np.array([50.0, 100.0, 150.0])
    bent = minor, snapped(minor) + np.array([0.0, 3.0, 0.0])
    sigma = np.full(5, MARK_SIGMA_PX)
    alone = fit_with_minor(LABELS, px, sigma, None, crisp=True, grain=1.0)
    together = fit_with_minor(LABELS, px, sigma, bent, crisp=True, grain=1.0)
    assert alone is not None
    assert together is not None
    assert together[:2] == alone[:2]
    assert fit_with_minor(LABELS, px, sigma, None, crisp=True, grain=0.0) is None
