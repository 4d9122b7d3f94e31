"""Discs strung so closely along a line that they melt: their heights from the ink that they make together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.beads.chain import COURSE, Chain, Edges, draw_disc, draw_stroke, unite
from digitizer.stages.series.beads.order import exchange
from digitizer.stages.series.beads.places import Outline, Sample, fill, find_heights
from digitizer.stages.series.beads.polish import polish
from digitizer.stages.series.beads.settle import COARSE_PX, MAX_HEIGHTS, REACHES, find_seats, settle
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import IndexArray
from digitizer.stages.series.paths.steps import Steps

# What a pixel of outline costs where discs are drawn beyond the ink, against ink that they leave; the most
# that a column of outline costs (px).
BEYOND = 3.0
MOST_OFF = 8.0
# Discs nearer than this share of a radius are first settled with others between them left out.
NODE_SHARE = 0.4
# A disc fits under an outline with so much (px) to spare: markers are snapped by up to half a pixel.
SPARE_PX = 0.6
# Snapping spreads discs by this (px).
SNAP_SIGMA = 0.3
# Limits of discs on whole pixels are so much (px) wider, above and below, for rims are drawn as they are.
LOOSE_PX = 1.0
# Discs nearer than this share of the radius hide each other; nearer than the other one most of them show
# nothing at all (200 steps where a radius has 4.5, 300 where it has 7).
HIDING = 0.6
BURIED = 0.2
# Ground with less noise than this (RGB units) is as it was drawn: rims of others tell nothing.
CLEAN = 1.0
# Discs that show little of themselves may be off by this share of what neighbours usually differ by; it falls
# with what they show, as a share of the radius squared.
HIDDEN_SIGMA = 0.6
SHOWN_SHARE = 0.4
# Discs nearer than this share of the radius hide each other's courses, more so the nearer they are.
CROWDED = 0.45
CROWDED_SIGMA = 0.5
# What is wrong with right drawings, times the radius (px), is 0.01 to 0.05 on drawn and real charts; with
# more some discs stand at another's place.
USUAL_WRONG = 0.045
# JPEG with this noise (RGB units) doubles what is wrong.
SMEARING = 2.0
# With more than this the ink is of something else.
MOST_WRONG = 0.12
# Neighbours may have changed places where this much is wrong: with less nothing is to be set right, and with
# more they are none (real charts: 0.16 fell to 0.02).
TINY_WRONG = 0.003
MOST_MIXED = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beads:
    """Centres of the discs (crop coordinates), how well their heights are known, and what they leave.

    ``wrong`` is what the ink has too much or too little, as a share of it, times the radius (px); ``seat``
    how far (px) beside the comb's places the line has its vertices, where discs are moved to whole pixels.
    """

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    wrong: float
    seat: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether no more is wrong than right drawings leave."""
        return self.wrong < USUAL_WRONG

    @property
    def is_near(self) -> bool:
        """Whether this is a chain of discs, some of which may stand at another's place."""
        return self.wrong < MOST_WRONG


def string_best(
    alpha: FloatImage, blocked: Mask, outline: Outline, every: list[Steps], sample: Sample, noise: float = 0.0
) -> Beads | None:
    """The discs on the comb that leaves least wrong, of the combs they may stand on; the first right one.

    Of these, neighbours may change places.

    ``noise`` is the ground's standard deviation (RGB units); all others are those of :func:`string_beads`.
    """
    best: tuple[Beads, Steps] | None = None
    for steps in every:
        beads = string_beads(alpha, blocked, outline, steps, sample, noise)
        if beads is not None and (best is None or beads.wrong < best[0].wrong):
            best = beads, steps
        if best is not None and best[0].is_right:
            break
    if best is None:
        return None
    found: Beads | None = best[0]
    if TINY_WRONG < best[0].wrong < MOST_MIXED:
        found = string_beads(alpha, blocked, outline, best[1], sample, noise, start=best[0])
    if found is None or noise > CLEAN or found.wrong > MOST_MIXED:
        return found
    period = float(np.median(np.diff(found.x)))
    if found.seat is None or not BURIED * sample.radius < period < HIDING * sample.radius:
        return found
    chain = Chain(alpha, blocked, found.x, sample.radius, sample.width)
    return _polish(chain, outline, found)


def string_beads(
    alpha: FloatImage,
    blocked: Mask,
    outline: Outline,
    steps: Steps,
    sample: Sample,
    noise: float = 0.0,
    start: Beads | None = None,
) -> Beads | None:
    """Find how high each disc stands so that discs and line make the ink.

    Parameters
    ----------
    alpha, blocked
        Coverage of the chain, and where it may be hidden.
    outline
        The chain's outline.
    steps
        Where the discs stand.
    sample
        How discs and line are drawn.
    noise
        Standard deviation of the ground (RGB units): JPEG smears rims.
    start
        Heights found before: neighbours then exchange theirs where that leaves less wrong.

    Returns
    -------
    Beads or None
        None where fewer than three discs have place.

    Notes
    -----
    Dynamic programming over the outline gives the start, with every third disc or so where they are close;
    then each disc is set to where it covers most of the ink that no other does, every so many at once.
    """
    radius, width, columns = sample.radius, sample.width, outline.columns
    ends = (np.array([columns[0] + sample.reach, columns[-1] - sample.reach]) - steps.origin) / steps.period
    # Both ends are off alike where markers are snapped: their distance is known better than either.
    n_steps = np.round(ends[1] - ends[0])
    if n_steps < 2:
        return None
    x = steps.position(np.round((ends.sum() - n_steps) / 2) + np.arange(n_steps + 1))
    low, high = _limits(outline, radius, x)
    chain = Chain(alpha, blocked, x, radius, width)
    if start is not None and start.x.size == x.size:
        chain, low, high = _seated(chain, outline, start.seat, low, high)
        y, sigma = settle(chain, exchange(chain, start.y, low, high), low, high, REACHES[-1:])
        return _weigh(chain, y, sigma, noise, start.seat)
    stride = max(1, round(NODE_SHARE * radius / steps.period))
    nodes = np.unique(np.r_[np.arange(0, x.size, stride), x.size - 1])
    y = np.interp(x, x[nodes], _chain_heights(outline, x[nodes], low[nodes], high[nodes], radius, width))
    y, sigma = settle(chain, np.clip(y, low, high), low, high, REACHES)
    shift = find_seats(chain, y, low, high)
    if shift is not None:
        chain, low, high = _seated(chain, outline, shift, low, high)
        y, sigma = settle(chain, np.clip(y - 0.5, low, high), low, high, REACHES[1:])
    return _weigh(chain, y, sigma, noise, shift)


def _limits(outline: Outline, radius: float, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Highest and lowest place of discs at some places under the outline."""
    low, high = (np.interp(x, outline.columns, fill(v)) for v in find_heights(outline, radius))
    low, high = low - SPARE_PX, high + SPARE_PX
    middle = (low + high) / 2
    return np.where(low > high, middle, low), np.where(low > high, middle, high)


def _seated(
    chain: Chain, outline: Outline, shift: float | None, low: FloatArray, high: FloatArray
) -> tuple[Chain, FloatArray, FloatArray]:
    """The chain with its discs on whole pixels, and their limits; all as it was where they are on none."""
    if shift is None:
        return chain, low, high
    seated = chain.on_pixels(shift)
    low, high = _limits(outline, chain.radius, seated.seat(seated.x))
    return seated, low - 1.0, high


def _polish(chain: Chain, outline: Outline, beads: Beads) -> Beads:
    """The discs, which hide each other's places, where they come nearest to the ink with their rims."""
    seated, low, high = _seated(chain, outline, beads.seat, beads.y, beads.y)
    y, sigma = polish(seated, beads.y, low - LOOSE_PX, high + LOOSE_PX)
    return replace(beads, y=y, sigma=np.hypot(sigma, SNAP_SIGMA), wrong=seated.judge(y)[0])


def _weigh(chain: Chain, y: FloatArray, sigma: FloatArray, noise: float, seat: float | None) -> Beads:
    """Tell how well heights are known: what hides a disc, and what is wrong with the drawing."""
    wrong, shown = chain.judge(y)
    wrong /= 1.0 + noise / SMEARING
    bend = np.abs(np.diff(y, 2)) / 2
    rough = float(np.median(bend)) if bend.size else 0.0
    period, radius = float(np.median(np.diff(chain.x))), chain.radius
    crowded = CROWDED_SIGMA * radius * max(0.0, 1.0 - period / (CROWDED * radius))
    hidden = (HIDDEN_SIGMA * rough + crowded) * np.exp(-shown / (SHOWN_SHARE * radius**2))
    hidden *= max(1.0, wrong / USUAL_WRONG) ** 2
    sigma = np.hypot(np.hypot(sigma, SNAP_SIGMA), hidden)
    return Beads(x=chain.x - (seat or 0.0), y=y, sigma=sigma, wrong=wrong, seat=seat)


def _cost(off: FloatArray) -> FloatArray:
    """What an edge costs so far (px) outside the one seen; hidden edges are free."""
    return np.where(np.isnan(off), 0.0, np.minimum(np.maximum(BEYOND * off, -off), MOST_OFF))


def _outer_cost(before: FloatArray, after: FloatArray) -> FloatArray:
    """What the outer of two edges costs, summed over columns.

    Columns come first: ``before`` (c, k, l), ``after`` (c, l, m), the sum is (k, l, m); how far each edge
    lies outside the one seen.
    """
    total = np.zeros(before.shape[1:] + after.shape[2:])
    # One column after the other: what all make together is too large for the cache.
    for a, b, cost_a, cost_b in zip(before, after, _cost(before), _cost(after), strict=True):
        total += np.where(a[:, :, None] > b, cost_a[:, :, None], cost_b)
    return total


def _chain_heights(
    outline: Outline, x: FloatArray, low: FloatArray, high: FloatArray, radius: float, width: float
) -> FloatArray:
    """Heights by dynamic programming: the columns around each disc depend on it and its two neighbours."""
    n = x.size
    if n < 3:
        return (low + high) / 2
    counts = np.clip(np.ceil((high - low) / COARSE_PX) + 1, 1, MAX_HEIGHTS).astype(int)
    levels = [np.linspace(a, b, count) for a, b, count in zip(low, high, counts, strict=True)]
    columns = outline.columns
    owner = np.clip(np.searchsorted((x[1:] + x[:-1]) / 2, columns), 0, n - 1)
    total = np.zeros((levels[0].size, levels[1].size))
    origin: list[IndexArray] = []
    # The columns around disc k are those from starts[k - 1] to starts[k]; the outer discs have none.
    starts = np.searchsorted(np.clip(owner, 1, n - 2), np.arange(1, n)).tolist()
    reach = [(starts[max(k - 1, 0)], starts[min(k + 1, n - 2)]) for k in range(n - 1)]
    off = _off_outline(outline, slice(*reach[0]), x[:2], levels[0], levels[1], radius, width)
    for k in range(1, n - 1):
        a, b, c = levels[k - 1], levels[k], levels[k + 1]
        n_mine, before = starts[k] - starts[k - 1], off
        off = _off_outline(outline, slice(*reach[k]), x[k : k + 2], b, c, radius, width)
        tops, bottoms = ((p[len(p) - n_mine :], q[:n_mine]) for p, q in zip(before, off, strict=True))
        cost = _outer_cost(*tops) + _outer_cost(*bottoms)
        bend = b[:, None] - (a[:, None, None] + c) / 2
        every = total[:, :, None] + cost + COURSE * np.abs(bend)
        origin.append(np.argmin(every, axis=0))
        total = every.min(axis=0)
    b_, c_ = np.unravel_index(int(np.argmin(total)), total.shape)
    chosen = np.zeros(n, dtype=np.intp)
    chosen[n - 2], chosen[n - 1] = b_, c_
    for k in range(n - 2, 0, -1):
        chosen[k - 1] = origin[k - 1][chosen[k], chosen[k + 1]]
    return np.array([levels[k][chosen[k]] for k in range(n)])


def _off_outline(
    outline: Outline,
    part: slice,
    x: FloatArray,
    one: FloatArray,
    other: FloatArray,
    radius: float,
    width: float,
) -> Edges:
    """How far two discs, each at its heights, and the stroke between them lie outside a part of an outline.

    Above the upper edge and below the lower one, columns first; ``x`` holds the places of both discs.
    """
    at, y0 = outline.columns[part, None, None], one[:, None]
    stroke = draw_stroke(at, x[:1], y0, x[1:], other, width / 2)
    top, bottom = unite(draw_disc(at - x[0], y0, radius), draw_disc(at - x[1], other, radius), stroke)
    return outline.top[part, None, None] - top, bottom - outline.bottom[part, None, None]
