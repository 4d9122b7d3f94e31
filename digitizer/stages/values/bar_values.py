"""Carry bars from pixels to categories and values; no pixel is looked at here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale, Trace
from digitizer.numbers import parse_number
from digitizer.stages.axes.line_fit import is_round
from digitizer.stages.axes.ordered import fit_categories, step_of_years
from digitizer.stages.pixels.nearest import distance_to_nearest

# A group of bars stands around its label: its middle is off by at most this share of the labels' distance.
OFF_LABEL = 0.25
# Bars whose bases differ by more than this (px) from the common one stand on other bars.
ON_BASE_PX = 2.5
# Bars' middles may all be off their labels by this share of the distance (slanted labels), not more.
MAX_SHIFT = 0.35
# The only bar of a category stands on its middle to this share of the distance (of two side by side: 0.2).
MOST_OFF_MIDDLE = 0.1
# Numbers are names where so many of them stand in the middle of their bars (share of their distance: 0.02 and
# less as drawn), all rise or all fall, and half of their steps differ by this share from the usual one: a
# label that was misread breaks the order or changes two steps of five.
LEAST_UNEVEN, AT_LABEL, UNEVEN = 4, 0.1, 0.3
# Three of them tell as much where each was read this surely.
SURE_UNEVEN, SURE_NUMBER = 3, 0.95
# They do so with any steps that differ by this share (cut off decimals do: 0.3, 0.7, 1) where the even step
# that a scale would need is none that programs choose: 0.9, 0.95 and 0.99 would need 0.045.
UNLIKE = 0.1
# Bars are bins where they are as wide as labels are apart to this share (Plotly's histograms 0.99; bars of
# pandas 0.5, of Plotly 0.8 and of Vega 0.9).
TOUCHING = 0.96
# A curve with more of its markers (share) than this beside the labels is none of values by name.
MOST_BETWEEN = 0.3
# Bars of a group are this far apart (share of their width) at least: stacked ones 0, touching ones 1.
BESIDE = 0.8
# Programs choose no more labels than eleven for a scale by themselves, and set none of a scale on end; for
# names they do both. So many of these tell.
MANY_LABELS = 12
FEWEST_ON_END = 3


def bar_places(trace: Trace) -> FloatArray:
    """Where bars stand along their category axis (px)."""
    return trace.y_px if trace.orientation == "horizontal" else trace.x_px


def bar_edges(trace: Trace) -> FloatArray:
    """Where bars end along their value axis (px)."""
    return trace.x_px if trace.orientation == "horizontal" else trace.y_px


def n_seen_bars(trace: Trace) -> int:
    """How many of a series' bars rise from their base: the others were not seen."""
    if trace.base_px is None:
        return int(trace.x_px.size)
    return int(np.count_nonzero(bar_edges(trace) != trace.base_px))


def share_categories(bars: Sequence[Trace], scale: Scale) -> bool:
    """Whether each category has one bar, in the middle of it, of one series or another.

    The colours then tell groups of categories (cars by their cylinders), and no series lacks a bar.
    """
    places = np.concatenate([bar_places(t)[bar_edges(t) != t.base_px] for t in bars if t.base_px is not None])
    if len(bars) < 2 or places.size != len(scale.values):
        return False
    centers = np.sort(scale.to_pixel(np.arange(len(scale.values), dtype=np.float64)))
    off = np.abs(np.sort(places) - centers)
    return bool(off.max() <= MOST_OFF_MIDDLE * abs(scale.slope))


def scale_for_bars(
    scale: Scale | None, axis: AxisEvidence | None, traces: Sequence[Trace], *, horizontal: bool
) -> Scale | None:
    """The scale of the axis that bars stand along: categories where each group has a label of its own.

    Notes
    -----
    Years or test numbers under bars read as a linear scale too. Names are told from numbers by counting: an
    axis of numbers labels round values, and bars stand where they must. Bars that touch are bins. Where a
    curve over the bars has markers between the labels as well, numbers are a scale.
    """
    orientation = "horizontal" if horizontal else "vertical"
    bars = [t for t in traces if t.kind == "bar" and t.orientation == orientation]
    if not bars or axis is None or _are_proven_names(scale):
        return scale
    labels = axis.label_px
    if len(labels) < 2:
        return scale
    step = float(np.min(np.diff(np.sort(labels))))
    if not horizontal and _has_points_between(scale, labels, step, traces):
        return scale
    places = np.concatenate([bar_places(t) for t in bars])
    nearest = np.argmin(np.abs(places[:, None] - labels[None]), axis=1)
    if len(set(nearest.tolist())) < len(labels):
        return scale
    middles = np.array(
        [np.ptp(places[nearest == i]) / 2 + places[nearest == i].min() for i in range(len(labels))]
    )
    off = np.abs(middles - labels) / max(step, 1.0)
    single = all(len(set(_nearest(bar_places(t), labels).tolist())) == len(t.x_px) for t in bars)
    if not single or float(np.median(off)) > OFF_LABEL or float(off.max()) > 0.5:
        return scale
    named = _are_listed(axis) or _are_no_scale(axis, off) or _are_years_of_groups(axis, bars)
    names = fit_categories(axis, numbers_named=named)
    touch = max(t.line_width_px for t in bars) >= TOUCHING * step
    is_linear = scale is not None and scale.kind == "linear"
    return scale if touch and is_linear and not _are_proven_names(names) else names


def _are_proven_names(scale: Scale | None) -> bool:
    return scale is not None and scale.kind == "category" and "axis-kind-unproven" not in scale.problems


def _has_points_between(
    scale: Scale | None, labels: FloatArray, step: float, traces: Sequence[Trace]
) -> bool:
    """Whether a line over bars has more markers than a linear scale has labels, many of them beside these.

    ``step`` is how near labels come to each other (px).
    """
    if scale is None or scale.kind != "linear":
        return False
    marked = [t.x_px[np.isfinite(t.y_px)] for t in traces if t.kind == "line" and t.sampled_at == "markers"]
    off = [distance_to_nearest(x, labels) > MOST_OFF_MIDDLE * step for x in marked]
    return any(len(away) > len(labels) and float(away.mean()) > MOST_BETWEEN for away in off)


def _are_listed(axis: AxisEvidence) -> bool:
    """Whether numbers, one at each group of bars, are names: on end, or more than are chosen for a scale."""
    on_end = all(abs(span.angle_deg) in (90.0, 270.0) for span in axis.labels)
    sure = min(span.confidence for span in axis.labels) >= SURE_NUMBER
    return sure and (len(axis.labels) >= MANY_LABELS or (on_end and len(axis.labels) >= FEWEST_ON_END))


def _are_years_of_groups(axis: AxisEvidence, bars: Sequence[Trace]) -> bool:
    """Whether numbers are years in even steps, each of a group of bars that stand beside each other.

    Programs set groups side by side along names alone; along numbers bars of two series cover each other.
    """
    sure = min(span.confidence for span in axis.labels) >= SURE_NUMBER
    if not sure or len(axis.labels) < SURE_UNEVEN or not step_of_years([s.text for s in axis.labels]):
        return False
    places = [np.sort(bar_places(t)) for t in bars]
    if len(bars) < 2 or any(len(at) != len(axis.labels) for at in places):
        return False
    widest = max(t.line_width_px for t in bars)
    apart = np.diff(np.sort(np.array(places), axis=0), axis=0)
    return bool(apart.min() > BESIDE * widest)


def _are_no_scale(axis: AxisEvidence, off: FloatArray) -> bool:
    """Whether the numbers that bars stand at evenly make no linear scale: 1, 2, 4, 8 or 10, 50, 100.

    On a logarithmic one bars of one width in its units are not equally wide: such bars are no such axis.
    """
    numbers = [parse_number(label.text) for label in axis.labels]
    values = np.array([number.value for number in numbers if number is not None])
    sure = min(label.confidence for label in axis.labels) >= SURE_NUMBER
    fewest = SURE_UNEVEN if sure else LEAST_UNEVEN
    if len(values) < max(fewest, len(axis.labels)) or float(off.max()) > AT_LABEL:
        return False
    steps = np.diff(values)
    if np.ptp(np.sign(steps)) > 0:
        return False
    if sure and np.ptp(steps) > UNLIKE * abs(steps.mean()) and not is_round(float(steps.mean())):
        return True
    return bool(np.mean(np.abs(steps - np.median(steps)) > UNEVEN * np.abs(np.median(steps))) >= 0.5)


def _nearest(places: FloatArray, labels: FloatArray) -> FloatArray:
    return np.asarray(np.argmin(np.abs(places[:, None] - labels[None]), axis=1))


def name_categories(trace: Trace, scale: Scale, axis: AxisEvidence, traces: Sequence[Trace]) -> list[str]:
    """The category of each bar: the label whose place its group stands around."""
    everything = np.concatenate([bar_places(t) for t in traces if t.kind == "bar"])
    turn = np.exp(2j * np.pi * scale.to_u(everything))
    shift = float(np.angle(turn.mean()) / (2 * np.pi)) if abs(turn.mean()) > 0.2 else 0.0
    shift = shift if abs(shift) <= MAX_SHIFT else 0.0
    index = np.round(scale.to_u(bar_places(trace)) - shift)
    return [axis.labels[int(i)].text for i in np.clip(index, 0, len(axis.labels) - 1)]


def bar_values(trace: Trace, scale: Scale, traces: Sequence[Trace]) -> tuple[FloatArray, FloatArray]:
    """Values of bars and which of them stand on others: of those the value is the length."""
    values = scale.to_value(bar_edges(trace))
    if trace.base_px is None:
        return values, np.zeros(len(values), dtype=bool)
    bases = np.concatenate([t.base_px for t in traces if t.base_px is not None])
    votes = (np.abs(bases[:, None] - bases[None]) <= ON_BASE_PX).sum(axis=1)
    on_others = np.abs(trace.base_px - bases[votes.argmax()]) > ON_BASE_PX
    return np.where(on_others, values - scale.to_value(trace.base_px), values), on_others


def bar_sigma(trace: Trace, scale: Scale, values: FloatArray, on_others: FloatArray) -> FloatArray:
    """One standard deviation of u of bars' values, as :func:`bar_values` tells these.

    A bar on another one has two ends, each as unsure as it was seen; a scale that is shifted shifts both.
    """
    alone = scale.sigma_u(bar_edges(trace), trace.sigma_px)
    if scale.kind != "linear":
        return np.asarray(alone * np.where(on_others, np.sqrt(2.0), 1.0))
    stretch = np.square(values) * max(float(scale.covariance[1, 1]), 0.0)
    length = np.sqrt(2.0 * np.square(trace.sigma_px) + stretch) / abs(scale.slope)
    return np.asarray(np.where(on_others, length, alone))
