"""What lies in the way of tracing: texts, but not markers that were read as some."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.tracing import find_obstacles

RED = (214, 60, 40)
FRAME = PanelFrame(
    box=Box(left=20.0, top=10.0, right=280.0, bottom=180.0),
    sides=frozenset(("left", "bottom")),
    background=(255, 255, 255),
    grid_x=np.zeros(0),
    grid_y=np.zeros(0),
)


def span(text: str, box: Box) -> TextSpan:
    return TextSpan(box=box, text=text, confidence=0.97, panel=0)


@pytest.mark.parametrize(
    ("text", "color", "style", "n"),
    [
        ("00", RED, "none", 0),  # two markers of the cloud
        ("00", (20, 20, 20), "none", 1),  # a label in black
        ("00", RED, "solid", 1),  # a label in the colour of a line beside it
        ("outlier", RED, "none", 1),
    ],
)
def test_markers_read_as_letters_are_no_obstacle(
    text: str, color: tuple[int, int, int], style: str, n: int
) -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    rgb[90:98, 100:108] = rgb[90:98, 110:118] = color
    name = TextSpan(box=Box(left=240, top=30, right=270, bottom=40), text="women", confidence=1.0, panel=None)
    entry = LegendEntry(text=name, swatch=None, color=RED, line_style=style, marker="circle")
    found = find_obstacles(
        Picture(name="drawn", sha256="", rgb=rgb),
        FRAME,
        [span(text, Box(left=99.0, top=89.0, right=118.0, bottom=98.0))],
        [entry],
    )
    assert len(found) == n
