"""Discs strung along a line on a panel's ink: what any heights of theirs cover of it."""

from __future__ import annotations

import copy
from typing import TypeVar

import cv2
import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.medians import median
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import IndexArray

# What a disc is ready to be off the straight course between its neighbours by: hidden ones have nothing else.
COURSE = 0.02
# A disc may be anywhere where it costs no more than so many pixels.
LIKELY_COST = 1.0

# How many shapes cover each pixel.
CountArray = NDArray[np.int16]
Number = TypeVar("Number", np.int16, np.float32)

# Upper and lower edge in some columns.
Edges = tuple[FloatArray, FloatArray]


def arc_of(dx: FloatArray, radius: float) -> FloatArray:
    """How far above and below its middle a disc ends in columns ``dx`` away; -inf beyond the radius.

    Half of a disc's edges does not depend on where it stands.
    """
    rest = radius**2 - np.square(dx)
    return np.where(rest >= 0, np.sqrt(np.maximum(rest, 0.0)), -np.inf)


def draw_disc(dx: FloatArray, y: FloatArray, radius: float) -> Edges:
    """Upper and lower edge of discs at heights ``y`` in columns ``dx`` away; nothing beyond the radius."""
    arc = arc_of(dx, radius)
    return y - arc, y + arc


def draw_stroke(
    at: FloatArray, x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray, half: float
) -> Edges:
    """Upper and lower edge in columns ``at`` of strokes with round ends from point to point."""
    slope = (y1 - y0) / (x1 - x0)
    shift = half * slope / np.hypot(1.0, slope)
    out = []
    for sign in (-1.0, 1.0):
        edge = at + sign * shift
        edge = np.minimum(np.maximum(edge, x0, out=edge), x1, out=edge)
        rest = at - edge
        rest = np.subtract(half**2, np.square(rest, out=rest), out=rest)
        edge -= x0
        edge *= slope
        edge += y0
        beyond = rest < -1e-9
        reach = np.sqrt(np.maximum(rest, 0.0, out=rest), out=rest)
        edge += sign * reach
        np.copyto(edge, -sign * np.inf, where=beyond)
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
        self.radius, self.half = radius, width / 2
        self.ink = np.ascontiguousarray(np.where(blocked, np.float32(0.0), alpha).T)
        self.ground = np.ascontiguousarray(np.where(blocked, np.float32(0.0), 1 - alpha).T)
        # What a pixel costs that no other covers: the ground that is covered less the ink that is not left.
        self.bare = self.ground - self.ink
        self._stand(x, seated=False)

    def on_pixels(self, shift: float) -> Chain:
        """The chain with each disc on the whole pixel after its place, which is shifted (px)."""
        out = copy.copy(self)
        out._stand(self.x + shift, seated=True)
        return out

    def _stand(self, x: FloatArray, *, seated: bool) -> None:
        self.x, self.seated, radius = x, seated, self.radius
        middle = self.seat(x)
        reach = int(np.ceil(radius + 0.5))
        self.disc_at = np.round(middle).astype(int)[:, None] + np.arange(-reach, reach + 1)
        period = median(np.diff(x))
        wide = int(np.ceil(period / 2 + self.half + 1))
        self.stroke_at = np.round((x[1:] + x[:-1]) / 2).astype(int)[:, None] + np.arange(-wide, wide + 1)
        reach = int(np.ceil(max(radius + seated, float(np.diff(x).max()) + self.half) + 0.5))
        self.cost_at = np.round(x).astype(int)[:, None] + np.arange(-reach, reach + 1)
        self.disc_arc, self.cost_arc = (
            arc_of(v - middle[:, None], radius) for v in (self.disc_at, self.cost_at)
        )
        # Each disc is linked to the next one, and what is counted lies in the panel's own columns.
        self.linked, self.shift = np.ones(x.size - 1, dtype=bool), np.zeros(x.size, dtype=np.intp)
        # In these of the columns strokes to the disc before may lie, and those to the one after.
        past = int(np.ceil(self.half + 0.5)) + 1
        self.parts = slice(0, reach + past + 1), slice(max(0, reach - past), 2 * reach + 1)
        # Discs so many places apart, and the strokes at them, share no column.
        self.apart = int(np.ceil((2 * max(radius, period + self.half) + seated) / period)) + 1

    def seat(self, place: FloatArray) -> FloatArray:
        """Where the middles of discs are drawn that stand at some places along an axis of the picture."""
        return np.asarray(np.floor(place) + 1.0) if self.seated else place

    def stretches(self, chained: IndexArray) -> tuple[Chain, IndexArray]:
        """Stretches of the chain (m, k), each counted in columns of its own: none sees what another one does.

        Discs of a stretch are neighbours, and the outer two of them stay where they are; those beyond the
        chain's ends are linked to none. Tells the panel's columns (m, w) that the stretches are counted in.
        """
        (m, k), last = chained.shape, self.x.size - 1
        there, at = (chained >= 0) & (chained <= last), np.clip(chained, 0, last).ravel()
        out = copy.copy(self)
        out.x, out.disc_at, out.cost_at = self.x[at], self.disc_at[at], self.cost_at[at]
        out.disc_arc, out.cost_arc = self.disc_arc[at], self.cost_arc[at]
        out.stroke_at = self.stroke_at[np.minimum(at[:-1], last - 1)]
        linked = np.zeros((m, k), dtype=bool)
        linked[:, :-1] = there[:, :-1] & there[:, 1:]
        out.linked = linked.ravel()[:-1]
        inner = [out.disc_at.reshape(m, k, -1)[:, 1:-1], out.cost_at.reshape(m, k, -1)[:, 1:-1]]
        inner.append(self.stroke_at[np.minimum(at, last - 1)].reshape(m, k, -1)[:, :-1])
        left = np.min([v.min(axis=(1, 2)) for v in inner], axis=0)
        width = int((np.max([v.max(axis=(1, 2)) for v in inner], axis=0) - left).max()) + 1
        out.shift = np.repeat(np.arange(m) * width - left, k)
        return out, left[:, None] + np.arange(width)

    def count(self, y: FloatArray) -> CountArray:
        """How many discs and strokes cover each pixel, by column and row."""
        count: CountArray = np.zeros(self.ink.shape, dtype=np.int16)
        self.draw(count, y, np.arange(self.x.size), np.arange(self.x.size - 1), 1)
        return count

    def draw(
        self, count: CountArray, y: FloatArray, discs: IndexArray, strokes: IndexArray, times: int
    ) -> None:
        """Count some discs and strokes so many times more (in place)."""
        _add(count, self.pixels(y, discs, strokes), times)

    def pixels(self, y: FloatArray, discs: IndexArray, strokes: IndexArray) -> IndexArray:
        """The pixels that some discs and strokes cover, by column and row, as often as they cover them."""
        width, height = self.ink.shape
        i, x, h, arc = strokes[:, None], self.x, self.seat(y[discs, None]), self.disc_arc[discs]
        near, along = self.disc_at[discs], self.stroke_at[strokes]
        stroke = draw_stroke(along.astype(np.float64), x[i], y[i], x[i + 1], y[i + 1], self.half)
        at = np.concatenate([near.ravel(), along.ravel()])
        own = np.concatenate([(near + self.shift[discs, None]).ravel(), (along + self.shift[i]).ravel()])
        top, bottom = (
            np.concatenate([a.ravel(), b.ravel()]) for a, b in zip((h - arc, h + arc), stroke, strict=True)
        )
        there = np.flatnonzero((bottom > top) & (at >= 0) & (at < width))
        first, stop = to_rows(top[there], height), to_rows(bottom[there], height)
        size = np.maximum(stop - first, 0)
        begin = own[there] * height + first - (np.cumsum(size) - size)
        return np.asarray(np.repeat(begin, size) + np.arange(size.sum()))

    def settle(
        self, y: FloatArray, heights: FloatArray, groups: list[IndexArray], count: CountArray | None = None
    ) -> tuple[FloatArray, FloatArray, CountArray]:
        """Move discs, group by group, to the best of their heights (n, m) among the others.

        Discs of a group share no column. ``count`` is what :meth:`count` gives for ``y``, where it is known;
        it is changed. Tells how far each disc may be off, and the count of the new heights.
        """
        n = y.size
        y, sigma = y.copy(), np.zeros(n)
        count = self.count(y) if count is None else count
        for mine in groups:
            strokes = self.strokes_of(mine)
            covered, stood = self.pixels(y, mine, strokes), y[mine]
            _add(count, covered, -1)
            tried = np.concatenate([heights[mine], y[mine, None]], axis=1)
            cost = self._costs(y, mine, tried, count)
            best = cost.min(axis=1, keepdims=True)
            y[mine] = tried[np.arange(mine.size), np.argmin(cost, axis=1)]
            _add(count, self.pixels(y, mine, strokes) if (y[mine] != stood).any() else covered, 1)
            likely = cost < best + LIKELY_COST
            span = np.where(likely, tried, -np.inf).max(axis=1) - np.where(likely, tried, np.inf).min(axis=1)
            sigma[mine] = span / np.sqrt(12.0)
        return y, sigma, count

    def strokes_of(self, discs: IndexArray) -> IndexArray:
        """The strokes that end at some discs."""
        ends = np.zeros(self.x.size + 1, dtype=bool)
        ends[discs] = ends[discs + 1] = True
        return np.flatnonzero(ends[1:-1] & self.linked)

    def columns_of(self, discs: IndexArray) -> IndexArray:
        """The columns that some discs, and the strokes that end at them, may cover."""
        theirs = np.zeros(self.ink.shape[0], dtype=bool)
        for at in (self.disc_at[discs].ravel(), self.stroke_at[self.strokes_of(discs)].ravel()):
            theirs[at[(at >= 0) & (at < theirs.size)]] = True
        return np.flatnonzero(theirs)

    def miss(self, count: CountArray, columns: IndexArray | slice = slice(None)) -> FloatArray:
        """What a drawing covers of the ground and leaves of the ink in some columns, one by one (px).

        ``count`` is of these columns.
        """
        missed = np.where(count > 0, self.ground[columns], self.ink[columns])
        return np.asarray(missed.sum(axis=1, dtype=np.float64))

    def _costs(self, y: FloatArray, mine: IndexArray, tried: FloatArray, count: CountArray) -> FloatArray:
        """What each height of some discs costs: bare ground covered, less the ink that no other covers.

        ``count`` is of the other discs and their strokes.
        """
        m = tried.shape[1]
        linked = np.concatenate([[False], self.linked, [False]])
        before, after = mine - linked[mine], mine + linked[mine + 1]
        columns, h = self.cost_at[mine], tried.ravel()
        every = np.concatenate([tried, y[before, None], y[after, None]], axis=1)
        first = np.floor(every.min(axis=1) - self.radius - self.half).astype(int)
        height = int((every.max(axis=1) + self.radius + self.half - first).max()) + 2 + self.seated
        sums = self._prices(columns, columns + self.shift[mine, None], first, height, count)
        # Columns come first, all heights of all discs last: loops over the last axis are the quick ones.
        across = np.repeat(columns.T.astype(np.float64), m, axis=1)
        window = np.repeat(np.arange(columns.size).reshape(columns.shape).T, m, axis=1)
        arc = np.repeat(self.cost_arc[mine].T, m, axis=1)
        stroke = self._draw_both(across, h, y, (before, after), mine)
        middle = self.seat(h)
        cost = _both_between(sums, window, np.repeat(first, m), (middle - arc, middle + arc), stroke)
        course = (y[before] + y[after]) / 2
        return np.asarray(cost.sum(axis=0).reshape(-1, m) + COURSE * np.abs(tried - course[:, None]))

    def _draw_both(
        self,
        at: FloatArray,
        h: FloatArray,
        y: FloatArray,
        others: tuple[IndexArray, IndexArray],
        mine: IndexArray,
    ) -> Edges:
        """The strokes from discs at each of their heights to the one before and the one after, as one shape.

        Both meet at the disc; what they have in other columns hangs together with neither. Heights ``h`` are
        those of all discs one after the other, and the last axis of ``at`` and of the edges.
        """
        m = h.size // mine.size
        x = np.repeat(self.x[mine], m)
        top, bottom = np.full(at.shape, np.inf), np.full(at.shape, -np.inf)
        for k, (other, part) in enumerate(zip(others, self.parts, strict=True)):
            there = np.repeat(other != mine, m)
            ox, oy = np.repeat(self.x[other], m), np.repeat(y[other], m)
            if not there.all():
                ox, oy = np.where(there, ox, x + 1.0), np.where(there, oy, h)
            (x0, y0), (x1, y1) = ((x, h), (ox, oy)) if k else ((ox, oy), (x, h))
            upper, lower = draw_stroke(at[part], x0, y0, x1, y1, self.half)
            if not there.all():
                upper, lower = np.where(there, upper, np.inf), np.where(there, lower, -np.inf)
            np.minimum(top[part], upper, out=top[part])
            np.maximum(bottom[part], lower, out=bottom[part])
        return top, bottom

    def _prices(
        self, columns: IndexArray, own: IndexArray, first: IndexArray, height: int, count: CountArray
    ) -> FloatImage:
        """Sums of what pixels cost down parts of columns, from a disc's ``first`` row on, one column a row.

        Only these parts are looked at: the panel is many times as large. ``own``: where columns are counted.
        """
        width, tall = self.ink.shape
        if columns.min() >= 0 and columns.max() < width and first.min() >= 0 and height <= tall:
            # As high as the highest: those of the others that would end below the panel begin further up.
            begin = np.minimum(first, tall - height)
            held, ground, bare = (
                _windows(v, height)[at, begin[:, None]]
                for v, at in ((count, own), (self.ground, columns), (self.bare, columns))
            )
            price = np.where(held > 0, ground, bare)
            for k in np.flatnonzero(first > begin).tolist():
                above = min(int(first[k] - begin[k]), height)
                price[k, :, : height - above] = price[k, :, above:]
                price[k, :, height - above :] = 0.0
            return _sums(price.reshape(-1, height))
        rows = first[:, None] + np.arange(height)
        at, counted = (
            np.clip(v, 0, most - 1)[:, :, None] * tall + np.clip(rows, 0, tall - 1)[:, None]
            for v, most in ((columns, width), (own, len(count)))
        )
        price = np.where(np.take(count, counted) > 0, np.take(self.ground, at), np.take(self.bare, at))
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
        middle = self.seat(y)[:, None]
        top, bottom = middle - self.disc_arc, middle + self.disc_arc
        there = (bottom > top) & (self.disc_at >= 0) & (self.disc_at < self.ink.shape[0])
        column = np.clip(self.disc_at, 0, self.ink.shape[0] - 1)
        shown = _between(alone, column, np.where(there, top, 0.0), np.where(there, bottom, 0.0)).sum(axis=1)
        return self.radius * (missed + drawn) / max(float(self.ink.sum()), 1.0), shown


def _add(count: CountArray, pixels: IndexArray, times: int) -> None:
    """Count pixels so many times more (in place)."""
    # Numbers of another type than the array's take fifty times as long.
    np.add.at(count.reshape(-1), pixels, np.int16(times))


def _sums(columns: FloatImage) -> FloatImage:
    """Sums down each column, beginning with zero."""
    out = np.zeros((columns.shape[0], columns.shape[1] + 1), dtype=np.float32)
    np.cumsum(columns, axis=1, out=out[:, 1:])
    return out


def _windows(columns: NDArray[Number], height: int) -> NDArray[Number]:
    """Every part of so many rows of each column, by the column and its first row: a view."""
    (width, tall), (across, down) = columns.shape, columns.strides
    shape = width, tall - height + 1, height
    return as_strided(columns, shape, (across, down, down), writeable=False)


def _between(sums: FloatImage, column: IndexArray, top: FloatArray, bottom: FloatArray) -> FloatArray:
    """What lies between two edges in columns, parts of pixels too."""
    last = sums.shape[1] - 1.001
    place = np.stack([top, bottom])
    place += 0.5
    place = np.minimum(np.maximum(place, 0.0, out=place), last, out=place)
    row = place.astype(np.intp)
    place -= row
    row += column * sums.shape[1]
    held = sums.take(row) * (1 - place)
    row += 1
    held += sums.take(row) * place
    return np.asarray(held[1] - held[0])


def _both_between(
    sums: FloatImage, column: IndexArray, first: IndexArray, one: Edges, other: Edges
) -> FloatArray:
    """What lies in columns within one shape or another, rows counted from each column's ``first``."""
    top, bottom = unite(one, other)
    blank = bottom <= top
    for edge in (top, bottom):
        edge -= first
        np.copyto(edge, 0.0, where=blank)
    out = _between(sums, column, top, bottom)
    above, below = np.minimum(one[1], other[1]), np.maximum(one[0], other[0])
    gap = np.nonzero((below > above) & ~blank & (above > -np.inf))
    if gap[0].size:
        begin = np.broadcast_to(first, out.shape)[gap]
        out[gap] -= _between(
            sums, np.broadcast_to(column, out.shape)[gap], above[gap] - begin, below[gap] - begin
        )
    return out


def to_rows(edge: FloatArray, height: int) -> IndexArray:
    return np.minimum(np.maximum(np.rint(edge + 0.5), 0), height).astype(np.intp)
