"""Say once what holds in many panels alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitizer.model import Figure
from interpret.findings.model import Finding
from interpret.findings.naming import capital, panel_name
from interpret.findings.structure import say_count


def gather(figure: Figure, findings: Sequence[Finding]) -> list[Finding]:
    """Put the smoothed lines of several panels into one finding where they bear the same names."""
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.kind == "smoothing":
            alike.setdefault(_bare(figure, finding), []).append(finding)
    told: list[Finding] = []
    for finding in findings:
        same = alike.get(_bare(figure, finding), []) if finding.kind == "smoothing" else []
        if len(same) < 2:
            told.append(finding)
        elif finding is same[0]:
            told.append(_merged(figure, same))
    return told


def _bare(figure: Figure, finding: Finding) -> str:
    """The sentence without its panel."""
    index = finding.series[0].panel
    return finding.sentence.replace(f" in {panel_name(figure, index)}", "")


def _merged(figure: Figure, same: Sequence[Finding]) -> Finding:
    n, total = len(same), len(figure.panels)
    which = f"all {say_count(total)}" if n == total else f"{say_count(n)} of the {say_count(total)}"
    which = "both" if n == total == 2 else which
    bare = _bare(figure, same[0])
    bare = bare[0].lower() + bare[1:] if bare == capital(bare) and bare.startswith("The ") else bare
    return replace(
        same[0],
        sentence=f"In {which} panels {bare}",
        panel=None,
        series=tuple(ref for finding in same for ref in finding.series),
        x_range=same[0].x_range if len({f.x_range for f in same}) == 1 else None,
        evidence={"n_panels": n},
        salience=7.5,
        role="overview",
        confidence=min(finding.confidence for finding in same),
    )
