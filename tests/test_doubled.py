"""Pictures enlarged by doubling columns and rows are told, and read as if they had been drawn that large."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from charts import frame_of, render
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import Box, Picture
from digitizer.ocr import load_recogniser
from digitizer.pipeline import extract
from digitizer.stages.axes.doubled import find_doubled

SIZE = (5.1, 3.7)


def draw(figure: Figure, frames: list[Box] | None = None) -> None:
    axes = figure.add_subplot()
    x = np.linspace(-5, 5, 200)
    axes.plot(x, 3 * np.sin(x), color="tab:orange")
    axes.set_xlim(-5.5, 5.5)
    axes.set_ylim(-3.3, 3.3)
    axes.set_xlabel("Angle (rad)")
    axes.set_ylabel("Height (m)")
    if frames is not None:
        figure.canvas.draw()
        frames.append(frame_of(axes))


def enlarged(picture: Picture, factor: float, how: Image.Resampling) -> Picture:
    image = Image.fromarray(picture.rgb)
    size = round(factor * picture.width), round(factor * picture.height)
    return replace(picture, rgb=np.array(image.resize(size, how)))


@pytest.mark.parametrize("factor", [1.09, 1.15, 1.3, 1.31, 1.45])
def test_doubled_columns_tell_what_a_picture_was_enlarged_by(factor: float) -> None:
    plain = render(draw, size=SIZE)
    large = enlarged(plain, factor, Image.Resampling.NEAREST)
    found = find_doubled(large)
    assert found is not None
    assert found.ratio_x == pytest.approx(large.width / plain.width)
    assert found.ratio_y == pytest.approx(large.height / plain.height)
    if factor == 1.3:
        return  # Every thirteenth column lies between two: which of them it shows is left to rounding.
    # Where a column of the plain picture is seen it is put where an exact enlargement has it.
    ratio = large.width / plain.width
    shown = np.floor((np.arange(large.width) + 0.5) / ratio)
    belongs = (shown + 0.5) * ratio - 0.5
    middle = np.array([np.mean(found.x[shown == k]) for k in range(5, plain.width - 5)])
    assert middle == pytest.approx(np.unique(belongs)[5:-5], abs=0.01)


@pytest.mark.parametrize("how", [Image.Resampling.BILINEAR, Image.Resampling.LANCZOS])
def test_smoothly_enlarged_pictures_are_none(how: Image.Resampling) -> None:
    assert find_doubled(enlarged(render(draw, size=SIZE), 1.3, how)) is None


def test_plain_pictures_are_none() -> None:
    assert find_doubled(render(draw, size=SIZE)) is None


def test_scales_of_a_doubled_picture_are_those_of_an_exact_enlargement() -> None:
    frames: list[Box] = []
    plain = render(lambda figure: draw(figure, frames), size=SIZE)
    factor = 1.09
    large = enlarged(plain, factor, Image.Resampling.NEAREST)
    (panel,) = extract(large, load_recogniser("ppocr")).panels
    scale, frame = panel.x_scale, frames[0]
    assert scale is not None
    ratio = large.width / plain.width
    for side, value in ((frame.left, -5.5), (frame.right, 5.5)):
        # Half a percent of the axis is 1.6 px.
        assert float(scale.to_value((side + 0.5) * ratio - 0.5)) == pytest.approx(value, abs=0.0015 * 11)
