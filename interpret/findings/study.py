"""Put all analyses of one series side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from digitizer.model import FloatArray, Panel, Series
from interpret.analyses.column import Column
from interpret.analyses.departures import Departure
from interpret.analyses.extrema import Extremum, measure_extremum
from interpret.analyses.family import Family
from interpret.analyses.levelling import Levelling
from interpret.analyses.noise import Noise
from interpret.analyses.period import Period
from interpret.analyses.phases import Phase
from interpret.analyses.plateau import Plateau
from interpret.analyses.runs import Run
from interpret.analyses.shifts import Shift
from interpret.analyses.spread import scatter_between
from interpret.analyses.trend import Trend
from interpret.analyses.within import Within, measure_within
from interpret.findings.model import Position, SeriesRef
from interpret.findings.naming import SeriesName, XWord
from interpret.findings.numbers import decimals_for, spacing_decimals

FEWEST = 8
# "2004-05-01T12:00", in characters.
LONG_DATE = 16
# Times are told to one of these units of seconds, no finer than so many pixels.
DAY = 86400
CLOCK_UNITS = (60, 300, 600, 900, 1800, 3600)
CLOCK_PIXELS = 2.0
# An AR(1) of memory 0.9 has four times the spread that its second differences show.
MOST_WANDER = 4.5
# Share of points above another one from which a line is no function of x.
MOST_STACKED = 0.05
# Spread of the gaps along x, in shares of their mean; a cloud's exceeds 0.9.
EVEN_SHARE = 0.35
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
    levelling: Levelling | None = None

    @cached_property
    def within(self) -> Within | None:
        """What its plateau still does, beside dips and peaks; a turn may lead on to the series' end."""
        flat, y = self.plateau, self.column.y
        if flat is None or any(d.first < flat.stop and flat.start < d.last for d in self.departures):
            return None
        later = [p for p in self.phases if p.stop > flat.stop and p.label in ("rise", "fall")]
        stays = not later and all(shift.first_after <= flat.start for shift in self.shifts)
        before = next((p.change for p in reversed(self.phases) if p.stop <= flat.start + 1), 0.0)
        for stop in (self.n, flat.stop) if stays else (flat.stop,):
            found = measure_within(y, self.fear, flat.start, stop, before=int(np.sign(before)))
            if found is not None and found.apex < flat.stop:
                return found
        return None

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
        return spacing_decimals(self._usual_gap or float(np.ptp(x)) / len(x))

    def x_decimals_at(self, position: float) -> int:
        """Digits of x around a position: points may lie closer at one end than at the other."""
        x = self.full.x
        if len(x) < 3 or not self.full.ordered:
            return self.x_decimals
        index = int(np.argmin(abs(x - position)))
        gaps = np.diff(x[max(0, index - 2) : index + 3])
        near = float(np.min(gaps[gaps > 0])) if (gaps > 0).any() else 0.0
        # Only where they do so by far: steps differ by chance everywhere.
        usual = self._usual_gap or near
        return max(self.x_decimals, spacing_decimals(near)) if 0 < near < usual / 5 else self.x_decimals

    @cached_property
    def _usual_gap(self) -> float:
        return float(np.median(np.diff(self.full.x)))

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
        stamp = np.datetime64(label.rstrip("Z"), "s").astype(np.int64)
        unit = self._clock
        rounded = (stamp + unit // 2) // unit * unit
        return str(np.datetime64(int(rounded), "s").astype(f"datetime64[{'D' if unit == DAY else 'm'}]"))

    @cached_property
    def _clock(self) -> int:
        """Seconds that times are told to: the points' distance carries them, and a pixel or so."""
        spacing = DAY * float(np.median(np.diff(self.column.x))) if self.n > 1 else 0.0
        if spacing >= DAY:
            return DAY
        limits, frame = self.panel.x_axis.limits, self.panel.frame
        pixel = 0.0
        if limits is not None and all(isinstance(limit, str) for limit in limits):
            first, last = (np.datetime64(str(limit).rstrip("Z"), "s").astype(np.int64) for limit in limits)
            pixel = abs(float(last - first)) / max(abs(frame.right - frame.left), 1.0)
        most = min(spacing, CLOCK_PIXELS * pixel)
        return max((unit for unit in CLOCK_UNITS if unit <= most), default=CLOCK_UNITS[0])


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
