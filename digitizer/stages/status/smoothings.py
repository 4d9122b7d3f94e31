"""Tell lines that are another one smoothed: that one says where they run, apart from their own reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.medians import median, quantile
from digitizer.stages.status.tolerance_doubts import uneven_share

# A line of so many points on even steps, all of them seen, is told well enough to be smoothed.
FEWEST_POINTS = 30
MOST_UNEVEN = 0.05
# Gaussians (deviations in steps) that are tried: training grids take three.
LEAST_WIDTH, GREATEST_WIDTH, N_WIDTHS = 1.0, 12.0, 45
REACH = 4.0
# A line is the smoothing of another one where half of its points lie within so much (share of the panel's
# height) of it, and all but a few within what a point may be off. Of 39 pairs of training grids, drawn with a
# deviation of three steps, all have theirs between 2.9 and 3.1, and half of the points within 0.0018.
USUALLY_OFF, MAY_BE_OFF, MOST_OFF = 0.0025, 0.01, 0.05
FEWEST_SEEN = 20
# A line that begins this far (px) before the other one, or ends behind it, is no smoothing of that alone.
BEYOND_PX = 2.0
# Nothing is known better than this (px); half of what is off normally is off by this share of a deviation.
LEAST_SIGMA_PX, NORMAL = 0.3, 1.48


def with_known_smoothings(traces: Sequence[Trace], on_y2: Sequence[bool], height: float) -> tuple[Trace, ...]:
    """The traces, with the deviations of smoothed lines no larger than they lie beside their smoothings.

    Parameters
    ----------
    traces, on_y2
        The series of a panel, and which of them stand on a second y axis.
    height : float
        Of the panel (px).

    Notes
    -----
    What markers hide of a dotted line and what steep stretches cost in deviations, a curve with one free
    parameter says again at dozens of points: the two lines were read apart from each other.
    """
    sides = [*on_y2, *(False for _ in traces)][: len(traces)]
    raw = [(t, s) for t, s in zip(traces, sides, strict=True) if _is_even(t)]
    known = []
    for trace, side in zip(traces, sides, strict=True):
        told = [_sigma(trace, other, height) for other, s in raw if s == side and other is not trace]
        sigma = next((s for s in told if s is not None), trace.sigma_px)
        known.append(replace(trace, sigma_px=np.fmin(trace.sigma_px, sigma)))
    return tuple(known)


def _is_even(trace: Trace) -> bool:
    """Whether a line has a point at each of many even steps."""
    told = trace.kind == "line" and trace.sampled_at in ("markers", "vertices")
    if not told or trace.x_px.size < FEWEST_POINTS or not np.isfinite(trace.y_px).all():
        return False
    return bool(np.all(np.diff(trace.x_px) > 0)) and uneven_share(trace) <= MOST_UNEVEN


def _sigma(trace: Trace, raw: Trace, height: float) -> FloatArray | None:
    """How far (px) each point of a line lies, or may lie, beside the likeliest smoothing of another."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    if trace.kind != "line" or trace.sampled_at != "columns" or x.size < FEWEST_SEEN:
        return None
    if x.min() < raw.x_px[0] - BEYOND_PX or x.max() > raw.x_px[-1] + BEYOND_PX:
        return None
    widths = np.geomspace(LEAST_WIDTH, GREATEST_WIDTH, N_WIDTHS)
    tried = [np.abs(np.interp(x, raw.x_px, _smooth(raw.y_px, width)) - y) for width in widths]
    off = min(tried, key=median)
    usual = median(off)
    if usual > USUALLY_OFF * height or quantile(off, 1 - MOST_OFF) > MAY_BE_OFF * height:
        return None
    sigma = np.full(trace.y_px.size, np.nan)
    sigma[seen] = np.maximum(off, max(LEAST_SIGMA_PX, NORMAL * usual))
    return sigma


def _smooth(y: FloatArray, width: float) -> FloatArray:
    """Values smoothed by a Gaussian, turned back at both ends."""
    reach = int(np.ceil(REACH * width))
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / width))
    return np.asarray(np.convolve(np.pad(y, reach, mode="symmetric"), kernel / kernel.sum(), mode="valid"))
