"""Bands outlined by strokes that are stronger than their fill (seaborn): rims of strokes make none rough."""

from __future__ import annotations

import numpy as np
import pytest
from charts import render
from matplotlib.figure import Figure

from digitizer.stages.areas.find import find_areas
from digitizer.stages.panels.find import find_panels


@pytest.mark.parametrize(("wave", "seed"), [(12, 0), (16, 1), (25, 0)])
def test_an_outlined_band_of_forty_vertices_is_found(wave: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 350, 40)
    middle = 20 + 15 * np.sin(x / wave) + rng.normal(0, 1.5, x.size)
    low, high = middle - rng.uniform(1, 4, x.size), middle + rng.uniform(1, 4, x.size)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.08, 0.09, 0.9, 0.86))
        axes.set_facecolor("#eaeaf2")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.grid(color="white", linewidth=1)
        axes.set_axisbelow(True)
        axes.plot(x, middle, color="#0173b2", linewidth=1.5)
        axes.fill_between(x, low, high, color="#0173b2", alpha=0.2, linewidth=1)

    picture = render(draw, size=(9.4, 7.4))
    (frame,) = find_panels(picture)
    found = find_areas(picture, frame, ())
    assert found is not None
    (area,) = found.areas
    assert area.is_smooth
