"""Sentences about phases, plateaus and turning points of one series."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from interpret.analyses.course import SHORTEST_POINTS
from interpret.analyses.levelling import Levelling
from interpret.analyses.phases import Phase
from interpret.findings.model import Direction, Finding
from interpret.findings.naming import capital
from interpret.findings.sentence import Evidence, choose
from interpret.findings.study import Study
from interpret.findings.values import x_range

# Within so many points of its end a steep phase moves by more than the noise: its medians would lie.
MEDIAN_POINTS = 5
# One rise is fast beside another where its slope is so many times larger.
FAST_RATIO = 2.5
FLAT_CHANGE = 0.02
# Both sides of a turn move by this share of the range.
TURN_SHARE = 0.15
# A turn is told at the extreme so many points (or this share of the run) from where its arms meet.
NEAR_POINTS = 3
NEAR_SHARE = 0.06
# The values told of a phase show at least this share of its fitted change.
LEAST_SHOWN = 0.4
# A phase this long is the whole story.
WHOLE_SHARE = 0.85


def phase_findings(study: Study, told: list[Phase]) -> list[Finding]:
    findings = []
    for index, phase in enumerate(told):
        if is_plateau(study, phase):
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
    if same_way and previous is not None and not is_plateau(study, previous):
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
    elif previous is not None and follows_jump(study, phase):
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
        f"; its drift there is {share} of the whole range{study.scale_words}"
        if abs(plateau.change) > FLAT_CHANGE * study.range
        else ""
    )
    if not steady:
        evidence.values.pop("change_share_of_range")
    name, values = study.name.subject, f"{level} (between {low} and {high}){steady}"
    sentence = choose(
        study,
        "plateau",
        f"Over {span} {name} stays on a plateau, at a median of {values}.",
        f"{capital(name)} stays on a plateau over {span}; its median there is {values}.",
        f"There is a plateau of {name} over {span}; its median there is {values}.",
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


def levelling_finding(study: Study, levelling: Levelling) -> Finding:
    """A level stretch that may be there."""
    evidence = Evidence(study)
    level = evidence.y("level", levelling.level)
    span = evidence.span("x_from", levelling.start, "x_to", levelling.stop - 1)
    evidence.note("gain", levelling.gain)
    name = study.name.subject
    sentence = choose(
        study,
        "levelling",
        f"{capital(name)} may stay level over {span}, at a median of {level}",
        f"Over {span} {name} seems to stay level, at a median of {level}",
    )
    return Finding(
        kind="plateau",
        level=3,
        sentence=f"{sentence}; slowly wandering noise could also make a straight course look so.",
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, levelling.start, levelling.stop - 1),
        direction="flat",
        evidence=evidence.values,
        confidence=0.5,
        salience=4.0,
        role="observation",
    )


def is_plateau(study: Study, phase: Phase) -> bool:
    plateau = study.plateau
    if plateau is None:
        return False
    # A rest that is too short to be a phase goes with its neighbour.
    return max(abs(phase.start - plateau.start), abs(phase.stop - plateau.stop)) < SHORTEST_POINTS


def follows_jump(study: Study, phase: Phase) -> bool:
    return any(shift.first_after == phase.start for shift in study.shifts)


def ends_agree(study: Study, phase: Phase) -> bool:
    """Whether the values at its ends show what the fitted line says."""
    start, end = _end_values(study, phase)
    return (end - start) * phase.change > 0 and abs(end - start) > LEAST_SHOWN * abs(phase.change)


def runs_of(moving: list[Phase]) -> list[list[Phase]]:
    """Group phases that follow each other in one direction."""
    runs: list[list[Phase]] = []
    for phase in moving:
        if runs and runs[-1][-1].change * phase.change > 0:
            runs[-1].append(phase)
        else:
            runs.append([phase])
    return runs


def turn_findings(study: Study, moving: list[Phase]) -> list[Finding]:
    """Where a fall becomes a rise or the other way round, and lasts."""
    findings = []
    y = study.column.y
    for left, right in pairwise(runs_of(moving)):
        jumped = any(left[-1].stop <= s.first_after <= right[0].start for s in study.shifts)
        changes = [sum(phase.change for phase in run) for run in (left, right)]
        if jumped or min(abs(change) for change in changes) < TURN_SHARE * study.range:
            continue
        sign, last = (1 if changes[1] > 0 else -1), right[-1]
        # Near where the arms meet: noise has its extreme anywhere on a slow slope.
        cut, near = right[0].start, max(NEAR_POINTS, int(NEAR_SHARE * study.n))
        inside = np.arange(max(left[-1].start, cut - near), min(right[0].stop, cut + near + 1))
        apex = int(inside[np.argmin(sign * y[inside])])
        evidence = Evidence(study)
        evidence.note("change_before", changes[0])
        evidence.note("change_after", changes[1])
        evidence.note("change_error", last.error)
        evidence.note("recovery", 0.0)
        x = study.column.x
        rise, fall = float(x[apex] - x[left[0].start]), float(x[right[-1].stop - 1] - x[apex])
        evidence.note("fall_over_rise", fall / rise if rise > 0 else 1.0)
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
