"""Discs of a chain set to where they and their line, drawn with soft rims, come nearest to the ink."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.chain import Chain, draw_stroke
from digitizer.stages.series.inks.ink import FloatImage

# Rims are drawn from so many parts of a pixel: of discs, and of strokes (across columns: rows are exact).
DISC_PARTS = 16
STROKE_PARTS = 3
# What a shape lets through of a pixel that it covers: logarithms need some.
LEAST = 1e-3
# Heights tried for a disc: so near (px) to where it is, one by one, and so many between its limits, alone and
# together with one neighbour and two.
NEAR_PX = 3
HEIGHTS = (15, 9, 3)
# Rounds of so many neighbours at once. With one neighbour alone two in five of the discs left at another's
# place stayed there (120 steps, a radius of 2.8 of them), with two one in seven.
TOGETHER = (1, 1, 2, 3)
ROUNDS = 3
# Discs whose columns miss no more than this quantile of all are left; neighbours are tried together where
# theirs miss so much (px) more. Right drawings miss 0.3 to 1 px a disc, nearly evenly.
USUAL = 0.25
MISSES_PX = 0.3
# What moves a disc says something new to so many on both sides.
AFFECTED = 2
# What is better by less than this (px) is left.
BETTER_PX = 0.02
# Neighbours that would take more pixels than this to try together are not.
MOST_PIXELS = 4_000_000
# A height that misses so much (px) more is e times less likely: with 0.8 px what is told as the deviation is
# that of 7,000 drawn discs (0.3, 0.6, 1.2 and 2.1 percent told; 0.6, 0.7, 1.3 and 1.9 found).
LIKELY_PX = 0.8
# Heights that are weighed: so many between the limits, beside those near the best.
N_WEIGHED = 25

Window = tuple[int, int, int, int]
ShapeArray = NDArray[np.float32]


def polish(chain: Chain, y: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Set discs on whole pixels to the heights that draw the ink best, rims included.

    Parameters
    ----------
    chain
        Discs on whole pixels, on the ink.
    y
        Their heights (n), near the best.
    low, high
        The highest and lowest place of each (n).

    Returns
    -------
    tuple of FloatArray
        Their heights (n), in the middle of those that are likely, and how far these are spread (n).

    Notes
    -----
    Half covered pixels say little where a drawing knows only covered and bare ones, and discs that others
    hide show little else. Where shapes lie on each other each lets through its share of what is below.
    """
    drawn = _Drawing(chain, y)
    stale = np.zeros((len(HEIGHTS), y.size), dtype=bool)
    for _ in range(ROUNDS):
        for k in TOGETHER:
            missed = drawn.missed()
            poor = missed > np.quantile(missed, USUAL) + MISSES_PX * (k > 1)
            heads = np.flatnonzero(np.convolve(poor, np.ones(k))[k - 1 :] > 0)
            heads = heads[(heads <= y.size - k) & ~stale[k - 1, heads]]
            stale[k - 1, heads] = True
            for i in heads.tolist():
                near = NEAR_PX if k == 1 else 0
                tried = [drawn.heights(j, low, high, HEIGHTS[k - 1], near) for j in range(i, i + k)]
                if drawn.set_best(i, tried):
                    stale[:, max(0, i - AFFECTED) : i + k + AFFECTED] = False
    weighed = [_weigh(drawn, i, low, high) for i in range(y.size)]
    return np.array([v[0] for v in weighed]), np.array([v[1] for v in weighed])


def _weigh(drawn: _Drawing, i: int, low: FloatArray, high: FloatArray) -> tuple[float, float]:
    """The middle of a disc's likely heights, and how far they are spread."""
    heights = drawn.heights(i, low, high, N_WEIGHED, NEAR_PX)
    cost = drawn.costs(i, [heights])
    order = np.argsort(heights)
    heights, cost = heights[order], cost[order]
    # Those tried stand for all up to half way to the next.
    share = np.diff(np.r_[heights[0], (heights[1:] + heights[:-1]) / 2, heights[-1]])
    weight = np.maximum(share, 1e-6) * np.exp(-(cost - cost.min()) / LIKELY_PX)
    weight /= weight.sum()
    middle = float(np.interp(0.5, np.cumsum(weight) - weight / 2, heights))
    return middle, float(np.sqrt(weight @ np.square(heights - middle)))


class _Drawing:
    """Discs and their line as the logarithm of what they let through, pixel by pixel (column, row)."""

    def __init__(self, chain: Chain, y: FloatArray) -> None:
        self.chain, self.y = chain, y.copy()
        self.reach = int(np.ceil(chain.radius + 0.5))
        self.disc = np.log(np.maximum(1.0 - _disc(chain.radius, self.reach), LEAST)).astype(np.float32)
        self.pad = int(self.reach + np.ceil(np.diff(chain.x).max()) + chain.half + 4)
        self.ink = np.pad(chain.ink, self.pad)
        # What is hidden is neither ink nor ground.
        self.free = np.pad(chain.ink + chain.ground, self.pad)
        self.column = chain.seat(chain.x).astype(int)
        self.light = np.zeros_like(self.ink)
        for i in range(y.size):
            window = self._window(i, i, self.y[i : i + 1])
            shape = self._place(i, self.y[i : i + 1], window)
            self._link(shape, i, self.y[i : i + 1], window, 1)
            self._at(self.light, window)[...] += shape[0]

    def missed(self) -> FloatArray:
        """What the drawing misses in the columns about each disc (px)."""
        off = (np.abs(self.ink - 1.0 + np.exp(self.light)) * self.free).sum(axis=1, dtype=np.float64)
        sums = np.r_[0.0, np.cumsum(off)]
        x = self.chain.x
        edges = np.r_[x[0] - self.reach, (x[1:] + x[:-1]) / 2, x[-1] + self.reach]
        return np.asarray(np.diff(np.interp(np.round(edges) + self.pad, np.arange(sums.size), sums)))

    def heights(self, i: int, low: FloatArray, high: FloatArray, n: int, near: int) -> FloatArray:
        """Heights to try for a disc, where it is first: within whole pixels it is drawn alike.

        Neighbours may have changed places, and what is hidden may stand anywhere between its limits.
        """
        now, others = self.y[i], self.y[max(0, i - AFFECTED) : i + AFFECTED + 1]
        some = now + np.arange(-near, near + 1) if near else others
        every = np.unique(np.floor(np.r_[some, np.linspace(low[i], high[i], n)]) + 0.5)
        inside = every[(every >= low[i] - 0.5) & (every <= high[i] + 0.5) & (every != now)]
        return np.concatenate([[now], inside])

    def set_best(self, first: int, tried: Sequence[FloatArray]) -> bool:
        """Set a disc, or some neighbours together, to their best heights; tells whether they moved.

        The first of the heights ``tried`` for each is where it is.
        """
        window = self._window(first, first + len(tried) - 1, np.concatenate(tried))
        n_pixels = (window[1] - window[0]) * (window[3] - window[2])
        if n_pixels * np.prod([v.size for v in tried]) > MOST_PIXELS:
            return False
        shape, heights = self._draw(first, tried, window)
        cost = self._miss(shape, window)
        best = int(np.argmin(cost))
        if cost[best] > cost[0] - BETTER_PX:
            return False
        self._at(self.light, window)[...] = shape[best]
        self.y[first : first + len(tried)] = heights[best]
        return True

    def costs(self, first: int, tried: Sequence[FloatArray]) -> FloatArray:
        """What is missed about a disc, or some neighbours together, at each of their heights (px)."""
        window = self._window(first, first + len(tried) - 1, np.concatenate(tried))
        return self._miss(self._draw(first, tried, window)[0], window)

    def _miss(self, shape: ShapeArray, window: Window) -> FloatArray:
        off = np.exp(shape)
        off += self._at(self.ink, window) - np.float32(1.0)
        np.abs(off, out=off)
        off *= self._at(self.free, window)
        return np.asarray(off.sum(axis=(1, 2), dtype=np.float64))

    def _draw(self, first: int, tried: Sequence[FloatArray], window: Window) -> tuple[ShapeArray, FloatArray]:
        """All that covers a window, with neighbours at every combination of heights, and these."""
        last = first + len(tried) - 1
        heights = np.zeros((1, 0))
        shape = np.zeros((1, window[1] - window[0], window[3] - window[2]), dtype=np.float32)
        for i, own in enumerate(tried, first):
            disc = self._place(i, own, window)
            for side in (-1,) * (i == first) + (1,) * (i == last):
                self._link(disc, i, own, window, side)
            m = heights.shape[0]
            heights = np.column_stack([np.repeat(heights, own.size, axis=0), np.tile(own, m)])
            shape = (shape[:, None] + disc).reshape(-1, *shape.shape[1:])
            if i > first:
                before = tried[i - 1 - first]
                stroke = np.zeros((before.size * own.size, *shape.shape[1:]), dtype=np.float32)
                self._stroke(stroke, i - 1, np.repeat(before, own.size), np.tile(own, before.size), window)
                # Those before the last two make no difference to it.
                every = shape.reshape(-1, *stroke.shape)
                every += stroke
        # The first of all is what is drawn there now.
        shape += self._at(self.light, window) - shape[0]
        return shape, heights

    def _window(self, first: int, last: int, heights: FloatArray) -> Window:
        """First and last column and row of what some neighbours cover at some heights."""
        before, after = max(first - 1, 0), min(last + 1, self.y.size - 1)
        every = np.r_[heights, self.y[before], self.y[after]]
        x, reach, half = self.chain.x, self.reach + 1, self.chain.half + 1
        left, right = min(x[before] - half, self.column[first] - reach), self.column[last] + reach
        (width, tall), pad = self.ink.shape, self.pad
        return (
            max(int(np.floor(left)), -pad),
            min(int(np.ceil(max(x[after] + half, right))) + 1, width - pad),
            max(int(np.floor(every.min())) - reach, -pad),
            min(int(np.ceil(every.max())) + reach + 2, tall - pad),
        )

    def _at(self, field: FloatImage, window: Window) -> FloatImage:
        a, b, c, d = (v + self.pad for v in window)
        return field[a:b, c:d]

    def _place(self, i: int, heights: FloatArray, window: Window) -> ShapeArray:
        """A disc at each of some heights (m, columns, rows)."""
        left, right, top, bottom = window
        out = np.zeros((heights.size, right - left, bottom - top), dtype=np.float32)
        across = self.column[i] - self.reach - left
        from_, to = max(0, -across), min(self.disc.shape[0], right - left - across)
        for k, row in enumerate((self.chain.seat(heights).astype(int) - self.reach - top).tolist()):
            begin, end = max(0, -row), min(self.disc.shape[1], bottom - top - row)
            if begin < end and from_ < to:
                out[k, across + from_ : across + to, row + begin : row + end] = self.disc[from_:to, begin:end]
        return out

    def _link(self, out: ShapeArray, i: int, heights: FloatArray, window: Window, side: int) -> None:
        """Add the strokes from a disc at some heights to its neighbour on one side, if there is one."""
        if 0 <= i + side < self.y.size:
            fixed = np.full(heights.size, self.y[i + side])
            before, after = (fixed, heights) if side < 0 else (heights, fixed)
            self._stroke(out, min(i, i + side), before, after, window)

    def _stroke(self, out: ShapeArray, i: int, before: FloatArray, after: FloatArray, window: Window) -> None:
        """Add the stroke from a disc to the next at each of some pairs of heights (m, columns, rows)."""
        (x0, x1), half = self.chain.x[i : i + 2], self.chain.half
        left = max(window[0], int(np.floor(x0 - half)))
        right = min(window[1], int(np.ceil(x1 + half)) + 1)
        if left >= right:
            return
        parts = (np.arange(STROKE_PARTS) + 0.5) / STROKE_PARTS - 0.5
        at = (np.arange(left, right) + parts[:, None]).ravel()
        edges = draw_stroke(
            np.broadcast_to(at, (before.size, at.size)),
            np.array(x0),
            before[:, None],
            np.array(x1),
            after[:, None],
            half,
        )
        upper, lower = (v.astype(np.float32).reshape(before.size, STROKE_PARTS, -1, 1) for v in edges)
        rows = np.arange(window[2], window[3], dtype=np.float32)
        cover = np.minimum(lower, rows + np.float32(0.5))
        cover -= np.maximum(upper, rows - np.float32(0.5))
        np.clip(cover, 0.0, 1.0, out=cover)
        light = 1 - cover.sum(axis=1) / np.float32(STROKE_PARTS)
        out[:, left - window[0] : right - window[0]] += np.log(np.maximum(light, LEAST, out=light), out=light)


def _disc(radius: float, reach: int) -> FloatArray:
    """How much of each pixel a disc in the middle of the middle one covers."""
    n = 2 * reach + 1
    at = (np.arange(n * DISC_PARTS) + 0.5) / DISC_PARTS - 0.5 - reach
    inside = np.square(at)[:, None] + np.square(at) <= radius**2
    return np.asarray(inside.reshape(n, DISC_PARTS, n, DISC_PARTS).mean(axis=(1, 3)))
