"""Logged data as columns: what every reader of a log makes, and what the matching takes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray

ROW = "row"

_DURATION = re.compile(r"(?:(\d+)\s*days?,\s*)?(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?")
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One column: numbers, and the texts where they are none.

    ``numbers`` has NaN where there is none; dates are seconds since 1970 and durations seconds. ``texts``
    are the cells as written (empty where missing), or None for a column of numbers.
    """

    name: str
    numbers: FloatArray
    texts: NDArray[np.str_] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A log: columns of equal length.

    ``words`` are further names that a column goes by; ``values`` are the columns that may have been drawn,
    None for all; ``is_figure`` says that the values were read from a picture themselves.
    """

    log: str
    columns: Mapping[str, Column]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: tuple[str, ...] | None = None
    is_figure: bool = False

    @property
    def n_rows(self) -> int:
        return max((len(column.numbers) for column in self.columns.values()), default=0)


def make_table(log: str, columns: Mapping[str, Iterable[Any]]) -> Table:
    """A table of plain values: numbers, texts, dates, None."""
    made = {}
    for name, cells in columns.items():
        trimmed = str(name).strip()
        made[trimmed] = make_column(trimmed, cells)
    return Table(log=log, columns=made)


def table_of_rows(log: str, rows: Iterable[Mapping[str, Any]]) -> Table:
    """A table of rows that may have different keys; nested ones are joined by dots."""
    flat = [dict(_flatten(row)) for row in rows]
    names = dict.fromkeys(key for row in flat for key in row)
    return make_table(log, {name: [row.get(name) for row in flat] for name in names})


def make_column(name: str, cells: Iterable[Any]) -> Column:
    """A column of plain values."""
    values = list(cells)
    numbers = np.array([to_number(value) for value in values], dtype=float)
    texts = ["" if value is None else str(value).strip() for value in values]
    is_text = any(math.isnan(n) and t.lower() not in _MISSING for n, t in zip(numbers, texts, strict=True))
    return Column(name=name, numbers=numbers, texts=np.array(texts, dtype=str) if is_text else None)


def to_number(value: Any) -> float:
    """A cell as a number, NaN where it is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float | np.number):
        number = float(value)
        return number if math.isfinite(number) else math.nan
    if isinstance(value, datetime | date):
        return _seconds(value)
    if not isinstance(value, str):
        return math.nan
    text = value.strip().removesuffix("%")
    try:
        number = float(text)
    except ValueError:
        return _time_of(text)
    return number if math.isfinite(number) else math.nan


def _time_of(text: str) -> float:
    duration = _DURATION.fullmatch(text)
    if duration is not None:
        days, hours, minutes, seconds = (float(part or 0) for part in duration.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not text[:4].isdigit():
        return math.nan
    try:
        return _seconds(datetime.fromisoformat(text))
    except ValueError:
        return math.nan


def _seconds(moment: datetime | date) -> float:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _flatten(row: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        elif not isinstance(value, list):
            yield f"{prefix}{key}", value
