"""Sentences about the form of one series: its law, its bend, its cycle, its scatter, its start."""

from __future__ import annotations

import math

import numpy as np

from interpret.analyses.family import Family
from interpret.analyses.knee import measure_knee
from interpret.analyses.opening import measure_opening
from interpret.analyses.replay import measure_replay
from interpret.analyses.spread import SpreadChange, measure_spread_change
from interpret.findings.model import Direction, Finding
from interpret.findings.naming import capital
from interpret.findings.numbers import print_number
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

# A level that lies further beyond the end than this share of the whole change is a guess.
FURTHEST_LIMIT = 0.5
FURTHEST_POWER = 0.15
# Steps at distances that differ by less than this share of their mean are "evenly spaced".
EVEN = 0.15
# A start or a restart is told of courses that are sure to move.
FIRM_P = 0.01
FEWEST_STEPS = 2
# A departure this long may be a stretch that is run through again.
FEWEST_REPLAYED = 6
LEAST_JUMP = 5.0
SIGNIFICANT = 2
# Slopes at both ends of a bent course: below this ratio its change slows.
SLOWING = 0.6


def pattern_findings(study: Study) -> list[Finding]:
    """What form a series has, beyond its phases and events."""
    if study.trend is None:
        return []
    found = [_cycle(study), _start(study), _stairs(study), _scatter_change(study)]
    law = _law(study)
    found += [law if law is not None or study.period is not None else _knee(study)]
    found.append(_replay(study))
    return [finding for finding in found if finding is not None]


def _finding(study: Study, kind: str, sentence: str, evidence: Evidence, **fields: object) -> Finding:
    given: dict[str, object] = {
        "x_range": x_range(study, 0, study.n - 1),
        "confidence": 0.93,
        "salience": 5.5,
        **fields,
    }
    return Finding(
        kind=kind,
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        evidence=evidence.values,
        **given,  # type: ignore[arg-type]
    )


def significant(value: float, digits: int = SIGNIFICANT) -> int:
    """Decimals that print a number with so many significant digits."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value else 0


def distance(study: Study, evidence: Evidence, key: str, length: float) -> str:
    """A length along x in the axis' own word: "about 12 steps", "about 365 days"."""
    text = evidence.number(key, length, max(0, significant(length, 3)) if length < 100 else 0)
    return study.x_word.distance(text)


def _cycle(study: Study) -> Finding | None:
    period = study.period
    if period is None:
        return None
    evidence = Evidence(study)
    length = distance(study, evidence, "period", period.period)
    count = evidence.number("cycles", period.cycles, 0 if period.cycles >= 10 else 1)
    if study.log_y:
        height = f"a factor of about {evidence.factor('swing_factor', 2 * period.amplitude)}"
    else:
        height = f"about {evidence.y('swing', 2 * period.amplitude)}"
    evidence.note("amplitude", period.amplitude)
    evidence.note("growth", period.growth)
    evidence.note("explained", period.explained)
    share = evidence.share("swing_share_of_range", 2 * period.amplitude / study.range)
    sentence = (
        f"{capital(study.name.subject)} goes up and down regularly, about every {length} ({count} cycles), "
        f"by {height} from trough to crest, {share} of its range{study.scale_words}."
    )
    return _finding(study, "oscillation", sentence, evidence, p=period.p, salience=6.5)


def _law(study: Study) -> Finding | None:
    family = study.family
    if family is None:
        return None
    up = family.end > family.start
    evidence = Evidence(study)
    evidence.note("family", family.name)
    evidence.note("explained", family.explained)
    told = _law_words(study, family, evidence, up)
    if told is None:
        return None
    return _finding(
        study, "shape", f"{capital(study.name.subject)} {told}.", evidence, direction="up" if up else "down"
    )


def _law_words(study: Study, family: Family, evidence: Evidence, up: bool) -> str | None:
    verb = "rises" if up else "falls"
    x_name = study.x_word.word or "x"
    if family.name == "bent":
        evidence.note("course", family.course)
        return (
            f"{verb} ever {'faster' if family.course == 'steepening' else 'more slowly'}{study.scale_words}"
        )
    if family.name == "exponential":
        evidence.note("course", "steepening" if up else "slowing")
        word = "doubling" if up else "halving"
        length = distance(study, evidence, f"{word}_distance", abs(family.parameter))
        return f"{verb} exponentially, {word} about every {length}"
    if family.name == "saturating":
        if abs(family.limit - family.end) > FURTHEST_LIMIT * abs(family.end - family.start):
            return None
        evidence.note("course", "slowing")
        evidence.note("approached", 1 - abs((family.limit - family.end) / (family.limit - family.start)))
        limit = evidence.y("limit", family.limit)
        length = distance(study, evidence, "time_constant", family.parameter)
        return (
            f"{verb} ever more slowly, as an exponential approach to about {limit} with a time constant of "
            f"{length} does"
        )
    if family.name == "power":
        evidence.note("course", "steepening" if family.parameter > 1 else "slowing")
        exponent = evidence.number("exponent", family.parameter, 2)
        return f"{verb} as a power of {x_name} with an exponent of about {exponent}, straight on log-log axes"
    if family.name == "offset-power":
        evidence.note("course", "slowing")
        if abs(family.limit - family.end) > FURTHEST_POWER * abs(family.end - family.start):
            # A power so flat has its level anywhere.
            return f"{verb} ever more slowly{study.scale_words}"
        exponent, limit = evidence.number("exponent", family.parameter, 1), evidence.y("limit", family.limit)
        return (
            f"{verb} ever more slowly, as a power of {x_name} with an exponent of about {exponent} does, "
            f"towards about {limit}"
        )
    if family.name == "hyperbolic":
        evidence.note("course", family.course)
        return (
            f"{verb} ever {'faster' if family.course == 'steepening' else 'more slowly'}, as a hyperbola does"
        )
    if family.name == "logarithmic":
        evidence.note("course", "slowing")
        return f"{verb} with the logarithm of {x_name}, by as much in each doubling of {x_name}"
    evidence.note("plateaus", "both" if family.both_ends else "not both")
    evidence.note("course", "sigmoid")
    where = print_number(family.parameter, max(study.x_decimals, significant(family.parameter)))
    evidence.values["x_at"] = float(where)
    open_end = "" if family.both_ends else "; not both of its plateaus lie in the picture"
    return f"{verb} along a sigmoid, with its steepest part around {study.x_word.one(where)}{open_end}"


def _knee(study: Study) -> Finding | None:
    # A slope in decades, or along them, is no number that the axes show.
    if (
        study.log_y
        or study.places is not study.column.x
        or study.departures
        or study.shifts
        or study.trend is None
        or study.trend.p > FIRM_P
    ):
        return None
    knee = measure_knee(study.column.x, study.column.y, study.noise)
    if knee is None:
        return None
    slowing = abs(knee.after) < abs(knee.before)
    evidence = Evidence(study)
    evidence.note("course", "slowing" if slowing else "steepening")
    gentle, steepest = sorted((abs(knee.before), abs(knee.after)))
    evidence.note("slope_ratio", gentle / steepest)
    where = evidence.at("x_at", knee.index)
    per = study.x_word.one_unit
    if study.x_word.scale in ("date", "category"):
        per = "day" if study.x_word.scale == "date" else "point"
    before, after = (
        evidence.number(key, slope, significant(slope) if abs(slope) > 1e-12 else 0)
        for key, slope in (("slope_before", knee.before), ("slope_after", knee.after))
    )
    steep = knee.before if slowing else knee.after
    direction: Direction = "up" if steep > 0 else "down"
    sentence = (
        f"{capital(study.name.subject)} bends about {where}: its slope is {before} per {per} before and "
        f"{after} after."
    )
    return _finding(
        study,
        "knee",
        sentence,
        evidence,
        x_range=x_range(study, knee.index, knee.index),
        direction=direction,
        salience=4.5,
    )


def _start(study: Study) -> Finding | None:
    opening = measure_opening(study.column.y, study.noise)
    if opening is None or study.trend is None or study.trend.p > FIRM_P:
        return None
    evidence = Evidence(study)
    start = evidence.y("from", float(study.column.y[0]))
    peak = evidence.y("to", float(study.column.y[opening.turn]))
    verbs = ("rises", "falls") if opening.sign > 0 else ("falls", "rises")
    sentence = (
        f"{capital(study.name.subject)} first {verbs[0]} from {start} {evidence.at('x_from', 0)} to {peak} "
        f"{evidence.at('x_at', opening.turn)}, against its later course, before it {verbs[1]}."
    )
    return _finding(
        study,
        "start-behaviour",
        sentence,
        evidence,
        x_range=x_range(study, 0, opening.turn),
        direction="up" if opening.sign > 0 else "down",
    )


def _stairs(study: Study) -> Finding | None:
    """Several jumps the same way."""
    for sign in (-1, 1):
        shifts = [s for s in study.shifts if s.sign == sign]
        if len(shifts) < FEWEST_STEPS or len(shifts) < 0.8 * len(study.shifts):
            continue
        evidence = Evidence(study)
        places = [evidence.x(f"x{k}", shift.first_after) for k, shift in enumerate(shifts)]
        at = np.array([study.column.x[s.first_after] for s in shifts], dtype=float)
        gaps = np.diff(at)
        uneven = float(np.std(gaps) / np.mean(gaps)) if len(gaps) > 1 else 1.0
        evidence.note("unevenness", uneven)
        count = evidence.count("n_steps", len(shifts))
        spaced = ""
        if len(shifts) > 2 and uneven < EVEN:
            spaced = f", about {distance(study, evidence, 'spacing', float(np.mean(gaps)))} apart"
        verb = "falls" if sign < 0 else "rises"
        listed = f"{', '.join(places[:-1])} and {places[-1]}"
        name = capital(study.name.subject)
        sentence = f"{name} {verb} in {count} sudden steps{spaced}: {study.x_word.at(listed)}."
        return _finding(
            study,
            "stairs",
            sentence,
            evidence,
            x_range=x_range(study, shifts[0].last_before, shifts[-1].first_after),
            direction="down" if sign < 0 else "up",
            salience=6.5,
        )
    return None


# Of the larger scatter, in reading errors: told ones below this were lines without any.
SEEN_SCATTER = 2.0
# A line with more holes than this share of its columns is dashed.
MOST_HOLES = 0.1


def _scatter_change(study: Study) -> Finding | None:
    """Whether the scatter grows or shrinks: at the jumps, the phases' borders and halfway."""
    steps = np.diff(study.column.x)
    # Second differences over the holes of a dashed line are no scatter.
    dashed = study.source.sampled_at != "markers" and np.mean(steps > 2 * np.median(steps)) > MOST_HOLES
    if not study.noisy or dashed:
        return None
    # The bend of a smooth curve is no scatter.
    y = study.column.y if study.family is None else study.column.y - study.family.fitted
    ignored = np.zeros(study.n, dtype=bool)
    for departure in study.departures:
        ignored[departure.first + 1 : departure.last] = True
    stops = [s.first_after for s in study.shifts]
    # Before a jump the scatter may grow; that it changes at the jump is another matter.
    ends = [stops[0], study.n] if stops else [study.n]
    changes: list[tuple[SpreadChange, int]] = []
    for end in ends:
        inner = {p.start for p in study.phases if 0 < p.start < end} | {end // 2, (2 * end) // 3}
        for at in sorted({*inner, *(stop for stop in stops if stop < end)}):
            change = measure_spread_change(y, at, stop=end, ignored=ignored)
            if change is not None:
                changes.append((change, end))
    # What the reading does to a smooth line is no scatter of the data.
    seen = SEEN_SCATTER * float(np.median(study.column.sigma))
    changes = [(change, end) for change, end in changes if max(change.before, change.after) > seen]
    if not changes:
        return None
    change, end = min(changes, key=lambda item: (item[1] == study.n, item[0].p))
    evidence = Evidence(study)
    before, after = (
        f"a factor of about {evidence.factor(key + '_factor', value)}"
        if study.log_y
        else f"about {evidence.number(key, value, significant(value))}"
        for key, value in (("scatter_before", change.before), ("scatter_after", change.after))
    )
    after = after.removeprefix("about ")
    evidence.note("ratio", change.ratio)
    where = study.x_word.one(evidence.x("x_at", change.at))
    until = f" (up to {study.x_word.one(evidence.x('x_to', end - 1))})" if end < study.n else ""
    verb = "grows" if change.ratio > 1 else "shrinks"
    sentence = (
        f"The scatter of {study.name.subject} from point to point {verb} from {before} before {where} "
        f"to {after} after it{until}."
    )
    return _finding(
        study,
        "volatility",
        sentence,
        evidence,
        x_range=x_range(study, 0, end - 1),
        direction="up" if change.ratio > 1 else "down",
        p=min(1.0, change.p * len(changes)),
        salience=4.5,
    )


def _replay(study: Study) -> Finding | None:
    """A jump after which the series runs through earlier values again."""
    if study.trend is None or study.trend.p > FIRM_P:
        return None
    # Only a jump back, against the whole change, starts a course anew.
    steps = -np.sign(study.trend.change) * np.diff(study.column.y)
    jumps = [shift.first_after for shift in study.shifts]
    for d in study.departures:
        if d.last - d.first > FEWEST_REPLAYED:
            near = np.arange(max(0, d.first - 1), min(len(steps), d.last + 1))
            jumps.append(int(near[np.argmax(steps[near])]) + 1)
    for first_after in sorted(set(jumps)):
        if steps[first_after - 1] < LEAST_JUMP * study.noise.sd:
            continue
        replay = measure_replay(study.column.y, study.noise, first_after)
        if replay is None:
            continue
        evidence = Evidence(study)
        first = first_after - replay.lag
        where = evidence.at("x_at", first_after)
        span = evidence.span("x_from", first, "x_to", first + replay.length - 1)
        name = study.name.subject
        return _finding(
            study,
            "replay",
            f"After its jump {where} {name} runs again through the values that it had over {span}.",
            evidence,
            x_range=x_range(study, first_after - 1, first_after + replay.length - 1),
            salience=6.0,
            role="observation",
        )
    return None
