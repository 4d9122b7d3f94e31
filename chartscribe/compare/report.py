"""The comparison of a figure with logs, or with another figure, and its forms: document, text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chartscribe.compare.match import Match, match_series
from chartscribe.compare.shown import Sheets
from chartscribe.compare.tables import Column, Table, to_number
from chartscribe.compare.verdict import Pair, judge
from chartscribe.compare.view import views_of
from digitizer.errors import InputError
from digitizer.model import Figure

SCHEMA_VERSION = 1
X_COLUMN = "x"

Unmatched = tuple[int, int, str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """All pairs of a figure; ``unmatched_series`` are panel, series, name and reason."""

    figure: str
    logs: tuple[str, ...]
    pairs: tuple[Pair, ...]
    unmatched_series: tuple[Unmatched, ...]
    unmatched_columns: tuple[tuple[str, str], ...]
    allow_unmatched: bool = False

    @property
    def agrees(self) -> bool:
        """Whether there is a pair, none differs, and no series is left without a column."""
        left = bool(self.unmatched_series) and not self.allow_unmatched
        return bool(self.pairs) and not left and all(pair.verdict == "agrees" for pair in self.pairs)

    def to_dict(self) -> dict[str, Any]:
        """The comparison document as plain values."""
        return {
            "schema_version": SCHEMA_VERSION,
            "figure": self.figure,
            "logs": list(self.logs),
            "agrees": self.agrees,
            "pairs": [pair.to_dict() for pair in self.pairs],
            "unmatched_series": [
                {"panel": panel, "series": series, "name": name, "reason": reason}
                for panel, series, name, reason in self.unmatched_series
            ],
            "unmatched_columns": [{"log": log, "column": column} for log, column in self.unmatched_columns],
        }

    def to_text(self) -> str:
        """The report as text, a line a series."""
        lines = [f"{self.figure} against {', '.join(self.logs)}", ""]
        lines += [pair.sentence for pair in self.pairs]
        lines += [f"{told}: {reason}." for told, reason in self.left()]
        if self.unmatched_columns:
            several = len({log for log, _ in self.unmatched_columns}) > 1
            names = [f"{column} ({log})" if several else column for log, column in self.unmatched_columns]
            lines += ["", f"Not drawn: {', '.join(names)}."]
        return "\n".join([*lines, "", self.summary()]) + "\n"

    def left(self) -> list[tuple[str, str]]:
        """The series without a column as sentences call them, and why."""
        return [
            (f"“{name}”" if name else f"series {series + 1} of panel {panel + 1}", reason)
            for panel, series, name, reason in self.unmatched_series
        ]

    def summary(self) -> str:
        """The whole in one line."""
        counts = {v: sum(pair.verdict == v for pair in self.pairs) for v in ("agrees", "differs", "other")}
        parts = [
            f"{counts['agrees']} of {len(self.pairs) + len(self.unmatched_series)} series agree",
            *([f"{counts['differs']} differ"] if counts["differs"] else []),
            *([f"{counts['other']} show another quantity"] if counts["other"] else []),
            *([f"{len(self.unmatched_series)} without a column"] if self.unmatched_series else []),
        ]
        return f"{'Agrees' if self.agrees else 'Does not agree'}: {', '.join(parts)}."


def compare(
    figure: Figure,
    tables: Sequence[Table],
    *,
    name: str,
    logs: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    tolerance: float | None = None,
    allow_unmatched: bool = False,
) -> Comparison:
    """Compare what a figure shows with what logs hold.

    Parameters
    ----------
    figure : Figure
        As digitized.
    tables : sequence of Table
        The logs.
    name, logs : str, sequence of str
        What the report calls them.
    mapping : mapping of str to str, optional
        Columns by the name of a series, where a person knows.
    tolerance : float, optional
        The share of the y axis' span that a point may be off; by default what the reading allows.
    allow_unmatched : bool
        Whether series that the log does not hold may be there.

    Raises
    ------
    InputError
        Where the mapping names a series or a column that is not there.
    """
    views, left = views_of(figure)
    mapping = mapping or {}
    _check_mapping(mapping, {text for view in views for text in view.texts}, tables, name)
    matching = match_series(views, tables, mapping)
    both_read = any(table.is_figure for table in tables)
    sheets = Sheets(figure=figure)
    seen = [sheets.choose(match, matching.matches) for match in matching.matches]
    matches = [match for match, _ in seen]
    pairs = [judge(match, matches, tolerance, both_read=both_read, shown=shown) for match, shown in seen]
    left += [(view.panel, view.series, view.name, reason) for view, reason in matching.unmatched]
    return Comparison(
        figure=name,
        logs=tuple(logs),
        pairs=tuple(pairs),
        unmatched_series=tuple(sorted(left, key=lambda entry: entry[:2])),
        unmatched_columns=_columns_left(tables, matches),
        allow_unmatched=allow_unmatched,
    )


def _columns_left(tables: Sequence[Table], matches: Sequence[Match]) -> tuple[tuple[str, str], ...]:
    """Log and name of each column that no series was matched with."""
    used = {
        (log, column)
        for match in matches
        for log in match.fit.source.logs
        for column in (match.fit.source.y_column, match.fit.source.x_column)
    }
    return tuple(
        (table.log, column)
        for table in tables
        for column in (table.values or table.columns)
        if (table.log, column) not in used
    )


def tables_of_figure(figure: Figure, name: str) -> list[Table]:
    """The series of a figure as logs, so that another figure can be compared with it."""
    tables: list[Table] = []
    taken: set[str] = set()
    for p, panel in enumerate(figure.panels):
        for s, series in enumerate(panel.series):
            axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
            texts = [text for text in (series.name, axis.label, panel.title) if text]
            own = next((text for text in texts if text not in taken), f"panel {p + 1} series {s + 1}")
            taken.add(own)
            x = series.x.tolist()
            are_texts = panel.x_axis.scale == "category" or series.orientation == "horizontal"
            column = Column(
                name=X_COLUMN,
                numbers=np.array([np.nan if are_texts else to_number(value) for value in x], dtype=float),
                texts=np.array([str(value) for value in x], dtype=str) if are_texts else None,
            )
            values = Column(name=own, numbers=np.array(series.y, dtype=float))
            tables.append(
                Table(
                    log=name,
                    columns={X_COLUMN: column, own: values},
                    words={own: tuple(texts)},
                    values=(own,),
                    is_figure=True,
                )
            )
    return tables


def _check_mapping(mapping: Mapping[str, str], series: set[str], tables: Sequence[Table], name: str) -> None:
    columns = {column for table in tables for column in table.columns}
    for one, column in mapping.items():
        if one not in series:
            remedy = f"its series go by {', '.join(sorted(series)) or 'no names'}"
            raise InputError(name, f"has no series {one!r} to map", remedy)
        if column not in columns:
            raise InputError(
                f"--map {one}={column}",
                "names no column of the logs",
                f"there are {', '.join(sorted(columns))}",
            )
