"""What contradicts bars: a baseline that is no zero, categories without a bar, ends too unsure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitizer.evidence import AxisEvidence, Box, FloatArray, PanelEvidence, Scale, Trace
from digitizer.model import Notice
from digitizer.notices import make_notice
from digitizer.stages.areas.histogram import do_touch
from digitizer.stages.values.bar_values import (
    ON_BASE_PX,
    bar_places,
    bar_sigma,
    bar_values,
    n_seen_bars,
    share_categories,
)

# A baseline inside the panel is zero to this (px); one on the frame's side may be any value.
OFF_ZERO_PX = 2.5
# A baseline this near (px) to the frame's side stands on it.
ON_SIDE_PX = 3.0
# A bar is off where it misses its value by more than this share of what the bars' values span: a percent of
# the axis is more, but not all charts of bars end where their axis does. Of a series of fewer bars than this
# none may be off. Of 55 panels that say ok with a tenth of a bar and more expected to be off, the nine with
# more than so many bars are six times wrong, the 46 with fewer four times.
OFF_SPAN = 0.01
FEWEST_TO_SPARE = 20
MOST_OFF = 1.5
# ... nor may this share of all bars be: of two that differ little one is off more often than not.
MOST_OFF_SHARE = 0.2
# Bins are no farther apart than their edges are wide (px).
BINS_APART_PX = 3.6
# Labels are names of bars where bars stand one unit apart, to this share, and each label at a bar, to this
# share of the way to the next.
UNIT_PITCH, AT_BAR = 0.02, 0.2
# A bar this low (px) that unexplained ink stands on, this many times as high and from this near (px) to its
# base, was not seen: one pale within its outline was put at its base. Ink over this share of its width does.
LOW_PX, TIMES_HIGHER, STANDS_PX, OVER_SHARE = 4.0, 5.0, 4.0, 0.5


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
    if places is not None and places.kind == "category" and not lying and _off_line(bars, evidence):
        notices.append(make_notice("bars-off-line"))
    off = 0.0 if values is None else expect_off(bars, values, places)
    if off > min(MOST_OFF, MOST_OFF_SHARE * sum(trace.x_px.size for trace in bars)):
        notices.append(make_notice("bars-unsure", count=max(1, round(off))))
    if places is not None and places.kind == "category" and (n := _n_missing(bars, places)):
        notices.append(make_notice("bars-missing", count=n))
    axis = evidence.y_axis if lying else evidence.x_axis
    if places is not None and axis is not None and _may_be_names(bars, places, axis):
        notices.append(make_notice("bars-named"))
    if places is not None and places.kind != "category" and (n := _n_skipped(bars)):
        notices.append(make_notice("bars-missing", count=n))
    if n := _n_below_ink(bars, evidence, lying=lying):
        notices.append(make_notice("bars-missing", count=n))
    if hidden := sum(round(trace.hidden * trace.x_px.size) for trace in bars):
        notices.append(make_notice("bars-hidden", count=hidden))
    return notices


def _common_base(bars: list[Trace]) -> float:
    """The base (px) that most bars stand on."""
    bases = np.concatenate([t.base_px for t in bars if t.base_px is not None])
    return float(bases[(np.abs(bases[:, None] - bases[None]) <= ON_BASE_PX).sum(axis=1).argmax()])


def _off_line(bars: list[Trace], evidence: PanelEvidence) -> bool:
    """Whether the line within the panel that carries the names is not the one that the bars stand on.

    It is a rule of a table below them, and the names are numbers of that (Excel).
    """
    line = evidence.frame.x_line
    return line is not None and abs(_common_base(bars) - line) > ON_SIDE_PX


def _off_zero(bars: list[Trace], scale: Scale, evidence: PanelEvidence, *, lying: bool) -> float | None:
    """The value of a baseline inside the panel that should be zero and is not."""
    if scale.kind != "linear":
        return None
    base = _common_base(bars)
    box = evidence.frame.box
    sides = (box.left, box.right) if lying else (box.top, box.bottom)
    if min(abs(base - side) for side in sides) <= ON_SIDE_PX:
        return None
    return float(scale.to_value(base)) if abs(base - float(scale.to_pixel(0.0))) > OFF_ZERO_PX else None


def expect_off(bars: Sequence[Trace], scale: Scale, places: Scale | None = None) -> float:
    """How many bars are expected to be off, by the deviations of their ends and of the scale.

    Renderers put ends on whole pixels: where values span few of them a percent is less than that hides, and
    a bar on another one has two ends. Bins are read as lines are: where the next one is much higher, a little
    to the right is a little too high.
    """
    if scale.kind != "linear":
        return 0.0
    told = [bar_values(trace, scale, bars) for trace in bars]
    span = float(np.ptp(np.concatenate([values[np.isfinite(values)] for values, _ in told] or [np.zeros(1)])))
    if span <= 0:
        return 0.0
    off = 0.0
    for trace, (values, on_others) in zip(bars, told, strict=True):
        sigma = np.hypot(bar_sigma(trace, scale, values, on_others), _beside(trace, values, places))
        sigma = sigma[np.isfinite(values) & np.isfinite(sigma) & (sigma > 0)]
        if values.size < FEWEST_TO_SPARE:
            off += sum(math.erfc(OFF_SPAN * span / s / math.sqrt(2.0)) for s in sigma.tolist())
    return off


def _beside(trace: Trace, values: FloatArray, places: Scale | None) -> FloatArray:
    """What the scale of bins' places and the pixels of their sides leave unsure of steep values (deviations).

    Sides are as unsure as ends; all together tell the bins' step, at whose ends 2 / sqrt(n) of that is left.
    """
    if places is None or places.kind != "linear" or values.size < 3 or not do_touch([trace], BINS_APART_PX):
        return np.zeros(values.size)
    at = bar_places(trace)
    order = np.argsort(at)
    steep = np.abs(np.diff(values[order])) / np.maximum(np.diff(at[order]), 1.0)
    out = np.zeros(values.size)
    out[order] = (np.append(steep[:1], steep) + np.append(steep, steep[-1:])) / 2
    sides = 2.0 * float(np.median(trace.sigma_px)) / math.sqrt(values.size)
    return np.asarray(out * np.hypot(places.fit_sigma_px(at), sides))


def _may_be_names(bars: Sequence[Trace], scale: Scale, axis: AxisEvidence) -> bool:
    """Whether a number that was left out as misread is a bar's own: names by every so many bars.

    Counts by year have a bar for each year that something was counted in, and label every fifth.
    """
    whole = bool(np.all(np.isfinite(scale.values)) and np.all(scale.values == np.round(scale.values)))
    if scale.kind != "linear" or scale.used.all() or not whole or scale.used.size != axis.label_px.size:
        return False
    places = np.sort(np.concatenate([bar_places(trace) for trace in bars]))
    pitch = float(np.median(np.diff(places))) if places.size > 1 else 0.0
    if pitch <= 0 or abs(abs(pitch / scale.slope) - 1.0) > UNIT_PITCH:
        return False
    # The bar at such a label may be too low to be seen.
    steps = (axis.label_px - places[0]) / pitch
    return bool(np.all(np.abs(steps - np.round(steps)) < AT_BAR))


def _n_skipped(bars: Sequence[Trace]) -> int:
    """How many bins of a histogram have no bar, between those that have one.

    Bars that touch are bins, of which each has its count; those that are even have all been filled.
    """
    if not do_touch(bars):
        return 0
    gaps = np.diff(np.sort(bars[0].x_px))
    return int(np.sum(np.maximum(np.round(gaps / np.median(gaps)) - 1, 0)))


def _n_missing(bars: list[Trace], scale: Scale) -> int:
    """How many bars fewer were seen than there are categories times series."""
    if share_categories(bars, scale):
        return 0
    n_categories = len(scale.values)
    return sum(max(0, n_categories - n_seen_bars(trace)) for trace in bars)


def _n_below_ink(bars: list[Trace], evidence: PanelEvidence, *, lying: bool) -> int:
    """How many bars hardly rise above their base where ink that nothing explains stands on it."""
    n = 0
    for trace in bars:
        ends, places = (trace.x_px, trace.y_px) if lying else (trace.y_px, trace.x_px)
        bases = np.asarray(trace.base_px, dtype=np.float64)
        low = np.abs(ends - bases) <= LOW_PX
        for base, place in zip(bases[low], places[low], strict=True):
            half = trace.line_width_px / 2
            n += any(
                _stands_on(box, base, (place - half, place + half), lying=lying)
                for box in evidence.redrawn.unexplained
            )
    return n


def _stands_on(box: Box, base: float, across: tuple[float, float], *, lying: bool) -> bool:
    """Whether a piece of ink stands on a base over most of the places ``across`` it (px)."""
    along = (box.left, box.right) if lying else (box.top, box.bottom)
    beside = (box.top, box.bottom) if lying else (box.left, box.right)
    near, far = sorted(abs(end - base) for end in along)
    shared = min(beside[1], across[1]) - max(beside[0], across[0])
    return (
        near <= STANDS_PX and far >= TIMES_HIGHER * LOW_PX and shared >= OVER_SHARE * (across[1] - across[0])
    )
