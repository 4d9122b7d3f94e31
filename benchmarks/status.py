"""Fits and measures what decides ``ok``: ``python -m benchmarks.status``.

Draws charts, digitizes them, lets the referee say of every panel whether it is right in everything, and fits
how much each doubt of :mod:`digitizer.stages.status.doubts` counts. No real figure takes part. With
``--measure`` the verdict that stands is held against charts of other seeds instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.accuracy import cases_of
from benchmarks.referee import DEFAULT_SCORE, ROOT, load_referee
from benchmarks.running import _start
from benchmarks.tables import markdown_table, percent
from digitizer.stages.status.judge import GRADED, HARMLESS, load_verdict

FloatArray = NDArray[np.float64]

SETS = {"reference": 24, "lines": 90, "kinds": 165, "vega": 60, "seaborn": 40, "plotnine": 40, "letsplot": 40}
SEEDS = (31, 32)
# A silent error is the worst fault: of the panels that say ok at most this share may be wrong. Less leaves
# few panels to say ok; of those that 3 % would add to 1.5 %, one in fifteen is wrong.
TARGET = 0.015
RIDGE = 0.02
VERDICT = ROOT / "digitizer" / "stages" / "status" / "verdict.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One panel that was read: its doubts, the codes of its warnings, and what the referee says of it.

    ``panel`` counts from one in the order of the figure document.
    """

    group: str
    case: str
    doubts: dict[str, float]
    warnings: list[str]
    right: bool
    panel: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def contradicted(self) -> bool:
        """Whether a warning contradicts the panel."""
        return bool(set(self.warnings) - HARMLESS - GRADED - {"doubts-add-up"})


def examine(case: Path, score: Path, keep: Path | None = None) -> list[Row]:
    """Digitize one picture and let the referee judge each panel by itself.

    Its document and its overlay go to ``keep``, where that is given.
    """
    import chartscribe
    from digitizer.stages.status.doubts import measure_doubts

    referee = load_referee(score)
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    figure = chartscribe.digitize(case / truth["image"])
    document = figure.to_dict()
    if keep is not None:
        (keep / f"{case.name}.json").write_text(figure.to_json(), encoding="utf-8")
        figure.overlay().save(keep / f"{case.name}.png")
    assert figure.extraction is not None
    size = truth["source"]["width"], truth["source"]["height"]
    matched = referee.match_panels(truth["panels"], referee.clean_document(document, size))
    pairs = {j: i for i, j in matched}
    rows = []
    for j, evidence in enumerate(figure.extraction.panels):
        right, notes = False, ["no such panel"]
        if j in pairs:
            one = dict(truth, panels=[truth["panels"][pairs[j]]])
            said = referee.score_case(one, dict(document, panels=[document["panels"][j]]))
            right, notes = bool(said["sums"]["panel_right"][0]), said["notes"]
        warnings = {notice.code for notice in figure.panels[j].warnings}
        rows.append(
            Row(
                group=truth["group"],
                case=case.name,
                doubts=measure_doubts(evidence),
                warnings=sorted(warnings),
                right=right,
                panel=j + 1,
                notes=notes,
            )
        )
    return rows


def draw_cases(folder: Path, seeds: tuple[int, ...], share: float) -> list[Path]:
    """Draw every set of ``seeds`` into ``folder``; what lies there already is taken as it is."""
    cases = []
    for seed in seeds:
        for kind, n in SETS.items():
            there = sorted(p.parent for p in (folder / str(seed) / kind).glob("*/truth.json"))
            cases += there or cases_of(kind, max(1, round(share * n)), seed, folder / str(seed))
    return cases


def gather(cases: list[Path], score: Path, jobs: int, keep: Path | None = None) -> list[Row]:
    """Examine every case in ``jobs`` processes; documents and overlays go to ``keep``."""
    rows: list[Row] = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start) as pool:
        for k, future in enumerate([pool.submit(examine, case, score, keep) for case in cases]):
            rows += future.result()
            if k % 50 == 0:
                print(f"{k} of {len(cases)}", file=sys.stderr)
    return rows


def fit_weights(x: FloatArray, right: FloatArray) -> tuple[float, FloatArray]:
    """Logistic regression with a ridge in which no doubt may speak for a panel: (bias, weights >= 0)."""

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        score = theta[0] - x @ theta[1:]
        margin = np.where(right > 0, score, -score)
        p = 1 / (1 + np.exp(np.clip(score, -40, 40) * -1))
        slope = p - right
        value = np.logaddexp(0.0, -margin).mean() + RIDGE * np.square(theta[1:]).mean()
        gradient = np.r_[slope.mean(), -(x.T @ slope) / len(right) + 2 * RIDGE * theta[1:] / len(theta[1:])]
        return float(value), gradient

    start = np.r_[1.0, np.full(x.shape[1], 0.1)]
    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    theta = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return float(theta[0]), np.asarray(theta[1:])


def choose_threshold(p: FloatArray, right: FloatArray, target: float = TARGET) -> float:
    """The lowest probability above which no more than ``target`` of the panels are wrong."""
    order = np.argsort(-p, kind="stable")
    wrong = np.cumsum(1 - right[order]) / np.arange(1, len(p) + 1)
    fine = np.flatnonzero(wrong <= target)
    return float(p[order][fine[-1]]) if fine.size else 1.0


def matrix(rows: list[Row], names: list[str]) -> tuple[FloatArray, FloatArray]:
    """The rows as (the first unit of each doubt, then what is beyond it; right)."""
    x = np.array([[row.doubts.get(name, 0.0) for name in names] for row in rows])
    parts = np.hstack([np.minimum(x, 1.0), np.maximum(x - 1.0, 0.0)])
    return parts, np.array([float(row.right) for row in rows])


def probability(bias: float, weights: FloatArray, x: FloatArray) -> FloatArray:
    """How probably each panel is right."""
    return np.asarray(1 / (1 + np.exp(-(bias - x @ weights))))


def cross_validate(rows: list[Row], names: list[str]) -> tuple[FloatArray, FloatArray]:
    """Probabilities of each panel from a fit that has seen no panel of its figure's tenth."""
    x, right = matrix(rows, names)
    fold = np.array([hash_of(row.case) % 10 for row in rows])
    p = np.zeros(len(rows))
    for k in range(10):
        bias, weights = fit_weights(x[fold != k], right[fold != k])
        p[fold == k] = probability(bias, weights, x[fold == k])
    return p, right


def hash_of(text: str) -> int:
    """A number for a text that is the same in every run."""
    return sum((i + 1) * ord(c) for i, c in enumerate(text))


def report(rows: list[Row], p: FloatArray, threshold: float) -> str:
    """One row a group: panels, right, say ok, wrong among those."""
    right = np.array([row.right for row in rows])
    groups = np.array([row.group for row in rows])
    table = []
    for group in [*sorted(set(groups)), "all"]:
        mine = (groups == group) | (group == "all")
        ok = mine & (p >= threshold)
        wrong = float((ok & ~right).sum() / max(1, ok.sum()))
        table.append(
            [group, str(int(mine.sum())), percent(right[mine].mean(), 1), percent(ok.sum() / mine.sum(), 1),
             percent(wrong, 1)]
        )  # fmt: skip
    return markdown_table(["set", "panels", "right", "say ok", "ok but wrong"], table)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.status", description=__doc__)
    parser.add_argument("--score", type=Path, default=DEFAULT_SCORE, help="the referee's score.py")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0, help="share of the charts of every set")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="seeds of the charts")
    parser.add_argument("--target", type=float, default=TARGET, help="share of ok panels that may be wrong")
    parser.add_argument("--rows", type=Path, help="keep what was measured here, and read it where it is")
    parser.add_argument("--cases", type=Path, help="draw the charts here, or take those that lie here")
    parser.add_argument("--measure", action="store_true", help="fit nothing, judge by the verdict there is")
    parser.add_argument("--write", action="store_true", help="write verdict.json and benchmarks/status.md")
    args = parser.parse_args(arguments)
    rows = _rows(args)
    if args.measure:
        _measure(rows, args)
        return
    names = sorted({name for row in rows for name in row.doubts})
    p, right = cross_validate(rows, names)
    p = np.where([row.contradicted for row in rows], 0.0, p)
    threshold = choose_threshold(p, right, args.target)
    bias, weights = fit_weights(*matrix(rows, names))
    table = report(rows, p, threshold)
    print(table)
    firsts, beyonds = np.split(weights, 2)
    for first, beyond, name in sorted(zip(firsts, beyonds, names, strict=True), reverse=True):
        print(f"{first:7.3f} {beyond:7.3f}  {name}")
    if args.write:
        _write(bias, names, weights, threshold, table, args)


def _measure(rows: list[Row], args: argparse.Namespace) -> None:
    verdict = load_verdict()
    p = np.array([0.0 if row.contradicted else verdict.probability(row.doubts) for row in rows])
    table = report(rows, p, verdict.threshold)
    print(table)
    if args.write:
        seeds = " ".join(map(str, args.seeds))
        said = (
            f"Drawn charts of seed {seeds}, which neither the fit nor anybody had seen, judged by the\n"
            "verdict that stands: where nothing contradicts a panel and its probability is "
            f"{verdict.threshold:.2f} or more,\nit says `ok`.\n\n"
        )
        _write_page(f"--measure --share {args.share:g} --seeds {seeds} --write", said, table)


def _write_page(command: str, said: str, table: str) -> None:
    head = f"# Status\n\n{date.today().isoformat()}, `python -m benchmarks.status {command}`.\n"
    (ROOT / "benchmarks" / "status.md").write_text(head + said + table, encoding="utf-8")


def _rows(args: argparse.Namespace) -> list[Row]:
    if args.rows is not None and args.rows.is_file():
        return [Row(**row) for row in json.loads(args.rows.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as scratch:
        cases = draw_cases(args.cases or Path(scratch), tuple(args.seeds), args.share)
        rows = gather(cases, args.score, args.jobs)
    if args.rows is not None:
        args.rows.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    return rows


def _write(
    bias: float,
    names: list[str],
    weights: FloatArray,
    threshold: float,
    table: str,
    args: argparse.Namespace,
) -> None:
    pairs = zip(names, *(np.round(part, 4).tolist() for part in np.split(weights, 2)), strict=True)
    counted = {name: [first, beyond] for name, first, beyond in pairs if max(first, beyond) > 1e-3}
    verdict = {"bias": round(bias, 4), "threshold": round(threshold, 4), "weights": counted}
    VERDICT.write_text(json.dumps(verdict, indent=1) + "\n", encoding="utf-8")
    seeds = " ".join(map(str, args.seeds))
    command = f"--share {args.share:g} --seeds {seeds} --target {args.target:g} --write"
    said = (
        f"Drawn charts of seeds {seeds}, each panel judged by a fit that has not seen its\n"
        "figure (ten folds). Where nothing contradicts a panel and its probability is "
        f"{threshold:.2f} or more, it says `ok`:\n"
        f"of those that do at most {args.target:.1%} are wrong.\n\n"
    )
    _write_page(command, said, table)


if __name__ == "__main__":
    main()
