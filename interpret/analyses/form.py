"""What form does a course have: straight, bent, hinged, stepped, with pulses; found together with its noise.

A course that turns and noise that wanders look alike to whoever estimates the noise first. So each form is
weighed by the likelihood ratio of course and AR(1) noise with it and without, each with the memory
that suits it best: a matched filter under residuals whitened as the form itself would have them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.lines import LineSums

TermKind = Literal["curve", "hinge", "step", "pulse", "tent"]

# Of one kind of term: what each takes off the squared misfit for each memory, its start and its stop.
Gains = tuple[TermKind, FloatArray, NDArray[np.intp], NDArray[np.intp]]

Phis = tuple[float, ...]

PHIS: Phis = (0.0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9)
# Time constants of exponential and logarithmic approaches, in shares of the length.
EXPONENTIALS = (0.015, 0.025, 0.04, 0.06, 0.1, 0.15, 0.25)
LOGARITHMS = (0.003, 0.01, 0.04)
# Price of a term: a number, so much more for each unit of log n (the largest of more gains is larger), and
# so much over n (a memory known from few points). In 250 series of noise alone for each of 36 to 300 points
# and AR(0) to AR(0.9) the best of each kind gained its price in 1 %, and a hinge in 2 % where the memory was
# longest. Of narrow terms there are two kinds: their price is that of half a per cent each.
PRICES: dict[TermKind, tuple[float, float]] = {
    "curve": (0.0, 3.0),
    "hinge": (14.5, 0.0),
    "step": (7.5, 2.0),
    "pulse": (12.0, 2.0),
    "tent": (12.0, 2.0),
}
FEW_PRICE = 120.0
# The slope of a straight course: in 1,000 series each, AR(0) to AR(0.8), 2 % gained this.
LINE_PRICE = 5.0
LINE_FEW = 150.0
LINE_P = 0.02
PRICE_P = 0.01
MOST_KNOTS = 31
# An arm of a hinge holds this share of the points, and so many.
ARM_SHARE = 1 / 16
ARM_POINTS = 4
WIDTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32)
# A tent rises over so many points and falls over as many.
HALVES = (2, 3, 4, 6, 8, 10, 12, 16, 24)
BROADEST_SHARE = 0.3
WIDEST_SHARE = 0.2
MOST_TERMS = 6
FEWEST = 16
# A term of which the course holds all but this share already adds nothing.
LEAST_OWN = 1e-6
# Memories are tried together up to so many numbers a row: eight at once fill the cache where n is 5,000.
MOST_AT_ONCE = 4000
# A step needs so many points on both sides.
SIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """``start`` is the knot, the first point after the step, or the pulse's first point; ``stop`` its end.

    ``gain`` is twice the logarithm of the likelihood ratio with and without it, ``p`` the chance of such a
    one anywhere in noise alone.
    """

    kind: TermKind
    start: int
    stop: int
    gain: float
    p: float

    def p_in(self, wildness: float) -> float:
        """``p`` where the scatter around the term is so many times the noise."""
        return min(1.0, self.p * math.exp(min(600.0, self.gain * (1 - 1 / wildness**2) / 2)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """``rest`` is the series less the terms, ``scatter`` its root-mean-square distance from a straight line.

    ``pulses`` is what its pulses alone add to the series.

    ``line_p`` is the chance of its slope in noise alone; 0 where a hinge or a curve is proved.
    """

    terms: tuple[Term, ...]
    rest: FloatArray
    pulses: FloatArray
    scatter: float
    line_p: float

    def of(self, *kinds: TermKind) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.kind in kinds)


def measure_form(y: FloatArray, sigma: float = 0.0) -> Form:
    """Find the terms that pay for themselves, best first.

    Parameters
    ----------
    y : ndarray, shape (n,)
        In order of x.
    sigma : float
        The reading's error, below which no noise is believed.
    """
    n = len(y)
    if n < FEWEST or np.ptp(y) == 0:
        return Form(terms=(), rest=y, pulses=np.zeros(n), scatter=0.0, line_p=0.0)
    # Squares of very large and very small values would not fit.
    scale = float(np.ptp(y))
    bare = (y - float(np.mean(y))) / scale
    terms: list[Term] = []
    phi = 0.0
    while len(terms) < MOST_TERMS:
        term, phi = _best_term(bare, terms, sigma / scale)
        if term is None:
            break
        terms.append(term)
    parts = _parts(bare, terms, phi) * scale
    narrow = np.array([term.kind == "pulse" for term in terms], dtype=bool)
    rest = y - parts.sum(axis=0)
    at = np.arange(n, dtype=np.float64)
    line = LineSums(at, rest).fit(np.array([0]), np.array([n]))
    return Form(
        terms=tuple(terms),
        rest=rest,
        pulses=parts[narrow].sum(axis=0),
        scatter=math.sqrt(float(line.sse[0]) / n),
        line_p=_line_p(bare, terms, sigma / scale),
    )


def _best_term(y: FloatArray, terms: list[Term], sigma: float) -> tuple[Term | None, float]:
    """The term whose gain exceeds its price by most, if any, and the memory of the noise with it."""
    n = len(y)
    plain = np.vstack([np.ones(n), np.linspace(0, 1, n), *[_shape(n, term) for term in terms]])
    curved = any(term.kind == "curve" for term in terms)
    least = best = math.inf
    best_at: tuple[TermKind, int, int, float] | None = None
    memory = bare_memory = 0.0
    for phis in _at_once(n):
        basis, target = _beside(y, plain, phis)
        found = [
            (kind, *_largest(gain, start, stop), _price(kind, n))
            for kind, gain, start, stop in _gains(n, phis, basis, target)
            if gain.shape[1] and not (kind == "curve" and curved)
        ]
        for k, phi in enumerate(phis):
            floor = n * sigma**2 * (1 + phi * phi) + 1e-300
            sse, constant = float(target[k] @ target[k]), -math.log(1 - phi * phi)
            without = n * math.log(sse + floor) + constant
            if without < least:
                least, bare_memory = without, phi
            for kind, gains, starts, stops, price in found:
                score = n * math.log(max(sse - gains[k], 0.0) + floor) + constant
                if score + price < best:
                    best, memory = score + price, phi
                    best_at = kind, starts[k], stops[k], score
    if best_at is None or best >= least:
        return None, bare_memory
    kind, first, last, score = best_at
    gain_of = least - score
    p = PRICE_P * math.exp(max(-600.0, (_price(kind, n) - gain_of) / 2))
    return Term(kind=kind, start=first, stop=last, gain=gain_of, p=p), memory


def _at_once(n: int) -> list[Phis]:
    """The memories, in groups that are tried at once: all of them where the series is short."""
    size = max(1, MOST_AT_ONCE // n)
    return [PHIS[k : k + size] for k in range(0, len(PHIS), size)]


def _beside(y: FloatArray, plain: FloatArray, phis: Phis) -> tuple[FloatArray, FloatArray]:
    """Orthonormal rows of the course so far, and what it leaves of the series, whitened for each memory.

    Shapes (n_phis, n_plain, n) and (n_phis, n).
    """
    basis = np.linalg.qr(_whiten_each(plain, phis).swapaxes(1, 2))[0].swapaxes(1, 2)
    target = _whiten_each(y[None], phis)
    target = target - (target @ basis.swapaxes(1, 2)) @ basis
    return basis, target[:, 0]


def _largest(
    gain: FloatArray, start: NDArray[np.intp], stop: NDArray[np.intp]
) -> tuple[list[float], list[int], list[int]]:
    """The largest gain for each memory, where its term starts and where it stops."""
    index = np.argmax(gain, axis=1)
    return gain[np.arange(len(gain)), index].tolist(), start[index].tolist(), stop[index].tolist()


def _line_p(y: FloatArray, terms: list[Term], sigma: float) -> float:
    """The chance of the course's slope beside its steps and pulses."""
    if any(term.kind in ("curve", "hinge") for term in terms):
        return 0.0
    n = len(y)
    level = np.vstack([np.ones(n), *[_shape(n, term) for term in terms]])
    sloped = np.vstack([level, np.linspace(0, 1, n)])
    gain = min(_score(y, level, phi, sigma) for phi in PHIS) - min(
        _score(y, sloped, phi, sigma) for phi in PHIS
    )
    return LINE_P * math.exp(min(4.0, (LINE_PRICE + LINE_FEW / n - gain) / 2))


def _score(y: FloatArray, plain: FloatArray, phi: float, sigma: float) -> float:
    """Minus twice the log likelihood of a course under noise of this memory, but for a constant."""
    basis = np.linalg.qr(whiten(plain, phi).T)[0].T
    target = whiten(y[None], phi)[0]
    target = target - (target @ basis.T) @ basis
    floor = len(y) * sigma**2 * (1 + phi * phi) + 1e-300
    return len(y) * math.log(float(target @ target) + floor) - math.log(1 - phi * phi)


def _price(kind: TermKind, n: int) -> float:
    base, slope = PRICES[kind]
    return base + slope * math.log(n) + FEW_PRICE / n


def _shape(n: int, term: Term) -> FloatArray:
    at = np.arange(n, dtype=np.float64)
    shape = ((at >= term.start) & (at < term.stop)) * 1.0
    if term.kind == "curve":
        shape = _curves(n)[term.start]
    elif term.kind == "hinge":
        shape = np.maximum(at - term.start, 0.0) / n
    elif term.kind == "tent":
        half = (term.stop - term.start + 1) / 2
        shape = np.maximum(half - np.abs(at - (term.start + term.stop - 1) / 2), 0.0) / half
    return np.asarray(shape, dtype=np.float64)


def _parts(y: FloatArray, terms: list[Term], phi: float) -> FloatArray:
    """Each term as they fit together with a straight line, shape (n_terms, n)."""
    n = len(y)
    if not terms:
        return np.zeros((0, n))
    shapes = np.vstack([_shape(n, term) for term in terms])
    design = whiten(np.vstack([np.ones(n), np.linspace(0, 1, n), shapes]), phi).T
    sizes: FloatArray = np.linalg.lstsq(design, whiten(y[None], phi)[0], rcond=None)[0]
    return sizes[2:, None] * shapes


def _gains(n: int, phis: Phis, basis: FloatArray, target: FloatArray) -> Iterator[Gains]:
    """What each term takes off the whitened squared misfit, kind by kind."""
    size, dense = _smooth_terms(n, phis)
    dense = dense.swapaxes(1, 2)
    gain = _gain(basis @ dense, (target[:, None] @ dense)[:, 0], size)
    m = 2 * (len(EXPONENTIALS) + len(LOGARITHMS))
    places = _knots(n)
    yield "curve", gain[:, :m], np.arange(m), np.arange(m)
    yield "hinge", gain[:, m:], places, np.full(len(places), n)
    # Whitened, a step is one point and a constant after it: no matrix of all of them is needed.
    rows = np.concatenate([basis, target[:, None]], axis=1)
    after = np.zeros((*rows.shape[:2], n + 1))
    np.cumsum(rows[..., ::-1], axis=2, out=after[..., -2::-1])
    keeps = 1 - np.array(phis)[:, None]
    product = np.zeros_like(after)
    product[..., :n] = rows + keeps[..., None] * after[..., 1:]
    start = np.arange(SIDE, n - SIDE + 1)
    size = 1 + keeps**2 * (n - 1 - start).astype(np.float64)
    yield "step", _gain(*_apart(product[..., SIDE : n - SIDE + 1]), size), start, np.full(len(start), n)
    start, width = _pulse_places(n)
    both = np.take(product, start, axis=2) - np.take(product, start + width, axis=2)
    yield "pulse", _gain(*_apart(both), _pulse_sizes(n, phis)), start, start + width
    yield _tents(n, phis, after)


def _apart(product: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The products with the rows of the basis, and those with the target."""
    return product[:, :-1], product[:, -1]


def _tents(n: int, phis: Phis, after: FloatArray) -> Gains:
    """A tent is made of three ramps, and a ramp whitened is a ramp and a constant after its start."""
    ramps = np.zeros_like(after)
    np.cumsum(after[..., ::-1], axis=2, out=ramps[..., ::-1])
    phi = np.array(phis)[:, None, None]
    product = np.zeros_like(after)
    product[..., :n] = (1 - phi) * ramps[..., 1:] + phi * after[..., 1:]
    start, half = _tent_places(n)
    foot = start - 1
    both = np.take(product, foot, axis=2) - 2 * np.take(product, foot + half, axis=2)
    both += np.take(product, foot + 2 * half, axis=2)
    return "tent", _gain(*_apart(both / half), _tent_sizes(n, phis)), start, start + 2 * half - 1


@lru_cache(maxsize=16)
def _pulse_places(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and width of every pulse, narrow ones first."""
    return _places(n, [width for width in WIDTHS if width <= max(1, WIDEST_SHARE * n)], 1, 0)


@lru_cache(maxsize=16)
def _tent_places(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and half width of every tent, narrow ones first."""
    return _places(n, [half for half in HALVES if 2 * half - 1 <= max(3, BROADEST_SHARE * n)], 2, -1)


@lru_cache(maxsize=16)
def _pulse_sizes(n: int, phis: Phis) -> FloatArray:
    """The square of each pulse, whitened for each memory."""
    phi, width = np.array(phis)[:, None], _pulse_places(n)[1]
    return np.asarray(1 + (1 - phi) ** 2 * (width - 1) + phi * phi, dtype=np.float64)


@lru_cache(maxsize=16)
def _tent_sizes(n: int, phis: Phis) -> FloatArray:
    """The square of each tent, whitened for each memory."""
    half = _tent_places(n)[1]
    size = np.zeros((len(phis), len(half)))
    for one in np.unique(half):
        up = np.append(np.arange(1, one + 1), np.arange(one - 1, -1, -1)) / one
        for k, phi in enumerate(phis):
            size[k, half == one] = float(np.sum((up - phi * np.append(0.0, up[:-1])) ** 2))
    return size


def _places(n: int, sizes: list[int], factor: int, more: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Starts of terms ``factor * size + more`` points wide, with their sizes, far enough from both ends."""
    starts = [np.arange(SIDE, n - (factor * size + more) - SIDE + 1) for size in sizes]
    return np.concatenate([*starts, []]).astype(np.intp), np.repeat(sizes, [len(s) for s in starts])


def _gain(on_basis: FloatArray, on_target: FloatArray, size: FloatArray) -> FloatArray:
    """Squared projections on what of each term the course does not hold yet."""
    own = size - np.sum(on_basis**2, axis=1)
    there = own > LEAST_OWN * size
    return np.where(there, on_target**2 / np.where(there, own, 1.0), 0.0)


@lru_cache(maxsize=16)
def _smooth_terms(n: int, phis: Phis) -> tuple[FloatArray, FloatArray]:
    at = np.arange(n)
    rows = _whiten_each(np.vstack([_curves(n), np.maximum(at - _knots(n)[:, None], 0.0) / n]), phis)
    return np.sum(rows**2, axis=2), rows


@lru_cache(maxsize=16)
def _curves(n: int) -> FloatArray:
    """Fast then slow, and the same backwards: slow then fast."""
    place = np.linspace(0.0, 1.0, n)
    slowing = [-np.expm1(-place / tau) for tau in EXPONENTIALS] + [np.log1p(place / c) for c in LOGARITHMS]
    return np.vstack([slowing, [curve[::-1] for curve in slowing]])


@lru_cache(maxsize=16)
def _knots(n: int) -> NDArray[np.intp]:
    arm = max(ARM_POINTS, int(n * ARM_SHARE))
    return np.unique(np.linspace(arm, n - 1 - arm, max(1, min(MOST_KNOTS, n - 2 * arm))).astype(np.intp))


def _whiten_each(rows: FloatArray, phis: Phis) -> FloatArray:
    """The rows whitened for each memory, shape (n_phis, n_rows, n)."""
    return np.stack([whiten(rows, phi) for phi in phis])


def whiten(rows: FloatArray, phi: float) -> FloatArray:
    """Rows as an AR(1) noise of this memory would have to be drawn anew."""
    if phi == 0:
        return rows
    whitened = rows.copy()
    whitened[:, 1:] -= phi * rows[:, :-1]
    whitened[:, 0] *= np.sqrt(1 - phi * phi)
    return whitened
