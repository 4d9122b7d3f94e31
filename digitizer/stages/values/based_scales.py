"""Set scales whose labels have no tick marks on the bars' common base, where that must be zero.

Where neither marks nor grid lines are drawn, labels stand for the heights of their middles; programs set them
a pixel or two higher or lower, all alike, which the fit cannot see. The bars can: they stand on zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale, Trace
from digitizer.medians import median
from digitizer.stages.axes.standing import MARK_SIGMA_PX
from digitizer.stages.values.bar_values import ON_BASE_PX

# The middle of a label is off its place by at most this share of its height: ECharts, ggplot2 and Observable
# Plot are off by 0.1 to 0.25 of it. Bars that begin farther from zero may begin elsewhere.
MOST_OFF = 0.35
# Where bars begin is known to this (px): the axis line covers it.
BASE_SIGMA_PX = 0.4
# A line in the paper's colour along a side covers half its width of them: up to two pixels, evenly.
COVERED_SIGMA_PX, MOST_COVERED_PX = 0.6, 2.5
# So many labels show how far each is off by itself: whole pixels alone let it be this much (px).
FEWEST_LABELS = 4
LEAST_LOOSE_PX = 0.3


def set_on_base(
    scale: Scale | None,
    axis: AxisEvidence | None,
    traces: Sequence[Trace],
    *,
    horizontal: bool,
    covered: bool = False,
) -> Scale | None:
    """A scale moved so that its zero lies where bars begin; as it is where its labels have marks.

    Parameters
    ----------
    scale, axis
        The axis along which the bars' values lie.
    traces
        The panel's series.
    horizontal
        Whether that is the x axis.
    covered
        Whether a line in the paper's colour may cover where bars begin. Then they seem shorter than they are,
        which is no reason to move labels that agree: they tell where zero is.
    """
    orientation = "horizontal" if horizontal else "vertical"
    bases = [t.base_px for t in traces if t.kind == "bar" and t.orientation == orientation]
    if (
        scale is None
        or axis is None
        or scale.kind != "linear"
        or scale.offset
        or not _is_unmarked(scale, axis)
    ):
        return scale
    base = _common(np.concatenate([b for b in bases if b is not None and b.size] or [np.zeros(0)]))
    if base is None:
        return scale
    height = float(np.median([min(span.box.height, span.box.width) for span in axis.labels]))
    off = base - float(scale.to_pixel(0.0))
    if abs(off) > MOST_OFF * height:
        return scale
    within = covered and _is_within(base, scale, traces, horizontal=horizontal)
    # Of what labels were held to be off most is alike for all of them; their residuals tell the rest.
    loose = scale.used.sum() >= FEWEST_LABELS
    share = min(1.0, max(scale.residual_px, LEAST_LOOSE_PX) / _label_sigma(scale, axis)) if loose else 1.0
    sigma = COVERED_SIGMA_PX if within else BASE_SIGMA_PX
    covariance = np.array([[sigma**2, 0.0], [0.0, share**2 * scale.covariance[1, 1]]])
    return replace(scale, origin=scale.origin if within else base, covariance=covariance)


def put_on_zero(
    traces: Sequence[Trace], x_scale: Scale | None, y_scale: Scale | None, covered: Sequence[bool]
) -> tuple[Trace, ...]:
    """Bars whose beginning is covered (of level and of upright ones), begun at zero where that is near."""
    out = []
    for trace in traces:
        lying = trace.orientation == "horizontal"
        scale = x_scale if lying else y_scale
        hidden = covered[0] if lying else covered[1]
        if hidden and trace.base_px is not None and scale is not None and scale.kind == "linear":
            zero = float(scale.to_pixel(0.0))
            near = np.abs(trace.base_px - zero) <= MOST_COVERED_PX
            trace = replace(trace, base_px=np.where(near, zero, trace.base_px))
        out.append(trace)
    return tuple(out)


def _is_within(base: float, scale: Scale, traces: Sequence[Trace], *, horizontal: bool) -> bool:
    """Whether bars begin on that side of a scale's zero to which they rise, by labels enough to say so."""
    if scale.used.sum() < FEWEST_LABELS:
        return False
    bars = [t for t in traces if t.kind == "bar" and (t.orientation == "horizontal") == horizontal]
    ends = np.concatenate([t.y_px for t in bars])
    return bool((base - float(scale.to_pixel(0.0))) * (np.nanmedian(ends) - base) > 0)


def _is_unmarked(scale: Scale, axis: AxisEvidence) -> bool:
    """Whether most labels that a scale stands on have no marks: their own middles say where they are."""
    return not axis.drawn and _label_sigma(scale, axis) > 2 * MARK_SIGMA_PX


def _label_sigma(scale: Scale, axis: AxisEvidence) -> float:
    """How well (px) the places of the labels are known that a scale stands on."""
    n = min(scale.used.size, axis.label_sigma_px.size)
    sigma = axis.label_sigma_px[:n][scale.used[:n]]
    return median(sigma) if sigma.size else 0.0


def _common(bases: FloatArray) -> float | None:
    """Where most bars begin; None where they begin in different places, or there are none."""
    if not bases.size:
        return None
    near = np.abs(bases[:, None] - bases[None]) <= ON_BASE_PX
    best = near[int(near.sum(axis=1).argmax())]
    return float(np.median(bases[best]))
