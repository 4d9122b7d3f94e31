"""Doubts about what the gaps of dashed lines may hide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.status.dash_doubts import strokes_off
from tests.evidences import line

HEIGHT = 200.0
COLUMNS = np.arange(60.0, 440.0)
DASHES = COLUMNS[COLUMNS % 16 < 9]


def dashed(y: FloatArray) -> Trace:
    return replace(line(DASHES, y), line_style="dashed", sampled_at="columns")


def test_smooth_dashed_lines_and_straight_ones_with_a_corner_hide_nothing() -> None:
    smooth = 120.0 + 60.0 * np.sin(DASHES / 30.0)
    corner = 100.0 + np.abs(DASHES - 250.0) / 4.0
    for y in (smooth, corner):
        n_off, n = strokes_off(dashed(y), HEIGHT)
        assert (n_off, n > 15) == (0, True)


def test_dashes_off_the_way_between_others_tell_of_bends_in_gaps() -> None:
    noise = np.interp(DASHES, COLUMNS[::7], 120.0 + 14.0 * np.random.default_rng(3).normal(size=55))
    n_off, n = strokes_off(dashed(noise), HEIGHT)
    assert n_off > 0.1 * n
    assert strokes_off(replace(dashed(noise), line_style="solid"), HEIGHT) == (0, 0)
