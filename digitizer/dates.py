"""Read the labels of a time axis: each tells part of a date, the sequence tells the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

_REMEMBERED = 1024  # Each label is asked for half a dozen times.
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
        rf"{_YEAR}[\s,-]*{_MONTH}(?:[\s-]+{_DAY}(?:\s+{_CLOCK})?)?",
        rf"{_MONTH}[\s-]*'?(?P<short_year>\d\d)",
        rf"{_MONTH}",
        rf"{_YEAR}",
        rf"(?P<quarter>Q[1-4])[\s'-]*{_YEAR}",
        rf"(?P<month>[01]\d)-{_DAY}\s+(?P<hour>[0-2]\d)(?::(?P<minute>[0-5]\d))?",
        rf"(?P<day>[0-3]\d)\s+{_CLOCK}",
        rf"{_YEAR}\s*{_CLOCK}",
        rf"{_YEAR}[\s-]*(?P<quarter>Q[1-4])",
        rf"{_CLOCK}(?:[\s,]+{_MONTH}\s*{_DAY}(?:,?\s*{_YEAR})?)?",
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
    re.compile(rf"{clock}[\s,]+(?P<day_after>\S.*)", re.IGNORECASE) for clock in (_CLOCK, _HOUR)
)
# Jan 20 is a day, or a year where the months come round; the sequence decides.
_SHORT = re.compile(rf"(?:{_MONTH}[\s-]*'?|(?P<month>[01]\d)/)(?P<short_year>\d\d)", re.IGNORECASE)
_HYPHENED = re.compile(rf"{_MONTH}-(?=\d\d$)", re.IGNORECASE)
# The year of times that name none; which it is cannot be told, and a leap year has every day.
ANY_YEAR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """What one label says; None where it says nothing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int = 0


def read_dates(texts: Sequence[str], *, moment: str | None = None) -> list[list[float | None]]:
    """Read the labels of an axis as times, in every way that makes sense.

    Parameters
    ----------
    texts : sequence of str
        The labels in the order of the axis.
    moment : str, optional
        A time printed elsewhere that the last label belongs to (2021, 2021-May, 2021-May-03); it counts
        where no label names a year. Labels that then name none are put in :data:`ANY_YEAR`.

    Returns
    -------
    list of list of (float or None)
        Each reading: days since 1970-01-01 (UTC) a label, None for those that say no time. Several where
        day and month, or day and year, could be either; none where fewer than two thirds of the labels
        say a time, or the times do not run in one direction. Labels without a year must all say a time,
        and one that is no mere month: months and weekdays alone are categories.
    """
    known = None if moment is None else _parse(moment, day_first=False)
    if any(re.fullmatch(_CLOCK, text) for text in texts):
        # Among times of day May-04 is a day, and elsewhere a month.
        texts = [_HYPHENED.sub(r"\g<month_name> ", text) for text in texts]
        return _read_in(texts, [(False, False), (True, False)], known)
    if _years_repeat(texts) and (readings := _read_in(texts, [(False, True)], known)):
        return readings
    return _read_in(texts, [(False, False), (True, False), (False, True)], known)


def _read_in(
    texts: Sequence[str], ways: Sequence[tuple[bool, bool]], moment: PartialDate | None
) -> list[list[float | None]]:
    """Read labels with the day first or not, and numbers beside months as years or days."""
    readings: list[list[float | None]] = []
    for day_first, short_year in ways:
        parts = [_parse(text, day_first=day_first, short_year=short_year) for text in texts]
        n_days = _add_lone_days(texts, parts, moment)
        told = sum(p is not None for p in parts)
        if told < 2 or told * 3 < 2 * len(texts):
            continue
        if short_year and told < len(texts) and _may_be_days(texts, parts):
            continue
        if all(p is None or p.year is None for p in parts):
            exact = all(p is not None and (n_days or p.day is not None or p.hour is not None) for p in parts)
            dated = moment is not None and _complete(parts, moment)
            if not dated and (not exact or not (n_days or all(_is_padded(text) for text in texts))):
                continue
        days = _resolve(parts)
        if not _run_one_way(days):
            days = _resolve(_without_cut_end(parts))
        if _run_one_way(days) and days not in readings:
            readings.append(days)
    return readings


def _may_be_days(texts: Sequence[str], parts: Sequence[PartialDate | None]) -> bool:
    """Whether numbers that were taken for years may be the days of one month: Oct 09, Oct 16, Oct 23."""
    said = [(text, p) for text, p in zip(texts, parts, strict=True) if p is not None]
    days = [_parse(text, day_first=False) for text, _ in said]
    return len({p.month for _, p in said}) == 1 and all(d is not None and d.day is not None for d in days)


def _run_one_way(days: Sequence[float | None]) -> bool:
    """Whether two times or more are there, each later than the one before, or each earlier."""
    known = [d for d in days if d is not None]
    steps = [b - a for a, b in pairwise(known)]
    return bool(steps) and (all(step > 0 for step in steps) or all(step < 0 for step in steps))


def _without_cut_end(parts: Sequence[PartialDate | None]) -> list[PartialDate | None]:
    """The labels without a last or first year among whole dates: the picture's edge cuts its month off."""
    out = list(parts)
    for k in (0, -1):
        end, others = out[k], out[1:] if k == 0 else out[:-1]
        whole = [p for p in others if p is not None and p.year is not None and p.month is not None]
        if end is not None and end.month is None and len(whole) >= 2 and len(whole) == len(others):
            out[k] = None
    return out


def _add_lone_days(texts: Sequence[str], parts: list[PartialDate | None], moment: PartialDate | None) -> int:
    """Take numbers between months for days: 15, Mar, 15, Apr; returns how many are.

    Where only a text elsewhere names the month all of them must have two digits, as numbers have not.
    """
    padded = all(re.fullmatch(r"[0-3]\d", text) for text in texts)
    told = any(p is not None and p.month is not None and p.day is None for p in parts)
    if not told and not (padded and moment is not None and moment.month is not None):
        return 0
    lone = [k for k, text in enumerate(texts) if parts[k] is None and re.fullmatch(r"[0-3]?\d", text)]
    for k in lone:
        parts[k] = _checked(PartialDate(day=int(texts[k])))
    return len(lone)


def _complete(parts: list[PartialDate | None], moment: PartialDate) -> bool:
    """Give the last label the year, and what else it lacks, of a moment that it belongs to."""
    last = parts[-1]
    if last is None or moment.year is None or (last.month is None and moment.month is None):
        return False
    month = last.month if last.month is not None else moment.month
    clock_alone = last.month is None and last.day is None
    if clock_alone and moment.day is None:
        return False
    parts[-1] = replace(last, year=moment.year, month=month, day=moment.day if clock_alone else last.day)
    return True


def _years_repeat(texts: Sequence[str]) -> bool:
    """Whether one number stands beside several months, as a year does and a day hardly ever."""
    found = [match for text in texts if (match := _SHORT.fullmatch(text.strip()))]
    months = {((m["month_name"] or m["month"])[:3].lower(), m["short_year"]) for m in found}
    years = [year for _, year in months]
    return len(found) == len(texts) and len(set(years)) < len(years)


def _is_padded(text: str) -> bool:
    """Whether a time without a year cannot be a range (1-2) or a score (3:1): its numbers have two digits."""
    return bool(re.search(r"[^\W\d]", text)) or bool(re.fullmatch(r"(?:\d\d[\s:/.-]*)+", text))


def is_date(text: str) -> bool:
    """Whether a label says a time, or part of one."""
    return _parse(text, day_first=False) is not None or _parse(text, day_first=True) is not None


def names_year(text: str) -> bool:
    """Whether a label says a time with its year."""
    return any(
        p is not None and p.year is not None for p in (_parse(text, day_first=d) for d in (False, True))
    )


def to_iso(days: float) -> str:
    """Write days since 1970 as an ISO 8601 date, with the time of day where there is one."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat()


@lru_cache(_REMEMBERED)
def _parse(text: str, *, day_first: bool, short_year: bool = False) -> PartialDate | None:
    text = " ".join(text.replace("’", "'").split())
    if short_year and (match := _SHORT.fullmatch(text) or _YEAR_FIRST.fullmatch(text)):
        return _from_match(match.groupdict())
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _from_match(match.groupdict())
    match = next((m for pattern in _NUMERIC if (m := pattern.fullmatch(text))), None)
    if match:
        a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
        month, day = (b, a) if day_first else (a, b)
        return _checked(PartialDate(year=_century(year), month=month, day=day))
    match = _MONTH_DAY.fullmatch(text)
    if match:
        a, b = int(match["a"]), int(match["b"])
        month, day = (b, a) if day_first else (a, b)
        return _checked(PartialDate(month=month, day=day))
    match = next((m for pattern in _HOUR_FIRST if (m := pattern.fullmatch(text))), None)
    clock = None if match is None else _from_match({**match.groupdict(), "day": None})
    day_of = None if match is None else _parse(match["day_after"], day_first=day_first)
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
    told = [k for k, p in enumerate(parts) if p is not None]
    fields = ("year", "month", "day", "hour")
    start = next(k for name in fields for k in told if getattr(parts[k], name) is not None)
    found: list[datetime | None] = [None] * len(parts)
    first = parts[start]
    assert first is not None
    found[start] = near = _moment(first.year or ANY_YEAR, first.month or 1, first.day or 1, first)
    for k in range(start + 1, len(parts)):
        found[k] = _later(parts[k], near)
        near = found[k] or near
    near = found[start]
    for k in range(start - 1, -1, -1):
        found[k] = _earlier(parts[k], near)
        near = found[k] or near
    return [None if m is None else (m - datetime(1970, 1, 1)).total_seconds() / 86400 for m in found]


def _later(part: PartialDate | None, after: datetime | None) -> datetime | None:
    """The moment that a label means which follows another one."""
    if part is None:
        return None
    if part.year is not None:
        return _moment(part.year, part.month or 1, part.day or 1, part)
    if after is None:
        return None
    if part.month is not None:
        return _moment(after.year + (part.month < after.month), part.month, part.day or 1, part)
    if part.day is not None:
        months = 12 * after.year + after.month - 1 + (part.day < after.day)
        return _moment(months // 12, months % 12 + 1, part.day, part)
    moment = _moment(after.year, after.month, after.day, part)
    return moment + timedelta(days=1) if moment is not None and moment <= after else moment


def _earlier(part: PartialDate | None, before: datetime | None) -> datetime | None:
    """The moment that a label without a year means which leads up to another one."""
    if part is None or before is None:
        return None
    if part.month is not None:
        return _moment(before.year - (part.month > before.month), part.month, part.day or 1, part)
    if part.day is not None:
        months = 12 * before.year + before.month - 1 - (part.day >= before.day)
        return _moment(months // 12, months % 12 + 1, part.day, part)
    moment = _moment(before.year, before.month, before.day, part)
    return moment - timedelta(days=1) if moment is not None and moment >= before else moment


def _moment(year: int, month: int, day: int, part: PartialDate) -> datetime | None:
    try:
        start = datetime(year, month, day)
    except ValueError:
        return None
    return start + timedelta(hours=part.hour or 0, minutes=part.minute or 0, seconds=part.second)
