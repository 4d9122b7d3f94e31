"""Panels of one figure tell about each other's series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, LegendEntry, TextSpan, Trace
from digitizer.stages.checks.siblings import find_missing_colors, with_covered, without_lent

BLUE, ORANGE, GREEN = (31, 119, 180), (255, 127, 14), (44, 160, 44)


def line(color: tuple[int, int, int]) -> Trace:
    x = np.arange(5.0)
    return Trace(kind="line", color=color, x_px=x, y_px=x, sigma_px=x, sampled_at="columns")


def test_a_colour_that_most_siblings_show_is_missed() -> None:
    both = (line(BLUE), line(ORANGE))
    near_orange = (250, 125, 20)
    found = find_missing_colors([both, (line(near_orange),), both, both])
    assert found == ((), (BLUE,), (), ())


def test_panels_with_colours_of_their_own_miss_nothing() -> None:
    assert find_missing_colors([(line(BLUE),), (line(ORANGE),), (line(GREEN),)]) == ((), (), ())


def test_two_panels_are_no_majority() -> None:
    assert find_missing_colors([(line(BLUE), line(ORANGE)), (line(BLUE),)]) == ((), ())


def test_an_unread_panel_is_not_judged_by_its_siblings() -> None:
    both = (line(BLUE), line(ORANGE))
    assert find_missing_colors([both, (), both, both])[1] == ()


def test_a_panel_of_bars_misses_no_lines() -> None:
    both = (line(BLUE), line(ORANGE))
    bars = (replace(line(GREEN), kind="bar"),)
    assert find_missing_colors([both, bars, both, both])[1] == ()


def level(color: tuple[int, int, int], height: float = 7.0) -> Trace:
    x = np.arange(5.0)
    return Trace(
        kind="line",
        color=color,
        x_px=x,
        y_px=np.full(5, height),
        sigma_px=np.full(5, 0.1),
        sampled_at="columns",
    )


def test_a_level_line_covers_the_one_that_its_siblings_show_with_it() -> None:
    both = (line(BLUE), line(ORANGE))
    found = with_covered([both, (level(ORANGE),), both, both])
    assert found[0] == both
    (cover, hidden) = found[1]
    assert cover.color == ORANGE
    assert hidden.color == BLUE
    assert hidden.hidden == 1.0
    assert hidden.y_px.tolist() == cover.y_px.tolist()
    assert hidden.sigma_px.min() >= cover.line_width_px / 2


def test_a_line_that_moves_covers_none() -> None:
    both = (line(BLUE), line(ORANGE))
    assert len(with_covered([both, (line(ORANGE),), both, both])[1]) == 1
    assert len(with_covered([both, (level(GREEN),), both, both])[1]) == 1


def test_two_kinds_of_panels_with_nothing_in_common_miss_nothing() -> None:
    accuracy, loss = (line(BLUE),), (line(ORANGE),)
    assert find_missing_colors([accuracy, loss, accuracy, loss]) == ((), (), (), ())


def listed(*colors: tuple[int, int, int]) -> tuple[LegendEntry, ...]:
    box = Box(left=0, top=0, right=9, bottom=9)
    text = TextSpan(box=box, text="a", confidence=1.0)
    return tuple(LegendEntry(text=text, swatch=box, color=color) for color in colors)


def test_a_lone_series_without_a_legend_is_all_where_the_others_have_legends_of_their_own() -> None:
    both, alone = (line(BLUE), line(ORANGE)), (line(BLUE),)
    traces = [both, alone, both, both]
    own = listed(BLUE, ORANGE)
    assert find_missing_colors(traces, [own, (), own, own])[1] == ()
    # The sample of a hairline is paler than the line, and one of two all the same.
    pale = listed((143, 185, 217), (255, 191, 134))
    assert find_missing_colors(traces, [pale, (), pale, pale])[1] == ()
    # One of the others does not list it: the colour is known without a legend.
    assert find_missing_colors(traces, [own, (), own, ()])[1] == (ORANGE,)
    # A legend that serves all panels lists the covered line.
    assert find_missing_colors(traces, [own, own, own, own])[1] == (ORANGE,)
    assert find_missing_colors(traces, [(), (), (), ()])[1] == (ORANGE,)


def test_a_legend_of_one_panels_own_series_is_not_lent_to_panels_of_one() -> None:
    shared = Box(left=10, right=60, top=10, bottom=20)
    text = TextSpan(box=shared, text="a", confidence=1.0, panel=0)
    legend = tuple(LegendEntry(text=text, swatch=shared, color=color) for color in (BLUE, ORANGE))
    both, one = (line(BLUE), line(ORANGE)), (line(BLUE),)
    assert without_lent([legend] * 3, [both, one, one]) == [legend, (), ()]
    # A lone panel of one series may lack another that was not seen, and a legend beside all panels is theirs.
    assert without_lent([legend] * 3, [both, both, one]) == [legend] * 3
    beside = tuple(replace(entry, text=replace(text, panel=None)) for entry in legend)
    assert without_lent([beside] * 3, [both, one, one]) == [beside] * 3
