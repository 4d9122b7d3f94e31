"""Tell which problems of an axis its series settle: names that every series stands at are categories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import AxisEvidence, FloatArray, PanelEvidence, PanelFrame, Scale, Trace
from digitizer.stages.values.bar_order import CALENDARS
from digitizer.stages.values.bar_values import OFF_LABEL, bar_places
from digitizer.stages.values.category_points import END_PX

UNPROVEN = "axis-kind-unproven"
SIDES = ("left", "top", "right", "bottom")
# Bars that end this near (px) to a side stand at it.
AT_SIDE_PX = 3.0
# Months are from 28 to 31 days long. So many of them that are evenly far apart to this (px) are no times
# where even ones would be this far (px) off a scale of days: ticks stand within half a pixel of their places.
FEWEST_MONTHS = 4
OFF_EVEN_PX, OFF_DAYS_PX = 0.75, 1.25
MONTH_DAYS = (31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)


def open_problems(scale: Scale, axis: AxisEvidence | None, evidence: PanelEvidence) -> tuple[str, ...]:
    """The problems of a scale without those that the panel's series settle.

    Parameters
    ----------
    scale, axis
        One of the panel's axes.
    evidence
        The panel, with its lines as the document tells them.
    """
    if UNPROVEN not in scale.problems or axis is None or not _are_borne_out(scale, axis, evidence):
        return scale.problems
    return tuple(code for code in scale.problems if code != UNPROVEN)


def _are_borne_out(scale: Scale, axis: AxisEvidence, evidence: PanelEvidence) -> bool:
    """Whether the labels are distinct words, and all series stand at them and nowhere else.

    A scale of numbers or times has points between its labels, and labels where there is no point.
    """
    texts = [label.text.strip().lower() for label in axis.labels]
    worded = len(set(texts)) == len(texts) and not any(c.isdigit() for text in texts for c in text)
    if scale.kind != "category" or len(texts) < 2 or not worded or "tick-values-uneven" in scale.problems:
        return False
    upright = axis.side in ("top", "bottom")
    traces = [trace for trace in evidence.traces if trace.kind != "band"]
    bars = [t for t in traces if t.kind == "bar" and (t.orientation == "horizontal") != upright]
    others = [trace for trace in traces if trace.kind != "bar"]
    if len(bars) + len(others) < len(traces) or (others and not upright):
        return False
    at_labels = all(_stands_at(trace, axis.label_px) for trace in others)
    if bars:
        return at_labels and _share_labels(bars, axis.label_px) and not _may_go_on(bars, evidence.frame)
    return at_labels and bool(others) and not _may_be_times(texts, axis.label_px)


def _stands_at(trace: Trace, labels: FloatArray) -> bool:
    """Whether a series has points at the labels alone, at more than half of them."""
    if trace.kind == "line" and trace.sampled_at == "columns":
        return False
    x = trace.x_px[np.isfinite(trace.y_px)]
    off = np.abs(x[:, None] - labels[None])
    return bool(x.size) and bool(off.min(axis=1).max() <= END_PX) and 2 * _n_labelled(x, labels) > len(labels)


def _share_labels(bars: Sequence[Trace], labels: FloatArray) -> bool:
    """Whether bars stand in groups around the labels: one group at each, with one bar of a series at most."""
    step = float(np.min(np.diff(np.sort(labels))))
    places = [bar_places(trace) for trace in bars]
    if any(_n_labelled(at, labels) < at.size for at in places):
        return False
    everything = np.concatenate(places)
    nearest = _nearest(everything, labels)
    groups = [everything[nearest == k] for k in range(len(labels))]
    if not all(group.size for group in groups):
        return False
    middles = np.array([(group.min() + group.max()) / 2 for group in groups])
    return bool(np.abs(middles - labels).max() <= OFF_LABEL * step)


def _may_go_on(bars: Sequence[Trace], frame: PanelFrame) -> bool:
    """Whether a frame ends with its bars and is no box: their own edges were taken for its sides.

    Axes that are not drawn (R) leave bars standing free, of which a frame may hold the first two.
    """
    if len(frame.sides) == len(SIDES):
        return False
    low, high = (
        (frame.box.top, frame.box.bottom)
        if bars[0].orientation == "horizontal"
        else (frame.box.left, frame.box.right)
    )
    first = min(float(bar_places(t).min()) - t.line_width_px / 2 for t in bars)
    last = max(float(bar_places(t).max()) + t.line_width_px / 2 for t in bars)
    return first - low <= AT_SIDE_PX or high - last <= AT_SIDE_PX


def _nearest(places: FloatArray, labels: FloatArray) -> NDArray[np.intp]:
    return np.asarray(np.argmin(np.abs(places[:, None] - labels[None]), axis=1))


def _n_labelled(places: FloatArray, labels: FloatArray) -> int:
    """How many labels are the nearest to one of the places."""
    return int(np.unique(_nearest(places, labels)).size)


def _may_be_times(texts: Sequence[str], labels: FloatArray) -> bool:
    """Whether names of a calendar may stand along a scale of days: not where months are evenly far apart."""
    starts = [text[:3] for text in texts]
    if not all(any(start in row for row in CALENDARS) for start in starts):
        return False
    months = CALENDARS[0]
    if len(texts) < FEWEST_MONTHS or not all(start in months for start in starts):
        return True
    places = np.sort(labels)
    days, at = [0.0], months.index(starts[int(np.argmin(labels))])
    for start in [starts[i] for i in np.argsort(labels)][1:]:
        passed, at = 0.0, at
        while months[at] != start:
            passed, at = passed + MONTH_DAYS[at], (at + 1) % len(months)
        days.append(days[-1] + passed)
    even, dated = (_off_line(np.asarray(v), places) for v in (np.arange(len(places)) * 1.0, days))
    return even > OFF_EVEN_PX or dated < OFF_DAYS_PX


def _off_line(values: FloatArray, px: FloatArray) -> float:
    """How far (px) places are off a straight line through values, at most."""
    return float(np.abs(np.polyval(np.polyfit(values, px, 1), values) - px).max())
