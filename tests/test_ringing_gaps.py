"""Sides of neighbouring panels that ringing all but joins."""

import numpy as np

from digitizer.stages.strokes.strokes import find_edges


def page_with_sides(gap: int) -> np.ndarray:
    grey = np.full((40, 300), 255, dtype=np.int16)
    grey[20, 20:140] = grey[20, 140 + gap : 280] = 120
    # JPEG rings in the middle of the gap.
    grey[20, 140 + gap // 2] = 246
    grey[5:12:2] = 253
    return grey


def test_ringing_between_two_panels_joins_no_sides() -> None:
    for gap in (6, 7, 8):
        upper = [s for s in find_edges(page_with_sides(gap), min_length=60) if s.at == 19.5]
        assert [(s.start, s.end) for s in upper] == [(20, 139), (140 + gap, 279)]


def test_a_faint_line_in_the_row_of_a_strong_one_stays() -> None:
    grey = np.full((40, 300), 255, dtype=np.int16)
    grey[20, 20:140], grey[20, 160:280] = 120, 245
    upper = [s for s in find_edges(grey, min_length=60) if s.at == 19.5]
    assert [(s.start, s.end) for s in upper] == [(20, 139), (160, 279)]
