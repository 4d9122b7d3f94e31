"""Bars that a line over them hides or cuts: found where the line is painted over with what lies beside it.

A curve over a histogram runs along the low bins of its tails, and through the ends of others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from digitizer.evidence import Box, FloatArray, LegendEntry, Mask, PanelFrame, Picture, Trace
from digitizer.stages.bars.find import find_bars

# So many bars under a line are no chance of a few level stretches.
FEWEST_UNDER = 5
# ... that make up an area: as much of its width, and so many with its edge (px).
MOST_OF_AREA, SAME_EDGE_PX = 0.6, 3.0
# ... and end level, column by column, over as much of it: 0.84 under curves of their hue, 0.2 to 0.5 along
# the edges of other areas. A line that cuts too many of them lies on so much of their width (0.6).
LEVEL_PX, LEVEL_SHARE, CUT_SHARE = 0.5, 0.6, 0.2
# A line's soft rims reach this far (px) beyond its width.
RIM_PX = 1.0
# What lies beside is carried on from so far (px).
INPAINT_PX = 3.0
# Colours of one series differ by less (largest channel).
SAME_COLOR = 12.0
# Bars whose middles are nearer than this share of their width are one.
SAME_BAR = 0.4
# An end is another one from this (px) on, where a line covers so much of its width.
OTHER_END_PX = 2.0
COVERED = 0.25


def bars_under_lines(
    picture: Picture,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    legend: tuple[LegendEntry, ...],
    traces: Sequence[Trace],
) -> tuple[Trace, ...]:
    """The bars that were taken for an area, for one of the lines over it cuts too many of them; or none.

    Parameters
    ----------
    picture, frame, obstacles, legend
        As of :func:`digitizer.stages.bars.find.find_bars`.
    traces
        What was found where there are no bars.
    """
    bands = [t for t in traces if t.kind == "band" and _ends_level(t)]
    for line in traces if bands else ():
        # The line of an area's own colour is its edge.
        over = line.kind == "line" and not any(_is_same(line, band) for band in bands)
        if over and line.sampled_at != "markers" and line.orientation == "vertical":
            cut = [band for band in bands if _share_cut(band, line) >= CUT_SHARE]
            bars = find_bars(paint_over(picture, frame, [line])[0], frame, obstacles, legend) if cut else ()
            if any(_make_up(bars, band) for band in cut):
                return bars
    return ()


def _ends_level(band: Trace) -> bool:
    """Whether both edges of an area are level over most of its width, as those of bars are."""
    edges = [e for e in (band.y_low_px, band.y_high_px) if e is not None and e.size > 1]
    return bool(edges) and all(np.mean(np.abs(np.diff(e)) < LEVEL_PX) >= LEVEL_SHARE for e in edges)


def _share_cut(band: Trace, line: Trace) -> float:
    """The share of an area's columns in which a line lies on it."""
    x, y = line.path_px
    seen = np.isfinite(y)
    if band.y_low_px is None or band.y_high_px is None or not seen.any():
        return 0.0
    course = np.interp(band.x_px, x[seen], y[seen], left=np.nan, right=np.nan)
    top, bottom = np.minimum(band.y_low_px, band.y_high_px), np.maximum(band.y_low_px, band.y_high_px)
    reach = line.line_width_px / 2 + RIM_PX
    return float(np.mean((course > top - reach) & (course < bottom + reach)))


def _make_up(bars: tuple[Trace, ...], band: Trace) -> bool:
    """Whether bars of one colour are what was taken for an area: its upper edge is theirs, bar by bar."""
    if len(bars) != 1 or bars[0].orientation != "vertical" or band.y_low_px is None or band.y_high_px is None:
        return False
    bar = bars[0]
    wide = bar.x_px.size * bar.line_width_px
    if bar.x_px.size < FEWEST_UNDER or wide < MOST_OF_AREA * float(np.ptp(band.x_px)):
        return False
    edges = [np.interp(bar.x_px, band.x_px, edge) for edge in (band.y_low_px, band.y_high_px)]
    off = np.min([np.abs(bar.y_px - edge) for edge in edges], axis=0)
    return bool(np.mean(off <= SAME_EDGE_PX) >= MOST_OF_AREA)


def uncover_bars(
    bare: Picture,
    covered: Mask,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    legend: tuple[LegendEntry, ...],
    bars: tuple[Trace, ...],
) -> tuple[Trace, ...]:
    """The bars of a panel with those that lines hide, and with their ends where lines cut them.

    Parameters
    ----------
    bare, covered
        The picture without the lines, and where they were (:func:`paint_over`).
    frame, obstacles, legend
        As of :func:`digitizer.stages.bars.find.find_bars`.
    bars
        What that found, with the lines in the picture.

    Returns
    -------
    tuple of Trace
        The very same where nothing is added.
    """
    again = find_bars(bare, frame, obstacles, legend)
    out = []
    for trace in bars:
        other = next((t for t in again if _is_same(t, trace)), None)
        out.append(trace if other is None else _merged(trace, other, covered))
    return tuple(out) if any(a is not b for a, b in zip(out, bars, strict=True)) else bars


def _covered(picture: Picture, lines: Sequence[Trace]) -> Mask:
    """The pixels that lines and their rims lie on."""
    mask = np.zeros(picture.rgb.shape[:2], dtype=np.uint8)
    for line in lines:
        x, y = line.path_px
        seen = np.isfinite(y)
        points = np.round(np.column_stack([x[seen], y[seen]])).astype(np.int32)
        thick = max(1, math.ceil(line.line_width_px + 2 * RIM_PX))
        cv2.polylines(mask, [points.reshape(-1, 1, 2)], False, 1, thick)
    return mask > 0


def paint_over(picture: Picture, frame: PanelFrame, lines: Sequence[Trace]) -> tuple[Picture, Mask]:
    """The picture with lines painted over within the frame's sides, and the pixels that they covered."""
    covered = _covered(picture, lines)
    box, half = frame.box, frame.line_width / 2 + 0.6
    rows = slice(math.ceil(box.top + half), math.floor(box.bottom - half) + 1)
    columns = slice(math.ceil(box.left + half), math.floor(box.right - half) + 1)
    rgb = picture.rgb.copy()
    part = np.ascontiguousarray(rgb[rows, columns])
    mask = covered[rows, columns].astype(np.uint8)
    rgb[rows, columns] = cv2.inpaint(part, mask, INPAINT_PX, cv2.INPAINT_TELEA)
    return replace(picture, rgb=rgb), covered


def _is_same(one: Trace, other: Trace) -> bool:
    apart = max(abs(a - b) for a, b in zip(one.color, other.color, strict=True))
    return one.orientation == other.orientation == "vertical" and apart <= SAME_COLOR


def _merged(trace: Trace, other: Trace, covered: Mask) -> Trace:
    """The bars that were seen, with others that were found without the lines."""
    if trace.base_px is None or other.base_px is None or trace.y_low_px is not None:
        return trace
    x, y, base, sigma = (v.copy() for v in (trace.x_px, trace.y_px, trace.base_px, trace.sigma_px))
    new: list[int] = []
    for k, at in enumerate(other.x_px.tolist()):
        nearest = int(np.argmin(np.abs(x - at)))
        if abs(float(x[nearest]) - at) > SAME_BAR * trace.line_width_px:
            new.append(k)
        elif abs(float(y[nearest] - other.y_px[k])) > OTHER_END_PX and _is_cut(trace, nearest, covered):
            y[nearest], sigma[nearest] = other.y_px[k], other.sigma_px[k]
    if not new and np.array_equal(y, trace.y_px):
        return trace
    order = np.argsort(np.r_[x, other.x_px[new]], kind="stable")
    parts = ((x, other.x_px), (y, other.y_px), (base, other.base_px), (sigma, other.sigma_px))
    columns: list[FloatArray] = [np.r_[own, more[new]][order] for own, more in parts]
    return replace(trace, x_px=columns[0], y_px=columns[1], base_px=columns[2], sigma_px=columns[3])


def _is_cut(trace: Trace, k: int, covered: Mask) -> bool:
    """Whether a line lies at the end of a bar over some of its width."""
    half = trace.line_width_px / 2
    columns = slice(max(0, math.floor(trace.x_px[k] - half)), math.ceil(trace.x_px[k] + half) + 1)
    row = round(float(trace.y_px[k]))
    near = covered[max(0, row - 3) : row + 4, columns]
    return bool(near.size) and float(near.any(axis=0).mean()) > COVERED
