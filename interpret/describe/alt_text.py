"""The chart in at most 250 characters."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure
from interpret.findings.model import Finding

LONGEST = 250
GOES_ON = "; …"
IN_DOUBT = " The reading is in doubt."
LEAST_CONFIDENCE = 0.5


def write_alt_text(figure: Figure, title: str, findings: Sequence[Finding]) -> str:
    """Return the title and the most salient sentence that fits, or as many series of it as do."""
    if not figure.panels:
        return "A picture in which no chart could be read."
    text = _cut(title.rstrip("."), LONGEST - 1) + "."
    sentences = sorted(
        (f for f in findings if f.level in (2, 3) and f.kind in TOLD and _is_believed(f)),
        key=lambda f: -_weight(f),
    )
    doubt = "" if all(panel.status == "ok" for panel in figure.panels) else IN_DOUBT
    text = _cut(text, LONGEST - len(doubt))
    for finding in sentences:
        told = _fitting(finding, LONGEST - len(text) - len(doubt) - 1)
        if told:
            return f"{text} {told}{doubt}"
    return f"{text}{doubt}"


TOLD = (
    *("course", "shape", "trend", "summary", "level-shift", "extremum", "value", "plateau", "association"),
    *("order", "gap", "trend-change"),
)


def _fitting(finding: Finding, room: int) -> str:
    """The sentence, or the series that fit of a course told series by series; nothing where none does."""
    if len(finding.sentence) <= room:
        return finding.sentence
    clauses = finding.sentence.split("; ") if finding.kind == "course" else []
    kept = [k for k in range(1, len(clauses)) if len("; ".join(clauses[:k])) + len(GOES_ON) <= room]
    return "; ".join(clauses[: kept[-1]]) + GOES_ON if kept else ""


def _is_believed(finding: Finding) -> bool:
    """A course says itself which of its parts are no more than possible."""
    return finding.kind == "course" or finding.confidence >= LEAST_CONFIDENCE


def _weight(finding: Finding) -> float:
    """The course before all; how far the series run and what single points are after all."""
    lists = {"course": 10.0, "summary": -6.0}
    return finding.confidence * finding.salience + lists.get(finding.kind, 0.0)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
