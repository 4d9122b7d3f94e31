"""Trace the series of every panel, with texts and legends kept out of the way."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import Box, LegendEntry, Picture, TextSpan, Trace
from digitizer.stages.axes import PanelAxes
from digitizer.stages.series import trace_series

# Glyphs are smeared into the ground around them by anti-aliasing and JPEG.
TEXT_MARGIN_PX = 2.0


def trace_panels(
    picture: Picture,
    axes: Sequence[PanelAxes],
    spans: Sequence[TextSpan],
    legends: Sequence[tuple[LegendEntry, ...]],
) -> tuple[tuple[Trace, ...], ...]:
    """Trace the series of each panel in pixels; one tuple of traces a panel."""
    return tuple(
        trace_series(picture, a.frame, find_obstacles(a.frame.box, spans, legend), legend)
        for a, legend in zip(axes, legends, strict=True)
    )


def find_obstacles(panel: Box, spans: Sequence[TextSpan], legend: Sequence[LegendEntry]) -> tuple[Box, ...]:
    """Boxes inside a panel that hold text or the legend with its samples."""
    boxes = [_grow(s.box) for s in spans if s.panel is not None and panel.overlaps(s.box)]
    samples = [e.swatch.union(e.text.box) for e in legend if e.swatch is not None]
    inside = [_grow(b) for b in samples if panel.contains(*b.center)]
    if inside:
        whole = inside[0]
        for box in inside[1:]:
            whole = whole.union(box)
        boxes.append(whole)
    return tuple(boxes)


def _grow(box: Box) -> Box:
    return Box(
        left=box.left - TEXT_MARGIN_PX,
        top=box.top - TEXT_MARGIN_PX,
        right=box.right + TEXT_MARGIN_PX,
        bottom=box.bottom + TEXT_MARGIN_PX,
    )
