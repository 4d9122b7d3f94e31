"""What a person knows about a figure: typed, checked, the same from Python, a file or options.

A hint adds to what the picture says or overrules it (see ``docs/hints.md``). Values that contradict each
other are refused here; what contradicts the picture is refused by the stages that look at it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import combinations
from typing import Any, get_args

from digitizer.model import ScaleKind

Limits = tuple[float, float] | tuple[str, str]

# A tick may stand beyond the frame's end by this share of the axis: so far labels without marks may be off.
TICK_MARGIN = 0.02

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_PLACE = re.compile(r"\s*([-+]?\d+(?:\.\d*)?|[-+]?\.\d+)\s*(%?)\s*")
_GRID = re.compile(r"\s*(\d{1,2})\s*[x×]\s*(\d{1,2})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place along the width or height of a picture: in pixels, or in percent of it.

    Pixels count from the centre of the first one; 0 % is the picture's first edge and 100 % its last.
    """

    value: float
    in_percent: bool = False

    def to_pixel(self, n_pixels: int) -> float:
        """Where this is in a picture that has ``n_pixels`` in this direction."""
        return self.value / 100 * n_pixels - 0.5 if self.in_percent else self.value

    def __str__(self) -> str:
        return f"{self.value:.10g}%" if self.in_percent else f"{self.value:.10g}"


def parse_place(value: object) -> Place:
    """From a number (pixels) or a text such as ``"12.5%"``."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return Place(value=float(value))
    match = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no place; give pixels (120) or a share of the picture (12.5%)")
    return Place(value=float(match[1]), in_percent=bool(match[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle of the picture."""

    left: Place
    top: Place
    right: Place
    bottom: Place

    def __post_init__(self) -> None:
        for first, last in ((self.left, self.right), (self.top, self.bottom)):
            if first.in_percent == last.in_percent and first.value >= last.value:
                raise ValueError(f"the region {self} ends before it begins; give left, top, right, bottom")

    def to_pixels(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in a picture of this size."""
        return (
            self.left.to_pixel(width),
            self.top.to_pixel(height),
            self.right.to_pixel(width),
            self.bottom.to_pixel(height),
        )

    def __str__(self) -> str:
        return ",".join(str(place) for place in (self.left, self.top, self.right, self.bottom))


def parse_region(value: object) -> Region:
    """From ``"L,T,R,B"`` or a list of four places."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 4:
        raise ValueError(f"{value!r} is no region; give left, top, right and bottom (10,5%,90%,200)")
    left, top, right, bottom = (parse_place(part) for part in parts)
    return Region(left=left, top=top, right=right, bottom=bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class TickHint:
    """What stands at one place of an axis: a number, an ISO 8601 date or a category's name."""

    at: Place
    value: float | str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisHints:
    """What is known about one axis. ``limits`` are the values at the frame's ends, left or bottom first."""

    scale: ScaleKind | None = None
    limits: Limits | None = None
    ticks: tuple[TickHint, ...] = ()

    def __post_init__(self) -> None:
        if self.scale is not None and self.scale not in get_args(ScaleKind):
            raise ValueError(f"a scale is one of {', '.join(get_args(ScaleKind))}, not {self.scale!r}")
        for value in (*(self.limits or ()), *(tick.value for tick in self.ticks)):
            self._check_value(value)
        if self.limits is not None:
            if self.scale == "category":
                raise ValueError("a category axis has no limits; leave out the limits or the scale")
            if self.limits[0] == self.limits[1]:
                raise ValueError(
                    f"the limits are both {short(self.limits[0])}; give the values at the two ends"
                )
            if isinstance(self.limits[0], str) != isinstance(self.limits[1], str):
                raise ValueError(f"of the limits {list(self.limits)} one is a date and one is not")
        for one, other in combinations(self.ticks, 2):
            if one.at == other.at and one.value != other.value:
                values = f"{short(one.value)} and as {short(other.value)}"
                raise ValueError(f"the tick at {one.at} is given as {values}")
            if one.value == other.value and one.at != other.at and not isinstance(one.value, str):
                raise ValueError(f"the value {one.value:g} is given at {one.at} and at {other.at}")

    def _check_value(self, value: float | str) -> None:
        if isinstance(value, str):
            if self.scale in ("linear", "log"):
                raise ValueError(f"{value!r} is no number, and the scale is given as {self.scale}")
        elif not math.isfinite(value):
            raise ValueError(f"{value} is no value of an axis")
        elif self.scale == "log" and value <= 0:
            raise ValueError(f"a log axis never reaches {value:g}; correct the scale or the value")
        elif self.scale == "date":
            raise ValueError(f"{value:g} is no date; write dates as 2024-05-31")

    def or_else(self, general: AxisHints) -> AxisHints:
        """These hints, and where they say nothing the general ones."""
        return AxisHints(
            scale=self.scale or general.scale,
            limits=self.limits or general.limits,
            ticks=self.ticks or general.ticks,
        )

    def joined(self, other: AxisHints) -> AxisHints:
        """What both say; raises ValueError where they contradict each other."""
        for part in ("scale", "limits"):
            one, two = getattr(self, part), getattr(other, part)
            if one is not None and two is not None and one != two:
                raise ValueError(f"{part}: given as {one} and as {two}")
        ticks = tuple(dict.fromkeys(self.ticks + other.ticks))
        return replace(other.or_else(self), ticks=ticks)

    def __bool__(self) -> bool:
        return self.scale is not None or self.limits is not None or bool(self.ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelHints:
    """What is known about one panel."""

    frame: Region | None = None
    x: AxisHints = field(default_factory=AxisHints)
    y: AxisHints = field(default_factory=AxisHints)
    y2: AxisHints = field(default_factory=AxisHints)
    series_colors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for color in self.series_colors:
            check_color(color)

    @property
    def given(self) -> tuple[str, ...]:
        """What is hinted at, by name: ``frame``, ``x.limits`` and so on."""
        own = [name for name in ("frame", "series_colors") if getattr(self, name)]
        for axis in ("x", "y", "y2"):
            hints = getattr(self, axis)
            own += [f"{axis}.{part.name}" for part in fields(hints) if getattr(hints, part.name)]
        return tuple(own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known about a figure. What is not said of a panel in ``panels`` is as for all panels.

    Parameters
    ----------
    grid : tuple of (rows, columns), optional
        How the panels are arranged.
    ignore_regions : tuple of Region
        Parts of the picture that are not looked at.
    series_colors : tuple of str
        The colours (``#rrggbb``) of the series; others are left out.
    x, y, y2 : AxisHints
        The axes of all panels.
    panels : tuple of PanelHints
        Single panels in reading order. With frames, they are the panels.
    """

    grid: tuple[int, int] | None = None
    ignore_regions: tuple[Region, ...] = ()
    series_colors: tuple[str, ...] = ()
    x: AxisHints = field(default_factory=AxisHints)
    y: AxisHints = field(default_factory=AxisHints)
    y2: AxisHints = field(default_factory=AxisHints)
    panels: tuple[PanelHints, ...] = ()

    def __post_init__(self) -> None:
        for color in self.series_colors:
            check_color(color)
        n_frames = sum(panel.frame is not None for panel in self.panels)
        if n_frames not in (0, len(self.panels)):
            raise ValueError(f"{n_frames} of {len(self.panels)} panels have a frame; give each one or none")
        if self.grid is not None and not 1 <= len(self.panels) <= self.grid[0] * self.grid[1] and self.panels:
            rows, columns = self.grid
            raise ValueError(f"{len(self.panels)} panels are described, which {rows}x{columns} does not hold")
        for index in range(len(self.panels)):
            self.for_panel(index)  # what a panel and all panels say together must not contradict itself

    def __bool__(self) -> bool:
        return self != NO_HINTS

    def for_panel(self, index: int) -> PanelHints:
        """What is known about the panel of this index."""
        own = self.panels[index] if index < len(self.panels) else PanelHints()
        return PanelHints(
            frame=own.frame,
            x=own.x.or_else(self.x),
            y=own.y.or_else(self.y),
            y2=own.y2.or_else(self.y2),
            series_colors=own.series_colors or self.series_colors,
        )

    def joined(self, other: Hints) -> Hints:
        """What both say; raises ValueError where they contradict each other."""
        if self.grid and other.grid and self.grid != other.grid:
            raise ValueError("panels: given as {}x{} and as {}x{}".format(*self.grid, *other.grid))
        axes = {}
        for name in ("x", "y", "y2"):
            try:
                axes[name] = getattr(self, name).joined(getattr(other, name))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        return Hints(
            grid=self.grid or other.grid,
            ignore_regions=self.ignore_regions + other.ignore_regions,
            series_colors=tuple(dict.fromkeys(self.series_colors + other.series_colors)),
            panels=self.panels + other.panels,
            **axes,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values, in the form of a hints file; what is not given is left out."""
        plain: dict[str, Any] = {}
        if self.grid is not None:
            plain["panels"] = "{}x{}".format(*self.grid)
        if self.ignore_regions:
            plain["ignore_regions"] = [str(region) for region in self.ignore_regions]
        if self.series_colors:
            plain["series_colors"] = list(self.series_colors)
        plain |= _axes_to_dict(self)
        if self.panels:
            plain["panel"] = [_panel_to_dict(panel) for panel in self.panels]
        return plain


def _panel_to_dict(panel: PanelHints) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if panel.frame is not None:
        plain["frame"] = str(panel.frame)
    if panel.series_colors:
        plain["series_colors"] = list(panel.series_colors)
    return plain | _axes_to_dict(panel)


def _axes_to_dict(holder: Hints | PanelHints) -> dict[str, Any]:
    return {name: _axis_to_dict(axis) for name in ("x", "y", "y2") if (axis := getattr(holder, name))}


def _axis_to_dict(axis: AxisHints) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if axis.scale is not None:
        plain["scale"] = axis.scale
    if axis.limits is not None:
        plain["limits"] = list(axis.limits)
    if axis.ticks:
        plain["ticks"] = [
            {"at": str(tick.at), "value": tick.value} | ({} if tick.text is None else {"text": tick.text})
            for tick in axis.ticks
        ]
    return plain


def short(value: float | str) -> str:
    """A value as errors print it."""
    return value if isinstance(value, str) else f"{value:g}"


NO_HINTS = Hints()


def parse_grid(value: object) -> tuple[int, int]:
    """From ``"2x5"`` to rows and columns."""
    match = _GRID.fullmatch(value) if isinstance(value, str) else None
    if match is None or not (int(match[1]) and int(match[2])):
        raise ValueError(f"{value!r} is no arrangement of panels; give rows x columns (2x5)")
    return int(match[1]), int(match[2])


def check_color(value: object) -> str:
    """The colour, if it is one (``#rrggbb``)."""
    if not isinstance(value, str) or not _COLOR.fullmatch(value):
        raise ValueError(f"{value!r} is no colour; write it as #1f77b4")
    return value


def parse_value(value: object) -> float | str:
    """What stands at a tick or an end: a number where it is one, else a text; dates in ISO 8601."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{value!r} is no value; give a number, a date (2024-05-31) or a category's name")
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value.strip()
    return float(value)


def parse_limit(value: object) -> float | str:
    """One end of an axis: a number or an ISO 8601 date."""
    limit = parse_value(value)
    if isinstance(limit, str):
        try:
            datetime.fromisoformat(limit)
        except ValueError as error:
            raise ValueError(
                f"{limit!r} is neither a number nor a date; write dates as 2024-05-31"
            ) from error
    return limit
