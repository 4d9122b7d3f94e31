"""Bars that end on a side's stroke end where they are seen to, and not beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_bars import BLUE, FRAME, ORANGE, bar, blank, frame, look, picture, simple

from digitizer.stages.bars.clipped import doubt_ends_at_break, doubt_ends_at_side
from digitizer.stages.bars.find import find_bars


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_bars_over_the_stroke_of_a_side(over: int) -> None:
    rgb = simple()
    side = round(FRAME.top)
    rgb[side, round(FRAME.left) : round(FRAME.right) + 1] = 225
    bar(rgb, 40, 79, side + over, 289, BLUE)
    (trace,) = look(rgb)
    assert trace.y_px[int(np.argmin(trace.x_px))] == pytest.approx(side + over - 0.5, abs=0.2)


@pytest.mark.parametrize("broken", [True, False])
def test_a_bar_at_the_side_where_its_axis_is_broken_goes_on_in_the_next_panel(broken: bool) -> None:
    rgb = simple()
    rgb[round(FRAME.top), round(FRAME.left) + 1 : round(FRAME.right)] = 255
    bar(rgb, 40, 79, round(FRAME.top), 289, BLUE)
    whole = frame()
    sides = whole.sides - {"top"} if broken else whole.sides
    lower = replace(whole, sides=sides)
    (found,) = find_bars(picture(rgb), lower, (), ())
    upper = replace(whole, box=replace(FRAME, top=FRAME.top - 50, bottom=FRAME.top - 10))
    trace = doubt_ends_at_break(found, lower, [lower, upper])
    first = int(np.argmin(trace.x_px))
    # A scale that ends with the highest bar has no side there, either.
    assert doubt_ends_at_break(found, lower, [lower]).sigma_px.max() < 1.0
    assert (trace.sigma_px[first] >= 0.04 * FRAME.height) == broken
    assert np.delete(trace.sigma_px, first).max() < 1.0


def test_bars_that_all_end_at_a_side_hide_it() -> None:
    # Shares of a whole: what is left of the side between them passes for none.
    rgb = blank()
    for k in range(4):
        bar(rgb, 40 + 80 * k, 109 + 80 * k, 200 - 20 * k, 289, BLUE)
        bar(rgb, 40 + 80 * k, 109 + 80 * k, round(FRAME.top), 199 - 20 * k, ORANGE)
    whole = frame()
    traces = find_bars(picture(rgb), replace(whole, sides=whole.sides - {"top"}), (), ())
    assert len(traces) == 2
    assert max(trace.sigma_px.max() for trace in traces) <= 1.0


def test_shares_of_a_whole_with_edges_in_the_grounds_colour_end_at_the_side() -> None:
    # Excel parts stacks with white edges: the highest one hides what the uppermost bars' colour would reach.
    rgb, top = blank(), round(FRAME.top)
    rgb[top, 21:400] = 145
    for k in range(4):
        bar(rgb, 40 + 80 * k, 109 + 80 * k, 201 - 20 * k, 289, BLUE)
        bar(rgb, 40 + 80 * k, 109 + 80 * k, top + 2, 199 - 20 * k, ORANGE)
        bar(rgb, 40 + 80 * k, 109 + 80 * k, top + 1, top + 1, (243, 244, 240))
    upper = min(look(rgb), key=lambda trace: float(trace.y_px.mean()))
    np.testing.assert_allclose(upper.y_px, FRAME.top, atol=0.1)


@pytest.mark.parametrize(
    ("tops", "ticks", "doubted"),
    [
        ((0.0, 0.4, 120.0), (40.0, 90.0), True),
        ((0.0, 0.4, 120.0), (0.0, 90.0), False),
        ((0.0, 80.0, 120.0), (40.0, 90.0), False),
        ((0.0, 0.0, 0.0), (40.0, 90.0), False),
    ],
)
def test_several_bars_that_end_at_a_side_without_a_tick_may_be_cut_off(
    tops: tuple[float, ...], ticks: tuple[float, ...], doubted: bool
) -> None:
    (trace,) = look(simple())
    y = FRAME.top + np.array(tops)
    n = y.size
    whole = replace(
        trace,
        x_px=np.arange(n) * 40.0 + 60,
        y_px=y,
        sigma_px=np.full(n, 0.2),
        base_px=np.full(n, FRAME.bottom),
    )
    told = doubt_ends_at_side(whole, frame(), FRAME.top + np.array(ticks))
    assert np.array_equal(told.sigma_px > 1.0, (y < FRAME.top + 2) & doubted)
