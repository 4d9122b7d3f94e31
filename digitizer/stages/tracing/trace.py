"""Trace the series of every panel, with texts and legends kept out of the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from digitizer.evidence import (
    AxisEvidence,
    Box,
    FloatArray,
    LegendEntry,
    PanelFrame,
    Picture,
    TextSpan,
    Trace,
)
from digitizer.stages.areas.corner_edges import on_corners
from digitizer.stages.areas.cover import without_areas
from digitizer.stages.areas.find import find_areas
from digitizer.stages.areas.half_pixel import set_back
from digitizer.stages.areas.histogram import as_histogram, do_touch
from digitizer.stages.areas.series import (
    on_outlines,
    outlines,
    to_bands,
    without_grid,
    without_rims,
    without_seams,
)
from digitizer.stages.areas.shaded_clouds import join_shaded
from digitizer.stages.areas.under_clouds import clear_of_clouds
from digitizer.stages.axes.calibration import PanelScales
from digitizer.stages.axes.panel_axes import PanelAxes
from digitizer.stages.bars.clipped import doubt_ends_at_break, doubt_ends_at_side
from digitizer.stages.bars.cover import is_over_bars, strokes_beside, unbound, without_bars
from digitizer.stages.bars.find import find_bars
from digitizer.stages.bars.uncovered import bars_under_lines, paint_over, uncover_bars
from digitizer.stages.error_bars.find import NEAR_PX, attach_stems
from digitizer.stages.error_bars.stems import FEWEST, find_stems, without_stems
from digitizer.stages.series import trace_held, trace_series
from digitizer.stages.series.inks.distinct import CLEAN
from digitizer.stages.series.inks.ink import see_ink
from digitizer.stages.series.paths.dash_ends import end_at_ticks
from digitizer.stages.tracing.bins import set_back_bins, settle_bins
from digitizer.stages.tracing.marker_texts import find_marker_texts
from digitizer.stages.tracing.text_boxes import grow_to_box
from digitizer.stages.tracing.working_size import at_working_size

# Bins are of one width where they differ by no more than this share: a line over them makes steps of its own.
SAME_BIN = 0.15
# A line over bars that the legend does not list is no wider than this share of them, and has ink in this
# share of its columns (Excel's shaded columns left a "line" as wide as they are, 13 columns of 460).
UNLISTED_WIDTH, LEAST_SEEN = 0.3, 0.7
# Glyphs are smeared into the ground around them by anti-aliasing and JPEG.
TEXT_MARGIN_PX = 2.0


def trace_panels(
    picture: Picture,
    axes: Sequence[PanelAxes],
    spans: Sequence[TextSpan],
    legends: Sequence[tuple[LegendEntry, ...]],
) -> tuple[tuple[Trace, ...], ...]:
    """Trace the series of each panel, at its working size; one tuple of traces in source pixels a panel."""
    traces = []
    frames = [a.frame for a in axes]
    for a, legend in zip(axes, legends, strict=True):
        small = at_working_size(picture, a.frame, spans, legend)
        obstacles = find_obstacles(small.picture, small.frame, small.spans, small.legend)
        found = trace_panel(small.picture, small.frame, obstacles, small.legend)
        ticks = _ticks(a.x), _ticks(a.y)
        ended = end_at_ticks(small.enlarge_traces(found), *ticks)
        traces.append(tuple(_doubt_bars(trace, a.frame, frames, *ticks) for trace in ended))
    return tuple(traces)


def _doubt_bars(
    trace: Trace, frame: PanelFrame, frames: Sequence[PanelFrame], x_ticks: FloatArray, y_ticks: FloatArray
) -> Trace:
    if trace.kind != "bar":
        return trace
    trace = doubt_ends_at_break(trace, frame, frames)
    return doubt_ends_at_side(trace, frame, x_ticks if trace.orientation == "horizontal" else y_ticks)


def _ticks(axis: AxisEvidence | None) -> FloatArray:
    """Where the labels of an axis stand (px)."""
    return np.empty(0) if axis is None else axis.label_px


def lay_rulers(axes: Sequence[PanelAxes], scales: Sequence[PanelScales]) -> tuple[PanelAxes, ...]:
    """Tell each panel's frame where whole numbers or days lie along x, where its scale is even."""
    out = []
    for a, scale in zip(axes, scales, strict=True):
        if scale.x is not None and scale.x.kind in ("linear", "date"):
            a = replace(a, frame=replace(a.frame, ruler=(scale.x.origin, abs(scale.x.slope))))
        out.append(a)
    return tuple(out)


def trace_panel(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    """Trace bars, then what is drawn over them; panels without bars as they are."""
    found = _trace_panel(picture, frame, obstacles, legend)
    return tuple(set_back_bins(picture, trace) for trace in found)


def _trace_panel(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    bars = find_bars(picture, frame, obstacles, legend)
    if not bars:
        whole = trace_lines_and_areas(picture, frame, obstacles, legend)
        bars = bars_under_lines(picture, frame, obstacles, legend, whole)
        if not bars:
            return whole
    elif do_touch(bars):
        whole = trace_lines_and_areas(picture, frame, obstacles, legend)
        if any(_has_more_bars(trace, bars[0]) for trace in whole):
            return whole
    bars = settle_bins(picture, bars)
    others = unbound(legend, bars)
    if legend and not others:
        return bars + _unlisted_lines(picture, frame, obstacles, bars)
    lines = _trace_over(picture, frame, obstacles, bars, others)
    if not lines:
        return bars
    bare, covered = paint_over(picture, frame, lines)
    whole = settle_bins(bare, uncover_bars(bare, covered, frame, obstacles, legend, bars), bare=True)
    if [t.x_px.size for t in whole] == [t.x_px.size for t in bars]:
        return whole + lines
    return whole + _trace_over(picture, frame, obstacles, whole, others)


def _unlisted_lines(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], bars: tuple[Trace, ...]
) -> tuple[Trace, ...]:
    """The lines over bars that are all that the legend lists: a mean of groups, drawn in black."""
    if not strokes_beside(picture, frame, bars):
        return ()
    found = _trace_over(picture, frame, obstacles, bars, ())
    widest = UNLISTED_WIDTH * min(bar.line_width_px for bar in bars)
    return tuple(t for t in found if t.kind == "line" and t.line_width_px <= widest and _goes_on(t))


def _goes_on(trace: Trace) -> bool:
    """Whether a line has ink in nearly every column that it spans: what is left of rims has gaps."""
    seen = trace.x_px[np.isfinite(trace.y_px)]
    return trace.sampled_at != "columns" or bool(seen.size >= LEAST_SEEN * np.ptp(seen))


def _has_more_bars(trace: Trace, bars: Trace) -> bool:
    """Whether an area's staircase has more bars of the same width: equal neighbours were taken for one."""
    alike = abs(trace.line_width_px - bars.line_width_px) <= SAME_BIN * bars.line_width_px
    return trace.kind == "bar" and alike and trace.x_px.size > bars.x_px.size


def _trace_over(
    picture: Picture,
    frame: PanelFrame,
    obstacles: tuple[Box, ...],
    bars: tuple[Trace, ...],
    others: tuple[LegendEntry, ...],
) -> tuple[Trace, ...]:
    """The lines and markers over bars, whose legend entries are those left for them."""
    lines = trace_series(without_bars(picture, frame, bars, others), frame, obstacles, others)
    return tuple(t for t in lines if is_over_bars(t, bars, others, frame.background))


def trace_lines_and_areas(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    """Trace filled areas, then the lines over them, and the outlines of areas that stand on a baseline."""
    filled = find_areas(picture, frame, obstacles, legend)
    if filled is None:
        return trace_with_errors(picture, frame, obstacles, legend)
    lines = trace_with_errors(without_areas(picture, frame, filled), frame, obstacles, legend)
    bands = clear_of_clouds(set_back(to_bands(filled, lines), lines), lines)
    lines = without_rims(without_seams(lines, filled), bands)
    lines = without_grid(lines, filled, frame.grid_y)
    lines = join_shaded(lines, bands, filled.ground)
    bars = [as_histogram(band) for band in bands]
    bands = tuple(band for band, bar in zip(bands, bars, strict=True) if bar is None)
    return (
        *lines,
        *(bar for bar in bars if bar is not None),
        *outlines(bands, lines),
        *on_corners(on_outlines(bands, lines), lines),
    )


def trace_with_errors(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...]
) -> tuple[Trace, ...]:
    """Trace lines and markers without their error bars, then give these to the points that they stand at."""
    ink = see_ink(picture, frame, ())
    stems, others = find_stems(ink, obstacles)
    if stems:
        plain = trace_held(
            without_stems(picture, frame, stems, smeared=ink is not None and ink.noise > CLEAN),
            frame,
            others,
            legend,
            holds=lambda traces: attach_stems(picture, traces, stems) is not None,
            near=[Box(left=s.x - NEAR_PX, top=s.top, right=s.x + NEAR_PX, bottom=s.bottom) for s in stems],
            fewest=min(FEWEST, len(stems)),
        )
        with_errors = attach_stems(picture, plain, stems)
        if with_errors is not None:
            return with_errors
    return trace_series(picture, frame, obstacles, legend, ink)


def find_obstacles(
    picture: Picture, frame: PanelFrame, spans: Sequence[TextSpan], legend: Sequence[LegendEntry]
) -> tuple[Box, ...]:
    """Boxes inside a panel that hold text or the legend with its samples."""
    panel = frame.box
    texts = [s for s in spans if s.panel is not None and panel.overlaps(s.box)]
    markers = {id(s) for s in find_marker_texts(picture, frame, texts, legend)}
    boxes = [
        grow_to_box(picture, frame, _grow(s.box), on_end=s.angle_deg in (90.0, 270.0))
        for s in texts
        if id(s) not in markers
    ]
    lifted = [e for e in legend if e.swatch is not None and e.lifted]
    boxes += [_grow(box) for e in lifted for box in (e.swatch, e.text.box) if box is not None]
    samples = [e.swatch.union(e.text.box) for e in legend if e.swatch is not None and not e.lifted]
    inside = [_grow(b) for b in samples if panel.contains(*b.center)]
    if inside:
        boxes.append(reduce(Box.union, inside))
    return tuple(boxes)


def _grow(box: Box) -> Box:
    return Box(
        left=box.left - TEXT_MARGIN_PX,
        top=box.top - TEXT_MARGIN_PX,
        right=box.right + TEXT_MARGIN_PX,
        bottom=box.bottom + TEXT_MARGIN_PX,
    )
