"""Arrange findings under the sections of a description."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure
from interpret.findings.model import Finding
from interpret.findings.naming import panel_name

# Findings told a series, by how many series the figure has: a grid of panels gets what matters.
DETAIL_BUDGETS = ((2, 8), (4, 6), (8, 3), (1_000_000, 1))
MOST_OBSERVATIONS = 6
NO_HYPOTHESIS = (
    "No cause is suggested: the labels and the course of the data match no pattern with a known meaning."
)
MOST_DETAILED_SERIES = 24


def write_markdown(figure: Figure, title: str, findings: Sequence[Finding]) -> str:
    """Return the description as Markdown."""
    sections = [
        f"## {_plain(title)}",
        "### Overview",
        _overview(figure, findings),
        "### Components/Axes",
        _components(figure, findings),
        "### Detailed Analysis",
        _details(figure, findings),
        "### Key Observations",
        _observations(findings),
        "### Interpretation",
        _interpretation(figure, findings),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def marked(finding: Finding) -> str:
    """A sentence, followed by its id where it claims more than construction."""
    sentence = _plain(finding.sentence)
    return sentence if finding.level < 2 else f"{sentence} <!-- {finding.id} -->"


def _plain(text: str) -> str:
    """Labels must neither end the line nor open a comment."""
    return " ".join(text.split()).replace("<", "&lt;").replace(">", "&gt;")


def _overview(figure: Figure, findings: Sequence[Finding]) -> str:
    if not figure.panels:
        reasons = " ".join(notice.message.rstrip(".") + "." for notice in figure.warnings)
        return f"No chart could be read in this picture. {reasons}".strip()
    return " ".join(marked(f) for f in findings if f.role == "overview")


def _components(figure: Figure, findings: Sequence[Finding]) -> str:
    blocks = []
    for index in range(len(figure.panels)):
        lines = [f"- {marked(f)}" for f in findings if f.role == "components" and f.panel == index]
        heading = [f"**{_heading(figure, index)}**", ""] if len(figure.panels) > 1 else []
        blocks.append("\n".join([*heading, *lines]))
    return "\n\n".join(blocks) if blocks else "No axes could be read."


def _heading(figure: Figure, index: int) -> str:
    name = panel_name(figure, index)
    if name.startswith("“"):
        return _plain(name.strip("“”"))
    name = name.removeprefix("the ")
    return _plain(name[0].upper() + name[1:])


def _details(figure: Figure, findings: Sequence[Finding]) -> str:
    n_series = sum(len(panel.series) for panel in figure.panels)
    budget = next(limit for count, limit in DETAIL_BUDGETS if n_series <= count)
    blocks = []
    told = 0
    for index, panel in enumerate(figure.panels):
        paragraphs = []
        for s in range(len(panel.series)):
            if told >= MOST_DETAILED_SERIES:
                break
            mine = [
                f
                for f in findings
                if f.role == "detail" and len(f.series) == 1 and (f.panel, f.series[0].series) == (index, s)
            ]
            if mine:
                told += 1
                paragraphs.append(_series_details(mine, budget))
        if paragraphs:
            heading = f"**{_heading(figure, index)}**\n\n" if len(figure.panels) > 1 else ""
            blocks.append(heading + "\n\n".join(paragraphs))
    return "\n\n".join(blocks) if blocks else "No values could be read."


def _series_details(findings: Sequence[Finding], budget: int) -> str:
    """The course in one paragraph, then the values and the noise."""
    # Where there is room for a sentence or two, the course goes before its events.
    chosen = sorted(findings, key=lambda f: (f.kind != "trend" and budget <= 3, -f.salience))[:budget]
    kept = [f for f in findings if f in chosen]
    course = [marked(f) for f in kept if f.level == 3]
    values = [marked(f) for f in kept if f.level == 2]
    return "\n\n".join(part for part in (" ".join(course), " ".join(values)) if part)


def _observations(findings: Sequence[Finding]) -> str:
    told = [f for f in findings if f.role == "observation"]
    chosen = sorted(told, key=lambda f: -f.salience)[:MOST_OBSERVATIONS]
    if not chosen:
        return "Nothing stands out beyond what is told above."
    return "\n".join(f"{k}. {marked(f)}" for k, f in enumerate(chosen, start=1))


def _interpretation(figure: Figure, findings: Sequence[Finding]) -> str:
    hypotheses = [f for f in findings if f.level == 4]
    if not hypotheses:
        return NO_HYPOTHESIS
    lines = ["What follows are possibilities; the chart alone does not decide between them.", ""]
    for finding in hypotheses:
        lines.append(f"- {marked(finding)}")
        lines.append(f"  - What would support it: {_join(finding.confirms)}. <!-- {finding.id} -->")
        lines.append(f"  - What would speak against it: {_join(finding.refutes)}. <!-- {finding.id} -->")
    return "\n".join(lines)


def _join(parts: Sequence[str]) -> str:
    return "; ".join(_plain(part) for part in parts)
