"""What contradicts bars: a baseline that is no zero, and categories without a bar."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import PanelEvidence, Scale, Trace
from digitizer.model import Notice
from digitizer.notices import make_notice
from digitizer.stages.values.bar_values import ON_BASE_PX, n_seen_bars, share_categories

# A baseline inside the panel is zero to this (px); one on the frame's side may be any value.
OFF_ZERO_PX = 2.5
# A baseline this near (px) to the frame's side stands on it.
ON_SIDE_PX = 3.0


def bar_notices(evidence: PanelEvidence) -> list[Notice]:
    """Warn where what bars must agree with does not."""
    bars = [trace for trace in evidence.traces if trace.kind == "bar" and trace.base_px is not None]
    if not bars:
        return []
    lying = bars[0].orientation == "horizontal"
    values, places = evidence.x_scale, evidence.y_scale
    if not lying:
        values, places = places, values
    notices = []
    if values is not None and (base := _off_zero(bars, values, evidence, lying=lying)) is not None:
        notices.append(make_notice("bars-off-zero", value=f"{base:.3g}"))
    if places is not None and places.kind == "category" and (n := _n_missing(bars, places)):
        notices.append(make_notice("bars-missing", count=n))
    if hidden := sum(round(trace.hidden * trace.x_px.size) for trace in bars):
        notices.append(make_notice("bars-hidden", count=hidden))
    return notices


def _off_zero(bars: list[Trace], scale: Scale, evidence: PanelEvidence, *, lying: bool) -> float | None:
    """The value of a baseline inside the panel that should be zero and is not."""
    if scale.kind != "linear":
        return None
    bases = np.concatenate([t.base_px for t in bars if t.base_px is not None])
    votes = (np.abs(bases[:, None] - bases[None]) <= ON_BASE_PX).sum(axis=1)
    base = float(bases[votes.argmax()])
    box = evidence.frame.box
    sides = (box.left, box.right) if lying else (box.top, box.bottom)
    if min(abs(base - side) for side in sides) <= ON_SIDE_PX:
        return None
    return float(scale.to_value(base)) if abs(base - float(scale.to_pixel(0.0))) > OFF_ZERO_PX else None


def _n_missing(bars: list[Trace], scale: Scale) -> int:
    """How many bars fewer were seen than there are categories times series."""
    if share_categories(bars, scale):
        return 0
    n_categories = len(scale.values)
    return sum(max(0, n_categories - n_seen_bars(trace)) for trace in bars)
