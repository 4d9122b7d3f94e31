"""Lift a panel's grid off, so that what is filled runs on where grid lines cross it."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import ByteImage, FloatArray

# A grid line and its rims cover the pixels this near to its middle; those beyond show what it crosses.
RIM_PX = 1
# Ground beside a line shows its bare colour; it is the ground to this (largest channel).
BARE = 6.0
FEWEST_BARE = 8
# Pixels that the line and its sides explain no better (largest channel) show a stroke that covers the line.
STROKE_OFF = 16.0


def without_grid(rgb: ByteImage, columns: FloatArray, rows: FloatArray, ground: FloatArray) -> ByteImage:
    """A copy of a panel with its grid lines taken off.

    Parameters
    ----------
    rgb
        The panel (height, width, 3).
    columns, rows
        Where its grid lines run (px of the crop).
    ground
        The panel's own colour (RGB).

    Notes
    -----
    What a line crosses at a pixel is a mixture of what is seen on its two sides; through translucent fills
    the line shows by some share of its bare colour. Both shares are fitted to each pixel, so that edges stay
    where they are, even those that run along a grid line.
    """
    lifted = rgb.copy()
    for image, places in ((lifted, rows), (lifted.transpose(1, 0, 2), columns)):
        reach = RIM_PX + 1
        for row in np.round(places).astype(int):
            if reach <= row < image.shape[0] - reach:
                _lift_row(image[row - reach : row + reach + 1], ground)
    return lifted


def _lift_row(band: ByteImage, ground: FloatArray) -> None:
    """Lift the line off the middle rows of a band (n, length, 3) whose first and last row it leaves free."""
    one, other = band[0].astype(np.float64), band[-1].astype(np.float64)
    bare = np.maximum(np.abs(one - ground).max(axis=1), np.abs(other - ground).max(axis=1)) < BARE
    if np.count_nonzero(bare) < FEWEST_BARE:
        return
    step = other - one
    for row in band[1:-1]:
        line = np.median(row[bare], axis=0) - ground
        share, shows = _mix(row - one, step, line)
        plain = one + share[:, None] * step
        known = np.abs(row - plain - shows[:, None] * line).max(axis=1) < STROKE_OFF
        row[known] = np.clip(np.round(plain[known]), 0, 255).astype(np.uint8)


def _mix(off: FloatArray, step: FloatArray, line: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The shares of ``step`` and ``line`` in each of ``off`` (n, 3), both within [0, 1]."""
    aa, bb = np.einsum("ij,ij->i", step, step), max(float(line @ line), 1e-6)
    ab, ay, by = step @ line, np.einsum("ij,ij->i", off, step), off @ line
    det = aa * bb - ab * ab
    free = (ay * bb - by * ab) / np.maximum(det, 1e-6)
    shows = np.clip((by - np.clip(free, 0.0, 1.0) * ab) / bb, 0.0, 1.0)
    share = (ay - shows * ab) / np.maximum(aa, 1e-6)
    # Sides alike need no choice; where the line has the step's own colour the middle is as good as any.
    sure = (aa > BARE**2) & (det > 1e-3 * aa * bb)
    share = np.where(sure, np.clip(share, 0.0, 1.0), 0.5)
    return share, np.clip((by - share * ab) / bb, 0.0, 1.0)
