"""Ends of lines that lie under other lines' markers."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from digitizer.evidence import FloatArray, Mask, Trace
from digitizer.stages.series.shared_ends import add_shared_ends

X = 40.3 + 50.0 * np.arange(8)
COVER = 200.2 - np.array([0.0, 30.0, 52.0, 66.0, 75.0, 81.0, 86.0, 90.0])
UNDER = 200.2 - np.array([2.0, 31.0, 44.0, 50.0, 53.0, 57.0, 58.0, 60.0])


def line(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        kind="line",
        color=(0, 90, 180),
        x_px=x,
        y_px=y,
        sigma_px=np.full(x.size, 0.2),
        sampled_at="markers",
        marker="circle",
        marker_size_px=9.0,
    )


def inked(*lines: tuple[FloatArray, FloatArray]) -> Mask:
    """Where strokes of 2 px run."""
    mask = np.zeros((260, 420), dtype=bool)
    columns = np.arange(420)
    for x, y in lines:
        rows = np.round(np.interp(columns, x, y)).astype(int)
        inside = (columns >= x[0]) & (columns <= x[-1])
        for off in (-1, 0, 1):
            mask[rows[inside] + off, columns[inside]] = True
    return mask


@pytest.mark.parametrize("turn", [1, -1])
def test_a_line_has_the_first_and_the_last_marker_that_another_one_hides(turn: int) -> None:
    cover, under = COVER[::turn], UNDER[::turn]
    seen = slice(1, None) if turn > 0 else slice(None, -1)
    mask = inked((X, cover), (X, under))
    traces = [line(X, cover), line(X[seen], under[seen])]
    whole, grown = add_shared_ends(traces, lambda trace: (mask, 0, 0))
    assert whole is traces[0]
    assert grown.x_px == pytest.approx(X)
    assert np.abs(grown.y_px - under).max() < 1.5
    assert np.abs((grown.y_px - under) / grown.sigma_px).max() < 3


def test_a_line_that_begins_later_gets_no_marker_that_no_ink_leads_to() -> None:
    late = UNDER + 25.0
    mask = inked((X, COVER), (X[1:], late[1:]))
    traces = [line(X, COVER), line(X[1:], late[1:])]
    assert add_shared_ends(traces, lambda trace: (mask, 0, 0))[1] is traces[1]


def test_lines_that_share_no_places_and_bare_ones_stay_as_they_are() -> None:
    mask = np.ones((260, 420), dtype=bool)
    other = line(X[1:] + 9.0, UNDER[1:])
    bare = replace(line(X[1:], UNDER[1:]), sampled_at="vertices", marker="none")
    traces = [line(X, COVER), other, bare]
    assert add_shared_ends(traces, lambda trace: (mask, 0, 0)) == traces


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("covered", [True, False])
def test_a_line_by_columns_is_carried_on_under_the_marker_that_another_one_ends_at(
    turn: int, covered: bool
) -> None:
    under = COVER + np.r_[2.0, np.linspace(8.0, 30.0, 7)] + (0 if covered else np.r_[20.0, np.zeros(7)])
    mask = inked((X, COVER), (X, under)) if covered else inked((X, COVER))
    columns = np.arange(46.0, 390.0)
    y = np.interp(columns, X, under)
    y[0] += 3.0  # the cover cuts the stroke
    seen = replace(line(columns, y), sampled_at="columns", marker="none", line_width_px=3.0)
    cover = line(X, COVER)
    if turn < 0:
        mask = mask[:, ::-1]
        cover = replace(cover, x_px=419 - X[::-1], y_px=COVER[::-1])
        seen = replace(seen, x_px=419 - columns[::-1], y_px=seen.y_px[::-1])
    grown = add_shared_ends([cover, seen], lambda trace: (mask, 0, 0))[1]
    if not covered:
        assert grown is seen
        return
    end = 0 if turn > 0 else -1
    assert grown.x_px[end] == pytest.approx(cover.x_px[end])
    assert grown.y_px[end] == pytest.approx(under[0], abs=0.2)
    assert grown.y_px[1 if turn > 0 else -2] == pytest.approx(np.interp(46.0, X, under), abs=0.2)


@pytest.mark.parametrize("sampled_at", ["columns", "vertices"])
@pytest.mark.parametrize("strung", [True, False])
def test_a_line_ends_in_the_middle_of_the_outermost_dots_that_are_strung_on_it(
    strung: bool, sampled_at: Literal["columns", "vertices"]
) -> None:
    at = np.arange(44.0, 387.0) if sampled_at == "columns" else np.r_[44.0, X[1:-1], 387.0]
    seen = replace(
        line(at, np.interp(at, X, COVER)), sampled_at=sampled_at, marker="none", line_style="dashed"
    )
    at = COVER if strung else np.r_[COVER[0], COVER[1:-1] + np.tile([30.0, -40.0], 3), COVER[-1]]
    dots = replace(line(X, at), kind="scatter", line_style="none")
    grown = add_shared_ends([dots, seen], lambda trace: (np.ones((260, 420), dtype=bool), 0, 0))[1]
    if not strung:
        assert grown is seen
        return
    assert (grown.x_px[0], grown.x_px[-1]) == pytest.approx((X[0], X[-1]))
    assert (grown.y_px[0], grown.y_px[-1]) == pytest.approx((COVER[0], COVER[-1]))


def test_a_bit_of_a_line_is_carried_nowhere() -> None:
    bit = replace(line(X[:1] + 6.0, COVER[:1]), sampled_at="columns", marker="none", line_width_px=3.0)
    mask = inked((X, COVER))
    assert add_shared_ends([line(X, COVER), bit], lambda trace: (mask, 0, 0))[1] is bit


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("sampled_at", ["columns", "vertices"])
@pytest.mark.parametrize("apart", [1.5, 9.0])
def test_bare_lines_that_melt_where_they_begin_begin_at_one_place(
    turn: int, sampled_at: Literal["columns", "vertices"], apart: float
) -> None:
    over = COVER
    under = COVER + np.r_[0.0, np.linspace(10.0, 40.0, 7)] + apart
    mask = inked((X, over), (X, under))
    late = X[0] + 2.6
    at = np.arange(np.ceil(late), 390.0) if sampled_at == "columns" else np.r_[late, X[1:]]
    seen = replace(line(at, np.interp(at, X, under)), sampled_at=sampled_at, marker="none", line_width_px=2.0)
    cover = replace(line(X, over), sampled_at="vertices", marker="none", line_width_px=2.0)
    if turn < 0:
        mask = mask[:, ::-1]
        cover = replace(cover, x_px=419 - X[::-1], y_px=over[::-1])
        seen = replace(seen, x_px=419 - at[::-1], y_px=seen.y_px[::-1])
    grown = add_shared_ends([cover, seen], lambda trace: (mask, 0, 0))[1]
    if apart > 5:
        assert grown is seen
        return
    end = 0 if turn > 0 else -1
    assert grown.x_px[end] == pytest.approx(cover.x_px[end])
    assert grown.y_px[end] == pytest.approx(under[0], abs=0.2)
    assert grown.x_px.size == seen.x_px.size + (sampled_at == "columns")


@pytest.mark.parametrize("apart", [6.0, 14.0])
def test_steep_lines_that_melt_are_apart_in_height_by_more_than_they_are_across(apart: float) -> None:
    x = np.array([60.0, 76.0, 92.0, 108.0, 124.0])
    over, under = (
        240.0 - np.array([0.0, 72.0, 110.0, 130.0, 140.0]),
        np.array([0.0, 52.0, 95.0, 120.0, 135.0]),
    )
    under = 240.0 - apart - under
    late = x[0] + 5.0
    at = np.r_[late, x[1:]]
    seen = replace(line(at, np.interp(at, x, under)), sampled_at="vertices", marker="none", line_width_px=1.5)
    cover = replace(line(x, over), sampled_at="vertices", marker="none", line_width_px=1.5)
    grown = add_shared_ends([cover, seen], lambda trace: (np.ones((260, 420), dtype=bool), 0, 0))[1]
    if apart > 10:
        assert grown is seen
        return
    assert (grown.x_px[0], grown.y_px[0]) == pytest.approx((x[0], under[0]), abs=0.2)
