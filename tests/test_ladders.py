"""Ladders of grid lines, and lines that come out behind what stands on their ends."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box
from digitizer.stages.panels.find import find_panels
from digitizer.stages.strokes.ladders import find_ladders, split_between_panels
from digitizer.stages.strokes.proposals import propose_rectangles
from digitizer.stages.strokes.strokes import Stroke, uncover_ends


def test_grid_positions() -> None:
    expected: list[float] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.set(xlim=(0, 10), ylim=(0, 5))
        axes.plot([1, 9], [1, 4])
        axes.grid(True, linestyle="--")
        height = figure.bbox.height
        expected.extend(height - axes.transData.transform((0, y))[1] - 0.5 for y in (4, 3, 2, 1))

    frame = find_panels(render(draw))[0]
    assert frame.grid_y == pytest.approx(expected, abs=0.6)


def test_ladders_of_stacked_panels_are_told_apart() -> None:
    at = np.array([10, 30, 50, 70, 141.0, 170, 199, 228])
    assert [list(ladder) for ladder in find_ladders(at)] == [[10, 30, 50, 70], [141, 170, 199, 228]]


def test_ladders_a_whole_step_apart_are_panels_of_their_own() -> None:
    """Two steps of the upper one, and three of the lower, are no hidden rungs between them."""
    above = [373.0, 406, 439, 472, 504, 537, 570, 603]
    below = [701.0, 750, 800, 849, 899, 948]
    assert [list(ladder) for ladder in find_ladders(np.array(above + below))] == [above, below]
    level = [Stroke(at=at, start=70.0, end=312.0, sign=0, width=1.0) for at in above + below]
    found = propose_rectangles(level, [], shape=(1022, 320))
    assert sorted((p.box.top, p.box.bottom) for p in found) == [(373.0, 603.0), (701.0, 948.0)]


def test_a_hidden_rung_does_not_end_a_ladder() -> None:
    assert list(find_ladders(np.array([10.0, 30, 70, 90]))[0]) == [10, 30, 70, 90]


@pytest.mark.parametrize(
    ("beyond", "end"), [((40, 90, 90, 40), 84.0), ((90, 255, 40, 40), 80.0), ((90,), 80.0)]
)
def test_a_line_comes_out_behind_what_stands_on_its_end(beyond: tuple[int, ...], end: float) -> None:
    grey = np.full((20, 120), 255, np.int16)
    grey[10, 20:81] = 40
    grey[10, 81 : 81 + len(beyond)] = beyond
    line = Stroke(at=10.0, start=20.0, end=80.0, sign=0, width=1.0)
    (found,) = uncover_ends(grey, [line])
    assert (found.start, found.end) == (20.0, end)


def test_a_ladder_stops_between_panels() -> None:
    rungs = np.array([10.0, 20, 30, 40, 50, 60])
    rows = [Stroke(at=at, start=5, end=33, sign=0) for at in (1.0, 2, 3)]
    rows += [Stroke(at=at, start=37, end=65, sign=0) for at in (1.0, 2, 3)]
    parts = split_between_panels(rungs, rows)
    assert [part.tolist() for part in parts] == [[10, 20, 30], [40, 50, 60]]
    whole = [Stroke(at=4.0, start=5, end=65, sign=0)]
    assert len(split_between_panels(rungs, rows + whole)) == 1


def test_bars_that_cut_the_grid_leave_its_rungs() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.14, 0.2, 0.8, 0.7))
        at = np.arange(5)
        for k in range(2):
            heights = np.array([88.0, 71.0, 93.0, 64.0, 81.0]) - 4 * k
            axes.bar(at + 0.42 * k, heights, width=0.36, edgecolor="white")
        axes.set_xticks(at + 0.21, ["Alpha", "Beta", "Gamma", "Delta", "Omega"])
        axes.set_ylim(0, 100)
        axes.grid(axis="y", color="0.85")
        axes.set_axisbelow(True)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(9.1, 5.2), dpi=110))]
    assert len(found) == 1
    assert found[0].top == pytest.approx(truth[0].top, abs=2)
    assert found[0].bottom == pytest.approx(truth[0].bottom, abs=0.08 * truth[0].height)


def test_a_ladder_stops_between_panels_whose_axis_lines_have_no_ticks_and_whose_legends_are_shorter() -> None:
    rungs = np.array([10.0, 20, 30, 40, 50, 60])
    above = [
        Stroke(at=float(at), start=5, end=end, sign=0) for at, end in ((1, 31), (2, 34), (3, 34), (4, 34))
    ]
    below = [
        Stroke(at=float(at), start=start, end=65, sign=0)
        for at, start in ((1, 36), (2, 36), (3, 36), (4, 39))
    ]
    assert [part.tolist() for part in split_between_panels(rungs, above + below)] == [
        [10, 20, 30],
        [40, 50, 60],
    ]


def test_panels_below_each_other_whose_grids_lie_on_one_ladder_are_two() -> None:
    # Legends hide the grid's upper ends, and a grid line of the upper panel continues that of the lower.
    def draw(figure: Figure) -> None:
        for k, limits in enumerate(((0.38, 0.84), (4.4, 32.6))):
            axes = figure.add_subplot(2, 1, k + 1)
            axes.set(xlim=(0, 21), ylim=limits, xticks=(5, 10, 15, 20), ylabel="value", xlabel="step")
            axes.set_title("panel")
            x = np.arange(1, 21)
            low, high = limits
            axes.plot(x, low + (high - low) * (0.9 - 0.8 * np.exp(-x / 5)), label="Train")
            axes.plot(x, low + (high - low) * (0.7 - 0.6 * np.exp(-x / 5)), label="Validation")
            axes.legend(loc="upper left", framealpha=1.0)
            axes.grid(True)
            axes.spines[["top", "right"]].set_visible(False)
        figure.set_size_inches(6, 10)
        figure.subplots_adjust(hspace=0.22)

    frames = find_panels(render(draw))
    assert len(frames) == 2
    assert frames[0].box.bottom < frames[1].box.top


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_line_goes_on_behind_a_hollow_marker_and_not_into_a_zero(goes_on: bool) -> None:
    grey = np.full((60, 300), 255, np.int16)
    grey[30, 20:200] = 100
    ring = np.zeros((60, 300), np.uint8)
    cv2.circle(ring, (206, 30), 5, 1, 1)
    grey[ring > 0] = 90
    if goes_on:
        grey[30, 212:230] = 100
    (found,) = uncover_ends(grey, [Stroke(at=30.0, start=20.0, end=200.0, sign=0, width=1.0)])
    assert found.end == pytest.approx(229 if goes_on else 201, abs=1)


def test_pieces_of_a_line_between_hollow_markers_are_one() -> None:
    """What is too short for a line of its own, behind the last marker, belongs to it as well."""
    grey = np.full((60, 300), 255, np.int16)
    grey[30, 20:246] = 100
    for at in (70, 160, 190, 226):
        disc, ring = np.zeros((60, 300), np.uint8), np.zeros((60, 300), np.uint8)
        cv2.circle(disc, (at, 30), 5, 1, -1)
        cv2.circle(ring, (at, 30), 5, 1, 1)
        grey[disc > 0] = 255
        grey[ring > 0] = 90
    ends = [(20.0, 64.0), (76.0, 154.0), (196.0, 220.0)]
    pieces = [Stroke(at=30.0, start=start, end=end, sign=0, width=1.0) for start, end in ends]
    (found,) = uncover_ends(grey, pieces)
    assert (found.start, found.end) == (20.0, pytest.approx(245, abs=1))


def test_the_grid_goes_on_above_the_line_that_both_edges_of_an_area_reach() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.14, 0.2, 0.8, 0.7))
        x, y = np.arange(8), np.array([4.9, 5.5, 9.8, 12.0, 8.4, 11.6, 6.0, 7.95])
        axes.fill_between(x, y, color="tab:blue", alpha=0.3, linewidth=0)
        axes.plot(x, y, color="tab:blue")
        axes.set(xlim=(0, 7), ylim=(0, 14), yticks=range(0, 15, 2))
        axes.grid(axis="y", color="0.8")
        axes.set_axisbelow(True)
        axes.spines[["left", "top", "right"]].set_visible(False)
        axes.tick_params(length=0)
        truth.append(frame_of(axes))

    (frame,) = find_panels(render(draw))
    assert frame.box.top == pytest.approx(truth[0].top, abs=1.0)
    assert frame.box.bottom == pytest.approx(truth[0].bottom, abs=1.0)


@pytest.mark.parametrize("values", [[10, 15, 20, 25, 30], [1, 2, 3, 4, 5, 6, 7]])
def test_lines_of_a_logarithmic_axis_are_a_ladder(values: list[float]) -> None:
    """Plotly's, where neither sides nor upright lines are drawn."""
    at = 240 - 260 * np.log10(np.array(values) / values[0])
    at = np.sort(np.round(at))
    (found,) = find_ladders(at)
    assert list(found) == list(at)
    level = [Stroke(at=y, start=70.0, end=312.0, sign=0, width=1.0) for y in at.tolist()]
    (proposal,) = propose_rectangles(level, [], shape=(300, 400))
    assert (proposal.box.top, proposal.box.bottom) == (at[0], at[-1])


def test_uneven_lines_are_none() -> None:
    assert find_ladders(np.array([40.0, 63.0, 101.0, 119.0, 177.0])) == []
