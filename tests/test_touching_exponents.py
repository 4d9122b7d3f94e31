"""Exponents that touch their bases are cut off them, and nothing else is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import ByteImage
from digitizer.stages.text.snippets import cut_touching


def base_and_script(gap: int, *, rise: int = 12, script: float = 0.7) -> ByteImage:
    """A 10 with a smaller ring beside it that touches or (``gap`` 3) all but touches its nought."""
    crop = np.full((60, 90), 255, np.uint8)
    cv2.rectangle(crop, (4, 20), (8, 52), 0, -1)
    cv2.ellipse(crop, (26, 36), (10, 16), 0, 0, 360, 0, 4)
    size = round(16 * script)
    left = 26 + 10 + 2 + gap
    cv2.ellipse(
        crop, (left + round(10 * script), 20 - rise // 2 + size), (round(10 * script), size), 0, 0, 360, 0, 4
    )
    return crop


@pytest.mark.parametrize("gap", [1, 2, 3])
def test_an_exponent_is_cut_where_it_begins(gap: int) -> None:
    parts = cut_touching(base_and_script(gap))
    assert len(parts) == 2
    base, script = parts
    assert base.shape[1] == pytest.approx(38 + gap, abs=4)
    assert base.shape[1] + script.shape[1] == pytest.approx(91, abs=2)


def test_digits_of_one_height_and_bare_strokes_hold_no_exponent() -> None:
    assert cut_touching(base_and_script(-2, rise=0, script=1.0)) == ()
    stroke = np.full((5, 40), 255, np.uint8)
    stroke[2, 4:36] = 0
    assert cut_touching(stroke) == ()
    assert cut_touching(np.full((8, 8), 255, np.uint8)) == ()
