"""Score findings against what was put into a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from benchmarks.interpretation.event_cases import TOLD_AS, Case, Truth
from interpret.findings.model import Finding

# The claims that say that something happens, and from which confidence on they are made without a hedge.
CONFIDENT = 0.9
EVENTS = ("dip", "peak", "level-shift")
STORIES = (
    *EVENTS, "trend", "phase", "plateau", "trend-change", "correlation", "lag", "opposite-move", "co-move",
    "divergence", "oscillation", "knee", "shape", "volatility", "start-behaviour", "replay", "stairs", "gap",
)  # fmt: skip
LINKS = ("correlation", "lag", "opposite-move", "co-move")
# Where an event counts as found: this overlap, or this distance in shares of the run.
LEAST_OVERLAP = 0.5
NEAR = 0.02
BREAK_NEAR = 0.1


@dataclass(slots=True)
class Tally:
    """Successes out of trials."""

    good: int = 0
    n: int = 0

    def add(self, good: bool) -> None:
        self.good += bool(good)
        self.n += 1

    @property
    def share(self) -> float:
        return self.good / self.n if self.n else float("nan")

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        if self.n == 0:
            return 0.0, 1.0
        p, n = self.share, self.n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(slots=True)
class EventScore:
    """Recall by size, and how many of the told events were there."""

    recall: dict[tuple[str, float], Tally] = field(default_factory=dict)
    precision: dict[float, Tally] = field(default_factory=dict)


def score_events(score: EventScore, case: Case, findings: Sequence[Finding]) -> None:
    """Add one chart: each truth found or not, each told event true or not."""
    told = [f for f in findings if f.asserts and f.confidence >= CONFIDENT and f.level == 3]
    for truth in case.truths:
        mine = [f for f in told if f.panel == truth.panel and len(f.series) == 1]
        n = len(case.plots[truth.panel].lines[truth.series].y)
        found = any(matches(truth, f, n) for f in mine)
        score.recall.setdefault((truth.kind, truth.size), Tally()).add(found)
        for finding in mine:
            if finding.kind in EVENTS:
                good = truth.kind in ("dip", "peak", "drop", "jump") and matches(truth, finding, n)
                score.precision.setdefault(truth.size, Tally()).add(good)


def matches(truth: Truth, finding: Finding, n: int) -> bool:
    """Whether a finding is the event that was put in."""
    if finding.kind not in TOLD_AS[truth.kind] or finding.x_range is None:
        return False
    first, last = (float(at) for at in finding.x_range)
    way = "up" if truth.sign > 0 else "down"
    if truth.kind not in ("plateau", "break") and finding.direction != way:
        return False
    if truth.kind == "trend":
        return True
    if truth.kind == "plateau":
        return _overlap(first, last, truth.first, truth.last) >= LEAST_OVERLAP
    if truth.kind == "break":
        if finding.kind == "shape":
            return True
        return min(abs(first - truth.first), abs(last - truth.first)) <= BREAK_NEAR * n
    if truth.kind == "turn":
        return abs(first - truth.first) <= BREAK_NEAR * n
    at = float(finding.evidence.get("x_at", first)) if truth.kind in ("dip", "peak") else last
    near = truth.first - NEAR * n - 1 <= at <= truth.last + NEAR * n + 1
    return near or _overlap(first, last, truth.first - 1, truth.last + 1) >= LEAST_OVERLAP


def _overlap(a: float, b: float, c: float, d: float) -> float:
    union = max(b, d) - min(a, c)
    return max(0.0, min(b, d) - max(a, c)) / union if union > 0 else 1.0
