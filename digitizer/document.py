"""Read a figure document back into the typed figure.

Fields that this version does not know are ignored, fields that it can do without may be
missing; what is there must have the type that the schema gives it. Each error names the field,
the rule and the value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from digitizer.model import (
    SCHEMA_VERSION,
    Axis,
    Figure,
    FloatArray,
    Frame,
    Interpolation,
    Notice,
    Panel,
    SampledAt,
    ScaleKind,
    Series,
    SeriesKind,
    Source,
    Status,
    Tick,
)

T = TypeVar("T")

SHOWN_CHARACTERS = 60


def read_figure(document: dict[str, Any]) -> Figure:
    """Rebuild a figure from a figure document (parsed JSON).

    Parameters
    ----------
    document : dict
        What ``json.loads`` makes of the document's text.

    Returns
    -------
    Figure
        The figure without its pixel evidence. Missing pixel columns become NaN, ``null`` in
        ``y`` becomes NaN.

    Raises
    ------
    ValueError
        Where the document is not one of this schema; the message names the field.
    """
    root = _mapping(document, "the figure document")
    version = root.get("schema_version")
    if version != SCHEMA_VERSION:
        raise _error("schema_version", f"must be {SCHEMA_VERSION}", version)
    if "panels" not in root:
        raise _error("panels", "must be a list of panels", None)
    return Figure(
        source=_source(root.get("source")),
        title=_text_or_none(root.get("title"), "title"),
        panels=_each(root["panels"], "panels", _panel),
        warnings=_each(root.get("warnings", []), "warnings", _notice),
        hints=_mapping(root.get("hints", {}), "hints"),
    )


def _error(field: str, rule: str, value: object) -> ValueError:
    shown = repr(value)
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[: SHOWN_CHARACTERS - 1] + "…"
    return ValueError(f"{field} {rule}, not {shown}")


def _mapping(value: object, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _error(field, "must be an object", value)
    return value


def _each(value: object, field: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise _error(field, "must be a list", value)
    return tuple(read(item, f"{field}[{index}]") for index, item in enumerate(value))


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise _error(field, "must be text", value)
    return value


def _text_or_none(value: object, field: str) -> str | None:
    return None if value is None else _text(value, field)


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _error(field, "must be a number", value)
    if not math.isfinite(value):
        raise _error(field, "must be finite (null stands for what is missing)", value)
    return float(value)


def _count(value: object, field: str) -> int:
    number = _number(value, field)
    if number != int(number) or number < 0:
        raise _error(field, "must be a whole number of at least 0", value)
    return int(number)


def _one_of(value: object, field: str, choices: Any) -> Any:
    allowed = get_args(choices)
    if value not in allowed:
        raise _error(field, f"must be one of {', '.join(allowed)}", value)
    return value


def _source(value: object) -> Source:
    source = _mapping({} if value is None else value, "source")
    page, figure, box = source.get("page"), source.get("figure"), source.get("box")
    return Source(
        name=_text(source.get("name", ""), "source.name"),
        sha256=_text(source.get("sha256", ""), "source.sha256"),
        width=_count(source.get("width", 0), "source.width"),
        height=_count(source.get("height", 0), "source.height"),
        page=None if page is None else _count(page, "source.page"),
        route="vector" if source.get("route") == "vector" else "raster",
        figure=None if figure is None else _count(figure, "source.figure"),
        box=None if box is None else _frame(box, "source.box"),
        caption=_text_or_none(source.get("caption"), "source.caption"),
    )


def _panel(value: object, field: str) -> Panel:
    panel = _mapping(value, field)
    second, confidence = panel.get("y2_axis"), panel.get("confidence")
    return Panel(
        frame=_frame(panel.get("frame"), f"{field}.frame"),
        title=_text_or_none(panel.get("title"), f"{field}.title"),
        x_axis=_axis(panel.get("x_axis"), f"{field}.x_axis"),
        y_axis=_axis(panel.get("y_axis"), f"{field}.y_axis"),
        y2_axis=None if second is None else _axis(second, f"{field}.y2_axis"),
        series=_each(panel.get("series", []), f"{field}.series", _series),
        status=_one_of(panel.get("status"), f"{field}.status", Status),
        confidence=None if confidence is None else _number(confidence, f"{field}.confidence"),
        warnings=_each(panel.get("warnings", []), f"{field}.warnings", _notice),
        hints=_each(panel.get("hints", []), f"{field}.hints", _text),
    )


def _frame(value: object, field: str) -> Frame:
    frame = _mapping(value, field)
    sides = {side: _number(frame.get(side), f"{field}.{side}") for side in ("left", "top", "right", "bottom")}
    return Frame(**sides)


def _notice(value: object, field: str) -> Notice:
    notice = _mapping(value, field)
    box = notice.get("box")
    return Notice(
        code=_text(notice.get("code"), f"{field}.code"),
        message=_text(notice.get("message"), f"{field}.message"),
        box=None if box is None else _frame(box, f"{field}.box"),
    )


def _axis(value: object, field: str) -> Axis:
    if value is None:
        return Axis()
    axis = _mapping(value, field)
    residual = axis.get("residual_px")
    return Axis(
        label=_text_or_none(axis.get("label"), f"{field}.label"),
        scale=_one_of(axis.get("scale", "linear"), f"{field}.scale", ScaleKind),
        ticks=_each(axis.get("ticks", []), f"{field}.ticks", _tick),
        limits=_limits(axis.get("limits"), f"{field}.limits"),
        residual_px=None if residual is None else _number(residual, f"{field}.residual_px"),
        unit=_text_or_none(axis.get("unit"), f"{field}.unit"),
    )


def _tick(value: object, field: str) -> Tick:
    tick = _mapping(value, field)
    meaning = tick.get("value")
    return Tick(
        pixel=_number(tick.get("pixel"), f"{field}.pixel"),
        text=_text(tick.get("text", ""), f"{field}.text"),
        value=meaning if isinstance(meaning, str) else _number(meaning, f"{field}.value"),
    )


def _limits(value: object, field: str) -> tuple[float, float] | tuple[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise _error(field, "must be a pair [first, last]", value)
    first, last = value
    if isinstance(first, str) and isinstance(last, str):
        return first, last
    return _number(first, f"{field}[0]"), _number(last, f"{field}[1]")


def _series(value: object, field: str) -> Series:
    series = _mapping(value, field)
    kind = _one_of(series.get("kind"), f"{field}.kind", SeriesKind)
    x = _x_column(series.get("x"), f"{field}.x")
    low = _column(series.get("y_low"), f"{field}.y_low", len(x))
    high = _column(series.get("y_high"), f"{field}.y_high", len(x))
    y = _column(series.get("y"), f"{field}.y", len(x))
    if y is None:
        if kind != "band" or low is None or high is None:
            raise _error(f"{field}.y", "must be a list of numbers (of a band, y_low and y_high)", None)
        y = (low + high) / 2
    unknown = np.full(len(x), np.nan)
    sigma = _column(series.get("y_sigma"), f"{field}.y_sigma", len(x))
    x_px = _column(series.get("x_px"), f"{field}.x_px", len(x))
    y_px = _column(series.get("y_px"), f"{field}.y_px", len(x))
    return Series(
        name=_text_or_none(series.get("name"), f"{field}.name"),
        kind=kind,
        color=_text(series.get("color", "#000000"), f"{field}.color"),
        color_name=_text(series.get("color_name", "black"), f"{field}.color_name"),
        line_style=_text(series.get("line_style", "solid"), f"{field}.line_style"),
        marker=_text(series.get("marker", "none"), f"{field}.marker"),
        axis="y2" if series.get("axis") == "y2" else "y",
        x=x,
        y=y,
        y_sigma=unknown if sigma is None else sigma,
        x_px=unknown.copy() if x_px is None else x_px,
        y_px=unknown.copy() if y_px is None else y_px,
        y_low=low,
        y_high=high,
        sampled_at=_one_of(series.get("sampled_at", "columns"), f"{field}.sampled_at", SampledAt),
        interpolation=_one_of(series.get("interpolation", "linear"), f"{field}.interpolation", Interpolation),
        orientation="horizontal" if series.get("orientation") == "horizontal" else "vertical",
    )


def _x_column(value: object, field: str) -> NDArray[Any]:
    if not isinstance(value, list):
        raise _error(field, "must be a list", value)
    if any(isinstance(item, str) for item in value):
        return np.array([_text(item, f"{field}[{index}]") for index, item in enumerate(value)], dtype=str)
    return _floats(value, field)


def _column(value: object, field: str, length: int) -> FloatArray | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise _error(field, "must be a list", value)
    if len(value) != length:
        raise _error(field, f"must have as many values as x ({length})", len(value))
    return _floats(value, field)


def _floats(values: list[Any], field: str) -> FloatArray:
    numbers = [
        math.nan if item is None else _number(item, f"{field}[{index}]") for index, item in enumerate(values)
    ]
    return np.array(numbers, dtype=np.float64)
