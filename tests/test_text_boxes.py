"""Texts in pale boxes inside a panel: read, and no series."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest

import chartscribe
from digitizer.evidence import Box, PanelFrame, Picture
from digitizer.stages.tracing.text_boxes import grow_to_box

FRAME = PanelFrame(
    box=Box(left=10, top=10, right=390, bottom=290), sides=frozenset(), background=(255, 255, 255),
    grid_x=np.zeros(0), grid_y=np.zeros(0),
)  # fmt: skip
TEXT = Box(left=60, top=50, right=160, bottom=62)


def grown(left: int, top: int, right: int, bottom: int, color: tuple[int, int, int]) -> Box:
    rgb = np.full((300, 400, 3), 255, np.uint8)
    rgb[top:bottom, left:right] = color
    rgb[52:61, 62:158:4] = 0
    return grow_to_box(Picture(name="drawn", sha256="", rgb=rgb), FRAME, TEXT)


def test_a_text_s_box_is_found_and_a_bar_is_none() -> None:
    box = grown(50, 40, 170, 90, (250, 239, 219))
    assert box.left <= 50
    assert box.top <= 40
    assert box.right >= 169
    assert box.bottom >= 89
    assert box.right - box.left <= 130
    assert grown(50, 40, 170, 289, (174, 199, 232)) == TEXT
    assert grown(0, 0, 1, 1, (255, 255, 255)) == TEXT


def test_an_area_between_grid_lines_is_no_box_of_a_text_on_end() -> None:
    """The label of a value axis, along its inner side over a filled area that a grid line crosses."""
    rgb = np.full((300, 400, 3), 255, np.uint8)
    for y in range(60, 290):
        rgb[y, 12 : 120 + y] = (174, 199, 232)
    rgb[60:290:75, 11:] = (140, 160, 190)
    label = Box(left=20, top=150, right=30, bottom=190)
    rgb[150:190:4, 21:29] = 0
    picture = Picture(name="drawn", sha256="", rgb=rgb)
    assert grow_to_box(picture, FRAME, label) != label
    assert grow_to_box(picture, FRAME, label, on_end=True) == label


@pytest.mark.parametrize("color", ["wheat", "lightblue"])
def test_a_line_that_runs_into_a_box_of_text_is_the_only_series(color: str) -> None:
    x = np.arange(1, 41)
    y = 3.2 + 3 * np.exp(-x / 4)
    fig, ax = plt.subplots(figsize=(8, 4.5), dpi=150)
    ax.plot(x, y, "b-", linewidth=2, label="Training Loss")
    ax.legend(loc="upper right")
    look = {"boxstyle": "round", "facecolor": color, "alpha": 0.5}
    ax.text(0.02, 0.98, "Best epoch: 38\nMin loss: 3.2002", transform=ax.transAxes, va="top", bbox=look)
    file = io.BytesIO()
    fig.savefig(file, format="png")
    plt.close(fig)
    (panel,) = chartscribe.digitize(file.getvalue()).panels
    assert [s.name for s in panel.series] == ["Training Loss"]
    read = np.interp(x[2:], np.asarray(panel.series[0].x, float), np.asarray(panel.series[0].y, float))
    np.testing.assert_allclose(read, y[2:], atol=0.03)
