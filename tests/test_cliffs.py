"""Lines that jump within a stroke's width, read by columns: drawn polylines whose course is known."""

from __future__ import annotations

import numpy as np
import pytest
from polylines import cover

from digitizer.evidence import FloatArray
from digitizer.stages.series.paths.cliffs import stand_cliffs
from digitizer.stages.series.paths.columns import Path, follow_columns, stroke_width
from digitizer.stages.series.paths.runs import find_runs
from digitizer.stages.series.paths.sharpen import sharpen_columns

# Away from the jump (px) the line must be read this well (px).
NEAR_PX, OFF_PX = 0.15, 0.6


def paths(x: FloatArray, y: FloatArray, width: float) -> tuple[Path, Path]:
    """The path by columns, and with its cliffs upright."""
    alpha = cover(x, y, width)
    runs = find_runs(alpha, np.zeros(alpha.shape, dtype=bool))
    every = np.arange(runs.count)
    path = sharpen_columns(alpha, follow_columns(runs, every, stroke_width(runs, every)))
    return path, stand_cliffs(alpha, path)


@pytest.mark.parametrize("width", [2.0, 4.2])
@pytest.mark.parametrize("at", [60.0, 60.3, 60.5, 60.8])
@pytest.mark.parametrize("foot", [40.2, 71.7])
def test_both_ends_of_a_jump_are_read_where_they_are(width: float, at: float, foot: float) -> None:
    x = np.array([5.0, at - 0.25, at + 0.25, 134.0])
    y = np.array([15.4, 22.3, foot, foot + 9.0])
    before, after = paths(x, y, width)
    ends = np.array([at - 0.25 - NEAR_PX, at + 0.25 + NEAR_PX])
    truth = np.interp(ends, x, y)
    assert np.abs(np.interp(ends, after.x, after.y) - truth).max() < OFF_PX
    assert np.abs(np.interp(ends, before.x, before.y) - truth).max() > 2 * OFF_PX


def test_slopes_peaks_and_jumps_right_beside_a_tip_stay_as_they_are() -> None:
    courses = (
        ([5.0, 55.0, 61.0, 134.0], [20.0, 20.0, 60.0, 60.0]),
        ([5.0, 60.0, 62.0, 134.0], [60.0, 60.0, 20.0, 61.0]),
        ([5.0, 57.5, 59.4, 59.8, 134.0], [40.0, 40.0, 52.0, 25.0, 25.0]),
    )
    for x, y in courses:
        before, after = paths(np.array(x), np.array(y), 2.8)
        assert after is before


@pytest.mark.parametrize("ends", [(5.0, 134.0), (54.0, 134.0), (5.0, 67.0)])
def test_a_jump_right_beside_an_end_is_no_error(ends: tuple[float, float]) -> None:
    for shift in np.arange(-3.0, 3.1, 0.25):
        at = 60.4 + shift
        x, y = np.array([ends[0], at - 0.25, at + 0.25, ends[1]]), np.array([15.4, 16.0, 60.0, 60.5])
        _, after = paths(x, y, 4.2)
        assert np.all(np.diff(after.x) > 0)
