"""Sentences about a series of few points: which way it goes, where it turns, whether it slows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from interpret.analyses.runs import measure_bend
from interpret.findings.model import Direction, Finding
from interpret.findings.naming import capital
from interpret.findings.patterns import significant
from interpret.findings.sentence import Evidence
from interpret.findings.study import Study
from interpret.findings.values import x_range

# Below so many points one way is soon chance.
SURE = 5
# Of a course with more runs only the highest and the lowest turn are told once more.
MOST_TURNS = 3
# A turn after which a course goes so many times as far as before it stands out from nothing.
MOST_AFTER = 4.0


def short_findings(study: Study) -> list[Finding]:
    """The course of a short series from point to point."""
    runs = study.runs
    if len(runs) <= 1:
        found = [_one_way(study)]
        return [f for f in (*found, _bend(study) if found[0] is not None else None) if f is not None]
    findings = []
    for k, run in enumerate(runs):
        evidence = Evidence(study)
        way: Direction = "up" if run.sign > 0 else "down"
        verb = "rises" if way == "up" else "falls"
        start = f"{evidence.y('from', float(study.column.y[run.first]))} {evidence.at('x_from', run.first)}"
        end = f"{evidence.y('to', float(study.column.y[run.last]))} {evidence.at('x_to', run.last)}"
        name = study.name.subject
        sentence = f"{capital(name)} {verb} from {start} to {end}."
        if k and (study.wording + k) % 2:
            # Each may have to stand alone, where there is room for one.
            sentence = f"From {start}, {name} {verb} to {end}."
        told = _finding(study, "phase", sentence, evidence, run.first, run.last, way)
        moved = abs(float(study.column.y[run.last] - study.column.y[run.first])) / study.range
        findings.append(replace(told, salience=told.salience + moved))
    for before, after in pairwise(runs):
        evidence = Evidence(study)
        way = "up" if after.sign > 0 else "down"
        y, at = study.column.y, before.last
        best = "lowest" if way == "up" else "highest"
        extreme = float(y[at]) == float(y.min() if way == "up" else y.max())
        if len(runs) > MOST_TURNS and not extreme:
            # Of many turns the runs tell.
            continue
        what = f"its {best} value, " if extreme else ""
        spans = (float(study.column.x[run.last] - study.column.x[run.first]) for run in (before, after))
        rise, fall = spans
        evidence.note("fall_over_rise", fall / rise if rise else 1.0)
        evidence.note("recovery", 0.0)
        words = ("fall", "rise") if way == "up" else ("rise", "fall")
        moves = [abs(study.plain[run.last] - study.plain[run.first]) for run in (before, after)]
        ratio = float(moves[1] / moves[0])
        sentence = (
            f"{capital(study.name.subject)} turns {way} from {what}{evidence.y('at', float(y[at]))} "
            f"{evidence.at('x_at', at)}"
        )
        if ratio <= 1:
            share = evidence.share("share_of_change_before", ratio)
            sentence += f"; the {words[1]} after it is {share} of the {words[0]} before it."
        else:
            # A share of more than all says less than where it leads.
            evidence.note("share_of_change_before", ratio)
            end = f"{evidence.y('to', float(y[after.last]))} {evidence.at('x_to', after.last)}"
            sentence += f"{',' if extreme else ''} to {end}."
        turn = _finding(study, "trend-change", sentence, evidence, at, after.last, way)
        # What went before such a turn was no more than a start: the course alone tells it.
        findings.append(replace(turn, role="detail", salience=1.0) if ratio > MOST_AFTER else turn)
    return findings


def _one_way(study: Study) -> Finding | None:
    """Which way each step goes, if all go one way."""
    steps = np.diff(study.column.y)
    error = 2 * float(np.median(study.column.sigma))
    up, down = bool(np.all(steps > -error)), bool(np.all(steps < error))
    if up == down:
        if len(study.runs) != 1:
            return None
        up = study.runs[0].sign > 0
    strict = bool(np.all(steps > -error) if up else np.all(steps < error))
    evidence = Evidence(study)
    last = study.n - 1
    sentence = (
        f"{capital(study.name.subject)} {'rises' if up else 'falls'} "
        f"{'from point to point' if strict else 'overall'}, from "
        f"{evidence.y('from', float(study.column.y[0]))} {evidence.at('x_from', 0)} to "
        f"{evidence.y('to', float(study.column.y[-1]))} {evidence.at('x_to', last)}."
    )
    found = _finding(study, "trend", sentence, evidence, 0, last, "up" if up else "down")
    return found


def _bend(study: Study) -> Finding | None:
    """Whether a one-way course slows or steepens."""
    x, y = study.column.x, study.column.y
    slopes = measure_bend(x, y, float(np.median(study.column.sigma)))
    # A slope in decades is no number that the axis shows.
    if slopes is None or study.log_y or study.x_word.scale in ("date", "category"):
        return None
    slowing = abs(slopes[1]) < abs(slopes[0])
    third = max(2, study.n // 3)
    evidence = Evidence(study)
    evidence.note("family", "bent")
    evidence.note("course", "slowing" if slowing else "steepening")
    per = study.x_word.one_unit
    first, last = (
        evidence.number(key, slope, significant(slope))
        for key, slope in zip(("slope_first", "slope_last"), slopes, strict=True)
    )
    early = evidence.span("x_from", 0, "x_from_to", third - 1)
    late = evidence.span("x_to_from", study.n - third, "x_to", study.n - 1)
    noun = "rise" if y[-1] > y[0] else "fall"
    sentence = (
        f"The {noun} of {study.name.subject} {'slows' if slowing else 'steepens'}: {first} per {per} "
        f"over {early}, {last} over {late}."
    )
    return _finding(study, "shape", sentence, evidence, 0, study.n - 1, "up" if noun == "rise" else "down")


def _finding(
    study: Study, kind: str, sentence: str, evidence: Evidence, first: int, last: int, way: Direction
) -> Finding:
    return Finding(
        kind=kind,
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, first, last),
        direction=way,
        evidence=evidence.values,
        confidence=0.93 if study.n >= SURE else 0.8,
        salience=5.5 if kind == "trend-change" else 5.0,
        role="observation" if kind == "trend-change" else "detail",
    )
