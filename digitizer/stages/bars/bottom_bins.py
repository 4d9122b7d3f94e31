"""Bars too low for a rectangle: a pixel or less of their colour on the axis, at a step of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Picture, Trace

# So many bars tell the steps of a row: their centres are on these to this share of one, and they fill this
# share of it (bins of a histogram, of which the outermost are the lowest).
FEWEST_BARS = 3
OFF_STEP = 0.06
LEAST_FILLED = 0.75
# The stroke of the axis covers at most so many rows (px) of a low bar, which is no higher than this (px).
STROKE_ROWS = 2
HIGHEST_PX = 3
# What is seen of one has its bars' colour, paler: off the ground by this share of that colour at least, and
# off the way between the two by this share of what it is off the ground (an axis' grey rim by blue: 0.27).
LEAST_SHARE = 0.15
OFF_BLEND = 0.12
# It is seen over this share of its columns.
WHOLE = 0.9
# A greyer fill (levels between channels) is not told from the rim of an axis.
LEAST_CHROMA = 30
LOW_SIGMA_PX = 0.4


def with_bottom_bins(picture: Picture, frame: PanelFrame, traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """The bars of a panel with those that are nearly as low as the axis' stroke, where one colour has bars.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area.
    traces
        Its bars.
    """
    bars = traces[0] if len(traces) == 1 else None
    if bars is None or bars.base_px is None or bars.x_px.size < FEWEST_BARS:
        return tuple(traces)
    lying = bars.orientation == "horizontal"
    rgb = picture.rgb.transpose(1, 0, 2) if lying else picture.rgb
    box = frame.box
    ends = (box.top, box.bottom) if lying else (box.left, box.right)
    centers, edges = (bars.y_px, bars.x_px) if lying else (bars.x_px, bars.y_px)
    base = float(np.median(bars.base_px))
    outward = 1 if float(np.median(edges)) > base else -1
    slots = _free_slots(centers, bars.line_width_px or 0.0, ends)
    color = np.asarray(bars.color, dtype=np.float64)
    if not slots.size or np.ptp(color) < LEAST_CHROMA:
        return (bars,)
    half = 0.5 * (bars.line_width_px or 0.0)
    heights = [_height(rgb, (at - half, at + half), base, outward, color, frame) for at in slots]
    return (_with(bars, [(at, base + outward * h) for at, h in zip(slots, heights, strict=True) if h > 0]),)


def _free_slots(centers: FloatArray, width: float, ends: tuple[float, float]) -> FloatArray:
    """The steps of a row of bars at which none stands, within the panel."""
    order = np.sort(centers)
    steps = np.diff(order)
    step = float(steps.min()) if steps.size else 0.0
    if step <= 0 or width < LEAST_FILLED * step:
        return np.empty(0)
    at = np.round((order - order[0]) / step)
    slope, first = np.polyfit(at, order, 1)
    if np.abs(order - first - slope * at).max() > OFF_STEP * slope + 0.5:
        return np.empty(0)
    low = int(np.ceil((ends[0] + width / 2 - 1 - first) / slope))
    high = int(np.floor((ends[1] - width / 2 + 1 - first) / slope))
    free = np.setdiff1d(np.arange(low, high + 1), at)
    return np.asarray(first + slope * free, dtype=np.float64)


def _height(
    rgb: np.ndarray,
    across: tuple[float, float],
    base: float,
    outward: int,
    color: FloatArray,
    frame: PanelFrame,
) -> float:
    """How much (px) of a bar is seen beyond the axis' stroke between two columns; 0 where none is."""
    ground = np.asarray(frame.background, dtype=np.float64)
    columns = np.arange(round(across[0] + 2), round(across[1] - 1))
    rows = round(base) + outward * np.arange(STROKE_ROWS + HIGHEST_PX + 1)
    if columns.size < 3 or rows.min() < 0 or rows.max() >= rgb.shape[0] or columns[-1] >= rgb.shape[1]:
        return 0.0
    step = color - ground
    off = rgb[np.ix_(rows, columns)] - ground
    share = off @ step / max(float(step @ step), 1.0)
    away = np.linalg.norm(off - share[..., None] * step, axis=2)
    mine = (share >= LEAST_SHARE) & (away <= OFF_BLEND * np.linalg.norm(off, axis=2) + 1.0)
    seen = mine.mean(axis=1) >= WHOLE
    bare = (np.abs(off).max(axis=2) <= LEAST_SHARE * np.abs(step).max()).mean(axis=1) >= WHOLE
    inked = np.flatnonzero(seen)
    if not inked.size or inked[0] > STROKE_ROWS or inked[-1] + 1 >= rows.size:
        return 0.0
    whole = inked[-1] - inked[0] + 1 == inked.size <= HIGHEST_PX and bool(bare[inked[-1] + 1])
    height = float(np.median(np.clip(share[inked], 0.0, 1.0), axis=1).sum())
    # The base is the middle of the stroke: half of its rows are the bar's.
    return height + max(float(inked[0]) - 0.5, 0.0) if whole else 0.0


def _with(bars: Trace, low: list[tuple[float, float]]) -> Trace:
    """Bars with further ones, each by its centre and its value edge."""
    if not low or bars.y_low_px is not None or bars.base_px is None:
        return bars
    centers, edges = np.array(low).T
    x, y = (edges, centers) if bars.orientation == "horizontal" else (centers, edges)
    order = np.argsort(
        np.concatenate([bars.y_px if bars.orientation == "horizontal" else bars.x_px, centers])
    )
    return replace(
        bars,
        x_px=np.concatenate([bars.x_px, x])[order],
        y_px=np.concatenate([bars.y_px, y])[order],
        sigma_px=np.concatenate([bars.sigma_px, np.full(len(low), LOW_SIGMA_PX)])[order],
        base_px=np.concatenate([bars.base_px, np.full(len(low), float(np.median(bars.base_px)))])[order],
    )
