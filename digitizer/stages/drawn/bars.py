"""Bars by the boxes they were drawn as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.drawing import DrawnPath
from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX

# Colours of a path and of what was read of it differ by less, a channel.
SAME_COLOR = 48
# Each side of a bar is this near (px) to where it was read.
REACH_PX = 3.0
# Boxes have square corners to this (px).
SQUARE_PX = 0.05
# Bars of one series come in this number at least; so many are in order by chance one time in three.
FEWEST = 3


def same_color(one: tuple[int, int, int] | None, other: tuple[int, int, int]) -> bool:
    """Whether a path's colour may be what was read."""
    return one is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOR


def place_bars(traces: Sequence[Trace], drawn: Sequence[DrawnPath]) -> tuple[Trace, ...]:
    """Give bars the edges of the boxes of their colour; those without a box stay where they are."""
    boxes = [(path, path.box) for path in drawn if path.fill is not None and is_box(path)]
    return tuple(
        _place(trace, [box for path, box in boxes if same_color(path.fill, trace.color)])
        if trace.kind == "bar" and trace.base_px is not None
        else trace
        for trace in traces
    )


def complete_bars(traces: Sequence[Trace], drawn: Sequence[DrawnPath], frame: Box) -> tuple[Trace, ...]:
    """Give bars all boxes of their colour and width, and make bars of lines that such boxes were read as."""
    groups = _rows(drawn, frame)
    everything = [box for _, boxes, _ in groups for box in boxes]
    placed = list(traces)
    for color, boxes, lying in groups:
        alike = [k for k, trace in enumerate(placed) if same_color(color, trace.color)]
        if len(alike) != 1:
            continue
        trace = placed[alike[0]]
        is_bar = trace.kind == "bar" and (trace.orientation == "horizontal") == lying
        exact = bool(trace.sigma_px.size) and bool(np.nanmax(trace.sigma_px) <= DRAWN_SIGMA_PX)
        lost = is_bar and (len(trace.x_px) < len(boxes) or (len(trace.x_px) == len(boxes) and not exact))
        if lost or (trace.kind == "line" and not exact):
            placed[alike[0]] = _of_boxes(trace, boxes, everything, lying=lying)
    return tuple(placed)


def tell_order(traces: Sequence[Trace], drawn: Sequence[DrawnPath]) -> tuple[Trace, ...]:
    """Tell whether level bars were drawn downwards: programs draw them as their categories are listed."""
    boxes = [path for path in drawn if path.fill is not None and is_box(path)]
    return tuple(
        replace(trace, drawn_down=_runs_down(trace, boxes))
        if trace.kind == "bar" and trace.orientation == "horizontal" and trace.base_px is not None
        else trace
        for trace in traces
    )


def _runs_down(trace: Trace, boxes: Sequence[DrawnPath]) -> bool | None:
    """Whether the boxes of a series follow each other downwards; None in no order, or with one missing."""
    if trace.base_px is None or len(trace.y_px) < FEWEST:
        return None
    sides = np.stack([trace.y_px, trace.x_px, trace.base_px], axis=1)
    places = [float((p.box.top + p.box.bottom) / 2) for p in boxes if _is_of(p, trace.color, sides)]
    steps = np.diff(places)
    if len(places) != len(sides) or not ((steps > 0).all() or (steps < 0).all()):
        return None
    return bool(steps[0] > 0)


def _is_of(path: DrawnPath, color: tuple[int, int, int], bars: FloatArray) -> bool:
    """Whether a box is one of these level bars: middle, value and base."""
    box = path.box
    low, high = np.sort(bars[:, 1:], axis=1).T
    off = np.abs([bars[:, 0] - (box.top + box.bottom) / 2, low - box.left, high - box.right])
    return same_color(path.fill, color) and bool((off.max(axis=0) <= SQUARE_PX).any())


def _rows(drawn: Sequence[DrawnPath], frame: Box) -> list[tuple[tuple[int, int, int], list[Box], bool]]:
    """By fill the boxes in a panel that are as wide (or high, where bars lie) as each other."""
    fills: dict[tuple[int, int, int], list[Box]] = {}
    for path in drawn:
        box = path.box
        inside = frame.contains(box.left, box.top, REACH_PX) and frame.contains(
            box.right, box.bottom, REACH_PX
        )
        if path.fill is not None and is_box(path) and inside and min(box.width, box.height) > REACH_PX:
            fills.setdefault(path.fill, []).append(box)
    found = []
    for color, boxes in fills.items():
        for lying in (False, True):
            thick = np.array([box.bottom - box.top if lying else box.right - box.left for box in boxes])
            own = np.abs(thick - np.median(thick)) <= SQUARE_PX
            row = [box for box, is_own in zip(boxes, own, strict=True) if is_own]
            middles = [box.top + box.bottom if lying else box.left + box.right for box in row]
            # Square markers are as long as each other.
            lengths = [box.right - box.left if lying else box.bottom - box.top for box in row]
            if len(row) < FEWEST or np.ptp(lengths) <= REACH_PX:
                continue
            if np.min(np.diff(np.sort(middles))) > REACH_PX:
                found.append((color, row, lying))
                break
    return found


def _of_boxes(trace: Trace, boxes: Sequence[Box], everything: Sequence[Box], *, lying: bool) -> Trace:
    """Bars of these boxes: from where most boxes of the panel start, others standing on each other."""
    sides = np.array([(b.left, b.right, b.top, b.bottom) for b in boxes])
    rest = np.array([(b.left, b.right, b.top, b.bottom) for b in everything])
    first, last, zero_side = (2, 3, 0) if lying else (0, 1, 3)
    far_side = 1 if lying else 2
    places, counts = np.unique(np.round(rest[:, [zero_side, far_side]], 1), return_counts=True)
    zero = places[np.argmax(counts)]
    below = np.abs(sides[:, far_side] - zero) <= 0.1
    base = np.where(below, sides[:, far_side], sides[:, zero_side])
    value = np.where(below, sides[:, zero_side], sides[:, far_side])
    middle = (sides[:, first] + sides[:, last]) / 2
    order = np.argsort(middle)
    bars = replace(
        trace,
        kind="bar",
        orientation="horizontal" if lying else "vertical",
        sampled_at="markers",
        line_style="none",
        marker="none",
        line_width_px=float(np.median(sides[:, last] - sides[:, first])),
        hidden=0.0,
    )
    sigma = np.full(len(boxes), DRAWN_SIGMA_PX)
    return _with(bars, middle[order], value[order], base[order], sigma)


def is_box(path: DrawnPath) -> bool:
    """Whether a path is a rectangle."""
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
