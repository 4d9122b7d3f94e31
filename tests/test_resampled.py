"""Pictures that were resampled after they were drawn: their ticks tell the pixels that these were put on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from digitizer.evidence import AxisEvidence, Box, FloatArray, PanelFrame, Side
from digitizer.ocr import load_recogniser
from digitizer.pipeline import extract
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.axes.resampled import find_lattices
from digitizer.stages.axes.standing import MARK_SIGMA_PX
from digitizer.stages.load import load_picture

WIDTH, HEIGHT = 640, 480


def axis(side: Side, px: FloatArray) -> AxisEvidence:
    sigma = np.full(px.size, MARK_SIGMA_PX)
    return AxisEvidence(side=side, marks=px, labels=(), label_px=px, label_sigma_px=sigma)


def panel(x: FloatArray, y: FloatArray) -> PanelAxes:
    box = Box(left=80, top=50, right=560, bottom=420)
    frame = PanelFrame(box=box, sides=frozenset(), background=(255, 255, 255), grid_x=(), grid_y=())
    return PanelAxes(frame=frame, x=axis("bottom", x), y=axis("left", y), y2=None, x2=None)


def ticks(rng: np.random.Generator, n: int, step: float) -> FloatArray:
    """Places of ticks that are rounded to whole pixels."""
    return np.asarray(np.round(70 + rng.uniform(0, 9) + step * np.arange(n)))


@pytest.mark.parametrize("ratio", [0.75, 0.93, 1.3, 1.62])
def test_ticks_tell_by_what_a_picture_was_resampled(ratio: float) -> None:
    rng = np.random.default_rng(round(100 * ratio))
    size = round(WIDTH * ratio), round(HEIGHT * ratio)
    exact = size[0] / WIDTH, size[1] / HEIGHT
    steps = ((5, 53.7, 41.3), (6, 37.2, 29.6))
    panels = [
        panel(
            *(
                (ticks(rng, n, step) + 0.5) * r - 0.5 + rng.normal(0, 0.04, n)
                for step, r in zip(both, exact, strict=True)
            )
        )
        for n, *both in steps
    ]
    found = find_lattices(panels, *size)
    assert found is not None
    assert [lattice.ratio for lattice in found] == pytest.approx(exact, abs=0.002)
    assert panels[0].x is not None
    assert found[0].nearest(panels[0].x.label_px) == pytest.approx(panels[0].x.label_px, abs=0.15)


def test_ticks_on_pixels_and_on_none_tell_no_lattice() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        whole = panel(ticks(rng, 9, 53.7), ticks(rng, 8, 41.3))
        assert find_lattices([whole], WIDTH, HEIGHT) is None
        even = panel(61.3 + 53.71 * np.arange(9), 60.8 + 41.27 * np.arange(8))
        assert find_lattices([even], WIDTH, HEIGHT) is None
        x, y = np.sort(rng.uniform(80, 560, 9)), np.sort(rng.uniform(50, 420, 8))
        assert find_lattices([panel(x, y)], WIDTH, HEIGHT) is None


def test_drawings_are_on_no_pixels() -> None:
    rng = np.random.default_rng(5)
    x, y = (((ticks(rng, n, s) + 0.5) * 1.3 - 0.5) for n, s in ((9, 53.7), (8, 41.3)))
    seen = panel(x, y)
    assert seen.x is not None
    drawn = replace(seen, x=replace(seen.x, drawn=True))
    assert find_lattices([seen], 832, 624) is not None
    assert find_lattices([drawn], 832, 624) is None


@pytest.mark.parametrize("ratio", [0.85, 1.3])
def test_scales_of_resampled_pictures_are_those_of_what_was_drawn(ratio: float) -> None:
    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    axes, other = figure.subplots(1, 2)
    other.plot([0, 7], [3, 4])
    axes.plot([0.0, 91.0], [13.0, 187.0])
    axes.set(xlim=(-3.1, 95.7), ylim=(5.3, 193.9))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    image = image.resize((round(640 * ratio), round(480 * ratio)), Image.Resampling.BICUBIC)
    seen, _ = extract(load_picture(image), load_recogniser("ppocr")).panels
    assert seen.x_axis is not None
    assert seen.x_axis.enlarged == pytest.approx(ratio, abs=0.002)
    corners = axes.transData.transform([(0.0, 20.0), (90.0, 180.0)])
    for scale, values, px in (
        (seen.x_scale, np.array([0.0, 90.0]), corners[:, 0]),
        (seen.y_scale, np.array([20.0, 180.0]), 480 - corners[:, 1]),
    ):
        assert scale is not None
        assert scale.origin + scale.slope * values == pytest.approx(px * ratio - 0.5, abs=0.45 * ratio)
