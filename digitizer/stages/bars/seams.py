"""Measure the seams between bars that touch as bins do, and tell edges in the ground's colour by them.

Matplotlib strokes each bar over the one before it and puts strokes on whole pixels: a stroke of 1.4 px leaves
one pixel of ground with a soft pixel on either side, and of these the earlier bar's is covered twice. No gap
that is left between bars looks like that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.rectangles import Rectangle

# Seams are this wide (px) at most, and are looked at so far from the bars' ends.
WIDEST_SEAM = 4
FROM_END_PX = 5
# A row of a seam blends fill and ground to this (levels).
BLEND = 20.0
# Ground holds a column of a seam that shows this share of it.
WHOLE = 0.97
# So many seams tell, of which this share agrees, to these shares of a pixel.
FEWEST, AGREED, ALIKE = 4, 0.8, 0.06
# Strokes of whole pixels leave nothing beside them, those of nearly two no more than a gap of three would.
SOFTEST, HARDEST = 0.08, 0.92
# Matplotlib puts strokes of odd widths half a pixel too far to the right and down, on average.
ODD_SHIFT_PX = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PaleEdges:
    """Strokes in the ground's colour along bars: how wide they are (px), and on which rows these are put.

    ``phase`` is the fraction of a pixel at which all of them have their middles, ``shift_px`` how far these
    lie to the right of and below what they stand for, on average, and ``offset_px`` how far bars have their
    middles to the right of those of their fills.
    """

    width_px: float
    phase: float
    shift_px: float
    offset_px: float

    def end(self, edge: float, outward: int) -> float:
        """The row that a bar ends at of which fill is seen as far as ``edge``."""
        middle = edge + outward * self.width_px / 2
        return round(middle - self.phase) + self.phase - self.shift_px


def pale_edges(rgb: ByteImage, rectangles: Sequence[Rectangle], ground: FloatArray) -> PaleEdges | None:
    """The edges that bars are drawn with in the ground's colour, by their seams; None where these tell none.

    Parameters
    ----------
    rgb
        The plot with bars that stand.
    rectangles
        The bars.
    ground
        The colour behind them.
    """
    ordered = sorted(rectangles, key=lambda r: r.first)
    measured = [_seam(rgb, *pair, ground) for pair in pairwise(ordered)]
    seams = [s for s in measured if s is not None]
    if len(seams) < FEWEST:
        return None
    before, whole, after, _ = np.array(seams).T
    soft, n_whole = float(np.median(after)), round(float(np.median(whole)))
    if not SOFTEST <= soft <= HARDEST or n_whole < 1:
        return None
    alike = (np.abs(after - soft) <= ALIKE) & (whole == n_whole)
    alike &= np.abs(before - (2.0 * soft - soft * soft)) <= ALIKE
    if np.mean(alike) < AGREED:
        return None
    width = n_whole + 2.0 * soft
    # Of a stroke that is an odd number of pixels wide the middle lies on that of a pixel.
    odd = n_whole % 2 == 1
    shift = ODD_SHIFT_PX if odd else 0.0
    offsets = [
        (one[3] + other[3]) / 2 - r.center
        for r, one, other in zip(ordered[1:], measured, measured[1:], strict=False)
        if one is not None and other is not None
    ]
    offset = float(np.median(offsets)) if offsets else 0.0
    return PaleEdges(width_px=width, phase=0.0 if odd else 0.5, shift_px=shift, offset_px=offset - shift)


def _seam(
    rgb: ByteImage, one: Rectangle, other: Rectangle, ground: FloatArray
) -> tuple[float, float, float, float] | None:
    """Ground (px) before the columns that hold nothing else, how many these are, after them, their middle."""
    rows = slice(max(one.top, other.top) + FROM_END_PX, min(one.bottom, other.bottom) - FROM_END_PX + 1)
    if one.fill != other.fill or not 0 < other.first - one.last <= WIDEST_SEAM + 1 or rows.stop <= rows.start:
        return None
    columns = slice(max(0, one.last - 1), other.first + 2)
    strip = np.median(rgb[rows, columns], axis=0).astype(np.float64)
    fill = np.median(rgb[rows, one.first : one.last + 1].reshape(-1, 3), axis=0)
    step = ground - fill
    share = (strip - fill) @ step / max(float(step @ step), 1.0)
    if np.abs(strip - fill - share[:, None] * step).max() > BLEND:
        return None
    share = np.clip(share, 0.0, 1.0)
    full = np.flatnonzero(share >= WHOLE)
    if not full.size or np.ptp(full) != full.size - 1:
        return None
    middle = columns.start + float(full.mean())
    return float(share[: full[0]].sum()), float(full.size), float(share[full[-1] + 1 :].sum()), middle
