"""Lists drawn panels that were read wrong, or right and not said to be: ``python -m benchmarks.panels``.

Where ``benchmarks.accuracy`` gives shares, this tells what to look at: the panels of some cases, the most
trusted first, each with what the referee holds against it and what the panel itself doubts most. Documents
and overlays lie beside the list.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks.referee import DEFAULT_SCORE
from benchmarks.status import Row, gather
from digitizer.stages.status.judge import load_verdict

ROWS = "panels.json"
N_DOUBTS = 3


def find_cases(folders: Iterable[Path]) -> list[Path]:
    """The folders with a ``truth.json`` at or below ``folders``."""
    return sorted({truth.parent for folder in folders for truth in folder.rglob("truth.json")})


def trust(row: Row) -> float:
    """How probably the panel is right by its own doubts."""
    return load_verdict().probability(row.doubts)


def says_ok(row: Row) -> bool:
    """Whether the verdict that stands lets the panel say ``ok``."""
    return not row.contradicted and trust(row) >= load_verdict().threshold


SHOW = {
    "silent": lambda row: says_ok(row) and not row.right,
    "wrong": lambda row: not row.right,
    "shy": lambda row: row.right and not says_ok(row),
    "all": lambda row: True,
}


def line_of(row: Row) -> str:
    """One panel in one line: what it says, the referee's notes, its heaviest doubts and its warnings."""
    verdict = load_verdict()
    doubts = [
        f"{name} {row.doubts[name]:.1f} (-{verdict.cost(name, row.doubts[name]):.1f})"
        for name in verdict.heaviest(row.doubts)[:N_DOUBTS]
    ]
    said = ("ok" if says_ok(row) else "suspect") + (" right" if row.right else " WRONG")
    head = f"{trust(row):.3f} {said:13s} {row.case} p{row.panel}"
    return "  ".join([head, "; ".join(row.notes)[:240], ", ".join(doubts), " ".join(row.warnings)])


def count(rows: list[Row]) -> str:
    """The totals in one line."""
    ok = [row for row in rows if says_ok(row)]
    wrong = sum(not row.right for row in ok)
    right = sum(row.right for row in rows)
    return f"{len(rows)} panels read, {right} right, {len(ok)} say ok, {wrong} of these wrong"


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.panels", description=__doc__)
    parser.add_argument("cases", nargs="*", type=Path, help="folders of cases; none lists what OUT holds")
    parser.add_argument("--out", type=Path, required=True, help="where documents and overlays go")
    parser.add_argument("--show", choices=SHOW, default="wrong", help="which panels (default: wrong)")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--score", type=Path, default=DEFAULT_SCORE, help="the referee's score.py")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args(arguments)
    args.out.mkdir(parents=True, exist_ok=True)
    kept = args.out / ROWS
    if args.cases:
        cases = [case for case in find_cases(args.cases) if args.only in case.name]
        rows = gather(cases, args.score, args.jobs, args.out)
        kept.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    elif kept.is_file():
        rows = [Row(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    else:
        parser.error(f"{kept} is not there; name cases to read")
    rows = [row for row in rows if args.only in row.case]
    for row in sorted(filter(SHOW[args.show], rows), key=trust, reverse=True):
        print(line_of(row))
    print(count(rows))


if __name__ == "__main__":
    main()
