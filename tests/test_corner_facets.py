"""Facets with two axis lines each that share their labels are told apart, not taken for one wide panel."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels


@pytest.mark.parametrize(("size", "dpi"), [((10.5, 5.7), 100), ((8.0, 4.5), 120)])
def test_facets_without_a_box_stand_apart(size: tuple[float, float], dpi: int) -> None:
    drawn: list[Axes] = []

    def draw(figure: Figure) -> None:
        panels = figure.subplots(2, 3, sharex=True, sharey=True)
        x = np.linspace(0, 20000, 60)
        for k, axes in enumerate(panels.ravel()):
            axes.plot(x, 0.6 + np.exp(-x / (900 + k * 200)), color="tab:red", label="seed 1")
            axes.plot(x, 0.2 + k * 0.05 + 1.2 * np.exp(-x / 900), label="seed 2")
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_title(f"site {k + 1}")
            drawn.append(axes)
        panels[0, 0].legend()
        figure.tight_layout()

    found = find_panels(render(draw, size=size, dpi=dpi))
    assert len(found) == 6
    for frame, axes in zip(found, drawn, strict=True):
        box = frame_of(axes)
        assert [frame.box.left, frame.box.bottom] == pytest.approx([box.left, box.bottom], abs=1.0)
        assert frame.box.right == pytest.approx(box.right, abs=2.0)
