"""A series as the checker sees it: its points, and how far off a printed number may be."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from digitizer.model import Figure, FloatArray

# A printed value may be off by this share of the axis' span, beside its rounding; a place by this share of
# the series' length, or one point.
VALUE_SHARE = 0.01
PLACE_SHARE = 0.01
# A number's last digit may stand for so many of the reading's own standard deviations.
CARRIED_SIGMA = 3.0
DAY_SECONDS = 86400.0
LN_10 = float(np.log(10))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Points in order of x; ``labels`` hold categories; ``span`` is the y axis' length.

    Where the axis is logarithmic (``log``), ``y``, ``span`` and ``sigma`` are decades: there a share of the
    range and an error are what one sees, of ratios.
    """

    x: FloatArray
    y: FloatArray
    labels: tuple[str, ...] | None
    span: float
    kind: str
    sigma: float = 0.0
    ordered: bool = True
    log: bool = False
    log_x: bool = False
    dated: bool = False

    def shown(self, value: float) -> str:
        """A value of ``y`` in the axis' units."""
        return f"{10.0**value if self.log else value:.6g}"

    def factor(self, decades: float) -> float:
        """The ratio of two values so far apart; not a number where the axis is linear."""
        return float(10.0**decades) if self.log else float("nan")

    @property
    def range(self) -> float:
        return float(np.ptp(self.y)) if len(self.y) else 0.0

    @property
    def scatter(self) -> float:
        """Standard deviation from point to point, as the median of the second differences has it."""
        second = np.abs(np.diff(self.y, 2))
        return 1.4826 * float(np.median(second)) / float(np.sqrt(6)) if len(second) else 0.0

    @property
    def length(self) -> float:
        return float(np.ptp(self.x)) if len(self.x) else 0.0

    @property
    def _counts(self) -> bool:
        """Whether x counts something, so that a printed place is exact."""
        return bool(np.all(self.x == np.round(self.x)))

    def near(self, place: float, digits: float = 0.0) -> np.ndarray:
        """Indexes of the points that a printed place may mean: the nearest, and one to each side of it."""
        if len(self.x) == 0:
            return np.array([], dtype=int)
        nearest = int(np.argmin(abs(self.x - place)))
        gaps = np.diff(self.x)
        step = float(np.median(gaps)) if len(gaps) else 0.0
        reach = max(1.01 * step, digits)
        if not (self._counts and float(place).is_integer()):
            reach = max(reach, PLACE_SHARE * self.length)
        if self.log_x:
            reach = PLACE_SHARE * float(np.log(self.x[-1] / self.x[0])) * abs(place)
        if abs(self.x[nearest] - place) > max(reach, 0.02 * self.length):
            return np.array([], dtype=int)
        close = np.flatnonzero(abs(self.x - place) <= reach)
        return np.unique(np.append(close, nearest))

    def index(self, place: float) -> int | None:
        """The point at a place, or None where none is near."""
        found = self.near(place)
        return int(np.argmin(abs(self.x - place))) if len(found) else None

    def window(self, first: float, last: float) -> FloatArray:
        """The values between two printed places, the ends included."""
        a, b = self.index(min(first, last)), self.index(max(first, last))
        if a is None or b is None:
            return np.array([])
        return self.y[a : b + 1]

    def tolerance(self, rounding: float, *, about: bool = False) -> float:
        """How far a printed value may be off; what is said to be about right, twice as far."""
        share = (2 if about else 1) * VALUE_SHARE * self.span
        return max(share, 1.01 * rounding, CARRIED_SIGMA * self.sigma)


def moves_of_three(y: FloatArray) -> FloatArray:
    """The median of each three points less that of the three before, by the first of them; shape (n,)."""
    middle = np.median(np.lib.stride_tricks.sliding_window_view(y, 3), axis=1)
    moves = np.zeros(len(y))
    moves[3 : len(middle)] = middle[3:] - middle[:-3]
    return moves


def largest_departure(y: FloatArray, sign: int, reach: int) -> float:
    """How far a point lies beyond the medians of the stretches on both sides of it, at most."""
    largest = 0.0
    for at in range(2, len(y) - 2):
        before = sign * float(np.median(y[max(0, at - reach) : at - 1]))
        after = sign * float(np.median(y[at + 2 : at + 2 + reach]))
        largest = max(largest, sign * float(y[at]) - max(before, after))
    return largest


def read_curve(figure: Figure, key: tuple[int, int]) -> Curve:
    """Take one series of a figure document."""
    panel = figure.panels[key[0]]
    series = panel.series[key[1]]
    axis = panel.y2_axis if series.axis == "y2" and panel.y2_axis is not None else panel.y_axis
    labels: tuple[str, ...] | None = None
    dated = False
    if series.x.dtype.kind in "USO":
        texts = series.x.astype(str)
        days = [read_date(text) for text in texts]
        if dated := all(day is not None for day in days):
            x = np.array(days, dtype=np.float64)
        else:
            x, labels = np.arange(len(texts), dtype=np.float64), tuple(texts)
    else:
        x = series.x.astype(np.float64)
    there = np.isfinite(x) & np.isfinite(series.y)
    order = np.argsort(x[there], kind="stable")
    y = series.y[there][order]
    sigma = series.y_sigma[np.isfinite(series.y_sigma)]
    error = float(np.median(sigma)) if len(sigma) else 0.0
    log = axis.scale == "log" and series.orientation != "horizontal" and len(y) > 0 and float(y.min()) > 0
    if log:
        error = float(np.median(sigma / series.y[np.isfinite(series.y_sigma)])) / LN_10 if len(sigma) else 0.0
        y = np.log10(y)
    limits = axis.limits
    span = float(np.ptp(y)) if len(y) else 1.0
    if limits is not None and not isinstance(limits[0], str) and axis.scale == "linear":
        span = abs(float(limits[1]) - float(limits[0]))
    return Curve(
        x=x[there][order],
        y=y,
        labels=None if labels is None else tuple(np.array(labels)[there][order]),
        span=span or 1.0,
        kind=series.kind,
        sigma=error,
        log=log,
        dated=dated,
        log_x=panel.x_axis.scale == "log" and labels is None and len(y) > 1 and float(x[there].min()) > 0,
        ordered=bool(np.all(np.diff(x[there]) >= 0) or np.all(np.diff(x[there]) <= 0)),
    )


def read_date(text: str) -> float | None:
    """Days since 1970 of an ISO date with at least a month."""
    if not re.fullmatch(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?)?Z?", text):
        return None
    try:
        stamp = np.datetime64(text.rstrip("Z"), "s")
    except ValueError:
        # A month 13 or a day 40 is no date.
        return None
    return float(stamp.astype(np.float64)) / DAY_SECONDS
