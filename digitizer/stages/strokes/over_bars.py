"""Carry the lines of a grid on to where they come out behind bars that stand at the grid's ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.medians import median, medians
from digitizer.stages.strokes.strokes import MIN_STEP, SAME_SHADE, Stroke, page_level

# A line shows its own shade over so many pixels behind the last bar, between pixels of paper on both of its
# sides (so far from it, px): the gap beside the last of six bars is 16 px in a picture 700 px wide.
LEAST_OUT_PX = 4
BESIDE_PX = 4
# So many lines of a grid come out, and end at one place to this (px).
FEWEST_LINES = 2
SAME_END_PX = 2.0
# The lines of a grid run beyond the outer edges of the bars on them by more than this (px); ticks do so on
# one side.
OVER_PX = 3.0
# An edge that closes a rectangle is no shorter than this share of the line beside it (labels: 0.92), or of
# the rectangle where so many lines of the grid go on beyond it.
WHOLE_EDGE = 0.97
CROSSING_LINES = 3


def carry_over_bars(grey: NDArray[np.int16], strokes: list[Stroke]) -> list[Stroke]:
    """Lines whose ends bars hide, as far as they go on behind these.

    What is behind the outermost bar is shorter than strokes are, and faint, so that it was not seen. One line
    alone may go on into anything: several of a grid end together.

    Parameters
    ----------
    grey
        The picture, in grey levels.
    strokes
        Its level strokes.
    """
    page = page_level(grey)
    ends = [_ends_behind(grey, s, page) if s.sign == 0 else (s.start, s.end) for s in strokes]
    starts = np.array([start for (start, _), s in zip(ends, strokes, strict=True) if start < s.start])
    stops = np.array([end for (_, end), s in zip(ends, strokes, strict=True) if end > s.end])
    return [
        replace(
            s,
            start=start if start == s.start or _is_shared(start, starts) else s.start,
            end=end if end == s.end or _is_shared(end, stops) else s.end,
        )
        for (start, end), s in zip(ends, strokes, strict=True)
    ]


def without_bars(upright: list[Stroke], rows: list[Stroke], height: float, inward: int) -> list[Stroke]:
    """Upright strokes without the edges of the outermost bar, which may close no rectangle.

    Parameters
    ----------
    upright
        The strokes along a side of a rectangle.
    rows
        The level strokes that reach from one side to the other.
    height
        The rectangle's (px).
    inward
        1 at its left, -1 at its right.
    """
    if all(s.sign == 0 or s.length >= WHOLE_EDGE * height for s in upright):
        return upright
    ends = np.array([row.start if inward > 0 else row.end for row in rows if row.sign == 0])
    return [
        s
        for s in upright
        if s.sign == 0
        or s.length >= WHOLE_EDGE * height
        or np.count_nonzero((s.at - ends) * inward > OVER_PX) < CROSSING_LINES
    ]


def _is_shared(end: float, ends: FloatArray) -> bool:
    return int(np.count_nonzero(np.abs(ends - end) <= SAME_END_PX)) >= FEWEST_LINES


def _ends_behind(grey: NDArray[np.int16], stroke: Stroke, page: int) -> tuple[float, float]:
    """Where a line starts and ends, the pieces behind bars included."""
    row, start, end = round(stroke.at), int(stroke.start), int(stroke.end)
    level = median(grey[row, start : end + 1])
    rows = [r for r in (row - BESIDE_PX, row + BESIDE_PX) if 0 <= r < grey.shape[0]]
    grounds = medians(grey[rows, start : end + 1], axis=1)
    contrast = float(np.abs(level - grounds).min())
    if contrast < 2 * MIN_STEP or len(rows) < 2:
        return stroke.start, stroke.end
    line = grey[row].astype(np.float64)
    papers = np.array([page, *grounds])[:, None]
    off = np.abs(line - level)
    # The page may be of a shade between the line's and its ground's.
    own = (off <= min(SAME_SHADE, contrast / 2)) & (off < np.abs(line - page))
    bare = np.all([np.abs(grey[r][None] - papers).min(axis=0) < MIN_STEP for r in rows], axis=0)
    blank = ~own & (np.abs(line[None] - papers).min(axis=0) < MIN_STEP)
    after = _reach(own[end + 1 :], bare[end + 1 :], blank[end + 1 :])
    before = _reach(own[:start][::-1], bare[:start][::-1], blank[:start][::-1])
    return stroke.start - before, stroke.end + after


def _reach(own: NDArray[np.bool_], bare: NDArray[np.bool_], blank: NDArray[np.bool_]) -> int:
    """How far beyond its end a line is seen, nothing blank before (px); 0 where it ends."""
    stop = int(blank.argmax()) if blank.any() else own.size
    seen = np.flatnonzero((own & bare)[:stop])
    if seen.size < LEAST_OUT_PX or seen[0] == 0:
        return 0
    return int(seen[-1]) + 1 if seen[-1] - seen[-LEAST_OUT_PX] == LEAST_OUT_PX - 1 else 0
