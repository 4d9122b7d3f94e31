"""A legend inside one of several panels serves those that draw what it lists."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.legend.point_labels import serves


@pytest.mark.parametrize(("drawn", "served"), [((0,), False), ((0, 2), True), ((0, 1, 2), True)])
def test_a_legend_serves_another_panel_that_draws_most_of_what_it_lists(
    drawn: tuple[int, ...], served: bool
) -> None:
    colors = [(31, 119, 180), (255, 127, 14), (44, 160, 44)]
    rgb = np.full((200, 500, 3), 255, np.uint8)
    entries = []
    for k, color in enumerate(colors):
        top = 20 + 20 * k
        rgb[top : top + 2, 420:450] = color
        box = Box(left=420.0, top=float(top), right=449.0, bottom=top + 1.0)
        name = Box(left=455.0, top=top - 4.0, right=470.0, bottom=top + 5.0)
        text = TextSpan(text="abc"[k], box=name, confidence=1.0, angle_deg=0.0, panel=1)
        entries.append(LegendEntry(text=text, swatch=box, color=color))
        if k in drawn:
            rgb[60 + 20 * k : 70 + 20 * k, 30:150] = color
    box, none = Box(left=20.0, top=10.0, right=200.0, bottom=190.0), np.zeros(0)
    frame = PanelFrame(box=box, sides=frozenset(), background=(255, 255, 255), grid_x=none, grid_y=none)
    assert serves(Picture(name="drawn", sha256="", rgb=rgb), frame, entries) == served
