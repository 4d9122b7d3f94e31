"""Put all analyses of one series side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray, Panel, Series
from interpret.analyses.arms import arm_cuts, bends, level_arm, measure_arms, moves_on
from interpret.analyses.column import Column, in_decades, read_column, thin
from interpret.analyses.departures import Departure
from interpret.analyses.extrema import Extremum, measure_extremum
from interpret.analyses.family import Family, measure_family, measure_ratio_law
from interpret.analyses.form import Form, measure_form
from interpret.analyses.noise import Noise, measure_noises
from interpret.analyses.period import Period, measure_period
from interpret.analyses.phases import Phase, measure_phases, measure_piece
from interpret.analyses.plateau import Plateau, measure_plateau
from interpret.analyses.runs import MOST_POINTS, MOST_SMOOTH, Run, measure_runs, measure_smooth_runs
from interpret.analyses.settle import settle_cuts
from interpret.analyses.shifts import Shift
from interpret.analyses.spread import scatter_between
from interpret.analyses.trend import Trend, measure_trend
from interpret.findings.happen import find_events, measure_events, points_inside
from interpret.findings.model import Position, SeriesRef
from interpret.findings.naming import SeriesName, XWord, x_word, y_unit
from interpret.findings.numbers import decimals_for, spacing_decimals

FEWEST = 8
# "2004-05-01T12:00", in characters.
LONG_DATE = 16
# Price of a piece where the noise is to be described, and where it is to be feared. At a fear of 5, AR(0.8)
# noise told a firm claim on 11 % of 120 charts, at 6 on 9 %, for one injected bend of 17 fewer.
DESCRIBING_PRICE = 3.0
CAUTIOUS_PRICE = 6.0
# Upper limits of the noise's correlation, in standard errors.
DESCRIBING_LIMIT = 0.84
CAUTIOUS_LIMIT = 1.64
# An AR(1) of memory 0.9 has four times the spread that its second differences show.
MOST_WANDER = 4.5
# Squares of values beyond these overflow.
SMALLEST, LARGEST = 1e-120, 1e120
# Share of points above another one from which a line is no function of x.
MOST_STACKED = 0.05
# Spread of the gaps along x, in shares of their mean; a cloud's exceeds 0.9.
EVEN_SHARE = 0.35
# Phases that wandering noise could do are told, hedged, from this share of the range on.
HEDGED_SHARE = 0.35
# An overall trend is clear from this chance of it in noise on.
TREND_P = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """One series, its columns, and what the analyses found.

    ``full`` holds all points as read, ``column`` those that are analysed: where y is drawn on a
    logarithmic axis by their decimal logarithms, in which ``noise`` and all that is found are too
    (:meth:`value` leads back). ``noise`` is the best description, ``fear`` what noise might be at worst:
    claims are firm only
    where they pass under both (``departure_ps`` and ``shift_ps`` are the events' chances under
    the latter).
    """

    ref: SeriesRef
    panel: Panel
    source: Series
    name: SeriesName
    x_word: XWord
    unit: str
    full: Column
    column: Column
    noise: Noise
    fear: Noise
    wording: int = 0
    trend: Trend | None = None
    departures: tuple[Departure, ...] = ()
    shifts: tuple[Shift, ...] = ()
    departure_ps: tuple[float, ...] = ()
    shift_ps: tuple[float, ...] = ()
    phases: tuple[Phase, ...] = ()
    plateau: Plateau | None = None
    tentative: bool = False
    period: Period | None = None
    runs: tuple[Run, ...] = ()
    family: Family | None = None

    @property
    def n(self) -> int:
        return self.column.n

    @cached_property
    def decimals(self) -> int:
        """Digits of y that the reading carries."""
        return decimals_for(float(np.median(self.full.sigma))) if self.full.n else 3

    @cached_property
    def log_y(self) -> bool:
        """Whether values are drawn by their logarithm: what counts are ratios."""
        return is_log(self.panel, self.source, self.full)

    def value(self, analysed: float) -> float:
        """A value of ``column`` in the axis' units."""
        return float(10.0**analysed) if self.log_y else analysed

    @cached_property
    def plain(self) -> FloatArray:
        """The values of ``column`` in the axis' units, shape (n,)."""
        return np.asarray(10.0**self.column.y) if self.log_y else self.column.y

    @cached_property
    def places(self) -> FloatArray:
        """x of ``column`` as it is drawn: decimal logarithms on a logarithmic axis, shape (n,)."""
        x = self.column.x
        drawn_log = self.panel.x_axis.scale == "log" and self.source.orientation != "horizontal"
        return np.asarray(np.log10(x)) if drawn_log and len(x) and x.min() > 0 else x

    @property
    def scale_words(self) -> str:
        """What is to be said of a share of the range."""
        return " on the logarithmic axis" if self.log_y else ""

    @cached_property
    def relative_sigma(self) -> float:
        return float(np.median(self.full.sigma / self.full.y)) if self.full.n else 0.0

    def decimals_at(self, value: float) -> int:
        """Digits of y that the reading carries at a value: on a logarithmic axis small ones carry more."""
        if not self.log_y or value == 0 or not math.isfinite(value):
            return self.decimals
        # However unsure, a value on such an axis is never nought.
        return max(decimals_for(abs(value) * self.relative_sigma), -math.floor(math.log10(abs(value))))

    @cached_property
    def x_decimals(self) -> int:
        x = self.full.x
        if len(x) < 2:
            return 3
        return spacing_decimals(float(np.median(np.diff(x))) or float(np.ptp(x)) / len(x))

    def x_decimals_at(self, position: float) -> int:
        """Digits of x around a position: points may lie closer at one end than at the other."""
        x = self.full.x
        if len(x) < 3 or not self.full.ordered:
            return self.x_decimals
        index = int(np.argmin(abs(x - position)))
        gaps = np.diff(x[max(0, index - 2) : index + 3])
        near = float(np.min(gaps[gaps > 0])) if (gaps > 0).any() else 0.0
        # Only where they do so by far: steps differ by chance everywhere.
        usual = float(np.median(np.diff(x))) or near
        return max(self.x_decimals, spacing_decimals(near)) if 0 < near < usual / 5 else self.x_decimals

    @cached_property
    def range(self) -> float:
        """Of the values as they are analysed: in decades on a logarithmic axis."""
        if self.full.n == 0:
            return 0.0
        return float(np.ptp(np.log10(self.full.y) if self.log_y else self.full.y))

    @cached_property
    def maximum(self) -> Extremum:
        return measure_extremum(self.full.y, self.full.sigma, self.noise, 1)

    @cached_property
    def minimum(self) -> Extremum:
        return measure_extremum(self.full.y, self.full.sigma, self.noise, -1)

    def position(self, index: int) -> Position:
        """x of a point of ``column`` as the figure document has it."""
        if self.column.labels is not None:
            return self.column.labels[index]
        return float(f"{self.column.x[index]:.12g}")

    @property
    def noisy(self) -> bool:
        """Whether the scatter is the data's and not the reading's."""
        if self.column.n == 0 or self.noise.sd <= 1.5 * float(np.median(self.column.sigma)):
            return False
        # What wanders without scattering from point to point is no noise but course that no piece follows.
        return self.noise.sd <= MOST_WANDER * scatter_between(self.column.y, 0, self.column.n)

    def index_of(self, position: Position) -> int:
        """Index of the point of ``column`` at a position."""
        if isinstance(position, str):
            labels = self.column.labels or ()
            if position in labels:
                return labels.index(position)
            return next((i for i, label in enumerate(labels) if self.shorten(label) == position), 0)
        return int(np.argmin(abs(self.column.x - position))) if self.n else 0

    def shorten(self, label: str) -> str:
        """A date without the hours or seconds that the points' distance does not carry."""
        if self.panel.x_axis.scale != "date" or len(label) < LONG_DATE or label[10:11] != "T":
            return label
        stamp = np.datetime64(label.rstrip("Z"), "s")
        spacing = float(np.median(np.diff(self.column.x))) if self.n > 1 else 0.0
        unit, half = ("D", 12 * 60 * 60) if spacing >= 1 else ("m", 30)
        return str((stamp + np.timedelta64(half, "s")).astype(f"datetime64[{unit}]"))

    def suspect(self) -> bool:
        return self.panel.status != "ok"


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
    return study if column.n < FEWEST else _along_x(study)


def is_log(panel: Panel, series: Series, full: Column) -> bool:
    """Whether the values stand on a logarithmic axis, and can."""
    twin = series.axis == "y2" and panel.y2_axis is not None
    axis = panel.y2_axis if twin else panel.y_axis
    upright = series.orientation != "horizontal"
    return upright and axis is not None and axis.scale == "log" and bool(np.all(full.y > 0))


def single_valued(x: FloatArray) -> bool:
    """Whether few points stand above each other."""
    return len(x) < 2 or float(np.mean(np.diff(x) <= 0)) < MOST_STACKED


def evenly_spaced(x: FloatArray) -> bool:
    """Whether drawn points are a series along x (one value a step) and no cloud."""
    gaps = np.diff(x)
    return len(gaps) >= FEWEST and bool(np.std(gaps) < EVEN_SHARE * np.mean(gaps))


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
    if period is not None:
        departures, departure_ps, shifts, shift_ps = _beside_cycle(
            study, period, (departures, departure_ps), (shifts, shift_ps)
        )
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
    return replace(
        study,
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
