"""Check a whole text against a figure: sentence by sentence, claim by claim."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from digitizer.model import Figure
from interpret.check.claim import Claim, Context, Verdict
from interpret.check.curve import read_curve
from interpret.check.grammar import direction_of, numbers_in
from interpret.check.statements import judge_statements
from interpret.check.text import Sentence, is_construction, read_sentences
from interpret.check.values import judge_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sentence with its claims; its verdict is the worst of theirs, unclear where it has none."""

    sentence: Sentence
    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> Verdict:
        verdicts = {one.verdict for one in self.claims}
        return "fails" if "fails" in verdicts else "holds" if "holds" in verdicts else "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All sentences that claim something of the data."""

    checked: tuple[Checked, ...]

    @property
    def agrees(self) -> bool:
        return not any(one.verdict == "fails" for one in self.checked)

    def counts(self) -> dict[str, int]:
        """How many sentences hold, fail and are unclear."""
        found = Counter(one.verdict for one in self.checked)
        return {verdict: found[verdict] for verdict in ("holds", "fails", "unclear")}

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "schema_version": 1,
            "agrees": self.agrees,
            "counts": self.counts(),
            "sentences": [
                {
                    "sentence": one.sentence.text,
                    "verdict": one.verdict,
                    "series": [list(key) for key in one.sentence.about],
                    "claims": [
                        {"what": c.what, "verdict": c.verdict, "detail": c.detail} for c in one.claims
                    ],
                }
                for one in self.checked
            ],
        }

    def to_text(self) -> str:
        """The report for a person: what fails first, then what it cannot judge, then the count."""
        lines = []
        for verdict in ("fails", "unclear"):
            for one in self.checked:
                if one.verdict != verdict:
                    continue
                lines.append(f"{verdict}: {one.sentence.text}")
                lines += [f"    {c.what}: {c.detail}" for c in one.claims if c.verdict == "fails"]
        counts = self.counts()
        told = f"{counts['holds']} hold, {counts['fails']} fail, {counts['unclear']} cannot be judged"
        lines.append(f"{len(self.checked)} sentences about the data: {told}")
        return "\n".join(lines) + "\n"


def check_text(text: str, figure: Figure) -> Report:
    """Read a text's claims about a chart and recompute each from the data.

    Parameters
    ----------
    text : str
        Markdown or plain text, written by anyone.
    figure : Figure
        The chart's data.

    Returns
    -------
    Report
        Sentences about the chart's construction and its interpretation are left out where they hold
        neither a number nor a direction.
    """
    curves = {
        (p, s): read_curve(figure, (p, s))
        for p, panel in enumerate(figure.panels)
        for s in range(len(panel.series))
    }
    checked = []
    for sentence in read_sentences(text, figure):
        if is_construction(sentence):
            continue
        context = Context(sentence=sentence, curves=curves)
        claims = judge_values(context)
        if "interpretation" not in sentence.section:
            # What follows from an event is told there, not the event.
            claims += judge_statements(context)
        if claims or _claims_something(sentence):
            checked.append(Checked(sentence=sentence, claims=tuple(claims)))
    return Report(checked=tuple(checked))


def _claims_something(sentence: Sentence) -> bool:
    if "interpretation" in sentence.section:
        return bool(numbers_in(sentence.text))
    return bool(numbers_in(sentence.text) or direction_of(sentence.text))


__all__ = ["Checked", "Report", "Verdict", "check_text"]
