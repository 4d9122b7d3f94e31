"""Runs the referee on the real figures and on drawn charts: ``python -m benchmarks.accuracy``."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.pointwise import REFERENCE_HEAD, reference_rows
from benchmarks.referee import DEFAULT_SCORE, ROOT, SHARED, Record, load_referee, score_cases
from benchmarks.running import digitize_all, tasks_of
from benchmarks.tables import markdown_table, percent

SETS = ("reference", "lines", "kinds", "vega", "seaborn", "plotnine", "letsplot", "realset")
USUAL = ("reference", "lines", "kinds", "realset")  # what needs no further renderer
DEFAULT_N = {"reference": 40, "lines": 100, "kinds": 132}
DEFAULT_SEED = 11  # development looks at other seeds
COLUMNS = {
    "figures": "n", "perfect": "perfect", "panels right": "panel_right", "panel F1": "panel_f1",
    "axes": "axis_ok", "series recall": "series_recall", "precision": "series_precision",
    "points in 1 %": "within_1%", "median error": "err_median", "names": "name_exact",
    "titles": "title_exact", "labels": "label_exact", "colour": "color_word", "marker": "marker_shape",
    "say ok": "said_ok", "ok but wrong": "silent_error", "seconds": "t_median",
}  # fmt: skip


def cases_of(kind: str, n: int | None, seed: int, folder: Path) -> list[Path]:
    """The case folders of a set; drawn ones are drawn into ``folder``."""
    if kind == "realset":
        return sorted(p.parent for p in (SHARED / "realset").glob("*/truth.json"))
    from fixtures.draw import writers

    return writers()[kind](folder / kind, n or DEFAULT_N.get(kind, 40), seed)


def accuracy_table(referee: ModuleType, records: Sequence[Record]) -> str:
    """One row a group, one for all, in the referee's terms."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record["group"], []).append(record)
    if len(groups) > 1:
        groups["all"] = list(records)
    rows = []
    for name, members in groups.items():
        summary: dict[str, Any] = referee.summarize(members)
        crashes = sum(r["sums"]["ran"][0] == 0 for r in members)
        rows.append([name, *(_cell(key, summary.get(key)) for key in COLUMNS.values()), str(crashes)])
    return markdown_table(["kind", *COLUMNS, "crashes"], rows)


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "-"
    if key == "n":
        return str(int(value))
    if key.startswith("t_"):
        return f"{value:.2f}"
    return percent(value, 2 if key.startswith("err_") else 1)


def worst_cases(records: Sequence[Record], k: int) -> list[str]:
    """One line a figure, the worst first."""
    ranked = sorted(records, key=lambda r: (r["score"], r["case"]))[:k]
    return [f"{r['score']:.2f} {r['case']:20s} {'; '.join(r['notes'][:4])}"[:300] for r in ranked]


def run_sets(args: argparse.Namespace, folder: Path) -> str:
    """Digitize and score every set; returns the report in Markdown."""
    referee = load_referee(args.score)
    records: list[Record] = []
    parts: list[str] = []
    for kind in args.set or USUAL:
        cases = cases_of(kind, args.n, args.seed, folder / "cases")
        documents = folder / "documents" / kind
        overlays = folder / "overlays" / kind if args.keep else None
        print(f"{kind}: {len(cases)} figures", file=sys.stderr)
        runs = digitize_all(tasks_of(cases, documents, overlays), args.jobs)
        scored = score_cases(referee, cases, documents, runs)
        records += scored
        if kind == "reference":
            rows = reference_rows(referee, cases, documents)
            parts.append(
                "## Reference renderings, point for point\n\n" + markdown_table(REFERENCE_HEAD, rows)
            )
            split = [dict(r, group="floor" if "floor" in r["tags"] else "harsh") for r in scored]
            parts.append("## Reference renderings, by the referee\n\n" + accuracy_table(referee, split))
        for line in worst_cases(scored, args.worst):
            print("  " + line, file=sys.stderr)
    return "\n".join(["## By kind\n\n" + accuracy_table(referee, records), *parts])


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument(
        "--set", action="append", choices=SETS, help="which set; may be repeated (default the usual four)"
    )
    parser.add_argument("--n", type=int, help="how many drawn charts a set")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the seed of the drawn charts")
    parser.add_argument("--score", type=Path, default=DEFAULT_SCORE, help="the referee's score.py")
    parser.add_argument("--keep", type=Path, help="keep pictures, documents and overlays in this folder")
    parser.add_argument("--worst", type=int, default=0, help="print the worst figures of each set")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument(
        "--out", type=Path, help="where the table goes (default benchmarks/accuracy.md if no set is named)"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    args = parse(arguments)
    command = "python -m benchmarks.accuracy " + shlex.join(
        arguments if arguments is not None else sys.argv[1:]
    )
    with tempfile.TemporaryDirectory() as scratch:
        body = run_sets(args, args.keep or Path(scratch))
    text = f"# Accuracy\n\n{date.today().isoformat()}, `{command.strip()}`\n\n{body}"
    print(text)
    target = args.out or (None if args.set else ROOT / "benchmarks" / "accuracy.md")
    if target is not None:
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
