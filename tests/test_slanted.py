"""Slanted labels are told apart where they come near each other."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.stages.text.ink import label_ink
from digitizer.stages.text.slanted import _cuts, turn_slanted

DOT_PX, STEP_PX, N_DOTS = 6, 7, 7


def draw_label(contrast: np.ndarray, x: int, bottom: int) -> None:
    """A label that rises by 45 degrees from ``x``: a letter, letters that touch each other, and a letter."""
    for k in range(N_DOTS):
        left, top = x + STEP_PX * k, bottom - STEP_PX * k
        contrast[top : top + DOT_PX, left : left + DOT_PX] = 255
        if 0 < k < N_DOTS - 2:
            contrast[top - 3 : top + 3, left + 4 : left + 9] = 255


@pytest.mark.parametrize("apart", [42, 60])
def test_labels_that_come_near_each_other_are_parted_along_their_angle(apart: int) -> None:
    contrast = np.zeros((110, 390), np.uint8)
    places = [20, 80, 140, 200 + apart, 200]
    for k, x in enumerate(places):
        draw_label(contrast, x, 80 - 7 * (k % 2))
    sheet = label_ink(None, contrast, None, ())
    turned, taken = turn_slanted(sheet, np.ones(len(sheet.glyphs), dtype=bool))
    assert turned is not None
    assert turned.angle_deg == pytest.approx(45, abs=1)
    assert taken.sum() == 3 * len(places)


def test_the_dot_of_a_letter_is_no_label() -> None:
    label, dot, other = np.arange(0, 9), np.arange(11, 13), np.arange(18, 27)
    assert _cuts(np.concatenate([label, dot])).size == 0
    assert list(_cuts(np.concatenate([label, dot, other]))) == [15.0]
