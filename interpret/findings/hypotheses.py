"""Match the rules against the findings: what the chart may mean, and what would decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from digitizer.model import Figure
from interpret.findings.model import Finding, Position
from interpret.findings.naming import SeriesName, capital
from interpret.findings.study import Study
from interpret.knowledge.load import Condition, Rule, load_rules
from interpret.knowledge.recognise import is_progress, recognise

MOST_HYPOTHESES = 3
# A cause read off a chart alone is never more than possible.
CONFIDENCE = 0.5
FIRM_ENOUGH = 0.8
EVENTS = ("level-shift", "dip", "peak", "trend-change", "opposite-move")

Key = tuple[int, int]


def hypothesis_findings(
    figure: Figure, findings: Sequence[Finding], studies: Sequence[Study], names: Mapping[Key, SeriesName]
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
    """
    quantities = {
        (p, s): quantity
        for p, panel in enumerate(figure.panels)
        if panel.status == "ok"
        for s, series in enumerate(panel.series)
        if (quantity := recognise(panel, series)) is not None
    }
    if not quantities:
        return []
    facts = [f for f in findings if f.level in (2, 3) and f.series and f.confidence >= FIRM_ENOUGH]
    by_key = {(study.ref.panel, study.ref.series): study for study in studies}
    fired: dict[str, tuple[float, Finding]] = {}
    for rule in load_rules():
        match = _match(rule, facts, quantities, figure, by_key)
        if match is None or any(_some(c, facts, quantities, by_key) for c in rule.unless):
            continue
        weight = rule.weight + 0.05 * max(finding.salience for finding in match)
        if rule.id not in fired or fired[rule.id][0] < weight:
            fired[rule.id] = (weight, _finding(rule, match, names, by_key))
    ranked = sorted(fired.values(), key=lambda item: (-item[0], item[1].rule or ""))
    return [finding for _, finding in ranked[:MOST_HYPOTHESES]]


def _match(
    rule: Rule,
    facts: Sequence[Finding],
    quantities: Mapping[Key, str],
    figure: Figure,
    studies: Mapping[Key, Study],
) -> tuple[Finding, ...] | None:
    """The most salient combination of findings that meets all conditions."""
    choices = [[f for f in facts if _holds(c, f, quantities, studies)] for c in rule.when]
    best: tuple[float, tuple[Finding, ...]] | None = None
    for combination in product(*choices):
        if rule.progress and not all(
            is_progress(figure.panels[r.panel]) for f in combination for r in f.series
        ):
            continue
        events = [f for f in combination if f.kind in EVENTS]
        if len(events) > 1 and not all(_overlap(events[0], other) for other in events[1:]):
            continue
        score = sum(finding.salience for finding in combination)
        if best is None or score > best[0]:
            best = (score, combination)
    return best[1] if best else None


def _some(
    condition: Condition,
    facts: Sequence[Finding],
    quantities: Mapping[Key, str],
    studies: Mapping[Key, Study],
) -> bool:
    return any(_holds(condition, fact, quantities, studies) for fact in facts)


def _holds(
    condition: Condition, finding: Finding, quantities: Mapping[Key, str], studies: Mapping[Key, Study]
) -> bool:
    if finding.kind not in condition.kinds or finding.asserts != condition.asserts:
        return False
    if condition.direction is not None and finding.direction != condition.direction:
        return False
    shown = [quantities.get((ref.panel, ref.series)) for ref in finding.series]
    if condition.pair:
        wanted = list(condition.quantities)
        if shown != wanted and (condition.ordered or shown != wanted[::-1]):
            return False
    elif len(shown) != 1 or shown[0] not in condition.quantities:
        return False
    evidence = dict(finding.evidence)
    if "share_of_run" in condition.at_least or condition.at_end:
        study = studies[finding.series[0].panel, finding.series[0].series]
        evidence["share_of_run"] = _share_of_run(finding, study)
        if condition.at_end and not _at_end(finding, study):
            return False
    return all(_number(evidence, key) >= bound for key, bound in condition.at_least.items()) and all(
        _number(evidence, key) <= bound for key, bound in condition.at_most.items() if key in evidence
    )


def _number(evidence: Mapping[str, float | str], key: str) -> float:
    value = evidence.get(key, float("nan"))
    return float(value) if not isinstance(value, str) else float("nan")


def _share_of_run(finding: Finding, study: Study) -> float:
    if finding.x_range is None or study.n < 2:
        return 0.0
    first, last = finding.x_range
    if isinstance(first, str) or isinstance(last, str):
        return 0.0
    return (last - first) / float(study.column.x[-1] - study.column.x[0] or 1.0)


def _at_end(finding: Finding, study: Study) -> bool:
    return finding.x_range is not None and finding.x_range[1] == study.position(study.n - 1)


def _overlap(a: Finding, b: Finding) -> bool:
    if a.x_range is None or b.x_range is None:
        return False
    (a0, a1), (b0, b1) = a.x_range, b.x_range
    if isinstance(a0, str) or isinstance(a1, str) or isinstance(b0, str) or isinstance(b1, str):
        return False
    return a0 <= b1 and b0 <= a1


def _finding(
    rule: Rule, match: Sequence[Finding], names: Mapping[Key, SeriesName], studies: Mapping[Key, Study]
) -> Finding:
    refs = []
    for finding in match:
        for ref in finding.series:
            if ref not in refs:
                refs.append(ref)
    by_role = _roles(rule, match)
    evidence: dict[str, float | str] = {}
    where, span = "", None
    events = [f for f in match if f.kind in EVENTS]
    if events:
        event = next((f for f in events if "x_at" in f.evidence), events[0])
        study = studies[event.series[0].panel, event.series[0].series]
        place: Position = event.evidence.get("x_at", event.x_range[0] if event.x_range else "")
        text = place if isinstance(place, str) else f"{place:g}"
        evidence["x_at"] = place
        where, span = study.x_word.at(text), event.x_range
    words = {"a": "", "b": "", "x": where}
    for role, key in by_role.items():
        words[role] = names[key].subject
    return Finding(
        kind="hypothesis",
        level=4,
        sentence=capital(rule.hypothesis.format(**words)),
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


def _roles(rule: Rule, match: Sequence[Finding]) -> dict[str, Key]:
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
