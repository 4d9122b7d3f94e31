"""The cap of a steep stroke makes no vertex beside its end."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.series.fits.end_corners import are_real

X = np.array([96.3, 99.0, 121.7, 147.0, 172.4])
Y = np.array([359.6, 350.6, 271.1, 200.0, 180.0])


@pytest.mark.parametrize("turn", [1, -1])
def test_a_vertex_on_the_way_from_a_steep_end_is_none(turn: int) -> None:
    x, y = (419 - X[::-1], Y[::-1]) if turn < 0 else (X, Y)
    assert are_real(x, y, 2.35)[::turn].tolist() == [True, False, True, True, True]


def test_bends_near_an_end_and_vertices_far_from_it_are_real() -> None:
    bent = Y.copy()
    bent[1] -= 4.0
    assert are_real(X, bent, 2.35).all()
    assert are_real(X, Y, 1.0).all()
    # A line of so few vertices is told by each of them.
    assert are_real(X[:4], Y[:4], 2.35).all()
