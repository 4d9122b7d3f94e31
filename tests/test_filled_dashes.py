"""Dashed lines that were drawn as filled shapes, one a dash, are the strokes that they were made from."""

from __future__ import annotations

import numpy as np
import pytest

from chartscribe.papers.dashes import join_dashes
from digitizer.drawing import DrawnPath

RED, BLUE = (214, 39, 40), (31, 119, 180)
WIDTH = 2.0


def a_shape(points: list[tuple[float, float]], color: tuple[int, int, int] = RED) -> DrawnPath:
    x, y = np.array(points, dtype=float).T
    return DrawnPath(x=x, y=y, is_vertex=np.ones(len(x), dtype=bool), stroke=None, fill=color, closed=True)


def a_dash(first: tuple[float, float], last: tuple[float, float]) -> DrawnPath:
    """A straight dash, its last side at its first end."""
    a, b = np.array(first), np.array(last)
    across = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a)) * WIDTH / 2
    return a_shape([tuple(p) for p in (a + across, b + across, b - across, a - across)])


def test_dashes_of_a_line_make_its_stroke_with_bends_in_gaps_and_within_dashes() -> None:
    # From (0, 0) to (28, 0), down to (28, 40), to (51, 40): one bend within a dash, one in a gap.
    corner = [(24, -1), (29, -1), (29, 6), (27, 6), (27, 0), (28, 0), (28, 1), (24, 1)]
    shapes = [
        a_dash((0, 0), (10, 0)),
        a_dash((12, 0), (22, 0)),
        a_shape([(float(x), float(y)) for x, y in corner]),
        a_dash((28, 8), (28, 18)),
        a_dash((28, 20), (28, 30)),
        a_dash((28, 32), (28, 39.5)),
        a_dash((29.5, 40), (39, 40)),
        a_dash((41, 40), (51, 40)),
    ]
    box = a_shape([(60, 0), (90, 0), (90, 20), (60, 20)], BLUE)
    stroke, other = join_dashes([*shapes, box])
    assert other is box
    assert (stroke.stroke, stroke.fill, stroke.closed, stroke.line_style) == (RED, None, False, "dashed")
    assert stroke.x == pytest.approx([0, 28, 28, 51], abs=1e-6)
    assert stroke.y == pytest.approx([0, 0, 40, 40], abs=1e-6)
    assert stroke.width == pytest.approx(WIDTH)
    assert stroke.dashes == pytest.approx((10, 2))


def test_long_dashes_and_dots_in_turn_are_a_dashdotted_line() -> None:
    shapes = []
    for k in range(4):
        shapes += [a_dash((20 * k, 5), (20 * k + 10, 5)), a_dash((20 * k + 13, 5), (20 * k + 16, 5))]
    (stroke,) = join_dashes(shapes)
    assert stroke.line_style == "dashdot"
    assert stroke.x == pytest.approx([0, 76])


def test_bars_squares_and_strokes_side_by_side_are_no_dashes() -> None:
    bars = [a_dash((5 * k, 50), (5 * k, 20 + 3 * k)) for k in range(6)]
    squares = [a_dash((9 * k, 8 * k), (9 * k, 8 * k + WIDTH)) for k in range(6)]
    ticks = [a_dash((10 * k, 0), (10 * k, 5)) for k in range(6)]
    for shapes in (bars, squares, ticks):
        assert join_dashes(shapes) == shapes
    assert join_dashes([]) == []
