"""Rims that run along a line are no series; pale raw curves under their average are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.doubles import leave_out_doubles

WHITE = np.array([255.0, 255.0, 255.0])
BLUE, PALE, RED = (31, 119, 180), (160, 200, 225), (214, 39, 40)
X = np.arange(20.0, 320.0)
COURSE = 150 + 80 * np.sin(X / 40)


def line(y: FloatArray, color: tuple[int, int, int]) -> Trace:
    return Trace(
        kind="line",
        color=color,
        x_px=X,
        y_px=y,
        sigma_px=np.full(X.size, 0.1),
        sampled_at="columns",
        line_width_px=1.5,
    )


def test_a_rim_of_a_listed_line_is_left_out() -> None:
    bold = line(COURSE, BLUE)
    assert leave_out_doubles([bold], [line(COURSE + 0.8, PALE)], WHITE) == ([bold], [])


@pytest.mark.parametrize("listed", [True, False])
def test_a_pale_raw_curve_under_its_average_stays(listed: bool) -> None:
    bold = line(COURSE, BLUE)
    raw = line(COURSE + np.random.default_rng(2).normal(0, 4, X.size), PALE)
    traces, others = ([bold], [raw]) if listed else ([], [bold, raw])
    assert leave_out_doubles(traces, others, WHITE) == (traces, others)


def test_a_line_of_another_hue_on_a_listed_one_stays() -> None:
    bold, other = line(COURSE, BLUE), line(COURSE + 0.5, RED)
    assert leave_out_doubles([bold], [other], WHITE) == ([bold], [other])


def test_of_two_unlisted_lines_the_paler_one_is_the_rim() -> None:
    bold, rim = line(COURSE, BLUE), line(COURSE + 0.8, PALE)
    assert leave_out_doubles([], [rim, bold], WHITE) == ([], [bold])


def test_rims_of_a_line_s_markers_are_its_own() -> None:
    bold = replace(line(COURSE, BLUE), x_px=X[::10], y_px=COURSE[::10], sigma_px=np.full(30, 0.1))
    marked = replace(bold, marker="square", marker_size_px=6.0, sampled_at="markers")
    at = np.arange(0, X.size, 30)
    rims = replace(line(COURSE, PALE), x_px=X[at], y_px=COURSE[at] + 2.5, sigma_px=np.full(at.size, 0.1))
    assert leave_out_doubles([], [marked, rims], WHITE) == ([], [marked])
    assert len(leave_out_doubles([], [bold, rims], WHITE)[1]) == 2


def test_points_that_are_hardly_known_tell_little() -> None:
    bold = line(COURSE, BLUE)
    beside = np.where(np.arange(X.size) % 20 < 2, 2.0, 0.0)
    rest = line(COURSE + beside, PALE)
    unsure = replace(rest, sigma_px=np.where(beside > 0, 15.0, 0.5))
    assert leave_out_doubles([], [bold, unsure], WHITE) == ([], [bold])
    assert len(leave_out_doubles([], [bold, rest], WHITE)[1]) == 2


@pytest.mark.parametrize("kind", ["line", "scatter"])
def test_what_mixes_two_lines_along_both_is_their_rim(kind: str) -> None:
    under, over = line(COURSE, BLUE), line(COURSE + 0.8, RED)
    mixed = tuple(round(0.3 * a + 0.7 * b) for a, b in zip(BLUE, RED, strict=True))
    seen = np.arange(40, 240, 3)

    def rim(color: tuple[int, int, int], y: FloatArray) -> Trace:
        return replace(
            line(COURSE, color), kind=kind, x_px=X[seen], y_px=y[seen], sigma_px=np.full(seen.size, 0.3)
        )

    blend = rim(mixed, COURSE + 0.4)
    assert leave_out_doubles([under, over], [blend], WHITE) == ([under, over], [])
    # Not off the lines, where but one of them is, or in a colour of its own.
    for other in (rim(mixed, COURSE + 9.0), rim((240, 210, 0), COURSE + 0.4)):
        assert leave_out_doubles([under, over], [other], WHITE) == ([under, over], [other])
    assert leave_out_doubles([under, line(COURSE + 30, RED)], [blend], WHITE)[1] == [blend]
