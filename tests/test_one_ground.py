"""Two frames that lie on each other are parts of one panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.evidence import Box
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.panels.one_ground import join_on_one_ground
from digitizer.stages.panels.strips import part_facets

TOLERANCE_PX = 1.5


def on_grey(axes: Axes) -> None:
    """A steep line on a grey ground with a white grid and no sides, as ggplot2 draws it."""
    axes.set_facecolor("#ebebeb")
    axes.grid(color="white")
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    x = np.arange(40)
    axes.plot(x, (x * 7919) % 31, color="#0072b2")


def test_halves_of_a_panel_that_grow_over_each_other_are_one() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.12, 0.12, 0.8, 0.8))
        on_grey(axes)
        truth.append(frame_of(axes))

    picture, box = render(draw), truth[0]
    whole = measure_frame(picture, box)
    assert whole is not None
    parts = [replace(box, right=box.left + 0.95 * box.width), replace(box, left=box.left + 0.5 * box.width)]
    (found,) = join_on_one_ground(picture, [replace(whole, box=part) for part in parts])
    for side in ("left", "right", "top", "bottom"):
        assert abs(getattr(found.box, side) - getattr(box, side)) <= TOLERANCE_PX


def test_panels_side_by_side_and_insets_stay_apart() -> None:
    truth: list[Box] = []

    def draw(figure: Figure) -> None:
        for bounds in ((0.1, 0.12, 0.4, 0.8), (0.52, 0.12, 0.4, 0.8), (0.7, 0.5, 0.2, 0.3)):
            axes = figure.add_axes(bounds)
            on_grey(axes)
            truth.append(frame_of(axes))

    picture = render(draw)
    measured = [measure_frame(picture, box) for box in truth]
    assert len(part_facets(picture, [frame for frame in measured if frame is not None])) == len(truth)
