"""Part panels that touch: above each other or side by side, with one line between them.

Figures that share an axis are often drawn without a gap (a curve over its residuals, channels of one
record). All sides go through, and the whole looks like one panel; what tells is that the labels of its other
axis begin anew beyond a line: each part has a scale of its own, and all of them together have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture, TextSpan
from digitizer.numbers import parse_number
from digitizer.stages.axes.find import find_axes
from digitizer.stages.axes.line_fit import ruler
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.frames.measure import frame_within
from digitizer.stages.panels.cells import reading_order
from digitizer.stages.pixels.rectangles import away_from

# Labels of one scale stand where the others have them to so many pixels (digits' middles: 1), or this share
# of what they span.
MISS_PX, MISS_SHARE = 2.5, 0.02
# A part has so many labels at least, and one of a figure's parts so many: any two numbers have a scale.
FEWEST, MOST_FEWEST = 2, 3
# A label left out (two that melt at the line between panels) costs so much of what a scale of its own does.
LEFT_OUT = 0.6
# Panels of one row begin and end alike to so many pixels.
SAME_SIDE_PX = 2.0
# The line between two panels differs from the ground by so many levels, along this share of the panel.
MIN_LEVELS, WHOLE_LINE = 12.0, 0.95
# It has more ink than any line of the grid there by this factor, or it alone has no label at it (px).
DARKER, AT_LABEL_PX = 1.4, 2.0
# The ink of a line lies in so many rows about it; a part is no lower than this (px).
LINE_ROWS, MIN_PART_PX = 2, 24


def part_touching(
    picture: Picture, axes: Sequence[PanelAxes], spans: Sequence[TextSpan]
) -> tuple[tuple[PanelAxes, ...], tuple[TextSpan, ...]]:
    """Part the panels whose labels begin anew beyond a line across them.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    axes : sequence of PanelAxes
        The panels found, with their tick labels.
    spans : sequence of TextSpan
        All texts; those within panels tell which.

    Returns
    -------
    axes, spans
        As they were given where no panel is parted; else those of all panels, found anew.
    """
    rows = _shared([_cuts(picture, panel, level=True) for panel in axes], axes, level=True)
    columns = _shared([_cuts(picture, panel, level=False) for panel in axes], axes, level=False)
    parts = [
        _cells(picture, panel.frame, across, down)
        for panel, across, down in zip(axes, rows, columns, strict=True)
    ]
    if all(len(part) == 1 for part in parts):
        return tuple(axes), tuple(spans)
    frames = reading_order([frame for part in parts for frame in part])
    spans = tuple(_within(span, frames) if span.panel is not None else span for span in spans)
    return find_axes(picture, frames, spans), spans


def _within(span: TextSpan, frames: Sequence[PanelFrame]) -> TextSpan:
    """A text within a panel, with the number of the panel that now holds its middle."""
    holding = [k for k, frame in enumerate(frames) if frame.box.contains(*span.box.center)]
    return replace(span, panel=holding[0] if holding else None)


def _cells(
    picture: Picture, frame: PanelFrame, rows: Sequence[float], columns: Sequence[float]
) -> list[PanelFrame]:
    """What lies between the lines that cut a frame; the frame itself where none do."""
    if not len(rows) and not len(columns):
        return [frame]
    box = frame.box
    down, across = [box.top, *rows, box.bottom], [box.left, *columns, box.right]
    if min(*np.diff(down), *np.diff(across)) < MIN_PART_PX:
        return [frame]
    return [
        frame_within(
            picture.rgb,
            Box(left=left, right=right, top=top, bottom=bottom),
            drawn=frame.sides,
            line_width=frame.line_width,
        )
        for top, bottom in pairwise(down)
        for left, right in pairwise(across)
    ]


def _shared(
    cuts: Sequence[Sequence[float]], axes: Sequence[PanelAxes], *, level: bool
) -> list[Sequence[float]]:
    """The cuts of each panel; where it has no labels of its own those of one in its row, or in its column."""
    low, high = ("top", "bottom") if level else ("left", "right")
    out = []
    for own, panel in zip(cuts, axes, strict=True):
        axis, box = panel.y if level else panel.x, panel.frame.box
        if not own and (axis is None or axis.borrowed):
            own = next(
                (
                    other
                    for other, mate in zip(cuts, axes, strict=True)
                    if other
                    and abs(getattr(mate.frame.box, low) - getattr(box, low)) <= SAME_SIDE_PX
                    and abs(getattr(mate.frame.box, high) - getattr(box, high)) <= SAME_SIDE_PX
                ),
                own,
            )
        out.append(own)
    return out


def _cuts(picture: Picture, panel: PanelAxes, *, level: bool) -> list[float]:
    """Where lines part labels that have no scale in common into such as have one; none where they do not."""
    axis = panel.y if level else panel.x
    if axis is None or axis.borrowed or (panel.frame.x_line if level else panel.frame.y_line) is not None:
        return []  # A line that carries an axis parts nothing: labels beyond it lose their signs to curves.
    numbers = [parse_number(span.text) for span in axis.labels]
    values = np.array([np.nan if number is None else number.value for number in numbers])
    order = np.argsort(axis.label_px)
    px, values = axis.label_px[order], values[order]
    if np.isfinite(values).sum() < FEWEST + MOST_FEWEST or _is_one_scale(px, values):
        return []
    runs = _runs_of_scales(px, values)
    if len(runs) < 2 or max(stop - start for start, stop in runs) < MOST_FEWEST:
        return []
    both = [np.r_[slice(*before), slice(*after)] for before, after in pairwise(runs)]
    if any(_is_one_scale(px[k], values[k]) for k in both):
        return []  # What stands between them was misread.
    lines, ink = _lines_across(picture, panel.frame, level=level)
    between = [(px[before[1] - 1], px[after[0]]) for before, after in pairwise(runs)]
    cuts = [_line_between(low, high, px, lines, ink) for low, high in between]
    found = [cut for cut in cuts if cut is not None]
    return found if len(found) == len(cuts) else []


def _is_one_scale(px: FloatArray, values: FloatArray) -> bool:
    """Whether numbers stand at even steps, of themselves or of their logarithms, or are digits of decades."""
    kinds: tuple[Literal["linear", "log"], ...] = ("linear", "log")
    if not np.isfinite(values).all():
        return False
    for u in (*(ruler(values, kind) for kind in kinds), _by_decades(values)):
        if np.isfinite(u).all() and np.ptp(u) > 0:
            slope, origin = np.polyfit(u, px, 1)
            miss = np.abs(origin + slope * u - px).max()
            if miss <= max(MISS_PX, MISS_SHARE * np.ptp(px)):
                return True
    return False


def _by_decades(values: FloatArray) -> FloatArray:
    """Where the digits between powers of ten stand that are printed alone: 2, 3, ... 9 in each decade."""
    if not np.isin(values, np.arange(1.0, 10.0)).all():
        return np.full(values.size, np.nan)
    way = values if np.mean(np.diff(values) > 0) > 0.5 else values[::-1]
    decade = np.r_[0.0, np.cumsum(np.diff(way) <= 0)]
    u = decade + np.log10(way)
    return np.asarray(u if way is values else u[::-1])


def _runs_of_scales(px: FloatArray, values: FloatArray) -> list[tuple[int, int]]:
    """The first and one past the last label of the fewest runs that have scales of one direction."""
    best: list[tuple[float, list[tuple[int, int]]]] = []
    n = len(px)
    for way in (-1, 1):
        # The cheapest way to tell the labels up to each one: its cost, and its runs.
        told: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
        for stop in range(1, n + 1):
            cost, runs = told[stop - 1]
            options = [(cost + LEFT_OUT, runs)]
            for start in range(stop - FEWEST + 1):
                rising = bool((np.diff(values[start:stop]) * way > 0).all())
                if rising and _is_one_scale(px[start:stop], values[start:stop]):
                    options.append((told[start][0] + 1.0, [*told[start][1], (start, stop)]))
            told.append(min(options, key=lambda option: option[0]))
        best.append(told[n])
    return min(best, key=lambda option: option[0])[1]


def _lines_across(picture: Picture, frame: PanelFrame, *, level: bool) -> tuple[FloatArray, FloatArray]:
    """Lines that run through a panel from side to side: where they stand (px), and their ink (levels)."""
    box = frame.box
    rows = picture.rgb if level else picture.rgb.transpose(1, 0, 2)
    start, stop, left, right = (
        (box.top, box.bottom, box.left, box.right) if level else (box.left, box.right, box.top, box.bottom)
    )
    first = int(start) + LINE_ROWS + 2
    inner = rows[first : int(stop) - LINE_ROWS - 1, int(left) + 2 : int(right) - 1]
    if len(inner) <= 2 * LINE_ROWS or not inner.shape[1]:
        return np.empty(0), np.empty(0)
    off = np.asarray(away_from(np.ascontiguousarray(inner), np.array(frame.background)), dtype=np.float64)
    near = np.maximum(off, np.maximum(np.roll(off, 1, 0), np.roll(off, -1, 0)))
    whole = np.quantile(near, 1 - WHOLE_LINE, axis=1) >= MIN_LEVELS
    depth = np.median(off, axis=1)
    peak = whole & (depth >= MIN_LEVELS / 2) & (depth >= np.roll(depth, 1)) & (depth > np.roll(depth, -1))
    at = np.flatnonzero(peak)
    at = at[(at >= LINE_ROWS) & (at < len(depth) - LINE_ROWS)]
    around = at[:, None] + np.arange(-LINE_ROWS, LINE_ROWS + 1)
    ink = depth[around].sum(axis=1)
    return first + (depth[around] * around).sum(axis=1) / np.maximum(ink, 1e-9), ink


def _line_between(
    low: float, high: float, labels: FloatArray, lines: FloatArray, ink: FloatArray
) -> float | None:
    """The line that parts the labels up to ``low`` from those from ``high`` on; None where several may do."""
    inside = (lines > low - AT_LABEL_PX) & (lines < high + AT_LABEL_PX)
    lines, ink = lines[inside], ink[inside]
    if not len(lines):
        return None
    rivals = ink * DARKER > ink.max()
    if rivals.sum() > 1:
        rivals &= np.abs(lines[:, None] - labels).min(axis=1) > AT_LABEL_PX
    return float(lines[rivals][0]) if rivals.sum() == 1 else None
