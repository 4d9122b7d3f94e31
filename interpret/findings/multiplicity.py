"""Hold the chance of any false claim in one chart at the level of one test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interpret.findings.model import Finding

ALPHA = 0.05


def correct_multiplicity(findings: Sequence[Finding]) -> list[Finding]:
    """Drop what fails Holm's correction over all tested findings; keep the untested.

    A step-down over the p-values of one chart. What stays has its adjusted p in the evidence and
    no more confidence than it allows.
    """
    tested = sorted((f.p, i) for i, f in enumerate(findings) if f.p is not None and f.asserts)
    adjusted: dict[int, float] = {}
    running = 0.0
    for rank, (p, index) in enumerate(tested):
        running = max(running, min(1.0, p * (len(tested) - rank)))
        adjusted[index] = running
    kept = []
    for index, finding in enumerate(findings):
        if index not in adjusted:
            kept.append(finding)
        elif adjusted[index] <= ALPHA:
            evidence = {**finding.evidence, "p_holm": float(f"{adjusted[index]:.2g}")}
            kept.append(
                replace(finding, evidence=evidence, confidence=min(finding.confidence, 1 - adjusted[index]))
            )
    return kept
