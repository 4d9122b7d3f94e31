"""Panels beside each other tell where each of them ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from test_panels import ALL_SIDES

from digitizer.evidence import Box
from digitizer.stages.panels.find import choose, find_panels
from digitizer.stages.strokes.proposals import Proposal

# Agg snaps spines to whole pixels: half a pixel, and the pen's own rounding.


def test_panels_side_by_side_without_lines_keep_their_own_labels() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        for k, top in enumerate((50.0, 60.0)):
            axes = figure.add_axes((0.09 + 0.49 * k, 0.2, 0.38, 0.65))
            axes.plot(np.linspace(0, top, 40), 30 + 60 * np.exp(-np.linspace(0, 3, 40)))
            axes.set(xlim=(0, top), ylim=(30, 90), xticks=np.arange(0, top + 1, 10))
            axes.spines[:].set_visible(False)
            axes.tick_params(length=5)
            truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(9.3, 3.6)))]
    assert len(found) == 2
    for box, true in zip(found, truth, strict=True):
        assert box.left == pytest.approx(true.left, abs=3)
        assert box.right == pytest.approx(true.right, abs=0.12 * true.width)
        assert box.bottom == pytest.approx(true.bottom, abs=3)


def labelled(
    box: tuple[float, float, float, float], sides: tuple[str, ...], level: int, upright: int
) -> Proposal:
    left, top, right, bottom = box
    return Proposal(
        box=Box(left=left, top=top, right=right, bottom=bottom),
        sides=frozenset(sides),
        n_horizontal=level,
        n_vertical=upright,
        n_row_labels=5,
        n_column_labels=3,
    )


def test_steep_starts_of_curves_are_no_grid_across_their_panels() -> None:
    """They stand as evenly as the panels do, and a grid of them overlaps each panel for the most part."""
    boxes = [
        labelled((left, top, left + 101.0, top + 167.0), ALL_SIDES, 2, 2)
        for top in (27.0, 239.0)
        for left in (1161.0, 1321.0, 1481.0)
    ]
    boxes[-1] = labelled((1481.0, 239.0, 1582.0, 406.0), ("left", "top", "bottom"), 2, 1)
    starts = labelled((1167.5, 299.0, 1487.0, 401.0), (), 0, 3)
    higher = labelled((1007.5, 280.0, 1487.0, 401.0), (), 0, 4)
    found = choose([starts, higher, *boxes], shape=(436, 1600))
    assert {p.box for p in found} == {p.box for p in boxes}


def test_a_panel_is_level_with_its_neighbours_where_its_title_touches_a_side() -> None:
    beside = [labelled((left, 239.0, left + 101.0, 406.0), ALL_SIDES, 2, 2) for left in (1161.0, 1321.0)]
    level = labelled((1481.0, 239.0, 1582.0, 406.0), ("left", "bottom", "top"), 2, 1)
    longer = labelled((1481.0, 224.0, 1581.5, 406.0), ("left", "bottom", "right"), 2, 1)
    found = choose([longer, level, *beside], shape=(436, 1600))
    assert {p.box for p in found} == {p.box for p in [level, *beside]}


def test_level_bars_between_axis_lines_alone_are_panels_side_by_side() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        for k, values in enumerate(([28, 226, 155, 209, 166], [690, 775, 1300, 555], [1020, 770, 1730, 630])):
            axes = figure.add_axes((0.06 + 0.333 * k, 0.12, 0.265, 0.75))
            names = [f"name {n}" for n in range(len(values))]
            axes.barh(names, values, height=0.9, color="#595959")
            axes.set_xlim(-0.05 * max(values), 1.05 * max(values))
            axes.spines[["top", "right"]].set_visible(False)
            truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(12, 4.2)))]
    assert [round(box.left) for box in found] == pytest.approx([box.left for box in truth], abs=2)
    assert [round(box.bottom) for box in found] == pytest.approx([box.bottom for box in truth], abs=2)


def test_a_grid_that_bars_cover_ends_where_its_lines_do_and_not_at_the_bars() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        for k, values in enumerate(([66, 117, 80, 179, 104, 70], [160, 125, 141, 132, 70, 90])):
            axes = figure.add_axes((0.07 + 0.5 * k, 0.15, 0.4, 0.7))
            axes.bar(range(6), values, width=0.7, color="#b5d633")
            axes.bar(range(6), [0.6 * v for v in values], width=0.7, color="#5070dd")
            axes.set(xlim=(-0.5, 5.5), ylim=(0, 180), yticks=range(0, 181, 30))
            axes.spines[["top", "left", "right"]].set_visible(False)
            axes.tick_params(length=0)
            axes.grid(axis="y", color="#dbdee4")
            axes.set_axisbelow(True)
            truth.append(frame_of(axes))

    found = [f.box for f in find_panels(render(draw, size=(10, 3.5)))]
    assert len(found) == 2
    for box, true in zip(found, truth, strict=True):
        assert box.top == pytest.approx(true.top, abs=1.5)
        assert (box.left, box.right) == pytest.approx((true.left, true.right), abs=3)


def test_what_pairs_of_bars_leave_free_is_no_panel_beside_another() -> None:
    """Names of the bars on either side reach below it, and dashes of the grid pass for labels beside it."""
    axes = replace(
        labelled((79.5, 77.5, 443.0, 227.5), ("left", "bottom"), 1, 3), n_row_labels=6, n_column_labels=4
    )
    free = [
        replace(
            labelled((left, top, right, 225.5), ("left", "bottom", "right"), 1, 1),
            n_row_labels=rows,
            n_column_labels=2,
        )
        for left, top, right, rows in (
            (79.5, 77.5, 197.5, 6),
            (223.5, 77.5, 298.5, 2),
            (324.5, 139.0, 399.5, 2),
        )
    ]
    assert choose([axes, *free], shape=(296, 496)) == [axes]
    # Panels that stand on one line have as many labels each.
    free[1:] = [replace(p, n_row_labels=6) for p in free[1:]]
    assert axes not in choose([axes, *free], shape=(296, 496))
