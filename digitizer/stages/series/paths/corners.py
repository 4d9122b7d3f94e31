"""Corners of a path: tips of peaks and dips, and where straight pieces meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.paths.columns import Path, prominence
from digitizer.stages.series.paths.runs import IndexArray

# A peak's tip is looked at down to this depth (px): deeper, unlike flanks pull its middle aside.
TIP_PX = 2.5
# A tip no wider than its stroke and this (px) is one vertex, placed to a tenth of a pixel (drawn noise with
# steps of 1 to 4 px: phases agree to 0.8 and more for these, to 0.35 for all).
SLIM_PX = 0.6
TIP_SIGMA = 0.1
# A tip stands out this far (px) from the columns two away.
STANDS_OUT = 1.0
# Columns of a straight stroke lie this close to a line (px), and this share of their steepness: where the
# line bends within a column its middle is off by an eighth of the bend.
COLUMN_SIGMA = 0.08
STEEP_SIGMA = 0.12
# A further piece must explain this much (squared deviations).
PIECE_PRICE = 14.0
# Longest piece tried (columns): longer ones are put together from several.
LONGEST = 120
# Pieces meet in a corner where their slopes differ by as many deviations, and by this much.
SURE_BEND = 4.0
LEAST_BEND = 0.04
# A piece of fewer columns has none that lies clear of its ends: where it meets another is not known.
FEWEST_COLUMNS = 3
# A corner this near a tip (px) is the tip.
SAME_PX = 1.6
# Corners nearer than this (px) are one.
CLOSEST_PX = 1.5
# A polyline further than this (px, and stroke widths) from its path lacks a vertex there; one a piece is put
# in so many times.
FAR_PX = 1.2
FAR_WIDTHS = 0.3
MOST_FILLED = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corners:
    """Corners by rising x (crop coordinates), how well that is known (px), and which of them are tips."""

    x: FloatArray
    y: FloatArray
    sigma_x: FloatArray
    is_tip: Mask


def find_corners(path: Path) -> Corners:
    """Find tips and, where no tip is, the corners between straight pieces."""
    tips, bends = find_tips(path), find_bends(path)
    if tips.x.size and bends.x.size:
        free = np.abs(bends.x[:, None] - tips.x[None, :]).min(axis=1) > SAME_PX
    else:
        free = np.ones(bends.x.size, dtype=bool)
    x = np.r_[tips.x, bends.x[free]]
    order = np.argsort(x)
    return Corners(
        x=x[order],
        y=np.r_[tips.y, bends.y[free]][order],
        sigma_x=np.r_[tips.sigma_x, bends.sigma_x[free]][order],
        is_tip=np.r_[tips.is_tip, bends.is_tip[free]][order],
    )


def find_tips(path: Path) -> Corners:
    """Find the tips of peaks and dips with their sub-pixel place along x.

    Notes
    -----
    The ink within a few rows of a tip is its two flanks' first pixels; its middle is the tip's place. Where
    it is wider than the stroke two vertices of about one height melt, and the middle is neither's.
    """
    found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for turn, edge, far in ((1.0, path.top, path.bottom), (-1.0, -path.bottom, -path.top)):
        index = np.flatnonzero(prominence(path.x, -edge) > STANDS_OUT)
        # One tip a peak: of two columns that share it the higher one.
        index = index[edge[index] <= edge[np.maximum(index - 1, 0)]]
        index = index[edge[index] < edge[np.minimum(index + 1, edge.size - 1)]]
        total, moment = np.zeros(index.size), np.zeros(index.size)
        for shift in range(-3, 4):
            at = np.clip(index + shift, 0, edge.size - 1)
            near = np.abs(path.x[at] - path.x[index] - shift) < 0.5
            ink = np.minimum(far[at], edge[index] + TIP_PX) - np.maximum(edge[at], edge[index])
            ink = np.where(near, np.clip(ink, 0.0, None), 0.0)
            total += ink
            moment += ink * shift
        x = path.x[index] + moment / np.maximum(total, 1e-6)
        wider = np.maximum(total / TIP_PX - path.width - SLIM_PX, 0.0)
        found.append((x, turn * (edge[index] + path.width / 2), TIP_SIGMA + wider))
    x, y, sigma = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(x)
    return Corners(x=x[order], y=y[order], sigma_x=sigma[order], is_tip=np.ones(x.size, dtype=bool))


def find_bends(path: Path) -> Corners:
    """Split a path into straight pieces and find where neighbours meet.

    Notes
    -----
    Pieces are chosen by dynamic programming over columns: squared deviations from each piece's line, and
    a price a piece. Sums over columns give every piece's deviation at once.
    """
    n = path.x.size
    none = Corners(x=np.zeros(0), y=np.zeros(0), sigma_x=np.zeros(0), is_tip=np.zeros(0, dtype=bool))
    if n < 4:
        return none
    x, y = path.x - path.x[0], path.y
    side = np.abs(np.diff(y) / np.diff(x))
    steep = np.minimum(np.r_[side[0], side], np.r_[side, side[-1]])
    w = 1.0 / np.square(np.hypot(COLUMN_SIGMA, STEEP_SIGMA * steep))
    sums = np.zeros((6, n + 1))
    np.cumsum(np.stack([w, w * x, w * y, w * x * x, w * x * y, w * y * y]), axis=1, out=sums[:, 1:])
    starts = _split(sums, n)
    ends = np.r_[starts[1:], n]
    slope, at, sigma, middle = _lines(sums[:, ends] - sums[:, starts])
    bend = np.abs(np.diff(slope))
    sure = bend > np.maximum(SURE_BEND * np.hypot(sigma[1:], sigma[:-1]), LEAST_BEND)
    offset = at - slope * middle
    meet = np.where(sure, np.diff(offset) / np.where(sure, slope[:-1] - slope[1:], 1.0), 0.0)
    gap = x[starts[1:]] - 0.5
    near = sure & (np.abs(meet - gap) < 2.5)
    height = offset[:-1] + slope[:-1] * meet
    off = COLUMN_SIGMA / np.maximum(bend, 1e-6)
    short = np.minimum(np.diff(starts), (ends - starts)[1:]) < FEWEST_COLUMNS
    off = np.clip(off, 0.05, 2.0) + np.where(short, 1.0, 0.0)
    x = (meet + path.x[0])[near]
    return Corners(x=x, y=height[near], sigma_x=off[near], is_tip=np.zeros(x.size, dtype=bool))


def _split(sums: FloatArray, n: int) -> IndexArray:
    """First columns of the cheapest pieces."""
    reach = min(LONGEST, n)
    starts = np.arange(1, n + 1)[:, None] - np.arange(1, reach + 1)
    # For each end the sums before as many starts, the nearest first; nothing is before the first column.
    before = np.lib.stride_tricks.sliding_window_view(np.pad(sums, ((0, 0), (reach, 0))), reach, axis=1)
    part = sums[:, 1:, None] - before[:, 1 : n + 1, ::-1]
    w, wx, wy, wxx, wxy, wyy = part
    spread = wxx - wx * wx / w
    both = wxy - wx * wy / w
    rest = wyy - wy * wy / w
    price = rest - np.where(spread > 1e-6, both * both / np.maximum(spread, 1e-6), 0.0)
    price = np.where(starts >= 0, np.maximum(price, 0.0) + PIECE_PRICE, np.inf)
    best = np.zeros(n + 1)
    origin = np.zeros(n + 1, dtype=np.intp)
    for end in range(1, n + 1):
        k = min(reach, end)
        total = best[end - k : end][::-1] + price[end - 1, :k]
        i = int(np.argmin(total))
        best[end], origin[end] = total[i], end - 1 - i
    chain = []
    at = n
    while at > 0:
        at = int(origin[at])
        chain.append(at)
    return np.asarray(chain[::-1], dtype=np.intp)


def _lines(part: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Slope, height at the middle, the slope's deviation and the middle of each piece."""
    w, wx, wy, wxx, wxy, _ = part
    spread = np.maximum(wxx - wx * wx / w, 1e-6)
    slope = (wxy - wx * wy / w) / spread
    return slope, wy / w, 1.0 / np.sqrt(spread), wx / w


def fill_in(x: FloatArray, y: FloatArray, path: Path) -> tuple[FloatArray, FloatArray]:
    """A polyline with the vertices that it lacks: where a path is far from its pieces."""
    for _ in range(MOST_FILLED):
        piece = np.clip(np.searchsorted(x, path.x) - 1, 0, x.size - 2)
        slope = (np.diff(y) / np.maximum(np.diff(x), 1e-6))[piece]
        off = np.abs(path.y - y[piece] - slope * (path.x - x[piece])) / np.hypot(1.0, slope)
        away = np.minimum(path.x - x[piece], x[piece + 1] - path.x)
        # Caps and joins bend the middle of wide strokes.
        off = np.where(away > CLOSEST_PX + path.width, off, 0.0)
        order = np.lexsort((off, piece))
        worst = order[np.r_[np.diff(piece[order]) > 0, True]]
        worst = worst[off[worst] > max(FAR_PX, FAR_WIDTHS * path.width)]
        if not worst.size:
            break
        x, y = np.r_[x, path.x[worst]], np.r_[y, path.y[worst]]
        order = np.argsort(x)
        x, y = x[order], y[order]
    return x, y
