"""A series of a figure as comparing needs it: in shares of its axes, with its uncertainty and its names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chartscribe.compare.tables import to_number
from digitizer.model import Axis, Figure, FloatArray, Panel, SampledAt, Series, Status

# Where a figure has no uncertainty of its own: a third of a pixel, as markers are read.
USUAL_SIGMA_PX = 0.33


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """Turns values of an axis into shares of its length and back, on its scale."""

    first: float
    last: float
    log: bool
    n_pixels: float

    @property
    def pixel(self) -> float:
        """A pixel as a share of the axis."""
        return 1 / self.n_pixels

    @property
    def span(self) -> float:
        """The axis' length in its values."""
        low, high = self.to_value(np.array([0.0, 1.0]))
        return abs(float(high - low))

    def to_share(self, values: FloatArray) -> FloatArray:
        """Shares of the axis; NaN where a value has no place on a log axis."""
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.where(values > 0, np.log10(np.maximum(values, 1e-300)), np.nan)
        return np.asarray((values - self.first) / (self.last - self.first))

    def to_value(self, shares: FloatArray) -> FloatArray:
        """Values at these shares of the axis."""
        values = self.first + shares * (self.last - self.first)
        return np.asarray(10.0**values if self.log else values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """One series: ``v`` along and ``u`` up, in shares of the axes, in order of ``v``, without gaps.

    ``shown_x`` are the x of the points as the document has them; ``texts`` are the names that the series
    goes by, the most telling first. ``to_frame`` says that the axes are those of the panel's frame;
    ``x_px`` and ``y_px`` are where the points are in the picture, where that is known.
    """

    panel: int
    series: int
    name: str | None
    texts: tuple[str, ...]
    x_label: str | None
    across: Ruler
    up: Ruler
    v: FloatArray
    u: FloatArray
    sigma: FloatArray
    sampled_at: SampledAt
    shown_x: tuple[Any, ...]
    status: Status = "ok"
    categories: tuple[str, ...] | None = None
    x_numbers: FloatArray = field(default_factory=lambda: np.zeros(0))
    to_frame: bool = False
    x_px: FloatArray = field(default_factory=lambda: np.zeros(0))
    y_px: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def shown(self) -> str:
        """What to call it in a sentence."""
        return f"“{self.name}”" if self.name else f"series {self.series + 1} of panel {self.panel + 1}"


def views_of(figure: Figure) -> tuple[list[View], list[tuple[int, int, str | None, str]]]:
    """The series of a figure that can be compared; and those that cannot, with the reason."""
    views, left = [], []
    for p, panel in enumerate(figure.panels):
        for s, series in enumerate(panel.series):
            view = _view(p, s, panel, series)
            if isinstance(view, str):
                left.append((p, s, series.name, view))
            else:
                views.append(view)
    return views, left


def _view(p: int, s: int, panel: Panel, series: Series) -> View | str:
    if series.kind == "band":
        return "a band has no values of its own"
    level = series.orientation == "horizontal"
    # The values of level bars run along the axis that is drawn across.
    along, axis = (panel.y_axis, panel.x_axis) if level else (panel.x_axis, panel.y_axis)
    if series.axis == "y2" and panel.y2_axis is not None:
        axis = panel.y2_axis
    texts = tuple(dict.fromkeys(t for t in (series.name, axis.label, panel.title) if t))
    categories = None
    if along.scale == "category" or level:
        categories = tuple(str(x) for x in series.x)
        x = np.arange(len(series.x), dtype=float)
    else:
        x = np.array([to_number(value) for value in series.x.tolist()], dtype=float)
    good = np.isfinite(x) & np.isfinite(series.y)
    if good.sum() < 1:
        return "none of its points could be read"
    width, height = panel.frame.right - panel.frame.left, panel.frame.bottom - panel.frame.top
    if level:
        width, height = height, width
    across = _ruler(along, x[good], width)
    if categories is not None:
        across = Ruler(first=-0.5, last=len(series.x) - 0.5, log=False, n_pixels=max(width, 1.0))
    up = _ruler(axis, series.y[good], height)
    u, v = up.to_share(series.y), across.to_share(x)
    good &= np.isfinite(u) & np.isfinite(v)
    order = np.flatnonzero(good)[np.argsort(v[good], kind="stable")]
    if not len(order):
        return "its values do not fit its axis"
    sigma = np.abs(up.to_share(series.y + series.y_sigma) - u)
    sigma = np.where(np.isfinite(sigma) & (sigma > 0), sigma, USUAL_SIGMA_PX * up.pixel)
    return View(
        panel=p,
        series=s,
        name=series.name,
        texts=texts,
        x_label=along.label,
        across=across,
        up=up,
        v=v[order],
        u=u[order],
        sigma=sigma[order],
        sampled_at="markers" if series.kind in ("bar", "scatter") else series.sampled_at,
        shown_x=tuple(series.x[order].tolist()),
        status=panel.status,
        categories=categories if categories is None else tuple(categories[i] for i in order),
        x_numbers=x[order],
        to_frame=not level and along.limits is not None and axis.limits is not None,
        x_px=series.x_px[order],
        y_px=series.y_px[order],
    )


def _ruler(axis: Axis, values: FloatArray, n_pixels: float) -> Ruler:
    log = axis.scale == "log" and bool((values > 0).all())
    ends = [np.nan, np.nan] if axis.limits is None else [to_number(limit) for limit in axis.limits]
    if log:
        ends = [np.log10(end) if end > 0 else np.nan for end in ends]
    if not np.isfinite(ends).all() or ends[0] == ends[1]:
        scaled = np.log10(values) if log else values
        ends = [float(scaled.min()), float(scaled.max())]
        if ends[0] == ends[1]:
            ends = [ends[0] - 0.5, ends[1] + 0.5]
    return Ruler(first=ends[0], last=ends[1], log=log, n_pixels=max(n_pixels, 1.0))
