"""Match the rules against the findings: what the chart may mean, and what would decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from digitizer.model import Figure
from interpret.findings.derived import derive
from interpret.findings.model import Finding, Position
from interpret.findings.naming import SeriesName, capital
from interpret.findings.study import Study
from interpret.findings.trust import claim_trust, is_trusted
from interpret.knowledge.model import Condition, Knowledge, Rule
from interpret.knowledge.recognise import is_progress, recognise, recognise_x
from interpret.knowledge.schema import PROGRESS

MOST_HYPOTHESES = 3
# A cause read off a chart alone is never more than possible.
CONFIDENCE = 0.5
FIRM_ENOUGH = 0.8
EVENTS = ("level-shift", "dip", "peak", "trend-change", "opposite-move")
# Two events are one occasion where they are no further apart than this share of the run.
BESIDE = 0.03
# One finding follows another where it begins no earlier than this share of the run before its end.
FOLLOWS = 0.2
# More combinations of findings than this are not tried: a rule that needs them says nothing.
MOST_COMBINATIONS = 5000

Key = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What the rules are matched against: ``facts`` and, of each, its evidence with derived numbers."""

    facts: Sequence[Finding]
    evidence: Mapping[int, Mapping[str, float | str]]
    quantities: Mapping[Key, str]
    x_quantities: Mapping[int, str | None]
    progress: Mapping[int, bool]
    studies: Mapping[Key, Study]
    names: Mapping[Key, SeriesName]


def hypothesis_findings(
    figure: Figure,
    findings: Sequence[Finding],
    studies: Sequence[Study],
    names: Mapping[Key, SeriesName],
    knowledge: Knowledge,
) -> list[Finding]:
    """Return at most three hypotheses, the most specific first.

    Parameters
    ----------
    figure : Figure
    findings : sequence of Finding
        Those that passed; uncertain ones (confidence below 0.8) carry no hypothesis.
    studies : sequence of Study
    names : mapping
        (panel, series) to its name.
    knowledge : Knowledge
        The rules, and the words by which quantities are recognised.
    """
    case = _case(figure, findings, studies, names, knowledge)
    if not case.quantities:
        return []
    shown = set(case.quantities.values())
    fired: dict[str, tuple[float, Finding]] = {}
    for rule in knowledge.rules:
        if not set(rule.present) <= shown or shown & set(rule.absent):
            continue
        match = _match(rule, case)
        if match is None or any(_matching(c, case) for c in rule.unless):
            continue
        weight = rule.weight + 0.05 * max(finding.salience for finding in match)
        if rule.id not in fired or fired[rule.id][0] < weight:
            fired[rule.id] = (weight, _doubted(figure, _finding(rule, match, case)))
    ranked = sorted(fired.values(), key=lambda item: (-item[0], item[1].rule or ""))
    return [finding for _, finding in ranked[:MOST_HYPOTHESES]]


def _case(
    figure: Figure,
    findings: Sequence[Finding],
    studies: Sequence[Study],
    names: Mapping[Key, SeriesName],
    knowledge: Knowledge,
) -> _Case:
    panels = {p: panel for p, panel in enumerate(figure.panels) if is_trusted(panel)}
    quantities = {
        (p, s): quantity
        for p, panel in panels.items()
        for s, series in enumerate(panel.series)
        if (quantity := recognise(panel, series, knowledge)) is not None
    }
    by_key = {(study.ref.panel, study.ref.series): study for study in studies}
    facts = [
        f
        for f in findings
        if f.level in (2, 3)
        and f.series
        and f.confidence >= FIRM_ENOUGH * claim_trust(figure, f.series)
        and all((ref.panel, ref.series) in quantities for ref in f.series)
    ]
    return _Case(
        facts=facts,
        evidence={
            i: derive(f, by_key[f.series[0].panel, f.series[0].series]) if len(f.series) == 1 else f.evidence
            for i, f in enumerate(facts)
        },
        quantities=quantities,
        x_quantities={p: recognise_x(panel.x_axis, knowledge) for p, panel in panels.items()},
        progress={p: is_progress(panel, knowledge) for p, panel in panels.items()},
        studies=by_key,
        names=names,
    )


def _match(rule: Rule, case: _Case) -> tuple[Finding, ...] | None:
    """The most salient combination of findings that meets all conditions."""
    choices = [[f for f in _matching(c, case) if _placed(rule, f, case)] for c in rule.when]
    size = 1
    for choice in choices:
        size *= len(choice)
    if not 0 < size <= MOST_COMBINATIONS:
        return None
    best: tuple[float, tuple[Finding, ...]] | None = None
    for combination in product(*choices):
        events = [f for f in combination if f.kind in EVENTS]
        together = [(0, k) for k in range(1, len(events))] if not rule.before else []
        if not all(_overlap(events[i], events[k], case) for i, k in together):
            continue
        if not all(_overlap(combination[i], combination[k], case) for i, k in rule.overlap):
            continue
        if not all(_before(combination[i], combination[k], case) for i, k in rule.before):
            continue
        score = sum(finding.salience for finding in combination)
        if best is None or score > best[0]:
            best = (score, combination)
    return best[1] if best else None


def _placed(rule: Rule, finding: Finding, case: _Case) -> bool:
    """Whether x is what the rule asks for."""
    for ref in finding.series:
        progress = case.progress[ref.panel]
        if rule.progress and not progress:
            return False
        if rule.x and case.x_quantities[ref.panel] not in rule.x and not (progress and PROGRESS in rule.x):
            return False
    return True


def _matching(condition: Condition, case: _Case) -> list[Finding]:
    return [f for i, f in enumerate(case.facts) if _holds(condition, f, case.evidence[i], case)]


def _holds(condition: Condition, finding: Finding, evidence: Mapping[str, float | str], case: _Case) -> bool:
    if finding.kind not in condition.kinds or finding.asserts != condition.asserts:
        return False
    if condition.direction is not None and finding.direction != condition.direction:
        return False
    shown = [case.quantities[ref.panel, ref.series] for ref in finding.series]
    if condition.pair:
        wanted = list(condition.quantities)
        if shown != wanted and (condition.ordered or shown != wanted[::-1]):
            return False
    elif len(shown) != 1 or shown[0] not in condition.quantities:
        return False
    if condition.at_end:
        study = case.studies[finding.series[0].panel, finding.series[0].series]
        if finding.x_range is None or finding.x_range[1] != study.position(study.n - 1):
            return False
    return (
        all(_number(evidence, key) >= bound for key, bound in condition.at_least.items())
        and all(_number(evidence, key) <= bound for key, bound in condition.at_most.items())
        and all(evidence.get(key) == text for key, text in condition.equals.items())
    )


def _number(evidence: Mapping[str, float | str], key: str) -> float:
    """NaN where it is not there, which meets no bound."""
    value = evidence.get(key, float("nan"))
    return float(value) if not isinstance(value, str) else float("nan")


def _window(finding: Finding, case: _Case) -> tuple[float, float, float] | None:
    """Its window along x as numbers, and the length of its series."""
    if finding.x_range is None:
        return None
    ref = finding.series[0]
    study = case.studies[ref.panel, ref.series]
    x = study.column.x
    first, last = (float(x[study.index_of(place)]) for place in finding.x_range)
    return first, last, float(x[-1] - x[0]) if len(x) else 0.0


def _overlap(a: Finding, b: Finding, case: _Case) -> bool:
    one, two = _window(a, case), _window(b, case)
    if one is None or two is None:
        return False
    slack = BESIDE * max(one[2], two[2])
    return one[0] <= two[1] + slack and two[0] <= one[1] + slack


def _before(a: Finding, b: Finding, case: _Case) -> bool:
    one, two = _window(a, case), _window(b, case)
    if one is None or two is None:
        return False
    return one[0] < two[0] and one[1] <= two[0] + FOLLOWS * max(one[2], two[2])


def _finding(rule: Rule, match: Sequence[Finding], case: _Case) -> Finding:
    refs = []
    for finding in match:
        for ref in finding.series:
            if ref not in refs:
                refs.append(ref)
    evidence: dict[str, float | str] = {}
    where, span = "", None
    places = [f for f in match if "x_at" in f.evidence] or [f for f in match if f.kind in EVENTS]
    if places:
        event = next((f for f in reversed(places) if f.kind in EVENTS), places[0])
        ref = event.series[0]
        study = case.studies[ref.panel, ref.series]
        place: Position = event.evidence.get("x_at", event.x_range[0] if event.x_range else "")
        text = place if isinstance(place, str) else f"{place:g}"
        evidence["x_at"] = place
        where, span = (
            study.x_word.at(text.replace("T", " ") if study.x_word.scale == "date" else text),
            event.x_range,
        )
    words = {"a": "", "b": "", "x": where}
    for role, key in _roles(match).items():
        words[role] = case.names[key].subject
    sentence = " ".join(rule.hypothesis.format(**words).split()).replace(" ,", ",")
    return Finding(
        kind="hypothesis",
        level=4,
        sentence=capital(sentence),
        panel=refs[0].panel if len({ref.panel for ref in refs}) == 1 else None,
        series=tuple(refs),
        x_range=span,
        evidence=evidence,
        confidence=CONFIDENCE,
        rule=rule.id,
        confirms=rule.confirms,
        refutes=rule.refutes,
        salience=rule.weight,
        role="interpretation",
    )


def _doubted(figure: Figure, finding: Finding) -> Finding:
    """A hypothesis that says so where it rests on a reading in doubt."""
    trust = claim_trust(figure, finding.series)
    if trust == 1.0:
        return finding
    sentence = f"{finding.sentence.removesuffix('.')} (if the reading, which is in doubt, is right)."
    return replace(finding, sentence=sentence, confidence=finding.confidence * trust)


def _roles(match: Sequence[Finding]) -> dict[str, Key]:
    """{a} and {b} of a hypothesis: the series of the conditions in order; of a pair, second then first.

    An opposite move names the mover first; told from the companion's side, {a} goes up while {b}
    drops.
    """
    first = match[0].series
    keys = [(ref.panel, ref.series) for ref in first]
    if len(keys) == 2:
        return {"a": keys[1], "b": keys[0]}
    roles = {"a": keys[0], "b": keys[0]}
    if len(match) > 1:
        last = match[1].series[0]
        roles["b"] = (last.panel, last.series)
    return roles
