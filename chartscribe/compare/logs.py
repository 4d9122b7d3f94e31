"""Read logs: CSV and its kin, JSON, JSON Lines, Parquet, TensorBoard, texts of ``key: value`` pairs."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chartscribe.compare.tables import Table, make_table, table_of_rows
from digitizer.errors import InputError
from digitizer.stages.load import read_bytes

# What is looked at in a folder of logs.
LOG_ENDINGS = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".txt", ".log"})
EVENTS = "tfevents"
# What does not look like a table in its first lines does not become one.
SAMPLED_LINES = 50
LEAST_SHARE = 0.8

_PAIR = re.compile(
    r"([A-Za-z_][\w./@%()\[\]-]*(?: [A-Za-z_(][\w./@%()-]*)*)\s*[:=]\s*"
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)(?![\w:])"
)
_COUNTER = re.compile(r"\b(epoch|step|iter|iteration|batch|round)\s+[\[(]?(\d+)", re.IGNORECASE)
_REMEDY = "give a CSV, JSON, JSON Lines, Parquet or TensorBoard file, or a text of key: value pairs"


def read_logs(given: Sequence[str]) -> list[Table]:
    """Read every log, those of a folder one by one.

    Raises
    ------
    InputError
        Where one cannot be read, or a folder holds none.
    """
    tables = []
    for name in given:
        path = Path(name)
        if not path.is_dir():
            tables.append(read_log(name))
            continue
        found = [table for entry in _files(path) if (table := _try_log(entry)) is not None]
        if not found:
            raise InputError(name, "is a folder without logs", _REMEDY)
        tables += found
    return tables


def read_log(name: str) -> Table:
    """Read one log, told by its content.

    Raises
    ------
    InputError
        Where it is none.
    """
    if EVENTS in Path(name).name:
        from chartscribe.compare.events import read_events

        return read_events(name)
    content = read_bytes(name)
    if content[:4] == b"PAR1":
        return _read_parquet(name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        if "\0" in text:
            raise InputError(name, "is no log that can be read", _REMEDY) from None
    table = _read_json(name, text) if text.lstrip()[:1] in ("{", "[") else None
    table = table or _read_pairs(name, text) or _read_delimited(name, text)
    if table is None or not table.n_rows:
        raise InputError(name, "is no log that can be read", _REMEDY)
    return table


def _files(folder: Path) -> list[str]:
    return [
        os.path.join(above, name)
        for above, _, names in sorted(os.walk(folder))
        for name in sorted(names)
        if Path(name).suffix.lower() in LOG_ENDINGS or EVENTS in name
    ]


def _try_log(name: str) -> Table | None:
    try:
        return read_log(name)
    except InputError:
        return None


def _read_parquet(name: str) -> Table:
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(name)
    except Exception as error:
        raise InputError(name, "is a damaged Parquet file", "write it anew") from error
    return make_table(name, {column: table[column].to_pylist() for column in table.column_names})


def _read_json(name: str, text: str) -> Table | None:
    try:
        plain = json.loads(text)
    except ValueError:
        rows = []
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the last line of a run that is under way may be cut
            if isinstance(row, dict):
                rows.append(row)
        return table_of_rows(name, rows) if rows else None
    return _table_of_json(name, plain)


def _table_of_json(name: str, plain: Any) -> Table | None:
    """Rows, columns, or whatever holds either under a key (``log_history``, ``history``)."""
    if isinstance(plain, list):
        rows = [row for row in plain if isinstance(row, dict)]
        return table_of_rows(name, rows) if rows else None
    if not isinstance(plain, dict):
        return None
    for key in ("log_history", "history", *plain):
        inner = _table_of_json(name, plain[key]) if isinstance(plain.get(key), list | dict) else None
        if inner is not None and inner.n_rows > 1:
            return inner
    columns = {key: cells for key, cells in plain.items() if isinstance(cells, list)}
    longest = max((len(cells) for cells in columns.values()), default=0)
    columns = {key: [*cells, *[None] * (longest - len(cells))] for key, cells in columns.items()}
    return make_table(name, columns) if columns else table_of_rows(name, [plain])


def _read_pairs(name: str, text: str) -> Table | None:
    """A row for each line that has ``key: value`` or ``key=value`` pairs."""
    lines = [line for line in text.splitlines() if line.strip()]
    sample = lines[:SAMPLED_LINES]
    if sum(bool(_PAIR.search(line)) for line in sample) < len(sample) / 2:
        return None
    rows = []
    for line in lines:
        counter = _COUNTER.search(line)
        row: dict[str, Any] = {counter[1].lower(): counter[2]} if counter else {}
        row |= {key.strip(): value for key, value in _PAIR.findall(line)}
        if row:
            rows.append(row)
    return table_of_rows(name, rows)


def _read_delimited(name: str, text: str) -> Table | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    rows = max((_split(lines, delimiter) for delimiter in (",", "\t", ";", "|", " ")), key=_regularity)
    if _regularity(rows)[0] < LEAST_SHARE:
        return None
    width = len(rows[0])
    header = [cell.strip().lstrip("#").strip() for cell in rows[0]]
    if all(_is_number(cell) for cell in header):
        header = [str(index) for index in range(width)]
    else:
        rows = rows[1:]
    names: list[str] = []
    for index, cell in enumerate(header):
        own = cell or str(index)
        while own in names:
            own += "'"
        names.append(own)
    comma = any("," in cell for row in rows for cell in row) and width > 1
    cells = [
        [
            (row[index].replace(",", ".") if comma else row[index]) if index < len(row) else None
            for row in rows
        ]
        for index in range(width)
    ]
    return make_table(name, dict(zip(names, cells, strict=True)))


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    if delimiter == " ":
        return [line.split() for line in lines]
    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter) if row]


def _regularity(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How many of the first rows are as wide as the header and hold numbers; and how wide they are."""
    width = len(rows[0])
    sample = rows[1:SAMPLED_LINES] or rows
    fits = sum(len(row) == width and any(_is_number(cell) for cell in row) for row in sample)
    return fits / len(sample), width


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ".", 1))
    except ValueError:
        return False
    return True
