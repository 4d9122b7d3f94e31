"""Exponents that touch their bases are cut off them, and nothing else is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import ByteImage
from digitizer.stages.text.boxes import Boxes
from digitizer.stages.text.snippets import Letters, cut_touching, find_raised


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


@pytest.mark.parametrize(
    ("top", "bottom", "told"), [(2, 10, True), (1, 9, True), (1, 13, False), (4, 13, False)]
)
def test_an_exponent_may_begin_a_pixel_below_the_top_of_its_base(top: int, bottom: int, told: bool) -> None:
    # As QCustomPlot sets them beside digits of 13 px: 9 px high, 3 px above the baseline.
    one, nought, script = (1.0, 1.0, 7.0), (11.0, 1.0, 19.0), (23.0, float(top), 29.0)
    left, tops, right = (np.array(edge) for edge in zip(one, nought, script, strict=True))
    boxes = Boxes(left=left, top=tops, right=right, bottom=np.array([13.0, 13.0, float(bottom)]))
    letters = Letters(boxes=boxes, baseline=13.0, height=13.0, width_px=32)
    assert find_raised(letters).tolist() == [False, False, told]
