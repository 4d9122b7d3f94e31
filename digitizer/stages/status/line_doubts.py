"""Measure doubts about lines: does a second reading agree, and where would a small error of x carry them?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np

from digitizer.evidence import Box, FloatArray, PanelEvidence, Scale, Trace
from digitizer.medians import median, quantile
from digitizer.stages.checks.second_reading import BEYOND_COLUMNS, RIM_PX
from digitizer.stages.values.bar_values import bar_places

# A point is off where it misses by more than this share of the panel's height.
OFF_HEIGHT = 0.01
# Where a vertex stands along x is known to this (px) within its trace ...
PLACE_SIGMA = 0.2
# ... and all of them together to this share of the width of the frame's sides, where that is a pixel or two:
# pictures drawn at twice the usual size snap ticks to two pixels, and data not.
SNAPPED_WIDTHS = 0.35
WIDEST_SNAP_PX = 2.0
# Sizes are put on scales on which each unit weighs about alike.
PER_OFF = 0.02
PER_LOST = 0.02
PER_SLIDING = 0.05
# Snapping alone puts points this far (px) off their steps.
USUAL_STEP_PX = 1.0
# Points on even steps: so many at least, and this near to their steps (shares of a step).
FEWEST_STEPS = 8
EVEN = 0.12
MOST_ENDS = 4
# Lines that end this near to each other (px), or both under the last marker, end together.
TOGETHER_PX = 4.0
# A line that runs into the top or the bottom no steeper than this over so many pixels may go on under its
# stroke where it ends farther than this share of the width from the sides and before other lines do.
FLAT, FLAT_PX, FAR_SHARE = 0.15, 10.0, 0.1
# A line is under a side's stroke where its middle is this near (px), beside half its width.
UNDER_PX = 1.5
# The ground of a legend reaches so far beyond its texts (their heights: pgfplots 0.7), and lines that meet at
# it are read from a little before.
LEGEND_REACH = 2.0
# Even steps near a round one are that: they part from it by no more than this share of a step at either end.
# The steps of ``linspace(0, 50, 50)`` part by a whole one. Farther off (px) no scale is that looks right.
NEAR_ROUND = 0.3
MOST_OFF_PX = 4.0
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
# Steps of two and five units may begin between multiples of themselves, and a scale is not so many deviations
# off. Of seven panels with points at every second or fifth value that stood so far beside those all had begun
# with 1, and were right.
PARTED = (2.0, 5.0)
SURELY_OFF = 3.0


def measure_line_doubts(evidence: PanelEvidence) -> dict[str, float]:
    """Doubts by name; every name is there, 0 where there is no doubt."""
    redrawn, height = evidence.redrawn, evidence.frame.box.height
    beside = [off_round_steps(t, evidence.x_scale) for t in evidence.traces]
    told = [b for b in beside if b is not None]
    off_steps = max(told, default=0.0)
    # Lines without steps of their own stand on the same scale as those whose steps tell where it is.
    unknown = off_steps if told else _snapping(evidence)
    sliding = max(
        (
            _sliding_points(t, evidence.x_scale, height, unknown if b is None else b)
            for t, b in zip(evidence.traces, beside, strict=True)
        ),
        default=0.0,
    )
    return {
        "line ends open": float(min(MOST_ENDS, _n_open_ends(evidence) + _n_ends_along(evidence))),
        "markers unread": float(min(MOST_ENDS, _n_markers_unread(evidence))),
        "path elsewhere": float(np.log1p(max(redrawn.off, default=0.0) / PER_OFF)),
        "path apart": max(redrawn.apart, default=0.0),
        "line gaps": float(np.log1p(max((_gap_share(t) for t in evidence.traces), default=0.0) / PER_LOST)),
        "line hidden": float(np.log1p(max(redrawn.lost, default=0.0) / PER_LOST)),
        "steep lines": float(np.log1p(sliding / PER_SLIDING)),
        "x off steps": max(0.0, off_steps - USUAL_STEP_PX),
    }


def _n_open_ends(evidence: PanelEvidence) -> int:
    """How many ends of lines lie at other ink, and not where other lines or bars begin or end, too."""
    lines = [t for t in evidence.traces if t.kind == "line" and np.isfinite(t.y_px).any()]
    ends = [_outermost(t.x_px[np.isfinite(t.y_px)]) for t in lines]
    together = TOGETHER_PX + max((t.marker_size_px for t in lines if t.marker != "none"), default=0.0)
    legend = _legend_reach(evidence)
    clear = _clear_ends(lines, legend)
    n_open = 0
    for trace, (left, right) in zip(evidence.traces, evidence.redrawn.open_ends, strict=False):
        seen = np.isfinite(trace.y_px)
        x, y = trace.x_px[seen], trace.y_px[seen]
        if trace.kind == "line" and np.any(np.diff(x) < 0):
            n_open += _n_ends_under(trace, lines)
            continue
        # Bars end where they are labelled: what lies over one hides its top, and no further bars.
        if x.size and trace.kind != "bar":
            others = ends if len(lines) > 1 else []
            first, last = _outermost(np.ravel([*others, *_category_ends(evidence)]))
            covered = [legend is not None and legend.contains(x[i], y[i]) for i in (x.argmin(), x.argmax())]
            reached = _reach_legend(trace, legend)
            # Where another line ends as far out with no legend near, this one has ended as well.
            reached = (
                reached[0] and not np.any(np.abs(clear[0] - x.min()) <= together),
                reached[1] and not np.any(np.abs(clear[1] - x.max()) <= together),
            )
            alone = x.min() > first + together, x.max() < last - together
            # A legend with a ground of its own hides a line without any ink at its end: others go on beyond.
            n_open += (left and (reached[0] or alone[0])) or (covered[0] and alone[0])
            n_open += (right and (reached[1] or alone[1])) or (covered[1] and alone[1])
    return int(n_open)


def _n_ends_along(evidence: PanelEvidence) -> int:
    """How many ends of bare lines run so flat into the top or the bottom that they may go on under it."""
    box = evidence.frame.box
    far = FAR_SHARE * box.width
    lines = [t for t in evidence.traces if t.kind == "line" and np.isfinite(t.y_px).any()]
    ends = [t.x_px[np.isfinite(t.y_px)] for t in lines]
    first, last = _outermost(np.concatenate(ends)) if len(lines) > 1 else (box.right, box.left)
    n_along = 0
    for trace, x in zip(lines, ends, strict=True):
        y = trace.y_px[np.isfinite(trace.y_px)]
        if trace.marker != "none" or np.any(np.diff(x) <= 0) or np.ptp(x) < FLAT_PX:
            continue
        for k, inwards, outer in ((0, 1.0, min(first, x[0])), (-1, -1.0, max(last, x[-1]))):
            away = min(abs(y[k] - box.top), abs(y[k] - box.bottom))
            flat = abs(float(np.interp(x[k] + inwards * FLAT_PX, x, y)) - y[k]) <= FLAT * FLAT_PX
            alone = len(lines) == 1 or abs(x[k] - outer) > far
            inner = min(x[k] - box.left, box.right - x[k]) > far
            n_along += bool(inner and alone and flat and away <= trace.line_width_px / 2 + UNDER_PX)
    return n_along


def _clear_ends(lines: Sequence[Trace], legend: Box | None) -> tuple[FloatArray, FloatArray]:
    """The left and the right ends (px) of lines that are out of the legend's reach there."""
    reached = [_reach_legend(t, legend) for t in lines]
    ends = [_outermost(t.x_px[np.isfinite(t.y_px)]) for t in lines]
    left, right = (
        np.array([end[k] for end, at in zip(ends, reached, strict=True) if not at[k]]) for k in (0, 1)
    )
    return left, right


def _reach_legend(trace: Trace, legend: Box | None) -> tuple[bool, bool]:
    """Whether ink that goes on beyond a line's left and right end is in the reach of the legend there.

    From its last marker on a line goes on for the marker's rim, and the columns seen beyond it, at least.
    """
    if legend is None:
        return False, False
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    size = trace.marker_size_px if trace.marker != "none" else 0.0
    on = max(trace.line_width_px, size) / 2 + RIM_PX + BEYOND_COLUMNS
    first, last = int(x.argmin()), int(x.argmax())
    return (
        legend.contains(x[first], y[first]) or legend.contains(x[first] - on, y[first]),
        legend.contains(x[last], y[last]) or legend.contains(x[last] + on, y[last]),
    )


def _n_ends_under(loop: Trace, lines: Sequence[Trace]) -> int:
    """How many ends of a loop lie on another line, away from its ends: the loop may go on under it."""
    seen = np.isfinite(loop.y_px)
    course = np.column_stack([loop.x_px[seen], loop.y_px[seen]])
    n_under = 0
    for end in (course[0], course[-1]):
        for other in lines:
            there = np.isfinite(other.y_px)
            x, y = other.x_px[there], other.y_px[there]
            away = np.hypot(x - end[0], y - end[1])
            nearest = float(away.min())
            if np.all(np.diff(x) > 0) and x[0] < end[0] < x[-1]:
                nearest = min(nearest, abs(float(np.interp(end[0], x, y)) - float(end[1])))
            touching = (loop.line_width_px + other.line_width_px) / 2
            if other is not loop and nearest <= touching < min(away[0], away[-1]) - TOGETHER_PX:
                n_under += 1
                break
    return n_under


def _legend_reach(evidence: PanelEvidence) -> Box | None:
    """Where a line that ends may go on under the panel's legend: lines that end together do so as well."""
    inside = [e for e in evidence.legend if e.swatch and evidence.frame.box.contains(*e.text.box.center)]
    if not inside:
        return None
    whole = reduce(Box.union, (e.swatch.union(e.text.box) for e in inside if e.swatch))
    reach = LEGEND_REACH * float(np.median([e.text.box.height for e in inside]))
    left, right = whole.left - reach, whole.right + reach
    return Box(left=left, right=right, top=whole.top - reach, bottom=whole.bottom + reach)


def _outermost(places: FloatArray) -> tuple[float, float]:
    """The first and the last of some places; none is at either end where there are none."""
    return (float(places.min()), float(places.max())) if places.size else (-math.inf, math.inf)


def _category_ends(evidence: PanelEvidence) -> list[tuple[float, float]]:
    """Where the outermost bars stand and the outermost categories are labelled: lines over them end there."""
    bars = [bar_places(t) for t in evidence.traces if t.kind == "bar" and t.orientation != "horizontal"]
    axis, scale = evidence.x_axis, evidence.x_scale
    labels = [axis.label_px] if axis is not None and scale is not None and scale.kind == "category" else []
    return [_outermost(places) for places in (*bars, *labels) if places.size]


def _n_markers_unread(evidence: PanelEvidence) -> int:
    """How many lines are read without markers, where the legend or the panel's other lines have some."""
    marked = {entry.text.text for entry in evidence.legend if entry.marker != "none"}
    lines = [trace.kind == "line" for trace in evidence.traces]
    named = evidence.names or (None,) * len(lines)
    bare = [t.sampled_at != "markers" and t.marker == "none" for t in evidence.traces]
    mixed = not evidence.legend and any(
        line and not without for line, without in zip(lines, bare, strict=True)
    )
    return sum(
        line and without and (name in marked or mixed)
        for line, without, name in zip(lines, bare, named, strict=True)
    )


def _gap_share(trace: Trace) -> float:
    """Share of the width a line spans in which it has no points: drawn gaps may hold single points unseen."""
    x = trace.x_px
    missing = ~np.isfinite(trace.y_px)
    span = float(np.ptp(x)) if x.size else 0.0
    if trace.kind != "line" or span <= 0 or not missing.any():
        return 0.0
    holes = np.flatnonzero(missing)
    width = float(np.sum(x[np.minimum(holes + 1, len(x) - 1)] - x[np.maximum(holes - 1, 0)]))
    return width / span


def _snapping(evidence: PanelEvidence) -> float:
    return SNAPPED_WIDTHS * min(evidence.frame.line_width, WIDEST_SNAP_PX)


def _sliding_points(trace: Trace, scale: Scale | None, height: float, beside: float) -> float:
    """Share of a line's points that what is not known of x carries a percent of the height off.

    ``beside`` is how far (px) all of them may stand beside their places. Markers hold their own height,
    wherever along x they are, and so does each step of a staircase.
    """
    if trace.sampled_at == "markers" or trace.interpolation != "linear":
        return 0.0
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    if scale is None or trace.kind != "line" or x.size < 3 or np.any(np.diff(x) <= 0):
        return 0.0
    sigma_x = np.hypot(scale.fit_sigma_px(x), np.hypot(PLACE_SIGMA, beside))
    steep = np.abs(np.diff(y) / np.diff(x))
    slope = (np.r_[steep[:1], steep] + np.r_[steep, steep[-1:]]) / 2
    limit = OFF_HEIGHT * height / np.maximum(slope * sigma_x, 1e-6) / math.sqrt(2.0)
    return float(np.mean([math.erfc(v) for v in limit]))


def off_round_steps(trace: Trace, scale: Scale | None) -> float | None:
    """How far (px) points on even steps stand off the round values that these nearly are; None elsewhere.

    Data of every epoch, day or tenth stand at round values; where a scale puts them all a little beside, it
    is the scale that is off.
    """
    if scale is None or scale.kind not in ("linear", "date") or trace.kind == "bar":
        return None
    if trace.sampled_at == "columns" or trace.orientation == "horizontal":
        return None
    u = np.unique(scale.to_u(trace.x_px[np.isfinite(trace.y_px)]))
    if u.size < FEWEST_STEPS:
        return None
    fit = _even_steps(u)
    if fit is None:
        return None
    first, step, n = fit
    size = 10.0 ** math.floor(math.log10(step))
    for unit in ROUND_STEPS:
        round_step = unit * size
        start = round_step * round(first / round_step)
        ends = np.array([first - start, first + n * step - start - n * round_step])
        beside = float(np.max(np.abs(ends)))
        if beside <= min(NEAR_ROUND * round_step, MOST_OFF_PX / abs(scale.slope)):
            off = beside * abs(scale.slope)
            return None if unit in PARTED and _begins_between(off, size, scale, trace) else off
    return None


def _begins_between(off: float, size: float, scale: Scale, trace: Trace) -> bool:
    """Whether steps may begin between their round values (days 1, 6, 11): off (px) these where no scale is.

    Values of the unit of their steps (``size``) that lie too near to each other tell nothing of the scale.
    """
    sure = SURELY_OFF * float(np.min(scale.fit_sigma_px(trace.x_px)))
    return off > sure and size * abs(scale.slope) <= MOST_OFF_PX


def _even_steps(u: FloatArray) -> tuple[float, float, int] | None:
    """First value, step and number of steps of sorted values on even steps; None where they are not."""
    gaps = np.diff(u)
    step = median(gaps)
    if step <= 0:
        return None
    k = np.r_[0.0, np.cumsum(np.round(gaps / step))]
    if k[-1] < FEWEST_STEPS - 1:
        return None
    step, first = np.polyfit(k, u, 1)
    if quantile(np.abs(u - first - step * k), 0.9) > EVEN * step:
        return None
    return float(first), float(step), int(k[-1])
