"""Markers that were drawn without anti-aliasing, as by GD and by older terminals of gnuplot."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.markers.find import GOOD_MISFIT, classify

# A disc of gnuplot's png terminal at its usual size, as it was drawn.
DISC = ["...#...", ".#####.", ".#####.", "#######", ".#####.", ".#####.", "...#..."]


def as_patch(rows: list[str], radius: int) -> FloatImage:
    patch = np.array([[c == "#" for c in row] for row in rows], dtype=np.float32)
    return np.pad(patch, radius - len(rows) // 2)


# Quantiles of few patches are mixed of two of them.
@pytest.mark.parametrize("full", [1.0, 0.95])
def test_disc_without_anti_aliasing(full: float) -> None:
    best = classify(full * as_patch(DISC, 7), 2.7, 0.7)[0]
    assert best.kind == "circle"
    assert best.misfit < GOOD_MISFIT
    assert best.size == pytest.approx(3.1, abs=0.15)
