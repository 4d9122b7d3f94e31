"""Settle where a bare line begins and ends, which its stroke's caps blur."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, FloatArray, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX

# Points between the ends stand on even steps where none of so many is further off than this (px): points of
# drawn lines are read to 0.15 px and stretched by up to as much.
FEWEST_EVEN = 6
EVEN_PX = 0.35
# Caps and their lack put an end off by half the stroke's width, and it is read to this (px).
END_PX = 0.5
# ... but no farther than this share of a step, which a last step that was cut short may be.
MOST_STEP = 0.25
# A line that runs flatly into a level side is lost in its stroke, as soon as they touch; carried on to its
# step it ends on the side, to this (px), as data do that the axis' limits were taken from.
ON_SIDE_PX = 1.0
# On stretches that fall by less than this (px a column) a cap moves no column's middle.
STEEP = 1.0
# Beside an end the line is straight where so many columns at least are off it by less than this (px along x,
# root mean square): two lines that melt there are off by more.
FEWEST_COLUMNS = 4
STRAIGHT_PX = 0.15


def settle_ends(trace: Trace, box: Box) -> Trace:
    """Put the ends of a bare line where its other points say they are.

    Parameters
    ----------
    trace : Trace
        A series in pixels.
    box : Box
        The plot area; a line that its sides cut off has no cap.

    Notes
    -----
    A stroke ends half its width inside or outside its last vertex, as the program draws caps. Where the other
    vertices stand on even steps, the ends do. Of a steep line that is read by columns, the last ones hold
    part of the stroke only, and their middles lag behind it by half its height: the start of a loss curve
    was told a percent too low.
    """
    bare = trace.kind == "line" and trace.marker == "none" and trace.y_low_px is None
    told = trace.sigma_px.size and np.nanmax(trace.sigma_px, initial=0.0) <= DRAWN_SIGMA_PX
    if not bare or told or trace.interpolation != "linear" or trace.x_px.size < FEWEST_EVEN:
        return trace
    if trace.sampled_at == "vertices":
        return _on_even_steps(trace, box)
    if trace.sampled_at == "columns":
        return _straighten(_straighten(trace, box, 1), box, -1)
    return trace


def _on_even_steps(trace: Trace, box: Box) -> Trace:
    """Move the outermost vertices along the line to where even steps have them."""
    x, y = trace.x_px.copy(), trace.y_px.copy()
    if not np.isfinite(x + y).all() or not (np.diff(x) > 0).all():
        return trace
    k = np.arange(x.size)
    step, start = np.polyfit(k[1:-1], x[1:-1], 1)
    if np.abs(x - start - step * k)[1:-1].max() > EVEN_PX:
        return trace
    most = min(trace.line_width_px / 2 + END_PX, MOST_STEP * step)
    inward = [start - x[0], x[-1] - start - step * k[-1]]
    lost = [_is_lost(x, y, start + step * k[end], end, trace.line_width_px, box) for end in (0, -1)]
    inward = [0.0 if gone else off for gone, off in zip(lost, inward, strict=True)]
    # Both ends have the same caps: where they say otherwise the steps are none of the data's.
    if max(map(abs, inward)) > most or (abs(inward[0] - inward[1]) > 2 * END_PX and not any(lost)):
        return trace
    for end, inner in ((0, 1), (-1, -2)):
        at = start + step * k[end]
        # Sides and ticks are moved onto the pixel grid: data at a side's value lies up to that beside it.
        if box.left - END_PX - EVEN_PX <= at <= box.right + END_PX + EVEN_PX:
            slope = (y[end] - y[inner]) / (x[end] - x[inner])
            x[end], y[end] = at, y[end] + slope * (at - x[end])
    return replace(trace, x_px=x, y_px=y)


def _is_lost(x: FloatArray, y: FloatArray, at: float, end: int, width: float, box: Box) -> bool:
    """Whether a line ends before its step at ``at`` since it runs into the stroke of a level side there."""
    inner = 1 if end == 0 else -2
    slope = (y[end] - y[inner]) / (x[end] - x[inner])
    side = box.top if abs(y[end] - box.top) < abs(y[end] - box.bottom) else box.bottom
    short = (at - x[end]) * (-1 if end == 0 else 1)
    reached = y[end] + slope * (at - x[end])
    touching = abs(y[end] - side) <= width + ON_SIDE_PX
    near = END_PX < short <= abs(x[end] - x[inner])
    return bool(near and touching and abs(reached - side) <= ON_SIDE_PX)


def _straighten(trace: Trace, box: Box, inward: int) -> Trace:
    """Carry a steep line on straight over the columns that a cap cuts at its left (1) or right (-1) end."""
    x, y = trace.x_px[::inward], trace.y_px[::inward]
    away = np.abs(x - x[0])
    half = trace.line_width_px / 2
    beside = _line_beside(x, y, away, trace.line_width_px)
    if beside is None or not np.isfinite(y[0]):
        return trace
    slope, level = beside
    share = abs(slope) / float(np.hypot(1, slope))
    cut = away <= 2 * half * share
    straight = level + slope * x
    cut_off = min(abs(x[0] - box.left), abs(x[0] - box.right)) <= 1 + END_PX
    end = straight[0] + inward * slope * half * share
    cut_off |= min(abs(end - box.top), abs(end - box.bottom)) <= trace.line_width_px
    # The cut columns' middles lie behind the line, no farther than the stroke is high, and come up to it.
    behind = (y - straight)[cut] * np.sign(slope) * inward
    if abs(slope) < STEEP or cut_off or not np.isfinite(behind).all():
        return trace
    if behind[0] < END_PX * abs(slope) or behind.max() > abs(slope) * trace.line_width_px:
        return trace
    if abs(behind[-1]) > END_PX * abs(slope):
        return trace
    kept = (away >= half * share - 1)[::inward]
    put = np.where(cut, straight, y)[::inward]
    return replace(trace, x_px=trace.x_px[kept], y_px=put[kept], sigma_px=trace.sigma_px[kept])


def _line_beside(x: FloatArray, y: FloatArray, away: FloatArray, width: float) -> tuple[float, float] | None:
    """Slope and level of the straight line through the columns beside those that a cap may cut."""
    beside = (away > width) & (away <= width + max(FEWEST_COLUMNS, width)) & np.isfinite(y)
    if np.count_nonzero(beside) < FEWEST_COLUMNS:
        return None
    slope, level = (float(v) for v in np.polyfit(x[beside], y[beside], 1))
    off = float(np.sqrt(np.mean(np.square(y[beside] - level - slope * x[beside]))))
    return (slope, level) if off <= STRAIGHT_PX * max(1.0, abs(slope)) else None
