"""Read the labels of a time axis: each tells part of a date, the sequence tells the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_CLOCK = r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?"
_HOUR = r"(?P<hour>1?\d)\s*(?P<half>[ap]\.?m\.?)"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|sun)(?:day)?,?\s+)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>[01]?\d)-{_DAY}(?:[T\s]+{_CLOCK})?",
        rf"{_YEAR}/(?P<month>[01]?\d)/{_DAY}(?:\s+{_CLOCK})?",
        rf"{_YEAR}[-/.](?P<month>[01]\d)",
        rf"(?P<month>[01]?\d)[-/]{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY}(?:,?\s*{_YEAR})?(?:,?\s+{_CLOCK})?",
        rf"{_WEEKDAY}{_DAY}[\s-]*{_MONTH}(?:[\s,-]*{_YEAR})?(?:,?\s+{_CLOCK})?",
        rf"{_MONTH}[\s,'-]*{_YEAR}",
        rf"{_YEAR}[\s,-]*{_MONTH}",
        rf"{_MONTH}[\s-]*'?(?P<short_year>\d\d)",
        rf"{_MONTH}",
        rf"{_YEAR}",
        rf"(?P<quarter>Q[1-4])[\s'-]*{_YEAR}",
        rf"{_YEAR}[\s-]*(?P<quarter>Q[1-4])",
        rf"{_CLOCK}(?:[\s,]+{_MONTH}\s*{_DAY}(?:,?\s*{_YEAR})?)?",
        rf"{_HOUR}",
    )
)
# Two numbers and a year may be day and month or month and day; the sequence decides.
_NUMERIC = re.compile(r"(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)[/.-](?P<year>(?:1[5-9]|2[01])?\d\d)")
_MONTH_DAY = re.compile(r"(?P<a>[01]?\d)[-/](?P<b>[0-3]?\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """What one label says; None where it says nothing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int = 0


def read_dates(texts: Sequence[str]) -> list[list[float | None]]:
    """Read the labels of an axis as times, in every way that makes sense.

    Parameters
    ----------
    texts : sequence of str
        The labels in the order of the axis.

    Returns
    -------
    list of list of (float or None)
        Each reading: days since 1970-01-01 (UTC) a label, None for those that say no time. Two where
        day and month could be either way round; none where fewer than two thirds of the labels
        say a time, no year is printed, or the times do not run in one direction.
    """
    readings: list[list[float | None]] = []
    for day_first in (False, True):
        parts = [_parse(text, day_first=day_first) for text in texts]
        told = sum(p is not None for p in parts)
        if told < 2 or told * 3 < 2 * len(texts) or all(p is None or p.year is None for p in parts):
            continue
        days = _resolve(parts)
        known = [d for d in days if d is not None]
        rising = all(b > a for a, b in pairwise(known))
        falling = all(b < a for a, b in pairwise(known))
        if len(known) >= 2 and (rising or falling) and days not in readings:
            readings.append(days)
    return readings


def to_iso(days: float) -> str:
    """Write days since 1970 as an ISO 8601 date, with the time of day where there is one."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat()


def _parse(text: str, *, day_first: bool) -> PartialDate | None:
    text = " ".join(text.replace("’", "'").split())
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _from_match(match.groupdict())
    match = _NUMERIC.fullmatch(text)
    if match:
        a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
        month, day = (b, a) if day_first else (a, b)
        return _checked(PartialDate(year=_century(year), month=month, day=day))
    match = _MONTH_DAY.fullmatch(text)
    if match:
        a, b = int(match["a"]), int(match["b"])
        month, day = (b, a) if day_first else (a, b)
        return _checked(PartialDate(month=month, day=day))
    return None


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
    return _checked(
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


def _checked(part: PartialDate) -> PartialDate | None:
    """The partial date where every field is possible."""
    if part.month is not None and not 1 <= part.month <= 12:
        return None
    if part.day is not None and not 1 <= part.day <= 31:
        return None
    if part.hour is not None and not 0 <= part.hour <= 24:
        return None
    return part


def _resolve(parts: Sequence[PartialDate | None]) -> list[float | None]:
    """Fill in from its neighbours what a label leaves out: a month follows the last year named."""
    first_year = next((p.year for p in parts if p is not None and p.year is not None), None)
    position = next((k for k, p in enumerate(parts) if p is not None and p.year is not None), 0)
    # Months before the first year named belong to the year before it.
    year = first_year if first_year is not None and position == 0 else (first_year or 2000) - (position > 0)
    month, day = 1, 1
    out: list[float | None] = []
    previous: datetime | None = None
    for part in parts:
        if part is None:
            out.append(None)
            continue
        if part.year is not None:
            year, month, day = part.year, part.month or 1, part.day or 1
        elif part.month is not None:
            if previous is not None and part.month < previous.month:
                year += 1
            month, day = part.month, part.day or 1
        elif part.day is not None:
            day = part.day
        moment = _moment(year, month, day, part)
        clock_alone = part.hour is not None and part.day is None and part.month is None
        if clock_alone and moment is not None and previous is not None and moment <= previous:
            moment += timedelta(days=1)
            year, month, day = moment.year, moment.month, moment.day
        out.append(None if moment is None else (moment - datetime(1970, 1, 1)).total_seconds() / 86400)
        previous = moment or previous
    return out


def _moment(year: int, month: int, day: int, part: PartialDate) -> datetime | None:
    try:
        start = datetime(year, month, day)
    except ValueError:
        return None
    return start + timedelta(hours=part.hour or 0, minutes=part.minute or 0, seconds=part.second)
