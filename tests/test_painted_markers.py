"""Markers of another colour on each vertex of a line are the line's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Trace
from digitizer.stages.series.painted_markers import join_painted

X = 60.0 + 31.0 * np.arange(9)
Y = 120.0 + 50.0 * np.sin(np.arange(9) * 1.3)
LINE = Trace(
    kind="line", color=(171, 87, 135), x_px=X, y_px=Y, sigma_px=np.full(9, 0.2), sampled_at="vertices",
    line_width_px=3.0,
)  # fmt: skip
MARKS = Trace(
    kind="scatter", color=(76, 120, 168), x_px=X[::-1] + 0.3, y_px=Y[::-1], sigma_px=np.full(9, 0.1),
    sampled_at="markers", marker="circle", marker_size_px=9.0, line_style="none",
)  # fmt: skip


def test_a_line_takes_the_markers_on_its_vertices() -> None:
    (whole,) = join_painted([MARKS, LINE])
    assert (whole.kind, whole.color, whole.marker, whole.sampled_at) == (
        "line", LINE.color, "circle", "markers",
    )  # fmt: skip
    assert np.array_equal(whole.x_px, X + 0.3)


def test_markers_beside_a_line_and_fewer_or_more_than_its_vertices_stay_a_cloud() -> None:
    beside = replace(MARKS, y_px=MARKS.y_px + 6.0)
    assert join_painted([beside, LINE]) == [beside, LINE]
    fewer = replace(MARKS, x_px=MARKS.x_px[:6], y_px=MARKS.y_px[:6], sigma_px=MARKS.sigma_px[:6])
    assert join_painted([LINE, fewer]) == [LINE, fewer]
    columns = replace(LINE, sampled_at="columns")
    assert join_painted([columns, MARKS]) == [columns, MARKS]
