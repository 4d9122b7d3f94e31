"""Discs strung so closely along a line that they melt: their heights from the ink that they make together."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.bead_places import END_PX, Outline, Sample, fill, find_heights
from digitizer.stages.series.ink import FloatImage
from digitizer.stages.series.runs import IndexArray
from digitizer.stages.series.steps import Steps

# What a pixel of outline costs where discs are drawn beyond the ink, against ink that they leave; the most
# that a column of outline costs (px).
BEYOND = 3.0
MOST_OFF = 8.0
# Heights tried lie this far apart (px) at first; so many of them at most a disc.
COARSE_PX = 1.0
MAX_HEIGHTS = 21
# How far (px) from where it is each disc is tried, sweep by sweep.
REACHES = (np.inf, 10.0, 10.0, 3.0)
# What a disc is ready to be off the straight course between its neighbours by: hidden ones have nothing else.
COURSE = 0.02
# Discs nearer than this share of a radius are first settled with others between them left out.
NODE_SHARE = 0.4
# A disc fits under an outline with so much (px) to spare: markers are snapped by up to half a pixel.
SPARE_PX = 0.6
# Snapping spreads discs by this (px); a disc may be anywhere where it costs no more than so many pixels.
SNAP_SIGMA = 0.3
LIKELY_COST = 1.0
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


# Upper and lower edge in some columns.
Edges = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beads:
    """Centres of the discs (crop coordinates), how well their heights are known, and what they leave.

    ``wrong`` is what the ink has too much or too little, as a share of it, times the radius (px).
    """

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    wrong: float

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

    ``noise`` is the ground's standard deviation (RGB units); all others are those of :func:`string_beads`.
    """
    best: Beads | None = None
    for steps in every:
        beads = string_beads(alpha, blocked, outline, steps, sample, noise)
        if beads is not None and (best is None or beads.wrong < best.wrong):
            best = beads
        if best is not None and best.is_right:
            break
    return best


def string_beads(
    alpha: FloatImage, blocked: Mask, outline: Outline, steps: Steps, sample: Sample, noise: float = 0.0
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
    first = np.round((columns[0] - END_PX + radius - steps.origin) / steps.period)
    last = np.round((columns[-1] + END_PX - radius - steps.origin) / steps.period)
    if last - first < 2:
        return None
    x = steps.position(np.arange(first, last + 1))
    low, high = (np.interp(x, columns, fill(v)) for v in find_heights(outline, radius))
    low, high = low - SPARE_PX, high + SPARE_PX
    low, high = np.where(low > high, (low + high) / 2, low), np.where(low > high, (low + high) / 2, high)
    stride = max(1, round(NODE_SHARE * radius / steps.period))
    nodes = np.unique(np.r_[np.arange(0, x.size, stride), x.size - 1])
    y = np.interp(x, x[nodes], _chain_heights(outline, x[nodes], low[nodes], high[nodes], radius, width))
    y = np.clip(y, low, high)
    chain = _Chain(alpha, blocked, x, radius, width)
    share = np.linspace(0.0, 1.0, MAX_HEIGHTS)
    sigma = np.zeros(x.size)
    moved = np.inf
    for reach in REACHES:
        if moved < COARSE_PX / 2 and reach > REACHES[-1]:
            continue
        a, b = np.maximum(low, np.minimum(y - reach, high)), np.minimum(high, np.maximum(y + reach, low))
        before = y
        y, sigma = chain.settle(y, a[:, None] + (b - a)[:, None] * share)
        moved = float(np.abs(y - before).max())
    wrong, shown = chain.judge(y)
    wrong /= 1.0 + noise / SMEARING
    bend = np.abs(np.diff(y, 2)) / 2
    rough = float(np.median(bend)) if bend.size else 0.0
    crowded = CROWDED_SIGMA * radius * max(0.0, 1.0 - steps.period / (CROWDED * radius))
    hidden = (HIDDEN_SIGMA * rough + crowded) * np.exp(-shown / (SHOWN_SHARE * radius**2))
    hidden *= max(1.0, wrong / USUAL_WRONG) ** 2
    return Beads(x=x, y=y, sigma=np.hypot(np.hypot(sigma, SNAP_SIGMA), hidden), wrong=wrong)


def _disc(dx: FloatArray, y: FloatArray, radius: float) -> Edges:
    """Upper and lower edge of discs at heights ``y`` in columns ``dx`` away; nothing beyond the radius."""
    rest = radius**2 - np.square(dx)
    arc = np.sqrt(np.maximum(rest, 0.0))
    return np.where(rest >= 0, y - arc, np.inf), np.where(rest >= 0, y + arc, -np.inf)


def _stroke(
    at: FloatArray, x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray, half: float
) -> Edges:
    """Upper and lower edge in columns ``at`` of strokes with round ends from point to point."""
    slope = (y1 - y0) / (x1 - x0)
    shift = half * slope / np.hypot(1.0, slope)
    out = []
    for sign in (-1.0, 1.0):
        center = np.clip(at + sign * shift, x0, x1)
        rest = half**2 - np.square(at - center)
        edge = y0 + slope * (center - x0) + sign * np.sqrt(np.maximum(rest, 0.0))
        out.append(np.where(rest >= -1e-9, edge, -sign * np.inf))
    return out[0], out[1]


def _cost(top: FloatArray, bottom: FloatArray, seen_top: FloatArray, seen_bottom: FloatArray) -> FloatArray:
    """What outlines cost against the one seen, summed over columns (the last axis); hidden edges are free."""
    offs = (np.minimum(np.maximum(BEYOND * o, -o), MOST_OFF) for o in (seen_top - top, bottom - seen_bottom))
    return np.asarray(sum(np.where(np.isnan(off), 0.0, off).sum(axis=-1) for off in offs))


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
    for k in range(1, n - 1):
        mine = (owner == k) | ((owner == 0) & (k == 1)) | ((owner == n - 1) & (k == n - 2))
        at = columns[mine]
        a, b, c = levels[k - 1][:, None, None], levels[k][:, None, None], levels[k + 1][:, None, None]
        before = _link(at, x[k - 1], a, x[k], b.transpose(1, 0, 2), radius, width)
        after = _link(at, x[k], b, x[k + 1], c.transpose(1, 0, 2), radius, width)
        top = np.minimum(before[0][:, :, None], after[0][None])
        bottom = np.maximum(before[1][:, :, None], after[1][None])
        cost = _cost(top, bottom, outline.top[mine], outline.bottom[mine])
        bend = b.transpose(1, 0, 2) - (a + c.transpose(1, 2, 0)) / 2
        every = total[:, :, None] + cost + COURSE * np.abs(bend)
        origin.append(np.argmin(every, axis=0))
        total = every.min(axis=0)
    b_, c_ = np.unravel_index(int(np.argmin(total)), total.shape)
    chosen = np.zeros(n, dtype=np.intp)
    chosen[n - 2], chosen[n - 1] = b_, c_
    for k in range(n - 2, 0, -1):
        chosen[k - 1] = origin[k - 1][chosen[k], chosen[k + 1]]
    return np.array([levels[k][chosen[k]] for k in range(n)])


def _link(
    at: FloatArray, x0: float, y0: FloatArray, x1: float, y1: FloatArray, radius: float, width: float
) -> Edges:
    """Upper and lower edge of two discs and the stroke between them."""
    stroke = _stroke(at, np.asarray(x0), y0, np.asarray(x1), y1, width / 2)
    return _union(_disc(at - x0, y0, radius), _disc(at - x1, y1, radius), stroke)


def _union(*shapes: Edges) -> Edges:
    top, bottom = shapes[0]
    for other in shapes[1:]:
        top, bottom = np.minimum(top, other[0]), np.maximum(bottom, other[1])
    return top, bottom


class _Chain:
    """Discs at fixed places on a panel's ink, and what any heights of theirs cover of it."""

    def __init__(self, alpha: FloatImage, blocked: Mask, x: FloatArray, radius: float, width: float) -> None:
        self.x, self.radius, self.half = x, radius, width / 2
        self.ink = np.ascontiguousarray(np.where(blocked, np.float32(0.0), alpha).T)
        self.ground = np.ascontiguousarray(np.where(blocked, np.float32(0.0), 1 - alpha).T)
        reach = int(np.ceil(radius + 0.5))
        self.disc_at = np.round(x).astype(int)[:, None] + np.arange(-reach, reach + 1)
        period = float(np.median(np.diff(x)))
        wide = int(np.ceil(period / 2 + width / 2 + 1))
        self.stroke_at = np.round((x[1:] + x[:-1]) / 2).astype(int)[:, None] + np.arange(-wide, wide + 1)
        # Discs so many places apart, and the strokes at them, share no column.
        self.apart = int(np.ceil(2 * max(radius, period + width / 2) / period)) + 1

    def count(self, y: FloatArray) -> IndexArray:
        """How many discs and strokes cover each pixel, by column and row."""
        count: IndexArray = np.zeros(self.ink.shape, dtype=np.intp)
        self.draw(count, y, np.arange(self.x.size), np.arange(self.x.size - 1), 1)
        return count

    def draw(
        self, count: IndexArray, y: FloatArray, discs: IndexArray, strokes: IndexArray, times: int
    ) -> None:
        """Count some discs and strokes so many times more (in place)."""
        width, height = self.ink.shape
        i, x = strokes[:, None], self.x
        near, along = self.disc_at[discs], self.stroke_at[strokes]
        parts = (
            (near, _disc(near - x[discs, None], y[discs, None], self.radius)),
            (along, _stroke(along.astype(np.float64), x[i], y[i], x[i + 1], y[i + 1], self.half)),
        )
        for at, (top, bottom) in parts:
            there = (bottom > top) & (at >= 0) & (at < width)
            first, stop = _rows(top[there], height), _rows(bottom[there], height)
            size = np.maximum(stop - first, 0)
            begin = at[there] * height + first - (np.cumsum(size) - size)
            np.add.at(count.reshape(-1), np.repeat(begin, size) + np.arange(size.sum()), times)

    def settle(self, y: FloatArray, heights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Move each disc to the best of its heights (n, m) among the others; tells how far it may be off."""
        n = y.size
        y, sigma = y.copy(), np.zeros(n)
        count = self.count(y)
        for start in range(min(self.apart, n)):
            mine = np.arange(start, n, self.apart)
            theirs = np.concatenate([mine - 1, mine])
            theirs = theirs[(theirs >= 0) & (theirs < n - 1)]
            self.draw(count, y, mine, theirs, -1)
            tried = np.concatenate([heights[mine], y[mine, None]], axis=1)
            cost = self._costs(y, mine, tried, count)
            best = cost.min(axis=1, keepdims=True)
            y[mine] = tried[np.arange(mine.size), np.argmin(cost, axis=1)]
            self.draw(count, y, mine, theirs, 1)
            likely = cost < best + LIKELY_COST
            span = np.where(likely, tried, -np.inf).max(axis=1) - np.where(likely, tried, np.inf).min(axis=1)
            sigma[mine] = span / np.sqrt(12.0)
        return y, sigma

    def _costs(self, y: FloatArray, mine: IndexArray, tried: FloatArray, count: IndexArray) -> FloatArray:
        """What each height of some discs costs: bare ground covered, less the ink that no other covers.

        ``count`` is of the other discs and their strokes.
        """
        n = y.size
        before, after = np.maximum(mine - 1, 0), np.minimum(mine + 1, n - 1)
        reach = int(np.ceil(max(self.radius, float(np.diff(self.x).max()) + self.half) + 0.5))
        columns = np.round(self.x[mine]).astype(int)[:, None] + np.arange(-reach, reach + 1)
        at, x, h = columns[:, None, :].astype(np.float64), self.x[mine][:, None, None], tried[:, :, None]
        disc = _disc(at - x, h, self.radius)
        strokes = []
        for other in (before, after):
            there = (other != mine)[:, None, None]
            ox = np.where(there, self.x[other][:, None, None], x + 1.0)
            oy = np.where(there, y[other][:, None, None], h)
            if other is before:
                top, bottom = _stroke(at, ox, oy, x, h, self.half)
            else:
                top, bottom = _stroke(at, x, h, ox, oy, self.half)
            strokes.append((np.where(there, top, np.inf), np.where(there, bottom, -np.inf)))
        # Both strokes meet at the disc; what they have in other columns hangs together with neither.
        top, bottom = _union(*strokes)
        every = np.concatenate([tried, y[before, None], y[after, None]], axis=1)
        first = np.floor(every.min(axis=1) - self.radius - self.half).astype(int)
        height = int((every.max(axis=1) + self.radius + self.half - first).max()) + 2
        price = self._prices(columns, first, height, count)
        window = np.broadcast_to(np.arange(columns.size).reshape(columns.shape)[:, None], top.shape)
        cost = np.zeros(top.shape)
        below = np.where(disc[1] > disc[0], np.maximum(top, disc[1]), np.inf)
        for a, b in (disc, (top, np.minimum(bottom, disc[0])), (below, bottom)):
            good = b > a
            a, b = (
                np.where(good, a - first[:, None, None], 0.0),
                np.where(good, b - first[:, None, None], 0.0),
            )
            cost = cost + _between(price, window, a, b)
        course = (y[before] + y[after]) / 2
        return np.asarray(cost.sum(axis=2) + COURSE * np.abs(tried - course[:, None]))

    def _prices(self, columns: IndexArray, first: IndexArray, height: int, count: IndexArray) -> FloatArray:
        """Sums of what pixels cost down parts of columns, from a disc's ``first`` row on, one column a row.

        Only these parts are looked at: the panel is many times as large.
        """
        rows = first[:, None] + np.arange(height)
        width, tall = self.ink.shape
        at = np.clip(columns, 0, width - 1)[:, :, None] * tall + np.clip(rows, 0, tall - 1)[:, None]
        ground = self.ground.ravel()[at]
        price = np.where(count.ravel()[at] > 0, ground, ground - self.ink.ravel()[at])
        price *= ((columns >= 0) & (columns < width))[:, :, None]
        price *= ((rows >= 0) & (rows < tall))[:, None]
        return _sums(price.reshape(-1, height))

    def judge(self, y: FloatArray) -> tuple[float, FloatArray]:
        """What is wrong with a drawing (see :class:`Beads`), and the ink (px²) that each disc alone explains.

        Wrong are ink beyond the drawing's rim and bare ground inside it: rims are anti-aliased and snapped.
        """
        count = self.count(y)
        covered = (count > 0).astype(np.uint8)
        kernel = np.ones((3, 3), np.uint8)
        missed = float(self.ink[cv2.dilate(covered, kernel) == 0].sum())
        drawn = float(self.ground[cv2.erode(covered, kernel) > 0].sum())
        alone = _sums(np.where(count == 1, self.ink, np.float32(0.0)))
        top, bottom = _disc(self.disc_at - self.x[:, None], y[:, None], self.radius)
        there = (bottom > top) & (self.disc_at >= 0) & (self.disc_at < self.ink.shape[0])
        column = np.clip(self.disc_at, 0, self.ink.shape[0] - 1)
        shown = _between(alone, column, np.where(there, top, 0.0), np.where(there, bottom, 0.0)).sum(axis=1)
        return self.radius * (missed + drawn) / max(float(self.ink.sum()), 1.0), shown


def _sums(columns: FloatImage) -> FloatArray:
    """Sums down each column, beginning with zero."""
    out = np.zeros((columns.shape[0], columns.shape[1] + 1), dtype=np.float32)
    np.cumsum(columns, axis=1, out=out[:, 1:])
    return out


def _between(sums: FloatArray, column: IndexArray, top: FloatArray, bottom: FloatArray) -> FloatArray:
    """What lies between two edges in columns, parts of pixels too."""
    out = []
    for edge in (top, bottom):
        place = np.clip(edge + 0.5, 0.0, sums.shape[1] - 1.001)
        row = place.astype(int)
        share = place - row
        out.append(sums[column, row] * (1 - share) + sums[column, row + 1] * share)
    return np.asarray(out[1] - out[0])


def _rows(edge: FloatArray, height: int) -> IndexArray:
    return np.clip(np.round(edge + 0.5), 0, height).astype(np.intp)
