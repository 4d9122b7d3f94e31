"""Bars' ends at a level line that runs over them: a mean or a limit, which is no outline and no grid line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.rectangles import Rectangle

# A line is looked for from so far (px) within where the bar seems to end, and the bar's end so far beyond.
WITHIN_PX, FAR_PX = 2, 10
# What lies beyond the bar is seen in so many of the last rows.
GROUND_ROWS = 3
# A line is this thick at most (px).
THICKEST_PX = 6
# It goes on in these columns (px) beside the bar, in its colour to this (largest channel, levels).
BESIDE_PX = (2, 4)
SAME_COLOR = 60.0
# Other ink differs by this (levels) from every blend of fill and ground.
OTHER_INK = 45.0
# A row is the bar's where it covers this share of it.
COVERED = 0.5


def end_beyond_line(
    rgb: ByteImage,
    r: Rectangle,
    columns: NDArray[np.intp],
    inside: int,
    outward: int,
    levels: tuple[FloatArray, FloatArray],
) -> float | None:
    """The row where a bar ends that goes on beyond a line over it; None where no line or no bar is seen so.

    Behind a bar a grid line shows beyond its end alone.

    Parameters
    ----------
    rgb : ndarray, shape (rows, columns, 3)
        The plot, values along its rows.
    r : Rectangle
        The bar as far as its colour is whole.
    columns : ndarray of int
        The bar's columns away from its sides.
    inside, outward : int
        The row where it seems to end, and 1 where rows go outwards, else -1.
    levels : tuple
        The colours of the bar and of the panel.
    """
    fill, background = levels
    rows = inside + outward * np.arange(-WITHIN_PX, FAR_PX + 1)
    rows = rows[(rows >= 0) & (rows < rgb.shape[0])]
    profile = np.median(rgb[np.ix_(rows, columns)], axis=1)
    ground = np.median(profile[-GROUND_ROWS:], axis=0)
    step = fill - ground
    alpha = np.clip((profile - ground) @ step / max(float(step @ step), 1.0), 0.0, 1.0)
    off = np.sqrt(np.square(profile - ground - alpha[:, None] * step).sum(axis=1))
    foreign = off > OTHER_INK
    first = int(np.argmax(foreign))
    last = first + int(np.argmin(np.append(foreign[first:], False)))
    full = (alpha >= COVERED) & ~foreign
    if not foreign.any() or not 0 < last - first <= THICKEST_PX or last + 1 >= rows.size or not full[last]:
        return None
    end = last + int(np.argmin(full[last:]))
    strongest = first + int(np.argmax(off[first:last]))
    color = profile[strongest]
    # Seams between stacked bars are the panel's own colour.
    if foreign[end] or end == last or np.abs(color - background).max() <= OTHER_INK:
        return None
    if not _goes_on_beside(rgb, r, int(rows[strongest]), color):
        return None
    inner, outer = float(alpha[end - 1]), float(alpha[end])
    return float(rows[0] + outward * (end - 1 + (inner - COVERED) / max(inner - outer, 1e-6)))


def _goes_on_beside(rgb: ByteImage, r: Rectangle, row: int, color: FloatArray) -> bool:
    """Whether a line goes on to both sides of a bar, where the plot has room for that."""
    near, far = BESIDE_PX
    sides = [np.arange(r.first - far, r.first - near), np.arange(r.last + near + 1, r.last + far + 1)]
    inside = [side[(side >= 0) & (side < rgb.shape[1])] for side in sides]
    off = [float(np.abs(rgb[row, side] - color).max()) for side in inside if side.size]
    return bool(off) and max(off) <= SAME_COLOR
