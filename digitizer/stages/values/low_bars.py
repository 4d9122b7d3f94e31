"""Put the bars of categories where none was seen at their baseline: they are too low to show, or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, PanelFrame, Picture, Scale, Trace
from digitizer.stages.values.bar_values import ON_BASE_PX, bar_edges, bar_places

# Bars of a series stand at this share of the categories at least. With fewer the others are elsewhere, unless
# a series that does stands beside it, by this share of a bar's width: in groups one bar tells the places.
LEAST_SEEN = 0.5
BESIDE = 0.5
FEWEST_CATEGORIES = 3
# A bar of a pixel or two may be hidden by the axis' line: its end is known to this (px).
SIGMA_PX = 1.0
# The place of a low bar shows ground (largest channel) over this share of so many pixels from its base on,
# but for its own rows.
GROUND_OFF = 40.0
GROUND_SHARE = 0.85
LOOK_PX = 30
LOWEST_PX = 4
# Of its width the middle is looked at.
MIDDLE_SHARE = 0.25


def with_low_bars(
    picture: Picture, frame: PanelFrame, traces: Sequence[Trace], x_scale: Scale | None, y_scale: Scale | None
) -> tuple[Trace, ...]:
    """Give each series of bars one bar a category, where the places of the others show ground alone.

    Parameters
    ----------
    traces
        The series of a panel, in source pixels.
    x_scale, y_scale
        Its scales; bars are completed along the one that holds categories.

    Notes
    -----
    A bar that was not seen ends at its base, or after the row or two that show there in its colour. Bars that
    stand on others are left as they are.
    """
    bars = [t for t in traces if t.kind == "bar" and t.base_px is not None]
    scale = y_scale if bars and bars[0].orientation == "horizontal" else x_scale
    if not bars or scale is None or scale.kind != "category" or len(scale.values) < FEWEST_CATEGORIES:
        return tuple(traces)
    bases = np.concatenate([t.base_px for t in bars if t.base_px is not None])
    base = float(np.median(bases))
    if np.any(np.abs(bases - base) > ON_BASE_PX):
        return tuple(traces)
    centers = scale.to_pixel(np.arange(len(scale.values), dtype=np.float64))
    full = [_offset(t, centers) for t in bars if _n_places(t, centers) >= LEAST_SEEN * len(centers)]
    out = []
    for trace in traces:
        known = trace.kind == "bar" and 0 < _n_places(trace, centers) < len(centers)
        if known and _n_places(trace, centers) < LEAST_SEEN * len(centers):
            apart = BESIDE * trace.line_width_px
            known = any(abs(offset - _offset(trace, centers)) >= apart for offset in full)
        out.append(_completed(picture, frame, trace, centers, base) if known else trace)
    return tuple(out)


def _nearest(trace: Trace, centers: FloatArray) -> NDArray[np.intp]:
    return np.asarray(np.argmin(np.abs(bar_places(trace)[:, None] - centers), axis=1))


def _n_places(trace: Trace, centers: FloatArray) -> int:
    """At how many categories a series has its bar, 0 where it has two at one."""
    nearest = _nearest(trace, centers)
    n = len(set(nearest.tolist()))
    return n if n == len(nearest) else 0


def _offset(trace: Trace, centers: FloatArray) -> float:
    """How far a series' bars stand from the middles of their categories."""
    return float(np.median(bar_places(trace) - centers[_nearest(trace, centers)]))


def _completed(picture: Picture, frame: PanelFrame, trace: Trace, centers: FloatArray, base: float) -> Trace:
    """A series with the bars added that are too low to be seen."""
    nearest, offset = _nearest(trace, centers), _offset(trace, centers)
    added = []
    for center in np.delete(centers, nearest):
        edge = _low_edge(picture, frame, trace, float(center) + offset, base)
        if edge is not None:
            added.append((float(center) + offset, edge))
    if not added:
        return trace
    place, edge_px = np.array(added).T
    all_places, edges = np.append(bar_places(trace), place), np.append(bar_edges(trace), edge_px)
    order = np.argsort(all_places, kind="stable")

    def filled(column: FloatArray | None, value: float) -> FloatArray | None:
        return None if column is None else np.append(column, np.full(len(place), value))[order]

    lying = trace.orientation == "horizontal"
    x, y = (edges, all_places) if lying else (all_places, edges)
    return replace(
        trace,
        x_px=x[order],
        y_px=y[order],
        sigma_px=np.append(trace.sigma_px, np.full(len(place), SIGMA_PX))[order],
        base_px=filled(trace.base_px, base),
        y_low_px=filled(trace.y_low_px, np.nan),
        y_high_px=filled(trace.y_high_px, np.nan),
    )


def _low_edge(picture: Picture, frame: PanelFrame, trace: Trace, at: float, base: float) -> float | None:
    """Where a low bar at a place ends (px along the values); None where other ink than its own is there."""
    lying = trace.orientation == "horizontal"
    rgb = picture.rgb.transpose(1, 0, 2) if lying else picture.rgb
    half = max(1, round(MIDDLE_SHARE * trace.line_width_px))
    across = slice(max(0, round(at) - half), round(at) + half + 1)
    outward = 1 if float(np.median(bar_edges(trace) - base)) > 0 else -1
    start = round(base + outward * (frame.line_width / 2 + 0.5))
    rows = start + outward * np.arange(LOOK_PX)
    rows = rows[(rows >= 0) & (rows < len(rgb))]
    if len(rows) <= 2 * LOWEST_PX or across.stop > rgb.shape[1]:
        return None
    path = np.median(rgb[rows, across].astype(np.float64), axis=1) - np.asarray(frame.background)
    bare = np.abs(path).max(axis=1) <= GROUND_OFF
    if float(np.mean(bare[LOWEST_PX:])) < GROUND_SHARE:
        return None
    step = np.asarray(trace.color, dtype=np.float64) - np.asarray(frame.background)
    share = np.clip(path @ step / max(float(step @ step), 1.0), 0.0, 1.0)
    own = np.abs(path - share[:, None] * step).max(axis=1) <= GROUND_OFF
    rising = np.flatnonzero((share[:LOWEST_PX] >= 0.5) & own[:LOWEST_PX])
    return float(start + outward * (rising[-1] + 0.5)) if len(rising) else base
