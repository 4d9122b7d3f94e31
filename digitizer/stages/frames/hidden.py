"""Carry the sides of a plot area to where its grid ends behind bars.

Where no box is drawn, bars that end at one place or cover most of the grid's lines there pass for a side of
the panel. The grid's lines come out from behind them and tell how far it reaches.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask, PanelFrame, Side
from digitizer.medians import median
from digitizer.stages.frames.facing import face
from digitizer.stages.pixels.rectangles import away_from

# Lines are looked for within this share of the panel beyond a side.
REACH_SHARE = 0.3
# A line differs by this from the ground (levels), and from a grey by this share of that and so much more.
MIN_CONTRAST = 3.5
MAX_CHROMA = 0.45
CHROMA_LEVELS = 8
# Beside it, the ground differs from itself by this share of that at most: JPEG.
BESIDE_SHARE = 0.35
# It is seen over so many pixels; longer than tick marks on pictures of the usual size.
LEAST_RUN_PX = 6
# Its contrast keeps to this share of the usual one on both sides: glyphs do not.
STEADY = 0.5
# Inside the side so many pixels are line or fill, and a line that goes on from there begins this near to it.
NEAR_PX = 6
BEGIN_PX = 3
# ... where its contrast inside differs by more than this factor it is a tick mark.
TICK_FACTOR = 1.35
# What hides a line covers it in this share of its rows.
HIDDEN_SHARE = 0.8
# ... and is wider than an axis' line, by this factor.
LEAST_HIDDEN = 4
# Rows of which this share is no ground lie beyond the panel: bars leave some between them.
BARE_SHARE = 0.98
# Lines that begin at a side and are followed by ink (levels) within so many pixels are tick marks.
LABEL_REACH_PX = 9
LABEL_BESIDE_PX = 7
LABEL_INK = 60.0
# So many lines, and this share of them, end at one place to so many pixels.
MIN_LINES = 3
AGREEING_SHARE = 0.6
SAME_END_PX = 0.75


def end_behind_fills(rgb: ByteImage, frame: PanelFrame, side: Side) -> float | None:
    """Where the grid's lines end that come out from behind the bars at a side; None where there are none.

    Parameters
    ----------
    rgb : ndarray, shape (height, width, 3)
        The picture.
    frame : PanelFrame
        The plot area as measured from its strokes.
    side
        Which of its sides.

    Returns
    -------
    float or None
        A place beyond the side (px of the picture).
    """
    facing = face(rgb, frame, side)
    picture, outward, at = facing.picture, facing.outward, facing.at
    start = int(np.floor(at)) if outward < 0 else int(np.ceil(at))
    rows = np.arange(NEAR_PX + int(REACH_SHARE * facing.depth)) - NEAR_PX
    rows = rows[(start + outward * rows >= 0) & (start + outward * rows < len(picture))]
    along = slice(max(0, int(facing.first) + 1), int(facing.last))
    part = picture[start + outward * rows, along]
    if (rows < 0).sum() < NEAR_PX or part.shape[1] < 4 * NEAR_PX:
        return None
    half = 1 + int(np.ceil(frame.line_width))
    ground = np.array(frame.background, dtype=np.float64)
    ends = _ends(part, ground, half, is_drawn=side in frame.sides, has_labels=side in ("left", "bottom"))
    if len(ends) < MIN_LINES:
        return None
    middle = median(ends)
    if np.mean(np.abs(ends - middle) <= SAME_END_PX) < AGREEING_SHARE:
        return None
    return start + outward * (middle - NEAR_PX + 0.5)


def _ends(rgb: ByteImage, ground: FloatArray, half: int, *, is_drawn: bool, has_labels: bool) -> FloatArray:
    """The last row of each line that comes out of a fill, from behind one, or goes on across a side.

    The side is at row NEAR_PX; where ``has_labels``, lines that begin right there are tick marks.
    """
    contrast = away_from(rgb, ground).astype(np.int16)
    last = _end_of_ground(contrast, LEAST_HIDDEN * half)
    rgb, contrast = rgb[:last], contrast[:last]
    line = _is_line(rgb, ground, contrast, half)
    found = []
    columns = np.flatnonzero(np.count_nonzero(line[NEAR_PX:], axis=0) >= LEAST_RUN_PX)
    for group in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
        if not len(group):
            continue
        c = int(group[np.argmax(line[NEAR_PX:, group].sum(axis=0))])
        seen = np.flatnonzero(line[:, c])
        # Lines across it interrupt it, letters follow it.
        parts = np.flatnonzero(np.diff(seen) > half + 1) + 1
        pieces = np.split(seen, parts) if parts.size else [seen]
        piece = next((k for k in pieces if np.count_nonzero(k >= NEAR_PX) >= LEAST_RUN_PX), None)
        if piece is None:
            continue
        begin, stop = int(piece[0]), int(piece[-1])
        if stop >= len(line) - 1:
            continue
        run = contrast[piece[piece >= NEAR_PX], c]
        usual = median(run)
        uneven = np.any(run[1:-1] < STEADY * usual) or np.any(run[1:] > usual / STEADY)
        if uneven:
            continue
        around = contrast[:, [c - half - 2, c, c + half + 2]]
        fill = np.asarray((around > MIN_CONTRAST + usual * BESIDE_SHARE).all(axis=1))
        if begin > NEAR_PX + BEGIN_PX:
            hidden = fill[NEAR_PX:begin]
            comes_out = len(hidden) > LEAST_HIDDEN * half and float(np.mean(hidden)) >= HIDDEN_SHARE
            comes_out &= bool(hidden[-BEGIN_PX - 1 :].any())
        else:
            within = median(contrast[:NEAR_PX, c])
            alike = within / TICK_FACTOR <= usual <= TICK_FACTOR * within
            goes_on = bool(line[: NEAR_PX - 1, c].all()) and alike
            comes_out = goes_on or (not is_drawn and bool(fill[: NEAR_PX - 1].all()))
            comes_out &= not has_labels and not _is_labelled(contrast, stop, c)
        if comes_out:
            part = float(run[-1]) / usual
            found.append(stop - (1.0 - part if part < STEADY else 0.0))
    return np.array(found)


def _end_of_ground(contrast: NDArray[np.int16], least: int) -> int:
    """The first of so many rows beyond the side that hold no ground: paper, then the next panel (facets)."""
    bare = np.mean(contrast > MIN_CONTRAST, axis=1) >= BARE_SHARE
    bare[:NEAR_PX] = False
    runs = np.convolve(bare, np.ones(least + 1), mode="valid") >= least + 0.5
    return int(np.argmax(runs)) if runs.any() else len(contrast)


def _is_line(rgb: ByteImage, ground: FloatArray, contrast: NDArray[np.int16], half: int) -> Mask:
    """Pixels of thin grey lines across the rows: ink with ground on both sides of it.

    In columns without enough ink for one there are none.
    """
    line = np.zeros(contrast.shape, dtype=bool)
    ink = contrast >= MIN_CONTRAST
    enough = np.count_nonzero(ink[NEAR_PX:], axis=0) >= LEAST_RUN_PX
    enough[: half + 2] = enough[-half - 2 :] = False
    columns = np.flatnonzero(enough)
    if not columns.size:
        return line
    most, own = BESIDE_SHARE * contrast[:, columns], ink[:, columns]
    for away in (half + 1, half + 2):
        own &= contrast[:, columns - away] <= most
        own &= contrast[:, columns + away] <= most
    line[:, columns] = own
    tint = np.ptp(rgb[line] - ground, axis=1)
    line[line] = tint <= MAX_CHROMA * contrast[line] + CHROMA_LEVELS
    return line


def _is_labelled(contrast: NDArray[np.int16], stop: int, column: int) -> bool:
    """Whether ink follows the end of a line."""
    beyond = contrast[
        stop + 2 : stop + LABEL_REACH_PX, max(0, column - LABEL_BESIDE_PX) : column + LABEL_BESIDE_PX
    ]
    return bool(beyond.size and beyond.max() > LABEL_INK)
