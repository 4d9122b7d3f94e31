"""Measure `compare` on charts whose data are known: ``python -m benchmarks.compare``.

The truth of each chart is its log. Untouched it must be paired rightly and agree; altered it must not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.referee import ROOT
from benchmarks.tables import markdown_table, percent
from chartscribe.compare.report import Comparison, compare
from chartscribe.compare.tables import Table, make_table
from digitizer.model import Figure, FloatArray, Panel, figure_from_dict

TABLE = ROOT / "benchmarks" / "compare.md"
SEED = 7
# A series is rightly read where half of its points are this near (share of the range) to its truth: where
# it is not, nothing can be asked of the comparison but that it differs.
READ = 0.005
# What is planted: one value, all places along x and all values are changed by these shares of the range; a
# smoothed copy has this exponential weight. What changes no value by as much as the least is not planted.
VALUE, SHIFT, SCALE, EMA, LEAST = 0.03, 0.03, 0.05, 0.8, 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """A drawn series: the panel it was read in, its index there, its name in the log, and its points."""

    panel: int
    series: int
    log: str
    name: str
    x: FloatArray
    y: FloatArray

    @property
    def span(self) -> float:
        return float(np.ptp(self.y))

    def table(self) -> Table:
        return make_table(self.log, {"x": self.x.tolist(), self.name: self.y.tolist()})


def truths_of(figure: Figure, truth: dict[str, Any]) -> list[Truth]:
    """The drawn series with what was read of each, found by the data alone; without those read wrongly."""
    drawn = [
        (f"{p}-{s}", str(one["name"] or f"series {s + 1}"), *points)
        for p, panel in enumerate(truth["panels"])
        for s, one in enumerate(panel["series"])
        if one["kind"] == "line" and (points := _points(one)) is not None
    ]
    found = []
    for p, panel in enumerate(figure.panels):
        for s in range(len(panel.series)):
            off = [_off(panel, s, x, y) for _, _, x, y in drawn]
            best = int(np.argmin(off)) if off else 0
            if off and off[best] <= READ:
                log, name, x, y = drawn[best]
                found.append(Truth(panel=p, series=s, log=log, name=name, x=x, y=y))
    owners = Counter(one.log for one in found)
    return [one for one in found if owners[one.log] == 1]


def _points(one: dict[str, Any]) -> tuple[FloatArray, FloatArray] | None:
    try:
        x, y = np.array(one["x"], dtype=float), np.array(one["y"], dtype=float)
    except (TypeError, ValueError):
        return None
    good = np.isfinite(x) & np.isfinite(y)
    x, y = x[good], y[good]
    return (x, y) if len(x) >= 8 and (np.diff(x) > 0).all() and np.ptp(y) > 0 else None


def _off(panel: Panel, index: int, x: FloatArray, y: FloatArray) -> float:
    """The middle distance of what was read from a drawn series, in share of that one's range."""
    series = panel.series[index]
    if series.kind != "line" or not all(isinstance(v, float) for v in series.x.tolist()):
        return np.inf
    own = np.asarray(series.x, dtype=float)
    good = np.isfinite(own) & np.isfinite(series.y)
    inside = good & (own >= x[0]) & (own <= x[-1])
    if inside.sum() < max(4, 0.9 * good.sum()) or np.ptp(own[inside]) < 0.8 * np.ptp(x):
        return np.inf
    return float(np.median(np.abs(np.interp(own[inside], x, y) - series.y[inside]))) / float(np.ptp(y))


def _smooth(y: FloatArray) -> FloatArray:
    out = y.copy()
    for k in range(1, len(y)):
        out[k] = EMA * out[k - 1] + (1 - EMA) * y[k]
    return out


def _one_value(one: Truth, rng: np.random.Generator) -> Truth:
    y = one.y.copy()
    y[rng.integers(len(y))] += VALUE * one.span * rng.choice([-1, 1])
    return replace(one, y=y)


def _shifted(one: Truth, rng: np.random.Generator) -> Truth:
    return replace(one, x=one.x + SHIFT * float(np.ptp(one.x)) * rng.choice([-1, 1]))


def _scaled(one: Truth, rng: np.random.Generator) -> Truth:
    return replace(one, y=one.y.min() + (one.y - one.y.min()) * (1 + SCALE * rng.choice([-1, 1])))


def _another_run(one: Truth, rng: np.random.Generator) -> Truth:
    """The same course with its noise in another order."""
    width = max(3, len(one.y) // 20) | 1
    padded = np.pad(one.y, width // 2, mode="edge")
    course = np.convolve(padded, np.ones(width) / width, mode="valid")
    return replace(one, y=course + rng.permutation(one.y - course))


ALTERED: dict[str, Callable[[Truth, np.random.Generator], Truth]] = {
    "one value by 3 % of the range": _one_value,
    "x shifted by 3 %": _shifted,
    "values scaled by 5 %": _scaled,
    "another run": _another_run,
}


def trials(figure: Figure, truths: list[Truth], rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """Each planted disagreement with whether it was reported."""
    for k, one in enumerate(truths):
        for what, alter in ALTERED.items():
            other = alter(one, rng)
            if _change(one, other) >= LEAST:
                logs = [other if j == k else t for j, t in enumerate(truths)]
                yield what, not _agrees(_compare(figure, logs), one)
        smoothed = _smooth(one.y)
        if np.abs(smoothed - one.y).max() >= LEAST * one.span:
            yield (
                "a smoothed copy",
                not _agrees(_compare(_drawn_smoothed(figure, one, smoothed), truths), one),
            )
        twin = next((t for t in truths if t.panel == one.panel and t is not one and t.name != one.name), None)
        if twin is not None and _change(one, replace(one, x=twin.x, y=twin.y)) >= LEAST:
            names = {one.log: twin.name, twin.log: one.name}
            logs = [replace(t, name=names.get(t.log, t.name)) for t in truths]
            yield "a swapped column", not _agrees(_compare(figure, logs), one)


def _change(one: Truth, other: Truth) -> float:
    return float(np.abs(np.interp(one.x, other.x, other.y) - one.y).max()) / one.span


def _drawn_smoothed(figure: Figure, one: Truth, smoothed: FloatArray) -> Figure:
    """The figure as it would have been read had the series been drawn smoothed."""
    panel = figure.panels[one.panel]
    series = panel.series[one.series]
    change = np.interp(np.asarray(series.x, dtype=float), one.x, smoothed - one.y)
    own = replace(series, y=series.y + change)
    panel = replace(panel, series=tuple(own if s == one.series else v for s, v in enumerate(panel.series)))
    panels = tuple(panel if p == one.panel else v for p, v in enumerate(figure.panels))
    return replace(figure, panels=panels)


def _compare(figure: Figure, truths: list[Truth]) -> Comparison:
    return compare(figure, [t.table() for t in truths], name="figure", logs=[t.log for t in truths])


def _agrees(found: Comparison, one: Truth) -> bool:
    return any(
        p.verdict == "agrees" and (p.match.view.panel, p.match.view.series) == (one.panel, one.series)
        for p in found.pairs
    )


def measure(case: Path, document: Path, rng: np.random.Generator, counts: Counter[str]) -> None:
    """Add what one chart says."""
    figure = figure_from_dict(json.loads(document.read_text(encoding="utf-8")))
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    truths = truths_of(figure, truth)
    if not truths:
        return
    counts["charts"] += 1
    found = _compare(figure, truths)
    for one in truths:
        pair = next(
            (p for p in found.pairs if (p.match.view.panel, p.match.view.series) == (one.panel, one.series)),
            None,
        )
        counts["series"] += 1
        counts["paired"] += pair is not None and pair.match.fit.source.logs == (one.log,)
        agrees = pair is not None and pair.verdict == "agrees"
        counts["agree"] += agrees
        if not agrees:
            print(case.name, one.name, "no pair" if pair is None else pair.sentence, flush=True)
    for what, told in trials(figure, truths, rng):
        counts[f"of {what}"] += 1
        counts[f"told {what}"] += told


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+", help="folders of cases with truth.json")
    parser.add_argument("--documents", type=Path, nargs="+", required=True, help="their figure documents")
    parser.add_argument("--names", nargs="+", required=True, help="what the table calls each set")
    parser.add_argument("--most", type=int, default=100, help="charts of a set")
    parser.add_argument("--write", action="store_true", help="write benchmarks/compare.md")
    args = parser.parse_args()
    sets: dict[str, Counter[str]] = {}
    for name, cases, documents in zip(args.names, args.cases, args.documents, strict=True):
        counts: Counter[str] = Counter()
        rng = np.random.default_rng(SEED)
        for case in sorted(path.parent for path in cases.glob("*/truth.json"))[: args.most]:
            document = documents / f"{case.name}.json"
            if document.is_file():
                measure(case, document, rng, counts)
        sets[name] = counts
        print(name, dict(counts), flush=True)
    if args.write:
        TABLE.write_text(_page(sets), encoding="utf-8")


def _page(sets: dict[str, Counter[str]]) -> str:
    planted = [*ALTERED, "a smoothed copy", "a swapped column"]
    rows = [["charts", *(str(c["charts"]) for c in sets.values())]]
    rows += [["series rightly read", *(str(c["series"]) for c in sets.values())]]
    rows += [["paired with their column", *(_share(c["paired"], c["series"]) for c in sets.values())]]
    rows += [["false alarms", *(_share(c["series"] - c["agree"], c["series"]) for c in sets.values())]]
    rows += [
        [f"caught: {what}", *(_share(c[f"told {what}"], c[f"of {what}"]) for c in sets.values())]
        for what in planted
    ]
    return (
        "# How far `compare` can be trusted\n\n"
        "`python -m benchmarks.compare CASES... --documents DOCS... --names NAMES... --write` writes this\n"
        "page. The truth of each chart is its log, one table a series. Only lines over numbers count of\n"
        f"which half of the points were read to {READ:.1%} of the range; what was not should differ.\n"
        "Untouched, each must be paired with its own column and agree; altered, it must not agree. In\n"
        "brackets: how many were tried; what changes no value by 2 % of the range is not planted.\n\n"
        + markdown_table(["", *sets], rows)
    )


def _share(part: int, whole: int) -> str:
    return f"{percent(part / whole)} ({whole})" if whole else "none"


if __name__ == "__main__":
    main()
