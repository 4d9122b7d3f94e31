"""First and last markers of lines that the frame's left and right sides cut in half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evidences import FRAME
from series_drawings import draw, trace

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.side_ends import add_side_ends

LEFT, RIGHT = FRAME.box.left, FRAME.box.right
X = np.linspace(LEFT, RIGHT, 9)
Y = np.array([180.0, 150.0, 160.0, 90.0, 70.0, 110.0, 60.0, 64.0, 150.0])


def line(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="line",
        color=(0, 90, 180),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="markers",
        marker="circle",
        marker_size_px=9.0,
        line_width_px=2.0,
    )


def inked(x: FloatArray, y: FloatArray) -> Mask:
    """Where strokes of 2 px run."""
    rows, columns = np.mgrid[:240, :500].astype(float)
    mask = np.zeros(rows.shape, dtype=bool)
    for x0, y0, x1, y1 in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
        along = np.clip(((columns - x0) * (x1 - x0) + (rows - y0) * (y1 - y0)), 0, None)
        along = np.minimum(along / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 1.0)
        mask |= np.hypot(columns - x0 - along * (x1 - x0), rows - y0 - along * (y1 - y0)) <= 1.0
    return mask


NOWHERE = np.zeros((240, 500), dtype=bool)


def test_a_line_gets_the_markers_that_the_sides_cut() -> None:
    mask = inked(X, Y)
    (whole,) = add_side_ends([line(X[1:-1], Y[1:-1])], FRAME, lambda trace: (mask, NOWHERE, 0, 0))
    assert whole.x_px == pytest.approx(X)
    assert whole.y_px == pytest.approx(Y, abs=0.5)
    assert np.abs((whole.y_px - Y) / whole.sigma_px).max() < 2


def test_a_marker_between_that_another_line_hides_keeps_the_steps() -> None:
    mask = inked(X, Y)
    seen = np.array([1, 2, 3, 4, 6, 7])
    (whole,) = add_side_ends([line(X[seen], Y[seen])], FRAME, lambda trace: (mask, NOWHERE, 0, 0))
    assert whole.x_px[[0, -1]] == pytest.approx([LEFT, RIGHT])


def test_no_marker_is_added_where_no_ink_leads_nor_where_steps_end_elsewhere() -> None:
    inner = line(X[1:-1], Y[1:-1])
    for seen, ink, hidden in (
        (inner, inked(X[1:-1], Y[1:-1]), NOWHERE),
        # Hidden all over: nothing tells where the line comes to the side.
        (inner, inked(X[1:-1], Y[1:-1]), ~NOWHERE),
        (line(X[1:-1] + 20.0, Y[1:-1]), inked(X, Y), NOWHERE),
        (line(X[1:-1] + np.array([0, 9.0, 0, 0, 9.0, 0, 0]), Y[1:-1]), inked(X, Y), NOWHERE),
        (replace(inner, line_style="dashed"), inked(X, Y), NOWHERE),
    ):
        (same,) = add_side_ends([seen], FRAME, lambda _, ink=ink, hidden=hidden: (ink, hidden, 0, 0))  # type: ignore[misc]
        assert same is seen


@pytest.mark.parametrize("face", ["#1f77b4", "white"])
def test_few_markers_are_told_though_both_ends_are_cut(face: str) -> None:
    # Four whole ones of six: without the two on the sides the line was read column by column, rings and all.
    x = np.linspace(0.0, 10.0, 6)
    y = np.array([0.8, 1.6, 2.5, 2.1, 3.6, 2.35])
    style = {"marker": "o", "markersize": 6, "linewidth": 1.5, "color": "#1f77b4", "markerfacecolor": face}
    drawn = draw([(x, y, style)], margin=0.0)
    (found,) = trace(drawn)
    assert found.sampled_at == "markers"
    assert found.x_px == pytest.approx(drawn.truth[0][0], abs=1.0)
    assert found.y_px == pytest.approx(drawn.truth[0][1], abs=1.0)
