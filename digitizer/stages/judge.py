"""Judge each panel: what independent evidence agrees on, and what contradicts it."""

from __future__ import annotations

import numpy as np

from digitizer.colors import to_lab
from digitizer.evidence import PanelEvidence, Scale, Trace
from digitizer.model import Frame, Notice, Status
from digitizer.notices import make_notice

# Share of a trace that must have ink of its colour under it, and of the ink that must be explained.
MIN_SUPPORT = 0.95
MIN_EXPLAINED = 0.95
# Colours nearer than this (CIELAB) are one colour: without a legend a second series of it is an artefact
# more often than not.
TWIN_DISTANCE = 18.0
# Of a series at most this share of points may be unsure by more than this share of the panel's height.
MAX_UNSURE_SHARE = 0.05
UNSURE_HEIGHT = 0.005
# Of the width that a line spans at most this share may be hidden.
MAX_HIDDEN_SHARE = 0.04
# A scale that is unsure by more than this share of its axis is doubtful.
MAX_UNSURE_SCALE = 0.004
# A scale whose labels miss their line by more than this (root mean square) is doubtful.
MAX_RESIDUAL_PX = 0.9


def judge_panel(evidence: PanelEvidence) -> tuple[Status, tuple[Notice, ...]]:
    """Decide the status of a panel and say why.

    Returns
    -------
    tuple of (status, notices)
        ``unreadable`` where an axis or all series are missing; ``suspect`` where any evidence
        contradicts the reading; ``ok`` where all agrees.
    """
    notices: list[Notice] = []
    for name, scale in (("x", evidence.x_scale), ("y", evidence.y_scale)):
        notices += _axis_notices(name, scale, evidence)
    missing = evidence.x_scale is None or evidence.y_scale is None or not evidence.traces
    if not evidence.traces:
        notices.append(make_notice("no-series", box=_frame(evidence)))
    notices += _series_notices(evidence)
    if missing:
        return "unreadable", tuple(notices)
    harmless = {"tick-label-misread"}
    doubtful = [n for n in notices if n.code not in harmless]
    return ("suspect" if doubtful else "ok"), tuple(notices)


def _frame(evidence: PanelEvidence) -> Frame:
    box = evidence.frame.box
    return Frame(left=box.left, top=box.top, right=box.right, bottom=box.bottom)


def _axis_notices(name: str, scale: Scale | None, evidence: PanelEvidence) -> list[Notice]:
    if scale is None:
        return [make_notice("axis-unread", axis=name, box=_frame(evidence))]
    notices = [make_notice(code, axis=name, box=_frame(evidence)) for code in scale.problems]
    if scale.kind in ("category", "date"):
        notices.append(make_notice("axis-kind-unproven", axis=name, kind=scale.kind))
    elif (unsure := _unsure_share(name, scale, evidence)) > MAX_UNSURE_SCALE:
        notices.append(make_notice("scale-unsure", axis=name, share=f"{unsure:.1%}"))
    elif scale.residual_px > MAX_RESIDUAL_PX:
        notices.append(make_notice("scale-residual", axis=name, residual=f"{scale.residual_px:.1f}"))
    return notices


def _unsure_share(name: str, scale: Scale, evidence: PanelEvidence) -> float:
    """How unsure the scale is at the frame's ends, as a share of the axis."""
    box = evidence.frame.box
    ends = np.array([box.left, box.right] if name == "x" else [box.top, box.bottom])
    sigma_px = scale.sigma_u(ends, np.zeros(2)) * abs(scale.slope)
    return float(np.max(sigma_px) / (ends[1] - ends[0]))


def _series_notices(evidence: PanelEvidence) -> list[Notice]:
    notices: list[Notice] = []
    if not evidence.traces:
        return notices
    if evidence.legend and len(evidence.legend) != len(evidence.traces):
        notices.append(make_notice("legend-count", entries=len(evidence.legend), series=len(evidence.traces)))
    if evidence.legend and any(name is None for name in evidence.names):
        notices.append(make_notice("legend-unbound"))
    if evidence.y2_axis is not None:
        notices.append(make_notice("second-axis"))
    if not evidence.legend and (twins := _twins(evidence)):
        notices.append(make_notice("series-twins", series=twins))
    notices += _doubt_notices(evidence)
    weakest = min(trace.support for trace in evidence.traces)
    if weakest < MIN_SUPPORT:
        notices.append(make_notice("series-unsupported", share=f"{weakest:.0%}"))
    if evidence.redrawn.explained < MIN_EXPLAINED:
        notices.append(make_notice("ink-unexplained", share=f"{1 - evidence.redrawn.explained:.0%}"))
    if any(trace.kind in ("bar", "band") for trace in evidence.traces):
        notices.append(make_notice("kind-unproven"))
    return notices


def _twins(evidence: PanelEvidence) -> int:
    """How many series share their colour with another one."""
    if len(evidence.traces) < 2:
        return 0
    colors = to_lab(np.array([trace.color for trace in evidence.traces], dtype=np.float64))
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=2) + 1e3 * np.eye(len(colors))
    return int(np.sum(apart.min(axis=1) < TWIN_DISTANCE))


def _doubt_notices(evidence: PanelEvidence) -> list[Notice]:
    """Doubts that the tracing itself reports: unsure points and hidden stretches."""
    height = evidence.frame.box.height
    unsure, hidden = 0.0, 0.0
    for trace in evidence.traces:
        seen = np.isfinite(trace.y_px)
        if not seen.any():
            continue
        unsure = max(unsure, float(np.mean(trace.sigma_px[seen] > UNSURE_HEIGHT * height)))
        if trace.kind == "line":
            hidden = max(hidden, _hidden_share(trace))
    notices = []
    if unsure > MAX_UNSURE_SHARE:
        notices.append(make_notice("points-unsure", share=f"{unsure:.0%}"))
    if hidden > MAX_HIDDEN_SHARE:
        notices.append(make_notice("series-hidden", share=f"{hidden:.0%}"))
    return notices


def _hidden_share(trace: Trace) -> float:
    """Share of the width a line spans in which it is hidden (where y is missing)."""
    x = trace.x_px
    missing = ~np.isfinite(trace.y_px)
    span = float(np.ptp(x))
    if span <= 0 or not missing.any():
        return 0.0
    holes = np.flatnonzero(missing)
    width = float(np.sum(x[np.minimum(holes + 1, len(x) - 1)] - x[np.maximum(holes - 1, 0)]))
    return width / span
