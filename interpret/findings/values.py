"""Plain numbers of one series: what is read where, extremes, noise, level."""

from __future__ import annotations

import numpy as np

from interpret.findings.model import Finding, Position
from interpret.findings.naming import capital, plural_verb
from interpret.findings.sentence import Evidence, choose
from interpret.findings.study import Study

MOST_KEY_POINTS = 15
FEW_POINTS = 12
# A tick is met where a point lies within this share of the tick distance.
TICK_REACH = 0.12
LEAST_FOR_NOISE = 16
# A stretch without points is told where it takes this share of the run and so many usual steps; where there
# are more of them the line is dashed.
UNREAD_SHARE = 0.06
UNREAD_STEPS = 4.0
MOST_UNREAD = 3


def value_findings(study: Study) -> list[Finding]:
    """Key points, extremes and noise of one series."""
    if study.full.n == 0:
        return []
    cloud = study.source.kind == "scatter" and study.trend is None
    findings: list[Finding | None] = [] if cloud and study.full.n > FEW_POINTS else [_key_points(study)]
    if study.full.n >= 3 and study.range > 0:
        findings.append(_extremes(study))
    if study.trend is not None and study.n >= LEAST_FOR_NOISE:
        findings.append(_noise(study))
        findings.append(_unread(study))
    return [finding for finding in findings if finding is not None]


def x_range(study: Study, first: int, last: int) -> tuple[Position, Position]:
    """The span of two points of the study's column, as in the figure document."""
    return study.position(first), study.position(last)


def _whole(study: Study) -> tuple[Position, Position]:
    full = study.full
    if full.labels is not None:
        return full.labels[0], full.labels[-1]
    return float(f"{full.x[0]:.12g}"), float(f"{full.x[-1]:.12g}")


def _full_position(study: Study, index: int) -> Position:
    full = study.full
    return full.labels[index] if full.labels is not None else float(f"{full.x[index]:.12g}")


def key_indexes(study: Study) -> list[int]:
    """Points worth a line: those at the ticks and halfway, or all where they are few."""
    x = study.full.x
    n = study.full.n
    if n <= FEW_POINTS:
        return list(range(n))
    ticks = [t.value for t in study.panel.x_axis.ticks if isinstance(t.value, (int, float))]
    if study.full.labels is None and len(ticks) >= 3 and study.panel.x_axis.scale == "linear":
        gap = float(np.median(np.diff(np.sort(ticks))))
        grid = np.arange(min(ticks) - gap, max(ticks) + gap * 1.01, gap / 2)
        if np.sum((grid >= x[0] - 0.1 * gap) & (grid <= x[-1] + 0.1 * gap)) > MOST_KEY_POINTS:
            grid = np.sort(np.array(ticks, dtype=np.float64))
        nearest = [int(np.argmin(abs(x - value))) for value in grid]
        chosen = {i for i, v in zip(nearest, grid, strict=True) if abs(x[i] - v) <= TICK_REACH * gap}
        # What lies beside an end says what the end says.
        chosen = {i for i in chosen if min(x[i] - x[0], x[-1] - x[i]) > TICK_REACH * gap}
    else:
        chosen = {round(i) for i in np.linspace(0, n - 1, 9)}
    chosen |= {0, n - 1}
    if len(chosen) > MOST_KEY_POINTS + 2:
        chosen = {round(i) for i in np.linspace(0, n - 1, 9)}
    return sorted(chosen)


def _key_points(study: Study) -> Finding:
    evidence = Evidence(study)
    parts = []
    for k, index in enumerate(key_indexes(study)):
        where = evidence.position(f"x{k}", _full_position(study, index))
        parts.append(f"{evidence.read(f'y{k}', float(study.full.y[index]))} {_at(study, where, k)}")
    evidence.note("sigma", float(np.median(study.full.sigma)))
    few = len(parts) == study.full.n
    if study.full.n == 1:
        sentence = f"{capital(study.name.subject)} has one point: {parts[0]}."
    else:
        name = study.name.subject
        selected = choose(
            study,
            "key values",
            f"Key values of {name}",
            f"Selected values of {name}",
            f"{capital(name)} at selected places",
            f"Some values of {name}",
            f"Readings of {name}",
        )
        sentence = f"{f'Values of {name}' if few else selected}: {'; '.join(parts)}."
    return Finding(
        kind="value",
        level=2,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=_whole(study),
        evidence=evidence.values,
        salience=2.0,
    )


def _at(study: Study, where: str, k: int) -> str:
    word = study.x_word
    if k == 0 or word.scale == "category":
        return word.at(where) if word.scale != "category" else f"({where})"
    if word.scale == "date" or word.word == "year":
        return word.at(where)
    return f"at {where}"


def _extremes(study: Study) -> Finding:
    evidence = Evidence(study)
    parts = []
    for extremum, word in ((study.minimum, "lowest"), (study.maximum, "highest")):
        where = study.x_word.at(evidence.position(f"x_{word}", _full_position(study, extremum.index)))
        value = evidence.read(f"{word}", extremum.value)
        place = ""
        if study.trend is not None or (study.source.kind == "line" and study.full.ordered):
            if extremum.index == study.full.n - 1:
                place = ", the last point"
            elif extremum.index == 0:
                place = ", the first point"
        rank = word if extremum.clear or extremum.runner_up is None else f"among its {word}"
        parts.append((rank, value, f"{where}{place}"))
    (low_rank, low, low_at), (high_rank, high, high_at) = parts
    name = study.name.subject
    clear = low_rank == "lowest" and high_rank == "highest"
    # Where another point may be as high, none is called the highest.
    low_words = low_rank if low_rank == "lowest" else f"{low_rank} values"
    ranked = f"{capital(name)} is {low_words} at {low} {low_at}, and {high_rank} at {high} {high_at}."
    sentence = choose(
        study,
        "extremes",
        ranked,
        f"The values of {name} range from {low} ({low_at}) to {high} ({high_at}).",
        f"{capital(name)} has its lowest value, {low}, {low_at} and its highest, {high}, {high_at}."
        if clear
        else ranked,
        f"All values of {name} lie between {low} ({low_at}) and {high} ({high_at}).",
        f"With {low} {low_at}, {name} is {'at its lowest' if clear else 'among its lowest values'}; with "
        f"{high} {high_at}, {'at its highest' if clear else 'among its highest'}.",
    )
    if study.source.kind == "scatter" and study.trend is None:
        sentence = f"Along y, {name} {plural_verb(name, 'runs', 'run')} from {low} to {high}."
        evidence.values.pop("x_lowest", None)
        evidence.values.pop("x_highest", None)
    elif study.source.kind == "bar":
        sentence = f"{capital(name)} is {low_words} {low_at} ({low}) and {high_rank} {high_at} ({high})."
    return Finding(
        kind="extremum",
        level=2,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=_whole(study),
        evidence=evidence.values,
        salience=1.5,
    )


def _noise(study: Study) -> Finding | None:
    noise = study.noise
    if not study.noisy or study.range <= 0:
        return None
    evidence = Evidence(study)
    if study.log_y:
        # Scatter on a logarithmic axis is a ratio, not a length.
        sd = f"a factor of about {evidence.factor('sd_factor', noise.sd)}"
    else:
        sd = f"about {evidence.number('sd', noise.sd, 1 - int(np.floor(np.log10(noise.sd))))}"
    share = evidence.share("sd_share_of_range", noise.sd / study.range)
    evidence.note("lag_1_correlation", float(noise.phi))
    name, part = study.name.subject, f"{share} of the range of its values{study.scale_words}"
    sentence = choose(
        study,
        "noise",
        f"Around its course {name} scatters by {sd} (one standard deviation), {part}.",
        f"The points of {name} scatter by {sd} around its course (one standard deviation; {part}).",
        f"{capital(name)} strays by {sd} from its course (one standard deviation), which is {part}.",
        f"The noise of {name}, one standard deviation around its course, is {sd}, {part}.",
        f"{capital(name)} jitters around its course by {sd} (one standard deviation), {part}.",
    )
    return Finding(
        kind="noise",
        level=2,
        sentence=sentence,
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=_whole(study),
        evidence=evidence.values,
        confidence=0.9,
        salience=0.5,
    )


def has_holes(study: Study) -> bool:
    """Whether a stretch or two of a series could not be read; more of them are a dashed line's."""
    return study.trend is not None and study.n >= LEAST_FOR_NOISE and 0 < len(_holes(study)) <= MOST_UNREAD


def _holes(study: Study) -> np.ndarray:
    """Indexes of the points before stretches that hold none, shape (k,)."""
    steps = np.diff(study.places)
    least = max(
        UNREAD_SHARE * float(study.places[-1] - study.places[0]), UNREAD_STEPS * float(np.median(steps))
    )
    return np.flatnonzero(steps > least)


def _unread(study: Study) -> Finding | None:
    """Stretches where the series has no points: hidden, covered or not drawn."""
    if not has_holes(study):
        return None
    holes = _holes(study)
    evidence = Evidence(study)
    word = study.x_word
    spans = [
        f"{word.one(evidence.x(f'x_from_{k}', int(at)))} and {word.one(evidence.x(f'x_to_{k}', int(at) + 1))}"
        for k, at in enumerate(holes)
    ]
    between = ", and between ".join(spans)
    return Finding(
        kind="unread",
        level=2,
        sentence=f"Between {between}, {study.name.subject} has no points that could be read.",
        panel=study.ref.panel,
        series=(study.ref,),
        x_range=x_range(study, int(holes[0]), int(holes[-1]) + 1),
        asserts=False,
        evidence=evidence.values,
        confidence=0.95,
        salience=3.5,
    )
