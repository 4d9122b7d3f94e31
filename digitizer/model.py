"""The figure document as typed values: figure → panels → axes and series.

The field names and their meaning are those of the JSON figure document, so that a reader of
one knows the other. Pixels are in the coordinates of the source image: x to the right, y
down, the centre of the top-left pixel at (0, 0).
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas
    from PIL import Image

    from digitizer.evidence import Extraction
    from digitizer.units import Units

ScaleKind = Literal["linear", "log", "date", "category"]
SeriesKind = Literal["line", "scatter", "bar", "band"]
Status = Literal["ok", "suspect", "unreadable"]
SampledAt = Literal["markers", "vertices", "columns"]
Interpolation = Literal["linear", "step-before", "step-after", "step-middle"]
FloatArray = NDArray[np.float64]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The rectangle that the axes enclose, in source pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One labelled tick: where it is, what is printed, what it means."""

    pixel: float
    text: str
    value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis of a panel. ``limits`` are the values at the frame's ends, left or bottom first."""

    label: str | None = None
    scale: ScaleKind = "linear"
    ticks: tuple[Tick, ...] = ()
    limits: tuple[float, float] | tuple[str, str] | None = None
    residual_px: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A warning: a code from the table in :mod:`digitizer.notices`, a sentence, a place in pixels."""

    code: str
    message: str
    box: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One series as columns of equal length.

    ``x`` is an array of floats, or of str for dates and categories. ``y`` holds NaN where the
    line is hidden (written as null). ``x_px`` and ``y_px`` are where each point was found, in
    source pixels, so that every number can be traced back to the picture.
    """

    name: str | None = None
    kind: SeriesKind = "line"
    color: str = "#000000"
    color_name: str = "black"
    line_style: str = "solid"
    marker: str = "none"
    axis: Literal["y", "y2"] = "y"
    x: NDArray[Any]
    y: FloatArray
    y_sigma: FloatArray
    x_px: FloatArray
    y_px: FloatArray
    y_low: FloatArray | None = None
    y_high: FloatArray | None = None
    sampled_at: SampledAt = "columns"
    interpolation: Interpolation = "linear"
    orientation: Literal["vertical", "horizontal"] = "vertical"

    def __post_init__(self) -> None:
        for column in ("y", "y_sigma", "x_px", "y_px", "y_low", "y_high"):
            value = getattr(self, column)
            if value is None:
                continue
            if value.shape != self.x.shape:
                raise ValueError(f"Series.{column} must have x's shape {self.x.shape}, not {value.shape}")
            value.setflags(write=False)
        self.x.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plot area with its axes and series, and how far it can be believed.

    ``confidence`` is the probability that everything in it is right, as measured on drawn charts; ``hints``
    names what a person said of it: ``frame``, ``x.limits`` and so on.
    """

    frame: Frame
    title: str | None = None
    x_axis: Axis = field(default_factory=Axis)
    y_axis: Axis = field(default_factory=Axis)
    y2_axis: Axis | None = None
    series: tuple[Series, ...] = ()
    status: Status = "unreadable"
    confidence: float | None = None
    warnings: tuple[Notice, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the picture came from; the hash is of the input's bytes.

    Of a figure in a PDF document: its ``page`` and its number on it, both from 1, its ``box`` on the page in
    points from the top left, and its caption.
    """

    name: str
    sha256: str
    width: int
    height: int
    page: int | None = None
    route: Literal["raster", "vector"] = "raster"
    figure: int | None = None
    box: Frame | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """All that was read of one figure. ``extraction`` is the pixel evidence, not part of the document.

    ``hints`` is what a person said, in the form of a hints file. Where ``units`` are given all places are in
    units of the drawing that the figure was rendered from, else in pixels.
    """

    source: Source
    title: str | None = None
    panels: tuple[Panel, ...] = ()
    warnings: tuple[Notice, ...] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)
    extraction: Extraction | None = None
    units: Units | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the figure document as plain Python values (no NaN, no arrays)."""
        document: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "source": _source_dict(self.source),
            "title": self.title,
            "panels": [_panel_dict(panel) for panel in self.panels],
            "warnings": [_notice_dict(notice) for notice in self.warnings],
        }
        return document | ({"hints": dict(self.hints)} if self.hints else {})

    def to_json(self, *, indent: int | None = 1) -> str:
        """Return the figure document as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent) + "\n"

    def to_csv(self) -> str:
        """Return all points as tidy CSV, with y_low and y_high for bands and error bars."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for row in self._rows():
            writer.writerow(["" if value is None else value for value in row])
        return out.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """Return all points as a tidy pandas DataFrame; pandas is an optional dependency."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install 'chartscribe[pandas]'") from error
        return pandas.DataFrame(list(self._rows()), columns=list(CSV_COLUMNS))

    def overlay(self) -> Image.Image:
        """Draw what was read over the paled source picture."""
        from digitizer.overlay import draw_overlay

        return draw_overlay(self)

    def _repr_png_(self) -> bytes | None:
        if self.extraction is None:
            return None
        from digitizer.overlay import encode_png

        return encode_png(self.overlay())

    def _repr_html_(self) -> str:
        from digitizer.notebook import figure_html

        return figure_html(self)

    def _rows(self) -> Sequence[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for panel_index, panel in enumerate(self.panels):
            for index, series in enumerate(panel.series):
                columns = [_column(series.x), _column(series.y), _column(series.y_sigma)]
                blank: list[Any] = [None] * len(series.x)
                columns += [blank if c is None else _column(c) for c in (series.y_low, series.y_high)]
                name = series.name if series.name is not None else f"series {index + 1}"
                rows.extend((panel_index, name, *values) for values in zip(*columns, strict=True))
        return rows


CSV_COLUMNS = ("panel", "series", "x", "y", "y_sigma", "y_low", "y_high")


def figure_from_dict(document: dict[str, Any]) -> Figure:
    """Rebuild a figure from a figure document.

    Raises
    ------
    ValueError
        Where the document is not one of this schema, with the reason.
    """
    from digitizer.document import read_figure

    return read_figure(document)


def _number(value: float) -> float | None:
    """A float that JSON can hold: 12 significant digits are far beyond what pixels carry."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.12g}")


def _column(values: NDArray[Any]) -> list[Any]:
    if values.dtype.kind in "US" or values.dtype == object:
        return [str(value) for value in values]
    return [_number(float(value)) for value in values]


def _source_dict(source: Source) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": source.name,
        "sha256": source.sha256,
        "width": source.width,
        "height": source.height,
        "page": source.page,
        "route": source.route,
    }
    if source.figure is not None:
        document |= {
            "figure": source.figure,
            "box": None if source.box is None else _frame_dict(source.box),
            "caption": source.caption,
        }
    return document


def _frame_dict(frame: Frame) -> dict[str, float]:
    return {side: round(getattr(frame, side), 3) for side in ("left", "top", "right", "bottom")}


def _axis_dict(axis: Axis | None) -> dict[str, Any] | None:
    if axis is None:
        return None
    return {
        "label": axis.label,
        "scale": axis.scale,
        "ticks": [
            {
                "pixel": round(tick.pixel, 3),
                "text": tick.text,
                "value": tick.value if isinstance(tick.value, str) else _number(tick.value),
            }
            for tick in axis.ticks
        ],
        "limits": None
        if axis.limits is None
        else [limit if isinstance(limit, str) else _number(limit) for limit in axis.limits],
        "residual_px": None if axis.residual_px is None else round(axis.residual_px, 4),
        "unit": axis.unit,
    }


def _series_dict(series: Series) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": series.name,
        "kind": series.kind,
        "color": series.color,
        "color_name": series.color_name,
        "line_style": series.line_style,
        "marker": series.marker,
        "axis": series.axis,
        "x": _column(series.x),
    }
    if series.kind != "band":
        document["y"] = _column(series.y)
    if series.y_low is not None and series.y_high is not None:
        document["y_low"] = _column(series.y_low)
        document["y_high"] = _column(series.y_high)
    document |= {
        "y_sigma": _column(series.y_sigma),
        "sampled_at": series.sampled_at,
        "interpolation": series.interpolation,
        "orientation": series.orientation,
        "x_px": [None if math.isnan(v) else round(float(v), 3) for v in series.x_px],
        "y_px": [None if math.isnan(v) else round(float(v), 3) for v in series.y_px],
    }
    return document


def _notice_dict(notice: Notice) -> dict[str, Any]:
    document: dict[str, Any] = {"code": notice.code, "message": notice.message}
    if notice.box is not None:
        document["box"] = _frame_dict(notice.box)
    return document


def _panel_dict(panel: Panel) -> dict[str, Any]:
    document: dict[str, Any] = {
        "frame": _frame_dict(panel.frame),
        "title": panel.title,
        "x_axis": _axis_dict(panel.x_axis),
        "y_axis": _axis_dict(panel.y_axis),
        "y2_axis": _axis_dict(panel.y2_axis),
        "series": [_series_dict(series) for series in panel.series],
        "status": panel.status,
        "confidence": None if panel.confidence is None else round(panel.confidence, 3),
        "warnings": [_notice_dict(notice) for notice in panel.warnings],
    }
    return document | ({"hints": list(panel.hints)} if panel.hints else {})
