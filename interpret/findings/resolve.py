"""Let no two findings contradict each other, and say nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interpret.findings.model import Finding, SeriesRef

QUIET = ("dip", "peak")


def resolve(findings: Sequence[Finding]) -> list[Finding]:
    """Drop what contradicts or repeats a stronger finding of the same series.

    A denied trend gives way to an asserted phase; a size told of a jump goes when the jump went; an
    opposite move needs the event that it answers.
    """
    kept = []
    smoothed = {ref: f for f in findings if f.kind == "smoothing" for ref in f.series[::2]}
    for finding in findings:
        if finding.kind != "smoothing" and _repeats_raw(finding, smoothed):
            continue
        same = [f for f in findings if f is not finding and f.series == finding.series]
        if (
            finding.kind == "trend"
            and not finding.asserts
            and any(f.kind in ("phase", "level-shift") for f in same)
        ):
            continue
        if (
            finding.kind in ("value", "end-behaviour")
            and _about_a_jump(finding)
            and not _jump_of(finding, same)
        ):
            continue
        if finding.kind in ("opposite-move", "divergence", "co-move") and not _event_of(finding, findings):
            continue
        if "highest" in finding.evidence and _says_order(finding, findings):
            continue
        if finding.kind in ("dip", "peak") and finding.asserts and any(_replayed(finding, f) for f in same):
            continue
        kept.append(finding)
    return kept


def _says_order(finding: Finding, findings: Sequence[Finding]) -> bool:
    """Whether who of two is above at the end follows from who is above throughout, or crossed last."""
    if finding.role != "observation" or len(finding.series) != 2 or "n" in finding.evidence:
        return False
    return any(f.kind in ("order", "crossing") and f.series == finding.series for f in findings)


def _replayed(event: Finding, other: Finding) -> bool:
    """Whether a departure is told as a stretch that is run through again, or as the start."""
    if other.kind not in ("replay", "start-behaviour") or event.x_range is None or other.x_range is None:
        return False
    (a, b), (c, d) = event.x_range, other.x_range
    return not any(isinstance(v, str) for v in (a, b, c, d)) and a <= d and c <= b  # type: ignore[operator]


def _repeats_raw(finding: Finding, smoothed: Mapping[SeriesRef, Finding]) -> bool:
    """Whether a claim tells the smoothed line's course, or compares it with the raw one or a third."""
    if not any(ref in smoothed for ref in finding.series):
        return False
    if len(finding.series) > 1 or finding.level == 3 or finding.role == "observation":
        return True
    return finding.kind in ("noise", "extremum")


def _about_a_jump(finding: Finding) -> bool:
    return finding.role == "observation" and (
        "share_of_range" in finding.evidence or "recovery" in finding.evidence
    )


def _jump_of(finding: Finding, others: Sequence[Finding]) -> bool:
    return any(
        f.kind in ("level-shift", *QUIET)
        and f.asserts
        and f.evidence.get("x_at") == finding.evidence.get("x_at")
        for f in others
    ) or (finding.kind == "end-behaviour" and any(f.kind == "level-shift" for f in others))


def _event_of(finding: Finding, findings: Sequence[Finding]) -> bool:
    return any(
        f.kind in ("dip", "peak", "level-shift")
        and f.asserts
        and f.series == finding.series[:1]
        and f.evidence.get("x_at") == finding.evidence.get("x_at")
        for f in findings
    )
