"""Read the labels of a time axis: each tells part of a date, the sequence tells the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from digitizer.partial_dates import CLOCK, HYPHENED, SHORT, PartialDate, checked, parse_date

# The year of times that name none; which it is cannot be told, and a leap year has every day. Where the days
# around the end of February lie as in no leap year the first of them is put in a common one, before it.
ANY_YEAR, COMMON_YEAR = 2000, 1999
# So many labels that say times let one at the end, cut off by the picture's edge, say none: three fit a line
# with one to spare.
FEWEST_BESIDE_CUT = 3
# Years between ticks, as Matplotlib, D3 and ggplot2 step them.
YEAR_STEPS = (1, 2, 4, 5, 10, 20)


def read_dates(
    texts: Sequence[str], *, moment: str | None = None, days_only: bool = False
) -> list[list[float | None]]:
    """Read the labels of an axis as times, in every way that makes sense.

    Parameters
    ----------
    texts : sequence of str
        The labels in the order of the axis.
    moment : str, optional
        A time printed elsewhere that the last label belongs to (2021, 2021-May, 2021-May-03); it counts
        where no label names a year. Labels that then name none are put in :data:`ANY_YEAR`, and in a further
        reading in :data:`COMMON_YEAR` where they would then lie elsewhere.
    days_only : bool, default False
        Whether a number beside a month is its day even where it comes again, as a year does.

    Returns
    -------
    list of list of (float or None)
        Each reading: days since 1970-01-01 (UTC) a label, None for those that say no time. Several, the
        likeliest first, where day and month, or day and year, could be either; none where fewer than two
        thirds of the labels say a time, or the times do not run in one direction. Labels without a year must
        all say a time (but one that the picture's edge cuts off), and one that is no mere month: months and
        weekdays alone are categories.
    """
    known = None if moment is None else parse_date(moment, day_first=False)
    if any(re.fullmatch(CLOCK, text) for text in texts):
        # Among times of day May-04 is a day, and elsewhere a month.
        texts = [HYPHENED.sub(r"\g<month_name> ", text) for text in texts]
        return _read_in(texts, [(False, False), (True, False)], known)
    if not days_only and _years_repeat(texts) and (readings := _read_in(texts, [(False, True)], known)):
        return readings
    ways = [(False, False), (True, False)]
    if not days_only:
        ways.insert(0 if _look_like_years(texts) else len(ways), (False, True))
    return _read_in(texts, ways, known)


def _read_in(
    texts: Sequence[str], ways: Sequence[tuple[bool, bool]], moment: PartialDate | None
) -> list[list[float | None]]:
    """Read labels with the day first or not, and numbers beside months as years or days."""
    readings: list[list[float | None]] = []
    later: list[list[float | None]] = []
    for day_first, short_year in ways:
        parts = [parse_date(text, day_first=day_first, short_year=short_year) for text in texts]
        n_days = _add_lone_days(texts, parts, moment)
        told = sum(p is not None for p in parts)
        if told < 2 or told * 3 < 2 * len(texts):
            continue
        if short_year and told < len(texts) and _may_be_days(texts, parts):
            continue
        if all(p is None or p.year is None for p in parts):
            whole = slice(int(_is_cut(texts, 0)), len(texts) - int(_is_cut(texts, -1)))
            exact = all(
                p is not None and (n_days or p.day is not None or p.hour is not None) for p in parts[whole]
            )
            dated = moment is not None and _complete(parts, moment)
            if not dated and (not exact or not (n_days or all(_is_padded(text) for text in texts[whole]))):
                continue
        days = _resolve(parts)
        if not _run_one_way(days):
            days = _resolve(_without_cut_end(parts))
        if _run_one_way(days) and days not in readings:
            readings.append(days)
            if all(p is None or p.year is None for p in parts):
                later.append(_resolve(parts, COMMON_YEAR))
    return readings + [days for days in later if not any(_as_far_apart(days, other) for other in readings)]


def _as_far_apart(days: Sequence[float | None], others: Sequence[float | None]) -> bool:
    """Whether the times of two readings are as far from each other."""
    told = zip(days, others, strict=True)
    return len({a - b for a, b in told if a is not None and b is not None}) == 1


def _is_cut(texts: Sequence[str], end: int) -> bool:
    """Whether the first label (``end`` 0) or the last (-1) says no time as the picture's edge cuts it off.

    What is left of it has the shape of another's end, or beginning: ul, 13, Aug; 11/06, 12/0.
    """
    text, others = texts[end], texts[1:] if end == 0 else texts[:-1]
    if len(others) < FEWEST_BESIDE_CUT or is_date(text):
        return False
    shape = _shape(text)
    pieces = (_shape(t)[-len(text) :] if end == 0 else _shape(t)[: len(text)] for t in others)
    return any(len(text) < len(t) and shape == piece for t, piece in zip(others, pieces, strict=True))


def _shape(text: str) -> str:
    """A label with 0 for every digit and a for every letter."""
    return "".join("0" if c.isdecimal() else "a" if c.isalpha() else c for c in text)


def _may_be_days(texts: Sequence[str], parts: Sequence[PartialDate | None]) -> bool:
    """Whether numbers that were taken for years may be the days of one month: Oct 09, Oct 16, Oct 23."""
    said = [(text, p) for text, p in zip(texts, parts, strict=True) if p is not None]
    days = [parse_date(text, day_first=False) for text, _ in said]
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
        parts[k] = checked(PartialDate(day=int(texts[k])))
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
    found = [match for text in texts if (match := SHORT.fullmatch(text.strip()))]
    months = {((m["month_name"] or m["month"])[:3].lower(), m["short_year"]) for m in found}
    years = [year for _, year in months]
    return len(found) == len(texts) and len(set(years)) < len(years)


def _look_like_years(texts: Sequence[str]) -> bool:
    """Whether numbers beside months are likelier years than days where both would do.

    Spreadsheets print Mar-08 for a year, and ticks of years stand at Januaries, at multiples of their step.
    """
    found = [match for text in texts if (match := SHORT.fullmatch(" ".join(text.split())))]
    hyphened = all(re.search(r"[^\W\d]\.?[-'’]", text) for text in texts)
    january = {(m["month_name"] or m["month"])[:3].lower() for m in found} <= {"jan", "01"}
    years = [int(m["short_year"]) for m in found]
    steps = {abs(b - a) for a, b in pairwise(years)}
    january &= any(steps == {step} and years[0] % step == 0 for step in YEAR_STEPS)
    return len(found) == len(texts) and (hyphened or january)


def tell_short_year(text: str) -> int | None:
    """The year of a label that may say it with two digits: Jan 99."""
    part = parse_date(text, day_first=False, short_year=True)
    return None if part is None else part.year


def _is_padded(text: str) -> bool:
    """Whether a time without a year cannot be a range (1-2) or a score (3:1): its numbers have two digits."""
    return bool(re.search(r"[^\W\d]", text)) or bool(re.fullmatch(r"(?:\d\d[\s:/.-]*)+", text))


def is_date(text: str) -> bool:
    """Whether a label says a time, or part of one."""
    return parse_date(text, day_first=False) is not None or parse_date(text, day_first=True) is not None


def names_year(text: str) -> bool:
    """Whether a label says a time with its year."""
    return any(
        p is not None and p.year is not None for p in (parse_date(text, day_first=d) for d in (False, True))
    )


def to_iso(days: float) -> str:
    """Write days since 1970 as an ISO 8601 date, with the time of day where there is one."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.replace(tzinfo=None).isoformat()


def _resolve(parts: Sequence[PartialDate | None], any_year: int = ANY_YEAR) -> list[float | None]:
    """Fill in from its neighbours what a label leaves out: a month follows the last year named.

    Where none names a year the first of them is taken to be in ``any_year``.
    """
    told = [k for k, p in enumerate(parts) if p is not None]
    fields = ("year", "month", "day", "hour")
    start = next(k for name in fields for k in told if getattr(parts[k], name) is not None)
    found: list[datetime | None] = [None] * len(parts)
    first = parts[start]
    assert first is not None
    found[start] = near = _moment(first.year or any_year, first.month or 1, first.day or 1, first)
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
