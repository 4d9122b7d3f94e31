"""Measure one thing each: faithfulness, events, silence on noise, rules, mutations, stability, speed."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.interpretation.build import READING_SHARE, Line, Plot, make_figure, noise
from benchmarks.interpretation.calibration import Calibration
from benchmarks.interpretation.event_cases import (
    NEAR_MISSES,
    NULLS,
    Case,
    event_case,
    near_miss_case,
    null_case,
)
from benchmarks.interpretation.general_cases import CASES
from benchmarks.interpretation.mutations import KINDS, mutate
from benchmarks.interpretation.scoring import (
    CONFIDENT,
    EVENTS,
    LINKS,
    STORIES,
    EventScore,
    Tally,
    matches,
    score_events,
)
from digitizer.model import Figure
from interpret.check import check_text
from interpret.check.grammar import NUMBER
from interpret.describe import Description, describe_figure
from interpret.findings.collect import collect_findings
from interpret.findings.model import Finding

# From this size on (in standard deviations) a person names an event.
NAMED_SIZE = 4.0
FORM = ("stairs", "volatility", "start-behaviour", "replay")
# Of every so manyth chart all phrasings are compared, as many as any kind of finding has.
REWORDED = 8
PHRASINGS = 5
OTHER_WORDS = (("Water level", "Distance"), ("Brightness", "Position"), ("Score", "Player"))


@dataclass(slots=True)
class Result:
    """All tallies of a run, under their names, and what failed."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    calibration: Calibration = field(default_factory=Calibration)

    def add(self, name: str, good: bool, note: str = "") -> None:
        self.tallies.setdefault(name, Tally()).add(good)
        if not good and note:
            self.notes.append(f"{name}: {note}")


def read_plots(plots: Sequence[Plot], rng: np.random.Generator) -> Figure:
    """The figure as a clean picture would give it: each value off by the reading's error."""
    read = []
    for plot in plots:
        span = 1.1 * float(np.ptp(np.concatenate([line.y for line in plot.lines])))
        lines = [
            replace(line, y=line.y + READING_SHARE * span * rng.normal(size=len(line.y)))
            for line in plot.lines
        ]
        read.append(replace(plot, lines=lines))
    return make_figure(*read)


def measure_events(result: Result, seed: int, n: int) -> None:
    """Injected events found and told events true, and every sentence checked against the true data."""
    score = EventScore()
    frames: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for k in range(n):
        rng = np.random.default_rng([seed, 1, k])
        case = event_case(rng)
        truth = make_figure(*case.plots)
        described = describe_figure(read_plots(case.plots, rng))
        score_events(score, case, described.findings)
        measure_told(result, case, described.findings)
        check_description(result, described, truth, f"events {k}")
        result.calibration.add(case, described.findings, truth)
        frames.update(frame_of(f.sentence, case) for f in described.findings if f.level > 1)
        told.update(f.sentence for f in described.findings if f.level > 1)
        if k % REWORDED == 0:
            _reword(result, case, truth)
    _add_variety(result, frames, told)
    bins = {"6 and more": (6, 99), "4 and 5": (4, 5), "2 and 3": (2, 3)}
    for (kind, size), tally in score.recall.items():
        group = next(name for name, (low, high) in bins.items() if low <= size <= high)
        for name in (f"recall, {group} sigma", f"recall of {kind}, {group} sigma"):
            total = result.tallies.setdefault(name, Tally())
            total.good += tally.good
            total.n += tally.n
    for size, tally in score.precision.items():
        group = next(name for name, (low, high) in bins.items() if low <= size <= high)
        total = result.tallies.setdefault(f"precision of events, {group} sigma", Tally())
        total.good += tally.good
        total.n += tally.n


def measure_told(result: Result, case: Case, findings: Sequence[Finding]) -> None:
    """Whether what a person would name is told at all, and how often events are there, by their hedge."""
    told = [f for f in findings if f.asserts and f.level == 3 and len(f.series) == 1]
    for truth in case.truths:
        n = len(case.plots[truth.panel].lines[truth.series].y)
        mine = [f for f in told if f.panel == truth.panel]
        if truth.size >= NAMED_SIZE:
            result.add("told, hedged or not, 4 and more sigma", any(matches(truth, f, n) for f in mine))
        for finding in mine:
            if finding.kind in EVENTS:
                name = "there: firm events" if finding.confidence >= CONFIDENT else "there: hedged events"
                result.add(name, matches(truth, finding, n))


def frame_of(sentence: str, case: Case) -> str:
    """A sentence without its names and numbers."""
    for plot in case.plots:
        if plot.y_label:
            sentence = re.sub(re.escape(plot.y_label), "N", sentence, flags=re.IGNORECASE)
    return re.sub(r"-?\d[\d.,]*%?", "0", sentence)


def _add_variety(result: Result, frames: Counter[str], told: Counter[str]) -> None:
    """How far sentences are of one mould: the share outside the commonest frame, and of runs of four words.

    The runs (distinct-4) are of the sentences as they are printed, as that measure is defined, and once
    more of their frames, without names and numbers.
    """
    (_, most), *_ = frames.most_common(1) or [("", 0)]
    total = sum(frames.values())
    result.tallies["variety: sentences not of the commonest frame"] = Tally(total - most, total)
    for sentences, of in ((told, ""), (frames, " without names and numbers")):
        runs: Counter[tuple[str, ...]] = Counter()
        for sentence, count in sentences.items():
            words = sentence.split()
            for k in range(len(words) - 3):
                runs[tuple(words[k : k + 4])] += count
        result.tallies[f"variety: runs of four words that differ{of}"] = Tally(len(runs), sum(runs.values()))


def _reword(result: Result, case: Case, truth: Figure) -> None:
    """Every phrasing of a chart's findings is judged alike, and holds the same numbers."""
    figure = make_figure(*case.plots)
    told = [collect_findings(figure, wording=turn).findings for turn in range(PHRASINGS)]
    for same in zip(*told, strict=True):
        verdicts = {tuple(check_text(f.sentence, truth).counts().items()) for f in same}
        numbers = {tuple(sorted(re.findall(NUMBER, f.sentence))) for f in same}
        good = len(verdicts) == len(numbers) == 1
        result.add("phrasings judged alike", good, " | ".join(dict.fromkeys(f.sentence for f in same)))


def check_description(result: Result, described: Description, truth: Figure, name: str) -> None:
    """Sentences right, documents free of errors, sentences backed by findings' ids."""
    report = check_text(described.to_markdown(), truth)
    judged = [one for one in report.checked if one.verdict != "unclear"]
    for one in judged:
        detail = "; ".join(claim.detail for claim in one.claims if claim.verdict == "fails")
        result.add("sentences right", one.verdict == "holds", f"{name}: {one.sentence.text} ({detail})")
    result.add("documents without an error", report.agrees)
    body = described.to_markdown().split("### Detailed Analysis")[1].split("### Interpretation")[0]
    for line in body.splitlines():
        if line and not line.startswith(("#", "**", "No values", "Nothing stands")):
            result.add("lines backed by ids", line.endswith("-->"), line)


def measure_nulls(result: Result, seed: int, n: int) -> None:
    """Charts on which nothing should be told."""
    for kind in NULLS:
        wanted = LINKS if kind in ("walk", "pairs", "trending pairs") else STORIES
        wanted = (*EVENTS, *FORM) if kind == "smooth" else wanted
        for k in range(n):
            case = null_case(np.random.default_rng([seed, 2, k]), kind)
            figure = make_figure(*case.plots)
            findings = describe_figure(figure).findings
            if kind in ("white", "ar5", "ar8"):
                result.calibration.add(case, findings, figure)
            told = {f.kind for f in findings if f.kind in wanted and f.asserts and f.confidence >= CONFIDENT}
            result.add(f"silent on {kind}", not told)
            result.kinds.update(f"{kind}: {one}" for one in told)


def measure_near_misses(result: Result, seed: int, n: int) -> None:
    """Rival peaks are not called the highest, a drop that recovers is no level shift, and the like."""
    for kind in NEAR_MISSES:
        for k in range(n):
            case = near_miss_case(np.random.default_rng([seed, 3, k]), kind)
            findings = describe_figure(make_figure(*case.plots)).findings
            firm = [f for f in findings if f.asserts and f.confidence >= CONFIDENT]
            if kind == "small event":
                good = not any(f.kind in EVENTS for f in firm)
            elif kind == "slower rise":
                good = not any(f.kind == "plateau" for f in firm)
            elif kind == "rival peaks":
                good = sum(f.kind == "peak" for f in firm) == 2
            elif kind == "drop recovers":
                kinds = {f.kind for f in firm}
                good = "dip" in kinds and "level-shift" not in kinds
            else:
                good = not any(f.level == 4 for f in findings)
            result.add(f"near miss: {kind}", good)


def measure_rules(result: Result, seed: int, n: int) -> None:
    """Rules fire on their pattern, not without a premise, and not on other words."""
    for case in CASES:
        own = zlib.crc32(case.rule.encode())
        for k in range(n):
            rng = np.random.default_rng([seed, 4, k, own])
            plots = case.positive(rng)
            fired = _rules(plots)
            result.add("rules: recall", case.rule in fired, f"{case.rule} (told {sorted(fired)})")
            for broken in case.contrasts:
                wrong = case.rule in _rules(broken(np.random.default_rng([seed, 5, k, own])))
                result.add("rules: silent on contrast", not wrong, case.rule)
            if k == 0:
                y_label, x_label = OTHER_WORDS[own % len(OTHER_WORDS)]
                others = [
                    replace(
                        p, y_label=y_label, x_label=x_label, lines=[replace(s, name=None) for s in p.lines]
                    )
                    for p in plots
                ]
                result.add("rules: silent on other words", not _rules(others), case.rule)


def _rules(plots: Sequence[Plot]) -> set[str]:
    return {f.rule or "" for f in describe_figure(make_figure(*plots)).findings if f.level == 4}


def measure_mutations(result: Result, seed: int, n: int) -> None:
    """Falsified sentences that the checker catches."""
    for k in range(n):
        case = event_case(np.random.default_rng([seed, 6, k]))
        figure = make_figure(*case.plots)
        names = [panel.y_axis.label or "" for panel in figure.panels]
        for finding in describe_figure(figure).findings:
            if finding.level not in (2, 3) or not check_text(finding.sentence, figure).counts()["holds"]:
                continue
            for kind in KINDS:
                rng = np.random.default_rng([seed, k, zlib.crc32(finding.sentence.encode())])
                wrong = mutate(finding.sentence, kind, names, rng)
                if wrong is not None and wrong != finding.sentence:
                    caught = not check_text(wrong, figure).agrees
                    result.add("mutations caught", caught, f"{kind}: {wrong}")
                    result.add(f"mutations caught: {kind}", caught)


def measure_stability(result: Result, seed: int, n: int) -> None:
    """Same bytes twice; other units, mirrored values and a little noise change what they should."""
    flip = {"up": "down", "down": "up"}
    swap = {"dip": "peak", "peak": "dip"}
    kinds = ("trend", "phase", "plateau", "level-shift", "dip", "peak", "trend-change")
    for k in range(n):
        rng = np.random.default_rng([seed, 7, k])
        case = event_case(rng)
        plain = describe_figure(make_figure(*case.plots))
        again = describe_figure(make_figure(*case.plots))
        same = plain.to_markdown() == again.to_markdown() and json.dumps(plain.to_dict()) == json.dumps(
            again.to_dict()
        )
        result.add("same bytes twice", same)
        scaled = describe_figure(make_figure(*_with(case.plots, lambda y: 1000 * y)))
        result.add("other units change only numbers", _facts(plain, kinds) == _facts(scaled, kinds))
        mirrored = describe_figure(make_figure(*_with(case.plots, lambda y: -y)))
        turned = [
            (swap.get(kind, kind), flip.get(way or "", way), at) for kind, way, at in _facts(plain, kinds)
        ]
        result.add("mirrored values mirror directions", turned == _facts(mirrored, kinds))
        jitter = partial(_jitter, rng=rng)
        noisy = describe_figure(make_figure(*_with(case.plots, jitter)))
        told = {(kind, way) for kind, way, _ in _facts(plain, kinds)}
        kept = {(kind, way) for kind, way, _ in _facts(noisy, kinds)}
        for fact in told:
            result.add("facts kept under 1 % noise", fact in kept)


def _jitter(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return y + 0.01 * float(np.ptp(y)) * rng.normal(size=len(y))


def _with(plots: Sequence[Plot], change: object) -> list[Plot]:
    return [replace(p, lines=[replace(s, y=change(s.y)) for s in p.lines]) for p in plots]  # type: ignore[operator]


def _facts(described: Description, kinds: Sequence[str]) -> list[tuple[str, str | None, object]]:
    return [
        (f.kind, f.direction, f.x_range)
        for f in described.findings
        if f.kind in kinds and f.asserts and f.confidence >= CONFIDENT
    ]


def measure_speed() -> dict[str, float]:
    """Seconds of one core, after a first description that fills the nulls."""
    rng = np.random.default_rng(0)
    two = [Plot(lines=[Line(y=np.linspace(0, 8, 71) + noise(rng, 71))], y_label=name) for name in "ab"]
    ten = [Plot(lines=[Line(y=np.linspace(0, 8, 71) + noise(rng, 71))], y_label=f"y{k}") for k in range(10)]
    one = [Plot(lines=[Line(y=np.exp(-np.arange(5000) / 800) + noise(rng, 5000, sd=0.02))], y_label="y")]
    seconds = {}
    for name, plots in (("two series of 71", two), ("ten panels", ten), ("5,000 points", one)):
        describe_figure(make_figure(*plots))
        start = time.process_time()
        describe_figure(make_figure(*plots))
        seconds[name] = time.process_time() - start
    return seconds
