"""Sentences about phases, plateaus and turning points of one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from interpret.analyses.course import SHORTEST_POINTS
from interpret.analyses.levelling import Levelling
from interpret.analyses.phases import Phase
from interpret.analyses.plateau import Plateau
from interpret.analyses.within import MEDIAN_ERROR, WIDTH
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
# What follows a plateau is told of so many points, whose median lies off it by this share of the range and so
# many errors.
FEWEST_REST = 8
REST_SHARE = 0.03
REST_ERRORS = 4.0
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
    moves = f"{noun}s{' fast' if fast else ''}, {ends}"
    same_way = previous is not None and previous.stop == phase.start and previous.change * phase.change > 0
    if same_way and previous is not None and not is_plateau(study, previous):
        sentence = _change_of_pace(study, told, index, f"{noun} of {name}", ends)
    elif phase.n > WHOLE_SHARE * study.n:
        sentence = f"{capital(name)} {noun}s {ends}."
    elif phase.start == 0:
        sentence = choose(
            study,
            "first phase",
            f"At first {name} {moves}.",
            f"{capital(name)} first {moves}.",
            f"To begin with, {name} {moves}.",
        )
    elif previous is not None and follows_jump(study, phase):
        sentence = f"After the {_jump_noun(study, phase)}, {name} {noun}s {ends}."
    elif previous is None:
        sentence = f"Later {name} {moves}."
    else:
        sentence = choose(
            study,
            f"phase {index}",
            f"Then {name} {moves}.",
            f"After that {name} {moves}.",
            f"{capital(name)} then {moves}.",
        )
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
        # Where there is room for one sentence, it is of the largest move.
        salience=4.0 + min(1.0, abs(phase.change) / study.range),
    )


def _change_of_pace(study: Study, told: list[Phase], index: int, move: str, ends: str) -> str:
    """That a move goes on the way it went, slower or faster; ``move`` names it, ``ends`` tells its ends."""
    phase, previous = told[index], told[index - 1]
    slower = abs(phase.slope) < abs(previous.slope)
    earlier = told[index - 2] if index > 1 else None
    further = (
        earlier is not None
        and earlier.change * previous.change > 0
        and (abs(previous.slope) < abs(earlier.slope)) == slower
    )
    pace = f"{'slows' if slower else 'steepens'}{' further' if further else ''}"
    return choose(
        study,
        "pace",
        f"The {move} then {pace}, {ends}.",
        f"After that the {move} {pace}, {ends}.",
        f"Then the {move} {pace}, {ends}.",
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
    evidence.note("moves_on", 0.0 if study.within is None else 1.0)
    steady = _drift(study, plateau, evidence)
    but = _left_out(study, plateau)
    name, values = study.name.subject, f"{level} (between {low} and {high}{but}){steady}"
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


def _left_out(study: Study, plateau: Plateau) -> str:
    """ ", its peaks left out", where the bounds of a plateau hold without its events alone."""
    events = [d for d in study.departures if d.first < plateau.stop and plateau.start < d.last]
    words = {"dips" if d.sign < 0 else "peaks" for d in events}
    inside = study.column.y[plateau.start : plateau.stop]
    if not words or (inside.min() >= plateau.low and inside.max() <= plateau.high):
        return ""
    return f", its {' and '.join(sorted(words))} left out"


def _drift(study: Study, plateau: Plateau, evidence: Evidence) -> str:
    """How a plateau still drifts, where it surely does or where its line does visibly."""
    within = study.within
    if within is not None and within.kind == "drift":
        start, end = evidence.y("drift_from", within.start), evidence.y("drift_to", within.end)
        if start != end:
            return f"; it still {'rises' if within.sign > 0 else 'falls'} there, from {start} to {end}"
    if abs(plateau.change) <= FLAT_CHANGE * study.range:
        return ""
    share = evidence.share("change_share_of_range", abs(plateau.change) / study.range)
    return f"; its drift there is {share} of the whole range{study.scale_words}"


def rest_finding(study: Study) -> Finding | None:
    """What lies beyond a plateau that ends before the series does, at another level."""
    plateau = study.plateau
    assert plateau is not None
    rest = study.column.y[plateau.stop :]
    turns = study.within is not None and study.within.kind == "turn"
    if len(rest) < FEWEST_REST or turns:
        return None
    middle = float(np.median(rest))
    error = MEDIAN_ERROR * study.fear.sd * np.sqrt(WIDTH * study.fear.inflation / len(rest))
    step = middle - plateau.level
    if abs(step) < max(REST_SHARE * study.range, REST_ERRORS * float(error)):
        return None
    evidence = Evidence(study)
    span = evidence.span("x_from", plateau.stop, "x_to", study.n - 1)
    evidence.note("step", step)
    way: Direction = "up" if step > 0 else "down"
    where = "higher" if way == "up" else "lower"
    level = evidence.y("median_after", middle)
    sentence = f"After its plateau {study.name.subject} lies {where}: its median over {span} is {level}."
    return Finding(
        kind="rest",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, plateau.stop, study.n - 1),
        direction=way,
        evidence=evidence.values,
        confidence=0.93,
        salience=5.5,
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
        turn = _Turn(start=left[0].start, apex=apex, stop=last.stop, sign=sign)
        findings.append(_turn(study, turn, changes, last.error))
    within, plateau = study.within, study.plateau
    if plateau is not None and within is not None and within.kind == "turn":
        there = float(y[within.apex])
        turn = _Turn(start=plateau.start, apex=within.apex, stop=within.stop, sign=within.sign)
        findings.append(_turn(study, turn, (there - within.start, within.end - there), within.error))
    return findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """Where a course turns (``apex``), the stretch that is told of it, and the way it goes afterwards."""

    start: int
    apex: int
    stop: int
    sign: int


def _turn(study: Study, turn: _Turn, changes: Sequence[float], error: float) -> Finding:
    evidence = Evidence(study)
    evidence.note("change_before", changes[0])
    evidence.note("change_after", changes[1])
    evidence.note("change_error", error)
    evidence.note("recovery", 0.0)
    x, y, sign = study.column.x, study.column.y, turn.sign
    rise, fall = float(x[turn.apex] - x[turn.start]), float(x[turn.stop - 1] - x[turn.apex])
    evidence.note("fall_over_rise", fall / rise if rise > 0 else 1.0)
    global_one = float(y[turn.apex]) == (float(y.min()) if sign > 0 else float(y.max()))
    what = f"its {'lowest' if sign > 0 else 'highest'} value, " if global_one else ""
    there = f"{evidence.y('at', float(y[turn.apex]))} {evidence.at('x_at', turn.apex)}"
    end = f"{evidence.y('to', float(y[turn.stop - 1]))} {evidence.at('x_to', turn.stop - 1)}"
    name = study.name.subject
    way: Direction = "up" if sign > 0 else "down"
    before, after = ("fall", "rises") if sign > 0 else ("rise", "falls")
    sentence = choose(
        study,
        "turn",
        f"{capital(name)} turns {way} from {what}{there}, to {end}.",
        f"The {before} of {name} ends at {what}{there}; from there it {after} to {end}.",
        f"From {what}{there}, {name} turns {way}, to {end}.",
    )
    return Finding(
        kind="trend-change",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, turn.apex, turn.stop - 1),
        direction=way,
        evidence=evidence.values,
        confidence=0.95,
        salience=6.0,
        role="observation",
    )
