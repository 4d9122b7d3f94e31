"""The chart in at most 250 characters."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure
from interpret.findings.model import Finding

LONGEST = 250


def write_alt_text(figure: Figure, title: str, findings: Sequence[Finding]) -> str:
    """Return the title and the most salient sentences that fit, whole ones only."""
    if not figure.panels:
        return "A picture in which no chart could be read."
    text = _cut(title.rstrip("."), LONGEST - 1) + "."
    sentences = sorted(
        (f for f in findings if f.level in (2, 3) and f.confidence >= 0.5 and f.kind != "noise"),
        key=lambda f: -_weight(f),
    )
    for finding in sentences:
        if len(text) + 1 + len(finding.sentence) <= LONGEST and finding.kind in TOLD:
            return f"{text} {finding.sentence}"
    return text


TOLD = ("course", "shape", "trend", "summary", "level-shift", "extremum", "value", "plateau", "association")


def _weight(finding: Finding) -> float:
    return finding.salience + (10 if finding.kind == "course" else 0)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
