"""Bars that are drawn as outlines are read, and so is what their legend shows as such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

import chartscribe
from digitizer.stages.bars.hollow import fill_hollow_bars
from digitizer.stages.panels.find import find_panels

NAMES = ["North", "South", "East", "West"]
OURS, OTHERS = [23.0, 41.0, 12.0, 29.0], [30.0, 18.0, 27.0, 40.0]


@pytest.mark.parametrize(("fill", "edge"), [("white", "black"), ("#f2f2f2", "black"), ("none", "#1f77b4")])
def test_outlined_bars_are_read(fill: str, edge: str) -> None:
    def draw(figure: Figure) -> None:
        figure.add_subplot().bar(NAMES, OURS, color=fill, edgecolor=edge)

    (panel,) = chartscribe.digitize(render(draw).rgb).panels
    (series,) = panel.series
    assert series.kind == "bar"
    assert list(series.x) == NAMES
    np.testing.assert_allclose(series.y, OURS, atol=0.3)


def test_hollow_bars_beside_grey_ones_go_by_their_names() -> None:
    def draw(figure: Figure) -> None:
        axes, at = figure.add_subplot(), np.arange(4)
        axes.bar(at - 0.2, OURS, 0.4, color="white", edgecolor="black", label="hollow")
        axes.bar(at + 0.2, OTHERS, 0.4, color="gray", edgecolor="black", label="grey")
        axes.set_xticks(at, NAMES)
        axes.set_ylim(0, 60)
        axes.legend(loc="upper left")

    (panel,) = chartscribe.digitize(render(draw).rgb).panels
    found = {series.name: series.y for series in panel.series}
    assert set(found) == {"hollow", "grey"}
    np.testing.assert_allclose(found["hollow"], OURS, atol=0.4)
    np.testing.assert_allclose(found["grey"], OTHERS, atol=0.4)


def test_cells_and_boxes_that_float_stay_as_they_are() -> None:
    def cells(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1, 2], [0, 2, 1], color="red")
        axes.grid(color="black", linewidth=1)

    def boxes(figure: Figure) -> None:
        figure.add_subplot().bar(NAMES, OURS, bottom=[3, 9, 1, 6], color="white", edgecolor="black")

    for draw in (cells, boxes):
        picture = render(draw)
        frames = [replace(frame, background=(255, 255, 255)) for frame in find_panels(picture)]
        assert fill_hollow_bars(picture, frames) is picture


def test_gaps_between_filled_bars_are_no_bars() -> None:
    def gaps(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(["a", "b", "c"], [50, 50, 50], color="#303030", width=0.94)
        # Joins two bars, so that the gap between them is lower than the other.
        axes.plot([0.4, 0.6], [30, 30], color="#303030", linewidth=4)
        axes.set_ylim(0, 48)

    picture = render(gaps)
    frames = [replace(frame, background=(255, 255, 255)) for frame in find_panels(picture)]
    assert fill_hollow_bars(picture, frames) is picture


def test_places_between_bars_and_a_grid_are_no_bars() -> None:
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.barh(NAMES, OURS, 0.5, color="#4f81bd")
        axes.grid(axis="x", color="#878787", linewidth=1)
        axes.set_axisbelow(True)
        for side in axes.spines.values():
            side.set_color("#878787")

    picture = render(draw)
    frames = [replace(frame, background=(255, 255, 255)) for frame in find_panels(picture)]
    assert fill_hollow_bars(picture, frames) is picture


def test_places_between_outlined_bars_a_grid_and_the_axis_are_no_bars() -> None:
    # They begin at the axis, are as high as the grid's steps, and end at the first bar that is as high.
    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.bar(range(6), [10, 40, 50, 20, 10, 50], 0.4, color="red", edgecolor="black", linewidth=1.5)
        axes.grid(axis="y", color="#606060", linewidth=1.5)
        axes.set_axisbelow(True)
        axes.set_ylim(0, 60)

    picture = render(draw)
    frames = [replace(frame, background=(255, 255, 255)) for frame in find_panels(picture)]
    assert fill_hollow_bars(picture, frames) is picture
