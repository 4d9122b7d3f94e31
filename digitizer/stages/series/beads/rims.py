"""Discs and strokes with soft rims as what they let through of pixels: many, at many heights each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.beads.chain import arc_of, draw_stroke
from digitizer.stages.series.paths.runs import IndexArray

# Rims are drawn from so many parts of a pixel: of discs, and of strokes (across columns: rows are exact).
DISC_PARTS = 16
STROKE_PARTS = 3
STROKE_MIDDLES = (np.arange(STROKE_PARTS) + 0.5) / STROKE_PARTS - 0.5
# What a shape lets through of a pixel that it covers: logarithms need some.
LEAST = np.float32(1e-3)
HALF, ONE = np.float32(0.5), np.float32(1.0)

ShapeArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """Pixels by owner, column and row, and where they lie in a field (n each); those of an owner together."""

    owner: IndexArray
    column: IndexArray
    row: IndexArray
    at: IndexArray

    def some(self, chosen: IndexArray) -> Pixels:
        return Pixels(self.owner[chosen], self.column[chosen], self.row[chosen], self.at[chosen])


class Disc:
    """A disc in the middle of a pixel."""

    def __init__(self, radius: float) -> None:
        self.reach = int(np.ceil(radius + 0.5))
        n = 2 * self.reach + 1
        at = (np.arange(n * DISC_PARTS) + 0.5) / DISC_PARTS - 0.5 - self.reach
        inside = np.square(at)[:, None] + np.square(at) <= radius**2
        cover = inside.reshape(n, DISC_PARTS, n, DISC_PARTS).mean(axis=(1, 3))
        # Nothing is covered around it.
        self.light: ShapeArray = np.maximum(1.0 - np.pad(cover, 1), LEAST).astype(np.float32)
        # How far above and below its middle it may cover pixels, column by column.
        self.arc = arc_of(np.arange(-self.reach, self.reach + 1.0), radius + 1.0)

    def place(self, column: IndexArray, rows: IndexArray, pixels: Pixels) -> ShapeArray:
        """What each owner's disc, in its column at each of its rows (m, owners), lets through: (m, n)."""
        last = len(self.light) - 1
        across = pixels.column - (column - self.reach - 1)[pixels.owner]
        down = pixels.row - (rows - self.reach - 1)[:, pixels.owner]
        for v in (across, down):
            np.minimum(np.maximum(v, 0, out=v), last, out=v)
        across *= last + 1
        down += across
        return np.take(self.light, down, mode="clip")


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Edges of each owner's stroke at so many heights of both ends (m, k, parts, owners, columns).

    ``left`` is the first column (owners).
    """

    left: IndexArray
    upper: ShapeArray
    lower: ShapeArray

    @classmethod
    def draw(
        cls, x: tuple[FloatArray, FloatArray], before: FloatArray, after: FloatArray, half: float
    ) -> Strokes:
        """The strokes between two places each, at heights before (m, owners) and after (k, owners).

        None is drawn where both places are one.
        """
        left = np.floor(x[0] - half).astype(int)
        wide = int((np.ceil(x[1] + half) - left).max()) + 1
        shape = len(before), len(after), left.size, STROKE_PARTS, wide
        at = left[:, None, None] + np.arange(wide) + STROKE_MIDDLES[:, None]
        bare = x[0] == x[1]
        drawn = draw_stroke(
            at.reshape(left.size, -1),
            x[0][:, None],
            before[:, None, :, None],
            (x[1] + bare)[:, None],
            after[None, :, :, None],
            half,
        )
        both = np.empty((2, *shape[:2], STROKE_PARTS, left.size, wide), dtype=np.float32)
        for into, of, nowhere in zip(both, drawn, (np.inf, -np.inf), strict=True):
            into[...] = np.moveaxis(of.reshape(shape), 2, 3)
            into[..., bare, :] = nowhere
        return cls(left, both[0], both[1])

    def first(self) -> Strokes:
        """The strokes at the first of the heights of both ends."""
        return Strokes(self.left, self.upper[:1, :1], self.lower[:1, :1])

    def place(self, pixels: Pixels) -> ShapeArray:
        """What each owner's stroke lets through of its pixels: (m, k, n)."""
        wide = self.upper.shape[-1]
        at = pixels.column - self.left[pixels.owner]
        # Discs cover three times as many columns as a stroke does.
        near = np.flatnonzero((at >= 0) & (at < wide))
        at = at[near] + pixels.owner[near] * wide
        row = pixels.row[near].astype(np.float32)
        lower, upper = (
            np.take(v.reshape(*v.shape[:3], -1), at, axis=-1, mode="clip") for v in (self.lower, self.upper)
        )
        cover = np.minimum(lower, row + HALF, out=lower)
        cover -= np.maximum(upper, row - HALF, out=upper)
        np.minimum(np.maximum(cover, 0, out=cover), ONE, out=cover)
        # Quicker than the mean of a short axis.
        light = cover[:, :, 0]
        for k in range(1, STROKE_PARTS):
            light += cover[:, :, k]
        light *= np.float32(-1.0 / STROKE_PARTS)
        light += ONE
        every = np.ones((*light.shape[:2], pixels.at.size), dtype=np.float32)
        every[..., near] = np.maximum(light, LEAST, out=light)
        return every
