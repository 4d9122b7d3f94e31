"""Parts of a date as one label of a time axis prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_REMEMBERED = 1024  # Each label is asked for half a dozen times.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
CLOCK = r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?"
_HOUR = r"(?P<hour>1?\d)\s*(?P<half>[ap]\.?m\.?)"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|sun)(?:day)?,?\s+)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>[01]?\d)-{_DAY}(?:[T\s]+{CLOCK})?",
        rf"{_YEAR}/(?P<month>[01]?\d)/{_DAY}(?:\s+{CLOCK})?",
        rf"{_YEAR}[-/.](?P<month>[01]\d)",
        rf"(?P<month>[01]?\d)[-/]{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,?\s*{_YEAR})?(?:,?\s+{CLOCK})?",
        rf"{_WEEKDAY}{_DAY}[\s-]*{_MONTH}(?:[\s,-]*{_YEAR})?(?:,?\s+{CLOCK})?",
        rf"{_MONTH}[\s,'-]*{_YEAR}",
        rf"{_YEAR}[\s,-]*{_MONTH}(?:[\s-]+{_DAY}(?:\s+{CLOCK})?)?",
        rf"{_MONTH}[\s-]*'?(?P<short_year>\d\d)",
        rf"{_MONTH}",
        rf"{_YEAR}",
        rf"(?P<quarter>Q[1-4])[\s'-]*{_YEAR}",
        rf"(?P<month>[01]\d)-{_DAY}\s+(?P<hour>[0-2]\d)(?::(?P<minute>[0-5]\d))?",
        rf"(?P<day>[0-3]\d)\s+{CLOCK}",
        rf"{_YEAR}\s*{CLOCK}",
        rf"{_YEAR}[\s-]*(?P<quarter>Q[1-4])",
        rf"{CLOCK}(?:[\s,]+{_MONTH}\s*{_DAY}(?:,?\s*{_YEAR})?)?",
        rf"{_HOUR}",
    )
)
# Two numbers and a year may be day and month or month and day; the sequence decides.
_NUMERIC = (
    re.compile(r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)[/.-](?P<year>(?:1[5-9]|2[01])?\d\d)"),
    re.compile(rf"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)\s+{_YEAR}"),
)
_YEAR_FIRST = re.compile(r"(?P<short_year>\d\d)([-/])(?P<month>[01]\d)\2(?P<day>[0-3]\d)")
_MONTH_DAY = re.compile(r"(?P<a>[0-3]?\d)[-/](?P<b>[0-3]?\d)")
# A time of day before its day: 12am 4/9, as labels of two lines say it.
_HOUR_FIRST = tuple(
    re.compile(rf"{clock}[\s,]+(?P<day_after>\S.*)", re.IGNORECASE) for clock in (CLOCK, _HOUR)
)
# Jan 20 is a day, or a year where the months come round; the sequence decides.
SHORT = re.compile(rf"(?:{_MONTH}[\s-]*'?|(?P<month>[01]\d)/)(?P<short_year>\d\d)", re.IGNORECASE)
HYPHENED = re.compile(rf"{_MONTH}-(?=\d\d$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """What one label says; None where it says nothing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int = 0


@lru_cache(_REMEMBERED)
def parse_date(text: str, *, day_first: bool, short_year: bool = False) -> PartialDate | None:
    """What a label says, of two numbers the day first or not; ``short_year``: Jan 20 is no day."""
    text = " ".join(text.replace("’", "'").split())
    if short_year and (match := SHORT.fullmatch(text) or _YEAR_FIRST.fullmatch(text)):
        return _from_match(match.groupdict())
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _from_match(match.groupdict())
    match = next((m for pattern in _NUMERIC if (m := pattern.fullmatch(text))), None)
    if match:
        a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
        month, day = (b, a) if day_first else (a, b)
        return checked(PartialDate(year=_century(year), month=month, day=day))
    match = _MONTH_DAY.fullmatch(text)
    if match:
        a, b = int(match["a"]), int(match["b"])
        month, day = (b, a) if day_first else (a, b)
        return checked(PartialDate(month=month, day=day))
    match = next((m for pattern in _HOUR_FIRST if (m := pattern.fullmatch(text))), None)
    clock = None if match is None else _from_match({**match.groupdict(), "day": None})
    day_of = None if match is None else parse_date(match["day_after"], day_first=day_first)
    if clock is None or day_of is None or day_of.day is None or day_of.hour is not None:
        return None
    return replace(day_of, hour=clock.hour, minute=clock.minute, second=clock.second)


def _from_match(groups: dict[str, str | None]) -> PartialDate | None:
    month = None
    if groups.get("month_name"):
        month = 1 + _MONTHS.index(str(groups["month_name"])[:3].lower())
    elif groups.get("month"):
        month = int(str(groups["month"]))
    elif groups.get("quarter"):
        month = 3 * int(str(groups["quarter"])[1]) - 2
    year = _integer(groups, "year")
    if year is None and groups.get("short_year"):
        year = _century(int(str(groups["short_year"])))
    hour = _integer(groups, "hour")
    if hour is not None and groups.get("half"):
        hour = hour % 12 + (12 if str(groups["half"])[0].lower() == "p" else 0)
    minute = _integer(groups, "minute")
    return checked(
        PartialDate(
            year=year,
            month=month,
            day=_integer(groups, "day"),
            hour=hour,
            minute=minute if minute is not None or hour is None else 0,
            second=_integer(groups, "second") or 0,
        )
    )


def _integer(groups: dict[str, str | None], key: str) -> int | None:
    value = groups.get(key)
    return None if value is None else int(value)


def _century(year: int) -> int:
    """A two-digit year in the century that the computer age means."""
    return year if year >= 100 else 2000 + year if year < 70 else 1900 + year


def checked(part: PartialDate) -> PartialDate | None:
    """The partial date where every field is possible."""
    if part.month is not None and not 1 <= part.month <= 12:
        return None
    if part.day is not None and not 1 <= part.day <= 31:
        return None
    if part.hour is not None and not 0 <= part.hour <= 24:
        return None
    return part
