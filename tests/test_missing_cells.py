"""A grid of panels lacks none in which its grid lines go on."""

from __future__ import annotations

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure

from digitizer.evidence import Box, PanelFrame
from digitizer.stages.frames.measure import measure_frame
from digitizer.stages.panels.missing_cells import with_missing_cells


@pytest.mark.parametrize("drawn", [True, False])
def test_the_last_panel_of_a_grid_is_found_where_its_grid_is_seen(drawn: bool) -> None:
    boxes: list[Box] = []

    def draw(figure: Figure) -> None:
        for k, ax in enumerate(figure.subplots(2, 3, sharex=True, sharey=True).flat):
            boxes.append(frame_of(ax))
            if k == 5 and not drawn:
                ax.set_axis_off()
                continue
            ax.plot(np.arange(30), 800 * np.exp(-np.arange(30) / (6 + 3 * k)), color="tab:orange")
            ax.grid(axis="y", color="#dddddd")
            ax.spines[["top", "right", "bottom", "left"]].set_visible(False)
            ax.tick_params(length=0)

    picture = render(draw, size=(9.0, 6.0))
    found = [measure_frame(picture, box) for box in boxes[:5]]
    frames: list[PanelFrame] = [frame for frame in found if frame is not None]
    assert len(frames) == 5
    whole = with_missing_cells(picture, frames)
    assert whole[:5] == frames
    assert len(whole) == 5 + drawn
    if drawn:
        sides = whole[5].box.left - boxes[5].left, whole[5].box.right - boxes[5].right
        assert np.abs(sides).max() <= 2
