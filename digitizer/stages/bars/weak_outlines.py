"""Put the ends of bars on the middle of an outline that is hardly darker than what fills them.

An outline in a darker shade of the fill (dimple, Plottable) looks like a row more of it: half of it lies
beyond the bar's end. All bars of a panel have it, or none. One that is paler than fill and ground is in the
paper's colour on a shaded ground (seaborn): Matplotlib puts its middle on that of a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.bars.beside import without_grid
from digitizer.stages.bars.seams import ODD_SHIFT_PX
from digitizer.stages.pixels.rectangles import Rectangle

# Fill and ground are seen in rows this far (px) on both sides of a bar's end: their median, as
# grid lines shine through. In clean pictures half of them are alike to this (levels).
REACH = 5
PLAIN = 2.0
# The outline is looked for this near to the end; it is at most so many rows high, and so far (levels) off
# every blend of fill and ground, but no farther (dimple: 15 to 30; stronger ones are strokes by themselves).
NEAR = 2
MOST_ROWS = 3
WEAKEST, STRONGEST = 8.0, 45.0
# Resampling with lobes (bicubic, Lanczos) overshoots an edge by up to this share of its step: a row that
# looks like an outline, but lies on the way from ground to fill and beyond, as far as levels reach.
OVERSHOOT = np.linspace(0.0, 0.12, 13)
# It moves an end by no more than this (px), and by nothing unless it is seen on this share of so many ends.
FARTHEST_PX = 1.5
SEEN_SHARE, FEWEST = 0.6, 3
# Pale outlines that are put on pixels have their middles there to this (px): of seaborn's 0.02.
ON_PIXEL_PX = 0.12
# So many columns beside a grid line that runs along a bar tell its end.
FEWEST_COLUMNS = 2


def carry_to_outlines(
    rgb: ByteImage,
    columns: Sequence[NDArray[np.intp]],
    rectangles: Sequence[Rectangle],
    edges: Sequence[float],
    outward: Sequence[int],
    background: FloatArray,
) -> FloatArray:
    """The rows that bars end at: the middles of outlines, where all bars have some.

    Parameters
    ----------
    rgb : ndarray, shape (height, width, 3)
        The plot with values along its rows.
    columns
        Columns of each bar that are free of its sides and of error bars, on both sides of these.
    rectangles
        The bars, whose gaps show which lines are the grid's.
    edges
        The row that each bar was found to end at.
    outward
        1 for bars that end below their base, -1 for those above it.
    background : ndarray, shape (3,)
        What lies beyond the ends that are meant: others meet a bar, and are edges between two fills.

    Returns
    -------
    ndarray, shape (n,)
        ``edges`` where most show no outline.
    """
    at = np.asarray(edges, dtype=np.float64)
    ends = zip(columns, rectangles, edges, outward, strict=True)
    seen = [_outline(rgb, c, r, e, o, background) for c, r, e, o in ends]
    free = np.array([outline is not None for outline in seen])
    shift = np.array([np.nan if outline is None else outline[0] for outline in seen]) - at
    shift[np.abs(shift) > FARTHEST_PX] = np.nan
    found = np.isfinite(shift)
    if found.sum() < FEWEST or found.sum() < SEEN_SHARE * free.sum():
        return at
    usual = np.asarray(outward) * float(np.median((np.asarray(outward) * shift)[found]))
    middles = at + np.where(free, np.where(found, shift, usual), 0.0)
    pale = all(outline[1] for outline, ok in zip(seen, found, strict=True) if ok and outline is not None)
    snapped = pale and np.abs(middles - np.round(middles))[found].max() <= ON_PIXEL_PX
    return middles - np.where(free, ODD_SHIFT_PX, 0.0) if snapped else middles


def _outline(
    rgb: ByteImage,
    columns: NDArray[np.intp],
    r: Rectangle,
    edge: float,
    outward: int,
    background: FloatArray,
) -> tuple[float, bool] | None:
    """The row of the middle of the outline at one end, NaN without one; None where no ground is beyond.

    ... and whether it is paler than fill and ground.
    """
    inside = round(edge - 0.5 * outward)
    rows = inside + outward * np.arange(-REACH, REACH + 2)
    if rows.min() < 0 or rows.max() >= rgb.shape[0]:
        return None
    columns = _off_grid(rgb[rows[-(REACH - NEAR + 1) :]], columns, background)
    profile = np.median(rgb[np.ix_(rows, columns)], axis=1)
    inner, outer = profile[: REACH - NEAR + 1], profile[-(REACH - NEAR + 1) :]
    fill, ground = np.median(inner, axis=0), np.median(outer, axis=0)
    if np.abs(ground - background).max() > PLAIN:
        return None
    plain = max(np.median(np.abs(side - side[0]).max(axis=1)) for side in (inner, outer))
    profile = without_grid(profile, rgb, rows, r, ground)
    step = fill - ground
    if plain > PLAIN or not step.any():
        return np.nan, False
    off = _off_blends(profile, ground, step)
    off[: REACH - NEAR + 1] = off[REACH + NEAR + 1 :] = 0.0
    own = np.flatnonzero(off > PLAIN)
    if not own.size or np.ptp(own) >= MOST_ROWS or not WEAKEST <= off.max() <= STRONGEST:
        return np.nan, False
    pale = bool((profile[off.argmax()] > np.maximum(fill, ground)).all())
    return float(rows[own] @ off[own] / off[own].sum()), pale


def _off_grid(beyond: ByteImage, columns: NDArray[np.intp], background: FloatArray) -> NDArray[np.intp]:
    """The columns beyond whose end the ground is seen, not a grid line that runs along the bar; else all."""
    ground = np.median(beyond[:, columns], axis=0)
    bare = np.abs(ground - background).max(axis=1) <= PLAIN
    return columns[bare] if np.count_nonzero(bare) >= FEWEST_COLUMNS else columns


def _off_blends(profile: FloatArray, ground: FloatArray, step: FloatArray) -> FloatArray:
    """How far (levels) rows are off every blend of ground and fill, overshot or not."""
    share = np.clip((profile - ground) @ step / float(step @ step), 0.0, 1.0)
    beyond = np.tile(np.concatenate([1.0 + OVERSHOOT, -OVERSHOOT])[:, None], share.size)
    shares = np.concatenate([share[None], beyond])
    blends = np.clip(ground + shares[..., None] * step, 0.0, 255.0)
    return np.asarray(np.linalg.norm(profile - blends, axis=2).min(axis=0))
