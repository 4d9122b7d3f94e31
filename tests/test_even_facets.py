"""A white grid line beside a shaded panel's side is not where the panel ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.panels.even_facets import widen_facets

WIDTH = 120


def test_a_facet_is_as_wide_as_the_others_where_its_ground_goes_on() -> None:
    rgb = np.full((120, 600, 3), 255, np.uint8)
    frames = []
    for left in (20, 160, 300, 440):
        rgb[20:100, left : left + WIDTH] = 235
        rgb[20:100, left + 2] = 255
        frames.append(
            PanelFrame(
                box=Box(left=left - 0.5, top=19.5, right=left + WIDTH - 0.5, bottom=99.5),
                sides=frozenset(),
                background=(235, 235, 235),
                grid_x=np.array([left + 60.0]),
                grid_y=np.array([60.0]),
            )
        )
    short = Box(left=162.5, top=19.5, right=279.5, bottom=99.5)
    # A panel that is narrower by itself stays so.
    own = Box(left=442.5, top=19.5, right=559.5, bottom=99.5)
    rgb[20:100, 440:443] = 255
    frames[1], frames[3] = replace(frames[1], box=short), replace(frames[3], box=own)
    found = widen_facets(Picture(name="drawn", sha256="", rgb=rgb), frames)
    assert [f.box.left for f in found] == [19.5, 159.5, 299.5, 442.5]
    assert found[1].grid_x.tolist() == [220.0]
