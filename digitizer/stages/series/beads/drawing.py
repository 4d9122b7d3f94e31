"""A chain's discs and line drawn with soft rims, and what moving some of them would make better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.chain import Chain
from digitizer.stages.series.beads.rims import Disc, Pixels, ShapeArray, Strokes
from digitizer.stages.series.paths.runs import IndexArray

# What is better by less than this (px) is left.
BETTER_PX = 0.02
# Where others let no more through than this nothing is told: of the pixels that discs may cover one in three
# is left.
DARK = 0.03
# So many numbers are looked at together, unless one owner has more: more are slower.
MOST_NUMBERS = 200_000


class Drawing:
    """Discs and their line as the logarithm of what they let through, pixel by pixel (column, row)."""

    def __init__(self, chain: Chain, y: FloatArray) -> None:
        self.chain, self.y, self.disc = chain, y.copy(), Disc(chain.radius)
        self.pad = int(self.disc.reach + np.ceil(np.diff(chain.x).max()) + chain.half + 4)
        self.ink = np.pad(chain.ink, self.pad)
        # What is hidden is neither ink nor ground.
        self.free = np.pad(chain.ink + chain.ground, self.pad)
        self.column = chain.seat(chain.x).astype(int)
        self.light = np.zeros_like(self.ink)
        for first in range(min(chain.apart, y.size)):
            heads = np.arange(first, y.size, chain.apart)
            trial = Trial(self, heads, [self.y[None, heads]], with_before=False)
            self.light.reshape(-1)[trial.pixels.at] += trial.now

    def missed(self) -> FloatArray:
        """What the drawing misses in the columns about each disc (px)."""
        off = (np.abs(self.ink - 1.0 + np.exp(self.light)) * self.free).sum(axis=1, dtype=np.float64)
        sums = np.r_[0.0, np.cumsum(off)]
        x, reach = self.chain.x, self.disc.reach
        edges = np.r_[x[0] - reach, (x[1:] + x[:-1]) / 2, x[-1] + reach]
        return np.asarray(np.diff(np.interp(np.round(edges) + self.pad, np.arange(sums.size), sums)))

    def set_best(self, heads: IndexArray, tried: Sequence[FloatArray]) -> IndexArray:
        """Set discs, each with its next neighbours, to their best heights; tells which of them moved.

        Discs, their neighbours and the strokes at them share no column with others. The first of the heights
        ``tried`` (m, heads) for them, their next neighbours and so on is where they are.
        """
        trial = Trial(self, heads, tried)
        cost = trial.costs()
        flat = cost.reshape(-1, heads.size)
        best = np.argmin(flat, axis=0)
        every = np.arange(heads.size)
        moved = flat[best, every] < flat[0] - BETTER_PX
        if not moved.any():
            return np.zeros(0, dtype=np.intp)
        chosen = np.unravel_index(best, cost.shape[:-1])
        own = [v[None, k, every][:, moved] for v, k in zip(tried, chosen, strict=True)]
        after = Trial(self, heads[moved], own)
        left = np.flatnonzero(moved[trial.pixels.owner])
        light = self.light.reshape(-1)
        light[trial.pixels.at[left]] -= trial.now[left]
        light[after.pixels.at] += after.now
        for k, heights in enumerate(own):
            self.y[heads[moved] + k] = heights[0]
        return np.asarray(heads[moved])


class Trial:
    """Discs of a drawing, each with its next neighbours, at every combination of heights.

    Parameters
    ----------
    drawing
        The chain as it is drawn.
    heads
        The first disc of each trial (n).
    tried
        Heights (m, n) of these discs, of their next neighbours and so on; the first is where they are.
    with_before
        Whether the strokes to the discs before belong to it; those after do.
    """

    def __init__(
        self, drawing: Drawing, heads: IndexArray, tried: Sequence[FloatArray], *, with_before: bool = True
    ) -> None:
        self.drawing, self.size = drawing, [len(v) for v in tried]
        y, x, half, last = drawing.y, drawing.chain.x, drawing.chain.half, drawing.y.size - 1
        every = np.clip(heads + np.arange(-1, len(tried) + 1)[:, None], 0, last)
        if not with_before:
            every[0] = every[1]
        ends = [y[None, every[0]], *tried, y[None, every[-1]]]
        self.strokes = [
            Strokes.draw((x[every[k]], x[every[k + 1]]), ends[k], ends[k + 1], half)
            for k in range(len(ends) - 1)
        ]
        self.column = drawing.column[every[1:-1]]
        self.rows = [drawing.chain.seat(v).astype(int) for v in tried]
        self.pixels = self._reached(heads.size)
        self.now: ShapeArray = np.log(self._shape(self.pixels, only_first=True)).reshape(-1)

    def costs(self) -> FloatArray:
        """What is missed at each combination of heights, one axis each, by disc (m, ..., n), px."""
        drawing, n = self.drawing, self.column.shape[1]
        rest = np.exp(drawing.light.reshape(-1)[self.pixels.at] - self.now)
        free = drawing.free.reshape(-1)[self.pixels.at]
        told = np.flatnonzero((rest > DARK) & (free > 0))
        bounds = np.searchsorted(self.pixels.owner[told], np.arange(n + 1))
        cost = np.zeros((*self.size, n))
        begin = 0
        while begin < n:
            # As many owners as are quick together, one at least.
            most = bounds[begin] + MOST_NUMBERS // int(np.prod(self.size))
            end = max(begin + 1, int(np.searchsorted(bounds, most, side="right")) - 1)
            part = told[bounds[begin] : bounds[end]]
            pixels = self.pixels.some(part)
            # The sum over all pixels of how free each is, times how far off it is.
            off = self._shape(pixels, rest[part] * free[part])
            off -= (1 - drawing.ink.reshape(-1)[pixels.at]) * free[part]
            np.abs(off, out=off)
            there = begin + np.flatnonzero(np.diff(bounds[begin : end + 1]))
            if there.size:
                cost[..., there] = np.add.reduceat(off, bounds[there] - bounds[begin], axis=-1)
            begin = end
        return cost

    def _shape(
        self, pixels: Pixels, light: ShapeArray | None = None, *, only_first: bool = False
    ) -> ShapeArray:
        """What is let through of light on pixels (last axis) at all combinations of heights, or the first."""
        strokes = [(v.first() if only_first else v).place(pixels) for v in self.strokes]
        discs = [
            self.drawing.disc.place(column, rows[:1] if only_first else rows, pixels)
            for column, rows in zip(self.column, self.rows, strict=True)
        ]
        discs[0] *= strokes[0][0]
        discs[-1] *= strokes[-1][:, 0]
        if light is not None:
            discs[0] *= light
        shape = discs[0]
        for stroke, own in zip(strokes[1:-1], discs[1:], strict=True):
            stroke *= own
            shape = shape[..., None, :] * stroke
        return shape

    def _reached(self, n: int) -> Pixels:
        """The pixels that the discs and their strokes may cover."""
        drawing, arc = self.drawing, self.drawing.disc.arc
        spans = [(v.left, v.upper.min(axis=(0, 1, 2)), v.lower.max(axis=(0, 1, 2))) for v in self.strokes]
        for column, rows in zip(self.column, self.rows, strict=True):
            top, bottom = rows.min(axis=0)[:, None] - arc, rows.max(axis=0)[:, None] + arc
            spans.append((column - drawing.disc.reach, top, bottom))
        left = np.min([v[0] for v in spans], axis=0)
        wide = int(max((v[0] - left).max() + v[1].shape[1] for v in spans))
        top = np.full((n, wide), np.inf)
        bottom = -top
        for begin, upper, lower in spans:
            at = np.arange(n)[:, None], (begin - left)[:, None] + np.arange(upper.shape[1])
            top[at] = np.minimum(top[at], upper)
            bottom[at] = np.maximum(bottom[at], lower)
        pad, (columns, tall) = drawing.pad, drawing.ink.shape
        at_column = left[:, None] + np.arange(wide)
        bottom[(at_column < -pad) | (at_column >= columns - pad)] = -np.inf
        first, stop = (
            np.clip(np.floor(v + 0.5), -pad, tall - pad).astype(int).ravel() for v in (top, bottom + 1.0)
        )
        size = np.maximum(stop - first, 0)
        line = np.repeat(np.arange(size.size), size)
        row = np.arange(line.size) - (np.cumsum(size) - size - first)[line]
        column = at_column.ravel()[line]
        return Pixels(line // wide, column, row, (column + pad) * tall + row + pad)
