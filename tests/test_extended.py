"""Grids that end before what is drawn over them."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels


@pytest.mark.parametrize("shares", [(0.95, 0.8, 0.5, 0.2), (0.55, 0.4, 0.6, 0.9)])
def test_a_level_bar_on_the_last_line_of_a_grid_lies_in_the_panel(shares: tuple[float, ...]) -> None:
    boxes = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.2, 0.15, 0.7, 0.75))
        axes.barh(np.arange(4), np.array(shares)[::-1] * 40)
        axes.set_xlim(0, 40)
        axes.set_yticks(range(4), ["Food", "Housing", "Leisure", "Travel"])
        axes.tick_params(left=False)
        axes.grid(axis="y", color="#d0d0d0")
        axes.spines[["left", "top", "right"]].set_visible(False)
        figure.draw_without_rendering()
        boxes.append(axes.transData.transform([(0, 3.4), (40, 3.0)]))

    picture = render(draw)
    (frame,) = find_panels(picture)
    assert frame.box.top == pytest.approx(picture.height - boxes[0][0, 1], abs=4.0)
