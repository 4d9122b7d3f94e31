"""Panels beside each other tell where each of them ends."""

from __future__ import annotations

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
