"""From evidence to document: no vision, and a corrected tick is enough to calibrate again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitizer.colors import name_color
from digitizer.model import Figure
from digitizer.pipeline import digitize
from digitizer.stages.assemble import assemble
from digitizer.stages.correct import correct_tick
from digitizer.stages.values.round_places import snap_to_grid

FIXTURES = Path(__file__).parent.parent / "fixtures" / "drawn"


@pytest.fixture(scope="module")
def figure() -> Figure:
    return digitize(FIXTURES / "reference" / "chart.png")


def test_assembling_again_gives_the_same_bytes(figure: Figure) -> None:
    assert figure.extraction is not None
    assert assemble(figure.extraction).to_json() == figure.to_json()


def test_a_corrected_tick_moves_the_data(figure: Figure) -> None:
    assert figure.extraction is not None
    evidence = figure.extraction.panels[0].y_axis
    assert evidence is not None
    doubled = figure.extraction
    for k, span in enumerate(evidence.labels):
        doubled = correct_tick(doubled, panel=0, axis="y", tick=k, text=str(2 * int(span.text)))
    again = assemble(doubled)
    assert again.panels[0].series[0].y == pytest.approx(2 * figure.panels[0].series[0].y)
    assert again.panels[1].series[0].y == pytest.approx(figure.panels[1].series[0].y)


@pytest.mark.parametrize(("panel", "axis", "tick"), [(5, "x", 0), (0, "y2", 0), (0, "x", 99)])
def test_a_tick_that_is_not_there(figure: Figure, panel: int, axis: str, tick: int) -> None:
    assert figure.extraction is not None
    with pytest.raises(ValueError, match=r"panel|tick"):
        correct_tick(figure.extraction, panel=panel, axis=axis, tick=tick, text="1")  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [1.0, 5.0, 0.25, 1000.0])
def test_steps_are_snapped_where_all_points_stand_on_them(step: float) -> None:
    rng = np.random.default_rng(1)
    exact = step * np.arange(40)
    near = exact + rng.normal(0, 0.03 * step, 40)
    assert snap_to_grid(near, px_size=step / 8) == pytest.approx(exact)


def test_uneven_points_stay_where_they_are() -> None:
    x = np.sort(np.random.default_rng(2).uniform(0, 50, 30))
    assert snap_to_grid(x, px_size=0.1) is x


def test_a_few_uneven_points_near_a_fine_grid_stay_where_they_are() -> None:
    x = np.array([3.19, 3.15, 3.44, 3.44])
    assert snap_to_grid(x, px_size=0.0165) is x


def test_three_even_points_are_snapped() -> None:
    assert snap_to_grid(np.array([0.98, 2.01, 3.02]), px_size=0.05) == pytest.approx([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("rgb", "word"),
    [
        ((31, 119, 180), "blue"),
        ((214, 39, 40), "red"),
        ((44, 160, 44), "green"),
        ((0, 0, 0), "black"),
        ((127, 127, 127), "gray"),
        ((255, 127, 14), "orange"),
        ((148, 103, 189), "purple"),
        ((140, 86, 75), "brown"),
        ((227, 119, 194), "pink"),
        ((198, 19, 58), "red"),  # crimson, as JPEG leaves it
        ((60, 97, 218), "blue"),  # royal blue, the same
        ((84, 112, 198), "blue"),  # ECharts' first colour
        ((124, 174, 0), "green"),  # ggplot2's second of four
    ],
)
def test_colour_words(rgb: tuple[int, int, int], word: str) -> None:
    assert name_color(rgb) == word


@pytest.mark.parametrize(
    "exact", [np.linspace(0, 180, 40), np.linspace(350, 800, 50), 1 + 9.0 * np.arange(40), np.arange(1.0, 31)]
)
def test_even_points_stand_on_round_ends_or_round_steps(exact: np.ndarray) -> None:
    px_size = float(np.ptp(exact)) / 400
    shifted = exact + 0.4 * px_size + (exact - exact.mean()) / np.ptp(exact) * 0.5 * px_size
    noise = np.random.default_rng(5).normal(0, 0.05 * px_size, exact.size)
    assert snap_to_grid(shifted + noise, px_size=px_size) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("first", [0.0, 1.0])
@pytest.mark.parametrize("step", [5.0, 18.0])
def test_steps_are_counted_from_one_where_they_stand_nearer_to_it(first: float, step: float) -> None:
    exact = first + step * np.arange(73)
    px_size = 1.17 * step / 5
    shifted = exact - 0.3 * min(1.0, px_size) * np.linspace(1, -0.2, exact.size)
    assert snap_to_grid(shifted, px_size=min(1.17, px_size)) == pytest.approx(exact)


def test_a_line_that_seems_to_begin_at_the_frames_side_is_counted_by_its_other_points() -> None:
    exact = 1 + 15.0 * np.arange(25)
    px_size = 0.81
    read = exact - 0.3 * px_size * np.linspace(0.1, 1, exact.size)
    read[0] = 0.35
    assert snap_to_grid(read, px_size=px_size) == pytest.approx(exact)


def test_even_points_off_any_round_value_stay_where_they_are() -> None:
    x = np.linspace(3.137, 171.71, 37)
    assert snap_to_grid(x, px_size=0.4) is x


def test_even_points_between_others_are_not_put_on_round_ends() -> None:
    # The line begins before the steps, between two of them.
    x = np.r_[-0.1146, np.linspace(0.0235, 20.0475, 87)]
    assert snap_to_grid(x, px_size=0.0694) is x


def test_bars_stand_on_round_steps_where_their_edges_or_middles_do_too() -> None:
    px_size, bars = 0.03, np.arange(10)
    uneven = -0.431 + 0.495 * bars
    assert snap_to_grid(uneven, px_size=px_size, bins=True) == pytest.approx(uneven, abs=0.3 * px_size)
    for exact in (-0.25 + 0.5 * bars, 1.5 + 0.5 * bars):
        shifted = exact + 0.4 * px_size + (bars - 4.5) / 9 * 0.5 * px_size
        assert snap_to_grid(shifted, px_size=px_size, bins=True) == pytest.approx(exact)


def test_a_loose_end_keeps_no_even_points_from_round_steps() -> None:
    exact = np.r_[3.0 * np.arange(1, 60) * 100, 17_790.0]
    px_size = 50.0
    assert snap_to_grid(exact + 0.4 * px_size, px_size=px_size)[:-1] == pytest.approx(exact[:-1])
