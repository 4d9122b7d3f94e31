"""Doubts about what the gaps of dashed lines may hide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.status.dash_doubts import bent_share, strokes_off
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


def test_dashes_that_lead_past_each_other_tell_of_corners_in_gaps() -> None:
    # Each third gap begins 9 px after a multiple of 48 and has a corner in its middle: up, then down.
    corners = np.arange(12.0, 500.0, 48.0)
    bent = np.interp(DASHES, corners, 120.0 + 25.0 * (np.arange(corners.size) % 2))
    assert bent_share(dashed(bent), HEIGHT) > 0.2
    smooth = 120.0 + 60.0 * np.sin(DASHES / 30.0)
    within = np.interp(DASHES, corners - 8.0, 120.0 + 25.0 * (np.arange(corners.size) % 2))
    for y in (smooth, within):
        assert bent_share(dashed(y), HEIGHT) == 0.0
    assert bent_share(replace(dashed(bent), line_style="solid"), HEIGHT) == 0.0


def test_dots_have_no_course_that_leads_anywhere() -> None:
    dots = COLUMNS[COLUMNS % 8 == 0]
    noise = 120.0 + 14.0 * np.random.default_rng(3).normal(size=dots.size)
    assert bent_share(replace(line(dots, noise), line_style="dotted", sampled_at="columns"), HEIGHT) == 0.0
