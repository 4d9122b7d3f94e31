"""Figures made from numbers, with the reading error of a clean picture, and noise of a given memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitizer.model import Axis, Figure, Frame, Panel, Series, Source

FloatArray = NDArray[np.float64]
# Standard deviation of a read value in shares of the axis' span, as measured on clean pictures.
READING_SHARE = 0.0012
COLORS = (("#1f77b4", "blue"), ("#ff7f0e", "orange"), ("#2ca02c", "green"), ("#d62728", "red"))
PANEL_SIZE = 400.0, 300.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One series of a chart: its name (None where the axis names it) and its points."""

    y: FloatArray
    x: Any = None
    name: str | None = None
    kind: str = "line"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plot:
    """One panel to be made."""

    lines: Sequence[Line]
    y_label: str | None = None
    x_label: str | None = "Step"
    title: str | None = None
    x_scale: str = "linear"


def make_figure(*plots: Plot) -> Figure:
    """Make a figure as if its panels had been read well."""
    panels = tuple(_panel(plot, k) for k, plot in enumerate(plots))
    source = Source(name="chart.png", sha256="0" * 64, width=int(450 * len(plots)), height=380)
    return Figure(source=source, panels=panels)


def noise(rng: np.random.Generator, n: int, phi: float = 0.0, sd: float = 1.0) -> FloatArray:
    """AR(1) noise of marginal standard deviation ``sd``."""
    y = rng.normal(size=n)
    for i in range(1, n):
        y[i] = phi * y[i - 1] + np.sqrt(1 - phi * phi) * y[i]
    result: FloatArray = sd * y
    return result


def _panel(plot: Plot, index: int) -> Panel:
    ys = np.concatenate([line.y for line in plot.lines])
    low, high = float(ys.min()), float(ys.max())
    pad = 0.05 * (high - low or 1.0)
    left = 50.0 + index * (PANEL_SIZE[0] + 50)
    series = tuple(_series(line, k, high - low + 2 * pad) for k, line in enumerate(plot.lines))
    xs = [np.asarray(s.x) for s in series if s.x.dtype.kind not in "US"]
    x_limits = (float(min(x.min() for x in xs)), float(max(x.max() for x in xs))) if xs else None
    return Panel(
        frame=Frame(left=left, top=20.0, right=left + PANEL_SIZE[0], bottom=20.0 + PANEL_SIZE[1]),
        title=plot.title,
        x_axis=Axis(label=plot.x_label, limits=x_limits, scale=plot.x_scale),  # type: ignore[arg-type]
        y_axis=Axis(label=plot.y_label, limits=(low - pad, high + pad)),
        series=series,
        status="ok",
    )


def _series(line: Line, index: int, span: float) -> Series:
    n = len(line.y)
    color, word = COLORS[index % len(COLORS)]
    missing = np.full(n, np.nan)
    return Series(
        name=line.name,
        kind=line.kind,  # type: ignore[arg-type]
        color=color,
        color_name=word,
        marker="circle",
        x=np.arange(n, dtype=float) if line.x is None else np.asarray(line.x),
        y=np.asarray(line.y, dtype=float),
        y_sigma=np.full(n, READING_SHARE * span),
        x_px=missing,
        y_px=missing.copy(),
        sampled_at="markers",
    )
