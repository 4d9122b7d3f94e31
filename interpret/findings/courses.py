"""Trends and phases of one series."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from interpret.analyses.phases import Phase
from interpret.findings.model import Direction, Finding
from interpret.findings.naming import capital
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

TREND_P = 0.01
LEAST_CHANGE = 3.0
# Within so many points of its end a steep phase moves by more than the noise: its medians would lie.
MEDIAN_POINTS = 5
# One rise is fast beside another where its slope is so many times larger.
FAST_RATIO = 2.5
FLAT_CHANGE = 0.02
# A jump of this share of the range makes "overall" a half-truth.
SPOILT_SHARE = 0.3
# So few points after a jump are told with it.
TOLD_WITH_JUMP = 8
# Both sides of a turn move by this share of the range.
TURN_SHARE = 0.15
# Both ways by this share of the range.
REVERSED_SHARE = 0.2
# The values told of a phase show at least this share of its fitted change.
LEAST_SHOWN = 0.4
# A phase this long is the whole story.
WHOLE_SHARE = 0.85
# Below this number of points a quantile says nothing.
FEWEST_FOR_SHARES = 20


def course_findings(study: Study) -> list[Finding]:
    """The overall trend, the phases and the plateau."""
    if study.trend is None:
        return _still(study)
    told = [
        phase
        for phase in study.phases
        if (_is_plateau(study, phase) or (phase.label in ("rise", "fall") and _agrees(study, phase)))
        and not (_follows_jump(study, phase) and phase.stop == study.n and phase.n <= TOLD_WITH_JUMP)
    ]
    moving = [phase for phase in told if not _is_plateau(study, phase)]
    findings = []
    trend = None if _reverses(study, moving) else _trend(study)
    if trend is not None:
        findings.append(trend)
    if len(told) >= 2 or (told and trend is None and moving):
        findings += _phases(study, told)
        findings += _turns(study, moving)
    return findings


def _runs(moving: list[Phase]) -> list[list[Phase]]:
    """Group phases that follow each other in one direction."""
    runs: list[list[Phase]] = []
    for phase in moving:
        if runs and runs[-1][-1].change * phase.change > 0:
            runs[-1].append(phase)
        else:
            runs.append([phase])
    return runs


def _reverses(study: Study, moving: list[Phase]) -> bool:
    """Whether the series goes far both ways, so that "overall" would mislead."""
    up = max((p.change for p in moving), default=0.0)
    down = max((-p.change for p in moving), default=0.0)
    return min(up, down) > REVERSED_SHARE * study.range


def _turns(study: Study, moving: list[Phase]) -> list[Finding]:
    """Where a fall becomes a rise or the other way round, and lasts."""
    findings = []
    y = study.column.y
    for left, right in pairwise(_runs(moving)):
        jumped = any(left[-1].stop <= s.first_after <= right[0].start for s in study.shifts)
        changes = [sum(phase.change for phase in run) for run in (left, right)]
        if jumped or min(abs(change) for change in changes) < TURN_SHARE * study.range:
            continue
        sign, last = (1 if changes[1] > 0 else -1), right[-1]
        inside = np.arange(left[-1].start, right[0].stop)
        apex = int(inside[np.argmin(sign * y[inside])])
        evidence = Evidence(study)
        evidence.note("change_before", changes[0])
        evidence.note("change_after", changes[1])
        evidence.note("change_error", last.error)
        evidence.note("recovery", 0.0)
        global_one = float(y[apex]) == (float(y.min()) if sign > 0 else float(y.max()))
        what = f"its {'lowest' if sign > 0 else 'highest'} value, " if global_one else ""
        sentence = (
            f"{capital(study.name.subject)} turns {'up' if sign > 0 else 'down'} from {what}"
            f"{evidence.y('at', float(y[apex]))} {evidence.at('x_at', apex)}, to "
            f"{evidence.y('to', float(y[last.stop - 1]))} {evidence.at('x_to', last.stop - 1)}."
        )
        findings.append(
            Finding(
                kind="trend-change",
                level=3,
                sentence=sentence,
                panel=study.ref.panel,
                series=(study.ref,),
                x_range=x_range(study, apex, last.stop - 1),
                direction="up" if sign > 0 else "down",
                evidence=evidence.values,
                confidence=0.95,
                salience=6.0,
                role="observation",
            )
        )
    return findings


def _is_plateau(study: Study, phase: Phase) -> bool:
    plateau = study.plateau
    return plateau is not None and (phase.start, phase.stop) == (plateau.start, plateau.stop)


def _still(study: Study) -> list[Finding]:
    """A constant line needs one sentence."""
    full = study.full
    if study.source.kind != "line" or full.n < 3 or not full.ordered:
        return []
    if study.range > 4 * float(np.median(full.sigma)):
        return _few(study)
    evidence = Evidence(study)
    sentence = (
        f"{capital(study.name.subject)} stays constant at {evidence.y('level', float(np.median(full.y)))}."
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


def _few(study: Study) -> list[Finding]:
    """Too few points for statistics: say which way each step goes, if all go one way."""
    steps = np.diff(study.full.y)
    error = 2 * float(np.median(study.full.sigma))
    up, down = bool(np.all(steps > -error)), bool(np.all(steps < error))
    if up == down:
        return []
    evidence = Evidence(study)
    last = study.n - 1
    sentence = (
        f"{capital(study.name.subject)} {'rises' if up else 'falls'} from point to point, from "
        f"{evidence.y('from', float(study.column.y[0]))} {evidence.at('x_from', 0)} to "
        f"{evidence.y('to', float(study.column.y[-1]))} {evidence.at('x_to', last)}."
    )
    return [
        Finding(
            kind="trend",
            level=3,
            sentence=sentence,
            panel=study.ref.panel,
            series=(study.ref,),
            x_range=x_range(study, 0, last),
            direction="up" if up else "down",
            evidence=evidence.values,
            confidence=0.9,
            salience=4.0,
        )
    ]


def _trend(study: Study) -> Finding | None:
    trend = study.trend
    assert trend is not None
    n = study.n
    clear = (
        trend.p < TREND_P
        and abs(trend.change) > LEAST_CHANGE * study.noise.sd
        and trend.change * trend.slope_z > 0
    )
    evidence = Evidence(study)
    evidence.note("p", trend.p)
    if clear and any(shift.size > SPOILT_SHARE * study.range for shift in study.shifts):
        return None
    if clear:
        way: Direction = "up" if trend.change > 0 else "down"
        verb = "rises" if way == "up" else "falls"
        start, end = evidence.y("from", trend.start), evidence.y("to", trend.end)
        evidence.note("change_share_of_range", abs(trend.change) / study.range)
        steady = abs(trend.rank_share) > 0.97
        k = trend.n_ends
        early = evidence.window("x_start", 0, "x_start_to", k - 1)
        late = evidence.window("x_end_from", n - k, "x_end", n - 1)
        medians = f"from {start} ({early}) to {end} ({late})"
        manner = " steadily" if steady else " overall"
        return Finding(
            kind="trend",
            level=3,
            sentence=f"{capital(study.name.subject)} {verb}{manner}, {medians}.",
            panel=study.ref.panel,
            series=(study.ref,),
            x_range=x_range(study, 0, n - 1),
            direction=way,
            evidence=evidence.values,
            confidence=min(0.99, 1 - trend.p),
            p=trend.p,
            salience=5.0,
        )
    if any(phase.label in ("rise", "fall") for phase in study.phases) or study.shifts:
        return None
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


def _phases(study: Study, told: list[Phase]) -> list[Finding]:
    findings = []
    for index, phase in enumerate(told):
        if _is_plateau(study, phase):
            findings.append(_plateau(study))
        else:
            findings.append(_moving(study, told, index))
    return findings


def _moving(study: Study, told: list[Phase], index: int) -> Finding:
    phase = told[index]
    previous = told[index - 1] if index else None
    way: Direction = "up" if phase.change > 0 else "down"
    evidence = Evidence(study)
    name, noun = study.name.subject, "rise" if way == "up" else "fall"
    ends = _ends(study, phase, evidence)
    evidence.note("slope", phase.slope)
    evidence.note("change", phase.change)
    evidence.note("change_error", phase.error)
    others = [abs(p.slope) for p in told if p is not phase and p.change * phase.change > 0 and p.n > 1]
    fast = bool(others) and abs(phase.slope) > FAST_RATIO * max(others)
    same_way = previous is not None and previous.stop == phase.start and previous.change * phase.change > 0
    if same_way and previous is not None and not _is_plateau(study, previous):
        slower = abs(phase.slope) < abs(previous.slope)
        earlier = told[index - 2] if index > 1 else None
        further = (
            " further"
            if earlier is not None
            and earlier.change * previous.change > 0
            and (abs(previous.slope) < abs(earlier.slope)) == slower
            else ""
        )
        sentence = f"The {noun} of {name} then {'slows' if slower else 'steepens'}{further}, {ends}."
    elif phase.n > WHOLE_SHARE * study.n:
        sentence = f"{capital(name)} {noun}s {ends}."
    elif phase.start == 0:
        sentence = f"At first {name} {noun}s{' fast' if fast else ''}, {ends}."
    elif previous is not None and _follows_jump(study, phase):
        sentence = f"After the {_jump_noun(study, phase)}, {name} {noun}s {ends}."
    else:
        lead = "Later" if previous is None else "Then"
        sentence = f"{lead} {name} {noun}s{' fast' if fast else ''}, {ends}."
    return Finding(
        kind="phase",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, phase.start, phase.stop - 1),
        direction=way,
        evidence=evidence.values,
        confidence=0.95,
        salience=4.0,
    )


def _follows_jump(study: Study, phase: Phase) -> bool:
    return any(shift.first_after == phase.start for shift in study.shifts)


def _jump_noun(study: Study, phase: Phase) -> str:
    shift = next(s for s in study.shifts if s.first_after == phase.start)
    return "drop" if shift.sign < 0 else "jump"


def _is_steep(study: Study, phase: Phase) -> bool:
    """Whether medians at the ends would hide part of the phase."""
    steep = abs(phase.change) / phase.n * MEDIAN_POINTS > max(study.noise.sd, 0.05 * study.range)
    return phase.n < 3 * MEDIAN_POINTS or steep


def _end_values(study: Study, phase: Phase) -> tuple[float, float]:
    """The values that are told of a phase's ends: points, or medians where it is slow and long."""
    y = study.column.y
    if _is_steep(study, phase):
        return float(y[phase.start]), float(y[phase.stop - 1])
    return (
        float(np.median(y[phase.start : phase.start + MEDIAN_POINTS])),
        float(np.median(y[phase.stop - MEDIAN_POINTS : phase.stop])),
    )


def _agrees(study: Study, phase: Phase) -> bool:
    """Whether the values at its ends show what the fitted line says."""
    start, end = _end_values(study, phase)
    return (end - start) * phase.change > 0 and abs(end - start) > LEAST_SHOWN * abs(phase.change)


def _ends(study: Study, phase: Phase, evidence: Evidence) -> str:
    """ "from 1.52 at step 0 to 1.76 at step 6", or medians over the span."""
    last = phase.stop - 1
    start, end = _end_values(study, phase)
    if _is_steep(study, phase):
        return (
            f"from {evidence.y('from', start)} {evidence.at('x_from', phase.start)} to "
            f"{evidence.y('to', end)} {evidence.at('x_to', last)}"
        )
    return (
        f"from {evidence.y('from', start)} to {evidence.y('to', end)} over "
        f"{evidence.span('x_from', phase.start, 'x_to', last)} (medians of the first and last "
        f"{evidence.count('n_median', MEDIAN_POINTS)} points)"
    )


def _plateau(study: Study) -> Finding:
    plateau = study.plateau
    assert plateau is not None
    evidence = Evidence(study)
    level = evidence.y("level", plateau.level)
    low, high = evidence.y("low", plateau.low), evidence.y("high", plateau.high)
    span = evidence.span("x_from", plateau.start, "x_to", plateau.stop - 1)
    evidence.note("change", plateau.change)
    evidence.note("change_error", plateau.error)
    share = evidence.share("change_share_of_range", abs(plateau.change) / study.range)
    steady = (
        f"; its drift there is {share} of the whole range"
        if abs(plateau.change) > FLAT_CHANGE * study.range
        else ""
    )
    if not steady:
        evidence.values.pop("change_share_of_range")
    sentence = (
        f"Over {span} {study.name.subject} stays on a plateau, at a median of {level} "
        f"(between {low} and {high}){steady}."
    )
    return Finding(
        kind="plateau",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, plateau.start, plateau.stop - 1),
        direction="flat",
        evidence=evidence.values,
        confidence=0.9,
        salience=5.0,
    )
