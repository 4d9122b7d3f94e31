"""Where a line is missing: its vertices in gaps, its pieces across them, and those without ink."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.runs import ON

# A piece is drawn with ink along this share of it.
INKED = 0.8
# A vertex this near (px) the end of what is seen of a line is seen.
HELD_PX = 1.0


def outside(x: FloatArray, gaps: FloatArray) -> Mask:
    """Which vertices do not stand in a gap."""
    inside = (x[:, None] > gaps[None, :, 0] + HELD_PX) & (x[:, None] < gaps[None, :, 1] - HELD_PX)
    return np.asarray(~inside.any(axis=1))


def inked(alpha: FloatImage, x: FloatArray, y: FloatArray) -> Mask:
    """For each piece from point to point whether there is ink along most of it."""
    share = np.linspace(0.0, 1.0, 41)
    columns = np.round(x[:-1, None] + np.diff(x)[:, None] * share).astype(int)
    rows = np.round(y[:-1, None] + np.diff(y)[:, None] * share).astype(int)
    seen = alpha[np.clip(rows, 0, alpha.shape[0] - 1), np.clip(columns, 0, alpha.shape[1] - 1)] > ON
    return np.asarray(seen.mean(axis=1) > INKED)


def joined(x: FloatArray, gaps: FloatArray) -> Mask:
    """Which vertices are joined to the next: those with no gap between."""
    parted = np.any((x[:-1, None] < gaps[None, :, 1]) & (x[1:, None] > gaps[None, :, 0]), axis=1)
    return np.asarray(~parted)
