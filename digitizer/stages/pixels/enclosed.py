"""Letters on fills: small places without a colour that one fill encloses belong to it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.stages.pixels.components import label_pieces

IntArray = NDArray[np.int64]

# Letters are no higher or wider than this share of the panel's smaller side; what dense lines enclose between
# them may be as small, but they leave other places beside it.
LETTER_SHARE = 0.15
# So much of what borders on a letter is of one fill, and of a rim around its box: of letters and strokes on
# the bars of six charts .85 at least, of the meshes of thin lines .45.
BORDER_SHARE = 0.95
RIM_SHARE = 0.75
RIM_PX = 2
# Of larger places the rim is this share of their smaller side: the cells of a grid of lines 3 px wide were
# taken for letters on it.
RIM_OF_SIDE = 0.1
# Smaller places (px) are noise, and so many are no letters but a pattern.
LEAST_PX = 3
MOST_LETTERS = 300


def close_letters(index: NDArray[np.int8], n_fills: int) -> NDArray[np.int8]:
    """Give each letter that stands within a fill to that fill.

    Parameters
    ----------
    index
        For each pixel the index of its fill, or -1 (see :class:`~digitizer.stages.pixels.rectangles.Fills`).
    n_fills
        How many fills there are.

    Returns
    -------
    ndarray
        The same where nothing is enclosed.
    """
    labels, stats = label_pieces(index < 0, connectivity=4)
    n = len(stats)
    most = LETTER_SHARE * min(index.shape)
    small = np.max(stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]], axis=1) <= most
    small &= stats[:, cv2.CC_STAT_AREA] >= LEAST_PX
    small[0] = False
    if not small.any():
        return index
    owner = _owners(index, labels, n, n_fills)
    letters = np.flatnonzero(small & (owner >= 0))
    if not 0 < letters.size <= MOST_LETTERS:
        return index
    closed = index.copy()
    for k in letters.tolist():
        left, top, width, height = (int(v) for v in stats[k, :4])
        rim = max(RIM_PX, round(RIM_OF_SIDE * min(width, height)))
        rows = slice(max(0, top - rim), top + height + rim)
        columns = slice(max(0, left - rim), left + width + rim)
        others = index[rows, columns][labels[rows, columns] != k]
        if np.mean(others == owner[k]) >= RIM_SHARE:
            part = closed[rows, columns]
            part[labels[rows, columns] == k] = owner[k]
    return closed


def _owners(index: NDArray[np.int8], labels: NDArray[np.int32], n: int, n_fills: int) -> IntArray:
    """The fill that nearly all pixels beside a place have; -1 where it has none, or touches the edge."""
    counts = np.zeros(n * n_fills, dtype=np.int64)
    for here, beside in (
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[:, 1:], np.s_[:, :-1]),
        (np.s_[:-1], np.s_[1:]),
        (np.s_[1:], np.s_[:-1]),
    ):
        rim = (labels[here] > 0) & (index[beside] >= 0)
        counts += np.bincount(
            labels[here][rim].astype(np.int64) * n_fills + index[beside][rim], minlength=counts.size
        )
    table = counts.reshape(n, n_fills)
    first = table.argmax(axis=1)
    sure = table[np.arange(n), first] >= BORDER_SHARE * np.maximum(table.sum(axis=1), 1)
    owner = np.where(sure, first, -1)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    owner[np.unique(edge)] = -1
    return owner
