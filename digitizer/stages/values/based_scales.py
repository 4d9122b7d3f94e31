"""Set scales whose labels have no tick marks on the bars' common base, where that must be zero.

Where neither marks nor grid lines are drawn, labels stand for the heights of their middles; programs set them
a pixel or two higher or lower, all alike, which the fit cannot see. The bars can: they stand on zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale, Trace
from digitizer.stages.axes.standing import MARK_SIGMA_PX
from digitizer.stages.values.bar_values import ON_BASE_PX

# The middle of a label is off its place by at most this share of its height: ECharts, ggplot2 and Observable
# Plot are off by 0.1 to 0.25 of it. Bars that begin farther from zero may begin elsewhere.
MOST_OFF = 0.35
# Where bars begin is known to this (px): the axis line covers it.
BASE_SIGMA_PX = 0.4
# So many labels show how far each is off by itself: whole pixels alone let it be this much (px).
FEWEST_LABELS = 4
LEAST_LOOSE_PX = 0.3


def set_on_base(
    scale: Scale | None, axis: AxisEvidence | None, traces: Sequence[Trace], *, horizontal: bool
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
    # Of what labels were held to be off most is alike for all of them; their residuals tell the rest.
    loose = scale.used.sum() >= FEWEST_LABELS
    share = min(1.0, max(scale.residual_px, LEAST_LOOSE_PX) / _label_sigma(scale, axis)) if loose else 1.0
    covariance = np.array([[BASE_SIGMA_PX**2, 0.0], [0.0, share**2 * scale.covariance[1, 1]]])
    return replace(scale, origin=base, covariance=covariance)


def _is_unmarked(scale: Scale, axis: AxisEvidence) -> bool:
    """Whether most labels that a scale stands on have no marks: their own middles say where they are."""
    return not axis.drawn and _label_sigma(scale, axis) > 2 * MARK_SIGMA_PX


def _label_sigma(scale: Scale, axis: AxisEvidence) -> float:
    """How well (px) the places of the labels are known that a scale stands on."""
    n = min(scale.used.size, axis.label_sigma_px.size)
    sigma = axis.label_sigma_px[:n][scale.used[:n]]
    return float(np.median(sigma)) if sigma.size else 0.0


def _common(bases: FloatArray) -> float | None:
    """Where most bars begin; None where they begin in different places, or there are none."""
    if not bases.size:
        return None
    near = np.abs(bases[:, None] - bases[None]) <= ON_BASE_PX
    best = near[int(near.sum(axis=1).argmax())]
    return float(np.median(bases[best]))
