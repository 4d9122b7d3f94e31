"""Series are bound to the axis that they are read on, by colour or by words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.evidence import AxisEvidence, Box, Picture, Side, TextSpan, Trace
from digitizer.stages.twins import bind_axes

BLUE, RED, BLACK = (31, 119, 180), (214, 39, 40), (0, 0, 0)


def drawn(side: Side, color: tuple[int, int, int], title: str, sheet: ImageDraw.ImageDraw) -> AxisEvidence:
    """An axis whose labels are painted in a colour."""
    x = 5 if side == "left" else 170
    labels = []
    for k in range(3):
        box = Box(left=x, right=x + 20, top=20 + 30 * k, bottom=29 + 30 * k)
        sheet.text((box.left + 1, box.top), str(10 * k), fill=color)
        labels.append(TextSpan(box=box, text=str(10 * k), confidence=1.0))
    head = TextSpan(box=labels[0].box, text=title, confidence=1.0)
    px = np.array([s.box.center[1] for s in labels])
    return AxisEvidence(
        side=side, marks=px, labels=tuple(labels), label_px=px, label_sigma_px=0 * px + 0.3, title=head
    )


def trace(color: tuple[int, int, int]) -> Trace:
    x = np.arange(5.0)
    return Trace(kind="line", color=color, x_px=x, y_px=x.copy(), sigma_px=0 * x + 0.1, sampled_at="columns")


@pytest.mark.parametrize(
    ("colors", "names", "on_y2", "sure"),
    [
        ((BLUE, RED), (None, None), (False, True), True),
        ((RED, BLUE), (None, None), (False, True), True),
        ((BLACK, RED), (None, None), (False, True), True),
        ((BLACK, BLACK), ("Max pressure", "Wind speed"), (True, False), True),
        ((BLACK, BLACK), ("cases", "deaths (right)"), (False, True), True),
        ((BLACK, BLACK), ("one", "two"), (False, True), False),
    ],
)
def test_series_are_bound(
    colors: tuple[tuple[int, int, int], ...],
    names: tuple[str | None, ...],
    on_y2: tuple[bool, ...],
    sure: bool,
) -> None:
    image = Image.new("RGB", (200, 140), (255, 255, 255))
    sheet = ImageDraw.Draw(image)
    y = drawn("left", colors[0], "Wind (m/s)", sheet)
    y2 = drawn("right", colors[1], "Pressure (hPa)", sheet)
    picture = Picture(name="twins", sha256="", rgb=np.array(image))
    # Black labels leave it to the words; then the series have colours that tell nothing.
    shown = [BLUE, RED] if colors == (BLACK, BLACK) else list(colors)
    bound = bind_axes(picture, y, y2, [trace(c) for c in shown], names)
    assert (bound.on_y2, bound.sure) == (on_y2, sure)
