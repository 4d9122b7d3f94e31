"""Panels with series whose places are known, and what is traced of them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import numpy as np
from PIL import Image

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, Trace
from digitizer.stages.series import trace_series

matplotlib.use("Agg")
import matplotlib.pyplot as plt


@dataclass
class Drawn:
    """A one-panel picture with the pixel positions of what was drawn."""

    picture: Picture
    frame: PanelFrame
    truth: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)


def draw(series: list[tuple[FloatArray, FloatArray, dict[str, Any]]], **options: Any) -> Drawn:
    """Draw series on a non-square panel; ``jpeg``, ``grid``, ``dpi``, ``size`` and ``top`` vary it."""
    fig, ax = plt.subplots(figsize=options.get("size", (6.1, 4.3)), dpi=options.get("dpi", 100))
    for x, y, style in series:
        ax.plot(x, y, **style)
    ax.grid(options.get("grid", False), **options.get("grid_look", {}))
    ax.margins(x=options.get("margin", 0.05))
    ax.set_ylim(top=options.get("top"))
    fig.canvas.draw()
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png")
    image = Image.open(buffer).convert("RGB")
    height = image.height
    if "jpeg" in options:
        buffer = io.BytesIO()
        image.save(buffer, format="JPEG", quality=options["jpeg"])
        image = Image.open(buffer).convert("RGB")
    extent = ax.get_window_extent()
    frame = PanelFrame(
        box=Box(
            left=float(np.floor(extent.x0)),
            top=float(height - np.floor(extent.y1) - 1),
            right=float(np.floor(extent.x1)),
            bottom=float(height - np.floor(extent.y0) - 1),
        ),
        sides=frozenset({"left", "top", "right", "bottom"}),
        background=(255, 255, 255),
        grid_x=np.zeros(0),
        grid_y=np.zeros(0),
        line_width=1.0,
    )
    truth = []
    for x, y, _ in series:
        points = ax.transData.transform(np.column_stack([x, y]))
        truth.append((points[:, 0] - 0.5, height - points[:, 1] - 0.5))
    plt.close(fig)
    return Drawn(Picture(name="drawn", sha256="", rgb=np.array(image)), frame, truth)


def trace(drawn: Drawn, obstacles: tuple[Box, ...] = (), legend: tuple[LegendEntry, ...] = ()) -> list[Trace]:
    return list(trace_series(drawn.picture, drawn.frame, obstacles, legend))
