"""Axes of pictures that were enlarged or reduced: calibrated as they were drawn.

Renderers align ticks with the pixels of the picture that they draw; what is known of that holds there alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, Box, FloatArray, Scale
from digitizer.stages.axes.standing import MARK_SIGMA_PX


def as_drawn(evidence: AxisEvidence) -> AxisEvidence:
    """The axis in pixels of the picture before it was enlarged."""
    ratio = evidence.enlarged

    def back(px: FloatArray) -> FloatArray:
        return np.asarray((np.asarray(px, dtype=np.float64) + 0.5) / ratio - 0.5)

    def back_box(box: Box) -> Box:
        left, top, right, bottom = (
            float(v) for v in back(np.array([box.left, box.top, box.right, box.bottom]))
        )
        return Box(left=left, top=top, right=right, bottom=bottom)

    # Marks are on whole pixels there, by what they were reduced to.
    sigma = evidence.label_sigma_px / ratio
    marked = evidence.label_sigma_px <= MARK_SIGMA_PX
    labels = tuple(replace(span, box=back_box(span.box)) for span in evidence.labels)
    return replace(
        evidence,
        marks=back(evidence.marks),
        label_px=back(evidence.label_px),
        label_sigma_px=np.where(marked, np.minimum(sigma, MARK_SIGMA_PX), sigma),
        labels=labels,
        grain=min(1.0, evidence.grain),
        enlarged=1.0,
    )


def enlarge_scale(scale: Scale | None, ratio: float) -> Scale | None:
    """The scale in pixels of the enlarged picture."""
    if scale is None:
        return None
    return replace(
        scale,
        origin=(scale.origin + 0.5) * ratio - 0.5,
        slope=scale.slope * ratio,
        covariance=scale.covariance * ratio**2,
        residual_px=scale.residual_px * ratio,
        misfit_px=None if scale.misfit_px is None else scale.misfit_px * ratio,
    )
