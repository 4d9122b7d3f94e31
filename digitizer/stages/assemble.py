"""Make the figure document from the pixel evidence; no pixel is looked at here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.colors import name_color, to_hex
from digitizer.dates import to_iso
from digitizer.evidence import AxisEvidence, Extraction, PanelEvidence, Scale, Trace
from digitizer.model import Axis, Figure, Frame, Panel, Series, Source, Tick
from digitizer.notices import make_notice
from digitizer.stages.axes.line_fit import DRAWN_SIGMA_PX
from digitizer.stages.legend.naming import name_the_last
from digitizer.stages.series.averages import find_raw
from digitizer.stages.status.judge import judge_panel
from digitizer.stages.values.bar_order import runs_downwards
from digitizer.stages.values.bar_values import (
    bar_edges,
    bar_places,
    bar_sigma,
    bar_values,
    name_categories,
)
from digitizer.stages.values.calendar import snap_to_calendar
from digitizer.stages.values.category_points import at_categories
from digitizer.stages.values.lent_places import lend_places
from digitizer.stages.values.line_ends import reach_to_ends
from digitizer.stages.values.outer_ends import settle_ends
from digitizer.stages.values.round_places import snap_to_grid
from digitizer.stages.values.tick_texts import told_by


def assemble(extraction: Extraction) -> Figure:
    """Assemble the figure from its evidence: calibrate traces, name them, judge each panel."""
    picture = extraction.picture
    panels = tuple(
        _panel(evidence, extraction.hints.for_panel(index).given)
        for index, evidence in enumerate(extraction.panels)
    )
    warnings = () if panels else (make_notice("no-panels"),)
    return Figure(
        source=Source(
            name=picture.name,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            page=picture.page,
        ),
        title=None if extraction.title is None else extraction.title.text,
        panels=panels,
        warnings=warnings,
        hints=extraction.hints.to_dict(),
        extraction=extraction,
    )


def _panel(evidence: PanelEvidence, hints: tuple[str, ...]) -> Panel:
    box = evidence.frame.box
    x_axis = make_axis(evidence.x_axis, evidence.x_scale, (box.left, box.right))
    y_axis = make_axis(
        evidence.y_axis, evidence.y_scale, (box.bottom, box.top), downwards=runs_downwards(evidence) is True
    )
    y2_axis = None
    if evidence.y2_axis is not None:
        y2_axis = make_axis(evidence.y2_axis, evidence.y2_scale, (box.bottom, box.top))
    title = None if evidence.title is None else evidence.title.text
    series = []
    names = name_the_last(evidence.names or (None,) * len(evidence.traces), evidence.legend)
    on_y2 = evidence.on_y2 or (False,) * len(evidence.traces)
    raw = None if evidence.legend else find_raw(evidence.traces, evidence.frame.background)
    for k, (trace, name, second) in enumerate(zip(evidence.traces, names, on_y2, strict=True)):
        axis = y2_axis if second and y2_axis is not None else y_axis
        if name is None and len(evidence.traces) == 1:
            name = (x_axis if trace.orientation == "horizontal" else axis).label or title
        elif name is None and (k == raw or (_has_own_axis(evidence) and on_y2.count(second) == 1)):
            name = axis.label
        series.append(make_series(trace, name, evidence, on_y2=second))
    status, confidence, warnings = judge_panel(evidence)
    return Panel(
        frame=Frame(left=box.left, top=box.top, right=box.right, bottom=box.bottom),
        title=title,
        x_axis=x_axis,
        y_axis=y_axis,
        y2_axis=y2_axis,
        series=lend_places(series, evidence.x_scale),
        status=status,
        confidence=confidence,
        warnings=warnings,
        hints=hints,
    )


def _has_own_axis(evidence: PanelEvidence) -> bool:
    """Whether the two y axes tell lines apart, no legend."""
    return not evidence.legend and evidence.y2_axis is not None


def make_axis(
    evidence: AxisEvidence | None, scale: Scale | None, ends: tuple[float, float], *, downwards: bool = False
) -> Axis:
    """Make one axis; ``ends`` are the pixels of the frame's first and last end (left or bottom first).

    ``downwards`` says that its categories are listed from its last end to its first.
    """
    if evidence is None:
        return Axis()
    label = None if evidence.title is None else evidence.title.text
    if scale is None:
        return Axis(label=label)
    ticks = []
    for span, px, value, used in zip(
        evidence.labels, evidence.label_px, scale.values, scale.used, strict=False
    ):
        if scale.kind == "category":
            ticks.append(Tick(pixel=float(px), text=span.text, value=span.text))
        elif used:
            shown = to_iso(float(value)) if scale.kind == "date" else float(value)
            factor = scale.multiplier != 1.0 or scale.offset != 0.0
            text = told_by(span.text, span.alternative, float(value), factor=factor)
            ticks.append(Tick(pixel=float(px), text=text, value=shown))
    # From the axis' first end to its last, as people read it: left to right, bottom to top.
    ticks.sort(key=lambda tick: tick.pixel, reverse=ends[0] > ends[1])
    if scale.kind == "category" and downwards:
        ticks.reverse()
    limits: tuple[float, float] | tuple[str, str] | None = None
    if scale.kind != "category":
        first, last = (float(v) for v in scale.to_value(np.array(ends)))
        limits = (to_iso(first), to_iso(last)) if scale.kind == "date" else (first, last)
    return Axis(
        label=label,
        scale=scale.kind,
        ticks=tuple(ticks),
        limits=limits,
        residual_px=scale.residual_px,
        unit=scale.unit,
    )


def make_series(trace: Trace, name: str | None, evidence: PanelEvidence, *, on_y2: bool = False) -> Series:
    """Carry one trace from pixels to values, with the uncertainty of reading and calibration together."""
    if trace.kind == "bar":
        return make_bars(trace, name, evidence, on_y2=on_y2)
    x_scale, y_scale = evidence.x_scale, evidence.y2_scale if on_y2 else evidence.y_scale
    trace = settle_ends(trace, evidence.frame.box)
    trace = at_categories(trace, x_scale, 0 if evidence.x_axis is None else len(evidence.x_axis.labels))
    x = _x_values(trace, x_scale, evidence.x_axis)
    free = x_scale is not None and x_scale.kind in ("linear", "log")
    # Points that were put on round values have to stay there.
    if x_scale is not None and free and np.array_equal(x, x_scale.to_value(trace.x_px)):
        trace = reach_to_ends(trace)
        x = x_scale.to_value(trace.x_px)
    blank = np.full(len(trace.x_px), np.nan)
    y = blank if y_scale is None else y_scale.to_value(trace.y_px)
    sigma = blank if y_scale is None else _value_sigma(y_scale, trace.y_px, trace.sigma_px)
    return Series(
        name=name,
        kind=trace.kind,
        color=to_hex(trace.color),
        color_name=name_color(trace.color),
        axis="y2" if on_y2 else "y",
        line_style=trace.line_style,
        marker=trace.marker,
        x=x,
        y=y,
        y_sigma=sigma,
        x_px=trace.x_px.copy(),
        y_px=trace.y_px.copy(),
        y_low=None if trace.y_low_px is None or y_scale is None else y_scale.to_value(trace.y_low_px),
        y_high=None if trace.y_high_px is None or y_scale is None else y_scale.to_value(trace.y_high_px),
        sampled_at=trace.sampled_at,
        interpolation=trace.interpolation,
    )


def make_bars(trace: Trace, name: str | None, evidence: PanelEvidence, *, on_y2: bool = False) -> Series:
    """Carry bars to values: ``x`` their categories (or numbers), ``y`` their values, however they lie."""
    lying = trace.orientation == "horizontal"
    place, place_axis = (evidence.y_scale, evidence.y_axis) if lying else (evidence.x_scale, evidence.x_axis)
    upright_scale = evidence.y2_scale if on_y2 else evidence.y_scale
    scale = evidence.x_scale if lying else upright_scale
    blank = np.full(len(trace.x_px), np.nan)
    y, sigma, low, high = blank, blank, None, None
    if scale is not None:
        y, on_others = bar_values(trace, scale, evidence.traces)
        sigma = _of_values(scale, bar_edges(trace), bar_sigma(trace, scale, y, on_others))
        if trace.y_low_px is not None and trace.y_high_px is not None:
            ends = scale.to_value(trace.y_low_px), scale.to_value(trace.y_high_px)
            low, high = np.minimum(*ends), np.maximum(*ends)
    x: NDArray[np.generic] = blank
    if place is not None and place.kind == "category" and place_axis is not None:
        x = np.array(name_categories(trace, place, place_axis, evidence.traces), dtype=object)
    elif place is not None:
        x = _values(bar_places(trace), place, snap=True, bins=True)
    return Series(
        name=name,
        kind="bar",
        color=to_hex(trace.color),
        color_name=name_color(trace.color),
        axis="y2" if on_y2 else "y",
        line_style=trace.line_style,
        marker=trace.marker,
        x=x,
        y=y,
        y_sigma=sigma,
        x_px=trace.x_px.copy(),
        y_px=trace.y_px.copy(),
        y_low=low,
        y_high=high,
        sampled_at=trace.sampled_at,
        orientation=trace.orientation,
    )


def _snaps(trace: Trace) -> bool:
    """Whether points stand at whole values where they are near: the two corners of a jump are not to melt."""
    return trace.sampled_at != "columns" and trace.interpolation == "linear"


def _value_sigma(
    scale: Scale, y_px: NDArray[np.float64], sigma_px: NDArray[np.float64]
) -> NDArray[np.float64]:
    return _of_values(scale, y_px, scale.sigma_u(y_px, sigma_px))


def _of_values(scale: Scale, y_px: NDArray[np.float64], sigma_u: NDArray[np.float64]) -> NDArray[np.float64]:
    if scale.kind == "log":
        return np.asarray(np.log(10) * scale.to_value(y_px) * sigma_u)
    return sigma_u


def _x_values(trace: Trace, scale: Scale | None, axis: AxisEvidence | None) -> NDArray[np.generic]:
    if scale is None:
        return np.full(len(trace.x_px), np.nan)
    if scale.kind == "category" and axis is not None:
        index = np.clip(np.round(scale.to_u(trace.x_px)), 0, len(axis.labels) - 1).astype(int)
        return np.array([axis.labels[i].text for i in index], dtype=object)
    return _values(trace.x_px, scale, snap=_snaps(trace), pixel=_pixel_of(trace, axis))


def _pixel_of(trace: Trace, axis: AxisEvidence | None) -> float:
    """How well places along x are known (px): to a pixel, but for those that a drawing tells.

    Where browsers put ticks on larger pixels, to one of these (Highcharts puts them one to the left).
    """
    told = trace.sigma_px.size and np.nanmax(trace.sigma_px) <= DRAWN_SIGMA_PX
    return DRAWN_SIGMA_PX if told else 1.0 if axis is None else max(1.0, axis.grain, axis.enlarged)


def _values(
    px: NDArray[np.float64], scale: Scale, *, snap: bool, pixel: float = 1.0, bins: bool = False
) -> NDArray[np.generic]:
    values = scale.to_value(px)
    if scale.kind == "date":
        if snap:
            values = snap_to_calendar(values, px_size=pixel / abs(scale.slope))
        return np.array([to_iso(float(day)) for day in values], dtype=object)
    if scale.kind == "linear" and snap:
        values = snap_to_grid(values, px_size=pixel / abs(scale.slope), bins=bins)
    return values
