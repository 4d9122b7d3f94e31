"""Markers that reach over a side of the frame: what lies beyond it tells where their middle is.

Browsers' renderers do not clip markers. Tracing sees what lies inside: half a marker is none, or one a
quarter of its size too far inside, and of two on each other one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask, PanelFrame, Picture, Side, Trace
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.fits.shapes import coverage, outline_distance
from digitizer.stages.series.inks.distinct import project

SIDES: tuple[Side, ...] = ("left", "top", "right", "bottom")
# Shapes that reach as far above their middle as below it.
EVEN = ("circle", "square", "diamond")
# Smaller markers are not told from ticks.
SMALLEST_PX = 4.0
# Ink of another hue than the marker's (RGB distance from the way between it and its ground) is not its own.
OFF = 24.0
# A marker's ink beyond the side covers pixels by more than this.
ON = 0.5
# A middle lies at most so far (px) beyond the middle of the side's line.
BEYOND_PX = 1.5
# Of a marker this share may have no ink, and of the ink beyond the side this share may be no marker's: of 115
# discs, squares and diamonds of 6 to 14 px drawn over sides at most 0.06 and 0.29, of ticks in their colour
# 0.39 and more has none.
MISSING, FOREIGN = 0.15, 0.3
# One that was found so near (radii) is the same, unless this share of it, all inked, lies beside the new one.
SAME = 1.2
OWN_SHARE = 0.12
# A marker that reaches fewer rows than this beyond the side's stroke shows no whole row there. It is looked
# for on the stroke too, where both differ by this (RGB distance): renderers draw data over axes or below.
FEWEST_ROWS, APART = 2.0, 4 * OFF
# Markers are placed by two edges each, both to half a pixel at worst.
SIGMA_PX = 0.45


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Strip:
    """The picture along a side, rows from the outermost inwards: a colour's coverage where it is seen.

    ``depth`` (rows) and ``along`` (columns) are pixels inwards of the side and along it.
    """

    alpha: FloatArray
    seen: Mask
    depth: FloatArray
    along: FloatArray

    def draw(self, kind: str, at: tuple[float, float], radius: float) -> FloatArray:
        """A marker's coverage of the strip, 0 where nothing is seen."""
        dy, dx = np.meshgrid(self.depth - at[0], self.along - at[1], indexing="ij")
        return np.asarray(coverage(outline_distance(kind, dx, dy, radius)) * self.seen)


def complete_over_sides(picture: Picture, frame: PanelFrame, traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """Add markers of clouds that reach over a side and were not found, and put right those that were.

    Parameters
    ----------
    picture, frame
        The source and the panel.
    traces
        Its series (source px).
    """
    out = []
    for trace in traces:
        if is_of_even_markers(trace):
            for side in SIDES:
                trace = _complete(picture, frame, trace, side)
        out.append(trace)
    return tuple(out)


def is_of_even_markers(trace: Trace) -> bool:
    """Whether a series is a cloud of markers that look alike from all sides, and large enough to be told."""
    return trace.kind == "scatter" and trace.marker in EVEN and trace.marker_size_px >= SMALLEST_PX


def _complete(picture: Picture, frame: PanelFrame, trace: Trace, side: Side) -> Trace:
    strip = _look(picture, frame, trace, side)
    if strip is None:
        return trace
    middles = _middles(strip, trace)
    if not middles and (on_stroke := _look(picture, frame, trace, side, on_stroke=True)) is not None:
        strip, middles = on_stroke, _middles(on_stroke, trace)
    sign = 1.0 if side in ("left", "top") else -1.0
    level = side in ("top", "bottom")
    depth, along = (trace.y_px, trace.x_px) if level else (trace.x_px, trace.y_px)
    depth = sign * (depth - getattr(frame.box, side))
    sigma, radius = trace.sigma_px, trace.marker_size_px / 2
    for at in middles:
        near = np.flatnonzero(np.hypot(depth - at[0], along - at[1]) < SAME * radius)
        cut = [i for i in near if not _stands_beside(strip, trace, (depth[i], along[i]), at)]
        depth, along, sigma = (
            np.append(np.delete(v, cut), w)
            for v, w in zip((depth, along, sigma), (*at, SIGMA_PX), strict=True)
        )
    if sigma is trace.sigma_px:
        return trace
    depth = getattr(frame.box, side) + sign * depth
    x, y = (along, depth) if level else (depth, along)
    return replace(trace, x_px=x, y_px=y, sigma_px=sigma)


def _look(
    picture: Picture, frame: PanelFrame, trace: Trace, side: Side, *, on_stroke: bool = False
) -> _Strip | None:
    """The strip along a side, as deep as a marker on both sides of it; None at the picture's edge.

    With ``on_stroke`` the side's stroke is seen as well; None where no marker is told from it, or needs it.
    """
    box, size = frame.box, trace.marker_size_px
    level = side in ("top", "bottom")
    rgb = picture.rgb if level else picture.rgb.transpose(1, 0, 2)
    at = getattr(box, side)
    ends = (box.left, box.right) if level else (box.top, box.bottom)
    first, last = (
        max(0, int(np.floor(at - size - 2))),
        min(len(rgb) - 1, int(np.ceil(at + size + 2))),
    )
    begin, end = max(0, int(ends[0] - size)), min(rgb.shape[1] - 1, int(ends[1] + size) + 1)
    depth = np.arange(first, last + 1) - at
    part = rgb[first : last + 1, begin : end + 1].astype(np.float32)
    if side in ("right", "bottom"):
        depth, part = -depth[::-1], part[::-1]
    half = frame.line_width / 2 + 0.6 if side in frame.sides else 0.0
    if not part.size or depth[0] > -half - 1.0:
        return None
    usual = np.median(part, axis=1, keepdims=True)
    ground = np.broadcast_to(usual, part.shape).astype(np.float32)
    color = np.asarray(trace.color, dtype=np.float64)
    if on_stroke:
        apart = np.linalg.norm(usual[:, 0] - color, axis=1)
        if size / 2 >= half + FEWEST_ROWS or apart.min() <= APART:
            return None
        half = 0.0
    alpha, off = project(part, ground, color)
    # Where translucent ones lie on each other they are stronger than one.
    stronger = ground + np.maximum(alpha, 1.0)[..., None] * (color.astype(np.float32) - ground)
    off = np.where(alpha > 1.0, np.sqrt(np.square(part - stronger).sum(axis=2)), off)
    alpha = np.where(off < OFF, np.clip(alpha, 0.0, 1.0), 0.0)
    seen = np.broadcast_to((np.abs(depth) > half)[:, None], alpha.shape)
    return _Strip(
        alpha=(alpha * seen).astype(np.float64),
        seen=seen,
        depth=depth,
        along=np.arange(begin, end + 1, dtype=np.float64),
    )


def _middles(strip: _Strip, trace: Trace) -> list[tuple[float, float]]:
    """The middles (depth, along) of the markers that what lies beyond the side is a part of."""
    size = trace.marker_size_px
    beyond = (strip.depth < 0) & strip.seen.any(axis=1)
    last = int(np.flatnonzero(beyond)[-1])
    outer = (strip.alpha > ON) & beyond[:, None]
    if not outer[last].any():
        return []
    pieces, boxes = label_pieces(outer)
    found = []
    for number in np.unique(pieces[last][outer[last]]):
        left, top, width = boxes[number, :3]
        if width > size + 2 or top == 0:
            continue
        part = np.where(pieces[:, left : left + width] == number, strip.alpha[:, left : left + width], 0.0)
        along = float((part.sum(axis=0) * strip.along[left : left + width]).sum() / part.sum())
        # Its pale rim lies beyond what counts as its ink.
        column = strip.alpha[: last + 1, np.argmin(np.abs(strip.along - along))]
        at = float(strip.depth[last] + 0.5 - column.sum() + size / 2), along
        if at[0] < -BEYOND_PX or at[0] > size / 2:
            continue
        drawn = strip.draw(trace.marker, at, size / 2)
        missing = np.maximum(drawn - strip.alpha, 0.0).sum() / max(drawn.sum(), 1e-6)
        foreign = np.maximum(strip.alpha - drawn, 0.0)[pieces == number].sum() / part.sum()
        if missing < MISSING and foreign < FOREIGN:
            found.append(at)
    return found


def _stands_beside(strip: _Strip, trace: Trace, found: tuple[float, float], new: tuple[float, float]) -> bool:
    """Whether a marker that was found is another one than the new: it has ink beside it."""
    radius = trace.marker_size_px / 2
    drawn = strip.draw(trace.marker, found, radius)
    own = np.maximum(drawn - strip.draw(trace.marker, new, radius), 0.0)
    if own.sum() < OWN_SHARE * drawn.sum():
        return False
    return bool(np.maximum(own - strip.alpha, 0.0).sum() < MISSING * own.sum())
