"""Put a bundle's discs where the drawing of all of them is most like the ink, without lines of no use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.bundles.comb import Discs
from digitizer.stages.series.bundles.spans import IndexArray, cover_between
from digitizer.stages.series.inks.ink import FloatImage

# Heights are moved by these (px), one after the other.
STRIDES_PX = (0.5, 0.25, 0.12, 0.06)
# Lines of larger bundles hide each other more than their discs are off: two rounds bring 142 lines in five
# panels from 56.5 % of their points within a percent to 56.8, and take as long as finding them.
MOST_SETTLED = 12
# Without a line the error grows by this share of its ink, at least: lines found twice need less.
LEAST_NEED = 0.0
# A disc moves by so many strides a round.
MOST_STRIDES = 4

# Rows, columns and coverage of a line across one gap.
_Part = tuple[IndexArray, IndexArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawing:
    """All lines drawn over each other (``load``: coverages added up), and the ink that they should be."""

    ink: FloatArray
    load: FloatArray
    discs: Discs
    width: float

    def gap(self, k: int, left: float, right: float) -> _Part:
        """Rows, columns and coverage of a line across a gap, with the halves of its discs that lie there."""
        x, radius = self.discs.x, self.discs.radius
        first = x[0] - radius if k == 0 else x[k]
        last = x[-1] + radius + 1 if k == x.size - 2 else x[k + 1]
        columns = np.arange(max(0, int(np.ceil(first))), min(self.ink.shape[1], int(np.ceil(last))))
        slope = (right - left) / (x[k + 1] - x[k])
        y = left + slope * (np.clip(columns, x[k], x[k + 1]) - x[k])
        half = self.width / 2 * float(np.hypot(1.0, slope))
        reach = int(np.ceil(max(half, radius * (1.0 + abs(slope))) + 1.0))
        rows = np.round(y).astype(np.intp)[:, None] + np.arange(-reach, reach + 1)
        cover = cover_between(rows, y[:, None], half)
        for at, middle in ((x[k], left), (x[k + 1], right)):
            tall = np.sqrt(np.maximum(0.0, radius**2 - (columns - at) ** 2))[:, None]
            cover = np.maximum(cover, cover_between(rows, middle, tall))
        keep = (rows >= 0) & (rows < self.ink.shape[0]) & (cover > 0)
        return rows[keep], np.broadcast_to(columns[:, None], rows.shape)[keep], cover[keep]

    def parts(self, path: FloatArray) -> list[_Part]:
        """A line gap by gap."""
        return [self.gap(k, path[k], path[k + 1]) for k in range(path.size - 1)]

    def add(self, part: _Part, sign: float) -> None:
        """Draw a line across a gap, or take it away."""
        rows, columns, cover = part
        self.load[rows, columns] += sign * cover

    def cost(self, path: FloatArray, step: int, y: float) -> float:
        """By how much the error grows when a line is drawn with one disc at a height."""
        grown = 0.0
        for k in (step - 1, step):
            if 0 <= k < path.size - 1:
                left, right = (path[k], y) if k < step else (y, path[k + 1])
                rows, columns, cover = self.gap(k, left, right)
                ink, load = self.ink[rows, columns], self.load[rows, columns]
                drawn, bare = np.minimum(load + cover, 1.0) - ink, np.minimum(load, 1.0) - ink
                grown += float(drawn @ drawn - bare @ bare)
        return grown


def settle(alpha: FloatImage, discs: Discs, paths: FloatArray, width: float) -> FloatArray:
    """The paths (lines, steps) that the drawing needs, each height where it fits best, unless many."""
    ink = alpha.astype(np.float64)
    drawing = _Drawing(ink=ink, load=np.zeros_like(ink), discs=discs, width=width)
    out = paths.copy()
    lines = [drawing.parts(path) for path in out]
    for part in chain.from_iterable(lines):
        drawing.add(part, 1.0)
    out = _needed(drawing, out, lines)
    for stride in STRIDES_PX if len(out) <= MOST_SETTLED else ():
        for path in out:
            for step in range(path.size):
                _move(drawing, path, step, stride)
    return out


def _needed(drawing: _Drawing, paths: FloatArray, lines: list[list[_Part]]) -> FloatArray:
    """The paths without those that the drawing does as well without, the least one first."""
    needs = [_need(drawing, line) for line in lines]
    kept = list(range(len(paths)))
    while len(kept) > 1:
        least = min(kept, key=lambda line: needs[line])
        if needs[least] >= LEAST_NEED:
            break
        kept.remove(least)
        for part in lines[least]:
            drawing.add(part, -1.0)
        # Lines that the one which is gone did not come near are needed as much as before.
        for k in np.flatnonzero(_come_near(drawing, paths[kept], paths[least])).tolist():
            needs[kept[k]] = _need(drawing, lines[kept[k]])
    return paths[kept]


def _come_near(drawing: _Drawing, paths: FloatArray, one: FloatArray) -> Mask:
    """Which paths may share pixels with one: across a gap, lines and discs reach so far up and down."""

    def bounds(lines: FloatArray) -> tuple[FloatArray, FloatArray]:
        before, after = lines[..., :-1], lines[..., 1:]
        slope = np.abs(after - before) / np.diff(drawing.discs.x)
        reach = (
            np.maximum(drawing.width / 2 * np.hypot(1.0, slope), drawing.discs.radius * (1.0 + slope)) + 3.0
        )
        return np.minimum(before, after) - reach, np.maximum(before, after) + reach

    (top, bottom), (upper, lower) = bounds(paths), bounds(one)
    return np.asarray(((top <= lower) & (upper <= bottom)).any(axis=1))


def _need(drawing: _Drawing, line: list[_Part]) -> float:
    """By how much the error grows without a line, in shares of the ink that it would have alone."""
    grown = 0.0
    for rows, columns, cover in line:
        ink, load = drawing.ink[rows, columns], drawing.load[rows, columns]
        drawn, without = np.minimum(load, 1.0) - ink, np.minimum(np.maximum(load - cover, 0.0), 1.0) - ink
        grown += float(without @ without - drawn @ drawn)
    return grown / (drawing.width * float(np.ptp(drawing.discs.x)))


def _move(drawing: _Drawing, path: FloatArray, step: int, stride: float) -> None:
    """Move one disc up or down as long as that makes the drawing better."""
    gaps = [k for k in (step - 1, step) if 0 <= k < path.size - 1]
    for k in gaps:
        drawing.add(drawing.gap(k, path[k], path[k + 1]), -1.0)
    best = drawing.cost(path, step, path[step])
    for way in (stride, -stride):
        start = path[step]
        for _ in range(MOST_STRIDES):
            y = path[step] + way
            cost = drawing.cost(path, step, y) if 0 <= y <= drawing.ink.shape[0] - 1 else np.inf
            if cost >= best:
                break
            best, path[step] = cost, y
        if path[step] != start:
            break
    for k in gaps:
        drawing.add(drawing.gap(k, path[k], path[k + 1]), 1.0)
