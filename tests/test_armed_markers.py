"""Between the arms of crosses and plus signs the ground shows: it says nothing against them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Picture
from digitizer.stages.checks.redraw import compare
from tests.evidences import FRAME, line

BLUE = (31, 119, 180)
X, Y = np.linspace(80.0, 420.0, 12), np.linspace(60.0, 180.0, 12)
HALF = 6


def overdrawn(marker: str, n_drawn: int) -> float:
    """The share of twelve thin markers that is said to lie on bare ground, where so many are drawn."""
    rgb = np.full((260, 480, 3), 255, dtype=np.uint8)
    for x, y in np.round(np.column_stack([X, Y])[:n_drawn]).astype(int).tolist():
        turned = HALF if marker == "cross" else 0
        cv2.line(rgb, (x - HALF, y - turned), (x + HALF, y + turned), BLUE, 1)
        cv2.line(rgb, (x - turned, y + HALF), (x + turned, y - HALF), BLUE, 1)
    cloud = line(
        np.round(X), np.round(Y), kind="scatter", color=BLUE, line_style="none", marker=marker,
        marker_size_px=2.0 * HALF, sampled_at="markers",
    )  # fmt: skip
    return compare(Picture(name="arms", sha256="", rgb=rgb), FRAME, (cloud,), ())[0].overdrawn[0]


@pytest.mark.parametrize("marker", ["plus", "cross"])
def test_markers_of_arms_lie_on_ink_where_they_are_drawn(marker: str) -> None:
    assert overdrawn(marker, 12) < 0.02
    assert overdrawn(marker, 9) == pytest.approx(3 / 12, abs=0.1)
