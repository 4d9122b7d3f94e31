"""Bars that end at a side of the frame, or go on beyond it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import ByteImage, FloatArray, PanelFrame, Picture, Side, Trace
from digitizer.stages.bars.edges import LEVEL_ROWS, MIDDLE_SHARE, REACH, STROKE

# A bar that ends this near (px) to the frame's side may go on beyond it. It is followed so far (px), its end
# there known to this (px); where it goes on in its colour (largest channel) and does not end, its value is
# unknown by this share of the panel.
BEYOND_PX = 3.0
LONGEST_BEYOND_PX = 40
BEYOND_SIGMA_PX = 0.5
SAME_FILL = 20
CLIPPED_SHARE = 0.05
# Bars that all end so near (px) to a side, one as the other, are shares of a whole: they end at it. Edges in
# the ground's colour hide a pixel of each (Excel).
WHOLE_PX, SAME_END_PX = 2.0, 0.5


def follow_clipped(picture: Picture, frame: PanelFrame, trace: Trace) -> Trace:
    """Carry bars that go on beyond the frame to where they end; where they do not, widen their deviation.

    The last line of a grid passes for a side, and bars may rise above it. Those that end under it reach it:
    they are seen to where the plot is cut, a pixel and more below.
    """
    lying = trace.orientation == "horizontal"
    rgb = picture.rgb.transpose(1, 0, 2) if lying else picture.rgb
    edge, place = (trace.x_px, trace.y_px) if lying else (trace.y_px, trace.x_px)
    sides = (frame.box.left, frame.box.right) if lying else (frame.box.top, frame.box.bottom)
    edge, sigma = edge.copy(), trace.sigma_px.copy()
    half = max(1, round(MIDDLE_SHARE * trace.line_width_px))
    for i, (at, across) in enumerate(zip(edge, place, strict=True)):
        columns = slice(max(0, round(across) - half), round(across) + half + 1)
        for side, outward in ((sides[0], -1), (sides[1], 1)):
            if abs(at - side) > BEYOND_PX:
                continue
            begin = round(side + outward * (frame.line_width / 2 + 1))
            rows = begin + outward * np.arange(LONGEST_BEYOND_PX)
            rows = rows[(rows >= 0) & (rows < len(rgb))]
            end = _end_of_fill(np.median(rgb[rows, columns], axis=1), trace.color, frame.background)
            over = _end_over_side(rgb, columns, at, outward, trace.color, frame)
            if over is not None and outward * (over - at) > 0 >= outward * (over - begin):
                edge[i] = over
            elif end is not None:
                edge[i], sigma[i] = begin + outward * end, BEYOND_SIGMA_PX
            elif len(rows) and _is_fill(rgb[rows[0], columns], trace.color):
                sigma[i] = CLIPPED_SHARE * (sides[1] - sides[0])
            elif _reaches(rgb[:, columns], at, side - outward * frame.line_width / 2, trace.color):
                edge[i] = side
    for side in sides:
        if _are_whole(edge, trace.base_px, side):
            edge[:] = side
    if lying:
        return replace(trace, x_px=edge, sigma_px=sigma)
    return replace(trace, y_px=edge, sigma_px=sigma)


def doubt_ends_at_side(trace: Trace, frame: PanelFrame, ticks: FloatArray) -> Trace:
    """Widen the deviation of bars of which several, and not all, end at the far side, where no tick stands.

    The panel cuts off what goes on; a tick there would say that the axis is meant to end so. ``ticks`` are
    where the labels of the values' axis stand (px).
    """
    lying = trace.orientation == "horizontal"
    edge, base = trace.x_px if lying else trace.y_px, trace.base_px
    if base is None or not edge.size:
        return trace
    low, high = (frame.box.left, frame.box.right) if lying else (frame.box.top, frame.box.bottom)
    side = low if np.median(edge) < np.median(base) else high
    at_side = np.abs(edge - side) <= WHOLE_PX
    if (
        not 2 <= np.count_nonzero(at_side) < edge.size
        or np.abs(ticks - side).min(initial=np.inf) <= BEYOND_PX
    ):
        return trace
    unknown = np.where(at_side, CLIPPED_SHARE * (high - low), 0.0)
    return replace(trace, sigma_px=np.maximum(trace.sigma_px, unknown))


def doubt_ends_at_break(trace: Trace, frame: PanelFrame, others: Sequence[PanelFrame]) -> Trace:
    """Widen the deviation of bars that end at a side which alone is not drawn, with another panel beyond it.

    The axis is broken there, and goes on in that panel. Of shares of a whole all bars end at the side that
    they hide, and the last of a scale that ends with the highest bar has none to be drawn.
    """
    lying = trace.orientation == "horizontal"
    edge = trace.x_px if lying else trace.y_px
    names: tuple[Side, Side] = ("left", "right") if lying else ("top", "bottom")
    low, high = (frame.box.left, frame.box.right) if lying else (frame.box.top, frame.box.bottom)
    sigma = trace.sigma_px
    for name, side in zip(names, (low, high), strict=True):
        at_side = np.abs(edge - side) <= BEYOND_PX
        alone = frame.sides == {"left", "right", "top", "bottom"} - {name}
        if alone and not at_side.all() and any(_is_beyond(frame, other, name) for other in others):
            sigma = np.where(at_side, np.maximum(sigma, CLIPPED_SHARE * (high - low)), sigma)
    return replace(trace, sigma_px=sigma)


def _is_beyond(frame: PanelFrame, other: PanelFrame, side: Side) -> bool:
    """Whether another panel lies beyond a side, over the middle of it."""
    box, b = frame.box, other.box
    if side in ("top", "bottom"):
        beyond = b.bottom <= box.top + BEYOND_PX if side == "top" else b.top >= box.bottom - BEYOND_PX
        return beyond and b.left <= box.center[0] <= b.right
    beyond = b.right <= box.left + BEYOND_PX if side == "left" else b.left >= box.right - BEYOND_PX
    return beyond and b.top <= box.center[1] <= b.bottom


def _are_whole(edge: FloatArray, base: FloatArray | None, side: float) -> bool:
    """Whether all bars end at one side, none of which begins there."""
    if edge.size < 2 or base is None or np.abs(base - side).min() <= 2 * WHOLE_PX:
        return False
    return bool(np.abs(edge - side).max() <= WHOLE_PX and np.ptp(edge) <= SAME_END_PX)


def _end_over_side(
    rgb: ByteImage, columns: slice, at: float, outward: int, color: tuple[int, int, int], frame: PanelFrame
) -> float | None:
    """Where a bar ends that is drawn over the side's stroke, on it or just beyond; None where it is not."""
    start = round(at) - outward
    rows = start + outward * np.arange(2 * REACH + LEVEL_ROWS)
    if rows.min() < 0 or rows.max() >= len(rgb):
        return None
    end = _end_of_fill(np.median(rgb[rows, columns], axis=1), color, frame.background)
    return None if end is None else float(start + outward * end)


def _reaches(strip: ByteImage, at: float, rim: float, color: tuple[int, int, int]) -> bool:
    """Whether a bar that was cut off at row ``at`` goes on to the ``rim`` of the side's stroke."""
    low, high = sorted((at, rim))
    rows = np.arange(math.ceil(low), math.floor(high) + 1)
    rows = rows[(rows > low) & (rows < high)]
    return bool(len(rows)) and all(_is_fill(strip[row], color) for row in rows)


def _is_fill(pixels: ByteImage, color: tuple[int, int, int]) -> bool:
    seen = np.median(pixels.astype(np.float64), axis=0)
    return bool(np.abs(seen - np.array(color)).max() <= SAME_FILL)


def _end_of_fill(path: FloatArray, color: tuple[int, int, int], ground: tuple[int, int, int]) -> float | None:
    """The row at which a path out of a fill comes to the ground; None where it is no fill or does not end."""
    step = np.asarray(color, dtype=np.float64) - np.asarray(ground, dtype=np.float64)
    share = (path - np.asarray(ground)) @ step / max(float(step @ step), 1.0)
    off = np.abs(path - np.asarray(ground) - share[:, None] * step).max(axis=1, initial=0.0)
    below = np.flatnonzero(share < 0.5)
    if not below.size or below[0] == 0 or off[: below[0] + 1].max() > STROKE:
        return None
    k = int(below[0])
    if np.any(share[k + 1 : k + LEVEL_ROWS] > 0.5) or k + 1 >= share.size:
        return None
    return float(k - 1 + (share[k - 1] - 0.5) / max(share[k - 1] - share[k], 1e-6))
