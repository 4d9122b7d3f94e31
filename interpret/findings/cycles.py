"""Claims about two series that repeat with one period: how far their crests lie apart."""

from __future__ import annotations

import numpy as np

from interpret.findings.model import Finding
from interpret.findings.naming import capital
from interpret.findings.patterns import distance
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

# Two cycles are of one length where they differ by less than this share, and their crests coincide within so
# much of a cycle.
SAME_PERIOD = 0.03
SAME_PHASE = 0.03


def cycle_finding(a: Study, b: Study) -> Finding | None:
    """How far the crests of one cycle lie from those of another of the same length."""
    if a.period is None or b.period is None:
        return None
    length = 0.5 * (a.period.period + b.period.period)
    if abs(a.period.period - b.period.period) > SAME_PERIOD * length:
        return None
    phases = [_phase(study, length) for study in (a, b)]
    offset = (phases[1] - phases[0] + 0.5) % 1.0 - 0.5
    first, second = (a, b) if offset >= 0 else (b, a)
    evidence = Evidence(a)
    share = abs(offset)
    evidence.note("offset_of_cycle", share)
    pair = f"{capital(first.name.subject)} and {second.name.subject} repeat with the same period"
    if share < SAME_PHASE:
        sentence = f"{pair}, and their crests coincide."
    elif share > 0.5 - SAME_PHASE:
        sentence = f"{pair}, the crests of one at the troughs of the other."
    else:
        length_words = distance(a, evidence, "offset", share * length)
        crests = f"the crests of {second.name.subject} come {length_words} after"
        sentence = f"{pair}; {crests} those of {first.name.subject}."
    return Finding(
        kind="cycle-offset",
        level=3,
        sentence=sentence,
        series=(first.ref, second.ref),
        x_range=x_range(a, 0, a.n - 1),
        evidence=evidence.values,
        confidence=0.95,
        salience=6.0,
        role="observation",
    )


def _phase(study: Study, length: float) -> float:
    """Where in a cycle the crest of the fundamental lies, in cycles."""
    assert study.period is not None
    angle = 2 * np.pi * study.column.x / length
    fitted = study.period.fitted - np.mean(study.period.fitted)
    return float(np.angle(np.sum(fitted * np.exp(1j * angle))) / (2 * np.pi))
