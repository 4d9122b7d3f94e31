"""Find legends whose samples stand above their texts: bars or dots in a row, a name below each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, TextSpan
from digitizer.stages.samples.beside import MIN_CONTRAST, SAME_COLOR, commonest_color
from digitizer.stages.samples.swatch import describe_swatch

# A sample ends within so many text heights above its text and is at most so many high and so many wide
# (frappe: bars of 2 px by 100 px, a line above names of 9 px).
REACH_HEIGHTS = 2.2
MAX_HEIGHT = 1.3
MAX_WIDTH = 16.0
# It begins with its text or is centred on it, to this share of a text height.
ALIGNED = 0.6
# Samples and texts of one row are level to this (px); so many of them are a legend.
LEVEL_PX = 2.0
LEAST_ENTRIES = 2


def find_entries_above(
    picture: Picture, frames: Sequence[PanelFrame], texts: Sequence[TextSpan], spans: Sequence[TextSpan]
) -> tuple[LegendEntry, ...]:
    """Find the longest row of texts with samples above them, outside all frames; empty where there is none.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frames : sequence of PanelFrame
        The plot areas: what stands in them are bars.
    texts : sequence of TextSpan
        The level texts that may be names.
    spans : sequence of TextSpan
        All texts: the zeros of tick labels stand above an axis' label.
    """
    found: list[LegendEntry] = []
    for span in texts:
        entry = None if span.panel is not None else _entry(picture, span)
        if entry is None:
            continue
        taken = [frame.box for frame in frames] + [s.box for s in spans]
        if not any(box.overlaps(_swatch(entry)) for box in taken):
            found.append(entry)
    rows = [[b for b in found if _are_level(a, b)] for a in found]
    longest = max(rows, key=lambda row: len(row), default=[])
    row = sorted(longest, key=lambda e: e.text.box.left)
    colors = np.array([e.color for e in row], dtype=np.float64)
    # Lines of one colour above several texts are rules and axes.
    apart = [np.abs(colors[k] - colors[:k]).max(axis=1).min() >= MIN_CONTRAST for k in range(1, len(row))]
    return tuple(row) if len(row) >= LEAST_ENTRIES and all(apart) else ()


def _swatch(entry: LegendEntry) -> Box:
    return entry.text.box if entry.swatch is None else entry.swatch


def _are_level(a: LegendEntry, b: LegendEntry) -> bool:
    """Whether two entries have samples on one level, equally high."""
    one, other = _swatch(a), _swatch(b)
    return abs(one.top - other.top) <= LEVEL_PX and abs(one.bottom - other.bottom) <= LEVEL_PX


def _entry(picture: Picture, span: TextSpan) -> LegendEntry | None:
    """A text with the sample above it."""
    box, height = span.box, span.box.height
    top = int(max(0, box.top - REACH_HEIGHTS * height - MAX_HEIGHT * height))
    left = int(max(0, box.left - MAX_WIDTH * height))
    right = int(min(picture.width - 1, box.left + MAX_WIDTH * height))
    window = picture.rgb[top : int(box.top) - 1, left : right + 1].astype(np.int16)
    if min(window.shape[:2]) < 3:
        return None
    ground = commonest_color(window.reshape(-1, 3))
    for anchor in (box.left + 0.2 * height, box.center[0]):
        bounds = _bar_at(window, ground, round(anchor - left), height, cut=right < picture.width - 1)
        if bounds is None:
            continue
        x0, y0, x1, y1 = bounds
        centred = abs((x0 + x1) / 2 + left - box.center[0]) <= ALIGNED * height
        if not centred and abs(x0 + left - box.left) > ALIGNED * height:
            continue
        look = describe_swatch(window[y0 : y1 + 1, x0 : x1 + 1], ground)
        if look is not None:
            return LegendEntry(
                text=span,
                swatch=Box(left=left + x0, top=top + y0, right=left + x1, bottom=top + y1),
                color=look.color,
                line_style=look.line_style,
                marker=look.marker,
            )
    return None


def _bar_at(
    window: NDArray[np.int16], ground: FloatArray, column: int, height: float, *, cut: bool
) -> tuple[int, int, int, int] | None:
    """The bounds of the lowest ink of one colour in a column that has ground above and below it.

    ``cut`` tells that the picture goes on right of the window.
    """
    if not 0 <= column < window.shape[1]:
        return None
    inked = np.abs(window[:, column] - ground).max(axis=1) >= MIN_CONTRAST
    on = np.flatnonzero(inked)
    if not on.size or on[-1] == len(inked) - 1:
        return None
    blank = np.flatnonzero(~inked[: on[-1]])
    if not blank.size or on[-1] - blank[-1] > MAX_HEIGHT * height:
        return None
    first, last = int(blank[-1]) + 1, int(on[-1])
    middle = (first + last) // 2
    same = np.abs(window[middle] - window[middle, column]).max(axis=1) < SAME_COLOR
    before, after = np.flatnonzero(~same[:column]), np.flatnonzero(~same[column:])
    x0 = int(before[-1]) + 1 if before.size else 0
    x1 = column + int(after[0]) - 1 if after.size else window.shape[1] - 1
    # What leaves the window is a rule or an axis.
    leaves = x0 == 0 or (cut and x1 == window.shape[1] - 1)
    return None if leaves else (x0, first, x1, last)
