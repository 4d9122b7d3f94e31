"""Judge each panel: what independent evidence agrees on, and what contradicts it.

A panel says ``ok`` where nothing contradicts it outright and all its doubts together leave it probable
enough that everything in it is right. How much each doubt counts was fitted on drawn charts
(``python -m benchmarks.status``) and lies in ``verdict.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from digitizer.colors import name_color
from digitizer.evidence import PanelEvidence, Scale
from digitizer.model import Frame, Notice, Status
from digitizer.notices import make_notice
from digitizer.stages.status.bar_doubts import bar_notices
from digitizer.stages.status.borne_out import open_problems
from digitizer.stages.status.coincident_doubts import coincident_share
from digitizer.stages.status.crowd_doubts import crowd_off
from digitizer.stages.status.doubts import (
    as_told,
    count_twins,
    count_unlisted,
    measure_told,
    unsure_points,
)
from digitizer.stages.status.exactness import is_exact_trace
from digitizer.stages.status.kind_doubts import n_unshared
from digitizer.stages.status.tolerance_doubts import close_share, share_off

# From these sizes on a doubt is told in a sentence of its own; the fitted weights decide what it costs.
# Share of a trace that must have ink of its colour under it, and of the ink that must be explained.
MIN_SUPPORT = 0.95
MIN_EXPLAINED = 0.95
# Of a series at most this share of points may be off by more than a percent of the panel's height.
MAX_UNSURE_SHARE = 0.05
# Twice as many contradict a panel: by its own deviations it is wrong. Drawn ones were right all the same (28
# of 28 that said ok), but six panels of real training grids, whose markers melt to chains, were not. Errors
# have longer tails than deviations tell: two such panels with an eighth of their points off, where a normal
# law expects a tenth, said ok and were wrong.
MOST_UNSURE_SHARE = 0.1
# Of the width that a line spans at most this share may be hidden.
MAX_HIDDEN_SHARE = 0.04
# Of a cloud at most this share of markers may lie unseen under others.
MAX_HEAPED_SHARE = 0.03
# Ink is left beside a line's markers no thicker than this share of one: of 331 drawn panels eight show
# more, of which five are wrong.
MAX_LEFT_SIZE = 0.45
# Beside at most this share of the series' width faint ink lies that none explains: of 250 drawn panels
# none has more than 0.02, where a pale raw curve was missed under JPEG it is 0.22 to 0.93.
MAX_FAINT = 0.15
# No line is thicker than both this (px) and this share of its panel's height: the boldest of the drawn charts
# are 12 px. Of an area that was not found the middle was read, and said ok.
BOLDEST_PX, BOLDEST_SHARE = 16.0, 0.1
# A scale that is unsure by more than this share of its axis is doubtful.
MAX_UNSURE_SCALE = 0.004
# A scale whose labels miss their line by more (root mean square; pixels that ticks were put on) is doubtful.
MAX_RESIDUAL_PX = 0.9
# How many doubts a warning names that no single sentence covers.
MAX_NAMED = 3

# What is told and yet contradicts nothing: the other labels agree without the misread one.
HARMLESS = frozenset({"tick-label-misread"})
# What the fitted weights count by its size: told where a panel is suspect, it makes none suspect by itself.
# Uneven values are some programs' habit: 14 of 17 such panels are right where other programs drew them.
GRADED = frozenset({
    "ink-unexplained", "markers-heaped", "points-unsure", "scale-unsure", "series-hidden",
    "series-unsupported", "tick-values-uneven", "ticks-off-marks",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The fitted model: log-odds without doubts, what each doubt takes off, and where ok begins.

    Attributes
    ----------
    weights
        By doubt, what its first unit takes off and what each unit beyond does: some doubts say all they have
        to say where they begin, others count only when they are large.
    """

    bias: float
    threshold: float
    weights: Mapping[str, tuple[float, float]]

    def cost(self, name: str, size: float) -> float:
        """What a doubt of this size takes off the log-odds."""
        first, beyond = self.weights.get(name, (0.0, 0.0))
        return first * min(size, 1.0) + beyond * max(size - 1.0, 0.0)

    def probability(self, doubts: Mapping[str, float]) -> float:
        """How probably a panel with these doubts is right in everything."""
        odds = self.bias - sum(self.cost(name, size) for name, size in doubts.items())
        return 1.0 / (1.0 + math.exp(-odds))

    def heaviest(self, doubts: Mapping[str, float]) -> list[str]:
        """The doubts that take most off, heaviest first."""
        cost = {name: self.cost(name, size) for name, size in doubts.items()}
        return sorted((name for name, c in cost.items() if c > 0), key=lambda name: (-cost[name], name))


@lru_cache(maxsize=1)
def load_verdict() -> Verdict:
    """The model as fitted and shipped."""
    text = resources.files("digitizer.stages.status").joinpath("verdict.json").read_text(encoding="utf-8")
    fitted = json.loads(text)
    weights = {name: (float(first), float(beyond)) for name, (first, beyond) in fitted["weights"].items()}
    return Verdict(bias=fitted["bias"], threshold=fitted["threshold"], weights=weights)


def judge_panel(evidence: PanelEvidence) -> tuple[Status, float, tuple[Notice, ...]]:
    """Decide the status of a panel and say why.

    Returns
    -------
    status
        ``unreadable`` where an axis or all series are missing; ``suspect`` where evidence contradicts the
        reading or its doubts add up; ``ok`` where all agrees.
    confidence
        How probably everything in the panel is right.
    notices
        What is in doubt.
    """
    evidence = as_told(evidence)
    doubts = measure_told(evidence)
    notices: list[Notice] = []
    for name, scale in (("x", evidence.x_scale), ("y", evidence.y_scale)):
        notices += _axis_notices(name, scale, evidence)
    if evidence.lean:
        notices.append(make_notice("picture-turned", lean=f"{evidence.lean:.1f}", box=_frame(evidence)))
    if not evidence.traces:
        notices.append(make_notice("no-series", box=_frame(evidence)))
    else:
        notices += _series_notices(evidence, doubts)
    verdict = load_verdict()
    confidence = verdict.probability(doubts)
    if evidence.x_scale is None or evidence.y_scale is None or not evidence.traces:
        return "unreadable", 0.0, tuple(notices)
    contradicted = any(n.code not in HARMLESS | GRADED for n in notices)
    if contradicted or confidence < verdict.threshold:
        if not notices:
            named = ", ".join(verdict.heaviest(doubts)[:MAX_NAMED])
            notices.append(make_notice("doubts-add-up", doubts=named, share=f"{confidence:.0%}"))
        return "suspect", confidence, tuple(notices)
    return "ok", confidence, tuple(n for n in notices if n.code not in GRADED)


def _frame(evidence: PanelEvidence) -> Frame:
    box = evidence.frame.box
    return Frame(left=box.left, top=box.top, right=box.right, bottom=box.bottom)


def _axis_notices(name: str, scale: Scale | None, evidence: PanelEvidence) -> list[Notice]:
    if scale is None:
        return [make_notice("axis-unread", axis=name, box=_frame(evidence))]
    axis = evidence.x_axis if name == "x" else evidence.y_axis
    problems = open_problems(scale, axis, evidence)
    notices = [make_notice(code, axis=name, kind=scale.kind, box=_frame(evidence)) for code in problems]
    if scale.kind == "category":
        return notices
    box = evidence.frame.box
    ends = (box.left, box.right) if name == "x" else (box.top, box.bottom)
    if (unsure := scale.unsure_share(*ends)) > MAX_UNSURE_SCALE:
        notices.append(make_notice("scale-unsure", axis=name, share=f"{unsure:.1%}"))
    elif scale.off_px > MAX_RESIDUAL_PX * (1.0 if axis is None else max(1.0, axis.grain)):
        notices.append(make_notice("scale-residual", axis=name, residual=f"{scale.off_px:.1f}"))
    return notices


def _series_notices(evidence: PanelEvidence, doubts: Mapping[str, float]) -> list[Notice]:
    notices: list[Notice] = []
    traces, legend = evidence.traces, evidence.legend
    n_series, n_unbound = count_unlisted(evidence)
    if legend and len(legend) != n_series:
        notices.append(make_notice("legend-count", entries=len(legend), series=n_series))
    if legend and n_unbound:
        notices.append(make_notice("legend-unbound"))
    if not evidence.y2_sure:
        notices.append(make_notice("second-axis"))
    if evidence.side_unread:
        notices.append(make_notice("second-axis-unread"))
    if not legend and (twins := count_twins(traces)):
        notices.append(make_notice("series-twins", series=twins))
    if doubts["between categories"]:
        notices.append(make_notice("category-unlabelled"))
    # A legend that lists just what was found says that siblings' further series are not here.
    if not legend or len(legend) != n_series or n_unbound:
        notices += [make_notice("sibling-series", color=name_color(c)) for c in evidence.missing_colors]
    height = evidence.frame.box.height
    unsure = max(unsure_points(trace, height) for trace in traces)
    most = max(unsure, *(share_off(trace, height) for trace in traces))
    if most > MOST_UNSURE_SHARE:
        notices.append(make_notice("series-unsure", share=f"{most:.0%}"))
    elif unsure > MAX_UNSURE_SHARE:
        notices.append(make_notice("points-unsure", share=f"{unsure:.0%}"))
    thickest = max((trace.line_width_px for trace in traces if trace.kind == "line"), default=0.0)
    if thickest > max(BOLDEST_PX, BOLDEST_SHARE * height):
        notices.append(make_notice("line-thick", share=f"{thickest / height:.0%}"))
    beside = [close_share(t, height) for t in traces if not is_exact_trace(t)]
    close = max(beside, default=0.0)
    if (crowded := max(crowd_off(evidence), close)) > MAX_UNSURE_SHARE:
        notices.append(make_notice("markers-crowded", share=f"{crowded:.0%}"))
    if hidden := coincident_share(traces):
        notices.append(make_notice("markers-coincident", share=f"{hidden:.0%}"))
    if lacking := n_unshared(traces):
        notices.append(make_notice("markers-unshared", count=lacking))
    if doubts["bar order"]:
        notices.append(make_notice("category-order"))
    return [*notices, *bar_notices(evidence), *_redrawn_notices(evidence)]


def _redrawn_notices(evidence: PanelEvidence) -> list[Notice]:
    """What drawing the series again says: lines hidden, markers missed, ink too little or left."""
    notices: list[Notice] = []
    # Where a line covers another one, and whether it looks as the picture does, matters to no exact one.
    drawn = any(axis is not None and axis.drawn for axis in (evidence.x_axis, evidence.y_axis))
    seen = [trace for trace in evidence.traces if not (drawn and is_exact_trace(trace))]
    redrawn = evidence.redrawn
    hidden = max(redrawn.lost, default=0.0) if seen else 0.0
    if hidden > MAX_HIDDEN_SHARE:
        notices.append(make_notice("series-hidden", share=f"{hidden:.0%}"))
    heaped = max((trace.hidden for trace in seen if trace.kind == "scatter"), default=0.0)
    if heaped > MAX_HEAPED_SHARE:
        notices.append(make_notice("markers-heaped", share=f"{heaped:.0%}"))
    sizes = [trace.marker_size_px for trace in seen if trace.kind == "line" and trace.marker != "none"]
    if sizes and redrawn.thickest_left > MAX_LEFT_SIZE * max(sizes):
        notices.append(make_notice("markers-missed", share=f"{redrawn.thickest_left / max(sizes):.0%}"))
    if redrawn.lone_marks:
        notices.append(make_notice("mark-unread", count=redrawn.lone_marks))
    if evidence.n_under_legend:
        notices.append(make_notice("markers-under-legend", count=evidence.n_under_legend))
    weakest = min((trace.support for trace in seen), default=1.0)
    if weakest < MIN_SUPPORT:
        notices.append(make_notice("series-unsupported", share=f"{weakest:.0%}"))
    if redrawn.faint > MAX_FAINT:
        notices.append(make_notice("ink-faint", share=f"{redrawn.faint:.0%}"))
    if redrawn.explained < MIN_EXPLAINED:
        notices.append(make_notice("ink-unexplained", share=f"{1 - redrawn.explained:.0%}"))
    return notices
