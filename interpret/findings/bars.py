"""Which of several bar series is the highest in which category."""

from __future__ import annotations

import numpy as np

from digitizer.model import FloatArray
from interpret.findings.model import Finding
from interpret.findings.sentence import Evidence, join
from interpret.findings.study import Study

# A series is the highest where none comes within so many errors of the reading and this share of all values.
CLEAR_ERRORS = 3.0
CLEAR_SHARE = 0.02
# More categories than this are counted, not listed.
MOST_LISTED = 6
MOST_SERIES = 8


def bar_findings(studies: list[Study]) -> list[Finding]:
    """Rank the bars of one panel that share their categories."""
    bars = [s for s in studies if s.source.kind == "bar" and s.full.labels is not None and s.full.n]
    findings = []
    for axis in ("y", "y2"):
        same = [s for s in bars if s.source.axis == axis]
        if not 2 <= len(same) <= MOST_SERIES:
            continue
        shared = [label for label in same[0].full.labels or () if all(_has(s, label) for s in same)]
        told = _highest(same, shared) if len(shared) >= 2 else None
        findings += [told] if told is not None else []
    return findings


def _has(study: Study, label: str) -> bool:
    return study.full.labels is not None and study.full.labels.count(label) == 1


def _values(study: Study, shared: list[str]) -> FloatArray:
    labels = study.full.labels or ()
    return study.full.y[[labels.index(label) for label in shared]]


def _highest(studies: list[Study], shared: list[str]) -> Finding | None:
    values = np.array([_values(study, shared) for study in studies])
    error = CLEAR_ERRORS * max(float(np.median(s.full.sigma)) for s in studies)
    ranked = np.sort(values, axis=0)
    clear = ranked[-1] - ranked[-2] > max(error, CLEAR_SHARE * float(np.ptp(values)))
    if not clear.all():
        return None
    best = np.argmax(values, axis=0)
    evidence = Evidence(studies[0])
    count = evidence.count("n_series", len(studies))
    evidence.note("n_categories", len(shared))
    order = sorted(set(best.tolist()), key=lambda k: (-int(np.sum(best == k)), k))
    if len(order) > MOST_LISTED:
        return None
    what = "the higher" if len(studies) == 2 else "the highest"
    parts: list[str] = []
    for k in order:
        where = [label for label, winner in zip(shared, best, strict=True) if winner == k]
        n = evidence.count(f"n_{k}", len(where))
        places = join([studies[k].x_word.at(where[0]), *where[1:]])
        listed = places if len(shared) <= MOST_LISTED else f"in {n} of the categories"
        listed = "in every category" if len(order) == 1 else listed
        parts.append(f"{studies[k].name.subject} {f'is {what} ' if not parts else ''}{listed}")
    return Finding(
        kind="order",
        level=2,
        sentence=f"Among the {count} series, {'; '.join(parts)}.",
        panel=studies[0].ref.panel,
        series=tuple(studies[k].ref for k in order),
        evidence=evidence.values,
        confidence=0.95,
        salience=5.0,
        role="observation",
    )
