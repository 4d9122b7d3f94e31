"""Measure how far a panel can be off and still be right: near 0 where much may be off, or nothing is.

A series is right while one point in twenty is off, and an axis while its ends are within half a percent of
it. Of many points a few may be read badly; of ten none may. What counts is therefore whether there are points
to spare, and how sure the scale is in units of what an axis may be off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, PanelEvidence, Scale, Trace
from digitizer.medians import median
from digitizer.stages.pixels.nearest import distance_to_nearest
from digitizer.stages.status.chances import (
    FEWEST_TO_SPARE,
    LEAST_SIGMA_PX,
    LEAST_STEP_PX,
    MAY_BE_OFF,
    OFF_HEIGHT,
    PLACE_PX,
    TURN_PX,
    chances_off,
)
from digitizer.stages.status.corner_doubts import expect_corners_off
from digitizer.stages.status.corners import find_corners
from digitizer.stages.status.dash_doubts import bent_share, strokes_off
from digitizer.stages.status.line_doubts import off_round_steps

# What the ends of an axis may be off, as a share of it.
OFF_AXIS = 0.005
# Heights that span less than one in so many of the panel's are narrow: two lines of Vega's that said ok lie
# within a tenth and a sixth of an axis from nought, and are a percent of that off. Lines that fill half of
# their panels and more are measured by these, as they were when the doubts were weighed. One level spans less
# than this (px).
FULL, LEVEL_PX = 2.0, 1.0
# Vertices of lines of few are placed better: of 69 on steep lines nineteen in twenty within 0.18 px, and of
# all 842 none is off by too much, where 0.3 px has three expected.
VERTEX_PX = 0.2
# Vertices of which so many stand off even steps are told by their own corners, and not by a grid: where two
# of them are nearly above each other, a scale that is off by a third of a pixel puts one on the height of the
# other. Of 1,900 panels six have such lines with more points off than may be; none of these is right.
OFF_STEPS = 0.3
# Markers of one line nearer to each other along x than this (px), at heights that a point may not be off, lie
# over each other or swap: which height is whose hangs on a pixel of the scale. Of 1,900 panels five had as
# many of them as may not be off; one was right.
CLOSE_PX = 2.5
# They are so much nearer than the line's markers usually are (its median gap).
CLOSE_SHARE = 1 / 3
# Points of two lines stand at the same x to this (px); spacings are even to this share of the usual one.
SAME_X_PX = 1.5
EVEN = 0.12
# A line of which fewer spacings are uneven (two a point) has no more points beside its own steps than may be
# off, and needs no others to bear it out: of 39 drawn panels with such lines alone at their places 35 are
# right (of those whose other doubts leave them ok all but one), and 24 of 27 with others.
EVEN_LINE = 2 * MAY_BE_OFF
# Markers are told from their line by being wider than it: dots twice (matplotlib's). Discs of less than so
# many widths are bits of strokes as well: of the arms of crosses and plus signs two or three each (1.3, 1.4).
SLIM = 1.6
# A line by columns that runs straight between few corners has as many points, and no more: every second
# tip may be off. Of 1,900 panels none that says ok has more tips among its corners than that, but one: wrong.
MOST_TIPS = 2 * MAY_BE_OFF
# Tips of noise whose steps are as wide as two columns are read at their far ends; their deviations say so.
# Of 40 such lines on two seeds those with no more than one point in twenty off have 0.02 of their corners and
# less expected to be off, all but four of which jumps or dashes make tips; those with more off have 0.03 to
# 0.2, all but three that lie wholly elsewhere. Less than this is none.
LEAST_OFF = 0.002
# Points across this share of a panel tell its scale, each step end to this (px).
WIDE, STEP_SIGMA_PX = 0.5, 0.3
# Sizes are put on scales on which each unit weighs about alike.
PER_AXIS, PER_RISK, PER_SHARE, PER_TURNING = 0.05, 3.0, 3.0, 0.02


def measure_tolerance_doubts(evidence: PanelEvidence) -> dict[str, float]:
    """Doubts by name; every name is there, 0 where there is no doubt."""
    listed = [t for t in evidence.traces if t.kind == "line" and t.sampled_at != "columns"]
    lines = [t for t in listed if np.isfinite(t.y_px).any()]
    columns = [t for t in evidence.traces if t.kind == "line" and t.sampled_at == "columns"]
    few = [t for t in lines if _n_seen(t) < FEWEST_TO_SPARE]
    # Markers are seen, and dots that are taken for some lie on their line as truly; vertices are inferred.
    bent = [t for t in lines if t.sampled_at == "vertices" or _is_slim(t)]
    height = evidence.frame.box.height
    risk = sum(_expect_off(t, _scale_of(evidence, t), _span_px(evidence, t)) for t in few)
    risk += sum(_chance_of_many(t, height) for t in lines if t.sampled_at == "vertices")
    # Each stroke off tells of a gap, which hides a point of some twenty or one of many.
    dashed = [strokes_off(t, height) for t in columns]
    risk += sum(n_off for n_off, _ in dashed)
    hidden = max((n_off / n for n_off, n in dashed if n), default=0.0)
    for trace in columns:
        span = _span_px(evidence, trace)
        n_off, at_jumps = expect_corners_off(trace, span)
        risk += n_off
        in_gaps = bent_share(trace, span) - MAY_BE_OFF
        hidden = max(hidden, at_jumps, in_gaps, _tips_at_risk(trace, height))
    return {
        "axis end unsure": _miss_ends(evidence) / PER_AXIS,
        "points at risk": math.log1p(PER_RISK * risk),
        "points uneven": PER_SHARE * max((uneven_share(t) for t in bent), default=0.0),
        "points unshared": PER_SHARE * _unshared(bent),
        "line in parts": float(any(_has_gap(t) for t in evidence.traces)),
        "columns turning": math.log1p(hidden / PER_TURNING),
        "dashes by columns": float(sum(t.line_style != "solid" for t in columns)),
    }


def _is_slim(trace: Trace) -> bool:
    """Whether the markers of a line are hardly wider than its stroke."""
    return trace.marker != "none" and 0 < trace.marker_size_px < SLIM * trace.line_width_px


def _miss_ends(evidence: PanelEvidence) -> float:
    """How probably an end of some axis is off by more than it may be.

    What is not known of ticks is where within a pixel they stand: it has bounds, and no tails as a normal law
    has. Of 118 drawn axes that were unsure by a fifth to three tenths of a percent none was off by a half,
    where a normal law expects five.
    """
    box = evidence.frame.box
    across = [(evidence.x_scale, box.left, box.right), (evidence.y_scale, box.top, box.bottom)]
    if evidence.y2_axis is not None:
        across.append((evidence.y2_scale, box.top, box.bottom))
    worst = 0.0
    for scale, low, high in across:
        if scale is not None and scale.kind != "category":
            unsure = scale.unsure_share(low, high)
            if scale is evidence.x_scale:
                unsure = min(unsure, off_axis_by_steps(evidence))
            worst = max(worst, unsure / OFF_AXIS)
    return max(0.0, 1.0 - 1.0 / (math.sqrt(3.0) * worst)) if worst > 0 else 0.0


def off_axis_by_steps(evidence: PanelEvidence) -> float:
    """How far the x axis may be off (share of it) by points on even steps that it puts beside round values.

    Points of every epoch, seen across most of the panel, tell where a scale of two labels lies as well as
    further labels would.
    """
    width, worst = evidence.frame.box.width, math.inf
    for trace in evidence.traces:
        off = off_round_steps(trace, evidence.x_scale)
        span = float(np.ptp(_places(trace))) if off is not None else 0.0
        if off is not None and span >= WIDE * width:
            worst = min(worst, max(off, STEP_SIGMA_PX) / span)
    return worst


def _span_px(evidence: PanelEvidence, trace: Trace) -> float:
    """How far (px) heights reach of which a percent may be off: narrow ones do not fill their panel."""
    sides = dict(zip(map(id, evidence.traces), evidence.on_y2, strict=False))
    own = [t for t in evidence.traces if sides.get(id(t), False) == sides.get(id(trace), False)]
    heights = np.concatenate([e for t in own for e in (t.y_px, t.y_low_px, t.y_high_px) if e is not None])
    span = float(np.ptp(heights[np.isfinite(heights)])) if np.isfinite(heights).any() else 0.0
    whole = evidence.frame.box.height
    # One level is no range.
    return whole if span < LEVEL_PX else min(whole, FULL * span)


def _scale_of(evidence: PanelEvidence, trace: Trace) -> Scale | None:
    """The scale that a trace's heights are read on."""
    for other, second in zip(evidence.traces, evidence.on_y2, strict=False):
        if other is trace and second:
            return evidence.y2_scale
    return evidence.y_scale


def _n_seen(trace: Trace) -> int:
    return int(np.isfinite(trace.y_px).sum())


def _places(trace: Trace) -> FloatArray:
    """Where the points of a trace stand along x."""
    return trace.x_px[np.isfinite(trace.y_px)]


def _expect_off(trace: Trace, scale: Scale | None, height: float) -> float:
    """How many points of a line are expected to be off."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    own = np.where(np.isfinite(trace.sigma_px[seen]), trace.sigma_px[seen], 1.0)
    sigma = np.hypot(LEAST_SIGMA_PX, own)
    if scale is not None and scale.kind != "category":
        sigma = np.hypot(sigma, scale.fit_sigma_px(y))
    if trace.sampled_at == "vertices" and trace.interpolation == "linear" and x.size > 1:
        # Markers hold their own height, wherever along x they are, and stairs that of their step.
        sigma = np.hypot(sigma, VERTEX_PX * _steepest(x, y))
    return float(np.sum(chances_off(sigma, height)))


def _steepest(x: FloatArray, y: FloatArray) -> FloatArray:
    """How steep a line is at each of its points, on the steeper side."""
    steep = np.abs(np.diff(y)) / np.maximum(np.abs(np.diff(x)), LEAST_STEP_PX)
    return np.asarray(np.maximum(np.r_[steep[:1], steep], np.r_[steep, steep[-1:]]))


def _chance_of_many(trace: Trace, height: float) -> float:
    """How probably more vertices of a line than may be are off by where they stand along x."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    if trace.interpolation != "linear" or x.size < FEWEST_TO_SPARE or uneven_share(trace) <= OFF_STEPS:
        return 0.0
    most = int(MAY_BE_OFF * x.size + 1e-9)
    chances = np.zeros(most + 1)
    chances[0] = 1.0
    place = np.hypot(PLACE_PX, _melted_px(x, trace.line_width_px))
    for off in chances_off(np.hypot(LEAST_SIGMA_PX, place * _steepest(x, y)), height):
        chances = chances * (1.0 - off) + np.r_[0.0, chances[:-1]] * off
    return float(1.0 - chances.sum())


def _melted_px(x: FloatArray, width: float) -> FloatArray:
    """How far (px) along x vertices may be off that stand within a stroke's width of each other.

    Some of these are the two sides of one joint, which lies anywhere between them.
    """
    gaps = np.diff(x)
    melted = np.where(gaps < width, gaps / 2, 0.0)
    return np.asarray(np.maximum(np.r_[0.0, melted], np.r_[melted, 0.0]))


def share_off(trace: Trace, height: float) -> float:
    """Share of a line's points expected to be off by more than they may; 0 of few, and of lines by columns.

    Parameters
    ----------
    trace
        Its deviations count with the long tails that errors of points have.
    height : float
        Of the panel (px).
    """
    sigma = trace.sigma_px[np.isfinite(trace.y_px) & np.isfinite(trace.sigma_px)]
    if trace.kind != "line" or trace.sampled_at == "columns" or sigma.size < FEWEST_TO_SPARE:
        return 0.0
    return float(np.mean(chances_off(np.maximum(sigma, 1e-6), height)))


def close_share(trace: Trace, height: float) -> float:
    """Share of a line's markers that stand nearly above or below the next, by more than they may be off.

    Those of a dense row (at every epoch) are no such markers: their steps tell where each of them stands.
    """
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    gaps = np.diff(x)
    if trace.kind != "line" or trace.sampled_at != "markers" or x.size < 2 or np.any(gaps < 0):
        return 0.0
    close = (gaps < min(CLOSE_PX, CLOSE_SHARE * median(gaps))) & (np.abs(np.diff(y)) > OFF_HEIGHT * height)
    return float(np.mean(np.r_[close, False] | np.r_[False, close]))


def uneven_share(trace: Trace) -> float:
    """Share of a line's spacings that are no whole numbers of its usual one."""
    gaps = np.diff(_places(trace))
    usual = float(np.median(gaps)) if gaps.size >= 3 else 0.0
    if usual <= 0:
        return 0.0
    return float(np.mean(np.abs(gaps / usual - np.round(gaps / usual)) > EVEN))


def _unshared(bent: Sequence[Trace]) -> float:
    """The largest share of a line's points that stand where no one other line has one.

    Points at even steps need no others to bear them out.
    """
    told = [t for t in bent if _places(t).size > 2]
    lines = [_places(t) for t in told]
    worst = 0.0
    for i, x in enumerate(lines):
        if uneven_share(told[i]) < EVEN_LINE:
            continue
        others = [
            float(np.mean(distance_to_nearest(x, z) > SAME_X_PX)) for k, z in enumerate(lines) if k != i
        ]
        worst = max(worst, min(others, default=0.0))
    return worst


def _has_gap(trace: Trace) -> bool:
    """Whether a line is interrupted: parts of one point are easily missed."""
    missing = ~np.isfinite(trace.y_px)
    return trace.kind == "line" and trace.y_px.size > 2 and bool(missing[1:-1].any())


def _tips_at_risk(trace: Trace, height: float) -> float:
    """By how much a line read by columns may be off where it turns, by its tips' own deviations at most."""
    turning = max(_turning(trace, height), _tips_of_few(trace, height))
    return min(turning, _expect_tips_off(trace, height)) if turning > 0 else 0.0


def _expect_tips_off(trace: Trace, height: float) -> float:
    """Share of a line's corners that are tips expected to be off; of columns, where corners share these."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    at, before, after = _beside(x, y)
    tips = at[(before * after > 0) & (np.minimum(np.abs(before), np.abs(after)) > OFF_HEIGHT * height)]
    if not tips.size:
        return 0.0
    own = trace.sigma_px[seen][np.searchsorted(x, tips)]
    off = chances_off(np.where(np.isfinite(own), np.maximum(own, LEAST_SIGMA_PX), 1.0), height)
    begins = np.flatnonzero(np.r_[True, np.diff(tips) > TURN_PX])
    n_off = float(np.maximum.reduceat(off, begins).sum())
    return max(float(off.sum()) / at.size, n_off / find_corners(x, y, math.ceil(n_off / LEAST_OFF)).size)


def _turning(trace: Trace, height: float) -> float:
    """Share of a line's columns in which it turns by more than a point may be off.

    It turns where it comes back within those columns: a slope that grows steeper has no tip to blunt. Dots
    stand several columns apart: chords are so many pixels long, and not so many points. Beside a jump a line
    is level on one side, and is read right there. Loops are followed along their course, not by columns.
    """
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    at, before, after = _beside(x, y)
    if at.size < FEWEST_TO_SPARE:
        return 0.0
    limit, least = OFF_HEIGHT * height, np.minimum(np.abs(before), np.abs(after))
    bends = (np.abs(before + after) / 2 > limit) & (least > limit)
    back = at[(before * after > 0) & (least > limit)]
    if not back.size:
        return 0.0
    return float(np.mean(bends & (distance_to_nearest(at, back) <= TURN_PX)))


def _beside(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Columns away from a line's ends, and how much lower it is there than before and after; no loops'."""
    inside = (x >= x.min(initial=np.inf) + TURN_PX) & (x <= x.max(initial=-np.inf) - TURN_PX)
    if np.any(np.diff(x) < 0) or not inside.any():
        return np.zeros(0), np.zeros(0), np.zeros(0)
    before, after = (y[inside] - np.interp(x[inside] + side, x, y) for side in (-TURN_PX, TURN_PX))
    return x[inside], before, after


def _tips_of_few(trace: Trace, height: float) -> float:
    """By how much a line read by columns has more tips among its corners than may be off."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    at, before, after = _beside(x, y)
    tips = at[(before * after > 0) & (np.minimum(np.abs(before), np.abs(after)) > OFF_HEIGHT * height)]
    n_tips = 1 + int(np.sum(np.diff(tips) > TURN_PX)) if tips.size else 0
    if not n_tips:
        return 0.0
    n_corners = find_corners(x, y, math.ceil(n_tips / MOST_TIPS)).size
    # Beyond its first unit the doubt has nothing more to say.
    return float(np.clip(n_tips / n_corners - MOST_TIPS, 0.0, 2 * PER_TURNING))
