"""The size at which a panel is traced: large ones are reduced, and what is found is carried back.

Tracing takes time by the pixel and gains nothing from strokes many pixels wide. Pixels are averaged in
squares of ``factor`` by ``factor``, which leaves edges where they are: the centre of the top-left pixel is
at (0, 0) in both frames, so that ``large = (small + 0.5) * factor - 0.5``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, LegendEntry, PanelFrame, Picture, Redrawn, TextSpan, Trace
from digitizer.stages.series.inks.ink import FAINTEST, inside_of
from digitizer.stages.strokes.proposals import scale_box
from digitizer.stages.tracing.grid_listed import without_listed_lines

# Panels whose shorter side is longer than this (px) are reduced, and never to less than the other:
# 1,200 px take half a second, and 600 px is what common charts are drawn at.
LARGE_PX = 1200
SMALLEST_PX = 600
# Strokes stay at least this wide (px), as those of common charts are.
THINNEST_PX = 1.5
# ... or this wide in panels that are reduced to less: to no less than so many pixels.
STOUT_PX, SMALLEST_STOUT_PX = 3.0, 400
# Share of the ink that may be thinner: rims of JPEG, ticks, ends of dashes.
THIN_SHARE = 0.05
# Grid lines are looked past, this far (px of the reduced picture) from their middle.
GRID_PX = 2

Length = TypeVar("Length", float, FloatArray)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Working:
    """A panel with its picture, texts and legend as they are traced, ``factor`` times smaller."""

    factor: int
    picture: Picture
    frame: PanelFrame
    spans: tuple[TextSpan, ...]
    legend: tuple[LegendEntry, ...]

    def enlarge_traces(self, traces: tuple[Trace, ...]) -> tuple[Trace, ...]:
        """Carry traces to the source's pixels."""
        return traces if self.factor == 1 else tuple(_scale_trace(t, float(self.factor)) for t in traces)

    def reduce_traces(self, traces: tuple[Trace, ...]) -> tuple[Trace, ...]:
        """Carry traces in the source's pixels to the working size."""
        return traces if self.factor == 1 else tuple(_scale_trace(t, 1 / self.factor) for t in traces)

    def enlarge_redrawn(self, redrawn: Redrawn) -> Redrawn:
        """Carry what redrawing says to the source's pixels."""
        if self.factor == 1:
            return redrawn
        half = (self.factor - 1) / 2
        boxes = [scale_box(box, float(self.factor)) for box in redrawn.unexplained]
        whole = [
            Box(left=b.left - half, top=b.top - half, right=b.right + half, bottom=b.bottom + half)
            for b in boxes
        ]
        thickest = redrawn.thickest_left * self.factor
        bare = tuple(length * self.factor for length in redrawn.longest_bare)
        covered = tuple(length * self.factor for length in redrawn.longest_covered)
        return replace(
            redrawn,
            unexplained=tuple(whole),
            thickest_left=thickest,
            longest_bare=bare,
            longest_covered=covered,
        )


def at_working_size(
    picture: Picture, frame: PanelFrame, spans: Sequence[TextSpan], legend: tuple[LegendEntry, ...]
) -> Working:
    """Reduce a panel larger than its strokes need; lines that its legend names are none of its grid."""
    small = _reduced(picture, frame, spans, legend)
    return replace(small, frame=without_listed_lines(small.picture, small.frame, small.legend))


def _reduced(
    picture: Picture, frame: PanelFrame, spans: Sequence[TextSpan], legend: tuple[LegendEntry, ...]
) -> Working:
    factor = _find_factor(picture, frame, [*(s.box for s in spans), *_legend_box(legend)])
    if factor == 1:
        return Working(factor=1, picture=picture, frame=frame, spans=tuple(spans), legend=legend)
    share = 1 / factor
    return Working(
        factor=factor,
        picture=replace(picture, rgb=_average(picture.rgb, factor)),
        frame=replace(
            frame,
            box=scale_box(frame.box, share),
            grid_x=scale_px(frame.grid_x, share),
            grid_y=scale_px(frame.grid_y, share),
            line_width=frame.line_width * share,
            ruler=None if frame.ruler is None else (scale_px(frame.ruler[0], share), frame.ruler[1] * share),
        ),
        spans=tuple(_scale_span(span, share) for span in spans),
        legend=tuple(
            replace(
                entry,
                text=_scale_span(entry.text, share),
                swatch=None if entry.swatch is None else scale_box(entry.swatch, share),
            )
            for entry in legend
        ),
    )


def scale_px(px: Length, scale: float) -> Length:
    """Carry pixel coordinates to a picture ``scale`` times as large."""
    return (px + 0.5) * scale - 0.5


def _legend_box(legend: Sequence[LegendEntry]) -> list[Box]:
    """The box around all entries of a legend with the texts between them that were not read."""
    boxes = [box for e in legend for box in (e.swatch, e.text.box) if box is not None]
    return [reduce(Box.union, boxes)] if boxes else []


def _find_factor(picture: Picture, frame: PanelFrame, texts: Sequence[Box]) -> int:
    """How many times a panel can be reduced with all its strokes still there, but those of ``texts``."""
    left, top, right, bottom = inside_of(picture, frame)
    shorter = min(right - left, bottom - top)
    largest = shorter // SMALLEST_STOUT_PX
    if largest < 2:
        return 1
    rgb = picture.rgb[top : bottom + 1, left : right + 1]
    lowest, highest = (np.array(frame.background) + step for step in (-FAINTEST, FAINTEST))
    ink = np.asarray(cv2.inRange(rgb, lowest, highest) == 0, dtype=np.uint8)
    for box in texts:
        y0, x0 = max(0, int(box.top) - top), max(0, int(box.left) - left)
        ink[y0 : max(0, int(box.bottom) - top + 1), x0 : max(0, int(box.right) - left + 1)] = 0
    reach = GRID_PX * largest
    for rows, lines in ((ink, frame.grid_y - top), (ink.T, frame.grid_x - left)):
        for line in np.round(lines).astype(int):
            rows[max(0, line - reach) : max(0, line + reach + 1)] = 0
    for k in range(largest, 1, -1):
        common = shorter > LARGE_PX and shorter >= k * SMALLEST_PX
        if _is_wide(ink, round((THINNEST_PX if common else STOUT_PX) * k)):
            return k
    return 1


def _is_wide(ink: NDArray[np.uint8], width: int) -> bool:
    """Whether nearly all ink belongs to strokes that are so many pixels wide."""
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((width, width), np.uint8))
    near = cv2.dilate(opened, np.ones((width, width), np.uint8))
    thin = np.count_nonzero((ink > 0) & (near == 0))
    return bool(thin <= THIN_SHARE * np.count_nonzero(ink))


def _average(rgb: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    padded = cv2.copyMakeBorder(rgb, 0, -height % factor, 0, -width % factor, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // factor, padded.shape[0] // factor
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _scale_span(span: TextSpan, scale: float) -> TextSpan:
    words = tuple((text, scale_box(box, scale)) for text, box in span.words)
    middle_y = None if span.middle_y is None else scale_px(span.middle_y, scale)
    row = None if span.sample_row is None else scale_box(span.sample_row, scale)
    return replace(span, box=scale_box(span.box, scale), words=words, middle_y=middle_y, sample_row=row)


def _scale_trace(trace: Trace, scale: float) -> Trace:
    low, high, base, course = (
        None if column is None else scale_px(column, scale)
        for column in (trace.y_low_px, trace.y_high_px, trace.base_px, trace.course_px)
    )
    return replace(
        trace,
        x_px=scale_px(trace.x_px, scale),
        y_px=scale_px(trace.y_px, scale),
        sigma_px=trace.sigma_px * scale,
        line_width_px=trace.line_width_px * scale,
        marker_size_px=trace.marker_size_px * scale,
        y_low_px=low,
        y_high_px=high,
        base_px=base,
        course_px=course,
    )
