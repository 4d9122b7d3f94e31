"""Numbers, places and directions in the words of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interpret.check.curve import read_date

NUMBER = (
    r"(?<![\w.,/:-])[~≈]?[-+−]?[$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:e[-+]?\d+)?(?:[kKM](?![a-zA-Z]))?%?"
)
DATE = r"\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
PLACE = rf"(?:{DATE}|{NUMBER})"
UP = re.compile(
    r"\b(ris(?:es?|ing)|rose|increas\w*|grow\w*|climb\w*|jump\w*|surg\w*|peaks?|upwards?|recover\w*"
    r"|turns? up|higher)\b"
)
DOWN = re.compile(
    r"\b(falls?|fell|falling|drop\w*|decreas\w*|declin\w*|decay\w*|plung\w*|dips?|dipped|downwards?"
    r"|turns? down|lower)\b"
)
SUFFIX = {"k": 1e3, "K": 1e3, "M": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A printed number: its value, half its last digit, whether it is a percentage, where it stands,
    and whether it is said to be ``about`` right."""

    value: float
    rounding: float
    percent: bool
    start: int
    end: int
    about: bool = False


def read_number(text: str, start: int = 0) -> Number:
    """Read a number as printed ("~1.87", "1,024", "20k", "43%", "1.2e-05")."""
    bare = text.strip().lstrip("~≈").replace("−", "-").replace(",", "").lstrip("$€£")
    bare = re.sub(r"^-[$€£]", "-", bare)
    percent = bare.endswith("%")
    bare = bare.rstrip("%")
    factor = SUFFIX.get(bare[-1], 1.0)
    bare = bare.rstrip("kKM")
    mantissa, _, exponent = bare.partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - decimals) * factor
    return Number(
        value=float(bare) * factor,
        rounding=0.5 * unit,
        percent=percent,
        start=start,
        end=start + len(text),
        about=text.strip()[:1] in ("~", "≈"),
    )


def numbers_in(text: str) -> list[Number]:
    """All numbers of a text; dates are none."""
    hidden = re.sub(DATE, lambda m: " " * len(m.group()), text)
    return [read_number(m.group(), m.start()) for m in re.finditer(NUMBER, hidden)]


def read_place(text: str) -> float | None:
    """A place along x: a number, or a date as days."""
    day = read_date(text.strip())
    if day is not None:
        return day
    try:
        return read_number(text).value
    except (ValueError, IndexError):
        return None


def direction_of(text: str) -> int:
    """+1 or -1 where the last word of motion says so, else 0."""
    ups = [match.start() for match in UP.finditer(text.lower())]
    downs = [match.start() for match in DOWN.finditer(text.lower())]
    if not ups and not downs:
        return 0
    return 1 if max(ups, default=-1) > max(downs, default=-1) else -1
