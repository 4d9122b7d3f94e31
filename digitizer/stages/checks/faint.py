"""Faint ink of a hue beside the series, piece after piece along their width: a series that was not seen."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, Trace
from digitizer.stages.series.inks.ink import Ink

# Pieces that reach no further (px) from what is drawn are rims, what JPEG rings, or markers not recognised.
NEAR_PX = 8.0
# A piece has a hue where its mean offset from the ground differs so much between channels, as a share of its
# length: 0.5 and more of pale curves under JPEG, 0.1 and less of grid lines.
TINT_SHARE = 0.25
# So many pieces are no chance: beside right series there are at most nine.
FEWEST_PIECES = 10
# Pieces of lines are no thicker (px) than this, and so long: no noisy curve is level so far.
LINE_PX, LONG_PX = 4, 24


def faint_share(ink: Ink, pieces: NDArray[np.intp], drawn: ByteImage, traces: Sequence[Trace]) -> float:
    """The share of the width that series span beside which pieces of faint ink lie.

    Parameters
    ----------
    ink
        The panel's ink.
    pieces
        Which piece of unexplained ink, that could be a series, each pixel (height, width) belongs to, counted
        from one; 0 for none.
    drawn
        What the series cover, redrawn, with their rims.
    traces
        What was found (source pixels).

    Returns
    -------
    float
        0 where there are few pieces with a hue of their own, or these lie near what is drawn.

    Notes
    -----
    A raw curve under its average has a tenth of its ink: what is unexplained is little then, though it lies
    beside the whole course of the average.
    """
    n = int(pieces.max(initial=0)) + 1
    spanned = np.concatenate([t.x_px[np.isfinite(t.y_px)] for t in traces]) if traces else np.zeros(0)
    if n <= FEWEST_PIECES or spanned.size < 2:
        return 0.0
    away = cv2.distanceTransform((drawn == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    rows, columns = np.nonzero(pieces)
    owner = pieces[rows, columns]
    farthest = np.zeros(n)
    np.maximum.at(farthest, owner, away[rows, columns])
    offset = _sums(ink.rgb[rows, columns] - ink.ground[rows, columns], owner, n)
    tint = np.ptp(offset, axis=1) > TINT_SHARE * np.linalg.norm(offset, axis=1)
    (left, right), (top, bottom) = _spans(columns, owner, n), _spans(rows, owner, n)
    # Of a grid that bars hide most of, what shows between them is level, or upright.
    wide, high = right - left + 1, bottom - top + 1
    straight = (np.minimum(wide, high) <= LINE_PX) & (np.maximum(wide, high) >= LONG_PX)
    far = np.flatnonzero((farthest > NEAR_PX) & tint & ~straight)
    if far.size < FEWEST_PIECES:
        return 0.0
    beside = np.zeros(ink.width, dtype=bool)
    for k in far.tolist():
        beside[left[k] : right[k] + 1] = True
    first, last = np.clip(np.array([spanned.min(), spanned.max()]) - ink.left, 0, ink.width - 1).astype(int)
    return float(beside[first : last + 1].mean())


def _spans(
    places: NDArray[np.intp], owner: NDArray[np.intp], n: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first and the last of the places of each owner; none has both beyond each other."""
    first, last = np.full(n, np.iinfo(np.intp).max // 2), np.zeros(n, dtype=np.intp)
    np.minimum.at(first, owner, places)
    np.maximum.at(last, owner, places)
    return first, last


def _sums(values: NDArray[np.float32], owner: NDArray[np.intp], n: int) -> NDArray[np.float64]:
    """The sum of what belongs to each owner, channel by channel: (n, channels)."""
    return np.stack([np.bincount(owner, weights=v, minlength=n) for v in values.T], axis=1)
