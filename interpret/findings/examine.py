"""Run the analyses of one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray, Panel, Series
from interpret.analyses.arms import arm_cuts, bends, level_arm, measure_arms, moves_on
from interpret.analyses.column import in_decades, read_column, thin
from interpret.analyses.departures import Departure
from interpret.analyses.family import measure_family, measure_ratio_law
from interpret.analyses.form import Form, measure_form
from interpret.analyses.levelling import KNOWN_GAIN, Levelling, measure_levelling
from interpret.analyses.noise import Noise, measure_noises
from interpret.analyses.period import Period, measure_period
from interpret.analyses.phases import Phase, measure_phases, measure_piece
from interpret.analyses.plateau import Plateau, measure_plateau
from interpret.analyses.runs import (
    MOST_POINTS,
    MOST_SMOOTH,
    measure_drawn_runs,
    measure_runs,
    measure_smooth_runs,
)
from interpret.analyses.settle import settle_cuts
from interpret.analyses.shifts import Shift
from interpret.analyses.sudden import is_bridged, is_gradual
from interpret.analyses.trend import measure_trend
from interpret.findings.happen import find_events, measure_events, points_inside
from interpret.findings.model import SeriesRef
from interpret.findings.naming import SeriesName, x_word, y_unit
from interpret.findings.study import FEWEST, TREND_P, Study, evenly_spaced, is_log, single_valued

# Price of a piece where the noise is to be described, and where it is to be feared. At a fear of 5, AR(0.8)
# noise told a firm claim on 11 % of 120 charts, at 6 on 9 %, for one injected bend of 17 fewer.
DESCRIBING_PRICE = 3.0
CAUTIOUS_PRICE = 6.0
# Upper limits of the noise's correlation, in standard errors.
DESCRIBING_LIMIT = 0.84
CAUTIOUS_LIMIT = 1.64
# Squares of values beyond these overflow.
SMALLEST, LARGEST = 1e-120, 1e120
# Phases that wandering noise could do are told, hedged, from this share of the range on.
HEDGED_SHARE = 0.35
# A dip or peak over less than this share of the points is told as one, and not as two turns of the course.
NARROW_SHARE = 0.1
# A departure from a cycle is no event where the course goes as far one cycle before or after, but for this
# share of it, within so much of a cycle.
CUSP_SHARE = 0.5
CUSP_NEAR = 0.15
# A jump that leaves this share of itself (and so many noise units) to the points after its first, which all
# go on its way, this many of them beyond its end, is the steep part of a curve: a loss decays so at first.
GOING_ON = 0.4
GOING_ON_UNITS = 4.0
FEWEST_GOING_ON = 4


def study_series(panel: Panel, series: Series, ref: SeriesRef, name: SeriesName, wording: int = 0) -> Study:
    """Run the analyses of one series; ``wording`` picks among phrasings that say the same."""
    full = read_column(series, panel)
    along_x = (
        full.ordered
        and single_valued(full.x)
        and (series.kind == "line" or (series.kind == "scatter" and evenly_spaced(full.x)))
    )
    column = in_decades(full) if is_log(panel, series, full) else full
    column = thin(column) if along_x and series.sampled_at == "columns" else column
    floor = float(np.median(column.sigma)) if column.n else 0.0
    still = Noise(sd=floor, phi=0.0, step=0.0)
    study = Study(
        ref=ref,
        panel=panel,
        source=series,
        name=name,
        x_word=x_word(panel.y_axis if series.orientation == "horizontal" else panel.x_axis),
        unit=y_unit(panel, series),
        full=full,
        column=column,
        noise=still,
        fear=still,
        wording=wording,
    )
    spread = float(np.ptp(column.y)) if column.n else 0.0
    if not along_x or spread <= 2 * floor or not SMALLEST < spread < LARGEST:
        return study
    if series.kind == "line" and column.n < MOST_POINTS:
        study = replace(study, runs=measure_runs(column.y, floor))
    elif series.kind == "line" and column.n < MOST_SMOOTH:
        study = replace(study, runs=measure_smooth_runs(column.y, floor))
    elif series.kind == "line" and series.sampled_at != "markers":
        study = replace(study, runs=measure_drawn_runs(column.y, floor))
    return study if column.n < FEWEST else _along_x(study)


def _along_x(study: Study) -> Study:
    x, y, sigma = study.places, study.column.y, study.column.sigma
    form = measure_form(y, float(np.median(sigma)))
    # Without its terms: a course that turns is no wandering, an event no noise.
    fear, noise = measure_noises(
        x, form.rest, sigma, [CAUTIOUS_PRICE, DESCRIBING_PRICE], limits=[CAUTIOUS_LIMIT, DESCRIBING_LIMIT]
    )
    doubt = fear if fear.sd * fear.inflation > noise.sd * noise.inflation else noise
    # A law's misfit is no median: where the scatter grows along x it is larger than the noise's.
    scatter = replace(noise, sd=max(noise.sd, form.scatter))
    law = measure_ratio_law if study.log_y else measure_family
    log_x = study.panel.x_axis.scale == "log"
    family = law(study.column.x, y - form.pulses, scatter, log_x=log_x)
    departures, departure_ps, shifts, shift_ps = find_events(y, form, noise, doubt, family)
    period = measure_period(study.column.x, y)
    sudden = [_is_sudden(study, shift, noise) for shift in shifts]
    shifts, shift_ps = tuple(compress(shifts, sudden)), tuple(compress(shift_ps, sudden))
    if period is not None:
        departures, departure_ps, shifts, shift_ps = _beside_cycle(
            study, period, (departures, departure_ps), (shifts, shift_ps)
        )
    narrow = any(event.last - event.first < NARROW_SHARE * len(y) for event in departures)
    if len(y) >= MOST_SMOOTH and (period is not None or family is not None or shifts or narrow):
        # A cycle, a law, a jump or a spike says more than its turns.
        study = replace(study, runs=())
    if study.runs:
        departures, departure_ps, shifts, shift_ps = (), (), (), ()
    jumps, ignored = [shift.first_after for shift in shifts], points_inside(departures, len(y))
    told = period is None and not study.runs
    wander = doubt
    if form.of("hinge", "tent", "curve"):
        # Overall is more than the slopes of arms: what the course does besides counts against it.
        wander = measure_noises(x, y, sigma, [CAUTIOUS_PRICE], limits=[CAUTIOUS_LIMIT])[0]
    trend = measure_trend(x, y, wander)
    trend = replace(trend, p=max(trend.p, form.line_p))
    course = _follow(study, form, noise, doubt, jumps, ignored, trend.p) if told else _Course(fear=doubt)
    moving = [phase for phase in course.phases if phase.label in ("rise", "fall")]
    settled = course.plateau is not None or family is not None or shifts or len(moving) > 1
    return replace(
        study,
        levelling=_levelling(y - form.pulses, course.fear, noise) if told and not settled else None,
        noise=noise,
        tentative=course.tentative,
        fear=course.fear,
        departures=departures,
        departure_ps=departure_ps,
        shifts=shifts,
        shift_ps=shift_ps,
        trend=trend,
        phases=course.phases,
        plateau=course.plateau,
        period=period,
        family=None if shifts or period is not None else family,
    )


def _levelling(y: FloatArray, fear: Noise, noise: Noise) -> Levelling | None:
    return measure_levelling(y, fear) or measure_levelling(y, noise, KNOWN_GAIN)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Course:
    """Phases, plateau, whether wandering noise could do them as well, and the noise they are held against."""

    fear: Noise
    phases: tuple[Phase, ...] = ()
    plateau: Plateau | None = None
    tentative: bool = False


def _follow(
    study: Study,
    form: Form,
    noise: Noise,
    doubt: Noise,
    jumps: Sequence[int],
    ignored: NDArray[np.bool_],
    p: float,
) -> _Course:
    """The phases of a series: the arms of its form where it has hinges alone, else straight pieces."""
    x, y = study.places, study.column.y
    cuts, hinged = arm_cuts(form, len(y), jumps, ignored)

    def label(borders: Sequence[int], against: Noise) -> tuple[Phase, ...]:
        if hinged:
            return measure_arms(x, y, noise, borders, jumps=jumps, ignored=ignored)
        return tuple(measure_piece(x, y, against, a, b, ignored=ignored) for a, b in pairwise(borders))

    if cuts:
        phases = label(cuts, noise if hinged else doubt)
        if len(phases) == 1 and p > TREND_P:
            # One straight arm is the overall trend.
            phases = (replace(phases[0], label="unclear"),)
        edges = sorted({*jumps, *bends(phases, y)})
        plateau = measure_plateau(x, y, doubt, jumps=edges, ignored=ignored)
        if plateau is None or moves_on(plateau, phases, y):
            plateau = level_arm(y, noise, phases, ignored)
    else:
        phases = measure_phases(x, y, noise, jumps=jumps, ignored=ignored)
        plateau = measure_plateau(x, y, doubt, jumps=jumps, ignored=ignored)
        if form.of("curve"):
            # Beside a curve that is proved, what its pieces do is not wandering.
            doubt = noise
            plateau = plateau or measure_plateau(x, y, noise, jumps=jumps, ignored=ignored)
        phases = label([*(p.start for p in phases), len(y)] if phases else [], doubt)
    tentative = False
    if plateau is None and all(p.label == "unclear" for p in phases):
        # Wandering noise could do it all; what anyone sees is told with that said.
        seen = label([*(p.start for p in phases), len(y)] if phases else [], noise)
        least = HEDGED_SHARE * float(np.ptp(y))
        if any(p.label in ("rise", "fall") and abs(p.change) > least for p in seen):
            phases, doubt, tentative = seen, noise, True
    borders = settle_cuts(x, y, phases, plateau, jumps, ignored)
    if len(borders) > 2 or tentative:
        phases = label(borders, doubt)
    return _Course(fear=doubt, phases=phases, plateau=plateau, tentative=tentative)


def _is_alone(y: FloatArray, length: float, event: Departure) -> bool:
    """Whether a departure from the cycle comes in no cycle beside it, as its cusps would."""
    least = event.sign * float(y[event.apex]) - (1 - CUSP_SHARE) * event.size
    for at in (event.apex - length, event.apex + length):
        a, b = max(0, round(at - CUSP_NEAR * length)), round(at + CUSP_NEAR * length) + 1
        if 0 <= at < len(y) and float(np.max(event.sign * y[a:b])) > least:
            return False
    return True


def _is_sudden(study: Study, shift: Shift, noise: Noise) -> bool:
    """Whether a jump was seen to happen at once: over no hole in the line, and by no curve."""
    column, full = study.column, study.full
    first, last = shift.last_before, max(shift.first_after, shift.extreme)
    if not is_bridged(column.x, first, last):
        return False
    if study.source.sampled_at != "columns":
        return not _goes_on(column.y, shift, noise.sd)
    a, b = (int(np.searchsorted(full.x, column.x[k])) for k in (first, last))
    y = np.log10(full.y) if study.log_y else full.y
    return not is_gradual(full.x, y, a, b, float(np.median(column.sigma)))


def _goes_on(y: FloatArray, shift: Shift, sd: float) -> bool:
    """Whether a jump is the steepest part of a fall or rise that goes on from point to point."""
    step = shift.sign * float(y[shift.first_after] - y[shift.last_before])
    size = shift.sign * float(shift.at_extreme - shift.before)
    after = shift.sign * np.diff(y[shift.first_after : shift.extreme + FEWEST_GOING_ON])
    return bool(size - step > max(GOING_ON * size, GOING_ON_UNITS * sd) and np.all(after > 0))


def _beside_cycle(
    study: Study,
    period: Period,
    departures: tuple[tuple[Departure, ...], tuple[float, ...]],
    shifts: tuple[tuple[Shift, ...], tuple[float, ...]],
) -> tuple[tuple[Departure, ...], tuple[float, ...], tuple[Shift, ...], tuple[float, ...]]:
    """Keep the events that are there without the cycle too: a crest is no peak."""
    rest = study.column.y - period.fitted
    own = measure_noises(study.places, rest, study.column.sigma, [DESCRIBING_PRICE])[0]
    others, jumps, _ = measure_events(rest, own)
    wide = study.n / period.cycles / 3
    stay = [
        any(abs(event.apex - other.apex) <= 1 and event.sign == other.sign for other in others)
        and event.width < wide
        and _is_alone(study.column.y, study.n / period.cycles, event)
        for event in departures[0]
    ]
    hold = [
        any(abs(event.first_after - other.first_after) <= 1 and event.sign == other.sign for other in jumps)
        for event in shifts[0]
    ]
    return (
        tuple(e for e, keep in zip(departures[0], stay, strict=True) if keep),
        tuple(p for p, keep in zip(departures[1], stay, strict=True) if keep),
        tuple(e for e, keep in zip(shifts[0], hold, strict=True) if keep),
        tuple(p for p, keep in zip(shifts[1], hold, strict=True) if keep),
    )
