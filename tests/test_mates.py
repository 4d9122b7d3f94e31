"""Panels beside a found one are found by their own lines and labels; what lacks either is none."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.evidence import Picture
from digitizer.stages.panels.find import find_panels

# Agg snaps axis lines to whole pixels; without sides a frame ends at what lies nearest to them.
TOLERANCE_PX = 3.0


def draw(truth: list[Axes], *, labelled: bool) -> Picture:
    """Three panels in a row that share a y axis, drawn at the first one alone."""

    def chart(figure: Figure) -> None:
        figure.set_size_inches(9, 2.8)
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.2, wspace=0.3)
        rng = np.random.default_rng(4)
        for k, axes in enumerate(figure.subplots(1, 3, sharey=True)):
            axes.spines[["right", "top"]].set_visible(False)
            axes.plot(rng.uniform(1.5, 7.5, 25), rng.uniform(8, 42, 25), "o", color="0.1", markersize=3)
            axes.set_xlim(1, 8)
            axes.set_ylim(5, 45)
            if k:
                axes.spines["left"].set_visible(False)
                axes.tick_params(left=False, labelbottom=labelled, bottom=labelled)
            truth.append(axes)

    return render(chart)


def test_panels_without_a_y_axis_are_found_beside_the_one_that_has_it() -> None:
    truth: list[Axes] = []
    picture = draw(truth, labelled=True)
    frames = find_panels(picture)
    assert len(frames) == len(truth)
    for frame, axes in zip(frames, truth, strict=True):
        box = frame_of(axes)
        for side in ("left", "right", "bottom"):
            assert getattr(frame.box, side) == pytest.approx(getattr(box, side), abs=TOLERANCE_PX)


def test_lines_without_labels_are_no_panels() -> None:
    assert len(find_panels(draw([], labelled=False))) == 1
