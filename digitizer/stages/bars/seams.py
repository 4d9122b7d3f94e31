"""Measure the seams between bars that touch as bins do, and tell edges in the ground's colour by them.

Matplotlib strokes each bar over the one before it and puts strokes on whole pixels: a stroke of 1.4 px leaves
one pixel of ground with a soft pixel on either side, and of these the earlier bar's is covered twice. No gap
that is left between bars looks like that, and none is paler than the ground.
"""

from __future__ import annotations

import math
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
# So many seams tell, of which this share agrees, to these shares of a pixel and of what is covered in part.
FEWEST, AGREED, ALIKE, ALIKE_SHARE = 4, 0.8, 0.06, 0.5
# Strokes of whole pixels leave nothing beside them, those of nearly two no more than a gap of three would.
SOFTEST, HARDEST = 0.08, 0.92
# ... and are told from gaps where they are paler than the ground by this (levels): on seaborn's by 13 to 21.
PALER = 8.0
# Matplotlib puts strokes of odd widths half a pixel too far to the right and down, on average.
ODD_SHIFT_PX = 0.5
# Gaps between bins are as wide as this (px) at least, and stand even to that: blends tell them to a tenth.
LEAST_GAP_PX, ALIKE_GAPS_PX = 0.4, 0.15
# So many steps are tried within a pixel over all bins.
N_STEPS = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class PaleEdges:
    """Strokes in the ground's colour along bars: how wide they are (px), and on which rows these are put.

    ``phase`` is the fraction of a pixel at which all of them have their middles, ``shift_px`` how far these
    lie to the right of and below what they stand for, on average. Even bins begin at ``origin`` and every
    ``step`` from there (px); both are NaN where they are not even.
    """

    width_px: float
    phase: float
    shift_px: float
    origin: float
    step: float

    def end(self, edge: float, outward: int) -> float:
        """The row that a bar ends at of which fill is seen as far as ``edge``."""
        middle = edge + outward * self.width_px / 2
        return round(middle - self.phase) + self.phase - self.shift_px

    def center(self, column: float) -> float:
        """The middle of the bin that has a fill around ``column``."""
        if math.isnan(self.step):
            return column
        return self.origin + (round((column - self.origin) / self.step - 0.5) + 0.5) * self.step


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
    before, whole, after, _, paler = np.array(seams).T
    soft, n_whole = float(np.median(after)), round(float(np.median(whole)))
    softest = 0.0 if np.median(paler) >= PALER else SOFTEST
    if not softest <= soft <= HARDEST or n_whole < 1:
        return None
    near = min(ALIKE, ALIKE_SHARE * max(soft, SOFTEST))
    alike = (np.abs(after - soft) <= near) & (whole == n_whole)
    alike &= np.abs(before - (2.0 * soft - soft * soft)) <= near
    if np.mean(alike) < AGREED:
        return None
    width = n_whole + 2.0 * soft
    # Of a stroke that is an odd number of pixels wide the middle lies on that of a pixel.
    odd = n_whole % 2 == 1
    shift = ODD_SHIFT_PX if odd else 0.0
    origin, step = _even_bins(_sides(ordered, measured), shift)
    return PaleEdges(width_px=width, phase=0.0 if odd else 0.5, shift_px=shift, origin=origin, step=step)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenBins:
    """Even bins that begin at ``origin`` and every ``step`` from there (px)."""

    origin: float
    step: float

    def center(self, column: float) -> float:
        """The middle of the bin around ``column``."""
        return self.origin + (round((column - self.origin) / self.step - 0.5) + 0.5) * self.step


def even_bins(rgb: ByteImage, rectangles: Sequence[Rectangle], ground: FloatArray) -> EvenBins | None:
    """The bins whose sides are the middles of even gaps between bars; None where gaps tell none.

    Parameters
    ----------
    rgb, rectangles, ground
        As of :func:`pale_edges`.

    Notes
    -----
    Of a gap that falls on two columns both are taken for fill beside the lower bar and for none beside the
    higher one: fills lean to where bars fall, by up to a pixel over a histogram's slope.
    """
    ordered = sorted(rectangles, key=lambda r: r.first)
    found = [at for pair in pairwise(ordered) if (at := _gap_middle(rgb, *pair, ground)) is not None]
    if len(found) < FEWEST:
        return None
    middles = np.array(found)
    gaps = np.diff(middles)
    if gaps.min() <= WIDEST_SEAM:
        return None
    k = np.round((middles - middles[0]) / float(np.median(gaps[gaps <= 1.3 * gaps.min()])))
    step, origin = (float(v) for v in np.polyfit(k, middles, 1))
    if np.abs(middles - origin - step * k).max() > ALIKE_GAPS_PX:
        return None
    bins = EvenBins(origin=origin, step=step)
    off = max(abs(bins.center(r.center) - r.center) for r in ordered)
    return bins if off <= WIDEST_SEAM / 2 else None


def _gap_middle(rgb: ByteImage, one: Rectangle, other: Rectangle, ground: FloatArray) -> float | None:
    """The middle (px) of the ground between neighbours of one colour."""
    seam = _between(rgb, one, other, ground)
    if seam is None:
        return None
    first, share, _ = seam
    if not LEAST_GAP_PX <= share.sum() <= WIDEST_SEAM:
        return None
    return first + float(share @ np.arange(share.size)) / float(share.sum())


def _sides(ordered: Sequence[Rectangle], seams: Sequence[tuple[float, ...] | None]) -> FloatArray:
    """The columns on which all seams have their middles, low ones, too: as far from their fills as others."""
    known = [(one, other, s[3]) for (one, other), s in zip(pairwise(ordered), seams, strict=True) if s]
    before = float(np.median([other.first - at for _, other, at in known]))
    after = float(np.median([at - one.last for one, _, at in known]))
    # Beside the ground alone, what an edge leaves may pass for the fill's colour or for the ground's.
    pairs = [(one.last + after, other.first - before) for one, other in pairwise(ordered)]
    told = [(left + right) / 2 for left, right in pairs if left == right]
    return np.array(told if len(told) >= FEWEST else [at for *_, at in known])


def _even_bins(middles: FloatArray, shift: float) -> tuple[float, float]:
    """Where even bins begin, and how wide they are, that were put on pixels where seams have their middles.

    Each seam leaves a pixel for what it stands for. What all of them leave together is told by its middle:
    it is a small part of a pixel where bins are no whole number of pixels wide. NaN where no even bins do.
    """
    gaps = np.diff(middles)
    usual = float(np.median(gaps[gaps > WIDEST_SEAM]))
    k = np.round((middles - middles[0]) / usual)
    slope = float(np.polyfit(k, middles, 1)[0])
    steps = slope + np.linspace(-1.0, 1.0, N_STEPS) / max(float(k[-1]), 1.0)
    low = (middles[:, None] - shift - 0.5 - k[:, None] * steps).max(axis=0)
    high = (middles[:, None] - shift + 0.5 - k[:, None] * steps).min(axis=0)
    left = np.maximum(high - low, 0.0)
    if left.sum() <= 0:
        return math.nan, math.nan
    return float(((low + high) / 2) @ left / left.sum()), float(steps @ left / left.sum())


def _seam(
    rgb: ByteImage, one: Rectangle, other: Rectangle, ground: FloatArray
) -> tuple[float, float, float, float, float] | None:
    """Ground (px) before the columns that hold nothing else, how many these are, after them, their middle.

    ... and by how many levels they are paler than the ground is.
    """
    seam = _between(rgb, one, other, ground)
    if seam is None:
        return None
    start, share, strip = seam
    full = np.flatnonzero(share >= WHOLE)
    if not full.size or np.ptp(full) != full.size - 1:
        return None
    middle = start + float(full.mean())
    paler = float((strip[full] - ground).min())
    before, after = float(share[: full[0]].sum()), float(share[full[-1] + 1 :].sum())
    return before, float(full.size), after, middle, paler


def _between(
    rgb: ByteImage, one: Rectangle, other: Rectangle, ground: FloatArray
) -> tuple[int, FloatArray, FloatArray] | None:
    """The columns between two bars of one colour: the first, how much of each is ground, their colours."""
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
    return columns.start, np.clip(share, 0.0, 1.0), strip
