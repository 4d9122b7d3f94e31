"""Boxes laid out together are the panels; what a dense raw course draws in them is none."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitizer.stages.panels.find import find_panels


@pytest.mark.parametrize("seed", [4, 6, 8])
def test_a_course_that_jumps_between_two_values_is_no_panel_in_its_panel(seed: int) -> None:
    truth: list[Axes] = []
    rng = np.random.default_rng(seed)

    def chart(figure: Figure) -> None:
        for ax in figure.subplots(2, 2, sharex=True).flat:
            raw = rng.choice([0, 0.25, 0.5, 0.75, 1], size=500, p=[0.3, 0.05, 0.05, 0.1, 0.5])
            ax.plot(raw, color="tab:blue", alpha=0.4)
            ax.plot(np.cumsum(raw) / np.arange(1, 501), color="tab:orange")
            ax.set_ylabel("reward")
            truth.append(ax)
        figure.tight_layout()

    frames = find_panels(render(chart, size=(5.9, 3.9)))
    assert len(frames) == len(truth)
    for frame, axes in zip(frames, truth, strict=True):
        box = frame_of(axes)
        for side in ("left", "right", "top", "bottom"):
            assert getattr(frame.box, side) == pytest.approx(getattr(box, side), abs=1.0)
