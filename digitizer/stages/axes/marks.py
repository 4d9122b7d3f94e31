"""Find tick marks: short strokes that leave a side of the frame at a right angle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray, PanelFrame, Picture, Side
from digitizer.medians import median, medians
from digitizer.stages.pixels.nearest import distance_to_nearest

# Rows beyond the drawn side that a tick must cross without a break; matplotlib's shortest minor tick is
# 2 points, 2.2 pixels at 80 dpi.
MIN_TICK_PX = 2
# A crisp side colours nothing farther than this (px) beyond its own edge: the shortest ticks inside a panel
# show two rows there.
CLOSE_PX = 0.1
# Contrast with the ground beside it, in grey levels.
MIN_CONTRAST = 24.0
# ... and of ticks as pale as that (uPlot's, where its grid is off, are 20), which an even ladder tells.
FAINT_CONTRAST = 10.0
# Nearer to a corner than this, a mark is the corner's own.
CORNER_PX = 3.0
# So many ticks at distances that differ by this share (years, in pixels) are a ladder.
LADDER_TICKS = 4
EVEN_SHARE = 0.12
# Pale ones on whole pixels differ by this (px) at most.
FAINT_EVEN_PX = 1.5
# So many grid lines tell where ticks stand, to this many pixels.
MIN_GRID = 3
OFF_GRID_PX = 2.0
# Ticks stand at their grid lines to less than this, most of them (both are put on the same pixels); the
# ends of labels that reach to where ticks would be lie off by a pixel and more.
AT_GRID_PX = 0.75
# A grid line along a side has at least so many dashes from one line across it to the next, no farther apart
# than this (px).
DASHES_A_LINE, DASH_PX = 6, 8.0
# Strokes of digits that reach to where ticks would be lie within half a label's height (px) of their lines.
LABEL_REACH_PX = 5.0
# Of ticks at even steps so many stand at grid lines; bars hide the others' lines, most of them low ones.
LADDER_AT_GRID = 0.5
# A side that hides the last tick of an even ladder lies at its rung to this (px): gnuplot cuts the places of
# its grid down to whole pixels (1.07), and a tick that runs into a side further off stands on its own rung
# (1.2: taken for the side it made an axis 0.5 % too long).
AT_RUNG_PX = 1.15
# Ticks of opposite sides stand at one height to this (px).
MIRROR_PX = 1.0
# Where so many ticks inside a panel have theirs on the opposite side, what has none and lies so near (px) a
# corner is a curve that begins or ends there: of five panels with tight limits four had one, 7.5 px off at
# most.
MIN_MIRRORED, CURVE_PX = 3, 9.0
# An axis line that stands off a side (R's, a fifth of an inch) is within this share of the panel, and not
# broken over this share of the side: its ticks reach over some of it only.
APART_SHARE, APART_LENGTH = 0.15, 0.6
# Nothing stands between the two, where up to this share of a row is noise: beyond labels (2 to 10 % of their
# rows) it is another panel's side, whose ticks were taken for those of the labels, a fifth of a step off.
APART_INK, APART_RIM_PX = 0.01, 2
# A mark wider than this many line widths is a label, a bar or a curve.
MAX_WIDTH_FACTOR = 3.5

# Strokes one pixel wide leave this share of their contrast on the pixels beside them at most (Agg's, a tenth
# wider at 100 dots an inch: 0.055); so many of these, of this contrast (grey levels), tell.
SHARP_SHARE = 0.02
MIN_SHARP = 2
SHARP_CONTRAST = 20.0

_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}


def find_marks(picture: Picture, frame: PanelFrame, side: Side) -> FloatArray:
    """Find the tick marks along one side.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frame : PanelFrame
        The plot area.
    side : {"left", "top", "right", "bottom"}
        The side to search.

    Returns
    -------
    ndarray, shape (n,)
        Sub-pixel positions along the side (x for top and bottom, y for left and right), ascending.
        Outward ticks are preferred; where there are none, inward ticks, else the grid lines.
    """
    grid = frame.grid_x if side in ("top", "bottom") else frame.grid_y
    outward = _marks(picture, frame, side, outward=True)
    if len(outward) >= 2 and not _is_off_grid(outward, grid):
        return _with_grid(outward, _without_middles(outward, grid))
    if not len(grid) and not len(outward) and len(apart := _marks_apart(picture, frame, side)):
        return apart
    inward = _marks(picture, frame, side, outward=False)
    if not len(inward) and not len(grid) and not len(outward):
        inward = _marks(picture, frame, side, outward=False, close=True)
    if _are_dashes(inward, grid):
        inward = np.empty(0)
    if len(inward):
        opposite = _marks(picture, frame, _OPPOSITE[side], outward=False)
        # A curve may cross the strip once or twice, and hardly at the same places on both sides.
        few = len(inward) < MIN_MIRRORED
        inward = _of_both_sides(inward, opposite) if few else _without_curves(inward, opposite, frame, side)
    if len(inward) and (len(grid) < len(inward) or _are_of_second_axis(inward, grid)):
        return _with_corners(_with_grid(inward, grid), frame, side)
    if len(grid) or len(outward) or len(inward):
        return _with_corners(grid, frame, side) if len(grid) else grid
    return _faint_ladder(picture, frame, side)


def _faint_ladder(picture: Picture, frame: PanelFrame, side: Side) -> FloatArray:
    """The ticks along a side that has no others: pale ones at even steps, wherever the side was found."""
    for outward in (True, False):
        marks = _marks(picture, frame, side, outward=outward, least=FAINT_CONTRAST)
        steps = np.diff(marks)
        if len(marks) >= LADDER_TICKS and np.ptp(steps) <= FAINT_EVEN_PX:
            return marks
    return np.empty(0)


def are_sharp(picture: Picture, frame: PanelFrame, side: Side, places: FloatArray) -> bool:
    """Whether the marks at ``places`` (px along a side) are one pixel wide, with nothing beside it."""
    for outward in (True, False):
        strip, start = _strip(picture, frame, side, outward=outward)
        at = np.round(places).astype(int) - start
        at = at[(at > 2 * CORNER_PX) & (at < strip.shape[1] - 1 - 2 * CORNER_PX)]
        if not len(strip) or len(at) < MIN_SHARP:
            return False
        around = at[:, None] + np.arange(-3, 4)
        profile = medians(strip[:, around], axis=0)
        ground = (profile[:, :1] + profile[:, -1:]) / 2
        contrast = medians(np.abs(profile - ground).max(axis=2), axis=0)
        # Outside stand labels, too, where there are no ticks but grid lines.
        if contrast[3] >= SHARP_CONTRAST and max(contrast[2], contrast[4]) <= SHARP_SHARE * contrast[3]:
            return True
    return False


def _is_off_grid(marks: FloatArray, grid: FloatArray) -> bool:
    """Whether marks miss an even grid: markers, or ends of labels.

    Of fewer marks than lines most are off all lines, of more (two digits a label) most lines have none. As
    many at even steps are the ticks of a second axis, and fewer of which half have lines are ticks, too.
    """
    if len(grid) < MIN_GRID or np.ptp(np.diff(grid)) > OFF_GRID_PX:
        return False
    beside = len(marks) == len(grid) and _are_ends_of_labels(marks - grid)
    if not beside and len(marks) >= len(grid) and np.ptp(np.diff(marks)) <= OFF_GRID_PX:
        return False
    few, many = (marks, grid) if len(marks) < len(grid) else (grid, marks)
    away = np.min(np.abs(few[:, None] - many[None]), axis=1)
    if few is marks and _is_ladder(marks) and np.mean(away <= AT_GRID_PX) >= LADDER_AT_GRID:
        return False
    return bool(median(away) > AT_GRID_PX)


def _without_middles(marks: FloatArray, grid: FloatArray) -> FloatArray:
    """Grid lines without those midway between even ticks: drop lines from points above names (Excel).

    Where ticks have lines, too, those between are a minor grid.
    """
    if len(grid) < MIN_GRID or not _is_ladder(marks):
        return grid
    between = distance_to_nearest(grid, (marks[1:] + marks[:-1]) / 2) <= AT_GRID_PX
    at_ticks = distance_to_nearest(grid, marks[1:-1]) <= AT_GRID_PX
    return grid[~between] if between.sum() >= MIN_GRID and not at_ticks.any() else grid


def _are_ends_of_labels(off: FloatArray) -> bool:
    """Whether marks one a grid line lie beside their lines (px), and not all as far: strokes of digits.

    Another axis of the same steps is as far off its neighbour's lines everywhere.
    """
    away = np.abs(off)
    return bool(away.min() > AT_GRID_PX and away.max() <= LABEL_REACH_PX and np.ptp(off) > AT_RUNG_PX)


def _is_ladder(marks: FloatArray) -> bool:
    """Whether marks stand at even steps."""
    steps = np.diff(marks)
    return len(marks) >= LADDER_TICKS and bool(np.ptp(steps) <= EVEN_SHARE * median(steps))


def _are_of_second_axis(marks: FloatArray, grid: FloatArray) -> bool:
    """Whether as many marks as grid lines stand at even steps of their own: the grid is the other axis'."""
    if len(marks) != len(grid) or len(marks) < LADDER_TICKS or np.ptp(np.diff(marks)) > OFF_GRID_PX:
        return False
    return bool(median(np.abs(marks - grid)) > AT_GRID_PX)


def _are_dashes(marks: FloatArray, grid: FloatArray) -> bool:
    """Whether marks within a panel are the dashes of a grid line along its side, which other lines miss."""
    if len(grid) < MIN_GRID or len(marks) < DASHES_A_LINE * len(grid):
        return False
    gaps = np.diff(marks)
    usual = median(gaps)
    even = np.mean(np.abs(gaps - usual) <= AT_GRID_PX) >= LADDER_AT_GRID
    return bool(even and usual <= DASH_PX and distance_to_nearest(grid, marks).max() > AT_GRID_PX)


def _of_both_sides(marks: FloatArray, others: FloatArray) -> FloatArray:
    """Marks of opposite sides together, one of which may be covered; none where no two agree."""
    if not len(others) or np.min(np.abs(marks[:, None] - others[None])) > MIRROR_PX:
        return np.empty(0)
    return _with_grid(marks, others)


def _without_curves(marks: FloatArray, others: FloatArray, frame: PanelFrame, side: Side) -> FloatArray:
    """Marks without those beside a corner that the opposite side lacks, where it has all others."""
    box = frame.box
    ends = (box.top, box.bottom) if side in ("left", "right") else (box.left, box.right)
    lone = np.min(np.abs(marks[:, None] - others[None]), axis=1, initial=np.inf) > MIRROR_PX
    near = np.min(np.abs(marks[:, None] - np.array(ends)), axis=1) <= CURVE_PX
    mirrored = np.count_nonzero(~lone) >= MIN_MIRRORED and bool(np.all(near[lone]))
    return marks[~lone] if mirrored else marks


def _with_corners(marks: FloatArray, frame: PanelFrame, side: Side) -> FloatArray:
    """Add the drawn sides that hide a mark at the axis' ends."""
    box = frame.box
    ends: tuple[tuple[Side, float], ...] = (("left", box.left), ("right", box.right))
    if side in ("left", "right"):
        ends = (("top", box.top), ("bottom", box.bottom))
    hidden = [
        at
        for name, at in ends
        if name in frame.sides and np.min(np.abs(marks - at)) > CORNER_PX and not _is_beside_rung(at, marks)
    ]
    return np.sort(np.concatenate([marks, np.array(hidden)])) if hidden else marks


def _is_beside_rung(at: float, marks: FloatArray) -> bool:
    """Whether a side lies just beside the place at which an even ladder of marks would go on."""
    steps = np.diff(marks)
    if len(marks) < MIN_GRID or np.ptp(steps) > EVEN_SHARE * median(steps):
        return False
    step, first = np.polyfit(np.arange(len(marks)), marks, 1)
    off = abs(at - first - step * np.round((at - first) / step))
    return bool(AT_RUNG_PX < off <= CORNER_PX)


def _with_grid(ticks: FloatArray, grid: FloatArray) -> FloatArray:
    """Add the grid lines that no tick stands at; to an even ladder of ticks, its own rungs and half rungs."""
    away = np.min(np.abs(grid[:, None] - ticks[None]), axis=1, initial=np.inf)
    # Where most lines miss all ticks these are the minor ones of a logarithmic axis: nines stand near tens.
    minor = len(grid) >= MIN_GRID and median(away) > AT_GRID_PX
    lone = grid[away > (AT_GRID_PX if minor else OFF_GRID_PX)]
    if len(lone) and _is_ladder(ticks):
        halves = 2 * (lone - ticks[0]) / np.mean(np.diff(ticks))
        # Others are edges of areas and bars.
        lone = lone[np.abs(halves - np.round(halves)) <= EVEN_SHARE]
    return np.sort(np.concatenate([ticks, lone])) if len(lone) else ticks


def _marks(
    picture: Picture,
    frame: PanelFrame,
    side: Side,
    *,
    outward: bool,
    close: bool = False,
    least: float = MIN_CONTRAST,
) -> FloatArray:
    strip, start = _strip(picture, frame, side, outward=outward, close=close)
    if strip.shape[0] < MIN_TICK_PX or strip.shape[1] < 8:
        return np.empty(0)
    ground = medians(strip, axis=1, keepdims=True)
    contrast = np.abs(strip - ground).max(axis=2)
    # Bars that stand on the side make a ground of their own, on which the gaps between them show.
    on_bars = not outward and not _is_bare(ground, frame)
    # A tick crosses every row of the strip: the weakest row tells.
    strength = contrast.min(axis=0)
    limit = max(least, 0.3 * float(np.max(strength, initial=0.0)))
    on = np.flatnonzero(strength >= limit)
    if not on.size:
        return np.empty(0)
    runs = np.split(on, np.flatnonzero(np.diff(on) > 1) + 1)
    widest = max(2.0, MAX_WIDTH_FACTOR * max(frame.line_width, 1.0))
    out: list[float] = []
    for run in runs:
        # Inside, what runs out of the strip is the side that ends it.
        if len(run) > widest or (not outward and (run[0] == 0 or run[-1] == len(strength) - 1)):
            continue
        if on_bars and _is_bare(strip[:, run], frame):
            continue
        low, high = max(0, run[0] - 1), min(len(strength) - 1, run[-1] + 1)
        weight = contrast[:, low : high + 1].mean(axis=0)
        weight = np.clip(weight - 0.1 * weight.max(), 0, None)
        out.append(start + low + float(np.dot(np.arange(len(weight)), weight) / weight.sum()))
    return np.array(out)


def _is_bare(part: FloatArray, frame: PanelFrame) -> bool:
    """Whether the strongest of some pixels is the panel's own ground."""
    away = np.abs(part - np.asarray(frame.background, dtype=np.float64)).max(axis=2)
    return float(away.mean(axis=0).min()) < MIN_CONTRAST


def _marks_apart(picture: Picture, frame: PanelFrame, side: Side) -> FloatArray:
    """The tick marks of an axis line that stands off a side; none where there is no such line."""
    box = frame.box
    vertical = side in ("left", "right")
    deep, limit = (box.width, picture.width) if vertical else (box.height, picture.height)
    away = -1 if side in ("left", "top") else 1
    first = round(getattr(box, side)) + away * int(np.ceil(frame.line_width / 2 + 2))
    rows = np.array(
        [r for r in range(first, first + away * round(APART_SHARE * deep), away) if 0 <= r < limit]
    )
    low, high = (box.top, box.bottom) if vertical else (box.left, box.right)
    along = slice(max(0, round(low)), round(high) + 1)
    if rows.size < MIN_TICK_PX:
        return np.empty(0)
    strip = picture.rgb[along, rows].transpose(1, 0, 2) if vertical else picture.rgb[rows, along]
    # Paper of another colour than the panel's ground is no line, nor are the letters of labels that crowd.
    paper = np.median(strip.reshape(-1, 3), axis=0)
    inked = np.abs(strip.astype(np.float64) - paper).max(axis=2) >= MIN_CONTRAST
    lines = np.flatnonzero([_longest_run(row) >= APART_LENGTH * row.size for row in inked])
    if not lines.size:
        return np.empty(0)
    run = lines[: int(np.argmax(np.diff(lines, append=rows.size + 1) > 1)) + 1]
    if np.any(inked[: max(0, run[0] - APART_RIM_PX)].mean(axis=1) > APART_INK):
        return np.empty(0)
    moved = replace(box, **{side: float(rows[run].mean())})
    marks = _marks(picture, replace(frame, box=moved, line_width=float(run.size)), side, outward=True)
    return marks if len(marks) >= 2 else np.empty(0)


def _longest_run(on: NDArray[np.bool_]) -> int:
    """The length of the longest run of True."""
    return int(np.diff(np.flatnonzero(np.r_[True, ~on, True])).max()) - 1


def _strip(
    picture: Picture, frame: PanelFrame, side: Side, *, outward: bool, close: bool = False
) -> tuple[FloatArray, int]:
    """Pixels just beyond (or inside) the side: shape (rows, along, 3), and where along starts.

    ``close``: from the first row on that the side leaves bare; a blurred one colours that as well.
    """
    box = frame.box
    half = frame.line_width / 2
    depth = max(MIN_TICK_PX, round(1.6 * frame.line_width))
    beyond = int(np.ceil(half + 0.8))
    at = getattr(box, side)
    away = -1 if side in ("left", "top") else 1
    direction = away if outward else -away
    rows = [round(at + direction * (beyond + k)) for k in range(depth)]
    if close:
        first = direction * int(np.ceil(direction * at + half + 0.5 + CLOSE_PX))
        rows = [first + direction * k for k in range(depth)]
    vertical = side in ("left", "right")
    limit = picture.width if vertical else picture.height
    rows = [row for row in rows if 0 <= row < limit]
    low, high = (box.top, box.bottom) if vertical else (box.left, box.right)
    margin = 2 + half if outward else -(2 + half)
    start = int(max(0, np.floor(low - margin)))
    stop = int(min((picture.height if vertical else picture.width) - 1, np.ceil(high + margin)))
    if vertical:
        strip = picture.rgb[start : stop + 1, rows].transpose(1, 0, 2)
    else:
        strip = picture.rgb[rows, start : stop + 1]
    return strip.astype(np.float64), start
