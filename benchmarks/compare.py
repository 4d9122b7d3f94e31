"""Measure `compare` on real figures with the logs they were drawn from: ``python -m benchmarks.compare``.

Each figure is read once. Untouched logs must be matched with the right columns and agree; logs in which
something was changed must not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import chartscribe
from benchmarks.referee import ROOT, SHARED
from benchmarks.tables import markdown_table, percent
from chartscribe.compare.fit import logged_line
from chartscribe.compare.logs import read_logs
from chartscribe.compare.match import Match, match_one
from chartscribe.compare.report import Comparison, compare
from chartscribe.compare.shown import Sheets
from chartscribe.compare.sources import Source, named_columns
from chartscribe.compare.tables import Column, Table
from chartscribe.compare.verdict import judge
from digitizer.evidence import Extraction
from digitizer.model import Figure, FloatArray
from digitizer.stages.checks.proposed import see_panel
from digitizer.stages.checks.redraw import draw_trace

REAL = SHARED / "realset"
SEED = 7
# What is planted: one value and all places along x are changed by these shares of the range.
VALUE, SHIFT = 0.03, 0.03
# A change shows where its drawing lies this far (px) beside that of the log; below, strokes cover each other.
SHOWS_PX = 2.0
# A drawing that differs in fewer pixels differs in slivers along strokes.
SLIVERS_PX = 10
ONE_VALUE = "one value by 3 % of the range"
FEW_PIXELS = f"one value by 3 %, fewer than {SLIVERS_PX} pixels differ"
NO_PIXEL = "one value by 3 %, not one pixel differs"
# Columns by the programs that wrote the logs, where the figure does not name them.
BY_PROGRAM = {"lf_": "loss", "ppo_": "reward"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A figure as read, its logs, and what was found untouched."""

    name: str
    figure: Figure
    tables: list[Table]
    found: Comparison

    @property
    def matches(self) -> list[Match]:
        return [pair.match for pair in self.found.pairs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """In how many pixels two drawings differ, and how far (px) one reaches beyond the other."""

    n_px: int
    far_px: float

    @property
    def shows(self) -> bool:
        return self.far_px > SHOWS_PX


def load_case(folder: Path) -> Case:
    """Read a figure and its logs, and compare them."""
    figure = chartscribe.digitize(next(folder.glob("image.*")))
    logs = sorted(str(path) for path in folder.glob("log*"))
    tables = read_logs(logs)
    return Case(
        name=folder.name,
        figure=figure,
        tables=tables,
        found=compare(figure, tables, name="figure", logs=logs),
    )


def right_columns(case: Case, truth: dict[str, Any], match: Match) -> set[str]:
    """The columns that a series may be: that of its own name, else those of its panel."""
    panel = truth["panels"][match.view.panel]
    columns = {name for table in case.tables for name in table.columns}
    names = [str(one["name"]).removesuffix(" (moving average)") for one in panel["series"]]
    if match.view.name in names and match.view.name in columns:
        return {match.view.name}
    by_program = {column for start, column in BY_PROGRAM.items() if case.name.startswith(start)}
    return by_program or ({*names, str(panel["title"])} & columns)


def agrees(case: Case, match: Match, tables: Sequence[Table], figure: Figure | None = None) -> bool:
    """Whether a series agrees with logs; the others of the figure are taken for matched as they were."""
    figure = figure or case.figure
    found = match_one(match.view, named_columns(tables), None)
    if isinstance(found, str):
        return False
    siblings = [found if other is match else other for other in case.matches]
    chosen, shown = Sheets(figure=figure).choose(found, siblings)
    return judge(chosen, siblings, None, shown=shown).verdict == "agrees"


def _altered(
    case: Case, match: Match, column: str, change: Callable[[FloatArray], FloatArray]
) -> list[Table]:
    """The logs with a column changed in those that the series was drawn from."""
    made = []
    for table in case.tables:
        if table.log in match.fit.source.logs and column in table.columns:
            numbers = change(table.columns[column].numbers.copy())
            table = replace(table, columns={**table.columns, column: Column(name=column, numbers=numbers)})
        made.append(table)
    return made


def one_value(case: Case, match: Match, rng: np.random.Generator) -> tuple[list[Table], Apart]:
    """One drawn value changed by a share of the range, and what that changes in the picture."""
    view, source = match.view, match.fit.source
    place = source.x * match.fit.x_factor
    drawn = np.flatnonzero((place >= view.x_numbers[0]) & (place <= view.x_numbers[-1]))
    row = int(rng.choice(drawn if len(drawn) else np.arange(len(place))))
    step = VALUE * float(np.ptp(source.y)) * float(rng.choice([-1, 1])) * source.n_runs

    # Of several runs that were averaged the first alone is changed, by so much more.
    first = next(table for table in case.tables if table.log == source.logs[0])
    counter = first.columns[source.x_column].numbers if source.x_column in first.columns else None
    values = first.columns[source.y_column].numbers
    at = row if counter is None else int(np.nanargmin(np.abs(counter - source.x[row])))
    changed = replace(first.columns[source.y_column], numbers=values.copy())
    changed.numbers[at] += step
    tables = [
        replace(table, columns={**table.columns, source.y_column: changed}) if table is first else table
        for table in case.tables
    ]
    y = source.y.copy()
    y[row] += step / source.n_runs
    return tables, drawn_apart(case.figure, match, replace(match.fit.source, y=y))


def drawn_apart(figure: Figure, match: Match, other: Source) -> Apart:
    """How the drawings of two logs differ."""
    extraction, view = figure.extraction, match.view
    assert extraction is not None
    ink = see_panel(extraction, view.panel)
    if ink is None:
        return Apart(n_px=0, far_px=0.0)
    box = extraction.panels[view.panel].frame.box
    trace = extraction.panels[view.panel].traces[view.series]
    masks = []
    for fit in (match.fit, replace(match.fit, source=other)):
        v, u = logged_line(view, fit)
        good = np.isfinite(v) & np.isfinite(u)
        x, y = box.left + v[good] * box.width, box.bottom - u[good] * box.height
        drawn = replace(
            trace,
            x_px=x,
            y_px=y,
            sigma_px=y.copy(),
            course_px=None,
            line_width_px=min(trace.line_width_px, 6.0),
        )
        masks.append(draw_trace(drawn, ink, margin=0.0))
    far = [cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5) for mask in masks]
    far_px = max(far[0][masks[1] > 0].max(initial=0), far[1][masks[0] > 0].max(initial=0))
    return Apart(n_px=int((masks[0] != masks[1]).sum()), far_px=float(far_px))


def shifted(case: Case, match: Match, rng: np.random.Generator) -> list[Table]:
    """All places along x moved by a share of the run."""
    by = SHIFT * float(np.ptp(match.fit.source.x)) * float(rng.choice([-1, 1]))
    return _altered(case, match, match.fit.source.x_column, lambda numbers: numbers + by)


def swapped(case: Case, match: Match, rng: np.random.Generator) -> list[Table] | None:
    """The column's name and that of another one of the figure exchanged; None where there is no other."""
    own = match.fit.source.y_column
    others = sorted({m.fit.source.y_column for m in case.matches} - {own})
    if not others:
        return None
    other = str(rng.choice(others))
    made = []
    for table in case.tables:
        columns = dict(table.columns)
        one, two = columns[own].numbers, columns[other].numbers
        columns[own], columns[other] = Column(name=own, numbers=two), Column(name=other, numbers=one)
        made.append(replace(table, columns=columns))
    return made


def passed_off(case: Case, match: Match) -> tuple[Figure, Match]:
    """The figure without the raw curve, and the smoothed one under the name of its column."""
    view, figure = match.view, case.figure
    assert figure.extraction is not None
    evidence = figure.extraction.panels[view.panel]
    alone = replace(evidence, traces=(evidence.traces[view.series],))
    panels = tuple(alone if p == view.panel else e for p, e in enumerate(figure.extraction.panels))
    extraction: Extraction = replace(figure.extraction, panels=panels)
    name = match.fit.source.y_column
    return replace(figure, extraction=extraction), replace(
        match, view=replace(view, series=0, name=name, texts=(name,))
    )


def trials(case: Case, n: int, rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """Each planted disagreement with whether it was told: ``n`` values, one of each other kind a series."""
    lines = [match for match in case.matches if match.view.categories is None]
    for match in lines:
        if np.ptp(match.fit.source.y) == 0 or match.fit.residuals.n_outside > len(match.view.v) / 2:
            continue
        if match.fit.smoothing is not None:
            figure, alone = passed_off(case, match)
            if not _looks_raw(match):
                only = replace_found(case, alone)
                yield "a smoothed copy passed off as raw", not agrees(only, alone, case.tables, figure)
            continue
        for _ in range(n):
            tables, apart = one_value(case, match, rng)
            told = not agrees(case, match, tables)
            yield ONE_VALUE, told
            if apart.shows:
                yield "one value by 3 %, where it shows", told
            elif apart.n_px >= SLIVERS_PX:
                yield "one value by 3 %, where slivers show", told
            else:
                yield NO_PIXEL if not apart.n_px else FEW_PIXELS, told
        if match.fit.source.x_column != "row":
            yield "x shifted by 3 %", not agrees(case, match, shifted(case, match, rng))
        exchanged = swapped(case, match, rng)
        if exchanged is not None:
            yield "a swapped column", not agrees(case, match, exchanged)


def _looks_raw(match: Match) -> bool:
    """Whether smoothing hardly changes the column: there is nothing to pass off."""
    source, smoothing = match.fit.source, match.fit.smoothing
    assert smoothing is not None
    change = np.abs(smoothing.apply(source.y) - source.y).max()
    return bool(change < VALUE * np.ptp(source.y))


def replace_found(case: Case, match: Match) -> Case:
    """The case as if this series were the only one."""
    pair = replace(case.found.pairs[0], match=match)
    return replace(case, found=replace(case.found, pairs=(pair,)))


def measure(folder: Path, n: int, rng: np.random.Generator, counts: Counter[str]) -> None:
    """Add what one figure says."""
    case = load_case(folder)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    counts["figures"] += 1
    counts["series"] += len(case.found.pairs) + len(case.found.unmatched_series)
    for pair in case.found.pairs:
        counts["matched"] += pair.match.fit.source.y_column in right_columns(case, truth, pair.match)
        counts["pairs"] += 1
        if pair.verdict != "agrees":
            counts["false alarms"] += 1
            print(folder.name, pair.sentence, flush=True)
    own = replace(
        case, found=replace(case.found, pairs=tuple(p for p in case.found.pairs if p.verdict == "agrees"))
    )
    for what, told in trials(own, n, rng):
        counts[f"of {what}"] += 1
        counts[f"told {what}"] += told


PLANTED = (
    ONE_VALUE,
    "one value by 3 %, where it shows",
    "one value by 3 %, where slivers show",
    FEW_PIXELS,
    NO_PIXEL,
    "x shifted by 3 %",
    "a swapped column",
    "a smoothed copy passed off as raw",
)


KINDS = (ONE_VALUE, "x shifted by 3 %", "a swapped column", "a smoothed copy passed off as raw")


def page(counts: Counter[str], command: str) -> str:
    """The committed page."""
    rows = [
        [
            "series matched with the right column, without a hint",
            str(counts["series"]),
            _share(counts["matched"], counts["series"]),
        ],
        [
            "false alarms: untouched series that do not agree",
            str(counts["pairs"]),
            _share(counts["false alarms"], counts["pairs"]),
        ],
    ]
    rows += [
        [f"reported: {what}", str(counts[f"of {what}"]), _share(counts[f"told {what}"], counts[f"of {what}"])]
        for what in PLANTED
    ]
    kinds = [(counts[f"told {what}"], counts[f"of {what}"]) for what in KINDS]
    told = np.mean([part / whole for part, whole in kinds]) if all(whole for _, whole in kinds) else np.nan
    rows.append(["reported: the four kinds, as if as many of each were tried", "", percent(float(told))])
    return (
        "# How far `compare` can be trusted\n\n"
        f"{date.today().isoformat()}, `{command}`\n\n"
        f"{counts['figures']} real figures and the logs that their programs wrote. Each is read once; then\n"
        "its logs are changed. Series that do not agree with the untouched log are left out of the trials.\n"
        f"A change shows where a drawing of it lies {SHOWS_PX:g} px beside that of the log. In noise with a\n"
        "row a pixel most single values lie under their neighbours' strokes: drawn with the value and with\n"
        "the changed one, many pictures of the series differ in no pixel, or in a few at rims of strokes.\n"
        "The right column of a series is that of its name, or one that its panel was drawn from.\n\n"
        + markdown_table(["", "tried", "share"], rows)
    )


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "-"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", default=REAL, help="cases with an image, logs and truth.json"
    )
    parser.add_argument(
        "--values", type=int, default=6, help="single values changed in each series (default 6)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the changes (default {SEED})")
    parser.add_argument("--only", nargs="*", help="these cases alone")
    parser.add_argument("--write", action="store_true", help="write benchmarks/compare.md")
    args = parser.parse_args()
    counts: Counter[str] = Counter()
    rng = np.random.default_rng(args.seed)
    folders = sorted({path.parent for path in args.folder.glob("*/log*")})
    if not folders:
        sys.exit(f"benchmarks: no case with a log below {args.folder}; give their folder")
    for folder in folders:
        if not args.only or folder.name in args.only:
            measure(folder, args.values, rng, counts)
            print(folder.name, dict(counts), flush=True)
    text = page(counts, f"python -m benchmarks.compare --values {args.values} --seed {args.seed}")
    print(text)
    if args.write:
        (ROOT / "benchmarks" / "compare.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
