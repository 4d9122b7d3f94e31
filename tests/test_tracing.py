"""What lies in the way of tracing: texts, but not markers that were read as some."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer.evidence import Box, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.tracing.trace import find_obstacles

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


def cloud_with(text: str) -> tuple[Picture, Box]:
    """Seven markers apart, and in the box some that touch, or a word in their colour."""
    rgb = np.full((200, 300, 3), 255, np.uint8)
    for x, y in ((40, 60), (70, 90), (60, 150), (190, 40), (220, 70), (200, 150), (240, 120)):
        cv2.circle(rgb, (x, y), 5, RED, -1)
    if text == "8008":
        for x, y in ((106, 60), (111, 68), (107, 84), (112, 91)):
            cv2.circle(rgb, (x, y), 5, RED, -1)
    else:
        cv2.putText(rgb, text, (100, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.6, RED, 2, cv2.LINE_AA)
    return Picture(name="drawn", sha256="", rgb=rgb), Box(left=99.0, top=54.0, right=150.0, bottom=98.0)


@pytest.mark.parametrize(("text", "n"), [("8008", 0), ("best", 1), ("808", 1)])
def test_markers_that_touch_are_told_by_those_that_stand_alone(text: str, n: int) -> None:
    picture, box = cloud_with(text)
    assert len(find_obstacles(picture, FRAME, [span(text, box)], [])) == n


@pytest.mark.parametrize(("text", "n"), [("8", 0), ("ab", 1)])
def test_hollow_markers_that_were_read_as_letters_are_no_obstacle(text: str, n: int) -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    for x, y in ((40, 60), (70, 90), (60, 150), (190, 40), (220, 70), (200, 150), (240, 120)):
        cv2.circle(rgb, (x, y), 5, RED, 1, cv2.LINE_AA)
    if text == "8":
        for x, y in ((106, 84), (112, 72), (124, 64)):
            cv2.circle(rgb, (x, y), 5, RED, 1, cv2.LINE_AA)
    else:
        cv2.putText(rgb, text, (100, 90), cv2.FONT_HERSHEY_SIMPLEX, 0.6, RED, 1, cv2.LINE_AA)
    picture, box = Picture(name="drawn", sha256="", rgb=rgb), Box(left=99.0, top=57.0, right=131.0, bottom=92)
    assert len(find_obstacles(picture, FRAME, [span(text, box)], [])) == n
