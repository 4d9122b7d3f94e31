"""Arrange findings under the sections of a description, in blocks that any format can render."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from digitizer.model import Figure
from interpret.describe.blocks import Block, Item, Piece
from interpret.describe.tables import ends_table, is_list_of_values, values_table
from interpret.findings.model import Finding
from interpret.findings.naming import panel_name
from interpret.findings.structure import say_count
from interpret.findings.trust import is_trusted

Detail = Literal["brief", "standard", "full"]

# Findings told a series, by how many series the figure has: a grid of panels gets what matters.
STANDARD_BUDGETS = ((2, 8), (4, 6), (8, 3), (1_000_000, 1))
NO_LIMIT = 1_000_000
# With so many sentences a series or fewer, the course goes first, one signal drawn twice is told once, and a
# table holds the ends.
FEW = 3
SEQUEL = re.compile(r"^(?:Then|Later|After)\b|\bthen\b")
SECTIONS = ("Overview", "Components/Axes", "Detailed Analysis", "Key Observations", "Interpretation")
POSSIBILITIES = "What follows are possibilities; the chart alone does not decide between them."
NO_HYPOTHESIS = (
    "No cause is suggested: the labels and the course of the data match no pattern with a known meaning."
)
IN_DOUBT = "No cause is suggested: what is read in doubt is no ground for one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much is told: per series (by the figure's number of series), at most so many of each."""

    budgets: tuple[tuple[int, int], ...]
    most_observations: int
    most_series: int
    most_hypotheses: int
    values: bool
    tables: bool


DEPTHS: dict[Detail, Depth] = {
    "brief": Depth(
        budgets=((NO_LIMIT, 1),),
        most_observations=3,
        most_series=12,
        most_hypotheses=1,
        values=False,
        tables=False,
    ),
    "standard": Depth(
        budgets=STANDARD_BUDGETS,
        most_observations=6,
        most_series=24,
        most_hypotheses=3,
        values=True,
        tables=False,
    ),
    "full": Depth(
        budgets=((NO_LIMIT, NO_LIMIT),),
        most_observations=NO_LIMIT,
        most_series=NO_LIMIT,
        most_hypotheses=3,
        values=True,
        tables=True,
    ),
}


Section = tuple[str, tuple[Block, ...]]


def arrange(figure: Figure, findings: Sequence[Finding], detail: Detail = "standard") -> tuple[Section, ...]:
    """Return the five sections.

    Parameters
    ----------
    figure : Figure
    findings : sequence of Finding
        In order of their ids.
    detail : {"brief", "standard", "full"}
        How much is told.
    """
    depth = DEPTHS[detail]
    blocks = (
        _overview(figure, findings),
        _components(figure, findings, brief=detail == "brief"),
        _details(figure, findings, depth),
        _observations(findings, depth),
        _interpretation(figure, findings, depth),
    )
    return tuple(zip(SECTIONS, blocks, strict=True))


def piece(finding: Finding) -> Piece:
    """A finding's sentence; only what claims more than construction carries its id."""
    return Piece(text=finding.sentence, ids=() if finding.level < 2 else (finding.id,))


def _paragraph(*pieces: Piece) -> Block:
    return Block(kind="paragraphs", items=(Item(pieces=pieces),))


def _heading(figure: Figure, index: int) -> Block:
    name = panel_name(figure, index)
    if name.startswith("“"):
        text = name.strip("“”")
    else:
        name = name.removeprefix("the ")
        text = name[0].upper() + name[1:]
    return _title_block(text)


def _title_block(text: str) -> Block:
    return Block(kind="heading", items=(Item(pieces=(Piece(text=text),)),))


def _overview(figure: Figure, findings: Sequence[Finding]) -> tuple[Block, ...]:
    if not figure.panels:
        reasons = " ".join(notice.message.rstrip(".") + "." for notice in figure.warnings)
        return (_paragraph(Piece(text=f"No chart could be read in this picture. {reasons}".strip())),)
    return (_paragraph(*(piece(f) for f in findings if f.role == "overview")),)


def _components(figure: Figure, findings: Sequence[Finding], *, brief: bool) -> tuple[Block, ...]:
    blocks: list[Block] = []
    n = len(figure.panels)
    for index in (None, *range(n)):
        mine = [f for f in findings if f.role == "components" and f.panel == index]
        if brief:
            # The words of the axes and the series; ticks and frames are in the longer ones.
            mine = [f for f in mine if not f.sentence.startswith(("Title", "There is no legend"))]
        if index is None and not mine:
            continue
        if index is None:
            blocks.append(_title_block("Both panels" if n == 2 else f"All {say_count(n)} panels"))
        elif n > 1:
            blocks.append(_heading(figure, index))
        blocks.append(Block(kind="bullets", items=tuple(Item(pieces=(piece(f),)) for f in mine)))
    return tuple(blocks) or (_paragraph(Piece(text="No axes could be read.")),)


def _details(figure: Figure, findings: Sequence[Finding], depth: Depth) -> tuple[Block, ...]:
    n_series = sum(len(panel.series) for panel in figure.panels)
    budget = next(limit for count, limit in depth.budgets if n_series <= count)
    smoothed = _smoothed(findings)
    blocks: list[Block] = []
    told: list[tuple[int, int]] = []
    for index, panel in enumerate(figure.panels):
        inner: list[Block] = []
        tabled: list[Finding] = []
        for s in range(len(panel.series)):
            mine = [
                f
                for f in findings
                if f.role == "detail" and len(f.series) == 1 and (f.panel, f.series[0].series) == (index, s)
            ]
            if not mine or len(told) >= depth.most_series or (budget <= FEW and (index, s) in smoothed):
                continue
            told.append((index, s))
            if depth.tables:
                tabled += [f for f in mine if is_list_of_values(f)]
                mine = [f for f in mine if not is_list_of_values(f)]
            inner.append(Block(kind="paragraphs", items=_course_and_values(mine, budget, depth)))
        if tabled:
            inner.append(values_table(figure, index, tabled))
        if inner and len(figure.panels) > 1:
            blocks.append(_heading(figure, index))
        blocks += inner
    if depth.values and budget <= FEW:
        table = ends_table(figure, told, findings)
        blocks[:0] = [] if table is None else [table]
    return tuple(blocks) or (_paragraph(Piece(text="No values could be read.")),)


def _smoothed(findings: Sequence[Finding]) -> set[tuple[int, int]]:
    """Panels and series of the lines that are another one, smoothed: each stands before that."""
    refs = [ref for f in findings if f.kind == "smoothing" for ref in f.series[::2]]
    return {(ref.panel, ref.series) for ref in refs}


def _course_and_values(findings: Sequence[Finding], budget: int, depth: Depth) -> tuple[Item, ...]:
    """The course in one paragraph, then the values and the noise."""
    if not depth.tables:
        findings = _without_repeats(findings)
    if not depth.values:
        findings = [f for f in findings if f.level == 3 and f.asserts] or findings
    # Where there is room for a sentence or two, the course goes before its events, and last comes
    # the sequel of a phase that is not told after it.
    few = budget <= FEW
    chosen = sorted(
        findings, key=lambda f: (few and (f.kind != "trend", bool(SEQUEL.search(f.sentence))), -f.salience)
    )[:budget]
    kept = [f for f in findings if f in chosen]
    parts = ([piece(f) for f in kept if f.level == 3], [piece(f) for f in kept if f.level == 2])
    return tuple(Item(pieces=tuple(part)) for part in parts if part)


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out the pieces of a course that a law tells as a whole, and a bend that its pieces tell."""
    law = next((f for f in findings if f.kind == "shape"), None)
    if law is None:
        return list(findings)
    pieces = [f for f in findings if f.kind == "phase"]
    alike = [f for f in pieces if f.direction == law.direction]
    if len(alike) < len(pieces) or not alike:
        return list(findings)
    if law.evidence.get("family") == "bent":
        return [f for f in findings if f is not law] if len(alike) > 1 else list(findings)
    return [f for f in findings if f not in alike]


def _observations(findings: Sequence[Finding], depth: Depth) -> tuple[Block, ...]:
    told = [f for f in findings if f.role == "observation"]
    chosen = sorted(told, key=lambda f: -f.salience)[: depth.most_observations]
    if not chosen:
        return (_paragraph(Piece(text="Nothing stands out beyond what is told above.")),)
    return (Block(kind="numbered", items=tuple(Item(pieces=(piece(f),)) for f in chosen)),)


def _interpretation(figure: Figure, findings: Sequence[Finding], depth: Depth) -> tuple[Block, ...]:
    hypotheses = [f for f in findings if f.level == 4][: depth.most_hypotheses]
    if not hypotheses:
        doubt = bool(figure.panels) and not any(is_trusted(panel) for panel in figure.panels)
        return (_paragraph(Piece(text=IN_DOUBT if doubt else NO_HYPOTHESIS)),)
    items = []
    for finding in hypotheses:
        below = (
            Piece(text=f"What would support it: {'; '.join(finding.confirms)}.", ids=(finding.id,)),
            Piece(text=f"What would speak against it: {'; '.join(finding.refutes)}.", ids=(finding.id,)),
        )
        items.append(Item(pieces=(piece(finding),), below=below))
    return _paragraph(Piece(text=POSSIBILITIES)), Block(kind="bullets", items=tuple(items))
