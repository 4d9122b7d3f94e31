"""The recipe: from a figure to its findings."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitizer.model import Figure
from interpret.findings.bars import bar_findings
from interpret.findings.between import pair_findings
from interpret.findings.clouds import cloud_findings
from interpret.findings.courses import course_findings
from interpret.findings.events import event_findings
from interpret.findings.examine import study_series
from interpret.findings.gaps import gap_findings
from interpret.findings.gather import gather
from interpret.findings.hypotheses import hypothesis_findings
from interpret.findings.model import Finding, SeriesRef
from interpret.findings.multiplicity import correct_multiplicity
from interpret.findings.naming import SeriesName, name_series
from interpret.findings.overview import overview_findings
from interpret.findings.panels import order_findings, smoothing_findings
from interpret.findings.patterns import pattern_findings
from interpret.findings.resolve import resolve
from interpret.findings.structure import component_findings, figure_findings
from interpret.findings.study import Study
from interpret.findings.trust import claim_trust
from interpret.findings.values import value_findings
from interpret.knowledge.load import load_knowledge
from interpret.knowledge.model import Knowledge


@dataclass(frozen=True, kw_only=True, eq=False)
class Collection:
    """All findings of a figure, and what they rest on."""

    findings: tuple[Finding, ...]
    studies: tuple[Study, ...]
    names: dict[tuple[int, int], SeriesName]


def collect_findings(figure: Figure, knowledge: Knowledge | None = None, *, wording: int = 0) -> Collection:
    """Study every series that was read, claim what holds, and resolve what contradicts.

    Parameters
    ----------
    figure : Figure
    knowledge : Knowledge, optional
        Quantities and rules; by default those that come with the package.
    wording : int
        Turns to the next of the phrasings that say the same.
    """
    names = name_series(figure)
    studies = study_figure(figure, names, wording)
    structure = [*figure_findings(figure), *component_findings(figure, names)]
    claims = [finding for study in studies for finding in series_findings(study)]
    claims += [f for index in range(len(figure.panels)) for f in order_findings(_of_panel(studies, index))]
    claims += [f for index in range(len(figure.panels)) for f in gap_findings(_of_panel(studies, index))]
    claims += [f for index in range(len(figure.panels)) for f in bar_findings(_of_panel(studies, index))]
    claims += smoothing_findings(studies)
    claims += pair_findings(figure, studies)
    claims = weaken_suspects(figure, gather(figure, resolve(correct_multiplicity(claims))))
    claims += hypothesis_findings(figure, claims, studies, names, knowledge or load_knowledge())
    overview = weaken_suspects(figure, overview_findings(figure, claims, studies))
    findings = [replace(f, id=f"f{i}") for i, f in enumerate([*structure, *overview, *claims], start=1)]
    return Collection(findings=tuple(findings), studies=tuple(studies), names=names)


def study_figure(figure: Figure, names: dict[tuple[int, int], SeriesName], wording: int = 0) -> list[Study]:
    """Study every series of every panel that could be read."""
    able = [
        (p, s)
        for p, panel in enumerate(figure.panels)
        if panel.status != "unreadable"
        for s in range(len(panel.series))
    ]
    studies = []
    wording += _wording(figure)
    for k, (p, s) in enumerate(able):
        panel = figure.panels[p]
        series = panel.series[s]
        ref = SeriesRef(panel=p, series=s, name=series.name)
        # Series of one figure are told in turn in other words.
        studies.append(study_series(panel, series, ref, names[p, s], wording + k))
    return studies


def _wording(figure: Figure) -> int:
    """A number that the figure's words and lengths decide: not its colours, units of y, or pixels."""
    held = [
        (panel.title, panel.x_axis.label, panel.y_axis.label, series.name, len(series.x))
        for panel in figure.panels
        for series in panel.series
    ]
    return zlib.crc32(repr(held).encode())


def series_findings(study: Study) -> list[Finding]:
    """All claims about one series: the whole, then its course in order of x, what is denied, numbers."""
    course = [*course_findings(study), *event_findings(study), *pattern_findings(study)]
    trend = [f for f in course if f.kind == "trend"]
    denied = [f for f in course if not f.asserts and f.kind != "trend" and f.role == "detail"]
    rest = [f for f in course if f not in trend and f not in denied]
    # What concerns the whole goes before what begins at its start.
    places = {id(f): [study.index_of(at) for at in f.x_range or ()] or [0, 0] for f in rest}
    whole = study.n - 1
    rest.sort(key=lambda f: (places[id(f)][0], places[id(f)] != [0, whole]))
    return [*trend, *rest, *denied, *cloud_findings(study), *value_findings(study)]


def weaken_suspects(figure: Figure, findings: Sequence[Finding]) -> list[Finding]:
    """Lower the confidence of what rests on a panel in doubt."""
    return [
        replace(finding, confidence=finding.confidence * claim_trust(figure, finding.series))
        for finding in findings
    ]


def _of_panel(studies: Sequence[Study], index: int) -> list[Study]:
    return [study for study in studies if study.ref.panel == index]
