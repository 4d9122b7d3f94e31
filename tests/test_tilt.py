"""Pictures that are turned by a little say so; data that leans does not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import chartscribe


def drawn(*, grid: bool = False, boxed: bool = True) -> Image.Image:
    figure = Figure(figsize=(4, 3), dpi=100)
    axes = figure.subplots()
    x = np.linspace(0, 10, 8)
    axes.plot(x, 3 + 0.02 * x, label="nearly level")
    axes.plot(x, 1 + 0.4 * x, label="steeper")
    axes.legend()
    axes.grid(grid)
    for side in ("top", "right"):
        axes.spines[side].set_visible(boxed)
    buffer = io.BytesIO()
    figure.savefig(buffer)
    return Image.open(buffer).convert("RGB")


@pytest.mark.parametrize(("grid", "boxed"), [(False, True), (True, False), (False, False)])
@pytest.mark.parametrize("degrees", [0.0, 0.4, -0.7])
def test_a_turned_picture_is_told(grid: bool, boxed: bool, degrees: float) -> None:
    image = drawn(grid=grid, boxed=boxed)
    if degrees:
        image = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    panels = chartscribe.digitize(image).panels
    assert ("picture-turned" in {notice.code for panel in panels for notice in panel.warnings}) == bool(
        degrees
    )
    assert not degrees or all(panel.status != "ok" for panel in panels)
