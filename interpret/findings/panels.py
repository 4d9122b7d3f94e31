"""Claims about several series in one panel: who is ahead, and where they cross."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import combinations, permutations

import numpy as np

from interpret.analyses.coupling import align
from interpret.analyses.order import measure_crossings
from interpret.analyses.smoothing import Smoothing, measure_smoothing
from interpret.findings.model import Finding
from interpret.findings.naming import capital, shorter
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

MOST_CROSSED = 4
MOST_RANKED = 12
MOST_CROSSINGS = 3
MOST_COMPARED = 6
# A smoothed line runs along the raw one: over this share of its points.
LEAST_SHARED = 0.8
# Ends nearer than this share of the largest range are told as no order.
LEAST_GAP = 0.02
# Nor where noise makes them, by so many of its standard deviations.
END_UNITS = 2.0


def order_findings(studies: list[Study]) -> list[Finding]:
    """Rank the lines of one panel at its end, and tell where two change places."""
    lines = [s for s in studies if s.source.kind == "line" and s.full.ordered and s.full.n >= 2]
    findings: list[Finding] = []
    for axis in ("y", "y2"):
        same = [s for s in lines if s.source.axis == axis]
        if 2 <= len(same) <= MOST_RANKED:
            findings += _ranking(same)
        if 2 <= len(same) <= MOST_CROSSED:
            for a, b in combinations(same, 2):
                findings += _crossings(a, b)
    return findings


def smoothing_findings(studies: Sequence[Study]) -> list[Finding]:
    """Recognise lines that are another one of their panel, smoothed.

    Where lines of the same names are in some panel, less is asked of the others.
    """
    panels: dict[int, list[Study]] = {}
    for study in studies:
        if study.trend is not None:
            panels.setdefault(study.ref.panel, []).append(study)
    found: dict[int, list[Finding]] = {}
    known: set[tuple[str | None, str | None]] = set()
    for index, lines in panels.items():
        found[index] = _smoothed(lines[:MOST_COMPARED], frozenset())
        known |= {(f.series[0].name, f.series[1].name) for f in found[index] if f.series[0].name}
    for index, lines in panels.items():
        if known and not found[index]:
            found[index] = _smoothed(lines[:MOST_COMPARED], known)
    return [finding for index in sorted(found) for finding in found[index]]


def _smoothed(lines: Sequence[Study], known: Set[tuple[str | None, str | None]]) -> list[Finding]:
    findings: list[Finding] = []
    taken: set[int] = set()
    for raw, smooth in permutations(lines, 2):
        if raw.source.axis != smooth.source.axis or smooth.ref.series in taken:
            continue
        smoothing = find_smoothing(raw, smooth, likely=(smooth.ref.name, raw.ref.name) in known)
        if smoothing is None:
            continue
        taken.add(smooth.ref.series)
        bare = shorter(raw.name.subject, smooth.name.subject)
        evidence = Evidence(raw)
        evidence.note("misfit", smoothing.misfit)
        evidence.note("raw_scatter", smoothing.scatter)
        evidence.note("average", smoothing.kind)
        evidence.note("parameter", smoothing.parameter)
        findings.append(
            Finding(
                kind="smoothing",
                level=3,
                sentence=f"{capital(smooth.name.subject)} is {bare} smoothed: one signal, drawn twice.",
                panel=raw.ref.panel,
                series=(smooth.ref, raw.ref),
                x_range=x_range(raw, 0, raw.n - 1),
                evidence=evidence.values,
                confidence=0.93,
                salience=6.5,
                role="observation",
            )
        )
    return findings


def find_smoothing(raw: Study, smooth: Study, *, likely: bool = False) -> Smoothing | None:
    """The average of one line that the other is, at the points of the first inside their common span."""
    x, other = raw.column.x, smooth.column.x
    inside = (x >= other[0]) & (x <= other[-1])
    if inside.sum() < LEAST_SHARED * len(x):
        return None
    return measure_smoothing(
        raw.column.y[inside], np.interp(x[inside], other, smooth.column.y), likely=likely
    )


def _ranking(studies: list[Study]) -> list[Finding]:
    if any(s.period is not None for s in studies):
        # Who of several waves is on top where the picture ends is chance.
        return []
    last_x = min(float(s.full.x[-1]) for s in studies)
    span = max(float(np.ptp(s.full.x)) for s in studies)
    if any(float(s.full.x[-1]) - last_x > 0.02 * span for s in studies):
        return []
    ordered = sorted(studies, key=lambda s: -float(s.full.y[-1]))
    top, bottom = ordered[0], ordered[-1]
    gap = float(top.full.y[-1] - bottom.full.y[-1])
    error = float(np.hypot(top.full.sigma[-1], bottom.full.sigma[-1]))
    if len(studies) == 2 and not top.log_y:
        # Of two noisy lines the last points alone tell nothing.
        error = max(error, float(np.hypot(top.noise.sd, bottom.noise.sd)) * END_UNITS / 3)
    if gap < max(3 * error, LEAST_GAP * max(float(np.ptp(s.full.y)) for s in studies)):
        return []
    evidence = Evidence(top)
    high = evidence.read("highest", float(top.full.y[-1]))
    low = evidence.read("lowest", float(bottom.full.y[-1]), study=bottom)
    if evidence.values["highest"] == evidence.values["lowest"]:
        return []
    where = evidence.at("x_at", top.n - 1)
    if len(studies) == 2:
        sentence = (
            f"At the end ({where}), {top.name.subject} is above {bottom.name.subject}: {high} against {low}."
        )
    else:
        count = evidence.count("n", len(studies))
        sentence = (
            f"At the end ({where}), {top.name.subject} is the highest of the {count} "
            f"({high}) and {bottom.name.subject} the lowest ({low})."
        )
    return [
        Finding(
            kind="value",
            level=2,
            sentence=sentence,
            panel=top.ref.panel,
            series=(top.ref, bottom.ref),
            x_range=x_range(top, top.n - 1, top.n - 1),
            evidence=evidence.values,
            salience=5.0,
            role="observation",
        )
    ]


def _crossings(a: Study, b: Study) -> list[Finding]:
    aligned = align(a.column.x, a.column.y, b.column.x, b.column.y)
    if aligned is None or a.source.interpolation != "linear":
        return []
    x, ya, yb = aligned
    sd = float(np.hypot(a.noise.sd, b.noise.sd))
    crossings = measure_crossings(ya, yb, sd)
    if not 1 <= len(crossings) <= MOST_CROSSINGS:
        return []
    findings = []
    for crossing in crossings:
        above = a if crossing.after > 0 else b
        below = b if crossing.after > 0 else a
        first = int(np.argmin(abs(a.column.x - x[crossing.last_before])))
        last = int(np.argmin(abs(a.column.x - x[crossing.first_after])))
        evidence = Evidence(a)
        span = evidence.span("x_from", first, "x_to", last)
        sentence = f"{capital(above.name.subject)} crosses above {below.name.subject} between {span}."
        sentence = sentence.replace(" to ", " and ", 1) if sentence.count(" to ") == 1 else sentence
        findings.append(
            Finding(
                kind="crossing",
                level=3,
                sentence=sentence,
                panel=a.ref.panel,
                series=(above.ref, below.ref),
                x_range=x_range(a, first, last),
                direction="up",
                evidence=evidence.values,
                confidence=0.95,
                salience=5.0,
                role="observation",
            )
        )
    return findings
