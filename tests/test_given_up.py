"""A drawing that is no use is not fitted to its end."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from digitizer.stages.series.fits import refine
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import refine_vertices

X = np.arange(10.0, 200.0, 12.0)
Y = 60.0 + 30.0 * np.sin(X / 9.0)


def draw(thickness: int) -> NDArray[np.float32]:
    ink = np.zeros((120, 220), np.uint8)
    points = np.round(np.stack([X, Y], axis=1) * 8).astype(np.int32)
    cv2.polylines(ink, [points], False, 255, thickness, cv2.LINE_AA, 3)
    return ink.astype(np.float32) / 255


@pytest.mark.parametrize(
    ("thickness", "hopeless", "rounds"),
    [(2, 0.4, range(4, refine.ROUNDS + 1)), (2, np.inf, range(4, refine.ROUNDS + 1)), (9, 0.1, range(1, 2))],
)
def test_a_line_that_begins_too_far_from_its_ink_is_given_up_at_once(
    monkeypatch: pytest.MonkeyPatch, thickness: int, hopeless: float, rounds: range
) -> None:
    seen = []
    nearest = refine.nearest_shapes
    monkeypatch.setattr(refine, "nearest_shapes", lambda *args: seen.append(1) or nearest(*args))
    ink = draw(thickness)
    pen = Pen(width=2.0)
    fit = refine_vertices(ink, ink < 0, X, Y + 0.3, pen, hopeless=hopeless, judged=False)
    assert len(seen) in rounds
    assert (fit.rms > hopeless) == (thickness == 9)
