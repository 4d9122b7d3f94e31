"""The options that tell what a person knows about the figures, and the hints that they make."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from digitizer.hints import Hints

Command = TypeVar("Command", bound=Callable[..., Any])

SCALES = ("linear", "log", "date", "category")
_TICK = re.compile(r"(x|y2|y):([^=]+)=(.+)")

# What click is told of each option.
_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--hints",
        {"metavar": "FILE.toml", "help": "What is known, as --write-hints writes it."},
    ),
    ("--panels", {"metavar": "ROWSxCOLUMNS", "help": "How the panels are arranged, for example 2x5."}),
    ("--x-limits", {"nargs": 2, "metavar": "LEFT RIGHT", "help": "The values at the frame's two ends."}),
    ("--y-limits", {"nargs": 2, "metavar": "BOTTOM TOP", "help": "The values at the frame's two ends."}),
    ("--x-scale", {"type": click.Choice(SCALES), "help": "What kind of axis x is."}),
    ("--y-scale", {"type": click.Choice(SCALES), "help": "What kind of axis y is."}),
    (
        "--tick",
        {
            "multiple": True,
            "metavar": "AXIS:PLACE=VALUE",
            "help": "What stands at a place of an axis: y:120=0.5, or y:20%=0.5 of the picture's height.",
        },
    ),
    (
        "--series-color",
        {"multiple": True, "metavar": "#RRGGBB", "help": "Read series of this colour only; may be repeated."},
    ),
    (
        "--ignore-region",
        {
            "multiple": True,
            "metavar": "L,T,R,B",
            "help": "Do not look there; in pixels, or in share of the picture (0%,90%,100%,100%).",
        },
    ),
)


def hint_options(command: Command) -> Command:
    """The options of hints; the command takes them as ``**hinted``."""
    for name, settings in reversed(_OPTIONS):
        command = click.option(name, **settings)(command)
    return command


def read_hint_options(hinted: dict[str, Any]) -> Hints:
    """Make hints of a file and options; what they say together must not contradict itself.

    Raises
    ------
    HintError
        Where they cannot be read or contradict each other.
    """
    from digitizer.errors import HintError
    from digitizer.hints import NO_HINTS
    from digitizer.hints_file import load_hints, read_hints

    base = NO_HINTS if hinted["hints"] is None else load_hints(hinted["hints"])
    given: dict[str, Any] = {}
    try:
        for name, key in (
            ("panels", "panels"),
            ("series_color", "series_colors"),
            ("ignore_region", "ignore_regions"),
        ):
            if hinted[name]:
                given[key] = hinted[name]
        for axis in ("x", "y"):
            for part in ("limits", "scale"):
                value = hinted[f"{axis}_{part}"]
                if value is not None:
                    given.setdefault(axis, {})[part] = value
        for text in hinted["tick"]:
            axis, tick = _parse_tick(text)
            given.setdefault(axis, {}).setdefault("ticks", []).append(tick)
        return base.joined(read_hints(given))
    except ValueError as error:
        name = "options" if hinted["hints"] is None else f"options and {hinted['hints']}"
        raise HintError(name, str(error), "see --help") from error


def _parse_tick(text: str) -> tuple[str, dict[str, Any]]:
    match = _TICK.fullmatch(text)
    if match is None:
        raise ValueError(f"tick: {text!r} is no tick; give axis:place=value (y:120=0.5)")
    return match[1], {"at": match[2], "value": match[3]}
