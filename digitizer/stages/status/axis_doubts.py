"""Measure doubts about axes that their own fit does not show: near 0 where all is well."""

from __future__ import annotations

import re

import numpy as np

from digitizer.evidence import AxisEvidence, PanelEvidence, Scale, Trace
from digitizer.stages.values.bar_order import runs_downwards

# Sizes are put on scales on which each unit weighs about alike: an axis is wrong where an end is off by half
# a percent of it.
PER_BASE = 0.005
# Labels of this doubt at most are read for certain: what two recognisers read in two ways is doubted by half.
# So many of them, all numbers of one scale, bear out any others on it that were read less surely.
SURELY_READ = 0.1
ENOUGH_SURE = 4
# Bars on the frame's side start at zero where that is nearer than this share of the axis.
NEAR_ZERO = 0.03
# Ticks on whole pixels are 0.29 px off (root mean square), and five of them 0.2 to 0.25 off the line through
# them. Of 1,083 panels that nothing contradicts 2.5 % are wrong at any residual up to 0.3 px, beyond it 7 %.
ROUNDED_PX = 0.25
# What is printed at an axis' end, and says by how much its labels are to be multiplied or moved.
FACTOR = re.compile(
    r"^\s*[+×]\s*\d|^\s*1?[×x·∙*]\s*10|^\s*[-−–]?\d+(\.\d+)?\s*([×x·∙*]\s*10|[eE][+-]?\d+\s*$)"
)


def measure_axis_doubts(evidence: PanelEvidence) -> dict[str, float]:
    """Doubts by name; every name is there, 0 where there is no doubt."""
    return {
        "bars near zero": _beside_zero(evidence) / PER_BASE,
        "factor unread": float(_has_factor(evidence)),
        "bar order": float(_has_level_bars(evidence) and runs_downwards(evidence) is None),
    }


def label_doubts(axis: AxisEvidence, scale: Scale) -> list[float]:
    """The recogniser's doubts about the labels that a scale stands on and that nothing else bears out.

    Numbers that were surely read put the others at their places, where all lie on one scale.
    """
    n = min(len(axis.labels), scale.used.size)
    doubts = [1.0 - axis.labels[i].confidence for i in range(n) if scale.used[i]]
    sure = [doubt for doubt in doubts if doubt <= SURELY_READ]
    borne_out = scale.kind != "category" and len(sure) >= ENOUGH_SURE and bool(scale.used.all())
    return sure if borne_out else doubts


def beyond_rounding(scale: Scale, axis: AxisEvidence) -> float:
    """How far (px) labels are off the line of their scale beyond what rounding ticks to pixels leaves.

    Renderers round ticks to the pixels that they draw on, which a picture for a fine screen has two or three
    of its own for.
    """
    return max(0.0, scale.off_px - ROUNDED_PX * max(1.0, axis.grain))


def _beside_zero(evidence: PanelEvidence) -> float:
    """How far (share of the axis) zero lies beside the side that bars stand on, where it is near it."""
    worst = 0.0
    for trace in evidence.traces:
        if trace.kind == "bar" and trace.base_px is not None and trace.base_px.size:
            worst = max(worst, _beside(trace, evidence))
    return worst


def _beside(trace: Trace, evidence: PanelEvidence) -> float:
    lying, box = trace.orientation == "horizontal", evidence.frame.box
    scale = evidence.x_scale if lying else evidence.y_scale
    if scale is None or scale.kind != "linear" or trace.base_px is None:
        return 0.0
    length = max(box.width if lying else box.height, 1.0)
    off = abs(float(np.median(trace.base_px)) - float(scale.to_pixel(0.0))) / length
    return off if off < NEAR_ZERO else 0.0


def _has_level_bars(evidence: PanelEvidence) -> bool:
    """Whether categories stand along the y axis: downwards or upwards, programs differ in that."""
    lying = any(trace.kind == "bar" and trace.orientation == "horizontal" for trace in evidence.traces)
    return lying and evidence.y_scale is not None and evidence.y_scale.kind == "category"


def _has_factor(evidence: PanelEvidence) -> bool:
    """Whether a title is what is printed at an axis' end."""
    axes = (evidence.x_axis, evidence.y_axis)
    titles = [evidence.title, *(axis.title for axis in axes if axis is not None)]
    return any(t is not None and FACTOR.search(t.text) is not None for t in titles)
