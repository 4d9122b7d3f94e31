"""Sentences about points without an order along x: relation, groups, outliers, and loops."""

from __future__ import annotations

import numpy as np

from interpret.analyses.branches import measure_branches
from interpret.analyses.clusters import measure_groups, measure_outliers
from interpret.analyses.null import normal_tail
from interpret.findings.model import Finding, Position
from interpret.findings.naming import capital, plural_verb, y_label
from interpret.findings.sentence import Evidence, join
from interpret.findings.structure import say_count
from interpret.findings.study import Study

FEWEST = 8
STRONG, WEAK = 0.7, 0.35
# Rank correlations have this larger standard error than Pearson's.
RANK_FACTOR = 1.03
FIRM_P = 0.01


def cloud_findings(study: Study) -> list[Finding]:
    """What relation, groups and outliers a cloud shows, or how a loop's branches differ."""
    full = study.full
    if study.source.kind == "line" and not full.ordered:
        loop = _loop(study)
        return [] if loop is None else [loop]
    if study.source.kind != "scatter" or study.trend is not None or full.labels is not None:
        return []
    if full.n < FEWEST or np.ptp(full.x) == 0 or np.ptp(full.y) == 0:
        return []
    groups = _groups(study)
    found = [_relation(study), groups, _outliers(study) if groups is None else None]
    return [finding for finding in found if finding is not None]


def whole_x(study: Study) -> tuple[Position, Position]:
    """The series' span along x, as in the figure document."""
    full = study.full
    if full.labels is not None:
        return full.labels[0], full.labels[-1]
    return float(f"{full.x.min():.12g}"), float(f"{full.x.max():.12g}")


def _relation(study: Study) -> Finding:
    x, y, n = study.full.x, study.full.y, study.full.n
    ranks_x, ranks_y = (np.argsort(np.argsort(v)).astype(np.float64) for v in (x, y))
    r = float(np.corrcoef(ranks_x, ranks_y)[0, 1])
    p = normal_tail(np.arctanh(min(abs(r), 0.999999)) * np.sqrt(max(n - 3, 1)) / RANK_FACTOR)
    evidence = Evidence(study)
    evidence.note("p", p)
    shown = evidence.number("rank_correlation", r, 2)
    count = evidence.count("n_points", n)
    clear = p < FIRM_P
    strength = "a strong " if abs(r) > STRONG else "a weak " if abs(r) < WEAK else ""
    other = study.panel.x_axis.label or "x"
    name, label = study.name.subject, y_label(study.panel, study.source)
    # A group of a legend has no height: what the axis tells of it has.
    grouped = label is not None and study.source.name not in (None, label, study.panel.title)
    group, what = (f" of {name}", label) if grouped else ("", name)
    if clear:
        way = "higher" if r > 0 else "lower"
        verb = "tends" if grouped else plural_verb(name, "tends", "tend")
        said = f"{what} {verb} to be {way} where {other} is higher"
        held = f"({strength}rank correlation{', ' if strength else ' '}{shown})"
    else:
        verb = "shows" if grouped else plural_verb(name, "shows", "show")
        said, held = f"{what} {verb} no clear relation to {other}", f"(rank correlation {shown})"
    return Finding(
        kind="association",
        level=2,
        sentence=f"Across the {count} points{group}, {said} {held}.",
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=whole_x(study),
        asserts=clear,
        direction=("up" if r > 0 else "down") if clear else None,
        evidence=evidence.values,
        confidence=min(0.98, 1 - p) if clear else 0.8,
        p=p if clear else None,
        salience=3.0,
    )


def _groups(study: Study) -> Finding | None:
    groups = measure_groups(study.full.x, study.full.y)
    if groups is None:
        return None
    evidence = Evidence(study)
    evidence.note("tightness", groups.tightness)
    parts = []
    for k in range(groups.n):
        inside = groups.labels == k
        count = evidence.count(f"n_{k}", int(inside.sum()))
        x = evidence.position(f"x_{k}", float(np.median(study.full.x[inside])), study)
        y = evidence.read(f"y_{k}", float(np.median(study.full.y[inside])))
        parts.append(f"{count} around ({x}, {y})")
    evidence.note("n_groups", groups.n)
    name = study.name.subject
    sentence = (
        f"{capital(name)} {plural_verb(name, 'falls', 'fall')} into {say_count(groups.n)} groups: "
        f"{join(parts)} (medians)."
    )
    return _finding(study, "clusters", sentence, evidence, 4.0)


def _outliers(study: Study) -> Finding | None:
    found = measure_outliers(study.full.x, study.full.y)
    if not found:
        return None
    evidence = Evidence(study)
    parts = []
    for k, index in enumerate(found):
        x = evidence.position(f"x_{k}", float(study.full.x[index]), study)
        parts.append(f"({x}, {evidence.read(f'y_{k}', float(study.full.y[index]))})")
    noun = "point lies" if len(found) == 1 else "points lie"
    count = say_count(len(found)).capitalize()
    evidence.note("n_outliers", len(found))
    sentence = f"{count} {noun} far off the relation of the others in {study.name.subject}: {join(parts)}."
    return _finding(study, "outlier", sentence, evidence, 4.0)


def _loop(study: Study) -> Finding | None:
    there = np.isfinite(study.full.y)
    branches = measure_branches(
        study.full.x[there], study.full.y[there], float(np.median(study.full.sigma)) if study.full.n else 0.0
    )
    if branches is None:
        return None
    evidence = Evidence(study)
    where = study.x_word.at(evidence.position("x_at", branches.at, study))
    forth, back = evidence.read("forth", branches.forth_at), evidence.read("back", branches.back_at)
    sentence = (
        f"{capital(study.name.subject)} runs forth and back along x on different branches: {where} it is "
        f"{forth} on the way forth and {back} on the way back."
    )
    return _finding(study, "hysteresis", sentence, evidence, 6.0)


def _finding(study: Study, kind: str, sentence: str, evidence: Evidence, salience: float) -> Finding:
    return Finding(
        kind=kind,
        level=3,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=whole_x(study),
        evidence=evidence.values,
        confidence=0.9,
        salience=salience,
    )
