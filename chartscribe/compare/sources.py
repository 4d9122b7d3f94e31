"""What a series may have been drawn from: a column over a counter, of one run or as the mean of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chartscribe.compare.names import likeness, words_of
from chartscribe.compare.tables import ROW, Column, Table
from digitizer.model import FloatArray

# Words of columns that others are drawn over.
_COUNTERS = frozenset(
    {"step", "epoch", "time", "episode", "batch", "token", "sample", "round", "update", "date", "x"}
    | {"second", "minute", "hour", "elapsed", "row", "index", "generation", "trial", "day", "year"}
)
# A counter may begin anew where a run was continued; more than that and it counts nothing.
MOST_RESTARTS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A column over a counter: ``x`` increasing, ``y`` without gaps; ``texts`` are names it goes by.

    ``is_figure`` says that the points were read from a picture, and so need not be those that were logged.
    """

    logs: tuple[str, ...]
    y_column: str
    x_column: str
    x: FloatArray
    y: FloatArray
    texts: tuple[str, ...]
    n_runs: int = 1
    is_figure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Named:
    """One column of one log, or of several runs as their mean, with what it may be drawn over."""

    logs: tuple[str, ...]
    y_column: str
    texts: tuple[str, ...]
    tables: tuple[Table, ...]

    def over(self, x_label: str | None) -> list[Source]:
        """The sources over each counter, the one that sounds most like ``x_label`` first."""
        counters = [name for name in self._counters() if name != self.y_column]
        ranked = sorted(counters, key=lambda name: -_counter_rank(name, x_label))
        sources = [self._mean(name) for name in [*ranked, ROW]]
        return [source for source in sources if source is not None]

    def over_categories(self, categories: Sequence[str]) -> list[Source]:
        """The source over a column that holds most of these categories, at their places."""
        table = self.tables[0]
        values = table.columns[self.y_column].numbers
        best: Source | None = None
        for name, column in table.columns.items():
            if name == self.y_column:
                continue
            cells = column.texts if column.texts is not None else [f"{number:g}" for number in column.numbers]
            rows = {str(cell).strip().casefold(): row for row, cell in enumerate(cells)}
            places = [
                (place, values[row])
                for place, category in enumerate(categories)
                if (row := rows.get(category.strip().casefold())) is not None and np.isfinite(values[row])
            ]
            if len(places) > max(len(categories) / 2, 0 if best is None else len(best.x)):
                x, y = np.array(places, dtype=float).T
                best = Source(
                    logs=self.logs, y_column=self.y_column, x_column=name, x=x, y=y, texts=self.texts
                )
        return [] if best is None else [best]

    def _counters(self) -> list[str]:
        table = self.tables[0]
        return [name for name, column in table.columns.items() if is_counter(column)]

    def _mean(self, x_column: str) -> Source | None:
        runs = [run for table in self.tables if (run := _run(table, x_column, self.y_column)) is not None]
        if len(runs) != len(self.tables):
            return None
        x, y = runs[0]
        if len(runs) > 1:
            # Only where all runs have been does their mean exist.
            end = min(run[0][-1] for run in runs)
            x = x[x <= end]
            y = np.mean([np.interp(x, *run) for run in runs], axis=0)
        if len(x) < 1:
            return None
        return Source(
            logs=self.logs,
            y_column=self.y_column,
            x_column=x_column,
            x=x,
            y=y,
            texts=self.texts,
            n_runs=len(runs),
            is_figure=self.tables[0].is_figure,
        )


def named_columns(tables: Sequence[Table]) -> list[Named]:
    """Every column of numbers, of each log and, where several logs have it, as the mean of the runs."""
    found = [
        Named(logs=(table.log,), y_column=name, texts=_texts(table, name), tables=(table,))
        for table in tables
        for name, column in table.columns.items()
        if np.isfinite(column.numbers).any() and (table.values is None or name in table.values)
    ]
    return found + list(_means([table for table in tables if table.values is None]))


def _means(tables: Sequence[Table]) -> Iterator[Named]:
    if len(tables) < 2:
        return
    shared = [n for n in tables[0].columns if all(n in table.columns for table in tables)]
    for name in shared:
        if all(np.isfinite(table.columns[name].numbers).any() for table in tables):
            logs = tuple(table.log for table in tables)
            yield Named(logs=logs, y_column=name, texts=_texts(tables[0], name), tables=tuple(tables))


def _texts(table: Table, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((name, *table.words.get(name, ()))))


def is_counter(column: Column) -> bool:
    """Whether a column counts: it has a counter's name, and increases."""
    numbers = column.numbers[np.isfinite(column.numbers)]
    if len(numbers) < 2 or numbers.min() == numbers.max():
        return False
    n_back = int((np.diff(numbers) < 0).sum())
    if n_back > min(MOST_RESTARTS, len(numbers) // 10):
        return False
    evenly = n_back == 0 and np.ptp(np.diff(numbers)) <= 1e-6 * np.ptp(numbers)
    return bool(evenly or _COUNTERS & set(words_of(column.name)))


def _counter_rank(name: str, x_label: str | None) -> float:
    words = set(words_of(name))
    rank = 0.5 if words & {"step", "epoch"} else 0.25 if words & _COUNTERS else 0.0
    return rank + (likeness(x_label, name) if x_label else 0.0)


def _run(table: Table, x_column: str, y_column: str) -> tuple[FloatArray, FloatArray] | None:
    """One run's points in order of x; of equal x the last counts, as where a run was continued."""
    y = table.columns[y_column].numbers
    x = np.arange(len(y), dtype=float) if x_column == ROW else _numbers(table, x_column)
    if x is None:
        return None
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good], y[good]
    if not len(x):
        return None
    unique, last = np.unique(x[::-1], return_index=True)
    return unique, y[::-1][last]


def _numbers(table: Table, name: str) -> FloatArray | None:
    column = table.columns.get(name)
    return None if column is None else column.numbers
