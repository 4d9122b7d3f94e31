"""Small pictures with known truth for the stage tests, drawn without the code under test."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from digitizer.evidence import Box, Picture, TextSpan


def render(
    draw: Callable[[Figure], None], *, size: tuple[float, float] = (5.3, 3.7), dpi: int = 100
) -> Picture:
    """Draw a matplotlib figure of ``size`` inches and return it as a picture."""
    figure = plt.figure(figsize=size, dpi=dpi)
    try:
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=dpi)
    finally:
        plt.close(figure)
    return Picture(name="drawn", sha256="", rgb=np.array(Image.open(out).convert("RGB")))


def frame_of(axes: Axes) -> Box:
    """The frame of an axes in pixel coordinates (centre of the top-left pixel at 0, 0)."""
    bounds = axes.get_window_extent()
    height = axes.figure.bbox.height
    return Box(
        left=bounds.x0 - 0.5,
        right=bounds.x1 - 0.5,
        top=height - bounds.y1 - 0.5,
        bottom=height - bounds.y0 - 0.5,
    )


def spans_of(figure: Figure, texts: list[Text], inside: bool | None = None) -> list[TextSpan]:
    """The drawn texts as a perfect recogniser would give them."""
    height = figure.bbox.height
    spans = []
    for text in texts:
        if not text.get_text() or not text.get_visible():
            continue
        b = text.get_window_extent()
        spans.append(
            TextSpan(
                box=Box(left=b.x0 + 1, right=b.x1 - 2, top=height - b.y1 + 2, bottom=height - b.y0 - 3),
                text=text.get_text(),
                confidence=1.0,
                angle_deg=float(text.get_rotation()),
                panel=0 if inside else None,
            )
        )
    return spans
