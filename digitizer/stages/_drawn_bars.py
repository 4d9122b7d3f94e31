"""Bars by the boxes they were drawn as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, DrawnPath, FloatArray, Trace
from digitizer.stages._line_fit import DRAWN_SIGMA_PX

# Colours of a path and of what was read of it differ by less, a channel.
SAME_COLOR = 48
# Each side of a bar is this near (px) to where it was read.
REACH_PX = 3.0
# Boxes have square corners to this (px).
SQUARE_PX = 0.05


def same_color(one: tuple[int, int, int] | None, other: tuple[int, int, int]) -> bool:
    """Whether a path's colour may be what was read."""
    return one is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOR


def place_bars(traces: Sequence[Trace], drawn: Sequence[DrawnPath]) -> tuple[Trace, ...]:
    """Give bars the edges of the boxes of their colour; those without a box stay where they are."""
    boxes = [(path, path.box) for path in drawn if path.fill is not None and _is_box(path)]
    return tuple(
        _place(trace, [box for path, box in boxes if same_color(path.fill, trace.color)])
        if trace.kind == "bar" and trace.base_px is not None
        else trace
        for trace in traces
    )


def _is_box(path: DrawnPath) -> bool:
    if len(path.x) not in (4, 5) or not path.is_vertex.all():
        return False
    dx, dy = np.abs(np.diff(path.x)), np.abs(np.diff(path.y))
    return bool((np.minimum(dx, dy) <= SQUARE_PX).all())


def _place(trace: Trace, boxes: Sequence[Box]) -> Trace:
    if not boxes or trace.base_px is None:
        return trace
    lying = trace.orientation == "horizontal"
    across, along = (trace.y_px, trace.x_px) if lying else (trace.x_px, trace.y_px)
    sides = np.array([(b.left, b.right, b.top, b.bottom) for b in boxes])
    if lying:
        sides = sides[:, [2, 3, 0, 1]]
    middle = (sides[:, 0] + sides[:, 1]) / 2
    middles, values = across.copy(), along.copy()
    bases, sigma = trace.base_px.copy(), trace.sigma_px.copy()
    for index, (place, value, base) in enumerate(zip(across, along, trace.base_px, strict=True)):
        low, high = min(value, base), max(value, base)
        off = np.max(np.abs([middle - place, sides[:, 2] - low, sides[:, 3] - high]), axis=0)
        best = int(np.argmin(off))
        if off[best] <= REACH_PX:
            middles[index] = middle[best]
            ends = sides[best, 2:]
            values[index], bases[index] = ends if value <= base else ends[::-1]
            sigma[index] = DRAWN_SIGMA_PX
    return _with(trace, middles, values, bases, sigma)


def _with(
    trace: Trace, middles: FloatArray, values: FloatArray, bases: FloatArray, sigma: FloatArray
) -> Trace:
    lying = trace.orientation == "horizontal"
    return replace(
        trace,
        x_px=values if lying else middles,
        y_px=middles if lying else values,
        base_px=bases,
        sigma_px=sigma,
    )
