"""Carry lines on under the strokes that cover them: along another line, or along a side of the frame.

A line that runs into another one at a flat angle and is not seen beyond has not ended there: it goes on under
the other one, and within its width. What says so is that other lines of the panel reach further.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, PanelFrame, Trace
from digitizer.stages.series.averages import lies_below
from digitizer.stages.series.corners import LONGEST_PX, runs_into_corner
from digitizer.stages.series.paths.runs import IndexArray

# Lines whose ends differ by less than this (px) end at one place.
SAME_END_PX = 3.0
# Beyond the strokes' half widths the end of a line may be this far (px) from the line that covers it: where
# two strokes part at a flat angle the thinner one is seen only a pixel or two later.
TOUCH_PX = 2.0
# A line that ends this near a side of the frame (px, beyond both strokes) goes on to it.
BESIDE_PX = 2.5
# ... and one that nothing is drawn on only where the line ends at it: no ink is looked at in its last pixel.
BARE_PX = 1.5
# Directions of two lines that merge differ by less than this (radians), those of lines that cross by more.
MERGING = 0.3
# Of two strokes as wide as each other the lower is seen where it stands out by more than this (px): in JPEG,
# and where both colours are near, slivers of a pixel or two are not told. Of 60 hidden stretches (52 figures
# and drawn charts) two thirds of the points were off by 0.2 to 0.9 of what both half widths together are.
SLIVER_PX = 2.0
# Directions that differ by less (px per px) tell no more where two lines meet.
LEAST_TURN = 0.02
# Columns over which the direction of an end is measured, the most of them, and the fewest points for it.
REACH = 12
LONGEST_TIP = 60
FEWEST = 4
# The middle of a stroke that is less steep than this (px per px) is off by less than its sigma at its end.
STEEP = 0.7
# A curvature is one where it is so many times its deviation.
CLEARLY_BENT = 6.0
# A hidden stretch longer than this many times what is seen of the line is no inference but invention.
LONGEST = 3.0
# Values that came wander: where they begin under their average, over so much of its width at most, no
# direction tells.
LONGEST_RAW = 0.05
# A tick mark takes up so many columns of a line's end, which is level before it (px, over so many columns).
MARK_COLUMNS, LEVEL_COLUMNS, LEVEL_PX = 3, 8, 1.0
# A curve that goes so far (px) beyond the middle of a side in a gap may have left the panel.
DIP_PX = 2.0
# A gap longer than this share of what it parts is left open: another line may run by both its ends by chance.
LONGEST_GAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cover:
    """A stroke that may cover another: its path by rising x, its width, and whether it averages that one."""

    x: FloatArray
    y: FloatArray
    width: float
    averages: bool = False
    is_side: bool = False

    def at(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.x, self.y)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stretch:
    """Points of a line that lie under a cover, from where it is seen last, and their deviations."""

    x: FloatArray
    y: FloatArray
    sigma: FloatArray


def carry_on_hidden(traces: Sequence[Trace], frame: PanelFrame) -> list[Trace]:
    """Extend lines that end under another line or under a side of the frame.

    Parameters
    ----------
    traces
        A panel's traces (source px).
    frame
        The panel; only sides that are drawn cover anything.

    Returns
    -------
    list of Trace
        In the order given. Points under a cover stand on its middle, towards which they run from where the
        line is seen last, with what may lie unseen there as their deviation; ``hidden`` is the share of the
        line's width that they make up.
    """
    out = list(traces)
    lines = [i for i, t in enumerate(out) if is_line(t)]
    for i in (i for i, t in enumerate(out) if is_line(t, fewest=2 if t.sampled_at == "vertices" else FEWEST)):
        out[i] = _reach(_reach(out[i], frame, -1), frame, 1)
    if not lines:
        return out
    ends = {side: common_end([out[i] for i in lines], frame, side) for side in (-1, 1)}
    sides, ground = _covering_sides(frame), np.array(frame.background, dtype=np.float64)
    # The longest first: a line that was carried on may itself cover a shorter one.
    for i in sorted(lines, key=lambda i: -float(np.ptp(out[i].x_px))):
        for side in (-1, 1):
            covers = [_cover(out[k], out[i], ground) for k in lines if k != i] + sides
            out[i] = _carry_on(out[i], covers, side, ends[side])
    for i in lines:
        out[i] = _close_gaps(out[i], [_cover(out[k], out[i], ground) for k in lines if k != i] + sides)
    return out


def is_line(trace: Trace, fewest: int = FEWEST) -> bool:
    """Whether a trace is a line from left to right, not of markers alone, with so many points seen."""
    seen = np.isfinite(trace.y_px)
    return (
        trace.kind == "line"
        and trace.line_style != "none"
        and trace.sampled_at != "markers"
        and int(seen.sum()) >= fewest
        and bool(np.all(np.diff(trace.x_px[seen]) >= 0))
    )


def common_end(lines: Sequence[Trace], frame: PanelFrame, side: int) -> float:
    """Where the line that reaches furthest ends, or the frame where lines begin at its other side.

    Limits are tight at both ends or at none.
    """
    seen = [t.x_px[np.isfinite(t.y_px)] for t in lines]
    if any(float(np.min(side * x)) <= side * _side_px(frame, -side) + SAME_END_PX for x in seen):
        return _side_px(frame, side)
    return side * max(float(np.max(side * x)) for x in seen)


def _side_px(frame: PanelFrame, side: int) -> float:
    return frame.box.left if side < 0 else frame.box.right


def _reach(trace: Trace, frame: PanelFrame, side: int) -> Trace:
    """Carry a line that ends beside a side of the frame on to it: the side's own stroke covers the rest."""
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    at, target = (0 if side < 0 else x.size - 1), _side_px(frame, side)
    missing = side * (target - float(x[at]))
    drawn = ("left" if side < 0 else "right") in frame.sides
    beside = frame.line_width + BESIDE_PX + trace.line_width_px / 2 if drawn else BARE_PX
    covered = beside + trace.line_width_px / 2
    if not 0.0 < missing <= max(covered, LONGEST_PX):
        return trace
    by_columns = trace.sampled_at == "columns"
    tip = _tip(x, y, side, REACH) if by_columns else _last_slope(x, y, side)
    if tip is None:
        return trace
    end = float(x[at]), float(y[at])
    if missing > covered and not runs_into_corner(trace, frame, side, end, tip):
        return trace
    whole = _whole_tip(x, y, trace.line_width_px, side) if by_columns else None
    y_px = trace.y_px.copy()
    if whole is not None:
        cut, (height, tip) = whole
        y_px[seen[cut]] = height + tip * (x[cut] - float(x[at]))
    else:
        height = float(y[at])
    height += tip * side * missing
    beyond = max(frame.box.top - height, height - frame.box.bottom)
    # A line that leaves through the top goes on beyond it; one that begins in the corner is off by a little.
    if beyond > max(1.0, abs(tip) / 2):
        return trace
    height = min(max(height, frame.box.top), frame.box.bottom)
    x_px, sigma = trace.x_px.copy(), trace.sigma_px.copy()
    if not by_columns:
        x_px[seen[at]], y_px[seen[at]] = target, height
        return replace(trace, x_px=x_px, y_px=y_px, sigma_px=sigma)
    place = seen[at] + (side > 0)
    unsure = float(sigma[seen[at]]) + abs(tip) * missing / 2
    return replace(
        trace,
        x_px=np.insert(x_px, place, target),
        y_px=np.insert(y_px, place, height),
        sigma_px=np.insert(sigma, place, unsure),
    )


def _whole_tip(
    x: FloatArray, y: FloatArray, width: float, side: int
) -> tuple[IndexArray, tuple[float, float]] | None:
    """The last columns of a steep line, and where it ends and how steeply by those before; None where level.

    A stroke begins across its direction: the columns that its end cuts show no more than one flank of it, and
    their middle lies inside.
    """
    away = -side * (x - (x[-1] if side > 0 else x[0]))
    near = np.flatnonzero((away > width / 2 + 1.0) & (away <= width / 2 + 1.0 + REACH))
    if near.size < REACH // 2:
        return None
    slope, height = _lead(-side * away[near], y[near])
    past = width / 2 * abs(slope) / math.hypot(1.0, slope)
    cut = np.flatnonzero(away < past + 0.5)
    if abs(slope) < STEEP or cut.size == 0:
        return None
    return cut, (height, slope)


def _lead(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slope and height at zero of a line through points, or of a parabola where they bend beyond doubt.

    Curves that begin steeply (one less an exponential) bend most there; in pictures that were resized columns
    wander by half a pixel, and a parabola makes more of it.
    """
    bent, spread = np.polyfit(x, y, 2, cov=True)
    if abs(float(bent[0])) > CLEARLY_BENT * math.sqrt(max(float(spread[0, 0]), 0.0)):
        return float(bent[1]), float(bent[2])
    slope, height = np.polyfit(x, y, 1)
    return float(slope), float(height)


def _last_slope(x: FloatArray, y: FloatArray, side: int) -> float | None:
    """Slope of the segment at one end of a polyline."""
    i, j = (0, 1) if side < 0 else (x.size - 2, x.size - 1)
    return float((y[j] - y[i]) / (x[j] - x[i])) if x[j] - x[i] > 0.5 else None


def _cover(trace: Trace, below: Trace, ground: FloatArray) -> _Cover:
    seen = np.isfinite(trace.y_px)
    averages = lies_below(below, trace, ground)
    return _Cover(x=trace.x_px[seen], y=trace.y_px[seen], width=trace.line_width_px, averages=averages)


def _covering_sides(frame: PanelFrame) -> list[_Cover]:
    box = frame.box
    ends = np.array([box.left, box.right])
    return [
        _Cover(x=ends, y=np.full(2, level), width=frame.line_width, is_side=True)
        for side, level in (("top", box.top), ("bottom", box.bottom))
        if side in frame.sides
    ]


def _carry_on(trace: Trace, covers: Sequence[_Cover], side: int, target: float) -> Trace:
    carried = _carry(trace, covers, side, target)
    bare = _without_mark(trace, side) if carried is trace else None
    if bare is None:
        return carried
    carried = _carry(bare, covers, side, target)
    return trace if carried is bare else carried


def _without_mark(trace: Trace, side: int) -> Trace | None:
    """The line without the tick mark that its last columns took in; None where they run on as before."""
    n = trace.y_px.size
    at = np.arange(n)[::-side][: MARK_COLUMNS + LEVEL_COLUMNS]
    x, y = trace.x_px[at], trace.y_px[at]
    level = y[MARK_COLUMNS:]
    if trace.sampled_at != "columns" or at.size == n or np.isnan(y).any() or np.abs(np.diff(x)).max() > 1.0:
        return None
    off = np.flatnonzero(np.abs(y - np.median(level)) > LEVEL_PX)
    if float(np.ptp(level)) > LEVEL_PX or not off.size:
        return None
    kept = np.delete(np.arange(n), at[: int(off[-1]) + 1])
    return replace(trace, x_px=trace.x_px[kept], y_px=trace.y_px[kept], sigma_px=trace.sigma_px[kept])


def _carry(trace: Trace, covers: Sequence[_Cover], side: int, target: float) -> Trace:
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    x, y = trace.x_px[seen], trace.y_px[seen]
    end = float(x[-1] if side > 0 else x[0])
    missing = side * (target - end)
    if missing < SAME_END_PX or missing > LONGEST * float(np.ptp(x)):
        return trace
    height = float(y[-1] if side > 0 else y[0])
    # Dots stand further apart than columns.
    last_few = x[-FEWEST:] if side > 0 else x[:FEWEST]
    spacing = float(np.ptp(last_few)) / (FEWEST - 1)
    tip = _tip(x, y, side, float(np.clip(np.ptp(last_few), REACH, LONGEST_TIP)))
    if tip is None:
        return trace
    best: tuple[float, _Stretch] | None = None
    for cover in covers:
        last = side * min(side * target, float(np.max(side * cover.x)))
        if side * (last - end) < SAME_END_PX or not cover.x[0] - 1 <= end <= cover.x[-1] + 1:
            continue
        reach = 0.5 * (cover.width + trace.line_width_px) + TOUCH_PX
        # A dotted line may have met its cover one dot after the last that is seen.
        ahead_px = np.array([0.0, side * spacing]) if spacing > 1.5 else np.zeros(1)
        off = float(np.min(np.abs(cover.at(end + ahead_px) - height - tip * ahead_px)))
        beside = height - float(cover.at(np.array([end]))[0])
        wanders = cover.averages and missing < LONGEST_RAW * float(np.ptp(cover.x))
        if wanders:
            off = abs(beside)
        # A cover that ends within reach is level beyond: lines that begin at one point begin steeply, too.
        on = np.array([end, end + side * min(REACH, side * (last - end))])
        ahead = _tip(on, cover.at(on), -side, REACH)
        merges = ahead is not None and abs(np.arctan(tip) - np.arctan(ahead)) <= MERGING
        if off > reach or not (merges or wanders):
            continue
        if best is None or (side * last, -off) > (side * best[1].x[-1], -best[0]):
            columns = np.arange(end + side, last + 0.5 * side, side)
            turn = 0.0 if ahead is None else tip - ahead
            best = off, _under(cover, trace.line_width_px, columns, beside, turn)
    return trace if best is None else _extended(trace, best[1], side)


def _under(cover: _Cover, width: float, columns: FloatArray, beside: float, turn: float) -> _Stretch:
    """Where a line runs under its cover: it ends ``beside`` its middle (px), nearing it by ``turn`` a column.

    Lines that merge do so ever more slowly. Values under their average wander, as far as its stroke hides.
    """
    along = cover.at(columns)
    if cover.averages:
        return _Stretch(x=columns, y=along, sigma=np.full(columns.size, 0.5 * (cover.width + width)))
    away = np.abs(columns - columns[0]) + 1.0
    left = beside * np.exp(-away * max(abs(turn), LEAST_TURN) / max(abs(beside), 1e-6))
    return _Stretch(x=columns, y=along + left, sigma=np.hypot(_unseen_sigma(cover.width, width), left / 2))


def _unseen_sigma(cover_width: float, width: float) -> float:
    """Deviation (px) of a line that nothing is seen of beside a wider or equal stroke."""
    return (max(0.0, cover_width - width) / 2 + SLIVER_PX) / math.sqrt(3.0)


def _close_gaps(trace: Trace, covers: Sequence[_Cover]) -> Trace:
    """Lead a line through gaps that begin and end under the same other line, or level at a side: along it."""
    x, y, sigma = trace.x_px, trace.y_px, trace.sigma_px
    closed = 0.0
    for hole in np.flatnonzero(np.isnan(trace.y_px))[::-1]:
        if not 0 < hole < trace.y_px.size - 1 or np.isnan(trace.y_px[[hole - 1, hole + 1]]).any():
            continue
        ends, heights = trace.x_px[[hole - 1, hole + 1]], trace.y_px[[hole - 1, hole + 1]]
        if np.ptp(ends) > LONGEST_GAP * np.ptp(x):
            continue
        best: tuple[float, FloatArray, FloatArray, float] | None = None
        for cover in covers:
            off = heights - cover.at(ends)
            reach = 0.5 * (cover.width + trace.line_width_px) + TOUCH_PX
            inside = cover.x[0] <= ends[0] and ends[1] <= cover.x[-1]
            if not inside or np.abs(off).max() > reach or (best is not None and np.abs(off).max() >= best[0]):
                continue
            if cover.is_side and _may_dip(trace, hole, float(cover.y[0])):
                continue
            columns = np.arange(np.floor(ends[0]) + 1.0, ends[1])
            unsure = reach / 2 if cover.averages else _unseen_sigma(cover.width, trace.line_width_px)
            best = (
                float(np.abs(off).max()),
                columns,
                cover.at(columns) + np.interp(columns, ends, off),
                unsure,
            )
        if best is None:
            continue
        _, columns, along, unsure = best
        parts = ((x, columns), (y, along), (sigma, np.full(columns.size, unsure)))
        x, y, sigma = (np.concatenate([v[:hole], more, v[hole + 1 :]]) for v, more in parts)
        closed += float(np.ptp(ends)) / max(1.0, float(np.ptp(trace.x_px)))
    if not closed:
        return trace
    return replace(trace, x_px=x, y_px=y, sigma_px=sigma, hidden=min(1.0, trace.hidden + closed))


def _may_dip(trace: Trace, hole: int, level: float) -> bool:
    """Whether a line may have left the panel in a gap at a side: a parabola through both flanks does."""
    seen = np.isfinite(trace.y_px)
    seen[hole] = False
    inwards = math.copysign(1.0, float(np.nanmedian(trace.y_px)) - level)
    slopes = []
    for side, part in ((1, slice(None, hole)), (-1, slice(hole, None))):
        x, y = trace.x_px[part][seen[part]], trace.y_px[part][seen[part]]
        tip = _tip(x, y, side, REACH)
        slopes.append(0.0 if tip is None else -side * inwards * tip)
    gap = float(trace.x_px[hole + 1] - trace.x_px[hole - 1])
    inside = float(np.mean(inwards * (trace.y_px[[hole - 1, hole + 1]] - level)))
    return float(np.mean(slopes)) * gap / 4 - inside > DIP_PX


def _tip(x: FloatArray, y: FloatArray, side: int, reach: float) -> float | None:
    """Slope over the last columns of a path on one side; None where too few tell it."""
    end = x[-1] if side > 0 else x[0]
    near = np.abs(x - end) <= reach
    if near.sum() < min(FEWEST, x.size) or float(np.ptp(x[near])) < 1.0:
        return None
    return float(np.polyfit(x[near], y[near], 1)[0])


def _extended(trace: Trace, more: _Stretch, side: int) -> Trace:
    parts = [(trace.x_px, trace.y_px, trace.sigma_px), (more.x, more.y, more.sigma)]
    if side < 0:
        parts = [(more.x[::-1], more.y[::-1], more.sigma[::-1]), parts[0]]
    columns = [np.concatenate([part[k] for part in parts]) for k in range(3)]
    share = float(np.ptp(more.x) + 1) / max(1.0, float(np.ptp(columns[0])))
    return replace(
        trace, x_px=columns[0], y_px=columns[1], sigma_px=columns[2], hidden=min(1.0, trace.hidden + share)
    )
