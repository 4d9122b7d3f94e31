"""Measure every doubt about a panel's reading: numbers from 0 (none) upwards, by name.

The sizes are put on scales on which each unit weighs about alike; how much each really counts is fitted on
drawn charts (:mod:`digitizer.stages.status.judge`).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import AxisEvidence, FloatArray, PanelEvidence, Scale, Trace
from digitizer.medians import quantile
from digitizer.stages.legend.naming import n_listed
from digitizer.stages.series.averages import without_raw
from digitizer.stages.series.fitted import find_fits, without_fits
from digitizer.stages.series.paths.steps import has_one_a_step
from digitizer.stages.status.axis_doubts import beyond_rounding, label_doubts, measure_axis_doubts
from digitizer.stages.status.borne_out import open_problems
from digitizer.stages.status.exactness import OF_PIXELS, is_exact_panel
from digitizer.stages.status.kind_doubts import measure_kind_doubts
from digitizer.stages.status.line_doubts import OFF_HEIGHT, measure_line_doubts
from digitizer.stages.status.smoothings import with_known_smoothings
from digitizer.stages.status.tolerance_doubts import measure_tolerance_doubts, off_axis_by_steps
from digitizer.stages.values.category_points import at_categories, is_between

# Colours nearer than this (CIELAB) are one colour: without a legend a second series of it is an artefact
# more often than not.
TWIN_DISTANCE = 18.0
# A cloud counts this share of its doubt where its redrawing leaves no sliver of a further marker, fewer than
# one in 25 is expected to be hidden (it may lack one in 20), and so many merged ones are not unlikely: of 44
# such panels in which more than a hundredth may be hidden all are right, of the 61 other ones with clouds 21.
CLEAR = 0.5
CLEAR_HEAPED, CLEAR_MERGED = 1.1, 0.5
# So does a band where these doubts are all less: of 34 such panels all but one are right, of 23 others 13.
CLEAR_BANDS = {"sigma": 1.0, "series unsupported": 0.5, "steep lines": 1.0, "ink beyond frame": 1e-6}
# What residuals of a pixel weigh, beyond what rounding leaves.
PER_RESIDUAL = 5.0
# Counts and shares beyond these say no more than these.
MOST_COUNT = 4.0
MOST_SIZE = 6.0


def measure_doubts(evidence: PanelEvidence) -> dict[str, float]:
    """All doubts about one panel.

    Returns
    -------
    dict of str to float
        Sizes by name; every name is there in every panel, 0 where there is no doubt.
    """
    return measure_told(as_told(evidence))


def measure_told(evidence: PanelEvidence) -> dict[str, float]:
    """All doubts about one panel whose lines are as the document tells them (:func:`as_told`)."""
    measures = (
        _axis_doubts,
        measure_axis_doubts,
        _series_doubts,
        measure_line_doubts,
        _drawing_doubts,
        measure_kind_doubts,
        measure_tolerance_doubts,
    )
    doubts = {name: size for measure in measures for name, size in measure(evidence).items()}
    if _stand_clear(doubts):
        doubts["kind scatter"] *= CLEAR
    if all(doubts[name] < size for name, size in CLEAR_BANDS.items()):
        doubts["kind band"] *= CLEAR
    if is_exact_panel(evidence):
        doubts |= dict.fromkeys(OF_PIXELS.intersection(doubts), 0.0)
    return {name: float(min(size, MOST_SIZE)) for name, size in doubts.items()}


def as_told(evidence: PanelEvidence) -> PanelEvidence:
    """The panel with its lines as the document tells them, and what others of them tell of each.

    Over categories one point a category is told, and of a smoothed line what it smooths.
    """
    n_labels = 0 if evidence.x_axis is None else len(evidence.x_axis.labels)
    traces = tuple(at_categories(trace, evidence.x_scale, n_labels) for trace in evidence.traces)
    height = evidence.frame.box.height
    return replace(evidence, traces=with_known_smoothings(traces, evidence.on_y2, height))


def _stand_clear(doubts: dict[str, float]) -> bool:
    """Whether hardly a marker of the clouds can be hidden, and their redrawing leaves none."""
    return (
        doubts["markers heaped"] < CLEAR_HEAPED
        and doubts["markers merged"] < CLEAR_MERGED
        and doubts["markers slivers"] == 0.0
    )


def count_twins(traces: tuple[Trace, ...]) -> int:
    """How many series share their colour with another one; bands go with lines, fits with clouds."""
    fits = find_fits(traces)
    lines = [trace for i, trace in enumerate(traces) if trace.kind != "band" and i not in fits]
    if len(lines) < 2:
        return 0
    colors = to_lab(np.array([trace.color for trace in lines], dtype=np.float64))
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=2) + 1e3 * np.eye(len(colors))
    return int(np.sum(apart.min(axis=1) < TWIN_DISTANCE))


def lies_between(evidence: PanelEvidence) -> bool:
    """Whether a series has points between the labelled categories of the x axis (of y: level bars)."""
    n_labels = 0 if evidence.x_axis is None else len(evidence.x_axis.labels)
    n_rows = 0 if evidence.y_axis is None else len(evidence.y_axis.labels)
    level = [replace(t, x_px=t.y_px, y_px=t.x_px) for t in evidence.traces if t.kind == "bar"]
    return any(is_between(trace, evidence.x_scale, n_labels) for trace in evidence.traces) or any(
        is_between(trace, evidence.y_scale, n_rows) for trace in level
    )


def count_unlisted(evidence: PanelEvidence) -> tuple[int, int]:
    """How many series a legend should list, and how many of these go by no entry of it."""
    named = evidence.names or (None,) * len(evidence.traces)
    traces, names = without_fits(*without_raw(evidence.traces, named, evidence.frame.background))
    unbound = sum(n is None and t.kind != "band" for t, n in zip(traces, names, strict=True))
    return n_listed(traces, names), unbound


def unsure_points(trace: Trace, height: float) -> float:
    """Share of a trace's points that, by their deviations, are off by more than a percent of the height."""
    sigma = trace.sigma_px[np.isfinite(trace.y_px) & np.isfinite(trace.sigma_px)]
    if not sigma.size:
        return 0.0
    limit = OFF_HEIGHT * height / np.maximum(sigma, 1e-6) / math.sqrt(2.0)
    return float(np.mean([math.erfc(v) for v in limit]))


def _axis_doubts(evidence: PanelEvidence) -> dict[str, float]:
    box = evidence.frame.box
    sides = [
        (evidence.x_axis, evidence.x_scale, box.left, box.right),
        (evidence.y_axis, evidence.y_scale, box.top, box.bottom),
    ]
    if evidence.y2_axis is not None:
        sides.append((evidence.y2_axis, evidence.y2_scale, box.top, box.bottom))
    doubts = dict.fromkeys(AXIS_DOUBTS, 0.0)
    for axis, scale, low, high in sides:
        if axis is None or scale is None:
            doubts["axis-unread"] += 1
            continue
        for code in open_problems(scale, axis, evidence):
            doubts[f"problem {code}"] = doubts.get(f"problem {code}", 0.0) + 1
        for kind in ("date", "category", "log"):
            doubts[f"axis {kind}"] += scale.kind == kind
        doubts["labels misliked"] = max(doubts["labels misliked"], 10 * _misliked(axis, scale))
        doubts["labels borrowed"] += axis.borrowed
        if scale.kind == "category":
            continue
        residual = PER_RESIDUAL * beyond_rounding(scale, axis)
        doubts["scale residual"] = max(doubts["scale residual"], residual)
        doubts["scale unsure"] = max(doubts["scale unsure"], scale.unsure_share(low, high) / 0.002)
        on_steps = scale is evidence.x_scale and scale.kind == "linear"
        if not on_steps or math.isinf(off_axis_by_steps(evidence)):
            # Points at round numbers say as further labels would that none was misread; days do not of years.
            doubts["scale few labels"] = max(doubts["scale few labels"], (5 - scale.n_used) / 3)
        left_out = 1 - scale.n_used / max(1, scale.n_labels or scale.used.size)
        doubts["labels left out"] = max(doubts["labels left out"], 5 * left_out)
    return doubts


AXIS_DOUBTS = (
    "axis-unread", "axis date", "axis category", "axis log", "labels misliked", "labels borrowed",
    "scale residual", "scale unsure", "scale few labels", "labels left out",
)  # fmt: skip


def _misliked(axis: AxisEvidence, scale: Scale) -> float:
    """Mean doubt of the recogniser about the labels that the scale stands on."""
    unsure = label_doubts(axis, scale)
    return float(np.mean(unsure)) if unsure else 0.0


def _series_doubts(evidence: PanelEvidence) -> dict[str, float]:
    traces, legend = evidence.traces, evidence.legend
    width, height = evidence.frame.box.width, evidence.frame.box.height
    n_named, n_unbound = count_unlisted(evidence)
    doubts = {
        "no series": float(not traces),
        "legend count": min(MOST_COUNT, abs(len(legend) - n_named)) if legend else 0.0,
        "legend unbound": min(MOST_COUNT, n_unbound) if legend else 0.0,
        "no legend": float(not legend and n_named > 1),
        "twins": 0.0 if legend else min(MOST_COUNT, count_twins(traces)),
        "second axis": float(evidence.y2_axis is not None) + float(not evidence.y2_sure),
        "many series": float(np.log(max(1, n_named))),
        "between categories": float(lies_between(evidence)),
        "small panel": 100.0 / max(1.0, min(width, height)),
    }
    # A marker on each of even steps is as surely told as one on a line.
    kinds = {t.kind for t in traces if t.kind != "scatter" or not has_one_a_step(t.x_px)}
    for kind in ("bar", "band", "scatter"):
        doubts[f"kind {kind}"] = float(kind in kinds)
    # More often than not the markers of a line that was not recognised.
    fits = find_fits(traces)
    beside = {t.kind for i, t in enumerate(traces) if i not in fits}
    doubts["scatter beside lines"] = float("scatter" in kinds and "line" in beside)
    unsure = max((unsure_points(t, height) for t in traces), default=0.0)
    doubts["points unsure"] = float(np.log1p(unsure / 0.05))
    heaped = max((t.hidden for t in traces if t.kind == "scatter"), default=0.0)
    doubts["markers heaped"] = float(np.log1p(heaped / 0.02))
    doubts["columns"] = float(any(t.kind == "line" and t.sampled_at == "columns" for t in traces))
    doubts["dashes"] = float(any(t.line_style not in ("solid", "none") for t in traces))
    doubts["sigma"] = float(np.log1p(max((_usual_sigma(t) for t in traces), default=0.0) / height / 0.002))
    spans = [_span(t, height if t.orientation == "horizontal" else width) for t in traces]
    doubts["short series"] = max(0.0, 0.6 - min(spans, default=1.0)) * 3
    doubts["jumps"] = float(np.log1p(max((_jumps(t, height) for t in traces), default=0.0) / 0.01))
    return doubts


def _usual_sigma(trace: Trace) -> float:
    sigma = trace.sigma_px[np.isfinite(trace.sigma_px)]
    return quantile(sigma, 0.9) if sigma.size else 0.0


def _span(trace: Trace, length: float) -> float:
    at = trace.y_px if trace.orientation == "horizontal" else trace.x_px
    at = at[np.isfinite(at)]
    return float(np.ptp(at)) / length if at.size and trace.kind == "line" else 1.0


def _jumps(trace: Trace, height: float) -> float:
    """Share of the columns of a line at which it jumps by a twentieth of the height."""
    if trace.kind != "line" or trace.sampled_at != "columns" or trace.y_px.size < 3:
        return 0.0
    step: FloatArray = np.abs(np.diff(trace.y_px)) / np.maximum(np.diff(trace.x_px), 1.0)
    step = step[np.isfinite(step)]
    return float(np.mean(step > 0.05 * height)) if step.size else 0.0


def _drawing_doubts(evidence: PanelEvidence) -> dict[str, float]:
    redrawn, box = evidence.redrawn, evidence.frame.box
    worst = 1 - min((trace.support for trace in evidence.traces), default=1.0)
    size = float(np.hypot(box.width, box.height))
    return {
        "ink unexplained": float(np.log1p((1 - redrawn.explained) / 0.02)),
        "ink left in one piece": float(np.log1p(redrawn.largest_left / 0.01)),
        "series unsupported": float(np.log1p(worst / 0.02)),
        "path bare": float(np.log1p(max(redrawn.longest_bare, default=0.0) / (0.01 * size))),
        "path covered": float(np.log1p(max(redrawn.longest_covered, default=0.0) / (0.01 * size))),
        "overdrawn": float(np.log1p(max(redrawn.overdrawn, default=0.0) / 0.02)),
        "noise": float(np.log1p(redrawn.noise / 3)),
    }
