"""Dips, peaks and jumps of one series, what they are worth, and what came after."""

from __future__ import annotations

import math

import numpy as np

from interpret.analyses.departures import RECOVERED, Departure
from interpret.analyses.shifts import Shift
from interpret.findings.believe import FIRM_P
from interpret.findings.model import Finding
from interpret.findings.naming import capital
from interpret.findings.sentence import Evidence, choose
from interpret.findings.study import Study
from interpret.findings.values import x_range

# After an event so few points (this share of the run) leave open whether it lasts.
FEW_AFTER = 5
FEW_SHARE = 0.07
LEAST_FOR_QUIET = 20
# "It had never been so low before" is said after so many points of which this share lay on that side already.
FEWEST_BEFORE = 10
LEAST_AHEAD = 0.15
HEDGE = "; slowly wandering noise could also do this"
# One point alone is no wandering.
HEDGE_ONE = "; one stray value could also do this"
# Of hedged events beside drawn noise 2 of 14 were there, in the reference's courses all.
HEDGED = 0.5


def event_findings(study: Study) -> list[Finding]:
    """All events of one series, in order of x."""
    findings: list[tuple[int, list[Finding]]] = []
    for departure, doubt in zip(study.departures, study.departure_ps, strict=True):
        findings.append((departure.first, [_departure(study, departure, doubt)]))
    for shift, doubt in zip(study.shifts, study.shift_ps, strict=True):
        # What noise could do as well is not weighed once more.
        told = [_shift(study, shift, doubt), _worth(study, shift) if doubt <= FIRM_P else None]
        last = _aftermath(study, shift) if shift.recovery < RECOVERED else None
        findings.append((shift.last_before, [f for f in (*told, last) if f is not None]))
    ordered = [finding for _, group in sorted(findings, key=lambda item: item[0]) for finding in group]
    quiet = _quiet(study)
    return [*ordered, quiet] if quiet is not None else ordered


def _firmness(p: float, doubt: float) -> tuple[str, float]:
    """The hedge and the confidence: firm only where cautious noise cannot do it either."""
    if doubt <= FIRM_P:
        return "", 0.97
    return HEDGE, HEDGED


def event_size(study: Study, size: float) -> float:
    """Salience: by share of the range and by noise units."""
    share = size / study.range if study.range else 0.0
    return 4 + 6 * share + math.log1p(size / study.noise.sd if study.noise.sd else 0.0)


def _departure(study: Study, event: Departure, doubt: float) -> Finding:
    evidence = Evidence(study)
    dip = event.sign < 0
    hedge, confidence = _firmness(event.p, doubt)
    if hedge and event.last - event.first <= 2:
        hedge = HEDGE_ONE
    before = evidence.y("before", event.before)
    level = f"{before} ({evidence.window('x_before_from', max(0, event.first - 4), 'x_before', event.first)})"
    apex = f"{evidence.y('at', event.at_apex)} {evidence.at('x_at', event.apex)}"
    after_stop = min(study.n, event.last + 5)
    returned = evidence.window("x_after", event.last, "x_after_to", after_stop - 1)
    after = f"{evidence.y('after', event.after)} ({returned})"
    evidence.note("recovery", event.recovery)
    evidence.note("p", event.p)
    evidence.note("size", event.size)
    depth = abs(event.at_apex - event.before)
    share = evidence.share("share_of_range", depth / study.range)
    verb = "dips" if dip else "peaks"
    name = study.name.subject
    size = f"{share} of its range{study.scale_words}{_noise_units(study, evidence, depth, ', ')}{hedge}"
    sentence = choose(
        study,
        "departure",
        f"{capital(name)} {verb} from {level} to {apex} and returns to {after}: {size}.",
        f"A {verb.removesuffix('s')} of {name} leads from {level} to {apex} and back to {after}: {size}.",
        f"From {level}, {name} {verb} to {apex} before it returns to {after}: {size}.",
    )
    return Finding(
        kind="dip" if dip else "peak",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, event.first, event.last),
        direction="down" if dip else "up",
        evidence=evidence.values,
        confidence=confidence,
        p=event.p,
        salience=event_size(study, depth) - (2 if hedge else 0),
    )


def _shift(study: Study, event: Shift, doubt: float) -> Finding:
    evidence = Evidence(study)
    hedge, confidence = _firmness(event.p, doubt)
    k = min(5, event.first_after)
    before = evidence.y("before", event.before)
    first = event.first_after - k
    level = f"{before} ({evidence.window('x_before_from', first, 'x_before', event.last_before)})"
    to = f"{evidence.y('at', event.at_extreme)} {evidence.at('x_at', event.extreme)}"
    if study.log_y:
        ratio = abs(event.at_extreme - event.before)
        change = f"by a factor of {evidence.factor('size_factor', ratio)}"
    else:
        size = abs(evidence_float(evidence, "before") - evidence_float(evidence, "at"))
        change = f"a change of {evidence.y('size', size)}"
    evidence.note("after", event.after)
    evidence.note("recovery", event.recovery)
    evidence.note("n_after", event.n_after)
    evidence.note("p", event.p)
    verb = "drops" if event.sign < 0 else "jumps"
    back = event.recovery >= RECOVERED
    until = event.recovered_at if back else event.first_after
    again = ""
    if back:
        last = evidence.y("after", float(study.column.y[until]))
        again = f", and is back at {last} {evidence.at('x_after', until)}"
    name = study.name.subject
    told = f"{change}{_noise_units(study, evidence, event.size, ' or ')}{again}{hedge}"
    sentence = choose(
        study,
        "shift",
        f"{capital(name)} {verb} suddenly from {level} to {to}, {told}.",
        f"A sudden {verb.removesuffix('s')} of {name} leads from {level} to {to}, {told}.",
        f"From {level}, {name} {verb} suddenly to {to}, {told}.",
    )
    return Finding(
        kind="level-shift" if not back else "dip" if event.sign < 0 else "peak",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, event.last_before, until),
        direction="down" if event.sign < 0 else "up",
        evidence=evidence.values,
        confidence=confidence,
        p=event.p,
        salience=event_size(study, event.size) + 1 - (2 if hedge else 0),
    )


def _noise_units(study: Study, evidence: Evidence, size: float, lead: str) -> str:
    """ ", 8 times its noise", where the series is noisy at all."""
    if not study.noisy:
        return ""
    return f"{lead}{evidence.number('noise_units', size / study.noise.sd, 0)} times its noise"


def evidence_float(evidence: Evidence, key: str) -> float:
    """A number as it was printed, so that differences agree with what stands beside them."""
    value = evidence.values[key]
    return value if isinstance(value, float) else math.nan


def _worth(study: Study, event: Shift) -> Finding | None:
    """A jump's size in shares: of the range, of the level, of what was gained before."""
    y = study.column.y
    evidence = Evidence(study)
    before, at = event.before, event.at_extreme
    share = evidence.share("share_of_range", event.size / study.range)
    parts = [f"{share} of the range of all values{study.scale_words}"]
    start = float(y[0])
    gain = before - start
    told = event.size <= abs(gain) and event.first_after > 5 and not study.log_y
    if told and gain * event.sign < 0 and abs(gain) > 3 * study.noise.sd:
        word = "gain" if gain > 0 else "fall"
        share = evidence.share("share_of_prior_change", abs(at - before) / abs(gain))
        parts.append(f"{share} of the {word} made since {study.x_word.one(evidence.x('x_start', 0))}")
    level, size = study.value(before), abs(study.value(at) - study.value(before))
    if level * study.value(at) > 0 and np.min(study.plain) * np.max(study.plain) > 0 and size < abs(level):
        parts.append(f"{evidence.share('share_of_level', size / abs(level))} of the level before")
    noun = "drop" if event.sign < 0 else "jump"
    if len(parts) < 2:
        return None
    where = study.x_word.at(evidence.x("x_at", event.extreme))
    earlier = _earlier(study, event, evidence)
    sentence = (
        f"The {noun} of {study.name.subject} {where} is {', '.join(parts[:-1])} and {parts[-1]}{earlier}."
    )
    return Finding(
        kind="value",
        level=2,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, event.last_before, event.first_after),
        direction="down" if event.sign < 0 else "up",
        evidence=evidence.values,
        salience=event_size(study, event.size) + 0.5,
        role="observation",
    )


def _earlier(study: Study, event: Shift, evidence: Evidence) -> str:
    """ "; it was last so low at step 5"."""
    y = study.column.y[: event.first_after]
    beyond = np.flatnonzero(event.sign * (y - event.at_extreme) >= 0)
    if len(beyond) == 0:
        # Of a course that was on its way there, or had hardly begun, that is no news.
        ahead = np.mean(event.sign * (y - event.before) > 0)
        if len(y) < FEWEST_BEFORE or ahead < LEAST_AHEAD:
            return ""
        return f"; it had never been so {'low' if event.sign < 0 else 'high'} before"
    last = int(beyond[-1])
    if last > 0.5 * event.first_after:
        return ""
    return f"; it was last so {'low' if event.sign < 0 else 'high'} {evidence.at('x_last', last)}"


def _aftermath(study: Study, event: Shift) -> Finding | None:
    """What followed a jump, and whether the run goes on long enough to tell."""
    n = study.n
    after = n - 1 - event.extreme
    few = max(FEW_AFTER, int(FEW_SHARE * n))
    evidence = Evidence(study)
    noun = "drop" if event.sign < 0 else "jump"
    evidence.note("recovery", event.recovery)
    if after > few:
        return None
    where = study.x_word.one(evidence.x("x_at", event.extreme))
    count = evidence.count("n_after", after)
    points = "point follows" if after == 1 else "points follow"
    open_end = f"only {count} {points} {where}, so whether the {noun} lasts is not shown"
    if after == 0:
        sentence = f"The {noun} of {study.name.subject} is its last point, so whether it lasts is not shown."
        evidence.values.pop("n_after")
    elif event.recovery > 0.1:
        share = evidence.share("recovery", _made_up(study, event))
        last = f"{evidence.y('last', float(study.column.y[-1]))} {evidence.at('x_last', n - 1)}"
        sentence = (
            f"By its last point, {last}, {study.name.subject} has made up {share} of the {noun}; {open_end}."
        )
    else:
        sentence = f"{capital(study.name.subject)} does not come back from the {noun}, but {open_end}."
    return Finding(
        kind="end-behaviour",
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, event.first_after, n - 1),
        asserts=False,
        direction=None,
        evidence=evidence.values,
        confidence=0.97,
        salience=event_size(study, event.size),
        role="observation",
    )


def _made_up(study: Study, event: Shift) -> float:
    """The share of a jump that is undone, of the values themselves."""
    if not study.log_y:
        return event.recovery
    before, at, last = (study.value(v) for v in (event.before, event.at_extreme, float(study.column.y[-1])))
    return (last - at) / (before - at)


def _quiet(study: Study) -> Finding | None:
    """Deny the small wiggles that invite stories."""
    if study.trend is None or study.n < LEAST_FOR_QUIET:
        return None
    if not study.noisy:
        return None
    name = study.name.subject
    other = "other " if study.departures or study.shifts else ""
    return Finding(
        kind="dip",
        level=3,
        sentence=choose(
            study,
            "quiet",
            f"No {other}dip or peak of {name} stands out from what its noise does by chance.",
            f"{capital(name)} shows no {other}dip or peak that its noise could not make by chance.",
            f"Noise alone could make every {other}dip and peak of {name}.",
            f"The {other or 'small '}dips and peaks of {name} are no larger than its noise makes by chance.",
            f"By chance alone the noise of {name} could make each of its {other}dips and peaks.",
        ),
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, 0, study.n - 1),
        asserts=False,
        evidence={"noise_sd": float(f"{study.noise.sd:.3g}")},
        confidence=0.9,
        salience=1.0,
    )
