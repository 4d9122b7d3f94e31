"""Give lines the first and last markers that a side of the frame cuts in half.

Many renderers clip what is drawn to the plot area: of a marker at the first and the last x, which lies on the
frame's side where axes begin and end with the data, half is left, and that is no marker. A line whose markers
stand on even steps has one more there if the next step falls on the side and ink leads straight to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from digitizer.evidence import FloatArray, Mask, PanelFrame, Trace
from digitizer.medians import median
from digitizer.stages.series.shared_ends import LEAST_SIGMA_PX, extended, inked_share

# So many markers tell even steps, each to this (px): Agg's snapping moves them by half a pixel.
FEWEST = 4
EVEN_PX = 1.2
# The next step falls on the side to this (px): the period's error, and half of the side's stroke.
ON_SIDE_PX = 2.0
# Shorter steps (markers' sizes) leave no line to be seen between two markers.
LEAST_STEP = 1.5
# Heights at the side that are tried are this far (px) apart; those as good as the best one to this share of
# the way are as likely.
APART_PX = 0.5
ALIKE = 0.02
# This share of the way is inked or hidden (half a marker's edge and the side's stroke part line and side),
# and the line itself is seen in this share of the columns or rows between its markers, and in so many.
INKED, SEEN, FEWEST_SEEN = 0.85, 0.5, 4
# Its course there is straight to this (px), else it ends elsewhere.
STRAIGHT_PX = 0.5

Inked = Callable[[Trace], tuple[Mask, Mask, int, int]]


def add_side_ends(traces: Sequence[Trace], frame: PanelFrame, inked: Inked) -> list[Trace]:
    """Add the markers at both ends of lines that stand on the frame's left or right side.

    Parameters
    ----------
    traces : sequence of Trace
        All series of a panel (source px).
    frame
        The panel's plot area.
    inked : callable
        Where a trace has ink, where it may be hidden, and the source pixel (left, top) of the masks' first.
    """
    out = []
    for trace in traces:
        for side, at in ((0, frame.box.left), (-1, frame.box.right)):
            if _steps_onto(trace, side, at):
                trace = _ended_on(trace, side, at, inked)
        out.append(trace)
    return out


def _steps_onto(trace: Trace, side: int, at: float) -> bool:
    """Whether a line's markers stand on even steps, the next of which falls on the side."""
    plain = trace.kind == "line" and trace.line_style == "solid" and trace.y_low_px is None
    x = trace.x_px
    if not plain or trace.sampled_at != "markers" or x.size < FEWEST or not np.isfinite(trace.y_px).all():
        return False
    k = np.round((x - x[0]) / max(median(np.diff(x)), 1.0))
    period, origin = np.polyfit(k, x, 1)
    off = np.abs(origin + period * k - x).max()
    if np.diff(k).min() < 1 or off > EVEN_PX or period < LEAST_STEP * trace.marker_size_px:
        return False
    following = origin + period * (k[side] + (-1 if side == 0 else 1))
    return abs(float(following) - at) <= ON_SIDE_PX


def _ended_on(trace: Trace, side: int, at: float, inked: Inked) -> Trace:
    """A line with one more marker on the side, where its ink leads to one."""
    ink, hidden, left, top = inked(trace)
    start = float(trace.x_px[side]) - left, float(trace.y_px[side]) - top
    end_x, radius = at - left, max(trace.marker_size_px, 2.0) / 2
    heights = np.arange(0.0, ink.shape[0] - 1 + APART_PX / 2, APART_PX)
    share = np.array([inked_share(ink | hidden, start, (end_x, y), radius) for y in heights])
    best = float(share.max(initial=0.0))
    if best < INKED:
        return trace
    likely = heights[share >= best - ALIKE]
    found = _follow(ink, start, (end_x, float(likely.mean())), radius, trace.line_width_px)
    if found is None:
        return trace
    height, sigma = found
    return extended(trace, side, at, height + top, max(sigma, LEAST_SIGMA_PX))


def _follow(
    mask: Mask, start: tuple[float, float], end: tuple[float, float], radius: float, width: float
) -> tuple[float, float] | None:
    """The height that a straight stroke comes to at its end, and its deviation; None where it is none.

    The middles of the stroke are taken across it, column by column or, where it is steep, row by row.
    """
    way = np.subtract(end, start)
    steep = abs(way[1]) > abs(way[0])
    rows = mask.T if steep else mask
    (u0, v0), (u1, v1) = (start[::-1], end[::-1]) if steep else (start, end)
    share = (radius + 1) / max(float(np.hypot(*way)), 1e-9)
    inner, outer = u0 + share * (u1 - u0), u1 - share * (u1 - u0)
    u = np.arange(int(np.ceil(min(inner, outer))), int(max(inner, outer)) + 1)
    u = u[(u >= 0) & (u < rows.shape[1])]
    reach = int(np.ceil(width)) + 2
    at: list[tuple[float, float]] = []
    for column in u.tolist():
        middle = v0 + (column - u0) / (u1 - u0) * (v1 - v0)
        around = np.arange(max(0, round(middle) - reach), min(rows.shape[0], round(middle) + reach + 1))
        ink = around[rows[around, column]]
        if ink.size and np.ptp(ink) + 1 == ink.size <= 2 * width + 3:
            at.append((column, float(ink.mean())))
    if len(at) < max(FEWEST_SEEN, SEEN * u.size):
        return None
    along, across = np.array(at).T
    slope, level = np.polyfit(along, across, 1)
    off = float(np.sqrt(np.mean(np.square(level + slope * along - across))))
    if off > STRAIGHT_PX:
        return None
    return _at_end(along, off, slope, level, end[0], steep=steep)


def _at_end(
    along: FloatArray, off: float, slope: float, level: float, x: float, *, steep: bool
) -> tuple[float, float] | None:
    """The height of a fitted stroke at x, and its deviation; of a steep one x is the fitted coordinate."""
    if steep and abs(slope) < 1e-6:
        return None
    u = (x - level) / slope if steep else x
    lever = np.hypot(
        1.0 / np.sqrt(along.size), (u - along.mean()) / (np.sqrt(along.size) * max(along.std(), 1.0))
    )
    sigma = off * float(lever)
    return (float(u), sigma / abs(slope)) if steep else (level + slope * x, sigma)
