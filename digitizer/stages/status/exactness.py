"""Which panels stand on the paths of a drawing: doubts about what pixels show say nothing of these."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import AxisEvidence, PanelEvidence, Scale, Trace
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX

# Places on strokes lie on one line to this (px): a label misread among three of them misses it by far more.
EXACT_RESIDUAL_PX = 0.1
# Two labels fit any scale.
LEAST_LABELS = 3
# What pixels leave open and the paths of a drawing tell: how sharply a place is seen, what covers it, and
# whether a redrawn line looks as the picture does.
OF_PIXELS = frozenset({
    "axis end unsure", "axis log", "columns", "columns turning", "dashes", "dashes by columns", "jumps",
    "kind band", "kind scatter", "label worst", "labels misliked", "line ends open", "line hidden",
    "line in parts", "markers heaped", "markers slivers", "markers touching", "markers unshared",
    "noise", "overdrawn",
    "path apart", "path bare", "path covered", "path elsewhere", "points at risk", "points uneven",
    "points unshared", "points unsure", "scale few labels", "scale residual", "scale unsure",
    "series unsupported", "sigma", "small panel", "steep lines",
})  # fmt: skip


def is_exact_panel(evidence: PanelEvidence) -> bool:
    """Whether all series and scales of a panel stand on paths; categories need no places of their own."""
    sides = [(evidence.x_axis, evidence.x_scale), (evidence.y_axis, evidence.y_scale)]
    if evidence.y2_axis is not None:
        sides.append((evidence.y2_axis, evidence.y2_scale))
    exact_axes = all(is_exact_scale(axis, scale) for axis, scale in sides)
    return exact_axes and bool(evidence.traces) and all(map(is_exact_trace, evidence.traces))


def is_exact_trace(trace: Trace) -> bool:
    """Whether every point of a series stands on a path."""
    sigma = trace.sigma_px[np.isfinite(trace.y_px)]
    return bool(sigma.size) and bool((sigma <= DRAWN_SIGMA_PX).all())


def is_exact_scale(axis: AxisEvidence | None, scale: Scale | None) -> bool:
    """Whether a scale goes through labels on strokes, more than any line goes through."""
    if axis is None or scale is None:
        return False
    if scale.kind == "category":
        return True
    return axis.drawn and scale.n_used >= LEAST_LABELS and scale.residual_px <= EXACT_RESIDUAL_PX
