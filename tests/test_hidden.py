"""Lines that go on under others: carried on where they merge, left alone where they cross or end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitizer.evidence import Box, FloatArray, PanelFrame, Side, Trace
from digitizer.stages.series.hidden import carry_on_hidden

X = np.arange(20.0, 420.0)


def frame(*sides: Side) -> PanelFrame:
    return PanelFrame(
        box=Box(left=10, top=10, right=430, bottom=310),
        sides=frozenset(sides),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
    )


def line(x: FloatArray, y: FloatArray, sampled_at: str = "columns") -> Trace:
    return Trace(
        kind="line",
        color=(10, 20, 30),
        x_px=x.copy(),
        y_px=y.copy(),
        sigma_px=np.full(x.size, 0.2),
        sampled_at=sampled_at,  # type: ignore[arg-type]
        line_width_px=3.0,
    )


def test_a_line_that_merges_into_another_follows_it_to_the_common_end() -> None:
    cover = np.full(X.size, 150.0)
    upper = 150 + 90 * np.exp(-(X - 20) / 50)
    merged = int(np.argmax(np.abs(upper - cover) < 3.0))
    whole, short = line(X, cover), line(X[:merged], upper[:merged])
    kept, carried = carry_on_hidden([whole, short], frame())
    assert kept is whole
    assert carried.x_px[-1] == X[-1]
    off = np.abs(np.interp(X, carried.x_px, carried.y_px) - upper)
    assert off.max() < 1.5
    assert np.mean(off[merged:] < np.interp(X[merged:], carried.x_px, carried.sigma_px)) > 0.6
    assert carried.hidden > 0.3
    assert carried.sigma_px[-1] < 1.5


def test_a_line_that_crosses_where_it_ends_is_left_alone() -> None:
    cover, steep = np.full(X.size, 150.0), 150 + 1.2 * (X - 220)
    short = line(X[:201], steep[:201])
    assert carry_on_hidden([line(X, cover), short], frame())[1] is short


def test_a_line_that_ends_in_the_open_is_left_alone() -> None:
    short = line(X[:150], np.full(150, 200.0))
    assert carry_on_hidden([line(X, np.full(X.size, 150.0)), short], frame())[1] is short


def test_a_line_that_starts_under_a_drawn_side_follows_it() -> None:
    rising = 310 - 250 / (1 + np.exp(-(X - 220) / 18))
    first = int(np.argmax(rising < 307))
    other = line(X, np.linspace(200, 100, X.size))
    short = line(X[first:], rising[first:])
    assert carry_on_hidden([other, short], frame("left"))[1] is short
    carried = carry_on_hidden([other, short], frame("bottom"))[1]
    assert carried.x_px[0] == X[0]
    assert np.all(np.diff(carried.x_px) > 0)
    assert np.abs(np.interp(X, carried.x_px, carried.y_px) - rising).max() < 4.0


def test_markers_are_not_invented() -> None:
    short = line(X[:200:10], np.full(20, 150.0), "markers")
    assert carry_on_hidden([line(X, np.full(X.size, 150.0)), short], frame())[1] is short


def test_a_dotted_line_is_carried_on_though_its_dots_stand_far_apart() -> None:
    cover = np.full(X.size, 150.0)
    upper = 150 + 90 * np.exp(-(X - 20) / 50)
    merged = int(np.argmax(np.abs(upper - cover) < 6.0))
    dots = np.arange(0, merged, 9)
    _, carried = carry_on_hidden([line(X, cover), line(X[dots], upper[dots])], frame())
    assert carried.x_px[-1] == X[-1]


def test_a_line_that_ends_beside_the_frame_goes_on_to_its_side() -> None:
    x = np.arange(14.0, 427.0)
    (carried,) = carry_on_hidden([line(x, 300 - 0.5 * x)], frame("left", "right"))
    assert carried.x_px[[0, -1]].tolist() == [10.0, 430.0]
    assert carried.y_px[[0, -1]] == pytest.approx([295.0, 85.0], abs=0.2)
    far = line(np.arange(30.0, 410.0), np.full(380, 150.0))
    assert carry_on_hidden([far], frame("left", "right"))[0] is far


def test_the_last_vertex_moves_to_the_side() -> None:
    x = np.array([12.0, 100.0, 200.0, 300.0, 428.0])
    (carried,) = carry_on_hidden([line(x, 20 + 0.5 * x, "vertices")], frame("left", "right"))
    assert carried.x_px.tolist() == [10.0, 100.0, 200.0, 300.0, 430.0]
    assert carried.y_px == pytest.approx(20 + 0.5 * carried.x_px)


def test_a_flat_line_goes_on_into_the_corner_whose_top_hides_its_end() -> None:
    x = np.array([10.0, 150.0, 300.0, 420.0])
    flat = line(x, 12.0 + 0.25 * (420.0 - x), "vertices")
    boxed = frame("left", "right", "top", "bottom")
    (carried,) = carry_on_hidden([flat], boxed)
    assert (carried.x_px[-1], carried.y_px[-1]) == pytest.approx((430.0, 10.0), abs=0.6)
    steep = line(x, 12.0 + 0.6 * (420.0 - x), "vertices")
    inner = line(x + np.array([20.0, 0, 0, 0]), flat.y_px, "vertices")
    falls = line(x, np.array([10.0, 10.0, 10.0, 10.5]), "vertices")
    for ends in (steep, inner, falls):
        assert carry_on_hidden([ends], boxed)[0].x_px[-1] == 420.0


def with_gap(y: FloatArray, first: int, last: int) -> Trace:
    """A line without its columns from ``first`` to ``last``: one point without y stands for them."""
    x = np.concatenate([X[:first], [X[(first + last) // 2]], X[last + 1 :]])
    return line(x, np.concatenate([y[:first], [np.nan], y[last + 1 :]]))


def test_a_line_that_dives_under_another_for_a_while_follows_it() -> None:
    cover = 150 + 20 * np.sin(X / 60)
    other = cover + np.linspace(-40, 40, X.size)
    hidden = np.flatnonzero(np.abs(other - cover) < 3.0)
    _, closed = carry_on_hidden([line(X, cover), with_gap(other, hidden[0], hidden[-1])], frame())
    assert np.isfinite(closed.y_px).all()
    assert np.abs(np.interp(X, closed.x_px, closed.y_px) - other).max() < 1.0
    assert closed.hidden == pytest.approx(hidden.size / X.size, abs=0.02)


def test_a_gap_in_the_open_stays_one() -> None:
    gap = with_gap(np.full(X.size, 200.0), 100, 160)
    assert carry_on_hidden([line(X, np.full(X.size, 150.0)), gap], frame())[1] is gap


def test_a_gap_at_a_side_is_closed_where_the_line_is_level_there() -> None:
    level = np.minimum(307.8, 330 - 0.5 * np.abs(X - 150))
    assert np.isfinite(carry_on_hidden([with_gap(level, 95, 160)], frame("bottom"))[0].y_px).all()
    assert np.isnan(carry_on_hidden([with_gap(level, 95, 160)], frame())[0].y_px).any()
    leaves = 420 - 1.5 * np.abs(X - 150)
    gone = np.flatnonzero(leaves > 309)
    gap = with_gap(leaves, gone[0], gone[-1])
    assert np.isnan(carry_on_hidden([gap], frame("bottom"))[0].y_px).any()


def test_values_that_begin_under_their_average_go_on_to_its_end_whatever_their_direction() -> None:
    average = line(X, 150 + 60 * np.exp(-(X - 20) / 80))
    noise = np.random.default_rng(4).normal(0, 25, X.size)
    noise[:12] = 0.0
    raw = replace(line(X[11:], (average.y_px + noise)[11:]), color=(231, 232, 233))
    kept, carried = carry_on_hidden([average, raw], frame())
    assert kept is average
    assert carried.x_px[0] == X[0]
    assert carried.y_px[0] == pytest.approx(average.y_px[0])
    far = replace(raw, x_px=raw.x_px[40:], y_px=raw.y_px[40:], sigma_px=raw.sigma_px[40:])
    assert carry_on_hidden([average, far], frame())[1] is far


def test_lines_that_begin_steeply_at_one_point_begin_together() -> None:
    # The one drawn first is seen only where it has left the other's stroke.
    cover = 40 + 1.2 * (X - 20)
    short = line(X[7:], 40 + 1.35 * (X[7:] - 20))
    carried = carry_on_hidden([line(X, cover), short], frame())[1]
    assert carried.x_px[0] == pytest.approx(X[0])
    assert carried.y_px[0] == pytest.approx(40.0, abs=1.0)


def test_a_line_goes_on_to_a_side_only_as_far_as_something_may_hide_it() -> None:
    x = np.arange(20.0, 427.5)
    steep = line(x, 300 - 0.5 * (x - 20))
    (drawn,) = carry_on_hidden([steep], frame("right"))
    assert drawn.x_px[-1] == 430.0
    (bare,) = carry_on_hidden([steep], frame())
    assert bare.x_px[-1] == 430.0
    # Highcharts leaves a hundredth of the data's range before a side that it does not draw.
    short = line(x[:-1], steep.y_px[:-1])
    assert carry_on_hidden([short], frame())[0] is short
    assert carry_on_hidden([short], frame("right"))[0].x_px[-1] == 430.0


@pytest.mark.parametrize("mark", [[303.0, 306.3], []])
def test_a_tick_mark_at_its_end_keeps_no_line_from_going_on_under_a_side(mark: list[float]) -> None:
    rising = 309.7 - 250 / (1 + np.exp(-(X - 300) / 9))
    rising[150 : 150 + len(mark)] = mark
    short = line(X[150:], rising[150:])
    found = carry_on_hidden([line(X, np.linspace(200, 100, X.size)), short], frame("bottom"))[1]
    assert found.x_px[0] < X[150] - 50
    assert found.y_px[found.x_px < X[160]] == pytest.approx(309.8, abs=1.0)
