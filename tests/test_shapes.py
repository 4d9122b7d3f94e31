"""Shapes' distances, ranks and runs are the same whichever way they are told."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.series.fits.shapes import (
    FILLED,
    POLYGONS,
    STARS,
    STROKED,
    THICK,
    marker_distance,
    marker_patch,
    outline_distance,
)
from digitizer.stages.series.markers.find import classify
from digitizer.stages.series.markers.rims import _enclosed
from digitizer.stages.series.paths.runs import find_runs, guess_width


@pytest.mark.parametrize("kind", ["circle", *POLYGONS, *STROKED, *THICK, *STARS])
def test_the_distance_alone_is_that_which_comes_with_its_derivatives(kind: str) -> None:
    dx, dy = np.random.default_rng(3).uniform(-9, 9, (2, 400))
    assert outline_distance(kind, dx, dy, 5.0, 1.7) == pytest.approx(
        marker_distance(kind, dx, dy, 5.0, 1.7)[0]
    )


@pytest.mark.parametrize("kind", [*FILLED, *THICK, "star", "cross"])
def test_thick_crosses_that_alone_are_wanted_are_told_as_among_all_shapes(kind: str) -> None:
    stack = marker_patch(kind, 6.0, radius=11, pen=1.5).astype(np.float32)
    best, wanted = (classify(stack, 3.0, 1.5, None, kinds)[0] for kinds in ((), THICK))
    if best.kind in THICK:
        assert wanted == best
    else:
        assert wanted.kind not in THICK


@pytest.mark.parametrize(("top", "left"), [(0, 0), (1, 3), (30, 55)])
def test_runs_and_enclosed_places_do_not_depend_on_how_much_ground_is_around(top: int, left: int) -> None:
    ink = np.where(np.random.default_rng(5).random((40, 60)) < 0.7, 0.9, 0.0).astype(np.float32)
    ink[::7] *= 0.5
    around = np.zeros((40 + top + 20, 60 + left + 30), np.float32)
    around[top : top + 40, left : left + 60] = ink
    wide = np.zeros((300, 400), np.float32)
    wide[100:140, 200:260] = ink
    near, far = (find_runs(alpha, alpha < 0) for alpha in (around, wide))
    assert (near.column - left).tolist() == (far.column - 200).tolist()
    for edge in ("top", "bottom", "center"):
        assert getattr(near, edge) - top == pytest.approx(getattr(far, edge) - 100, abs=1e-4)
    assert guess_width(near, around) == pytest.approx(guess_width(far, wide), abs=1e-4)
    count, labels, across = _enclosed(wide)
    assert labels.max() == count == len(across) - 1 > 10
    assert not (labels > 0)[wide > 0.28].any()
    if min(top, left) > 0:
        assert (
            _enclosed(around)[1][top : top + 40, left : left + 60].tolist()
            == labels[100:140, 200:260].tolist()
        )
