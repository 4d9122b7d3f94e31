"""Claims about two series: shared trend or coupling, timing, answers to events, crossings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from digitizer.model import Figure
from interpret.analyses.coupling import Coupling, align, measure_coupling
from interpret.analyses.departures import Departure
from interpret.analyses.lag import measure_lag
from interpret.analyses.response import Response, measure_response
from interpret.analyses.timing import first_share, local_median, measure_share
from interpret.findings.believe import FIRM_P
from interpret.findings.cycles import cycle_finding
from interpret.findings.model import Finding
from interpret.findings.naming import capital
from interpret.findings.patterns import distance
from interpret.findings.sentence import Evidence
from interpret.findings.structure import common_x
from interpret.findings.study import Study, evenly_spaced
from interpret.findings.trust import is_trusted
from interpret.findings.values import x_range

# Among more series, some pair always seems to answer another, and nobody reads all pairs.
MOST_SERIES = 4
COUPLED_P = 0.01
LEAST_COUPLING = 0.3
EARLY_SHARE = 0.8
LEAST_LEAD = 0.3
FEWEST = 12
# What rests on an event told with a hedge is no surer than that.
TENTATIVE = 0.7
# Correlations of steps are told where so much of the steps' variance is the data's: of 73 public charts three
# had ones that were off by 0.1 to 0.3, of annual values that go on nearly straight.
LEAST_RELIABLE = 0.9
# The medians told of a move show at least this share of what the test measured.
LEAST_SHOWN = 0.5
# "Does not visibly respond" is said where the medians differ by no more than this share of the range.
STILL_SHARE = 0.1
# Two curves whose remainders correlate more than this are not said to have no link.
UNLINKED = 0.4


def pair_findings(figure: Figure, studies: list[Study]) -> list[Finding]:
    """Compare series that share their x."""
    able = [s for s in studies if s.trend is not None and s.n >= FEWEST and is_trusted(s.panel)]
    if len(able) > MOST_SERIES:
        return []
    findings: list[Finding] = []
    for a, b in combinations(able, 2):
        if not common_x(figure, [a.ref.panel, b.ref.panel]):
            continue
        pair = [_association(a, b), _lag(a, b), _timing(a, b), *_answers(a, b), *_answers(b, a)]
        findings += [finding for finding in pair if finding is not None]
    return findings


def _association(a: Study, b: Study) -> Finding | None:
    aligned = align(a.column.x, a.column.y, b.column.x, b.column.y)
    if aligned is None or len(aligned[0]) < FEWEST or a.trend is None or b.trend is None:
        return None
    coupling = measure_coupling(aligned[1], aligned[2])
    evidence = Evidence(a)
    # Steps that the reading's error makes in good part correlate less than the data's do.
    seen = min(_reliability(s) for s in (a, b)) >= LEAST_RELIABLE
    weakest = min(abs(coupling.detrended), abs(coupling.steps))
    if seen and coupling.p < COUPLED_P and weakest > LEAST_COUPLING:
        return _coupled(a, b, coupling)
    moves = [np.sign(s.trend.change) if s.trend is not None and s.trend.p < 0.01 else 0 for s in (a, b)]
    linked = max(abs(coupling.steps), abs(coupling.detrended)) > UNLINKED
    if not all(moves) or abs(coupling.levels) < 0.5 or linked:
        return None
    levels = evidence.number("r_levels", coupling.levels, 2)
    if seen:
        steps = evidence.number("r_steps", coupling.steps, 2)
        rest = evidence.number("r_detrended", coupling.detrended, 2)
        link = f"from point to point (r = {steps}) and beside their courses (r = {rest}) no link shows"
    else:
        link = "their steps are too small beside the error of the reading to show a link"
    evidence.note("p", coupling.p)
    verb = "rise" if moves[0] > 0 else "fall"
    shared = f"both {verb} over the run" if moves[0] == moves[1] else "trend in opposite directions"
    of = " of logarithms" if a.log_y and b.log_y else " beside logarithms" if a.log_y or b.log_y else ""
    pair = f"{capital(a.name.subject)} and {b.name.subject}"
    sentence = f"{pair} {shared}, so they correlate (r = {levels}{of}) as any two such curves do; {link}."
    return Finding(
        kind="association",
        level=2,
        sentence=sentence,
        series=(a.ref, b.ref),
        x_range=x_range(a, 0, a.n - 1),
        asserts=False,
        evidence=evidence.values,
        confidence=0.9,
        salience=5.5,
        role="observation",
    )


def _coupled(a: Study, b: Study, coupling: Coupling) -> Finding:
    evidence = Evidence(a)
    steps = evidence.number("r_steps", coupling.steps, 2)
    rest = evidence.number("r_detrended", coupling.detrended, 2)
    evidence.note("p", coupling.p)
    way = "together" if coupling.detrended > 0 else "in opposite directions"
    return Finding(
        kind="correlation",
        level=3,
        sentence=(
            f"Beside their courses, {a.name.subject} and {b.name.subject} move {way} from point to point "
            f"(correlation of the steps {steps}, of the deviations {rest})."
        ),
        series=(a.ref, b.ref),
        x_range=x_range(a, 0, a.n - 1),
        direction="up" if coupling.detrended > 0 else "down",
        evidence=evidence.values,
        confidence=0.95,
        p=coupling.p,
        salience=6.0,
        role="observation",
    )


def _reliability(study: Study) -> float:
    """The share of the steps' variance, of their typical size, that is not the reading's error."""
    steps = np.diff(study.column.y)
    typical = 1.4826 * float(np.median(abs(steps - np.median(steps))))
    error = float(np.median(study.column.sigma))
    return 1 - 2 * (error / typical) ** 2 if typical > 0 else 0.0


def _lag(a: Study, b: Study) -> Finding | None:
    """Whether one follows the other at a distance, beyond their courses."""
    if a.period is not None and b.period is not None:
        return cycle_finding(a, b)
    aligned = align(a.column.x, a.column.y, b.column.x, b.column.y)
    # Of lines without scatter the wiggles that would follow each other are the reading's.
    if aligned is None or not evenly_spaced(aligned[0]) or not (a.noisy and b.noisy):
        return None
    lag = measure_lag(aligned[1], aligned[2])
    if lag is None:
        return None
    first, second = (a, b) if lag.lag > 0 else (b, a)
    step = float(np.median(np.diff(aligned[0])))
    evidence = Evidence(a)
    length = distance(a, evidence, "lag", abs(lag.lag) * step)
    shown = evidence.number("r_at_lag", lag.correlation, 2)
    evidence.note("p", lag.p)
    way = "" if lag.correlation > 0 else " in the opposite direction"
    sentence = (
        f"From point to point, {second.name.subject} follows {first.name.subject}{way} {length} later "
        f"(correlation {shown})."
    )
    return Finding(
        kind="lag",
        level=3,
        sentence=sentence,
        series=(first.ref, second.ref),
        x_range=x_range(a, 0, a.n - 1),
        direction="up" if lag.correlation > 0 else "down",
        evidence=evidence.values,
        confidence=0.95,
        p=lag.p,
        salience=6.5,
        role="observation",
    )


def _gain(study: Study) -> tuple[float, float] | None:
    """Start, and the level that the series' main change leads to (its plateau or its end)."""
    if study.trend is None or study.n < FEWEST or study.trend.p > 0.01:
        return None
    start = float(study.column.y[0])
    plateau = study.plateau
    late = plateau is not None and plateau.stop > 0.6 * study.n
    end = plateau.level if plateau is not None and late else study.trend.end
    if abs(end - start) < 6 * study.noise.sd:
        return None
    return start, end


def _timing(a: Study, b: Study) -> Finding | None:
    """Which of two changes comes first."""
    # Shares of a rise that is drawn in decades are none of its values.
    gains = (None, None) if a.log_y or b.log_y else (_gain(a), _gain(b))
    if gains[0] is None or gains[1] is None:
        return None
    for early, late, gain, other in ((a, b, gains[0], gains[1]), (b, a, gains[1], gains[0])):
        index = first_share(early.column.y, *gain, EARLY_SHARE)
        if index is None or index > 0.5 * early.n:
            continue
        where = int(np.argmin(abs(late.column.x - early.column.x[index])))
        made = measure_share(late.column.y, *other, where)
        mine = measure_share(early.column.y, *gain, index)
        if not 0 <= made < mine - LEAST_LEAD:
            continue
        return _timing_finding(early, late, index, where, gain, other)
    return None


def _timing_finding(
    early: Study, late: Study, index: int, where: int, gain: tuple[float, float], other: tuple[float, float]
) -> Finding:
    evidence = Evidence(early)
    mine = evidence.share("share_early", measure_share(early.column.y, *gain, index))
    theirs = evidence.share("share_late", measure_share(late.column.y, *other, where))
    evidence.note("early_value", local_median(early.column.y, index))
    evidence.note("late_value", local_median(late.column.y, where))
    noun = ["rise" if end > start else "fall" for start, end in (gain, other)]
    when = early.x_word.one(evidence.x("x_at", index))
    first = f"{evidence.y('early_from', gain[0])} to {evidence.y('early_to', gain[1])}"
    second = (
        f"{evidence.y('late_from', other[0], study=late)} to {evidence.y('late_to', other[1], study=late)}"
    )
    sentence = (
        f"{capital(early.name.subject)} changes first: by {when} it has made {mine} of its {noun[0]} from "
        f"{first}, {late.name.subject} only {theirs} of its {noun[1]} from {second}."
    )
    return Finding(
        kind="timing",
        level=3,
        sentence=sentence,
        series=(early.ref, late.ref),
        x_range=x_range(early, 0, index),
        evidence=evidence.values,
        confidence=0.93,
        salience=6.0,
        role="observation",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """An event of ``study``; indexes into its column."""

    study: Study
    first: int
    last: int
    apex: int
    sign: int
    noun: str


def _answers(a: Study, b: Study) -> list[Finding]:
    """What b does while a has an event."""
    findings: list[Finding | None] = []
    for departure, doubt in zip(a.departures, a.departure_ps, strict=True):
        answer = _answer_to_departure(a, b, departure)
        if answer is not None and doubt > FIRM_P:
            answer = replace(answer, confidence=TENTATIVE) if answer.kind == "divergence" else None
        findings.append(answer)
    for shift, doubt in zip(a.shifts, a.shift_ps, strict=True):
        at = int(np.searchsorted(b.column.x, a.column.x[shift.first_after] - 1e-9))
        if doubt > FIRM_P or at < 3 or at >= b.n:
            continue
        before, core = slice(max(0, at - 5), at), slice(at, min(b.n, at + 5))
        response = measure_response(b.column.y, b.noise, before, core, None, shift.sign)
        if response is not None and not _own_course(b, response):
            event = _Event(
                study=a,
                first=shift.last_before,
                last=shift.first_after,
                apex=shift.extreme,
                sign=shift.sign,
                noun="drop" if shift.sign < 0 else "jump",
            )
            findings.append(_answer(event, b, response, before, core))
    return [finding for finding in findings if finding is not None]


def _answer_to_departure(a: Study, b: Study, departure: Departure) -> Finding | None:
    x = b.column.x
    first, last = a.column.x[departure.first], a.column.x[departure.last]
    inside = np.flatnonzero((x > first) & (x < last))
    if len(inside) < 1 or inside[0] < 2:
        return None
    core = _core(a, departure, b)
    before = slice(max(0, int(inside[0]) - 5), int(inside[0]))
    if any(before.stop <= s.first_after <= core.stop for s in b.shifts):
        return None
    # A jump of b right after the event is another event.
    stop = min([int(inside[-1]) + 6, *(s.first_after for s in b.shifts if s.first_after > core.stop)])
    after = slice(min(int(inside[-1]) + 1, stop), stop)
    response = measure_response(b.column.y, b.noise, before, core, after, departure.sign)
    if response is None:
        return None
    event = _Event(
        study=a,
        first=departure.first,
        last=departure.last,
        apex=departure.apex,
        sign=departure.sign,
        noun="dip" if departure.sign < 0 else "peak",
    )
    return _answer(event, b, response, before, core)


def _own_course(b: Study, response: Response) -> bool:
    """Going the same way as a jump without a jump of one's own is the own course."""
    return response.answer == "same" and not b.shifts


def _core(a: Study, event: Departure, b: Study) -> slice:
    """b's points (up to five) around the event's extreme."""
    low, high = max(event.first + 1, event.apex - 2), min(event.last - 1, event.apex + 2)
    x = b.column.x
    start = int(np.searchsorted(x, a.column.x[low] - 1e-9))
    stop = int(np.searchsorted(x, a.column.x[high] + 1e-9, side="right"))
    return slice(start, max(stop, start + 1))


def _answer(event: _Event, b: Study, response: Response, before: slice, core: slice) -> Finding | None:
    """Tell one answer, unless it is undetermined or its medians do not show it."""
    shown = response.during - response.before
    if response.answer == "undetermined":
        return None
    if response.answer == "none" and abs(shown) > STILL_SHARE * b.range:
        # Its own course moves it: "does not respond" beside two different numbers helps nobody.
        return None
    if response.answer != "none" and shown / response.change < LEAST_SHOWN:
        return None
    a = event.study
    evidence = Evidence(b)
    b_before = evidence.y("before", response.before)
    b_during = evidence.y("during", response.during)
    early = evidence.window("x_before_from", before.start, "x_before", before.stop - 1)
    late = evidence.window("x_during_from", core.start, "x_during", core.stop - 1)
    evidence.note("z", response.z)
    where = a.x_word.at(evidence.x("x_at", event.apex, study=a))
    if response.answer == "none":
        kind, salience = "divergence", 6.5
        sentence = (
            f"While {a.name.subject} {event.noun}s {where}, {b.name.subject} does not visibly respond: "
            f"{b_before} before ({early}), {b_during} during it ({late})."
        )
    else:
        opposite = response.answer == "opposite"
        kind, salience = ("opposite-move", 7.0) if opposite else ("co-move", 6.0)
        moves = "rises" if response.z > 0 else "falls"
        caution = ""
        if opposite:
            count = evidence.count("n_points", response.n_before + response.n_during)
            caution = f" This opposite move rests on {count} points around one event."
        sentence = (
            f"Around the {event.noun} of {a.name.subject} {where}, {b.name.subject} {moves}"
            f"{' instead' if opposite else ' too'}, from {b_before} ({early}) to {b_during} "
            f"({late}).{caution}"
        )
    first, last = min(before.start, event.first), min(max(core.stop - 1, event.last), b.n - 1)
    return Finding(
        kind=kind,
        level=3,
        sentence=sentence,
        series=(a.ref, b.ref),
        x_range=x_range(b, first, last),
        direction=None if response.answer == "none" else ("up" if response.z > 0 else "down"),
        evidence=evidence.values,
        confidence=0.93,
        salience=salience,
        role="observation",
    )
