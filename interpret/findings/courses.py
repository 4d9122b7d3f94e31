"""The overall trend of one series, and which of its phases are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpret.analyses.phases import Phase
from interpret.analyses.timing import local_median
from interpret.analyses.trend import Trend
from interpret.findings.model import Direction, Finding
from interpret.findings.naming import capital
from interpret.findings.phases import (
    ends_agree,
    follows_jump,
    is_plateau,
    levelling_finding,
    phase_findings,
    rest_finding,
    turn_findings,
)
from interpret.findings.sentence import Evidence, choose
from interpret.findings.short import short_findings
from interpret.findings.study import TREND_P, Study
from interpret.findings.values import x_range

TENTATIVE = 0.7
LEAST_CHANGE = 3.0
# A change is steady where each half of the run makes at least this share of it.
PACE_SHARE = 0.35
# A jump of this share of the range makes "overall" a half-truth.
SPOILT_SHARE = 0.3
# So few points after a jump are told with it.
TOLD_WITH_JUMP = 8
# Both ways by this share of the range.
REVERSED_SHARE = 0.2
# Below this number of points a quantile says nothing.
FEWEST_FOR_SHARES = 20


def course_findings(study: Study) -> list[Finding]:
    """The overall trend, the phases and the plateau."""
    if study.trend is None:
        return _still(study)
    if study.runs:
        return short_findings(study)
    told = [
        phase
        for phase in study.phases
        if (is_plateau(study, phase) or (phase.label in ("rise", "fall") and ends_agree(study, phase)))
        and not (follows_jump(study, phase) and phase.stop == study.n and phase.n <= TOLD_WITH_JUMP)
    ]
    if study.log_y and study.family is not None and study.family.course == "straight":
        # A law that is straight where it is drawn has no phases.
        told = []
    moving = [phase for phase in told if not is_plateau(study, phase)]
    findings = []
    trend = None if _reverses(study, moving) else _trend(study)
    if trend is not None:
        findings.append(trend)
        if trend.asserts and len(told) < 2 and study.levelling is not None:
            findings.append(levelling_finding(study, study.levelling))
    if len(told) >= 2 or (told and trend is None and moving):
        courses = [*phase_findings(study, told), *turn_findings(study, moving)]
        findings += _hedged(courses) if study.tentative else courses
        if study.plateau is not None and told and is_plateau(study, told[-1]) and not _moves_after(study):
            rest = rest_finding(study)
            findings += [] if rest is None else [rest]
    return findings


def _moves_after(study: Study) -> bool:
    """Whether an event tells how the series leaves its plateau."""
    assert study.plateau is not None
    return any(shift.first_after >= study.plateau.stop - 1 for shift in study.shifts)


def _hedged(courses: list[Finding]) -> list[Finding]:
    """Phases that noise of a long memory could do as well; the first sentence says so for all."""
    first, *others = courses
    sentence = (
        f"{first.sentence.removesuffix('.')}; slowly wandering noise could also make this whole course."
    )
    weaker = [replace(f, confidence=min(f.confidence, TENTATIVE)) for f in (first, *others)]
    return [replace(weaker[0], sentence=sentence), *weaker[1:]]


def _reverses(study: Study, moving: list[Phase]) -> bool:
    """Whether the series goes far both ways, so that "overall" would mislead."""
    up = max((p.change for p in moving), default=0.0)
    down = max((-p.change for p in moving), default=0.0)
    return min(up, down) > REVERSED_SHARE * study.range


def _still(study: Study) -> list[Finding]:
    """A constant line needs one sentence."""
    full = study.full
    if study.source.kind != "line" or full.n < 3 or not full.ordered:
        return []
    if study.range > 4 * float(np.median(study.column.sigma)):
        return short_findings(study)
    evidence = Evidence(study)
    sentence = (
        f"{capital(study.name.subject)} stays constant at {evidence.read('level', float(np.median(full.y)))}."
    )
    return [
        Finding(
            kind="plateau",
            level=3,
            sentence=sentence,
            panel=study.ref.panel,
            series=(study.ref,),
            x_range=x_range(study, 0, study.n - 1),
            direction="flat",
            evidence=evidence.values,
            salience=4.0,
        )
    ]


def _trend(study: Study) -> Finding | None:
    trend = study.trend
    assert trend is not None
    clear = (
        trend.p < TREND_P
        and abs(trend.change) > LEAST_CHANGE * study.noise.sd
        and trend.change * trend.slope_z > 0
    )
    if clear:
        spoilt = any(shift.size > SPOILT_SHARE * study.range for shift in study.shifts)
        return None if spoilt else _clear_trend(study, trend)
    moves = any(phase.label in ("rise", "fall") for phase in study.phases)
    return None if moves or study.shifts or study.period is not None else _no_trend(study, trend)


def _clear_trend(study: Study, trend: Trend) -> Finding:
    n = study.n
    evidence = Evidence(study)
    evidence.note("p", trend.p)
    way: Direction = "up" if trend.change > 0 else "down"
    verb = "rises" if way == "up" else "falls"
    start, end = evidence.y("from", trend.start), evidence.y("to", trend.end)
    evidence.note("change_share_of_range", abs(trend.change) / study.range)
    steady = abs(trend.rank_share) > 0.97 and _keeps_pace(study, trend)
    k = trend.n_ends
    early = evidence.window("x_start", 0, "x_start_to", k - 1)
    late = evidence.window("x_end_from", n - k, "x_end", n - 1)
    medians = f"from {start} ({early}) to {end} ({late})"
    manner = "steadily" if steady else "overall"
    name = study.name.subject
    sentence = choose(
        study,
        "trend",
        f"{capital(name)} {verb} {manner}, {medians}.",
        f"Over the whole run {name} {verb} steadily, {medians}."
        if steady
        else f"Overall, {name} {verb} {medians}.",
        f"{capital(name)} {verb} steadily from end to end, {medians}."
        if steady
        else f"Seen as a whole, {name} {verb} {medians}.",
    )
    return Finding(
        kind="trend",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, 0, n - 1),
        direction=way,
        evidence=evidence.values,
        confidence=min(0.99, 1 - trend.p),
        p=trend.p,
        salience=5.0,
    )


def _keeps_pace(study: Study, trend: Trend) -> bool:
    """Whether both halves of the run make about the same change: what slows is not called steady."""
    if sum(phase.label in ("rise", "fall") for phase in study.phases) > 1 or study.family is not None:
        return False
    places = study.places
    middle = int(np.searchsorted(places, (places[0] + places[-1]) / 2))
    half = local_median(study.column.y, middle) - trend.start
    return PACE_SHARE <= half / trend.change <= 1 - PACE_SHARE


def _no_trend(study: Study, trend: Trend) -> Finding:
    n = study.n
    evidence = Evidence(study)
    evidence.note("p", trend.p)
    sentence = (
        f"{capital(study.name.subject)} shows no clear trend; its median is "
        f"{evidence.y('median', float(np.median(study.column.y)))}"
    )
    if n >= FEWEST_FOR_SHARES:
        low, high = (float(q) for q in np.quantile(study.column.y, (0.1, 0.9), method="nearest"))
        sentence += (
            f", and {evidence.share('share_inside', 0.8)} of its points lie between {evidence.y('low', low)} "
            f"and {evidence.y('high', high)}"
        )
    sentence += "."
    return Finding(
        kind="trend",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, 0, n - 1),
        asserts=False,
        evidence=evidence.values,
        confidence=0.9,
        salience=4.5,
    )
