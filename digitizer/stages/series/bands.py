"""Telling filled bands from lines, and their two edges."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.columns import Path
from digitizer.stages.series.ink import FloatImage

# A band is thicker than this many frame lines and pixels: bold lines of the real set have 3.5 frame lines.
FRAME_LINES = 4.0
THICK_PX = 5.0
# Its edges run on smoothly (px, mean second difference, jumps cut): dense noise jumps by many pixels a
# column, rows of touching markers by a few now and then.
ROUGH_PX = 0.7
MAX_JUMP = 6.0
# It is full: coverage inside, what lines on top hide left out.
FULL = 0.85
# A line's thickness varies with its slope alone; a band's spread over its mean is more, or it is pale.
SPREAD = 0.12
PALE = 150.0
# Edge of a fill by coverage, on drawn bands (px).
EDGE_SIGMA = 0.15


def is_band(path: Path, alpha: FloatImage, frame_line: float, strength: float) -> bool:
    """Whether a path is a filled area rather than a stroke.

    Parameters
    ----------
    path
        The layer's longest path.
    alpha
        The layer's coverage.
    frame_line
        Width of the frame's sides (px).
    strength
        How far the layer's colour is from the ground (RGB units).
    """
    if path.x.size < 12:
        return False
    extent = (path.bottom - path.top) / np.hypot(1.0, path.slope)
    usual = float(np.median(extent))
    if usual < FRAME_LINES * max(frame_line, 1.0) + THICK_PX:
        return False
    rough = max(_roughness(path.top), _roughness(path.bottom))
    if rough > ROUGH_PX:
        return False
    varies = float(np.quantile(extent, 0.9) - np.quantile(extent, 0.1)) > SPREAD * usual
    return (varies or strength < PALE) and _fullness(path, alpha) > FULL


def _roughness(edge: FloatArray) -> float:
    return float(np.mean(np.minimum(np.abs(np.diff(edge, 2)), MAX_JUMP))) if edge.size > 3 else 0.0


def _fullness(path: Path, alpha: FloatImage) -> float:
    """Coverage along the middle of the upper and the lower half."""
    rows = np.stack([0.75 * path.top + 0.25 * path.bottom, 0.25 * path.top + 0.75 * path.bottom])
    rows = np.clip(np.round(rows).astype(int), 0, alpha.shape[0] - 1)
    return float(np.median(alpha[rows, path.x.astype(int)]))


def to_band(path: Path, color: tuple[int, int, int], left: int, top: int) -> Trace:
    """The band's trace: its middle, and its edges: ``y_low_px`` is the lower one on the page."""
    return Trace(
        kind="band",
        color=color,
        x_px=path.x + left,
        y_px=(path.top + path.bottom) / 2 + top,
        sigma_px=np.full(path.x.size, EDGE_SIGMA),
        sampled_at="columns",
        line_style="none",
        line_width_px=float(np.median(path.bottom - path.top)),
        y_low_px=path.bottom + top,
        y_high_px=path.top + top,
    )
