"""What shows of a grid between bars is no pale series, though its ground lends it a hue."""

from __future__ import annotations

import numpy as np
from charts import render
from matplotlib.figure import Figure

import chartscribe


def test_grid_lines_between_bars_are_no_faint_ink() -> None:
    values, targets = np.array([68.0, 31.0, 79.0, 38.0]), np.array([66.0, 34.0, 72.0, 37.0])

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.1, 0.14, 0.75, 0.85))
        axes.set_facecolor("#e5e5f2")
        axes.spines[:].set_visible(False)
        axes.grid(color="white", linewidth=1.6)
        axes.set_axisbelow(True)
        axes.bar(range(4), values, 0.7, color="#9467bd", label="measured")
        axes.plot(range(4), targets, "o-", color="#8c564b", label="target")
        axes.set_xticks(range(4), ["us-east", "us-west", "eu-central", "ap-south"])
        figure.legend()

    (panel,) = chartscribe.digitize(render(draw, size=(7.8, 4.9)).rgb).panels
    assert "ink-faint" not in {warning.code for warning in panel.warnings}
