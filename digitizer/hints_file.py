"""Hints as TOML: read with unknown keys refused, and written from a figure that was read."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from digitizer.errors import HintError
from digitizer.hints import (
    TICK_MARGIN,
    AxisHints,
    Hints,
    Limits,
    PanelHints,
    TickHint,
    check_color,
    parse_grid,
    parse_limit,
    parse_place,
    parse_region,
    parse_value,
)
from digitizer.model import Axis, Figure, Panel
from digitizer.units import in_pixels

T = TypeVar("T")
HintsSource = Hints | Mapping[str, Any] | str | os.PathLike[str]

REMEDY = "see docs/hints.md for what a hints file may hold"


def load_hints(source: HintsSource) -> Hints:
    """Read hints from a TOML file's path or from a mapping of the same form.

    Raises
    ------
    HintError
        Where they cannot be read, hold an unknown key, or contradict each other.
    """
    if isinstance(source, Hints):
        return source
    if isinstance(source, Mapping):
        name, plain = "hints", source
    else:
        name = os.fsdecode(source)
        try:
            plain = tomllib.loads(Path(name).read_text(encoding="utf-8"))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise HintError(name, f"cannot be read ({reason})", "check the path") from error
        except ValueError as error:
            raise HintError(name, f"is no TOML ({error})", REMEDY) from error
    try:
        return read_hints(plain)
    except (ValueError, TypeError) as error:
        raise HintError(name, str(error), REMEDY) from error


def read_hints(plain: Mapping[str, Any]) -> Hints:
    """Build hints from plain values as a hints file holds them.

    Raises
    ------
    ValueError
        Where a key is unknown or a value is wrong; the message names it.
    """
    axes = ("x", "y", "y2")
    _check_keys(plain, ("panels", "ignore_regions", "series_colors", "panel", *axes))
    return Hints(
        grid=_at("panels", parse_grid, plain["panels"]) if "panels" in plain else None,
        ignore_regions=_each("ignore_regions", parse_region, plain.get("ignore_regions", [])),
        series_colors=_each("series_colors", check_color, plain.get("series_colors", [])),
        panels=_each("panel", _read_panel, plain.get("panel", [])),
        **{axis: _at(axis, _read_axis, plain.get(axis, {})) for axis in axes},
    )


def _read_panel(plain: Any) -> PanelHints:
    axes = ("x", "y", "y2")
    _check_keys(plain, ("frame", "series_colors", *axes))
    return PanelHints(
        frame=_at("frame", parse_region, plain["frame"]) if "frame" in plain else None,
        series_colors=_each("series_colors", check_color, plain.get("series_colors", [])),
        **{axis: _at(axis, _read_axis, plain.get(axis, {})) for axis in axes},
    )


def _read_axis(plain: Any) -> AxisHints:
    _check_keys(plain, ("scale", "limits", "ticks"))
    return AxisHints(
        scale=plain.get("scale"),
        limits=_at("limits", read_limits, plain["limits"]) if "limits" in plain else None,
        ticks=_each("ticks", _read_tick, plain.get("ticks", [])),
    )


def read_limits(plain: Any) -> Limits:
    """A pair of numbers or of dates."""
    if not isinstance(plain, Sequence) or isinstance(plain, str) or len(plain) != 2:
        raise ValueError(f"{plain!r} is no pair; give the values at the two ends, left or bottom first")
    first, last = (parse_limit(_without_dates(value)) for value in plain)
    if isinstance(first, str) != isinstance(last, str):
        raise ValueError(f"of {list(plain)} one is a number and one is not")
    return first, last  # type: ignore[return-value]


def _read_tick(plain: Any) -> TickHint:
    _check_keys(plain, ("at", "value", "text"))
    for key in ("at", "value"):
        if key not in plain:
            raise ValueError(f"a tick needs {key}")
    text = plain.get("text")
    if text is not None and not isinstance(text, str):
        raise ValueError(f"the text of a tick is what is printed, not {text!r}")
    return TickHint(
        at=parse_place(plain["at"]), value=parse_value(_without_dates(plain["value"])), text=text or None
    )


def _without_dates(value: Any) -> Any:
    """TOML has dates of its own; here they are texts."""
    return value.isoformat() if isinstance(value, date) else value


def _check_keys(plain: Any, known: Sequence[str]) -> None:
    if not isinstance(plain, Mapping):
        raise ValueError(f"{plain!r} is no table of {', '.join(known)}")
    for key in plain:
        if key not in known:
            raise ValueError(f"the key {key!r} is unknown; known are {', '.join(known)}")


def _each(name: str, read: Callable[[Any], T], values: Any) -> tuple[T, ...]:
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"{name}: {values!r} is no list")
    return tuple(_at(f"{name}[{index}]", read, value) for index, value in enumerate(values))


def _at(name: str, read: Callable[[Any], T], value: Any) -> T:
    """Read a value; an error says where it stands."""
    try:
        return read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def write_hints(figure: Figure) -> str:
    """The calibration of a figure as a hints file, in share of the picture, to correct and to use again."""
    figure = in_pixels(figure)
    width, height = figure.source.width, figure.source.height
    lines = [
        f"# The calibration found in {json.dumps(figure.source.name, ensure_ascii=False)}"
        f" ({width} x {height} pixels).",
        "# Correct what is wrong, then: chartscribe digitize PICTURE --hints THIS-FILE -o OUT",
        "# Places are in percent of the picture, so that figures of the same layout may differ in size.",
    ]
    for number, panel in enumerate(figure.panels, start=1):
        lines += ["", *_panel_lines(number, panel, width, height)]
    if not figure.panels:
        lines += ["", "# No panel was found. To give one:", "# [[panel]]", '# frame = "12%,10%,90%,88%"']
    return "\n".join(lines) + "\n"


def _panel_lines(number: int, panel: Panel, width: int, height: int) -> list[str]:
    frame = panel.frame
    places = (
        _percent(frame.left, width),
        _percent(frame.top, height),
        _percent(frame.right, width),
        _percent(frame.bottom, height),
    )
    title = "" if panel.title is None else f": {json.dumps(panel.title, ensure_ascii=False)}"
    lines = [f"# Panel {number}{title} ({panel.status})", "[[panel]]", f'frame = "{",".join(places)}"']
    colors = list(dict.fromkeys(series.color for series in panel.series))
    if colors:
        lines.append("# Without the # before it, only series of these colours are read:")
        lines.append(f"# series_colors = {json.dumps(colors)}")
    across, down = (frame.left, frame.right), (frame.top, frame.bottom)
    for name, axis, ends, size in (
        ("x", panel.x_axis, across, width),
        ("y", panel.y_axis, down, height),
        ("y2", panel.y2_axis, down, height),
    ):
        if axis is not None and (axis.ticks or axis.limits):
            lines += _axis_lines(name, axis, ends, size)
    return lines


def _axis_lines(name: str, axis: Axis, ends: tuple[float, float], size: int) -> list[str]:
    lines = [f"[panel.{name}]", f'scale = "{axis.scale}"']
    if axis.limits is not None:
        lines.append(f"limits = [{', '.join(_plain(limit) for limit in axis.limits)}]")
    if axis.ticks:
        lines.append("ticks = [")
        for tick in axis.ticks:
            text = json.dumps(tick.text, ensure_ascii=False)
            place = _percent(tick.pixel, size)
            beyond = max(ends[0] - tick.pixel, tick.pixel - ends[1]) > TICK_MARGIN * (ends[1] - ends[0])
            mark = "# beyond the frame: " if beyond else ""
            lines.append(f'  {mark}{{ at = "{place}", text = {text}, value = {_plain(tick.value)} }},')
        lines.append("]")
    return lines


def _plain(value: float | str) -> str:
    # JSON's texts are TOML's too; its numbers need a point or an exponent to stay floats, or are integers.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else f"{value:.9g}"


def _percent(pixel: float, size: int) -> str:
    # A millionth of the side is a hundredth of a pixel in the largest pictures.
    return f"{(pixel + 0.5) / size * 100:.4f}%"
