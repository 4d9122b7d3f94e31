"""All straight ways between the heights at which discs may stand, from one step of a comb to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.bundles.comb import Discs
from digitizer.stages.series.inks.ink import FloatImage

# Heights are tried in strides of this (px).
STRIDE_PX = 0.5
# A disc may stand where the disc smaller by this (px) has ink all over: rims are paler, radii known to 0.25.
WITHIN_PX = 1.0
INKED = 0.55
# Lines rise or fall by no more than this (px) from one step to the next.
STEEPEST_PX = 60.0
# What is seen between two discs begins so far beside their rims (px); a way is inked so much on average, and
# at the two palest of its columns.
BESIDE_PX = 0.3
MEAN_INK, PALEST_INK = 0.7, 0.5

IndexArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Span:
    """The inked ways across one gap: ``start`` is their height's number, ``rise`` how many they rise by.

    ``period`` is the distance (px) from step to step, ``columns`` are the gap's, ``share`` how far along each
    lies, ``at`` the pixels (of the flat map) above each way, ``below`` how much of it lies in the next row.
    """

    period: float
    columns: IndexArray
    share: FloatArray
    start: IndexArray
    rise: IndexArray
    at: IndexArray
    below: FloatArray


def heights_of(alpha: FloatImage) -> FloatArray:
    """The heights (px) that are tried."""
    return np.arange(0.0, alpha.shape[0] - 1.0 + STRIDE_PX / 2, STRIDE_PX)


def find_spans(alpha: FloatImage, discs: Discs, heights: FloatArray) -> list[Span]:
    """The inked ways across each gap of a comb, from one of some heights (px) to another."""
    held = [np.flatnonzero(_holds_disc(alpha, x, discs.radius - WITHIN_PX, heights)) for x in discs.x]
    return [
        _find_span(alpha, (discs.x[k], discs.x[k + 1]), discs.radius, heights, (held[k], held[k + 1]))
        for k in range(discs.x.size - 1)
    ]


def _holds_disc(alpha: FloatImage, x: float, radius: float, heights: FloatArray) -> Mask:
    """At which heights a disc has ink all over."""
    held = np.ones(heights.size, dtype=bool)
    for column in range(int(np.ceil(x - radius)), int(np.floor(x + radius)) + 1):
        half = np.sqrt(radius**2 - (column - x) ** 2)
        if 0 <= column < alpha.shape[1]:
            rows = np.arange(alpha.shape[0])
            for y in (heights - half, heights, heights + half):
                held &= np.interp(y, rows, alpha[:, column]) > INKED
    return held


def _find_span(
    alpha: FloatImage,
    ends: tuple[float, float],
    radius: float,
    heights: FloatArray,
    held: tuple[IndexArray, IndexArray],
) -> Span:
    left, right = ends
    columns = np.arange(
        int(np.ceil(left + radius + BESIDE_PX)), int(np.floor(right - radius - BESIDE_PX)) + 1
    )
    share = np.asarray((columns - left) / (right - left), dtype=np.float64)
    start, end = (v.ravel() for v in np.meshgrid(*held, indexing="ij"))
    near = np.abs(end - start) * STRIDE_PX <= STEEPEST_PX
    start, end = start[near], end[near]
    y = heights[start][:, None] * (1.0 - share) + heights[end][:, None] * share
    row = np.minimum(y.astype(np.intp), alpha.shape[0] - 2)
    below = y - row
    at = row * alpha.shape[1] + columns
    ink = along(alpha, at, below)
    palest = np.partition(ink, min(1, columns.size - 1), axis=1)[:, :2].mean(axis=1)
    good = (palest > PALEST_INK) & (ink.mean(axis=1) > MEAN_INK)
    return Span(
        period=right - left,
        columns=columns,
        share=share,
        start=start[good],
        rise=(end - start)[good],
        at=at[good],
        below=below[good],
    )


def along(image: FloatImage | FloatArray, at: IndexArray, below: FloatArray) -> FloatArray:
    """A map's values at heights between its rows."""
    flat = image.ravel()
    return np.asarray(flat[at] * (1.0 - below) + flat[at + image.shape[1]] * below, dtype=np.float64)


def cover_between(rows: IndexArray, middle: FloatArray | float, half: FloatArray | float) -> FloatArray:
    """Share of pixels between ``half`` above and below ``middle``."""
    top, bottom = np.maximum(rows - 0.5, middle - half), np.minimum(rows + 0.5, middle + half)
    return np.asarray(np.clip(bottom - top, 0.0, 1.0))
