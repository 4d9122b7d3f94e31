"""Discs strung along a line on a panel's ink: what any heights of theirs cover of it."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.ink import FloatImage
from digitizer.stages.series.runs import IndexArray

# What a disc is ready to be off the straight course between its neighbours by: hidden ones have nothing else.
COURSE = 0.02
# A disc may be anywhere where it costs no more than so many pixels.
LIKELY_COST = 1.0

# Upper and lower edge in some columns.
Edges = tuple[FloatArray, FloatArray]


def draw_disc(dx: FloatArray, y: FloatArray, radius: float) -> Edges:
    """Upper and lower edge of discs at heights ``y`` in columns ``dx`` away; nothing beyond the radius."""
    rest = radius**2 - np.square(dx)
    arc = np.sqrt(np.maximum(rest, 0.0))
    return np.where(rest >= 0, y - arc, np.inf), np.where(rest >= 0, y + arc, -np.inf)


def draw_stroke(
    at: FloatArray, x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray, half: float
) -> Edges:
    """Upper and lower edge in columns ``at`` of strokes with round ends from point to point."""
    slope = (y1 - y0) / (x1 - x0)
    shift = half * slope / np.hypot(1.0, slope)
    out = []
    for sign in (-1.0, 1.0):
        center = at + sign * shift
        center = np.minimum(np.maximum(center, x0, out=center), x1, out=center)
        off = at - center
        rest = half**2 - np.square(off, out=off)
        center -= x0
        center *= slope
        center += y0
        reach = np.sqrt(np.maximum(rest, 0.0))
        edge = center + reach if sign > 0 else center - reach
        edge[rest < -1e-9] = -sign * np.inf
        out.append(edge)
    return out[0], out[1]


def unite(*shapes: Edges) -> Edges:
    top, bottom = shapes[0]
    for other in shapes[1:]:
        top, bottom = np.minimum(top, other[0]), np.maximum(bottom, other[1])
    return top, bottom


class Chain:
    """Discs at fixed places on a panel's ink, and what any heights of theirs cover of it."""

    def __init__(self, alpha: FloatImage, blocked: Mask, x: FloatArray, radius: float, width: float) -> None:
        self.x, self.radius, self.half = x, radius, width / 2
        self.ink = np.ascontiguousarray(np.where(blocked, np.float32(0.0), alpha).T)
        self.ground = np.ascontiguousarray(np.where(blocked, np.float32(0.0), 1 - alpha).T)
        # What a pixel costs that no other covers: the ground that is covered less the ink that is not left.
        self.bare = self.ground - self.ink
        reach = int(np.ceil(radius + 0.5))
        self.disc_at = np.round(x).astype(int)[:, None] + np.arange(-reach, reach + 1)
        period = float(np.median(np.diff(x)))
        wide = int(np.ceil(period / 2 + width / 2 + 1))
        self.stroke_at = np.round((x[1:] + x[:-1]) / 2).astype(int)[:, None] + np.arange(-wide, wide + 1)
        reach = int(np.ceil(max(radius, float(np.diff(x).max()) + self.half) + 0.5))
        self.cost_at = np.round(x).astype(int)[:, None] + np.arange(-reach, reach + 1)
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
        disc = draw_disc(near - x[discs, None], y[discs, None], self.radius)
        stroke = draw_stroke(along.astype(np.float64), x[i], y[i], x[i + 1], y[i + 1], self.half)
        at = np.concatenate([near.ravel(), along.ravel()])
        top, bottom = (np.concatenate([a.ravel(), b.ravel()]) for a, b in zip(disc, stroke, strict=True))
        there = np.flatnonzero((bottom > top) & (at >= 0) & (at < width))
        first, stop = to_rows(top[there], height), to_rows(bottom[there], height)
        size = np.maximum(stop - first, 0)
        begin = at[there] * height + first - (np.cumsum(size) - size)
        np.add.at(count.reshape(-1), np.repeat(begin, size) + np.arange(size.sum()), times)

    def settle(
        self, y: FloatArray, heights: FloatArray, groups: list[IndexArray], count: IndexArray | None = None
    ) -> tuple[FloatArray, FloatArray, IndexArray]:
        """Move discs, group by group, to the best of their heights (n, m) among the others.

        Discs of a group share no column. ``count`` is what :meth:`count` gives for ``y``, where it is known;
        it is changed. Tells how far each disc may be off, and the count of the new heights.
        """
        n = y.size
        y, sigma = y.copy(), np.zeros(n)
        count = self.count(y) if count is None else count
        for mine in groups:
            strokes = self.strokes_of(mine)
            self.draw(count, y, mine, strokes, -1)
            tried = np.concatenate([heights[mine], y[mine, None]], axis=1)
            cost = self._costs(y, mine, tried, count)
            best = cost.min(axis=1, keepdims=True)
            y[mine] = tried[np.arange(mine.size), np.argmin(cost, axis=1)]
            self.draw(count, y, mine, strokes, 1)
            likely = cost < best + LIKELY_COST
            span = np.where(likely, tried, -np.inf).max(axis=1) - np.where(likely, tried, np.inf).min(axis=1)
            sigma[mine] = span / np.sqrt(12.0)
        return y, sigma, count

    def strokes_of(self, discs: IndexArray) -> IndexArray:
        """The strokes that end at some discs."""
        theirs = np.unique(np.concatenate([discs - 1, discs]))
        return np.asarray(theirs[(theirs >= 0) & (theirs < self.x.size - 1)])

    def miss(self, count: IndexArray) -> FloatArray:
        """What a drawing covers of the ground and leaves of the ink, column by column (px)."""
        return np.asarray(np.where(count > 0, self.ground, self.ink).sum(axis=1, dtype=np.float64))

    def _costs(self, y: FloatArray, mine: IndexArray, tried: FloatArray, count: IndexArray) -> FloatArray:
        """What each height of some discs costs: bare ground covered, less the ink that no other covers.

        ``count`` is of the other discs and their strokes.
        """
        n = y.size
        before, after = np.maximum(mine - 1, 0), np.minimum(mine + 1, n - 1)
        columns = self.cost_at[mine]
        at, x, h = columns[:, None, :].astype(np.float64), self.x[mine][:, None, None], tried[:, :, None]
        disc = draw_disc(at - x, h, self.radius)
        top, bottom = self._draw_both(at, x, h, y, (before, after), mine)
        every = np.concatenate([tried, y[before, None], y[after, None]], axis=1)
        first = np.floor(every.min(axis=1) - self.radius - self.half).astype(int)
        height = int((every.max(axis=1) + self.radius + self.half - first).max()) + 2
        price = self._prices(columns, first, height, count)
        window = np.arange(columns.size).reshape(columns.shape)[:, None]
        # The disc, and what the strokes have above and below it.
        upper = np.stack([disc[0], top, np.where(disc[1] > disc[0], np.maximum(top, disc[1]), np.inf)])
        lower = np.stack([disc[1], np.minimum(bottom, disc[0]), bottom])
        good, begin = lower > upper, first[:, None, None]
        parts = _between(
            price, window, np.where(good, upper - begin, 0.0), np.where(good, lower - begin, 0.0)
        )
        cost = parts[0] + parts[1] + parts[2]
        course = (y[before] + y[after]) / 2
        return np.asarray(cost.sum(axis=2) + COURSE * np.abs(tried - course[:, None]))

    def _draw_both(
        self,
        at: FloatArray,
        x: FloatArray,
        h: FloatArray,
        y: FloatArray,
        others: tuple[IndexArray, IndexArray],
        mine: IndexArray,
    ) -> Edges:
        """The strokes from discs at each of their heights to the one before and the one after, as one shape.

        Both meet at the disc; what they have in other columns hangs together with neither.
        """
        there = np.stack([other != mine for other in others])[:, :, None, None]
        ox = np.stack([self.x[other] for other in others])[:, :, None, None]
        oy = np.stack([y[other] for other in others])[:, :, None, None]
        if not there.all():
            ox, oy = np.where(there, ox, x + 1.0), np.where(there, oy, h)
        both = [
            draw_stroke(at, ox[0], oy[0], x, h, self.half),
            draw_stroke(at, x, h, ox[1], oy[1], self.half),
        ]
        if not there.all():
            both = [
                (np.where(t, top, np.inf), np.where(t, bottom, -np.inf))
                for t, (top, bottom) in zip(there, both, strict=True)
            ]
        return unite(*both)

    def _prices(self, columns: IndexArray, first: IndexArray, height: int, count: IndexArray) -> FloatArray:
        """Sums of what pixels cost down parts of columns, from a disc's ``first`` row on, one column a row.

        Only these parts are looked at: the panel is many times as large.
        """
        rows = first[:, None] + np.arange(height)
        width, tall = self.ink.shape
        inside = columns.min() >= 0 and columns.max() < width and rows.min() >= 0 and rows.max() < tall
        if inside:
            at = (columns * tall)[:, :, None] + rows[:, None]
        else:
            at = np.clip(columns, 0, width - 1)[:, :, None] * tall + np.clip(rows, 0, tall - 1)[:, None]
        price = np.where(np.take(count, at) > 0, np.take(self.ground, at), np.take(self.bare, at))
        if not inside:
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
        top, bottom = draw_disc(self.disc_at - self.x[:, None], y[:, None], self.radius)
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
    flat, begin, last = sums.ravel(), column * sums.shape[1], sums.shape[1] - 1.001
    for edge in (top, bottom):
        place = edge + 0.5
        place = np.minimum(np.maximum(place, 0.0, out=place), last, out=place)
        row = place.astype(int)
        place -= row
        row += begin
        held = flat.take(row) * (1 - place)
        row += 1
        held += flat.take(row) * place
        out.append(held)
    return np.asarray(out[1] - out[0])


def to_rows(edge: FloatArray, height: int) -> IndexArray:
    return np.minimum(np.maximum(np.round(edge + 0.5), 0), height).astype(np.intp)
