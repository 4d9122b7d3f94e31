"""Where does the series leave its course and come back: dips and peaks, against their null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitizer.model import FloatArray
from interpret.analyses.bend import straighten
from interpret.analyses.form import Term
from interpret.analyses.lines import LineSums
from interpret.analyses.middle import median
from interpret.analyses.noise import Noise
from interpret.analyses.null import shared_length, simulate_ar1, tail_of_maximum

FEWEST = 12
WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
WIDEST_SHARE = 0.2
SHORTEST_FLANK = 3
LONGEST_FLANK = 12
# A departure comes back by this share of its depth (the findings' definition of a dip).
RECOVERED = 0.6
MOST_EVENTS = 6
# A course needs so many points before it can be left.
FEWEST_BEFORE = 3
# Where lines through so many points on both sides (at least) explain this share of the depth, it turns.
TURN_SIDE = 6
SIDE = 5
TURN_SHARE = 0.5
# Departures wider than this may be the top of a tent.
TENT_WIDTH = 8
LOOSE_P = 0.2
# A departure ends where the curve is back within this share of its depth.
EDGE_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One dip (``sign`` -1) or peak (+1); indexes into the series.

    ``first`` and ``last`` are the last point on the course before it and the first after it,
    ``apex`` the extreme point, ``before`` and ``after`` the medians of up to five points on either
    side, ``size`` the distance of the apex from the line that joins them, ``window`` and
    ``contrast`` the width that showed it best and how far that lies off its flanks, ``z`` the
    same in its own noise units, ``p`` its chance anywhere in noise alone.
    """

    sign: int
    first: int
    last: int
    apex: int
    before: float
    after: float
    at_apex: float
    size: float
    recovery: float
    width: int
    window: int
    contrast: float
    z: float
    p: float


def measure_departures(
    y: FloatArray, noise: Noise, overall: FloatArray, jumps: Sequence[int] = ()
) -> tuple[Departure, ...]:
    """Find what leaves the course of its neighbours and returns by 60 % or more.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Values in order of x.
    noise : Noise
        Its spread and memory set the null.
    overall : ndarray, shape (n,)
        The series' overall course, from :func:`overall_course`.
    jumps : sequence of int
        First points after lasting changes of level: no departure spans one.

    Notes
    -----
    A window of each width is compared with the mean of its two flanks; the largest departure
    over all windows is compared with that of simulated AR(1) series. A dip must lie below both
    flanks, or the bend of a curve would count.
    """
    n = len(y)
    if n < FEWEST or noise.sd <= 0:
        return ()
    null, scales = _null(shared_length(n), noise.phi)
    found: list[Departure] = []
    bare = _without_steps(y, jumps)
    taken = np.zeros(n, dtype=bool)
    least = float(np.quantile(null, 1 - LOOSE_P))
    ranked = [window for window in _ranked(y / noise.sd, scales) if abs(window[0]) >= least]
    rest = y - overall
    ranked.sort(key=lambda window: -abs(window[0]) * _off_course(rest, window))
    for z, start, width, flank in ranked:
        if len(found) == MOST_EVENTS:
            break
        p = tail_of_maximum(null, abs(z))
        if taken[max(0, start - 1) : start + width + 1].any():
            continue
        # Beside a jump or a larger departure its flanks lie off the course: without those, is it still there?
        own = _own_contrast(bare, start, width, flank) / (noise.sd * scales[width])
        p = max(p, tail_of_maximum(null, abs(own) if own * z > 0 else 0.0))
        if p > LOOSE_P:
            continue
        departure = _describe(y, start, width, flank, z, p, min(abs(z), abs(own)) * scales[width] * noise.sd)
        if departure is not None and not any(departure.first < jump <= departure.last for jump in jumps):
            found.append(departure)
            gap = slice(departure.first + 1, departure.last)
            ends = bare[departure.first], bare[min(departure.last, n - 1)]
            bare[gap] = np.linspace(*ends, departure.last - departure.first + 1)[1:-1]
            taken[max(0, departure.first - 1) : departure.last + 2] = True
    return tuple(sorted(found, key=lambda event: event.apex))


def pulse_departure(y: FloatArray, pulse: Term) -> Departure | None:
    """Describe a pulse of the series' form where it leaves the course and comes back."""
    width = pulse.stop - pulse.start
    flank = min(_flank(width), pulse.start, len(y) - pulse.stop)
    contrast = _own_contrast(y, pulse.start, width, flank)
    z = float(np.copysign(np.sqrt(pulse.gain), contrast))
    return _describe(y, pulse.start, width, flank, z, pulse.p, abs(contrast))


def doubt_departure(departure: Departure, n: int, noise: Noise) -> float:
    """The chance of a departure anywhere in a series of another noise."""
    null, scales = _null(shared_length(n), noise.phi)
    scale = scales.get(departure.window)
    return 1.0 if scale is None else tail_of_maximum(null, departure.contrast / (noise.sd * scale))


def overall_course(y: FloatArray) -> FloatArray:
    """The straight line (with a bend where there is one) that the whole series follows."""
    rest = straighten(y, np.ones(len(y)))
    place = np.arange(len(y), dtype=np.float64)
    fit = LineSums(place, rest).fit(np.array([0]), np.array([len(y)]))
    return y - rest + fit.mean_y[0] + fit.slope[0] * (place - fit.mean_x[0])  # type: ignore[no-any-return]


def _off_course(rest: FloatArray, window: tuple[float, int, int, int]) -> float:
    """Between 0.5 and 1: whether the window, and not its flanks, is what leaves the overall course.

    ``rest`` is what the course leaves. A dip between two rises makes the stretch before it look like a peak.
    """
    z, start, width, flank = window
    left, right = rest[start - flank : start], rest[start + width : start + width + flank]
    inner = float(rest[start : start + width].sum()) / width
    outer = float(left.sum() + right.sum()) / (len(left) + len(right))
    depth = inner - outer
    return 0.5 + 0.5 * min(1.0, max(0.0, inner / depth)) if depth != 0 and z * depth > 0 else 0.5


def _widths(n: int) -> tuple[int, ...]:
    return tuple(width for width in WIDTHS if width <= max(1, WIDEST_SHARE * n))


def _flank(width: int) -> int:
    return min(LONGEST_FLANK, max(SHORTEST_FLANK, width // 2))


def _contrast(y: FloatArray, width: int) -> tuple[FloatArray, FloatArray]:
    """Window minus its flanks' mean, and window minus the nearer flank, for each start (last axis)."""
    flank = _flank(width)
    sums = np.concatenate([np.zeros((*y.shape[:-1], 1)), np.cumsum(y, axis=-1)], axis=-1)
    n = y.shape[-1]
    start = np.arange(flank, n - width - flank + 1)
    inner = (sums[..., start + width] - sums[..., start]) / width
    left = (sums[..., start] - sums[..., start - flank]) / flank
    right = (sums[..., start + width + flank] - sums[..., start + width]) / flank
    above_left, above_right = inner - left, inner - right
    nearer = np.where(
        above_left * above_right > 0,
        np.sign(above_left) * np.minimum(abs(above_left), abs(above_right)),
        0,
    )
    return inner - (left + right) / 2, nearer


@lru_cache(maxsize=64)
def _null(n: int, phi: float) -> tuple[FloatArray, dict[int, float]]:
    drawn = simulate_ar1(n, phi)
    largest = np.zeros(len(drawn))
    scales: dict[int, float] = {}
    for width in _widths(n):
        if n < width + 2 * _flank(width):
            continue
        contrast, nearer = _contrast(drawn, width)
        scales[width] = float(np.std(contrast))
        np.maximum(
            largest, np.max(np.where(nearer != 0, abs(contrast), 0), axis=1) / scales[width], out=largest
        )
    return largest, scales


def _ranked(y: FloatArray, scales: dict[int, float]) -> list[tuple[float, int, int, int]]:
    """Windows by falling departure: (z, start, width, flank), local maxima only."""
    ranked = []
    for width, scale in scales.items():
        contrast, nearer = _contrast(y, width)
        z = np.where(abs(nearer) >= 0.35 * abs(contrast), contrast, 0) / scale
        size = abs(z)
        peaks = np.flatnonzero((size >= 2) & (size >= np.roll(size, 1)) & (size >= np.roll(size, -1)))
        ranked += [(float(z[i]), int(i) + _flank(width), width, _flank(width)) for i in peaks]
    return sorted(ranked, key=lambda item: (-abs(item[0]), item[2], item[1]))


def _without_steps(y: FloatArray, jumps: Sequence[int]) -> FloatArray:
    """The series with its jumps taken out, a copy."""
    bare = y.copy()
    for jump in sorted(jumps):
        step = median(bare[jump : jump + SIDE]) - median(bare[max(0, jump - SIDE) : jump])
        bare[jump:] -= step
    return bare


def _own_contrast(y: FloatArray, start: int, width: int, flank: int) -> float:
    sides = float(np.mean(y[start - flank : start])), float(np.mean(y[start + width :][:flank]))
    return float(np.mean(y[start : start + width])) - (sides[0] + sides[1]) / 2


def _is_turn(y: FloatArray, first: int, last: int, sign: int) -> bool:
    """Whether the curve runs up to the apex and leaves it steadily: a turning point.

    The lines through the points on either side, drawn on, meet in a tent; of a turn most of the
    departure lies below it.
    """
    if last - first > TENT_WIDTH and _tent_fits_better(y, first, last):
        return True
    side = max(TURN_SIDE, last - first)
    left, right = y[max(0, first - side) : first + 1], y[last : last + side + 1]
    if min(len(left), len(right)) < 3:
        return False
    inside = np.arange(first + 1, last, dtype=np.float64)
    lines = []
    for points, at, way in (
        (left, np.arange(first + 1 - len(left), first + 1), sign),
        (right, np.arange(len(right)) + last, -sign),
    ):
        slope = float(np.polyfit(at, points, 1)[0])
        level, middle = float(np.mean(points)), float(np.mean(at))
        if way * slope <= 0:
            # Only a line that leads to the apex makes a tent.
            slope, level = 0.0, median(points[-SIDE:] if points is left else points[:SIDE])
        lines.append(level + slope * (inside - middle))
    tent = np.minimum(*lines) if sign > 0 else np.maximum(*lines)
    base = np.interp(inside, [first, last], [median(left[-5:]), median(right[:5])])
    height = sign * float(np.mean(y[first + 1 : last] - base))
    return height > 0 and sign * float(np.mean(tent - base)) > TURN_SHARE * height


def _tent_fits_better(y: FloatArray, first: int, last: int) -> bool:
    """Whether two straight lines that meet inside explain a stretch better than a line with a bump."""
    width = last - first
    at = np.arange(max(0, first - width), min(len(y), last + width + 1), dtype=np.float64)
    values = y[at.astype(np.intp)]
    inside = (at > first) & (at < last)

    def misfit(third: FloatArray) -> float:
        design = np.stack([np.ones(len(at)), at - at[0], third], axis=1)
        rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
        return float(rest @ rest)

    knees = np.linspace(first + 1, last - 1, 7)
    tent = min(misfit(np.maximum(at - knee, 0.0)) for knee in knees)
    return tent < misfit(inside.astype(np.float64))


def _describe(
    y: FloatArray, start: int, width: int, flank: int, z: float, p: float, contrast: float
) -> Departure | None:
    sign = 1 if z > 0 else -1
    apex = start + int(np.argmax(sign * y[start : start + width]))
    first, last = start - 1, start + width
    before = median(y[max(0, first - 4) : first + 1])
    after = median(y[last : last + 5])
    depth = sign * (float(y[apex]) - before)
    if depth <= 0:
        return None
    while first > max(0, start - flank) and sign * (y[first] - before) > EDGE_SHARE * depth:
        first -= 1
    limit = min(len(y) - 1, start + width - 1 + flank)
    while last < limit and sign * (y[last] - after) > EDGE_SHARE * depth:
        last += 1
    before = median(y[max(0, first - 4) : first + 1])
    after = median(y[last : last + 5])
    depth = sign * (float(y[apex]) - before)
    if depth <= 0:
        return None
    recovery = sign * (float(y[apex]) - after) / depth
    if recovery < RECOVERED or first < FEWEST_BEFORE - 1 or _is_turn(y, first, last, sign):
        return None
    course = before + (after - before) * (apex - first) / max(1, last - first)
    return Departure(
        sign=sign,
        first=first,
        last=last,
        apex=apex,
        before=before,
        after=after,
        at_apex=float(y[apex]),
        size=abs(float(y[apex]) - course),
        recovery=recovery,
        width=last - first - 1,
        window=width,
        contrast=contrast,
        z=abs(z),
        p=p,
    )
