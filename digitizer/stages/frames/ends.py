"""Carry the sides of a plot area to where its grid and its ground end.

Where no box is drawn the last grid line is easily taken for a side, and a tick mark for the end of a grid
line. The lines across a side and the colour of the ground tell how far the panel reaches.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, PanelFrame, Side
from digitizer.stages.frames.fills import end_of_fills
from digitizer.stages.frames.hidden import end_behind_fills
from digitizer.stages.pixels.rectangles import away_from

# The end of a line is looked for beyond a side as far as the next rung would be (in rungs), or this share of
# the panel where there are no rungs.
NEXT_RUNG = 1.05
REACH_SHARE = 0.1
MIN_REACH_PX = 12
# The contrast of a line with the ground beside it (levels), seen in this share of the rows inside, and in all
# of so many near the side; dashes are not.
MIN_CONTRAST = 3.5
STEADY_SHARE = 0.6
NEAR_PX = 6
STEADY_INSIDE = 0.8
NOT_TEXT = 1.7
# Labels that seem to be within a panel carry a side beyond its grid by at most this share of the panel.
MAX_INWARDS_SHARE = 0.12
# Beyond this many times its own contrast a line goes on as a tick mark.
TICK_FACTOR = 1.35
# So many lines, and this share of them, end at one place to so many pixels.
MIN_LINES = 3
AGREEING_SHARE = 0.6
SAME_END_PX = 0.75
# Lines that end in labels are tick marks: ink (levels) so far beyond their ends, and beside them.
LABEL_REACH_PX = 9
LABEL_BESIDE_PX = 7
LABEL_INK = 60.0
LABELLED_SHARE = 0.7
# A side is moved by more than this (px); one with a line drawn on it only where lines cross it.
MIN_MOVE_PX = 0.4
MIN_CROSSING_PX = 1.5
# The ground covers this share of each row of a panel, apart from the series and the grid across it.
GROUND_SHARE = 0.9
# Tick marks of both axes are as long as each other to so much (line widths), and stand on a line that is
# darker than the grid by this factor.
UNLIKE_PX = 1.5
AXIS_FACTOR = 1.4
# A line's strength is that between bars where so much of it (share) lies on bare ground (levels).
LEAST_BARE, BARE_LEVELS = 0.1, 12.0
# Where a panel has a margin around its data, the last grid line is farther from the opposite side than this.
MARGIN_PX = 3.0

_TURNS: tuple[Side, ...] = ("top", "left", "bottom", "right")
# Of each side the one that has the tick marks of the other axis, and the opposite one.
_OTHERS: dict[Side, tuple[Side, Side]] = {
    "left": ("bottom", "right"),
    "right": ("bottom", "left"),
    "top": ("left", "bottom"),
    "bottom": ("left", "top"),
}


def true_ends(rgb: ByteImage, frame: PanelFrame) -> Box:
    """The rectangle on which grid and ground of a panel end; its sides where nothing tells better.

    Parameters
    ----------
    rgb : ndarray, shape (height, width, 3)
        The picture.
    frame : PanelFrame
        The plot area as measured from its strokes.
    """
    moved = _moved_sides(rgb, frame)
    if moved:
        # What one side takes in may run across another one.
        wider = replace(frame, box=replace(frame.box, **moved))
        for side in _TURNS:
            filled = end_of_fills(rgb, wider, side)
            if filled is not None and _outwards(wider, side, filled) > MIN_CROSSING_PX:
                moved[side] = filled
    return replace(frame.box, **moved)


def _moved_sides(rgb: ByteImage, frame: PanelFrame) -> dict[Side, float]:
    """The sides that end elsewhere than they were measured, each with its place."""
    ground = _ends_of_ground(rgb, frame)
    lines = {side: _end_of_lines(rgb, frame, side) for side in _TURNS}
    moved: dict[Side, float] = {}
    for side in _TURNS:
        told = lines[side]
        end = ground.get(side)
        if told is not None and _outwards(frame, side, told[0]) < -MAX_INWARDS_SHARE * _extent(frame, side):
            told = None
        if told is not None:
            inwards = _outwards(frame, side, told[0]) < 0
            usual = side in ("left", "bottom") or told[1]
            if inwards or not usual or _no_ticks(rgb, frame, side, lines):
                end = told[0]
        for further in (end_of_fills(rgb, frame, side), end_behind_fills(rgb, frame, side)):
            if further is not None and (
                end is None or _outwards(frame, side, further) > _outwards(frame, side, end)
            ):
                end = further
        if end is None:
            continue
        outwards = _outwards(frame, side, end)
        least = MIN_CROSSING_PX if side in frame.sides else MIN_MOVE_PX
        if outwards > least or (outwards < -least and side not in frame.sides):
            moved[side] = end
    return moved


def _extent(frame: PanelFrame, side: Side) -> float:
    return frame.box.width if side in ("left", "right") else frame.box.height


def _outwards(frame: PanelFrame, side: Side, end: float) -> float:
    at = float(getattr(frame.box, side))
    return at - end if side in ("left", "top") else end - at


def _no_ticks(
    rgb: ByteImage, frame: PanelFrame, side: Side, lines: dict[Side, tuple[float, bool] | None]
) -> bool:
    """Whether grid lines that run beyond a side where labels stand are no tick marks.

    Then the side is a line like the others of the grid, the grid lines run beyond the last of them on the
    opposite side, too, and the lines of the other direction run beyond theirs by another length: tick marks
    of the two axes are as long as each other.
    """
    other, far = _OTHERS[side]
    here, there, opposite = lines[side], lines[other], lines[far]
    if here is None or there is None or opposite is None:
        return False
    length = _outwards(frame, side, here[0])
    rungs = frame.grid_y if other == "bottom" else frame.grid_x
    # The side of the other axis may be where its tick marks end.
    theirs = np.abs(np.append(rungs, getattr(frame.box, other)) - there[0])
    if np.min(np.abs(theirs - length)) <= UNLIKE_PX * max(1.0, frame.line_width):
        return False
    parallel = frame.grid_x if side in ("left", "right") else frame.grid_y
    at = float(getattr(frame.box, side))
    inner = parallel[np.abs(parallel - at) > UNLIKE_PX + frame.line_width]
    if len(inner) < MIN_LINES or np.min(np.abs(inner - opposite[0])) <= MARGIN_PX:
        return False
    grid = float(np.median([_strength(rgb, frame, side, place) for place in inner]))
    return _strength(rgb, frame, side, at) <= AXIS_FACTOR * grid


def _strength(rgb: ByteImage, frame: PanelFrame, side: Side, at: float) -> float:
    """How much a line along a side differs from the ground, summed across it (levels)."""
    box = frame.box
    middle = round(at)
    if side in ("left", "right"):
        strip = rgb[int(box.top) + 2 : int(box.bottom) - 1, max(0, middle - 2) : middle + 3]
    else:
        strip = rgb[max(0, middle - 2) : middle + 3, int(box.left) + 2 : int(box.right) - 1].transpose(
            1, 0, 2
        )
    # Bars hide what lies between them: a line is told where there is ground on both of its sides.
    away = np.abs(strip.astype(np.float64) - np.array(frame.background)).max(axis=2)
    bare = away[:, [0, -1]].max(axis=1) <= BARE_LEVELS
    if bare.mean() >= LEAST_BARE:
        strip = strip[bare]
    line = np.median(strip.astype(np.float64), axis=0)
    return float(np.abs(line - np.array(frame.background)).max(axis=1).sum())


def _end_of_lines(rgb: ByteImage, frame: PanelFrame, side: Side) -> tuple[float, bool] | None:
    """Where the grid lines across a side end, and whether labels follow; None where they do not tell."""
    across = frame.grid_x if side in ("top", "bottom") else frame.grid_y
    low, high = (
        (frame.box.left, frame.box.right) if side in ("top", "bottom") else (frame.box.top, frame.box.bottom)
    )
    across = across[(across > low + 4) & (across < high - 4)]
    if len(across) < MIN_LINES:
        return None
    inside, beyond = _inside(rgb, frame, side), _beyond(rgb, frame, side)
    if not len(beyond):
        return None  # The side is the picture's own edge.
    ends = [end for at in across if (end := _end_of_line(inside, beyond, at, frame.line_width)) is not None]
    if len(ends) < MIN_LINES:
        return None
    found = np.array([end for end, _ in ends])
    labelled = bool(np.mean([told for _, told in ends]) >= LABELLED_SHARE)
    middle = float(np.median(found))
    away = -1 if side in ("left", "top") else 1
    first = _first_row(frame, side)
    if middle >= len(beyond) - 1 and 1 < len(beyond) <= _reach(frame, side):
        # They run to the edge of the picture, as charts do that leave no margin.
        return first + away * (len(beyond) - 1.0), False
    if middle >= len(beyond) - 1 or (middle < 0 and _rung_within(frame, side, -middle)):
        return None
    if np.mean(np.abs(found - middle) <= SAME_END_PX) < AGREEING_SHARE:
        return None
    return first + away * (middle - 0.5), labelled


def _rung_within(frame: PanelFrame, side: Side, depth: float) -> bool:
    """Whether a line of the grid along a side is nearer to it than ``depth`` (px)."""
    parallel = frame.grid_x if side in ("left", "right") else frame.grid_y
    away = np.abs(parallel - getattr(frame.box, side))
    return bool(np.any((away > MIN_CROSSING_PX) & (away < depth)))


def _first_row(frame: PanelFrame, side: Side) -> int:
    """The first row (or column) of pixels that is counted as beyond a side."""
    at = getattr(frame.box, side)
    return int(np.floor(at)) if side in ("left", "top") else int(np.ceil(at))


def _inside(rgb: ByteImage, frame: PanelFrame, side: Side) -> ByteImage:
    """Rows of pixels along a side from near it inwards: shape (rows, along the whole picture, 3)."""
    picture = rgb.transpose(1, 0, 2) if side in ("left", "right") else rgb
    first, extent = _first_row(frame, side), int(_extent(frame, side))
    if side in ("left", "top"):
        return picture[first + 1 : first + extent - 1]
    return picture[max(0, first - extent + 1) : first][::-1]


def _beyond(rgb: ByteImage, frame: PanelFrame, side: Side) -> ByteImage:
    """Rows of pixels along a side from it outwards: shape (rows, along the whole picture, 3)."""
    vertical = side in ("left", "right")
    picture = rgb.transpose(1, 0, 2) if vertical else rgb
    reach = _reach(frame, side)
    first = _first_row(frame, side)
    if side in ("left", "top"):
        return picture[max(0, first - reach) : first + 1][::-1]
    return picture[first : first + reach + 1]


def _reach(frame: PanelFrame, side: Side) -> int:
    """How far beyond a side (px) the ends of lines are looked for."""
    steps = np.diff(frame.grid_x if side in ("left", "right") else frame.grid_y)
    reach = NEXT_RUNG * float(np.median(steps)) if len(steps) else REACH_SHARE * _extent(frame, side)
    return int(max(MIN_REACH_PX, reach))


def _end_of_line(inside: ByteImage, beyond: ByteImage, at: float, width: float) -> tuple[float, bool] | None:
    """How far beyond the first row a line goes on (rows, fractions), and whether a label follows it."""
    half = max(1, round(width / 2))
    middle, last = round(at), inside.shape[1] - 1
    if middle - half - 3 < 0 or middle + half + 3 > last:
        return None

    def contrast(rows: ByteImage) -> FloatArray:
        line = rows[:, middle - half : middle + half + 1].astype(np.float64)
        besides = rows[:, [middle - half - 3, middle - half - 2, middle + half + 2, middle + half + 3]]
        offset = line - np.median(besides, axis=1)[:, None]
        return np.asarray(np.abs(offset).max(axis=2).sum(axis=1))

    within = contrast(inside)
    level = float(np.median(within)) if len(within) else 0.0
    if level < MIN_CONTRAST or np.mean(within > 0.5 * level) < STEADY_SHARE:
        return None
    share = contrast(beyond) / level
    goes_on = (share > 0.5) & (share <= TICK_FACTOR)
    ground = np.median(inside[:, [middle - half - 3, middle + half + 3]], axis=(0, 1))
    start = _first_seen(
        goes_on[: round(width) + 2], beyond[:, [middle - half - 3, middle + half + 3]], ground
    )
    alike = (within > 0.5 * level) & (within <= NOT_TEXT * level)
    if not goes_on[start] and not alike[1:NEAR_PX].all():
        # It ends within the side; a legend or a series over its end hides where.
        seen = np.convolve(alike, np.ones(NEAR_PX) / NEAR_PX, mode="valid") >= STEADY_INSIDE
        if not seen.any():
            return None
        first = int(np.argmax(seen))
        return -float(first + np.argmax(alike[first:])), True
    if goes_on[start:].all():
        return float(len(share)), False
    stop = start + int(np.argmin(goes_on[start:]))
    part = float(np.clip(share[stop], 0.0, 1.0)) if share[stop] < 0.5 else 0.0
    if stop > start and share[stop] < 0.5:
        part += float(np.clip(share[stop - 1], 0.0, 1.0)) - 1.0
    after = beyond[
        stop + 1 : stop + LABEL_REACH_PX, max(0, middle - LABEL_BESIDE_PX) : middle + LABEL_BESIDE_PX
    ]
    ink = bool(after.size and (np.abs(after - np.median(after, axis=(0, 1))).max() > LABEL_INK))
    return stop + part, ink


def _first_seen(goes_on: Mask, besides: ByteImage, ground: FloatArray) -> int:
    """The first row beyond a side in which a line shows; 0 where it shows in none.

    The line of the side itself, where one is drawn, hides the first rows. Behind bare ground no line goes on:
    the rims of a label's letters are as pale as a grid.

    Parameters
    ----------
    goes_on
        The first rows beyond the side, and whether something like the line is there.
    besides
        The rows beyond the side, to the left and the right of the line: shape (rows, 2, 3).
    ground
        The panel's colour.
    """
    bare = (np.abs(besides[: len(goes_on)] - ground).max(axis=2) <= MIN_CONTRAST).all(axis=1)
    first = int(np.argmax(goes_on))
    return 0 if (bare & ~goes_on)[:first].any() else first


def _ends_of_ground(rgb: ByteImage, frame: PanelFrame) -> dict[Side, float]:
    """Where the ground ends beyond each side: all four sides tell, or none does (a white panel on white)."""
    found: dict[Side, float] = {}
    for side in _TURNS:
        low, high = (
            (frame.box.left, frame.box.right)
            if side in ("top", "bottom")
            else (frame.box.top, frame.box.bottom)
        )
        strip = _beyond(rgb, frame, side)[:, int(low) + 3 : int(high) - 2]
        if strip.shape[0] < 3 or strip.shape[1] < 8:
            return {}
        off = away_from(strip, np.array(frame.background, dtype=np.float64))
        share = (off <= MIN_CONTRAST).mean(axis=1)
        # The first row may be the side itself, or the last line of the grid.
        start = 1 if share[0] < GROUND_SHARE else 0
        start += int(share[start] < GROUND_SHARE and share[start + 1] >= GROUND_SHARE)
        rows = np.flatnonzero(share[start:] < GROUND_SHARE)
        if not len(rows):
            return {}
        stop = start + int(rows[0])
        if share[min(stop + 1, len(share) - 1)] > 1 - GROUND_SHARE:
            return {}
        if stop > start:
            away = -1 if side in ("left", "top") else 1
            found[side] = _first_row(frame, side) + away * (stop - 0.5 + _part_of_row(strip, stop, frame))
    return found


def _part_of_row(strip: ByteImage, stop: int, frame: PanelFrame) -> float:
    """The part of the row in which the ground ends that is ground still."""
    ground = np.array(frame.background, dtype=np.float64)
    row, paper = np.median(strip[stop], axis=0), np.median(strip[min(stop + 1, len(strip) - 1)], axis=0)
    channel = int(np.argmax(np.abs(ground - paper)))
    rise = float(ground[channel] - paper[channel])
    return float(np.clip((row[channel] - paper[channel]) / rise, 0.0, 1.0)) if rise else 0.0
