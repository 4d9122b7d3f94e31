"""Find filled areas: confidence bands, areas under curves and shaded spans, and their edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, LegendEntry, Mask, PanelFrame, Picture
from digitizer.stages.areas.grid_lift import without_grid
from digitizer.stages.areas.runs import (
    STROKE_PX,
    ends_in_stroke,
    has_line_above,
    runs,
    solid,
    with_slivers,
    within_strokes,
)
from digitizer.stages.areas.turns import turns_of
from digitizer.stages.pixels.blends import BLEND_OFF, is_blend_only, shown_by
from digitizer.stages.pixels.rectangles import Fills, cover_boxes, find_fills, pixel_noise
from digitizer.stages.series.inks.ink import inside_of

IntArray = NDArray[np.int64]

# An area covers at least this share of the panel's width, and this many columns ...
SHORTEST = 0.1
FEWEST_COLUMNS = 20
# ... of those that it spans most (where it is narrow, a line over it may hide it), ...
DENSE = 0.5
# ... and holds this share of its colour: markers, text and noise of one colour lie about.
EXPLAINED = 0.85
# It is this thick (px) where it is thickest; thinner than BOLD_PX and than four frame lines it varies by this
# share, which bold lines do not (the boldest of the drawn charts are 12 px; of the real set 3.5 frame lines).
THICK_PX = 6.0
BOLD_PX = 14.0
FRAME_LINES = 4.0
SPREAD = 0.35
# Colours nearer to the ground (RGB units) than this are translucent.
PALE = 130.0
# A legend's sample shows a colour to this (largest channel).
SAMPLE_OFF = 25.0
# A legend's patch is so much wider than high (matplotlib: 2.9, Excel: 2.5).
PATCH_ASPECT = 1.8
# The edge of an area turns in this share of its columns at most: drawn bands of 40 vertices on 500 columns
# turn in 8 % where they are wide, dense raw curves in 19 to 50 %.
MOST_TURNS = 0.14
# Where it rises this near (px) to the lower side by this share of the height, a jagged area (ten years
# of months on 300 columns: 0.3) is no curve either; one that ends in a stroke of its own may be.
MOST_TURNS_GROUNDED = 0.45
ON_AXIS_PX = 2
ON_AXIS_SHARE = 0.1
# Gaps in an area (share of the panel's width), jumps from column to column (px), and how far (px, beyond the
# spread of this many columns on both sides) a column's edge may be off.
GAP = 0.02
JUMP_PX = 4
FEWEST_TOGETHER = 4
AROUND = 4
OUT_OF_LINE_PX = 3.0
# Edges level to this (px) in this share of their columns are drawn at one value.
LEVEL_PX = 1.6
LEVEL_SHARE = 0.95
# Spans are shaded over this share of the panel, in one direction.
FULL_SIDE = 0.97
# The edges of two stacked areas are this near (px): a white or dark line may run between them.
STACKED_PX = 5.0
# An area that ends this near (px) to the crop's end ends on the frame's side, under its stroke.
SIDE_PX = 1
# ... also beside ticks inside the panel, half so wide (px), where this share of it does.
TICK_PX = 3
MOSTLY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """One filled area in the crop: for each column its edges (rows, sub-pixel), NaN where it is not.

    ``fills`` are the colours that show it (its own first), ``is_span`` tells a shaded span from data, and
    ``is_smooth`` whether its edges run on as those of curves do or it stands on an axis.
    """

    color: FloatArray
    fills: tuple[int, ...]
    top: FloatArray
    bottom: FloatArray
    is_span: bool
    is_smooth: bool

    @property
    def columns(self) -> IntArray:
        return np.flatnonzero(np.isfinite(self.top))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """The areas of a panel, with the crop they were found in (``left``, ``top``: source pixel of [0, 0]).

    ``rgb`` is that crop without its grid.
    """

    left: int
    top: int
    rgb: ByteImage
    ground: FloatArray
    fills: Fills
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What is known of a fill: whether it is as faint as translucent ones and the legend shows it as a patch,
    whether its edges must be smooth, the frame's lines and its upper and lower side (rows of the crop)."""

    faint: bool
    frame_line: float
    sides: tuple[float, float]
    is_patch: bool = False


def find_areas(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...], legend: tuple[LegendEntry, ...] = ()
) -> Filled | None:
    """Find the filled areas inside a panel; None where there are none.

    Parameters
    ----------
    picture
        The source.
    frame
        The panel's plot area.
    obstacles
        Boxes of text and legend inside the frame (source px); areas pass under them.
    legend
        The panel's legend entries: colours that it lists as strokes are no translucent fills.

    Notes
    -----
    A flat colour is an area where most of it lies between two edges that run on smoothly from column to
    column. Where translucent areas overlap, the blend of two colours belongs to both.
    """
    left, top, right, bottom = inside_of(picture, frame)
    if right - left < 30 or bottom - top < 20:
        return None
    rgb = np.ascontiguousarray(picture.rgb[top : bottom + 1, left : right + 1])
    ground = np.asarray(frame.background, dtype=np.float64)
    rgb = without_grid(rgb, frame.grid_x - left, frame.grid_y - top, ground)
    hidden = cover_boxes(rgb.shape[:2], obstacles, left, top)
    # Anti-aliasing passes for noise, and what allows for noise takes pale tints for one another.
    sides = frame.box.top - top, frame.box.bottom - top
    look = _Look(faint=False, frame_line=frame.line_width, sides=sides)
    best: Filled | None = None
    before: Fills | None = None
    for noise in (0.0, pixel_noise(rgb)):
        fills = find_fills(rgb, ground, noise)
        # Clean pictures show the same both times.
        if fills is None or (before is not None and fills.is_same(before)):
            continue
        before = fills
        areas = _areas(rgb, fills, hidden, ground, look, legend)
        if not areas:
            continue
        found = Filled(left=left, top=top, rgb=rgb, ground=ground, fills=fills, areas=tuple(areas))
        if best is None or len(areas) > len(best.areas):
            best = found
    return best


def _areas(
    rgb: ByteImage,
    fills: Fills,
    hidden: Mask,
    ground: FloatArray,
    look: _Look,
    legend: tuple[LegendEntry, ...],
) -> list[Area]:
    """The areas among the fills."""
    shown = shown_by(fills, ground)
    areas: list[Area] = []
    opaque: list[Area] = []
    for k in range(len(fills.colors)):
        if sum(k in s for s in shown) > 1 and len(shown[k]) == 1 and is_blend_only(k, shown):
            continue
        color = fills.colors[k]
        faint = float(np.linalg.norm(color - ground)) < PALE
        mine = replace(look, faint=faint and not _is_listed(color, legend), is_patch=_is_patch(color, legend))
        area = _area(rgb, fills, shown[k], hidden, ground, mine)
        if area is not None:
            (areas if area.is_smooth and (faint or _is_grounded(area)) else opaque).append(area)
    # What is opaque and stands on nothing is a bold line with its markers.
    while stacked := [a for a in opaque if any(_stands_on(a, other) for other in areas)]:
        areas += stacked
        opaque = [a for a in opaque if a not in stacked]
    return areas


def _is_listed(color: FloatArray, legend: tuple[LegendEntry, ...]) -> bool:
    """Whether the legend shows a colour on a line or a marker."""
    strokes = [
        e.color for e in legend if e.color is not None and (e.line_style, e.marker) != ("none", "none")
    ]
    return any(float(np.abs(np.asarray(c) - color).max()) <= SAMPLE_OFF for c in strokes)


def _is_patch(color: FloatArray, legend: tuple[LegendEntry, ...]) -> bool:
    """Whether the legend shows a colour as a lying rectangle, which stands for an area or a bar."""
    samples = [
        e.color
        for e in legend
        if e.color is not None
        and e.swatch is not None
        and (e.line_style, e.marker) == ("none", "square")
        and e.swatch.width >= PATCH_ASPECT * e.swatch.height
    ]
    return any(float(np.abs(np.asarray(c) - color).max()) <= SAMPLE_OFF for c in samples)


def _is_grounded(area: Area) -> bool:
    x = area.columns
    return is_level(area.top[x]) or is_level(area.bottom[x])


def _stands_on(area: Area, other: Area) -> bool:
    """Whether an area's lower edge is the upper edge of another one, as in stacks."""
    x = np.intersect1d(area.columns, other.columns)
    if x.size < 0.5 * area.columns.size:
        return False
    return bool(np.mean(np.abs(area.bottom[x] - other.top[x]) <= STACKED_PX) > 0.5)


def _area(
    rgb: ByteImage, fills: Fills, mine: tuple[int, ...], hidden: Mask, ground: FloatArray, look: _Look
) -> Area | None:
    """The area of one colour, if most of that colour lies between two edges."""
    height, width = hidden.shape
    least = max(FEWEST_COLUMNS, SHORTEST * width)
    own = (fills.index == mine[0]) & ~hidden
    whole = own if len(mine) == 1 else np.isin(fills.index, mine) & ~hidden
    mask = solid(whole)
    if np.count_nonzero(mask.any(axis=0)) < least:
        return None
    inked = fills.ink | hidden
    top, bottom = runs(mask, inked)
    top, bottom = within_strokes(mask, top, bottom)
    there = np.flatnonzero(top >= 0)
    if there.size < least:
        return None
    there = there[_in_line(top[there]) & _in_line(bottom[there])]
    stretches = _stretches(there, top, bottom, max(3, round(GAP * width)))
    there = _full_height(stretches, top, bottom, height)
    if there.size < least or there.size < DENSE * (np.ptp(there) + 1):
        return None
    grounded = _stands_on_line(bottom[there], top[there], height)
    if grounded:
        # Narrow peaks belong to it, too.
        base = np.median(bottom[there])
        top, bottom = runs(whole, inked)
        there = np.flatnonzero((top >= 0) & (np.abs(bottom - base) <= ON_AXIS_PX))
    else:
        top, bottom = with_slivers(whole, inked, top, bottom)
    thick = bottom[there] - top[there] + 1
    if not look.is_patch and _is_stroke(top[there], bottom[there], look):
        return None
    rows = np.arange(height)[:, None]
    inside = (rows >= top[None, there]) & (rows <= bottom[None, there])
    own = mask if len(mine) == 1 else solid(own)
    if (own[:, there] & inside).sum() < EXPLAINED * own.sum():
        return None
    wide = there[thick >= THICK_PX]
    turns = max(turns_of(wide, top[wide]), turns_of(wide, bottom[wide]))
    color = fills.colors[mine[0]]
    if turns > MOST_TURNS_GROUNDED and not (grounded and ends_in_stroke(rgb, ground, color, top, there)):
        return None
    high, low = np.full(width, np.nan), np.full(width, np.nan)
    high[there] = _edges(rgb, fills, color, ground, top, there, -1)
    low[there] = _edges(rgb, fills, color, ground, bottom, there, 1)
    # What runs into the crop's end starts at the frame's side.
    high[there] = np.where(top[there] <= SIDE_PX, look.sides[0], high[there])
    low[there] = np.where(_on_side(bottom[there], height), look.sides[1], low[there])
    is_span = is_level(high[there]) and is_level(low[there])
    # A curve that hardly rises over its chart is level, too.
    is_span = is_span and not (grounded and has_line_above(own, inked, top, bottom, there))
    if is_span:
        across = np.ptp(there) + 1 >= FULL_SIDE * width or np.median(thick) >= FULL_SIDE * height
        if not across:
            return None
    # A stroke along an edge has the area's colour in its outer rim by chance: rows jump, its middle does not.
    drawn = max(turns_of(wide, high[wide]), turns_of(wide, low[wide])) if turns > MOST_TURNS else turns
    smooth = grounded or drawn <= MOST_TURNS
    return Area(color=color, fills=mine, top=high, bottom=low, is_span=is_span, is_smooth=smooth)


def _stands_on_line(bottom: IntArray, top: IntArray, height: int) -> bool:
    """Whether an area rises from its panel's lower side or zero: no curve fills all that lies below it."""
    on_line = float(np.mean(np.abs(bottom - np.median(bottom)) <= ON_AXIS_PX))
    return on_line >= LEVEL_SHARE and float(np.median(bottom - top)) >= ON_AXIS_SHARE * height


def _on_side(bottom: IntArray, height: int) -> Mask:
    """Columns in which an area reaches the lower side, narrow ticks that rise from there included."""
    on = (bottom >= height - 1 - SIDE_PX).astype(np.uint8)
    closed = cv2.morphologyEx(on[None], cv2.MORPH_CLOSE, np.ones((1, 2 * TICK_PX + 1), np.uint8))[0] > 0
    return np.asarray(closed if on.mean() >= MOSTLY else on > 0)


def _is_stroke(top: IntArray, bottom: IntArray, look: _Look) -> bool:
    """Whether two edges are those of a bold line: near each other, and alike apart from the slope.

    Markers thicken a line here and there, but no translucent one.
    """
    middle = np.convolve((top + bottom) / 2, np.ones(5) / 5, mode="valid")
    across = (bottom - top + 1)[2:-2] / np.hypot(1.0, np.gradient(middle))
    thin, usual, thick = np.quantile(across, [0.1, 0.5, 0.9])
    bold = max(BOLD_PX, FRAME_LINES * look.frame_line + THICK_PX)
    is_even = thick - thin < SPREAD * usual + 1.0
    if not look.faint:
        return bool(usual < bold or (is_even and usual < 2 * bold))
    return bool(thick < THICK_PX or (is_even and usual < bold))


def _in_line(edge: IntArray) -> Mask:
    """Columns whose edge is near those around it: where a grid line crosses, an area seems to run on."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(edge, AROUND, mode="edge"), 2 * AROUND + 1)
    ranked = np.sort(around, axis=1)
    spread = ranked[:, 3 * AROUND // 2] - ranked[:, AROUND // 2]
    return np.asarray(np.abs(edge - ranked[:, AROUND]) <= spread + OUT_OF_LINE_PX)


def _full_height(stretches: Sequence[IntArray], top: IntArray, bottom: IntArray, height: int) -> IntArray:
    """The columns of all stretches, or of those alone that reach from side to side: shaded spans."""
    tall = [(s, bottom[s] - top[s]) for s in stretches if s.size > 3]
    full = FULL_SIDE * height
    # A median takes long, and most stretches are nowhere so high.
    spans = [s for s, across in tall if across.max() >= full and np.median(across) >= full]
    return np.concatenate(spans or stretches or [np.zeros(0, dtype=np.int64)])


def _stretches(there: IntArray, top: IntArray, bottom: IntArray, gap: int) -> list[IntArray]:
    """The columns whose runs go on from each other for a while; what stands alone left out."""
    apart = np.diff(there) > gap
    above = bottom[there[1:]] < top[there[:-1]] - JUMP_PX
    below = top[there[1:]] > bottom[there[:-1]] + JUMP_PX
    pieces = np.split(there, np.flatnonzero(apart | above | below) + 1)
    return [p for p in pieces if p.size >= FEWEST_TOGETHER]


def is_level(edge: FloatArray) -> bool:
    return bool(np.mean(np.abs(edge - np.median(edge)) <= LEVEL_PX) >= LEVEL_SHARE)


def _edges(
    rgb: ByteImage,
    fills: Fills,
    color: FloatArray,
    ground: FloatArray,
    ends: IntArray,
    columns: IntArray,
    outward: int,
) -> FloatArray:
    """Edge rows by the coverage of the pixel beyond, or the middle of the stroke that runs along there."""
    height = rgb.shape[0]
    at = ends[columns]
    edge = at + 0.5 * outward
    step = color - ground
    beyond = np.clip(at + outward, 0, height - 1)
    share = (rgb[beyond, columns] - ground) @ step / max(float(step @ step), 1.0)
    off = np.abs(rgb[beyond, columns] - ground - share[:, None] * step).max(axis=1)
    rim = (off < BLEND_OFF + 6) & (share > 0) & (share < 1)
    edge = edge + np.where(rim & (beyond != at), outward * np.clip(share, 0.0, 1.0), 0.0)
    # A stroke along the edge: ink of another colour that ends within a few pixels.
    reach = np.clip(at[:, None] + outward * np.arange(1, STROKE_PX + 2)[None], 0, height - 1)
    inked = fills.ink[reach, columns[:, None]]
    length = np.where(inked.all(axis=1), 0, inked.argmin(axis=1))
    stroke = ~rim & (length > 0) & (share > 1)
    strong = np.linalg.norm(rgb[reach, columns[:, None]] - ground, axis=2) * inked
    strong = np.where(np.arange(STROKE_PX + 1)[None] < length[:, None], strong, 0.0)
    middle = (strong * np.arange(1, STROKE_PX + 2)).sum(axis=1) / np.maximum(strong.sum(axis=1), 1e-6)
    return np.asarray(np.where(stroke, at + outward * middle, edge), dtype=np.float64)
