"""Read each drawn line a second time, column by column, and compare its path with that.

The path comes from tracing, linking, sharpening and vertices. This looks at the ink alone: in each column
where no other ink is near, where does the stroke lie, and does it lie where the path says?
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask, Trace
from digitizer.medians import quantile
from digitizer.stages.pixels.channels import total
from digitizer.stages.series.inks.distinct import project
from digitizer.stages.series.inks.ink import FloatImage, Ink

# Colours off the segment from ground to stroke by less than this share of its length are the stroke's.
COLOR_TOLERANCE = 0.3
# A point is off where it misses by more than this share of the panel's height, and by a pixel: columns read
# alone are no better than that.
OFF_HEIGHT = 0.01
LEAST_PX = 1.0
# Ink is looked for this far (px) beyond where the stroke would be off.
BEYOND_PX = 2.0
# A pixel belongs to the stroke from this coverage on, of lines thinner than a pixel from less.
COVERED = 0.35
# Where a path is steep, the ends of its ink in a column are known to this (px).
STEEP_SLACK_PX = 0.75
# Strokes rising by less than this many widths in a column are compared by their middle.
FLAT_WIDTHS = 3.0
# Fewer columns than this say nothing of how far a path lies beside its stroke.
FEWEST = 10
# Ink this near (px, and in widths) to the straight line over a gap may be the line that was lost there.
GAP_PX, GAP_WIDTHS = 3.0, 2.0
# Beyond an end, and the rim of its cap or marker (px), the line is looked for over this many columns.
RIM_PX = 1.5
BEYOND_COLUMNS = 4
# Around a line so much (px) of the panel is looked at, beyond its stroke, its markers and their corridor.
MARGIN_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """What the columns say of a path.

    Attributes
    ----------
    off
        Share of the path's columns in which its stroke lies elsewhere, by more than a percent of the height.
    apart
        How far path and stroke lie apart in nine of ten columns, in percents of the height.
    lost
        Share of the width that the line spans where it has no points and yet ink or a text lies in its way.
    open_ends
        Whether ink or a text lies beyond its left and its right end, under which the line may go on.
    """

    off: float = 0.0
    apart: float = 0.0
    lost: float = 0.0
    open_ends: tuple[bool, bool] = (False, False)


def reach_px(height: int) -> float:
    """How far (px) around a stroke its ink is looked for in a panel of this height."""
    return _limit(height) + BEYOND_PX


def read_again(ink: Ink, trace: Trace, corridor: ByteImage, others: ByteImage) -> SecondReading:
    """Compare a line with its ink.

    Parameters
    ----------
    ink
        What is drawn in the panel.
    trace
        A series in source pixels; other ones than lines are not judged.
    corridor
        Mask of its drawing, grown by :func:`reach_px`.
    others
        Mask of the drawings of all other series.
    """
    x = trace.x_px
    if trace.kind != "line" or trace.line_style == "none" or x.size < 2 or np.any(np.diff(x) <= 0):
        return SecondReading()
    height, limit = ink.height, _limit(ink.height)
    window = _window(ink, trace)
    ink, corridor, others = _crop(ink, window), corridor[window], others[window]
    inked = ink.stands_out()
    lost, open_ends = _lost_share(ink, trace, inked), _find_open_ends(ink, trace, inked)
    low, high = _ranges(trace, ink)
    on = np.isfinite(low + high) & (high >= 0) & (low < ink.height)
    if not on.any():
        return SecondReading(lost=lost, open_ends=open_ends)
    width = max(1.0, trace.line_width_px)
    alpha = see_color(ink, trace, corridor)
    foreign = (corridor > 0) & (inked & (alpha <= 0) | ink.hidden | (others > 0))
    clear = on & ~foreign.any(axis=0) & ~_at_markers(trace, ink)
    clear &= (low - width / 2 > 1) & (high + width / 2 < ink.height - 2)
    apart, seen = _apart(alpha, np.where(on, low, 0.0), np.where(on, high, 0.0), on, width)
    if trace.line_style == "solid":
        apart = np.where(seen, apart, 2 * limit)
    else:
        clear &= seen
    n = int(on.sum())
    judged = apart[clear]
    typical = quantile(judged, 0.9) if judged.size >= FEWEST else 0.0
    return SecondReading(
        off=float(np.sum(judged > limit)) / n,
        apart=typical / (OFF_HEIGHT * height),
        lost=lost,
        open_ends=open_ends,
    )


def see_color(ink: Ink, trace: Trace, mask: ByteImage) -> FloatImage:
    """How far pixels under a mask are covered by a trace's colour (0 to 1); 0 where they hold another one."""
    rows, columns = np.divmod(np.flatnonzero(mask > 0), mask.shape[1])
    color = np.asarray(trace.color, dtype=np.float64)
    ground = ink.ground[rows, columns]
    alpha, residual = project(ink.rgb[rows, columns], ground, color)
    length = np.sqrt(total(np.square(color.astype(np.float32) - ground)))
    good = residual < COLOR_TOLERANCE * length + 4 * ink.noise + 6
    image = np.zeros(mask.shape, dtype=np.float32)
    image[rows, columns] = np.where(good, np.clip(alpha, 0.0, 1.0), 0.0)
    return image


def _limit(height: int) -> float:
    return max(LEAST_PX, OFF_HEIGHT * height)


def _window(ink: Ink, trace: Trace) -> tuple[slice, slice]:
    """The rows and columns of the panel that a line and what is near it lie in."""
    pad = reach_px(ink.height) + MARGIN_PX + trace.line_width_px + trace.marker_size_px
    x, y = trace.path_px[0] - ink.left, trace.path_px[1][np.isfinite(trace.path_px[1])] - ink.top
    if not y.size:
        return slice(0, 1), slice(0, 1)
    left, right = max(0, int(x.min() - pad)), min(ink.width, int(x.max() + pad) + 2)
    top, bottom = max(0, int(y.min() - pad)), min(ink.height, int(y.max() + pad) + 2)
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def _crop(ink: Ink, window: tuple[slice, slice]) -> Ink:
    rows, columns = window
    return replace(
        ink,
        left=ink.left + columns.start,
        top=ink.top + rows.start,
        **{name: getattr(ink, name)[window] for name in ("rgb", "ground", "strength", "hidden", "on_grid")},
    )


def _ranges(trace: Trace, ink: Ink) -> tuple[FloatArray, FloatArray]:
    """The rows between which a path runs in each column of the crop; NaN where it does not."""
    x, y = trace.path_px[0] - ink.left, trace.path_px[1] - ink.top
    edges = np.arange(ink.width + 1) - 0.5
    at = np.interp(edges, x, y, left=np.nan, right=np.nan)
    low, high = np.minimum(at[:-1], at[1:]), np.maximum(at[:-1], at[1:])
    column = np.round(x).astype(int)
    there = np.isfinite(y) & (column >= 0) & (column < ink.width)
    # Columns that the path ends in stay out of it.
    with np.errstate(invalid="ignore"):
        np.minimum.at(low, column[there], y[there])
        np.maximum.at(high, column[there], y[there])
    return low, high


def _at_markers(trace: Trace, ink: Ink) -> Mask:
    """Columns in which a marker of the trace widens its stroke."""
    at = np.zeros(ink.width, dtype=bool)
    if trace.marker == "none":
        return at
    reach = 0.6 * trace.marker_size_px + 1.0
    for x in trace.x_px[np.isfinite(trace.y_px)] - ink.left:
        at[max(0, int(x - reach)) : max(0, int(x + reach) + 2)] = True
    return at


def _apart(
    alpha: FloatImage, low: FloatArray, high: FloatArray, on: Mask, width: float
) -> tuple[FloatArray, Mask]:
    """How far (px) the ink of each column lies beside the path, and whether there is any."""
    height = alpha.shape[0]
    own = alpha > COVERED * min(1.0, width)
    seen = own.any(axis=0)
    weight = np.maximum(alpha.sum(axis=0), 1e-6)
    middle = (alpha * np.arange(height, dtype=np.float32)[:, None]).sum(axis=0) / weight
    first, last = own.argmax(axis=0), height - 1 - own[::-1].argmax(axis=0)
    columns = np.arange(alpha.shape[1])
    top = first + 0.5 - alpha[first, columns] - alpha[np.maximum(first - 1, 0), columns]
    bottom = last - 0.5 + alpha[last, columns] + alpha[np.minimum(last + 1, height - 1), columns]
    # A steep stroke reaches into the columns beside it by half its width.
    highest = -_greatest_near(np.where(on, -low, -1e6), width)
    lowest = _greatest_near(np.where(on, high, -1e6), width)
    half = width / 2 + STEEP_SLACK_PX
    over = np.maximum(highest - half - top, bottom - lowest - half)
    short = np.maximum(top - (low - width / 2) - STEEP_SLACK_PX, (high + width / 2) - STEEP_SLACK_PX - bottom)
    steep = np.maximum(np.maximum(over, short), 0.0)
    flat = lowest - highest < FLAT_WIDTHS * width
    return np.where(flat, np.abs(middle - (low + high) / 2), steep), np.asarray(seen)


def _greatest_near(values: FloatArray, width: float) -> FloatArray:
    """The greatest value within half a stroke's width, and its rim, of each column."""
    kernel = np.ones((1, 2 * int(np.ceil(width / 2)) + 3), np.uint8)
    row: NDArray[np.float32] = values.astype(np.float32)[None]
    return np.asarray(cv2.dilate(row, kernel)[0], dtype=np.float64)


def _lost_share(ink: Ink, trace: Trace, inked: Mask) -> float:
    """Share of a line's width without points over which other ink or a text lies in its way."""
    x, y = trace.x_px - ink.left, trace.y_px - ink.top
    known = np.flatnonzero(np.isfinite(y))
    if known.size < 2:
        return 0.0
    gaps = np.flatnonzero(np.diff(known) > 1)
    busy = inked | ink.hidden
    reach = max(GAP_PX, GAP_WIDTHS * trace.line_width_px)
    rows = np.arange(ink.height)[:, None]
    n_lost = 0
    for first, last in zip(known[gaps], known[gaps + 1], strict=True):
        # The ends of the stroke itself are no ink in the way.
        columns = np.arange(np.ceil(x[first] + reach), np.floor(x[last] - reach) + 1).astype(int)
        columns = columns[(columns >= 0) & (columns < ink.width)]
        level = np.interp(columns, [x[first], x[last]], [y[first], y[last]])
        n_lost += int((busy[:, columns] & (np.abs(rows - level) <= reach)).any(axis=0).sum())
    return n_lost / max(1.0, float(x[known[-1]] - x[known[0]]))


def _find_open_ends(ink: Ink, trace: Trace, inked: Mask) -> tuple[bool, bool]:
    """Whether ink or a text lies where a line would go on, at its left and its right end."""
    x, y = trace.path_px
    seen = np.isfinite(y)
    x, y = x[seen] - ink.left, y[seen] - ink.top
    if x.size < 2:
        return False, False
    half = max(trace.line_width_px, trace.marker_size_px if trace.marker != "none" else 0.0) / 2 + RIM_PX
    busy = inked | ink.hidden

    def is_open(x0: float, y0: float, x1: float, y1: float) -> bool:
        columns = np.round(x1 + np.sign(x1 - x0) * (half + np.arange(BEYOND_COLUMNS))).astype(int)
        if columns.min() < 1 or columns.max() > ink.width - 2:
            return False
        slope = np.clip((y1 - y0) / (x1 - x0), -1.0, 1.0)
        near = np.abs(np.arange(ink.height)[:, None] - (y1 + slope * (columns - x1))) <= half
        return bool((busy[:, columns] & near).any(axis=0).all())

    return is_open(x[1], y[1], x[0], y[0]), is_open(x[-2], y[-2], x[-1], y[-1])
