"""The tables of a folder of results: panels and points from its figure documents, read one at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chartscribe.batch import results

INDEX_CSV, INDEX_PARQUET = "index.csv", "index.parquet"
ALL_POINTS, ERRORS = "all.parquet", "errors.csv"

INDEX_SCHEMA = pa.schema(
    [
        ("input", pa.string()),
        ("page", pa.int32()),
        ("figure", pa.int32()),
        ("panel", pa.int32()),
        ("title", pa.string()),
        ("x_label", pa.string()),
        ("y_label", pa.string()),
        ("n_series", pa.int32()),
        ("n_points", pa.int32()),
        ("status", pa.string()),
        ("confidence", pa.float64()),
        ("warnings", pa.string()),
        ("series", pa.string()),
        ("x_scale", pa.string()),
        ("y_scale", pa.string()),
        ("figure_title", pa.string()),
        ("sha256", pa.string()),
        ("document", pa.string()),
    ]
)
POINTS_SCHEMA = pa.schema(
    [
        ("input", pa.string()),
        ("page", pa.int32()),
        ("figure", pa.int32()),
        ("panel", pa.int32()),
        ("title", pa.string()),
        ("series", pa.string()),
        ("series_index", pa.int32()),
        ("kind", pa.string()),
        ("axis", pa.string()),
        ("x", pa.float64()),
        ("x_text", pa.string()),
        ("y", pa.float64()),
        ("y_sigma", pa.float64()),
        ("status", pa.string()),
    ]
)
ERROR_COLUMNS = ("input", "page", "error")
# Rows are held until this many are there: a group of rows in the file, and all that is in memory.
GROUP_ROWS = 50_000

Row = dict[str, Any]


class TableWriter:
    """Write ``index.csv``, ``index.parquet`` and ``all.parquet``, figure by figure in constant memory.

    A context manager: the files appear where its block ends without an error.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._stack = ExitStack()

    def __enter__(self) -> TableWriter:
        with ExitStack() as stack:
            enter = stack.enter_context
            # Entered first and so left last: a file is renamed when its writer is closed.
            paths = [enter(results.whole_file(self._out / n)) for n in (INDEX_CSV, INDEX_PARQUET, ALL_POINTS)]
            text = enter(open(paths[0], "w", encoding="utf-8", newline=""))
            self._csv = csv.DictWriter(text, INDEX_SCHEMA.names, lineterminator="\n")
            self._csv.writeheader()
            self._index = enter(_Parquet(paths[1], INDEX_SCHEMA))
            self._points = enter(_Parquet(paths[2], POINTS_SCHEMA))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def add(self, shown: str, folder: Path) -> list[Row]:
        """Add a finished figure, and return its rows of the index."""
        document = json.loads((folder / results.DOCUMENT).read_text(encoding="utf-8"))
        place = (folder / results.DOCUMENT).relative_to(self._out).as_posix()
        rows = list(index_rows(shown, document, _valid(place)))
        self._csv.writerows(rows)
        self._index.extend(rows)
        self._points.extend(point_rows(shown, document))
        return rows


class _Parquet:
    """Rows into a Parquet file, a group at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._rows: list[Row] = []

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            self._flush()
        finally:
            self._writer.close()

    def extend(self, rows: Iterable[Row]) -> None:
        self._rows.extend(rows)
        if len(self._rows) >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def index_rows(shown: str, document: Mapping[str, Any], place: str) -> Iterator[Row]:
    """One row a panel; a picture without a chart has one whose ``panel`` is None."""
    source = document["source"]
    common = {
        "input": shown,
        "page": source.get("page"),
        "figure": source.get("figure") or 1,
        "figure_title": document.get("title"),
        "sha256": source["sha256"],
        "document": place,
    }
    notices = document["warnings"]
    if not document["panels"]:
        blank = dict.fromkeys(INDEX_SCHEMA.names)
        yield {**blank, "n_series": 0, "n_points": 0, **common, "warnings": _codes(notices)}
    for number, panel in enumerate(document["panels"]):
        yield {
            **common,
            "panel": number,
            "title": panel["title"],
            "x_label": panel["x_axis"]["label"],
            "y_label": panel["y_axis"]["label"],
            "n_series": len(panel["series"]),
            "n_points": sum(value is not None for s in panel["series"] for value in s.get("y", ())),
            "status": panel["status"],
            "confidence": panel.get("confidence"),
            "warnings": _codes(notices + panel["warnings"]),
            "series": " | ".join(series["name"] or "" for series in panel["series"]),
            "x_scale": panel["x_axis"]["scale"],
            "y_scale": panel["y_axis"]["scale"],
        }


def point_rows(shown: str, document: Mapping[str, Any]) -> Iterator[Row]:
    """One row a point that has a y; ``x`` is None where ``x_text`` holds a date or a category."""
    source = document["source"]
    for number, panel in enumerate(document["panels"]):
        for index, series in enumerate(panel["series"]):
            common = {
                "input": shown,
                "page": source.get("page"),
                "figure": source.get("figure") or 1,
                "panel": number,
                "title": panel["title"],
                "series": series["name"],
                "series_index": index,
                "kind": series["kind"],
                "axis": series["axis"],
                "status": panel["status"],
            }
            for x, y, sigma in zip(series["x"], series.get("y", ()), series["y_sigma"], strict=False):
                if y is not None:
                    where = {"x": None, "x_text": x} if isinstance(x, str) else {"x": x, "x_text": None}
                    yield {**common, **where, "y": y, "y_sigma": sigma}


def write_errors(out: Path, errors: Iterable[tuple[str, str]]) -> None:
    """Write ``errors.csv``: inputs that could not be read, and why."""
    with (
        results.whole_file(out / ERRORS) as path,
        open(path, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ERROR_COLUMNS)
        writer.writerows((shown, "", error) for shown, error in errors)


def _codes(notices: Iterable[Mapping[str, Any]]) -> str | None:
    return " ".join(dict.fromkeys(notice["code"] for notice in notices)) or None


def _valid(place: str) -> str:
    return place.encode("utf-8", "backslashreplace").decode("utf-8")
