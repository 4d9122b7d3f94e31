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
from scipy.ndimage import minimum_filter1d

from digitizer.evidence import ByteImage, Extraction, FloatArray, Mask, Trace
from digitizer.stages.checks.redraw import draw_trace
from digitizer.stages.checks.second_reading import COLOR_TOLERANCE, see_color
from digitizer.stages.series.inks.distinct import project
from digitizer.stages.series.inks.ink import Ink, see_ink
from digitizer.stages.tracing.trace import find_obstacles

# A pixel is of the series' colour where that covers so much of it; under others' strokes it must cover all.
OWN_ALPHA, FULL_ALPHA = 0.5, 0.85
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
# `draw_trace` gives discs the radius of the widest shape of their size: this makes them discs.
DISC_SHARE = 0.5 / 0.6
# Markers stand where they were logged to a pixel (their places are rounded, and the scale is off a little):
# what of a disc's outline, so far (px) inside its rim, lies further than that from ink is bare,
INSET_PX, NEAR_PX = 1.0, 1.0
# and counts as half its length; a patch of ink beyond discs counts as the side of a square of its area. On
# 26 series of real figures neither exceeds 2.3 px; a disc moved along a stroke leaves 2.5 px and more.
OUTLINE_SHARE = 0.5
# Ticks and samples of a legend are less than half of a series' ink.
MOST_JOINED = 0.5
# Larger panels take too long.
MOST_PIXELS = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """What speaks against a course, for each column of a panel from pixel ``left`` on (px, along y).

    ``bare`` is how far from any ink the course would be drawn, ``unexplained`` how far ink of the series'
    colour lies from what would be drawn. ``width`` is that of the stroke (px) that explains this ink best.
    """

    left: int
    bare: FloatArray
    unexplained: FloatArray
    width: float


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
    mine = _own_ink(ink, drawn, [trace for k, trace in enumerate(traces) if k != index])
    away = _measure_away(ink, drawn)
    ways = [_hold(ink, drawn, drawn, mine, away)]
    if own.marker == "circle":
        ways.append(_hold(ink, drawn, _on_pixels(drawn), mine, away))
    return min(ways, key=lambda way: float(way.bare.sum() + way.unexplained.sum()))


def _on_pixels(trace: Trace) -> Trace:
    """A trace whose markers stand in the middle of the next pixel to the right and below.

    So matplotlib draws them, and lines where they are.
    """
    return replace(trace, x_px=np.floor(trace.x_px) + 1.0, y_px=np.floor(trace.y_px) + 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Away:
    """How far each pixel is from ink (px): along y, and any way. Gaps of a line are so long (px) at most."""

    along_y: FloatArray
    nearest: FloatArray
    gap: int


def _measure_away(ink: Ink, trace: Trace) -> _Away:
    inked = ink.stands_out() | ink.hidden
    reach, gap = REACH_PX, 1
    # Markers on a hairline may be the dots of a dotted line.
    if trace.line_style not in ("solid", "none") or (_has_line(trace) and trace.line_width_px < HAIRLINE_PX):
        gap = max(round(GAP_WIDTHS * trace.line_width_px), round(trace.marker_size_px), 1)
        reach = max(reach, gap)
    far = _away_from(_widen(inked, reach))
    # Beyond the ends of what is drawn there is no ink in a column at all: the nearest beside it counts.
    nearest = np.asarray(cv2.distanceTransform((~inked).astype(np.uint8), cv2.DIST_L2, 5), dtype=np.float64)
    empty = ~inked.any(axis=0)
    far[:, empty] = nearest[:, empty]
    return _Away(along_y=far, nearest=nearest, gap=gap)


def _hold(ink: Ink, trace: Trace, discs: Trace, own: Mask, away: _Away) -> Proposed:
    """Hold a course whose markers are drawn where ``discs`` has them against the ink of its series."""
    unexplained, width = _find_unexplained(ink, trace, discs, own)
    columns, x = ink.left + np.arange(ink.width), trace.x_px
    # A steep line that begins further out has ink above and below the end of what is drawn.
    end = trace.line_width_px / 2 + REACH_PX if trace.marker == "none" else 0.0
    beyond = (columns < x.min(initial=np.inf) + end) | (columns > x.max(initial=-np.inf) - end)
    unexplained[beyond] = 0.0
    bare = _find_bare(ink, trace, discs, away)
    return Proposed(left=ink.left, bare=bare, unexplained=unexplained, width=width)


def _has_line(trace: Trace) -> bool:
    return trace.kind == "line" and trace.line_style != "none"


def _find_bare(ink: Ink, trace: Trace, discs: Trace, away: _Away) -> FloatArray:
    x, y = discs.x_px - ink.left, discs.y_px - ink.top
    places = []
    if _has_line(trace) and x.size > 1:
        places.append((*_along(trace.x_px - ink.left, trace.y_px - ink.top), away.gap))
    if trace.marker != "none":
        # The far side of a marker stays bare where its near side is covered by the one that was drawn.
        radius = max(trace.marker_size_px / 2 - 1, 0.0)
        places += [(x, y - radius, 1), (x, y + radius, 1)]
    bare = _bare_outlines(away.nearest, trace, x, y) if trace.marker == "circle" else np.zeros(ink.width)
    for across, down, least in places:
        columns, rows = np.rint(across).astype(int), np.rint(down).astype(int)
        seen = (columns >= RIM_PX) & (columns < ink.width - RIM_PX)
        seen &= (rows >= RIM_PX) & (rows < ink.height - RIM_PX)
        columns, off = columns[seen], away.along_y[rows[seen], columns[seen]]
        if columns.size:
            # On a steep broken line the gaps lie above each other: what is bare is longer than one.
            np.maximum.at(bare, columns, minimum_filter1d(off, least))
    return bare


def _bare_outlines(nearest: FloatArray, trace: Trace, x: FloatArray, y: FloatArray) -> FloatArray:
    """For each column half the length of the longest arc of a disc's outline that lies on bare ground.

    ``nearest`` is how far each pixel is from ink.
    """
    outline: ByteImage = np.zeros(nearest.shape, np.uint8)
    radius = max(trace.marker_size_px / 2 - INSET_PX, 0.5)
    for across, down in zip(x, y, strict=True):
        if np.isfinite(down):
            cv2.circle(outline, (round(across * 8), round(down * 8)), round(radius * 8), 1, 1, cv2.LINE_8, 3)
    inner = slice(RIM_PX, -RIM_PX)
    bare = np.zeros(nearest.shape, bool)
    bare[inner, inner] = (outline[inner, inner] > 0) & (nearest[inner, inner] > NEAR_PX)
    return np.asarray(OUTLINE_SHARE * _patch_areas(bare).max(axis=0))


def _patch_areas(mask: Mask) -> FloatArray:
    """The area (px) of the connected patch that each pixel belongs to; 0 outside."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0.0
    return np.asarray(areas[labels])


def _along(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points along a line, a pixel apart or nearer."""
    steps = np.clip(np.ceil(np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))), 1, 4000).astype(int)
    start = np.repeat(np.arange(x.size - 1), steps)
    share = np.concatenate([np.arange(n) / n for n in steps])
    across = x[start] + share * (x[start + 1] - x[start])
    down = y[start] + share * (y[start + 1] - y[start])
    return np.append(across, x[-1]), np.append(down, y[-1])


def _draw(trace: Trace, discs: Trace, ink: Ink) -> ByteImage:
    """Mask of a trace's line with the markers of ``discs``."""
    if trace.marker == "none":
        return draw_trace(trace, ink, margin=0.0)
    if not _has_line(trace):
        return draw_trace(discs, ink, margin=0.0)
    mask = draw_trace(replace(trace, marker="none"), ink, margin=0.0)
    return np.asarray(mask | draw_trace(replace(discs, line_style="none"), ink, margin=0.0))


def _find_unexplained(ink: Ink, trace: Trace, discs: Trace, own: Mask) -> tuple[FloatArray, float]:
    width = trace.line_width_px
    if _has_line(trace) and trace.line_style == "solid":
        joined = own & _joined(ink, _draw(trace, discs, ink))
        # A course that leaves most of the ink aside is another one: nothing then tells whose the rest is.
        if joined.sum() >= MOST_JOINED * own.sum():
            own = joined
    if not own.any():
        return np.zeros(ink.width), width
    if trace.marker == "circle":
        discs = replace(discs, marker_size_px=DISC_SHARE * trace.marker_size_px)
    crowded = _has_line(trace) and trace.sampled_at == "columns"
    widths = [w for w in WIDTHS_PX if w < trace.line_width_px + 1] if crowded else []
    far = np.zeros(0)
    for tried in widths or [trace.line_width_px]:
        width = tried
        mask = _draw(replace(trace, line_width_px=width), discs, ink)
        far = np.where(own, cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5), 0.0)
        if np.quantile(far[own], EXPLAINED) <= RIM_OF_STROKE_PX:
            break
    areas = _patch_areas(far > RIM_OF_STROKE_PX)
    left = np.where(areas >= SPECK_PX, far, 0.0)
    if trace.marker == "circle":
        left = np.maximum(left, np.sqrt(areas))
    return np.asarray(left.max(axis=0)), width


def _joined(ink: Ink, drawn: ByteImage) -> Mask:
    """Ink that is joined to what is drawn: ticks, and samples of a legend that was not seen, are not."""
    around: ByteImage = np.ones((3, 3), np.uint8)
    inked = cv2.dilate((ink.stands_out() & ~ink.hidden).astype(np.uint8), around) > 0
    _, labels = cv2.connectedComponents((inked | (drawn > 0)).astype(np.uint8))
    reached = np.zeros(int(labels.max()) + 1, bool)
    reached[labels[drawn > 0]] = True
    reached[0] = False
    return np.asarray(reached[labels])


def _own_ink(ink: Ink, trace: Trace, others: Sequence[Trace]) -> Mask:
    """Ink of the series' colour that is not that of others, nor a blend of theirs with the ground."""
    coverage = see_color(ink, trace, np.ones(ink.strength.shape, np.uint8))
    own = (coverage > OWN_ALPHA) & ~ink.hidden
    for other in others:
        free = draw_trace(other, ink, margin=OTHERS_MARGIN_PX) == 0
        own &= free if _may_blend_to(trace, other, ink) else free | (coverage > FULL_ALPHA)
    return np.asarray(own)


def _may_blend_to(trace: Trace, other: Trace, ink: Ink) -> bool:
    """Whether the rims of another series' strokes may have the colour of this one."""
    ground = ink.usual_ground.astype(np.float32)
    color = np.asarray(trace.color, dtype=np.float32)
    _, apart = project(color[None], ground[None], np.asarray(other.color, dtype=np.float64))
    return bool(apart[0] < COLOR_TOLERANCE * np.linalg.norm(color - ground) + 4 * ink.noise + 6)


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
