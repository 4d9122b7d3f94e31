"""Public charts: ``python -m benchmarks.interpretation.public FOLDER`` describes and checks them.

FOLDER is a clone of ChartInsighter's benchmark (github.com/wangfen01/ChartInsighter, CC BY 4.0): 75 charts
of real series, each a Vega-Lite specification and its CSV. They are described as a clean picture would give
them, and every sentence is checked against the true values. The summaries that people wrote of the same
charts go through the same checker: what it says of them tells of it, not of them.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.interpretation.build import Line, Plot, make_figure
from benchmarks.interpretation.measure import Result, check_description, read_plots
from benchmarks.interpretation.scoring import Tally
from benchmarks.tables import markdown_table
from interpret.check import check_text
from interpret.describe import describe_figure

TABLE = Path(__file__).parent.parent / "interpretation_public.md"
LEVELS = ("simple", "moderate", "complex")
BY_HAND = "gold_summary"
SEED = 7
FEWEST = 3


def read_chart(specification: Mapping[str, Any], rows: list[dict[str, str]]) -> Plot:
    """The chart that a Vega-Lite specification of lines draws of its rows.

    Raises
    ------
    ValueError
        If a value of y is no number, or no row is left.
    """
    encoding = specification["encoding"]
    x, y, color = (encoding.get(channel, {}) for channel in ("x", "y", "color"))
    field = color.get("field")
    for step in specification.get("transform", []):
        kept = step.get("filter")
        if isinstance(kept, dict) and "oneOf" in kept:
            rows = [row for row in rows if row[kept["field"]] in kept["oneOf"]]
    rows = [row for row in rows if row.get(x["field"]) and row.get(y["field"])]
    if not rows:
        raise ValueError("no row holds the fields of the specification")
    # A name that a transform makes of another column is not in the rows: there all are told by that column.
    by = field if field in rows[0] else next((k for k in rows[0] if k in ("symbol", "Entity")), None)
    names = list(dict.fromkeys(row[by] for row in rows)) if by is not None and field is not None else [None]
    dated = any(re.search(r"[/-]\d", row[x["field"]].strip("-")) for row in rows)
    lines = []
    for name in names:
        mine = [row for row in rows if name is None or row[str(by)] == name]
        at = [_place(row[x["field"]], dated=dated) for row in mine]
        order = np.argsort(np.array(at))
        values = np.array([float(row[y["field"]].replace(",", "")) for row in mine])
        where = np.array(at)[order]
        lines.append(Line(y=values[order], x=where, name=name if len(names) > 1 else None))
    return Plot(
        lines=[line for line in lines if len(line.y) >= FEWEST],
        x_label=_title(x),
        y_label=_title(y),
        x_scale="date" if dated else "linear",
    )


def _place(text: str, *, dated: bool) -> float | str:
    if not dated:
        return float(text)
    parts = [int(part) for part in re.split(r"[/-]", text.strip().split(" ")[0])]
    if parts[0] < 100 < parts[-1]:
        parts = [parts[2], parts[0], parts[1]]
    return date(*[*parts, 1, 1][:3]).isoformat()


def _title(channel: Mapping[str, Any]) -> str:
    axis = channel.get("axis") or {}
    return str(channel.get("title") or axis.get("title") or channel["field"])


def measure_public(folder: Path) -> tuple[Result, list[str]]:
    """Describe and check every chart of a folder; what could not be made into a chart is told."""
    result, left = Result(), []
    for level in LEVELS:
        for path in sorted((folder / f"{level}_chart" / "Vega-Lite").glob("*.json")):
            number = path.name.split(".")[0]
            data = folder / f"{level}_chart" / "data" / f"{number}.csv"
            try:
                with data.open(encoding="utf-8-sig", newline="") as file:
                    plot = read_chart(json.loads(path.read_text("utf-8")), list(csv.DictReader(file)))
            except (ValueError, KeyError, OSError) as error:
                left.append(f"{level} {number}: {error}")
                continue
            truth = make_figure(plot)
            described = describe_figure(read_plots([plot], np.random.default_rng([SEED, int(number)])))
            own = Result()
            check_description(own, described, truth, f"{level} {number}")
            result.notes += own.notes
            for name, tally in own.tallies.items():
                total = result.tallies.setdefault(f"ours: {name}", Tally())
                total.good += tally.good
                total.n += tally.n
            report = check_text(described.to_markdown(), truth)
            for one in report.checked:
                result.add("ours: sentences that can be judged", one.verdict != "unclear")
            text = folder / f"{level}_chart" / BY_HAND / f"{number}.txt"
            if text.exists():
                for one in check_text(text.read_text("utf-8", "replace"), truth).checked:
                    result.add("written by hand: sentences that can be judged", one.verdict != "unclear")
                    if one.verdict != "unclear":
                        result.add("written by hand: sentences judged right", one.verdict == "holds")
    return result, left


def main() -> None:
    """Measure and print, or write, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a clone of github.com/wangfen01/ChartInsighter")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    parser.add_argument("--failures", action="store_true", help="print what fails")
    options = parser.parse_args()
    result, left = measure_public(options.folder)
    rows = []
    for name in sorted(result.tallies):
        tally = result.tallies[name]
        low, high = tally.interval()
        rows.append([name, f"{tally.share:.1%}", f"{low:.1%} to {high:.1%}", str(tally.n)])
    text = "\n".join(
        [
            "# Public charts",
            "",
            f"{date.today()}, `python -m benchmarks.interpretation.public FOLDER --write`:",
            "the charts of ChartInsighter's benchmark (75, of real series), described from their values with",
            "the reading error of a clean picture, each sentence checked against the true ones by",
            "`interpret/check`. Summaries that people wrote of them go through the same checker, which was",
            "made for ours: it judges some of their sentences, and what it calls false may be a way of",
            "speaking unknown to it.",
            "",
            markdown_table(["measure", "share", "95 % interval", "n"], rows),
            f"Left out: {'; '.join(left) or 'none'}.",
            "",
        ]
    )
    print(text)
    if options.failures:
        print("\n".join(result.notes))
    if options.write:
        TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
