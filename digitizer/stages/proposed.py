"""Holding a course that somebody proposes for a series against the picture's ink.

A reading may miss a point that the picture shows, and dense lines show more than a reading by columns can
tell. Where the true course is known, the question is another one: could the picture be a drawing of it? All
that it would draw must lie on ink, and all ink of the series' colour must lie on what it would draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitizer.evidence import ByteImage, Extraction, FloatArray, Mask, Trace
from digitizer.stages.redraw import draw_trace
from digitizer.stages.second_reading import see_color
from digitizer.stages.series.ink import Ink, see_ink
from digitizer.stages.tracing import find_obstacles

# A pixel is of the series' colour where that covers so much of it.
OWN_ALPHA = 0.5
# Places along x are known to a pixel: ink that near counts as being there.
REACH_PX = 1
# The gaps of broken lines are at most so many strokes wide (dotted lines of matplotlib: 1.65).
GAP_WIDTHS = 3.0
HAIRLINE_PX = 1.0
# Rims of a panel (px) where sides hide what is drawn.
RIM_PX = 2
# Pieces of ink smaller than this (px) are left-overs of anti-aliasing and compression.
SPECK_PX = 4
# The width of a stroke read by columns in a crowd is too large: the least of these is taken that explains
# so much of the ink of its colour, but for a pixel.
WIDTHS_PX = (1.0, 2.0, 3.0, 4.0)
EXPLAINED, RIM_OF_STROKE_PX = 0.97, 1.0
# Ink around the strokes of others is theirs (px): their rims are blends that look like pale strokes.
OTHERS_MARGIN_PX = 2.0
# Larger panels take too long.
MOST_PIXELS = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """What speaks against a course, for each column of a panel from pixel ``left`` on (px, along y).

    ``bare`` is how far from any ink the course would be drawn, ``unexplained`` how far ink of the series'
    colour lies from what would be drawn.
    """

    left: int
    bare: FloatArray
    unexplained: FloatArray


def see_panel(extraction: Extraction, panel: int) -> Ink | None:
    """The ink of a panel; None where there is too little or too much of it to be looked at."""
    evidence, picture = extraction.panels[panel], extraction.picture
    box = evidence.frame.box
    if box.width * box.height > MOST_PIXELS:
        return None
    obstacles = find_obstacles(picture, evidence.frame, extraction.spans, evidence.legend)
    return see_ink(picture, evidence.frame, obstacles)


def propose(
    ink: Ink, traces: Sequence[Trace], index: int, x_px: FloatArray, y_px: FloatArray
) -> Proposed | None:
    """Hold a course against the ink of a series.

    Parameters
    ----------
    ink
        What is drawn in the panel.
    traces
        All series of the panel, in source pixels.
    index
        The series that the course is proposed for: its colour, marker and line style count, not its points.
    x_px, y_px
        The course in source pixels, in order along x; its points are where markers would stand.

    Returns
    -------
    Proposed or None
        None for bars and bands, stairs and curves between points.
    """
    own = traces[index]
    if own.kind not in ("line", "scatter") or own.interpolation != "linear" or own.course_px is not None:
        return None
    unknown = np.full(x_px.shape, np.nan)
    drawn = replace(own, x_px=x_px, y_px=y_px, sigma_px=unknown, y_low_px=None, y_high_px=None)
    others = [trace for k, trace in enumerate(traces) if k != index]
    unexplained = _find_unexplained(ink, drawn, others)
    columns = ink.left + np.arange(ink.width)
    unexplained[(columns < x_px.min(initial=np.inf)) | (columns > x_px.max(initial=-np.inf))] = 0.0
    return Proposed(left=ink.left, bare=_find_bare(ink, drawn), unexplained=unexplained)


def _has_line(trace: Trace) -> bool:
    return trace.kind == "line" and trace.line_style != "none"


def _find_bare(ink: Ink, trace: Trace) -> FloatArray:
    inked = ink.stands_out() | ink.hidden
    reach = REACH_PX
    # Markers on a hairline may be the dots of a dotted line.
    if trace.line_style not in ("solid", "none") or (_has_line(trace) and trace.line_width_px < HAIRLINE_PX):
        reach = max(reach, round(GAP_WIDTHS * trace.line_width_px), round(trace.marker_size_px))
    far = _away_from(_widen(inked, reach))
    x, y = trace.x_px - ink.left, trace.y_px - ink.top
    places = []
    if _has_line(trace) and x.size > 1:
        places.append(_along(x, y))
    if trace.marker != "none":
        # The far side of a marker stays bare where its near side is covered by the one that was drawn.
        radius = max(trace.marker_size_px / 2 - 1, 0.0)
        places += [(x, y - radius), (x, y + radius)]
    bare = np.zeros(ink.width)
    for across, down in places:
        columns, rows = np.rint(across).astype(int), np.rint(down).astype(int)
        seen = (columns >= RIM_PX) & (columns < ink.width - RIM_PX)
        seen &= (rows >= RIM_PX) & (rows < ink.height - RIM_PX)
        np.maximum.at(bare, columns[seen], far[rows[seen], columns[seen]])
    return bare


def _along(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points along a line, a pixel apart or nearer."""
    steps = np.clip(np.ceil(np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))), 1, 4000).astype(int)
    start = np.repeat(np.arange(x.size - 1), steps)
    share = np.concatenate([np.arange(n) / n for n in steps])
    across = x[start] + share * (x[start + 1] - x[start])
    down = y[start] + share * (y[start + 1] - y[start])
    return np.append(across, x[-1]), np.append(down, y[-1])


def _find_unexplained(ink: Ink, trace: Trace, others: Sequence[Trace]) -> FloatArray:
    everywhere = np.ones(ink.strength.shape, np.uint8)
    own = (see_color(ink, trace, everywhere) > OWN_ALPHA) & ~ink.hidden
    for other in others:
        own &= draw_trace(other, ink, margin=OTHERS_MARGIN_PX) == 0
    if not own.any():
        return np.zeros(ink.width)
    crowded = _has_line(trace) and trace.sampled_at == "columns"
    widths = [w for w in WIDTHS_PX if w < trace.line_width_px + 1] if crowded else []
    far = np.zeros(0)
    for width in widths or [trace.line_width_px]:
        mask = draw_trace(replace(trace, line_width_px=width), ink, margin=0.0)
        far = np.where(own, cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5), 0.0)
        if np.quantile(far[own], EXPLAINED) <= RIM_OF_STROKE_PX:
            break
    return np.asarray(_without_specks(far).max(axis=0))


def _without_specks(far: FloatArray) -> FloatArray:
    n, labels, stats, _ = cv2.connectedComponentsWithStats((far > RIM_OF_STROKE_PX).astype(np.uint8))
    large = np.asarray(stats[:, cv2.CC_STAT_AREA] >= SPECK_PX)
    large[0] = False
    return np.where(large[labels], far, 0.0) if n > 1 else np.zeros_like(far)


def _widen(mask: Mask, reach: int) -> Mask:
    """A mask grown sideways."""
    kernel: ByteImage = np.ones((1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _away_from(mask: Mask) -> FloatArray:
    """How many rows each pixel is away from the nearest set one of its column; the height where none is."""
    height = mask.shape[0]
    rows = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(mask, rows, -height), axis=0)
    below = np.minimum.accumulate(np.where(mask, rows, 2 * height)[::-1], axis=0)[::-1]
    return np.asarray(np.minimum(np.minimum(rows - above, below - rows), height), dtype=np.float64)
