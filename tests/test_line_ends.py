"""The parts of an interrupted line reach to the ends of their ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.stages.values.line_ends import reach_to_ends
from tests.evidences import line

X = np.array([60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 180.0])
Y = np.array([100.0, 120.0, 140.0, np.nan, 90.0, 80.0, 70.0])


def test_parts_reach_half_a_stroke_into_their_gap() -> None:
    reached = reach_to_ends(line(X, Y, line_width_px=1.6))
    np.testing.assert_allclose(reached.x_px, [60, 80, 100.8, 120, 139.2, 160, 180])
    # On the line's own slopes, of 1 and of -0.5.
    np.testing.assert_allclose(reached.y_px[[2, 4]], [140.8, 90.4])


def test_whole_lines_markers_and_columns_stay() -> None:
    whole = line(X, np.full(7, 100.0))
    gaps = line(X, Y)
    for trace in (
        whole,
        replace(gaps, marker="circle", sampled_at="markers"),
        replace(gaps, sampled_at="columns"),
        replace(gaps, interpolation="step-after"),
    ):
        np.testing.assert_array_equal(reach_to_ends(trace).x_px, trace.x_px)


def test_a_part_of_one_point_has_no_way_to_go() -> None:
    lone = line(X, np.array([100.0, 110.0, np.nan, 90.0, np.nan, 80.0, 85.0]))
    reached = reach_to_ends(lone)
    assert reached.x_px[3] == 120.0
    assert reached.x_px[1] > 80.0
    assert reached.x_px[5] < 160.0
