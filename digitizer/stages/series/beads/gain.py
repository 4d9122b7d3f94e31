"""At most how much better neighbouring discs of a chain explain the ink where they move within limits."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.chain import Chain, CountArray, draw_disc, draw_stroke, to_rows
from digitizer.stages.series.paths.runs import IndexArray

# Blocks whose discs move over more rows than this are not looked at: their pixels are as many as all others'.
TALLEST = 128

# Of discs and of strokes.
Parts = tuple[FloatArray, FloatArray]


def most_gain(
    chain: Chain, count: CountArray, y: FloatArray, block: IndexArray, high: FloatArray, low: FloatArray
) -> FloatArray:
    """Bound what each block of discs can miss less by, wherever its discs stand between two heights.

    Parameters
    ----------
    chain
        Discs on the ink.
    count
        How many discs and strokes cover each pixel (see :meth:`Chain.count`).
    y
        The discs' heights (n).
    block
        Which discs make up each block (m, k): k neighbours.
    high, low
        The highest and lowest place (rows) that each of them may take (m, k).

    Returns
    -------
    FloatArray
        Pixels of ink and ground (m); infinite where too many would have to be looked at.

    Notes
    -----
    What others cover stays covered, and so does what a disc covers at its highest and its lowest place
    alike; what it reaches from neither stays bare. Of every other pixel the cheaper is assumed.
    """
    n, (m, k) = y.size, block.shape
    chained = block[:, :1] + np.arange(-1, k + 1)
    there = (chained >= 0) & (chained < n)
    chained = np.clip(chained, 0, n - 1)
    top, bottom = y[chained], y[chained]
    top[:, 1:-1], bottom[:, 1:-1] = high, low
    above, below = np.minimum(top, y[chained]), np.maximum(bottom, y[chained])
    rim = chain.radius + chain.half + 1.0
    first = np.floor(above.min(axis=1) - rim).astype(np.intp)
    tall = np.ceil(below.max(axis=1) + rim).astype(np.intp) - first + 1
    gain = np.full(m, np.inf)
    few = tall <= TALLEST
    if few.any():
        window = _Window(chain, chained[few], there[few], first[few], int(tall[few].max()))
        gain[few] = window.gain(count, y[chained[few]], top[few], bottom[few])
    return gain


class _Window:
    """The pixels around each block, of all blocks in one array (m, columns, rows)."""

    def __init__(
        self, chain: Chain, chained: IndexArray, there: IndexArray, first: IndexArray, height: int
    ) -> None:
        self.chain, self.first, self.height = chain, first, height
        columns = chain.disc_at[chained[:, 1:-1]]
        strokes = chain.stroke_at[np.minimum(chained[:, :-1], chain.x.size - 2)]
        self.left = np.minimum(columns.min(axis=(1, 2)), strokes.min(axis=(1, 2)))
        right = np.maximum(columns.max(axis=(1, 2)), strokes.max(axis=(1, 2)))
        self.width = int((right - self.left).max()) + 1
        self.discs, self.strokes = columns, strokes
        # A stroke needs two ends.
        self.x = chain.x[chained] + np.where(there, 0.0, [-1.0] + [1.0] * (chained.shape[1] - 1))
        self.linked = (there[:, :-1] & there[:, 1:])[:, :, None]

    def gain(self, count: CountArray, y: FloatArray, top: FloatArray, bottom: FloatArray) -> FloatArray:
        """What the drawing at ``y`` misses, less the least of any from ``top`` to ``bottom`` (m, k + 2)."""
        drawn = [self._edges(heights) for heights in (y, top, bottom)]
        own, core, reach = (
            self._cover(drawn[k][0], drawn[j][1]).ravel() for k, j in ((0, 0), (2, 1), (1, 2))
        )
        tall = self.chain.ink.shape[1]
        touched = np.flatnonzero((own > 0) | (reach > 0))
        line, row = np.divmod(touched, self.height)
        block, column = np.divmod(line, self.width)
        at = (column + self.left[block]) * tall + row + self.first[block]
        now, ink, ground = (np.take(v, at) for v in (count, self.chain.ink, self.chain.ground))
        least = np.where(reach[touched] > 0, np.minimum(ink, ground), ink)
        least = np.where((now > own[touched]) | (core[touched] > 0), ground, least)
        saved = np.where(now > 0, ground, ink) - least
        return np.asarray(np.bincount(block, weights=saved, minlength=self.first.size))

    def _edges(self, y: FloatArray) -> tuple[Parts, Parts]:
        """Upper and lower edges of the discs at heights ``y`` (m, k + 2), and of the strokes that join them.

        Of the outer two only the strokes to them are drawn.
        """
        chain, x = self.chain, self.x[:, :, None]
        along, h = self.strokes.astype(np.float64), y[:, :, None]
        disc = draw_disc(self.discs - chain.seat(x[:, 1:-1]), chain.seat(h[:, 1:-1]), chain.radius)
        stroke = draw_stroke(along, x[:, :-1], h[:, :-1], x[:, 1:], h[:, 1:], chain.half)
        return (disc[0], np.where(self.linked, stroke[0], np.inf)), (disc[1], stroke[1])

    def _cover(self, upper: Parts, lower: Parts) -> CountArray:
        """How many of the discs and strokes cover each pixel from their upper edges to their lower ones."""
        tall = self.chain.ink.shape[1]
        steps = np.zeros((self.first.size, self.width, self.height + 1), dtype=np.int16)
        for at, top, bottom in zip((self.discs, self.strokes), upper, lower, strict=True):
            k = np.nonzero((bottom > top) & (at >= 0) & (at < self.chain.ink.shape[0]))
            start, stop = to_rows(top[k], tall), to_rows(bottom[k], tall)
            begin = (k[0] * self.width + at[k] - self.left[k[0]]) * (self.height + 1) - self.first[k[0]]
            drawn = stop > start
            # Numbers of another type than the array's take fifty times as long.
            np.add.at(steps.reshape(-1), (begin + start)[drawn], np.int16(1))
            np.add.at(steps.reshape(-1), (begin + stop)[drawn], np.int16(-1))
        return np.asarray(np.cumsum(steps, axis=2, dtype=np.int16)[:, :, :-1])
