"""Is a finding's confidence the share of such findings that are true?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.interpretation.event_cases import Case
from benchmarks.interpretation.scoring import EVENTS, STORIES, matches
from benchmarks.tables import markdown_table
from digitizer.model import Figure
from interpret.check import check_text
from interpret.findings.model import Finding

EDGES = (0.0, 0.33, 0.5, 0.66, 0.9, 0.96, 1.0)
# The protocol's bound for the expected error.
MOST_ERROR = 0.05


@dataclass(slots=True)
class Calibration:
    """Confidences and whether the findings are true, one entry a finding that can be judged."""

    stated: list[float] = field(default_factory=list)
    true: list[bool] = field(default_factory=list)

    def add(self, case: Case, findings: Sequence[Finding], truth: Figure) -> None:
        """Judge what is asserted of one chart.

        An event is true where it was put in, anything told as a story on noise alone is not, and other
        sentences are what the checker says of the true data.
        """
        for finding in findings:
            if not finding.asserts or finding.level not in (2, 3):
                continue
            good = _is_true(case, finding, truth)
            if good is not None:
                self.stated.append(finding.confidence)
                self.true.append(good)

    def error(self) -> float:
        """The expected calibration error over the bins of ``EDGES``."""
        stated, true = np.array(self.stated), np.array(self.true, dtype=float)
        bins = np.clip(np.digitize(stated, EDGES) - 1, 0, len(EDGES) - 2)
        gaps = [
            abs(float(stated[bins == k].mean() - true[bins == k].mean())) * float(np.mean(bins == k))
            for k in np.unique(bins)
        ]
        return float(np.sum(gaps))

    def brier(self) -> tuple[float, float]:
        """The Brier score, and that of saying the overall share of every finding."""
        stated, true = np.array(self.stated), np.array(self.true, dtype=float)
        return float(np.mean((stated - true) ** 2)), float(np.mean((true.mean() - true) ** 2))

    def table(self) -> str:
        """As Markdown: a row a bin, and the scores."""
        stated, true = np.array(self.stated), np.array(self.true)
        bins = np.clip(np.digitize(stated, EDGES) - 1, 0, len(EDGES) - 2)
        rows = [
            [
                f"{EDGES[k]:.2f} to {EDGES[k + 1]:.2f}",
                str(int(np.sum(bins == k))),
                f"{stated[bins == k].mean():.3f}",
                f"{true[bins == k].mean():.3f}",
            ]
            for k in np.unique(bins)
        ]
        own, constant = self.brier()
        met = "met" if self.error() <= MOST_ERROR and own < constant else "not met"
        return (
            markdown_table(["confidence", "findings", "stated in the mean", "true"], rows)
            + f"\nExpected calibration error {self.error():.3f} (target {MOST_ERROR}), Brier score {own:.4f} "
            + f"(one confidence for all: {constant:.4f}): {met}.\n"
        )


def _is_true(case: Case, finding: Finding, truth: Figure) -> bool | None:
    if not case.truths and finding.kind in STORIES:
        return False
    if finding.kind in EVENTS:
        mine = [t for t in case.truths if t.panel == finding.panel]
        n = len(case.plots[finding.panel or 0].lines[0].y)
        return any(t.kind in ("dip", "peak", "drop", "jump") and matches(t, finding, n) for t in mine)
    report = check_text(finding.sentence, truth)
    counts = report.counts()
    return None if not counts["holds"] and not counts["fails"] else not counts["fails"]
