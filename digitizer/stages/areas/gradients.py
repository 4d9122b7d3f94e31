"""Fill areas that fade from top to bottom with one pale colour, so that they are found as flat ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask, PanelFrame, Picture
from digitizer.stages.series.inks.ink import inside_of

IntArray = NDArray[np.int64]

# A fill that fades downwards has one colour all along a row, to this (largest channel; browsers dither).
LEVEL_OFF = 3
# So many pixels of a row tell its colour, and a row is one of the fill's where its colour is that of the rows
# around it to this (largest channel; so many rows).
FEWEST_PIXELS, ROW_OFF, AROUND = 6, 4.0, 7
# So many pixels, about, are taken of a row.
SAMPLES = 48
# So many of the uppermost rows tell how its colour goes on above, and so far above them it is looked for.
HEAD_ROWS = 30
# The fill takes this share of the panel's rows and columns, ...
LEAST_ROWS, LEAST_COLUMNS = 0.1, 0.1
# ... changes by so much from its palest to its strongest row (RGB units), in so many steps, each a small one,
# and grows paler all the way (rank correlation; flat areas that stand on each other change in few steps).
LEAST_CHANGE, FEWEST_SHADES, LARGEST_STEP, ONE_WAY = 24.0, 8, 6.0, 0.9
# It explains this share of what is level ink; the ground shows over this share of the panel, or is a gradient
# itself.
EXPLAINED, LEAST_GROUND = 0.8, 0.1
# What is left of a fill that fades away is paler than this (largest channel): it goes on unseen below.
UNSEEN = 8.0
# The colour that takes its place is so far from the ground (RGB units): an area's, pale beside any line.
FLAT = 60.0
# A pixel so far (largest channel) from the fill has other ink: the share of it by the most within two px.
OTHER_INK = 40.0
BLEND = np.ones((5, 5), np.uint8)
# The rim of the fill itself is a mixture of it and the ground to this (largest channel).
RIM_OFF = 8.0
SQUARE = np.ones((3, 3), np.uint8)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fade:
    """A fading fill: its colour in each row (height, 3), where it is, and the last row that it shows in."""

    colors: FloatArray
    mask: Mask
    last: int


def flatten_gradients(
    picture: Picture, frames: Sequence[PanelFrame]
) -> tuple[Picture, tuple[PanelFrame, ...]]:
    """Show the fading fill of each panel in one pale colour.

    Parameters
    ----------
    picture
        The source.
    frames
        The panels' plot areas.

    Returns
    -------
    picture
        With flat fills.
    frames
        What is beside such a fill is ground for sure, though it may take most of the panel's rim.

    Notes
    -----
    A vertical gradient has one colour a row, whatever the curve above it does. Lines over it are opaque but
    for their rims, which are mixed anew with the flat colour.
    """
    rgb: ByteImage | None = None
    told = list(frames)
    for k, frame in enumerate(frames):
        left, top, right, bottom = inside_of(picture, frame)
        if right - left < 30 or bottom - top < 20:
            continue
        window = np.s_[top : bottom + 1, left : right + 1]
        part = np.ascontiguousarray(picture.rgb[window])
        ground = np.asarray(frame.background, dtype=np.float64)
        fade = _find_fade(part, ground)
        if fade is None:
            continue
        rgb = picture.rgb.copy() if rgb is None else rgb
        rgb[window] = _flattened(part, ground, fade)
        told[k] = replace(frame, ground_sure=True)
    return (picture if rgb is None else replace(picture, rgb=rgb)), tuple(told)


def _find_fade(part: ByteImage, ground: FloatArray) -> _Fade | None:
    """The fill of a crop that fades from row to row; None where there is none."""
    height, width = part.shape[:2]
    bare = _within(part, ground) > 0
    if np.mean(bare) < LEAST_GROUND:
        return None
    steps = _within(_apart(part[:, 2:], part[:, :-2]), np.zeros(3)) > 0
    level = np.zeros((height, width), dtype=bool)
    level[:, 2:-2] = steps[:, :-2] & steps[:, 2:] & ~bare[:, 2:-2]
    rows, own = _row_colors(part, level)
    if rows.size < max(2 * AROUND, LEAST_ROWS * height) or not _is_gradient(own, ground):
        return None
    every = np.arange(height)
    colors = np.stack([_carried_up(every, rows, own[:, k]) for k in range(3)], axis=1)
    near = _within(_apart(part, _spread(colors, width)), np.zeros(3)) > 0
    if np.count_nonzero(level & near) < EXPLAINED * np.count_nonzero(level):
        return None
    seen = (every >= rows[0] - HEAD_ROWS) & (every <= rows[-1])
    seen &= np.abs(colors - ground).max(axis=1) > LEVEL_OFF
    opened = cv2.morphologyEx((near & seen[:, None]).astype(np.uint8), cv2.MORPH_OPEN, SQUARE)
    mask = near & seen[:, None] & (cv2.dilate(opened, SQUARE) > 0)
    if np.count_nonzero(mask.any(axis=0)) < LEAST_COLUMNS * width:
        return None
    return _Fade(colors=colors, mask=mask, last=int(rows[-1]))


def _within(part: ByteImage, color: FloatArray, off: float = LEVEL_OFF) -> ByteImage:
    """255 where a picture has a colour, to ``off`` in each channel."""
    return np.asarray(cv2.inRange(part, color - off, color + off), dtype=np.uint8)


def _apart(one: ByteImage, other: ByteImage) -> ByteImage:
    """How far two pictures are apart in each channel."""
    return np.asarray(cv2.absdiff(one, other), dtype=np.uint8)


def _spread(colors: FloatArray, width: int) -> ByteImage:
    """A picture so wide whose rows have these colours."""
    column = np.clip(np.round(colors), 0, 255).astype(np.uint8)[:, None]
    return np.ascontiguousarray(np.broadcast_to(column, (len(colors), width, 3)))


def _row_colors(part: ByteImage, level: Mask) -> tuple[IntArray, FloatArray]:
    """The longest stretch of rows with a colour much like those around them, and these colours.

    At a peak a row shows the line alone.
    """
    counts = np.count_nonzero(level, axis=1)
    rows = np.flatnonzero(counts >= FEWEST_PIXELS)
    if rows.size < max(2 * AROUND, LEAST_ROWS * len(part)):
        return rows[:0], np.zeros((0, 3))
    own = _medians(part, level, rows, counts[rows])
    padded = np.pad(own, ((AROUND // 2, AROUND // 2), (0, 0)), mode="edge")
    calm = np.median(np.lib.stride_tricks.sliding_window_view(padded, AROUND, axis=0), axis=2)
    alike = np.abs(own - calm).max(axis=1) <= ROW_OFF
    rows, calm = rows[alike], calm[alike]
    steps = np.abs(np.diff(calm, axis=0)).max(axis=1) / np.diff(rows)
    pieces = np.split(np.arange(rows.size), np.flatnonzero(steps > LARGEST_STEP) + 1)
    kept = max(pieces, key=len)
    return rows[kept], calm[kept]


def _medians(part: ByteImage, level: Mask, rows: IntArray, counts: IntArray) -> FloatArray:
    """The median colour of each of some rows' level pixels, of which a few dozen tell it: shape (n, 3)."""
    row, column = np.nonzero(level[rows])
    stride = (1 + counts // SAMPLES)[row]
    place = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
    taken = place % stride == 0
    row, column, place = row[taken], column[taken], (place // stride)[taken]
    # No channel is so strong: what is over sorts behind what a row has.
    samples = np.full((rows.size, int(place.max()) + 1, 3), 256, dtype=np.int16)
    samples[row, place] = part[rows[row], column]
    samples.sort(axis=1)
    size, each = np.bincount(row, minlength=rows.size), np.arange(rows.size)
    return np.asarray((samples[each, (size - 1) // 2] + samples[each, size // 2]) / 2)


def _carried_up(every: IntArray, rows: IntArray, levels: FloatArray) -> FloatArray:
    """One channel of a fill in every row: as told, and above that, where peaks are narrow, as it goes on."""
    slope, at = np.polyfit(rows[:HEAD_ROWS], levels[:HEAD_ROWS], 1)
    told = np.interp(every, rows, levels)
    return np.asarray(np.where(every < rows[0], np.clip(slope * every + at, 0.0, 255.0), told))


def _is_gradient(colors: FloatArray, ground: FloatArray) -> bool:
    """Whether the colours of some rows change in many steps, and one way."""
    strength = np.linalg.norm(colors - ground, axis=1)
    if np.ptp(strength) < LEAST_CHANGE or len(np.unique(np.round(colors), axis=0)) < FEWEST_SHADES:
        return False
    ranks = np.argsort(np.argsort(strength, kind="stable"), kind="stable")
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) <= -ONE_WAY


def _flattened(part: ByteImage, ground: FloatArray, fade: _Fade) -> ByteImage:
    """A crop with its fade in one colour, and what is drawn over it on that."""
    height, width = part.shape[:2]
    mask = _carried_on(part, ground, fade)
    strongest = fade.colors[np.argmax(np.linalg.norm(fade.colors - ground, axis=1))] - ground
    flat = ground + strongest * (FLAT / float(np.linalg.norm(strongest)))
    top, bottom = mask.argmax(axis=0), height - 1 - mask[::-1].argmax(axis=0)
    rows = np.arange(height)[:, None]
    region = mask.any(axis=0) & (rows >= top) & (rows <= bottom)
    around = cv2.dilate(region.astype(np.uint8), CROSS)
    away = _apart(part, _spread(fade.colors, width)).max(axis=2) * around
    out = part.copy()
    out[mask] = np.clip(np.round(flat), 0, 255)
    at = np.nonzero((around > 0) & ~mask)
    most = cv2.dilate(away, BLEND)[at].astype(np.float64)
    other = np.where(most > OTHER_INK, away[at] / np.maximum(most, 1.0), 0.0)[:, None]
    pixels, step = part[at].astype(np.float64), fade.colors[at[0]] - ground
    mixed = pixels + (1.0 - other) * (flat - ground - step)
    # Beyond its edge lies the rim of the fill, or that of the line it ends at.
    share = ((pixels - ground) * step).sum(axis=1) / np.maximum((step * step).sum(axis=1), 1.0)
    off = np.abs(pixels - ground - share[:, None] * step).max(axis=1)
    beyond = ~region[at]
    is_own = beyond & (off <= RIM_OFF) & (share >= 0.0) & (share <= 1.0)
    is_bare = beyond & (np.linalg.norm(pixels - ground, axis=1) <= np.linalg.norm(step, axis=1))
    own = ground + share[:, None] * (flat - ground)
    shown = np.where(is_own[:, None], own, np.where(is_bare[:, None], pixels, mixed))
    out[at] = np.clip(np.round(shown), 0, 255).astype(np.uint8)
    return out


def _carried_on(part: ByteImage, ground: FloatArray, fade: _Fade) -> Mask:
    """Where a fade is, down to the panel's end where it has faded away before."""
    if np.abs(fade.colors[fade.last] - ground).max() > UNSEEN:
        return fade.mask
    mask = fade.mask.copy()
    reaching = fade.mask[max(0, fade.last - AROUND) : fade.last + 1].any(axis=0)
    mask[fade.last :] |= (_within(part[fade.last :], ground, UNSEEN) > 0) & reaching
    return mask
