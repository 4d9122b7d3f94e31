"""First heights of a polyline's vertices, chosen so that its outline is that of the ink, column by column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.corners import Corners
from digitizer.stages.series.paths.steps import Steps

# A column shows what covers this much of it beyond its middle (px): ink starts at a coverage of 0.28.
REACH = 0.22
# A column's edge costs no more than this (px), however far off: another stroke may have moved it.
WORST = 8.0
# Places at which a line is looked at on either side of a vertex, within one column's reach.
SAMPLES = 7


def start_heights(path: Path, x: FloatArray, tips: FloatArray) -> FloatArray:
    """Choose a height for each vertex of a regular polyline.

    Parameters
    ----------
    path
        The ink's upper and lower edge, column by column.
    x
        The vertices' places, equally far apart.
    tips
        The height of the tip found at each vertex, NaN where there is none.

    Notes
    -----
    A vertex is at the ink's upper end, at its lower end, at its tip or on the way through. Each column's
    edges depend on three vertices, so dynamic programming over pairs finds the best choice for all of them.
    """
    levels = _levels(path, x, tips)
    cost = _misfits(path, x, levels)
    n, k = levels.shape
    total = np.zeros((k, k))
    origin = np.zeros((n, k, k), dtype=np.intp)
    for i in range(1, n - 1):
        every = total[:, :, None] + cost[i]
        origin[i] = np.argmin(every, axis=0)
        total = np.min(every, axis=0)
    b, c = np.unravel_index(int(np.argmin(total)), total.shape)
    chosen = np.zeros(n, dtype=np.intp)
    chosen[n - 2], chosen[n - 1] = b, c
    for i in range(n - 2, 0, -1):
        chosen[i - 1] = origin[i, chosen[i], chosen[i + 1]]
    return np.asarray(levels[np.arange(n), chosen])


def _levels(path: Path, x: FloatArray, tips: FloatArray) -> FloatArray:
    """The heights that each vertex may have (n, 6)."""
    half = path.width / 2
    at = np.clip(np.searchsorted(path.x, np.round(x)), 0, path.x.size - 1)
    through = np.interp(x, path.x, path.y)
    high, low = path.top[at] + half, path.bottom[at] - half
    thin = high > low
    high, low = np.where(thin, through, high), np.where(thin, through, low)
    tip = np.where(np.isfinite(tips), tips, (high + low) / 2)
    return np.stack([through, high, low, tip, 0.75 * high + 0.25 * low, 0.25 * high + 0.75 * low], axis=1)


def _misfits(path: Path, x: FloatArray, levels: FloatArray) -> NDArray[np.float64]:
    """What each choice of a vertex and its two neighbours costs in the columns nearest to it (n, k, k, k)."""
    n, k = levels.shape
    period = (x[-1] - x[0]) / (n - 1)
    cost = np.zeros((n, k, k, k))
    before, after = np.roll(levels, 1, axis=0), np.roll(levels, -1, axis=0)
    places = int(np.ceil(period / 2))
    # One column beside each vertex after the other, all vertices at once.
    column = np.round(x) + np.arange(-places, places + 1)[:, None]
    at = np.clip(np.searchsorted(path.x, column), 0, path.x.size - 1)
    seen = (path.x[at] == column) & (np.abs(column - x) <= period / 2)
    seen[:, [0, -1]] = False
    rows, away = np.nonzero(seen)[1], (column - x)[seen]
    left = _outline(away, before[rows], levels[rows], period, path.width / 2, -1.0)
    right = _outline(away, after[rows], levels[rows], period, path.width / 2, 1.0)
    ends = np.cumsum(seen.sum(axis=1))
    for part in map(slice, ends - seen.sum(axis=1), ends):
        mine = rows[part]
        for (side_l, side_r), edge, pick in zip(
            zip(left, right, strict=True), (path.top, path.bottom), (np.minimum, np.maximum), strict=True
        ):
            model = pick(side_l[part, :, :, None], np.swapaxes(side_r[part], 1, 2)[:, None, :, :])
            cost[mine] += np.minimum(np.abs(model - edge[at[seen][part], None, None, None]), WORST)
    return cost


def _outline(
    away: FloatArray, far: FloatArray, near: FloatArray, period: float, half: float, side: float
) -> tuple[FloatArray, FloatArray]:
    """Upper and lower edge that the segment on one side of a vertex gives a column ``away`` px from it.

    Shape (columns, levels of the neighbour, levels of the vertex); infinite where it does not reach.
    """
    reach = half + REACH
    # Along the segment, from the vertex outwards (px): within the column's reach.
    begin = np.clip(side * away - reach, 0.0, period)
    end = np.clip(side * away + reach, 0.0, period)
    share = np.linspace(0.0, 1.0, SAMPLES)
    u = begin[:, None] + share * (end - begin)[:, None]
    beside = np.maximum(np.abs(side * u - away[:, None]) - REACH, 0.0)
    inside = beside <= half + 1e-9
    thick = np.where(inside, np.sqrt(np.maximum(half**2 - beside**2, 0.0)), -np.inf)[:, None, None]
    t = (u / period)[:, None, None]
    shape = (away.size, far.shape[1], near.shape[1])
    top, bottom = np.full(shape, np.inf), np.full(shape, -np.inf)
    for k in range(SAMPLES):
        y = far[:, :, None] * t[..., k] + near[:, None, :] * (1 - t[..., k])
        np.minimum(top, y - thick[..., k], out=top)
        np.maximum(bottom, y + thick[..., k], out=bottom)
    return top, bottom


def tips_on_steps(tips: Corners, x: FloatArray, steps: Steps) -> FloatArray:
    """The tip that stands at each vertex, NaN where none does."""
    y = np.full(x.size, np.nan)
    k = np.round((tips.x - x[0]) / steps.period).astype(int)
    off = np.abs(tips.x - x[0] - k * steps.period)
    good = (k >= 0) & (k < x.size) & (off < 0.35 * steps.period)
    y[k[good]] = tips.y[good]
    return y
