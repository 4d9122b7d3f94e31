"""The regular step grid that a series' points stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.medians import median, quantile

# Snapping spreads markers by 0.3 px, 0.5 where the picture was enlarged after; worse is no comb.
MAX_RESIDUAL = 0.75
# Fewer points than this fit some grid by chance.
FEWEST = 5
# Phases agree this well at a comb's frequency: 0.66 where 4.3 px steps carry 0.5 px of noise.
WEAKEST = 0.6
# Of the reference's renderings the fundamental has 0.93 of the best harmonic's coherence or more.
SUBHARMONIC = 0.75
# Share of positions that must stand on the comb; in crowded drawings bends add a tenth of false ones.
SHARE = 0.75
# Power of a comb of edges: 0.3 to 0.9 on touching squares; a wrong comb fails when it is drawn again.
WEAKEST_EDGES = 0.25
SUBHARMONIC_EDGES = 0.9
# A comb of edges has at least so many periods, and at most this frequency (1 / px).
FEWEST_EDGE_PERIODS = 6.0
FASTEST_EDGES = 0.4
# Points per tooth, at least: a sparse comb fits anything.
OCCUPANCY = 0.45
# Shortest period of a bare line's comb (px): with less, several vertices share each column.
DENSEST = 0.7
# Positions are counted in bins this fine: tips are good to 0.1 px.
BINS_PER_PX = 10
# Chance power beyond the logarithm of the tries: e^-6 a line.
SURE_POWER = 6.0
# ... and of what their number allows: half-seen combs of short steps have a quarter.
WEAKEST_POWER = 0.12
# A smooth curve's bends repeat by chance; beyond the logarithm of the tries by this, redrawing decides.
SURE_BENDS = 2.0
# ... between so many proposals, whose steps are at most this long (px): longer ones have corners.
MOST_BENDS = 3
LONGEST_BENDS = 12.0
# A line bends more sharply than this share of its columns only at outliers.
USUAL_BEND = 0.9
# The true frequency may be this part of the strongest one.
DIVISORS = (3, 2, 1)

# Turns that follow each other are alike in smooth curves (correlation near 1), whatever grid they are fitted
# on, and are not in sampled noise (-0.7 for white noise, -0.5 for a random walk).
ALIKE_TURNS = 0.4
# Places that were fitted as a comb stand on it to this (px), so many and this share of them: the ends
# of what is seen of a line are added. Combs that differ by less than this (share of the period, px) are one.
FITTED_PX = 0.05
FEWEST_FITTED = 8
FITTED_SHARE = 0.75
SAME_COMB = 0.005
SAME_COMB_PX = 1.0
# Markers of epochs stand this near to even distances (share of one; 0.06 where they were snapped to pixels);
# so many do not by chance.
EVEN = 0.12
FEWEST_EVEN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Positions ``origin + k * period`` (px)."""

    origin: float
    period: float

    def nearest(self, x: FloatArray) -> FloatArray:
        """The whole step number closest to each position."""
        return np.round((x - self.origin) / self.period)

    def position(self, k: FloatArray) -> FloatArray:
        """The position of each step."""
        return self.origin + k * self.period


def has_one_a_step(x: FloatArray) -> bool:
    """Whether there is one place on each of many even steps: none is missing between them."""
    if x.size < FEWEST_EVEN:
        return False
    gaps = np.diff(np.sort(x))
    usual = median(gaps)
    return usual > 0 and float(np.max(np.abs(gaps - usual))) < EVEN * usual


def steps_of(x: FloatArray) -> Steps | None:
    """The comb that fitted places of vertices stand on, ends and gaps apart; None where they stand freely."""
    if x.size < FEWEST_FITTED:
        return None
    x = np.sort(x)
    period = median(np.diff(x))
    if period < 1.0:
        return None
    first = x[int(np.argmin(np.abs(np.diff(x) - period)))]
    k = np.round((x - first) / period)
    on = np.abs(x - first - k * period) < FITTED_PX
    if on.mean() < FITTED_SHARE or np.unique(k[on]).size < FEWEST_FITTED:
        return None
    slope, origin = np.polyfit(k[on], x[on], 1)
    return Steps(origin=float(origin), period=float(slope))


def is_same(one: Steps, other: Steps) -> bool:
    """Whether two combs are one."""
    off = (one.origin - other.origin) / one.period
    return bool(
        abs(one.period / other.period - 1) < SAME_COMB and abs(off - round(off)) * one.period < SAME_COMB_PX
    )


def even_steps_of(x: FloatArray) -> Steps | None:
    """The comb that free places of vertices stand on where there is one on each of many even steps."""
    if not has_one_a_step(x):
        return None
    period, origin = np.polyfit(np.arange(x.size), np.sort(x), 1)
    return Steps(origin=float(origin), period=float(period))


def find_steps(x: FloatArray, smallest: float = 2.5) -> Steps | None:
    """Fit a regular comb to positions; None where there is none.

    Parameters
    ----------
    x
        Positions (px), some of them missing, a few of them false.
    smallest
        The shortest period to consider (px).

    Notes
    -----
    The fundamental is the frequency at which the positions' phases agree best (harmonics agree less, by
    the positions' noise); a straight fit of position against step number then gives period and origin.
    """
    x = np.sort(np.asarray(x, dtype=np.float64))
    span = float(x[-1] - x[0]) if x.size else 0.0
    if x.size < FEWEST or span < 3 * smallest:
        return None
    sparse = x if x.size <= 400 else x[:: x.size // 400 + 1]
    lowest = 2.0 / span
    frequencies = np.arange(lowest, 1.0 / smallest, 1.0 / (8.0 * span))[:6000]
    even = np.full(sparse.size, 1.0 / sparse.size)
    coherence = np.abs(_sum_waves(sparse - x[0], frequencies, even))
    if coherence.max() < WEAKEST:
        return None
    # The lowest of the frequencies that agree: bends taken for markers half-way favour a harmonic.
    first = int(np.argmax(coherence > SUBHARMONIC * coherence.max()))
    last = int(np.searchsorted(frequencies, frequencies[first] + 1.0 / span))
    best = first + int(np.argmax(coherence[first : last + 1]))
    return _fit(x, 1.0 / float(frequencies[best]))


def _sum_waves(x: FloatArray, frequencies: FloatArray, weights: FloatArray) -> NDArray[np.complex128]:
    """The sum of the phases of weighted positions at each of many even frequencies.

    The first frequencies' phases are turned by those of each block of as many: far fewer than there are.
    """
    size = int(np.ceil(np.sqrt(frequencies.size)))
    turns = 2j * np.pi * x
    first = np.exp(np.outer(turns, frequencies[:size] - frequencies[0])) * weights[:, None]
    blocks = np.exp(np.outer(frequencies[::size], turns))
    return np.asarray((blocks @ first).ravel()[: frequencies.size])


def _fit(x: FloatArray, period: float) -> Steps | None:
    turn = np.exp(2j * np.pi * (x - x[0]) / period).mean()
    origin = float(x[0] + np.angle(turn) / (2 * np.pi) * period)
    residual = np.zeros(0)
    for _ in range(4):
        k = np.round((x - origin) / period)
        residual = x - (origin + k * period)
        good = np.abs(residual) < max(3.0 * median(np.abs(residual)) + 0.1, 0.3)
        if good.sum() < FEWEST or np.ptp(k[good]) < FEWEST - 1:
            return None
        period, origin = (float(v) for v in np.polyfit(k[good], x[good], 1))
    k = np.round((x - origin) / period)
    residual = np.abs(x - origin - k * period)
    good = residual < max(1.0, 0.25 * period)
    spread = 1.48 * median(residual)
    if period < 2 or good.mean() < SHARE or spread > min(MAX_RESIDUAL, 0.2 * period):
        return None
    if np.unique(k[good]).size < OCCUPANCY * (np.ptp(k[good]) + 1):
        return None
    return Steps(origin=origin, period=period)


def find_edge_steps(x: FloatArray, begins: FloatArray, ends: FloatArray, half: float) -> Steps | None:
    """Fit a comb to where squares begin and end along x; None where these do not repeat.

    Parameters
    ----------
    x
        Positions (px).
    begins, ends
        How strongly a square begins or ends at each position.
    half
        Half a square's width (px).

    Notes
    -----
    Begins and ends are two combs of one period, half a square before and after its centre; their power
    is added, phases apart, and the clearer one places the squares.
    """
    span = float(x[-1] - x[0]) if x.size else 0.0
    total = float(begins.sum() + ends.sum())
    if span <= FEWEST_EDGE_PERIODS / FASTEST_EDGES or total <= 0:
        return None
    frequencies = np.arange(FEWEST_EDGE_PERIODS / span, FASTEST_EDGES, 1.0 / (16.0 * span))[:6000]
    first, second = (_sum_waves(x - x[0], frequencies, weights) for weights in (begins, ends))
    power = (np.abs(first) + np.abs(second)) / total
    if power.max() < WEAKEST_EDGES:
        return None
    low = int(np.argmax(power > SUBHARMONIC_EDGES * power.max()))
    stop = int(np.searchsorted(frequencies, frequencies[low] + 1.0 / span))
    best = low + int(np.argmax(power[low : stop + 1]))
    period = 1.0 / float(frequencies[best])
    clearer, shift = (first[best], half) if abs(first[best]) >= abs(second[best]) else (second[best], -half)
    origin = float(x[0] + np.angle(clearer) / (2 * np.pi) * period + shift)
    return Steps(origin=origin, period=period) if period > 2 else None


def find_dense_steps(x: FloatArray, smallest: float = DENSEST) -> list[Steps]:
    """Propose combs for sharp positions of which many are missing, the likeliest first.

    Parameters
    ----------
    x
        Positions (px), good to a fifth of a pixel but for some false ones.
    smallest
        The shortest period to consider (px).

    Notes
    -----
    Like :func:`find_steps`, with no demand on how many teeth are taken: tips of a noisy line stand at
    half of its vertices. Instead the power of the phases, which is exponential where there is no comb,
    must be beyond the highest of as many tries.
    """
    x = np.sort(np.asarray(x, dtype=np.float64))
    span = float(x[-1] - x[0]) if x.size else 0.0
    if x.size < FEWEST + 1 or span < 8 * smallest:
        return []
    size = int(2 ** np.ceil(np.log2(4 * span * BINS_PER_PX)))
    heap = np.bincount(np.round((x - x[0]) * BINS_PER_PX).astype(int), minlength=size)
    last = int(size / BINS_PER_PX / smallest) + 1
    coherence = np.abs(np.fft.rfft(heap))[:last] / x.size
    coherence[: max(2, int(np.ceil(size / BINS_PER_PX * 2.0 / span)))] = 0.0
    power = x.size * np.square(coherence)
    best = int(np.argmax(power))
    if power[best] < max(np.log(span / smallest) + SURE_POWER, WEAKEST_POWER * x.size):
        return []
    # Multiples of the true frequency agree nearly as well, where positions are few nearly all of them.
    is_peak = (power >= np.roll(power, 1)) & (power >= np.roll(power, -1))
    best = int(np.argmax(is_peak & (power > SUBHARMONIC**2 * power[best])))
    width = int(np.ceil(size / BINS_PER_PX / span))
    found: list[Steps] = []
    # Tips that melt into one stand half-way and favour twice the true frequency: try the lower ones first.
    for divisor in DIVISORS:
        low = max(1, round(best / divisor) - width)
        peak = low + int(np.argmax(power[low : round(best / divisor) + width + 1]))
        if divisor == 1 or power[peak] > SURE_POWER:
            found.append(_settle(x, size / BINS_PER_PX / float(peak)))
    return found


def _settle(x: FloatArray, period: float) -> Steps:
    """Fit a comb of about this period, the phases weighing less the farther they are off."""
    turn = np.exp(2j * np.pi * (x - x[0]) / period).mean()
    origin = float(x[0] + np.angle(turn) / (2 * np.pi) * period)
    for _ in range(6):
        k = np.round((x - origin) / period)
        off = (x - origin) / period - k
        weight = 1.0 / (1.0 + np.square(off * period / 0.15))
        period, origin = (float(v) for v in np.polyfit(k, x, 1, w=np.sqrt(weight)))
    return Steps(origin=origin, period=period)


def find_bend_steps(x: FloatArray, y: FloatArray, smallest: float) -> list[Steps]:
    """Propose combs at whose teeth a path bends, the likeliest first.

    Parameters
    ----------
    x, y
        The path by columns (px).
    smallest
        The shortest period to consider (px).

    Notes
    -----
    A polyline bends at its vertices alone. A stroke wider than its steps rounds tips away and melts corners
    together, but the size of its middle's second difference still beats with their period.
    """
    bend = np.abs(y[:-2] - 2 * y[1:-1] + y[2:])
    bend[x[2:] - x[:-2] > 2.5] = 0.0
    if bend.size < LONGEST_BENDS * FEWEST:
        return []
    bend = np.minimum(bend, quantile(bend, USUAL_BEND))
    bend -= bend.mean()
    beat = np.zeros(round(x[-1] - x[0]) + 1)
    beat[np.round(x[1:-1] - x[0]).astype(int)] = bend
    size = int(2 ** np.ceil(np.log2(8 * beat.size)))
    waves = np.fft.rfft(beat, size)
    power = np.square(np.abs(waves)) / max(float(np.square(beat).sum()), 1e-9)
    low, high = int(size / LONGEST_BENDS), int(size / smallest)
    power[:low] = power[high:] = 0.0
    is_peak = (power >= np.roll(power, 1)) & (power >= np.roll(power, -1))
    sure = np.log(beat.size * (high - low) / size) + SURE_BENDS
    peaks = np.flatnonzero(is_peak & (power > sure))
    found = []
    for peak in peaks[np.argsort(-power[peaks], kind="stable")][:MOST_BENDS]:
        period = size / float(peak)
        origin = float(x[0] - np.angle(waves[peak]) / (2 * np.pi) * period)
        # A stroke as wide as its steps bends its middle half a step beside its vertices.
        found += [Steps(origin=o, period=period) for o in (origin, origin + period / 2)]
    return found


def turns_on(x: FloatArray, y: FloatArray, steps: Steps) -> bool:
    """Whether a path turns at each step much as at the last: smooth curves are as well read by columns."""
    turn = np.diff(np.interp(np.arange(x[0], x[-1], steps.period), x, y), 2)
    return float(turn[1:] @ turn[:-1]) > ALIKE_TURNS * float(turn @ turn)
