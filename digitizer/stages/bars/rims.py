"""Measure edges in the ground's colour that bars are drawn with, by the grid lines that end beside them.

Such an edge (seaborn's default) is seen on nothing but what lies behind it: a grid line that passes behind
a bar ends as far from what is seen of the bar as the edge is wide. Without an edge they meet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.rectangles import Rectangle

# So many columns are looked at on both sides of where a bar's fill ends (px): edges are up to 4 px wide.
SIDE = 7
# A grid line differs from the ground by this (levels): seaborn's and ggplot2's by 20 and more, JPEG by 8.
LEAST_GRID = 12.0
# ... is compared with a row so far from it, where there is none.
ROWS_OFF = 4
# Within the bar and at its far end the two rows are as they should be to this share of the line's contrast.
ALIKE = 0.25
# Beside a line a row blends fill and ground to this (levels): an edge in another colour does not.
BLEND = 20.0
# So many rims agree with their median to this (px) over this share of them.
FEWEST_RIMS, SAME_RIM_PX, AGREED = 4, 0.4, 0.75
# So many lines that are interrupted away from a bar are dashed.
FEWEST_DASHES = 2


def rim_width(
    rgb: ByteImage,
    rectangles: Sequence[Rectangle],
    spans: Sequence[tuple[float, float]],
    ground: FloatArray,
) -> float:
    """How wide the edges of bars are (px) that are drawn in the ground's colour; zero where none are seen.

    Parameters
    ----------
    rgb
        The plot with bars that stand.
    rectangles
        The bars.
    spans
        The rows between the base and the end of each.
    ground
        The colour behind the bars and their grid.
    """
    rims: list[float] = []
    for r, (base, edge) in zip(rectangles, spans, strict=True):
        first, last = round(min(base, edge)) + 2 * ROWS_OFF, round(max(base, edge)) - 2 * ROWS_OFF
        if r.width <= SIDE or last <= first:
            continue
        for end, outward in ((r.first, -1), (r.last, 1)):
            columns = end + outward * np.arange(-SIDE, SIDE + 1)
            if columns.min() >= 0 and columns.max() < rgb.shape[1]:
                strip = rgb[first - ROWS_OFF : last + ROWS_OFF, columns].astype(np.float64)
                rims.extend(_rims(strip, ground))
    # Gaps of a dashed grid are ground beside bars as well.
    if len(rims) < FEWEST_RIMS or np.isnan(rims).sum() >= FEWEST_DASHES:
        return 0.0
    width = float(np.nanmedian(rims))
    agreed = np.mean(np.abs(np.asarray(rims) - width) <= SAME_RIM_PX)
    return width if agreed >= AGREED else 0.0


def _rims(strip: FloatArray, ground: FloatArray) -> list[float]:
    """Ground (px) between a bar, at a strip's first columns, and each grid line that ends beside it."""
    contrast = np.abs(strip[:, -2:] - ground).max(axis=2).mean(axis=1)
    peaks = []
    for row in range(ROWS_OFF, len(strip) - ROWS_OFF):
        near = contrast[row - ROWS_OFF : row + ROWS_OFF + 1]
        # A neighbour's end is no line: bars without edges may stand as far apart as edges are wide.
        if near.max() <= contrast[row] >= max(LEAST_GRID, 2 * near[0], 2 * near[-1]):
            peaks.append(row)
    rims = [_rim(strip[row], strip[row - ROWS_OFF], ground) for row in peaks]
    return [rim for rim in rims if rim is not None]


def _rim(line: FloatArray, plain: FloatArray, ground: FloatArray) -> float | None:
    """Columns of ground between fill and grid line, by a row with the line and one without.

    NaN where the line begins beside the bar and is interrupted farther out: a dashed one.
    """
    fill, grid = np.median(plain[:3], axis=0), np.median(line[-3:], axis=0)
    step, over = ground - fill, grid - ground
    if np.abs(step).max() < 2 * BLEND or np.abs(over).max() < LEAST_GRID:
        return None
    open_share = (plain - fill) @ step / float(step @ step)
    off = np.abs(plain - fill - open_share[:, None] * step).max()
    lined = (line - plain) @ over / float(over @ over)
    if off > BLEND or np.abs(lined[:3]).max() > ALIKE or np.abs(lined[-2:] - 1.0).max() > ALIKE:
        return None
    begun = int((lined > 1.0 - ALIKE).argmax())
    if lined[begun:].min() < ALIKE:
        return math.nan
    return float(np.clip(open_share, 0.0, 1.0).sum() - np.clip(lined, 0.0, 1.0).sum())
