"""Put a figure that was read from a rendering onto the strokes it was rendered from.

The reading finds what is an axis, a tick and a series; the strokes say exactly where. A scale is fitted again
through the strokes at its ticks, and a line takes the vertices of the stroke that it runs along. What has no
stroke of its own stays as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chartscribe.papers.paths import Polyline
from digitizer.model import Axis, Figure, FloatArray, Frame, Panel, Series

# A tick's stroke is this close to where the tick was read, and at most so long (or it is a grid line).
TICK_REACH_PX, STRAIGHT_PX = 1.2, 0.05
# Three places on one line are proof; a scale through strokes leaves no more than this.
LEAST_TICKS, MOST_RESIDUAL_PX = 3, 0.05
# Places this close to halves of a unit (in units) are on them.
SNAPPED = 0.01
# A series runs along a stroke where so many of its points are this close to it, and both end together,
# the stroke's caps aside (half its width: a point or two).
NEAR_PX, NEAR_SHARE, ENDS_PX = 0.9, 0.95, 8.0
# A marker stands on a vertex this close.
MARKER_REACH_PX = 1.0
# A stroke that ends or turns this close to the frame's edge does not leave it.
EDGE_PX = 1.0
# What is left of uncertainty: numbers in PDF files have two to six decimals.
SIGMA_PX = 0.02
# Colours of a stroke and of a rendered line differ by this much at most, a channel.
SAME_COLOR = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A scale as a straight line: value (or its logarithm) = first + slope times pixel."""

    first: float
    slope: float
    log: bool

    def to_values(self, pixels: FloatArray) -> FloatArray:
        values = self.first + self.slope * pixels
        return np.asarray(10.0**values if self.log else values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the units of the drawing are in pixels, along x or along y: pixel = scale times unit - offset."""

    scale: float
    offset: float

    def are_snapped(self, pixels: FloatArray) -> bool:
        """Whether all places are on halves of units, as where a program aligns axes and not data."""
        halves = 2 * (pixels + self.offset) / self.scale
        return bool((np.abs(halves - np.rint(halves)) < 2 * SNAPPED).all())


def sharpen(figure: Figure, strokes: Sequence[Polyline], x_grid: Grid, y_grid: Grid) -> Figure:
    """Sharpen a figure by strokes whose places are in the rendering's pixels."""
    panels = tuple(_sharpen_panel(panel, strokes, x_grid, y_grid) for panel in figure.panels)
    return replace(figure, panels=panels)


def _sharpen_panel(panel: Panel, strokes: Sequence[Polyline], x_grid: Grid, y_grid: Grid) -> Panel:
    frame = panel.frame
    x_line = _fit_axis(panel.x_axis, strokes, "x", x_grid)
    y_line = _fit_axis(panel.y_axis, strokes, "y", y_grid)
    if x_line is None or y_line is None:
        return panel
    inside = [s for s in strokes if _touches(s, frame)]
    series = tuple(
        _sharpen_series(one, inside, frame, x_line, y_line)
        if one.kind == "line" and one.axis == "y" and one.interpolation == "linear"
        else one
        for one in panel.series
    )
    return replace(
        panel,
        x_axis=_with_limits(panel.x_axis, x_line, (frame.left, frame.right)),
        y_axis=_with_limits(panel.y_axis, y_line, (frame.bottom, frame.top)),
        series=series,
    )


def _fit_axis(axis: Axis, strokes: Sequence[Polyline], along: Literal["x", "y"], grid: Grid) -> _Line | None:
    """The scale through the strokes at the ticks; None where too few have one, or they are on no line."""
    if axis.scale not in ("linear", "log") or len(axis.ticks) < LEAST_TICKS:
        return None
    places = _crossings(strokes, along)
    if not len(places):
        return None
    pixels, values = [], []
    for tick in axis.ticks:
        nearest = places[np.argmin(np.abs(places - tick.pixel))]
        if abs(nearest - tick.pixel) <= TICK_REACH_PX and not isinstance(tick.value, str):
            pixels.append(nearest)
            values.append(tick.value)
    log = axis.scale == "log"
    if len(pixels) < LEAST_TICKS or (log and min(values) <= 0):
        return None
    at = np.array(pixels)
    if grid.are_snapped(at):
        return None
    fitted = np.log10(values) if log else np.array(values)
    slope, first = np.polyfit(at, fitted, 1)
    residual = np.abs(first + slope * at - fitted).max() / abs(slope) if slope else np.inf
    return _Line(first=first, slope=slope, log=log) if residual <= MOST_RESIDUAL_PX else None


def _crossings(strokes: Sequence[Polyline], along: Literal["x", "y"]) -> FloatArray:
    """The places along an axis of all strokes that run straight across it."""
    places = []
    for stroke in strokes:
        if len(stroke.x) != 2:
            continue
        mine, other = (stroke.x, stroke.y) if along == "x" else (stroke.y, stroke.x)
        if np.ptp(mine) <= STRAIGHT_PX < np.ptp(other):
            places.append(float(mine.mean()))
    return np.array(places)


def _with_limits(axis: Axis, line: _Line, ends: tuple[float, float]) -> Axis:
    first, last = line.to_values(np.array(ends))
    return replace(axis, limits=(float(first), float(last)))


def _sharpen_series(
    series: Series, strokes: Sequence[Polyline], frame: Frame, x_line: _Line, y_line: _Line
) -> Series:
    stroke = _stroke_of(series, strokes, frame)
    if stroke is None:
        return series
    if series.sampled_at == "markers":
        x_px, y_px = _on_vertices(series, stroke)
    else:
        x_px, y_px = _parted(*_clipped(stroke, frame), stroke, frame)
    sigma = np.full(len(x_px), SIGMA_PX)
    y = y_line.to_values(y_px)
    return replace(
        series,
        x=x_line.to_values(x_px),
        y=y,
        y_sigma=np.abs(y_line.to_values(y_px + sigma) - y),
        x_px=x_px,
        y_px=y_px,
        sampled_at="markers" if series.sampled_at == "markers" else "vertices",
    )


def _stroke_of(series: Series, strokes: Sequence[Polyline], frame: Frame) -> Polyline | None:
    """The stroke that the series runs along, if there is exactly one place that such strokes take."""
    good = np.isfinite(series.x_px) & np.isfinite(series.y_px) & np.isfinite(series.y)
    x, y = series.x_px[good], series.y_px[good]
    if len(x) < 2 or series.y_low is not None:
        return None
    red, green, blue = (int(series.color[i : i + 2], 16) for i in (1, 3, 5))
    fitting = []
    for stroke in strokes:
        if (
            len(stroke.x) < 3
            or max(abs(a - b) for a, b in zip(stroke.color, (red, green, blue), strict=True)) > SAME_COLOR
        ):
            continue
        if (np.diff(stroke.x) < 0).any():
            continue
        own_x, own_y = _clipped(stroke, frame)
        if len(own_x) < 2 or abs(own_x[0] - x.min()) > ENDS_PX or abs(own_x[-1] - x.max()) > ENDS_PX:
            continue
        if (_distances(x, y, own_x, own_y) <= NEAR_PX).mean() >= NEAR_SHARE:
            fitting.append(stroke)
    return fitting[0] if len(fitting) == 1 else None


def _distances(x: FloatArray, y: FloatArray, line_x: FloatArray, line_y: FloatArray) -> FloatArray:
    """How far each point is from a polyline."""
    start, step = np.stack([line_x[:-1], line_y[:-1]]), np.stack([np.diff(line_x), np.diff(line_y)])
    length = np.maximum((step**2).sum(axis=0), 1e-12)
    distances = np.empty(len(x))
    for index, point in enumerate(np.stack([x, y], axis=1)):
        offset = point[:, None] - start
        share = np.clip((offset * step).sum(axis=0) / length, 0, 1)
        distances[index] = np.sqrt(((offset - share * step) ** 2).sum(axis=0).min())
    return distances


def _on_vertices(series: Series, stroke: Polyline) -> tuple[FloatArray, FloatArray]:
    """The markers' places, moved onto the vertices at them."""
    x, y = series.x_px.copy(), series.y_px.copy()
    for index, (own_x, own_y) in enumerate(zip(x, y, strict=True)):
        away = np.hypot(stroke.x - own_x, stroke.y - own_y)
        nearest = int(np.argmin(away))
        if away[nearest] <= MARKER_REACH_PX:
            x[index], y[index] = stroke.x[nearest], stroke.y[nearest]
    return x, y


def _clipped(stroke: Polyline, frame: Frame) -> tuple[FloatArray, FloatArray]:
    """The vertices inside the frame, and the places where the stroke crosses its edges."""
    x, y = stroke.x, stroke.y
    low, high = frame.top - 0.5, frame.bottom + 0.5
    at_x, at_y = [], []
    for level in (low, high):
        share, before = _crossed(y, level)
        at_x.append(x[before] + share * (x[before + 1] - x[before]))
        at_y.append(np.full(len(before), level))
    for level in (frame.left, frame.right):
        share, before = _crossed(x, level)
        at_x.append(np.full(len(before), level))
        at_y.append(y[before] + share * (y[before + 1] - y[before]))
    crossing_x, crossing_y = np.concatenate(at_x), np.concatenate(at_y)
    # A vertex on the edge itself is none that crosses it.
    away = np.abs(crossing_x[:, None] - x).min(axis=1, initial=np.inf) > EDGE_PX
    all_x, all_y = np.concatenate([x, crossing_x[away]]), np.concatenate([y, crossing_y[away]])
    inside = (all_y >= low) & (all_y <= high) & (all_x >= frame.left - 0.5) & (all_x <= frame.right + 0.5)
    order = np.argsort(all_x[inside], kind="stable")
    return all_x[inside][order], all_y[inside][order]


def _parted(x: FloatArray, y: FloatArray, stroke: Polyline, frame: Frame) -> tuple[FloatArray, FloatArray]:
    """The points with one without a y wherever the stroke is outside the frame between two of them."""
    middle = (x[:-1] + x[1:]) / 2
    height = np.interp(middle, stroke.x, stroke.y)
    outside = np.flatnonzero((height < frame.top - EDGE_PX) | (height > frame.bottom + EDGE_PX))
    return np.insert(x, outside + 1, middle[outside]), np.insert(y, outside + 1, np.nan)


def _crossed(values: FloatArray, level: float) -> tuple[FloatArray, NDArray[np.int_]]:
    """Where a column crosses a level: the share of the step, and the index before it."""
    side = values > level
    before = np.flatnonzero(side[1:] != side[:-1])
    return (level - values[before]) / (values[before + 1] - values[before]), before


def _touches(stroke: Polyline, frame: Frame) -> bool:
    return bool(
        stroke.x.max() >= frame.left
        and stroke.x.min() <= frame.right
        and stroke.y.max() >= frame.top
        and stroke.y.min() <= frame.bottom
    )
