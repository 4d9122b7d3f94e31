"""Markers that a translucent band covers in part of a cloud: of another shade, and no series of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace

# Markers of one cloud are alike in size to this share.
SAME_SIZE = 0.25
# So many of the shaded ones lie within the band, ...
WITHIN = 0.9
# ... whose colour shows through: what they add to it is this share of what the others add to the ground, in
# the same direction to this (share of it, and RGB units).
LEAST_SHARE, MOST_SHARE = 0.2, 0.98
OFF_SHARE, OFF_RGB = 0.08, 8.0


def join_shaded(lines: Sequence[Trace], bands: Sequence[Trace], ground: FloatArray) -> tuple[Trace, ...]:
    """Give a cloud those of its markers that lie under a band.

    Parameters
    ----------
    lines
        Lines and clouds of a panel (source px), as they were traced without the bands.
    bands
        The bands over them.
    ground
        The panel's colour (RGB).

    Notes
    -----
    A band of opacity a leaves of what is under it the share 1 - a: what a marker of colour m stands off the
    shaded ground is that share of m - ground.
    """
    out = list(lines)
    for shaded in [t for t in lines if t.kind == "scatter"]:
        whole = next((t for t in out if _is_shade(shaded, t, bands, ground)), None)
        if whole is not None:
            out[out.index(whole)] = _joined(whole, shaded)
            out.remove(shaded)
    return tuple(out)


def _is_shade(shaded: Trace, whole: Trace, bands: Sequence[Trace], ground: FloatArray) -> bool:
    if whole is shaded or whole.kind != "scatter" or whole.x_px.size < shaded.x_px.size:
        return False
    if abs(shaded.marker_size_px - whole.marker_size_px) > SAME_SIZE * whole.marker_size_px:
        return False
    full = np.asarray(whole.color, dtype=np.float64) - ground
    for band in bands:
        if np.mean(_within(shaded, band)) < WITHIN:
            continue
        for tint in (np.asarray(band.color, dtype=np.float64), ground):
            seen = np.asarray(shaded.color, dtype=np.float64) - tint
            share = float(seen @ full) / max(float(full @ full), 1.0)
            off = float(np.linalg.norm(seen - share * full))
            if LEAST_SHARE < share < MOST_SHARE and off < OFF_SHARE * float(np.linalg.norm(full)) + OFF_RGB:
                return True
    return False


def _within(cloud: Trace, band: Trace) -> FloatArray:
    """Which markers touch a band."""
    if band.y_low_px is None or band.y_high_px is None:
        return np.zeros(cloud.x_px.size)
    low, high = (
        np.interp(cloud.x_px, band.x_px, edge, left=np.nan, right=np.nan)
        for edge in (band.y_low_px, band.y_high_px)
    )
    rim = cloud.marker_size_px / 2
    with np.errstate(invalid="ignore"):
        return np.asarray((cloud.y_px < low + rim) & (cloud.y_px > high - rim), dtype=np.float64)


def _joined(whole: Trace, shaded: Trace) -> Trace:
    n, more = whole.x_px.size, shaded.x_px.size
    return replace(
        whole,
        x_px=np.r_[whole.x_px, shaded.x_px],
        y_px=np.r_[whole.y_px, shaded.y_px],
        sigma_px=np.r_[whole.sigma_px, shaded.sigma_px],
        hidden=(whole.hidden * n + shaded.hidden * more) / (n + more),
    )
