"""Close the seam between a fill and an outline of its own colour, where neither covers a pixel wholly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask
from digitizer.stages.pixels.channels import largest, total

# A seam is so many pixels wide at most (Chart.js: one, at a device's 1.5 pixels two).
SEAM_PX = 2
# It is this near to the ground at most: two edges that each cover half of a pixel leave a quarter of it,
# three tenths with rounded colours.
MOST_GROUND = 0.5
# Off the line between fill and ground by less than this (in one channel) it is a blend of both.
BLEND = 12.0


def close_seams(
    rgb: ByteImage, index: NDArray[np.int8], ink: Mask, colors: FloatArray, background: FloatArray
) -> NDArray[np.int8]:
    """Count what lies between two pixels of one fill, and is a blend of it and the ground, to the fill.

    Parameters
    ----------
    rgb
        The panel, shape (height, width, 3).
    index
        For each pixel the number of its fill or -1.
    ink
        What differs from the ground.
    colors
        The colour of each fill, shape (n, 3).
    background
        The colour of the ground.
    """
    if not len(colors):
        return index
    closed = index.copy()
    turned = np.ascontiguousarray(ink.T)
    for found, image, inked in ((closed, rgb, ink), (closed.T, rgb.transpose(1, 0, 2), turned)):
        source = found.copy()
        for width in range(1, SEAM_PX + 1):
            _close_along(found, source, image, inked, colors, background, width)
    return closed


def _close_along(
    found: NDArray[np.int8],
    source: NDArray[np.int8],
    image: ByteImage,
    ink: Mask,
    colors: FloatArray,
    background: FloatArray,
    width: int,
) -> None:
    """Close seams of one width along the rows of ``source``, in place in ``found``."""
    before, after = source[:, : -width - 1], source[:, width + 1 :]
    free = (before == after) & (before >= 0)
    for k in range(1, width + 1):
        inner = slice(k, k - width - 1)
        free &= (source[:, inner] < 0) & ink[:, inner]
    if not free.any():
        return
    rows, columns = np.divmod(np.flatnonzero(free), free.shape[1])
    fill = before[rows, columns]
    blends = np.ones(rows.size, dtype=bool)
    for k in range(1, width + 1):
        blends &= _are_blends(image[rows, columns + k].astype(np.float64), colors[fill], background)
    for k in range(1, width + 1):
        found[rows[blends], columns[blends] + k] = fill[blends]


def _are_blends(pixels: FloatArray, fills: FloatArray, background: FloatArray) -> Mask:
    """Whether each pixel is a blend of its fill and the ground, and more of the fill."""
    way = background - fills
    share = total((pixels - fills) * way) / np.maximum(total(way * way), 1.0)
    off = largest(np.abs(pixels - fills - share[:, None] * way))
    return np.asarray((share > 0) & (share <= MOST_GROUND) & (off <= BLEND))
