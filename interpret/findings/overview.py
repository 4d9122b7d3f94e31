"""The chart in one or two sentences: how many points, and what each series does."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Figure
from interpret.findings.model import Finding
from interpret.findings.naming import capital
from interpret.findings.patterns import distance
from interpret.findings.sentence import Evidence, join
from interpret.findings.structure import common_x, say_count
from interpret.findings.study import Study
from interpret.findings.values import has_holes, x_range

# More series than this are told by their extremes, not one by one.
MOST_TOLD = 4
# A rise or fall alone that leaves out less of the series than this is told without its ends.
# How a finding's own sentence is hedged.
HEDGES = ("slowly wandering noise could also", "one stray value could also")
UNTOLD = 0.1
# What comes after a jump is told where it takes this share of the run.
MOST_OF_RUN = 0.5
CYCLE = "goes up and down regularly"
# Ends differ clearly by this share of the range and so many standard deviations of the noise.
CLEAR_SHARE = 0.3
CLEAR_UNITS = 3.0


def overview_findings(figure: Figure, claims: Sequence[Finding], studies: Sequence[Study]) -> list[Finding]:
    """Span and number of points, and the course of each of a few series."""
    lines = [s for s in studies if s.full.n >= 2]
    findings = _spans(figure, lines)
    smoothed = {ref for f in claims if f.kind == "smoothing" for ref in f.series[::2]}
    told = [s for s in lines if s.trend is not None and s.ref not in smoothed]
    if told and len(told) <= MOST_TOLD:
        shape = _shapes(told, claims)
        if shape is not None:
            findings.append(shape)
    elif told:
        many = _many(told, apart=bool(smoothed))
        if many is not None:
            findings.append(many)
    return findings


def _many(own: Sequence[Study], *, apart: bool) -> Finding | None:
    """How many of many series end higher than they begin, how many lower; ``apart`` from smoothed ones."""
    ways = [_way(study) for study in own]
    told = [(ways.count(way), verb) for way, verb in ((1, "higher"), (-1, "lower")) if way in ways]
    if not told:
        return None
    evidence = Evidence(own[0])
    total = evidence.count("n_series", len(own))
    if told[0][0] == len(own):
        sentence = f"All {total} series end clearly {told[0][1]} than they begin."
    else:
        (n, verb), *others = told
        ends = f"{evidence.count(f'n_{verb}', n)} {'ends' if n == 1 else 'end'} clearly {verb} than"
        ends += f" {'it begins' if n == 1 else 'they begin'}"
        rest = "".join(f" and {evidence.count(f'n_{word}', k)} clearly {word}" for k, word in others)
        which = ", smoothed ones apart" if apart else ""
        sentence = f"Of the {total} series{which}, {ends}{rest}."
    return Finding(
        kind="course",
        level=3,
        sentence=sentence,
        panel=own[0].ref.panel if len({s.ref.panel for s in own}) == 1 else None,
        series=tuple(s.ref for s in own),
        evidence=evidence.values,
        confidence=0.95,
        salience=8.0,
        role="overview",
    )


def _way(study: Study) -> int:
    """Where a series ends beside where it begins: +1, -1, or 0 where that is unclear."""
    if study.trend is None or study.range <= 0:
        return 0
    change = study.trend.end - study.trend.start
    clear = abs(change) > max(CLEAR_SHARE * study.range, CLEAR_UNITS * study.noise.sd)
    return int(change > 0) - int(change < 0) if clear else 0


def _spans(figure: Figure, studies: Sequence[Study]) -> list[Finding]:
    """ "Both series hold 71 points from step 0 to step 70." where they are all alike, else a panel."""
    if not studies:
        return []
    groups: dict[tuple[object, ...], list[Study]] = {}
    for study in studies:
        if (
            study.source.kind not in ("line", "scatter")
            or not study.full.ordered
            or study.source.kind == "scatter"
        ):
            continue
        key = (study.full.n, study.position(0), study.position(study.n - 1), study.x_word.word)
        groups.setdefault(key, []).append(study)
    if len(groups) != 1:
        return []
    group = next(iter(groups.values()))
    if not common_x(figure, [s.ref.panel for s in group]):
        return []
    first = group[0]
    evidence = Evidence(first)
    word = first.x_word
    start, end = evidence.x("x_from", 0), evidence.x("x_to", first.n - 1)
    names = (
        capital(first.name.subject)
        if len(group) == 1 and len(studies) > 1
        else "The series"
        if len(group) == 1
        else "Both series"
        if len(group) == 2
        else f"All {say_count(len(group))} series"
    )
    verb = "runs" if len(group) == 1 else "run"
    evidence.note("n_series", len(group))
    points = ""
    if first.source.sampled_at != "columns":
        each = "" if len(group) == 1 else " each"
        points = f", {evidence.count('n_points', first.full.n)} points{each}"
        if any(has_holes(study) for study in group):
            # More are there: a stretch could not be read.
            points = f"; {evidence.count('n_points', first.full.n)} of {'their' if each else 'its'} points"
            points += f"{each} could be read"
    sentence = f"{names} {verb} from {word.one(start)} to {word.one(end)}{points}."
    return [
        Finding(
            kind="summary",
            level=2,
            sentence=sentence,
            panel=first.ref.panel if len({s.ref.panel for s in group}) == 1 else None,
            series=tuple(s.ref for s in group),
            x_range=x_range(first, 0, first.n - 1),
            evidence=evidence.values,
            salience=7.0,
            role="overview",
        )
    ]


def _shapes(studies: Sequence[Study], claims: Sequence[Finding]) -> Finding | None:
    clauses: list[tuple[str, str]] = []
    evidence = Evidence(studies[0])
    refs = []
    confidence = 1.0
    for index, study in enumerate(studies):
        mine = [f for f in claims if f.series == (study.ref,) and f.level == 3 and f.role == "detail"]
        turns = [f for f in claims if f.kind == "trend-change" and f.series == (study.ref,)]
        clause = _clause(study, mine, evidence, index, turns)
        if clause:
            clauses.append((study.name.subject, clause))
            refs.append(study.ref)
            confidence = min([confidence, *(f.confidence for f in mine if f.asserts)])
    if not clauses:
        return None
    return Finding(
        kind="course",
        level=3,
        sentence=capital(_together(clauses)) + ".",
        panel=studies[0].ref.panel if len({s.ref.panel for s in studies}) == 1 else None,
        series=tuple(refs),
        x_range=x_range(studies[0], 0, studies[0].n - 1),
        evidence=evidence.values,
        confidence=confidence,
        salience=8.0,
        role="overview",
    )


def _together(clauses: Sequence[tuple[str, str]]) -> str:
    """Each series with its clause, and all in one where they share a cycle."""
    shared = {clause for _, clause in clauses}
    if len(clauses) > 1 and len(shared) == 1 and clauses[0][1].startswith(CYCLE):
        return f"{join([name for name, _ in clauses])} go{clauses[0][1].removeprefix('goes')}"
    return "; ".join(f"{name} {clause}" for name, clause in clauses)


def _after_plateau(mine: Sequence[Finding]) -> str:
    """ " and lies lower after it"."""
    rest = next((f for f in mine if f.kind == "rest"), None)
    return "" if rest is None else f" and lies {'higher' if rest.direction == 'up' else 'lower'} after it"


def _on_plateau(
    study: Study, turns: Sequence[Finding], evidence: Evidence, index: int, *, is_last: bool
) -> str:
    """ " (turning up at epoch 6)" or " (still falling slowly)", where a plateau does that by little."""
    flat = study.plateau
    for turn in turns:
        place = turn.evidence["x_at"]
        if flat is not None and flat.start < study.index_of(place) < flat.stop - 1:
            where = _place(study, turn, "x_at", evidence, f"turn_{index}", at=True)
            return f" (turning {turn.direction} {where})"
    if is_last and study.within is not None and study.within.kind == "drift":
        # Who reads the overview alone must not take for the end what goes on.
        return f" (still {'rising' if study.within.sign > 0 else 'falling'} slowly)"
    return ""


def _clause(
    study: Study, mine: Sequence[Finding], evidence: Evidence, index: int, turns: Sequence[Finding]
) -> str:
    """ "rises fast, then more slowly, stays on a plateau from step 33 and drops suddenly at step 66"."""
    verbs: list[str] = []
    phases = [f for f in mine if f.kind in ("phase", "plateau", "level-shift")]
    phases.sort(key=lambda f: study.index_of(f.x_range[0]) if f.x_range else 0)
    previous: Finding | None = None
    jumped = False
    for k, finding in enumerate(phases):
        if finding.kind == "phase" and jumped:
            if len(verbs) == 1 and finding.x_range is not None:
                first, last = (study.index_of(place) for place in finding.x_range)
                if last - first > MOST_OF_RUN * study.n:
                    verbs.append(f"then {'rises' if finding.direction == 'up' else 'falls'}")
            continue
        if finding.kind == "phase":
            up = finding.direction == "up"
            if previous is not None and previous.kind == "phase" and previous.direction == finding.direction:
                _go_on(verbs, slower="slows" in finding.sentence)
            else:
                fast = " fast" if " fast" in finding.sentence else ""
                where = _where(study, phases, k, evidence, index)
                # A course that is hedged is hedged as a whole, at its beginning.
                hedge = "" if verbs else _perhaps(finding)
                verbs.append(f"{hedge}{'rises' if up else 'falls'}{fast}{where}")
        elif finding.kind == "plateau":
            told = _plateau(study, mine, finding, previous, evidence, index, is_last=not phases[k + 1 :])
            told += _on_plateau(study, turns, evidence, index, is_last=not phases[k + 1 :])
            verbs.append("stays level throughout" if not phases[1:] else told)
        else:
            where = _place(study, finding, "x_at", evidence, f"jump_{index}_{len(verbs)}", at=True)
            verbs.append(
                f"{_perhaps(finding)}{'drops' if finding.direction == 'down' else 'jumps'} suddenly {where}"
            )
            jumped = True
        previous = finding
    verbs = verbs or _without_phases(study, mine, evidence, index)
    if not verbs:
        return ""
    text = (
        verbs[0]
        if len(verbs) == 1
        else ", ".join(verbs[:-1]) + (", " if "then" in verbs[-1] else " and ") + verbs[-1]
    )
    return text + _departures(study, mine, evidence, index)


def _plateau(
    study: Study,
    mine: Sequence[Finding],
    finding: Finding,
    previous: Finding | None,
    evidence: Evidence,
    index: int,
    *,
    is_last: bool,
) -> str:
    """ "stays on a plateau from step 33 until step 60"; where a jump led to it, no beginning."""
    where = _place(study, finding, "x_from", evidence, f"plateau_{index}")
    begins = study.index_of(finding.x_range[0]) if finding.x_range else 0
    # The jump's extreme may lie inside the plateau that it leads to.
    jump = previous if previous is not None and previous.kind == "level-shift" else None
    if jump is not None and begins <= study.index_of(jump.evidence["x_at"]):
        return "then stays on a plateau"
    told = f"stays on a plateau from {where}"
    ends = study.index_of(finding.x_range[1]) if finding.x_range else study.n - 1
    if is_last and ends < (1 - UNTOLD) * (study.n - 1):
        told += f" until {_place(study, finding, 'x_to', evidence, f'plateau_to_{index}')}"
        told += _after_plateau(mine)
    return told


def _without_phases(study: Study, mine: Sequence[Finding], evidence: Evidence, index: int) -> list[str]:
    """The cycle or the overall trend of a course without phases; empty where nothing is known of either."""
    cycle = next((f for f in mine if f.kind == "oscillation" and "period" in f.evidence), None)
    if cycle is not None:
        length = distance(study, evidence, f"period_{index}", float(cycle.evidence["period"]))
        return [f"{CYCLE}, about every {length}"]
    trend = next((f for f in mine if f.kind == "trend"), None)
    if trend is None:
        return []
    if not trend.asserts:
        return ["shows no clear trend"]
    law = next((f.evidence.get("family") for f in mine if f.kind == "shape"), "")
    how = "exponentially" if law == "exponential" else "overall"
    return [f"{'rises' if trend.direction == 'up' else 'falls'} {how}"]


def _go_on(verbs: list[str], *, slower: bool) -> None:
    """Say that a rise or fall goes on at another pace."""
    more = "then more slowly" if slower else "then faster"
    ever = more.replace("then", "then ever")
    if verbs[-1] in (more, ever):
        verbs[-1] = ever
    else:
        verbs.append(more)


def _perhaps(finding: Finding) -> str:
    """The hedge of what noise could do as well."""
    return "perhaps " if any(hedge in finding.sentence for hedge in HEDGES) else ""


def _where(study: Study, phases: Sequence[Finding], k: int, evidence: Evidence, index: int) -> str:
    """Until where a rise or fall goes on before it turns, or from where or until where one alone does."""
    finding = phases[k]
    after = phases[k + 1] if k + 1 < len(phases) else None
    turns = after is not None and after.kind == "phase" and after.direction != finding.direction
    if len(phases) == 1 and finding.x_range is not None:
        first, last = (study.index_of(place) for place in finding.x_range)
        if first > UNTOLD * study.n:
            return f" from {_place(study, finding, 'x_from', evidence, f'from_{index}_{k}')}"
        turns = last < (1 - UNTOLD) * (study.n - 1)
    return f" until {_place(study, finding, 'x_to', evidence, f'until_{index}_{k}')}" if turns else ""


def _departures(study: Study, mine: Sequence[Finding], evidence: Evidence, index: int) -> str:
    events = [f for f in mine if f.kind in ("dip", "peak") and f.asserts]
    if not events:
        return ""
    if len(events) > 2:
        evidence.note(f"n_events_{index}", len(events))
        kinds = {f.kind for f in events}
        noun = f"{next(iter(kinds))}s" if len(kinds) == 1 else "dips and peaks"
        return f", with {say_count(len(events))} {noun}"
    parts = [
        f"{_perhaps(f)}a {f.kind} {_place(study, f, 'x_at', evidence, f'event_{index}_{k}', at=True)}"
        for k, f in enumerate(events)
    ]
    return f", with {' and '.join(parts)}"


def _place(
    study: Study, finding: Finding, key: str, evidence: Evidence, name: str, *, at: bool = False
) -> str:
    place = finding.evidence[key]
    text = evidence.position(name, place, study)
    return study.x_word.at(text) if at else study.x_word.one(text)
