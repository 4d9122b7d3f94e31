"""Tell facets apart: cut rectangles at the gutters between panels, and take the title strips off.

Facets stand close together on one ground, and white grid lines run on through a white gutter: several look
like one rectangle. Their titles stand in strips as wide as the plot area that touch it: strip and plot
area look like one rectangle, too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, PanelFrame, Picture
from digitizer.stages.frames.measure import SEARCH_PX, measure_frame
from digitizer.stages.panels.one_ground import join_on_one_ground
from digitizer.stages.pixels.channels import colors_at, number_cells
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.rectangles import away_from
from digitizer.stages.pixels.true_runs import true_runs

# Levels by which a strip's ground differs from the panel's (ggplot2's own: 18) and from itself.
MIN_STEP = 6.0
MAX_RIPPLE = 4.0
# Levels by which a strip's border differs from its ground where both grounds are one.
MIN_BORDER = 100.0
# A strip holds a line of text ...
MIN_STRIP_PX = 8
MAX_SIDE_PX = 5
# ... and is this share of the whole at most (three rows of small facets: 0.2).
MAX_STRIP_SHARE = 0.3
# The next panel's strip begins within this share of the height below a panel's own axis.
MAX_FOOT_SHARE = 0.06
# Ink of the title differs from the strip by so many levels, and stands in its middle (share of its length).
MIN_INK = 40
MAX_OFF_CENTER = 0.06
# Strips of one figure are alike to so many pixels.
SAME_DEPTH_PX = 2
# A gutter is wider (px) than this and than so many grid lines (ggplot2: 5.5 pt against 1.1 pt).
MIN_GUTTER_PX = 3
GUTTER_GRID_LINES = 2.5
# The ground of a shaded panel goes on beyond its grid by this share of its side at most (a rung, and half).
MAX_GROWTH_SHARE = 0.3
MIN_GROWTH_PX = 2
# ... and this share of the panels at most (free scales of ggplot2, with their labels, are found apart).
MAX_GUTTER = 0.25
# The parts between gutters are panels of at least this share of the whole, and as many pixels.
MIN_PART_SHARE = 0.08
MIN_PART_PX = 24
# On a ground of the paper's colour so many grid lines end at a gutter, this share of which is paper (JPEG
# ripples around them), and the panels beside it are of one size to so many pixels, or this share. Their sides
# stand so far within (px) where marks stick out of them.
LEAST_RUNGS, PAPER_SHARE, MARK_PX = 3, 0.9, 6.0
SAME_SIZE_PX, SAME_SIZE = 3.0, 0.02
# Lines of a grid are thinner than this (px), and so many pixels show them on plain paper.
BESIDE_LINE_PX, LEAST_SHOWN = 4, 8


def part_facets(picture: Picture, frames: list[PanelFrame]) -> list[PanelFrame]:
    """Cut frames into the facets that they hold, without strips.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frames : list of PanelFrame
        Measured rectangles (source pixels), some of which may hold several facets or take in a strip.
    """
    paper = paper_color(picture.rgb, frames)
    grown = join_on_one_ground(picture, [grow_to_ground(picture, frame, paper) for frame in frames])
    parts = [part for frame in grown for part in split_at_gutters(picture, frame, paper)]
    above = [_strip_depth(picture.rgb, f, beside=False) for f in parts]
    beside = [_strip_depth(picture.rgb, f, beside=True) for f in parts]
    return [
        _without_strips(picture, frame, top=_shared(above, k), right=_shared(beside, k))
        for k, frame in enumerate(parts)
    ]


def grow_to_ground(picture: Picture, frame: PanelFrame, paper: FloatArray) -> PanelFrame:
    """Carry the sides of a shaded panel out to where its ground ends, beyond its grid."""
    rgb, box = picture.rgb, frame.box
    if np.abs(paper - frame.background).max() < MIN_STEP:
        return frame
    top, bottom, left, right = int(box.top), int(box.bottom), int(box.left), int(box.right)
    upright, level = frame.grid_x - left, frame.grid_y - top
    # Outwards from each side, as rows.
    rows, columns = rgb[:, left : right + 1], rgb[top : bottom + 1].transpose(1, 0, 2)
    grown = Box(
        left=box.left - _ground_beyond(columns[: left - 1][::-1], level, frame, box.width),
        right=box.right + _ground_beyond(columns[right + 2 :], level, frame, box.width),
        top=box.top - _ground_beyond(rows[: top - 1][::-1], upright, frame, box.height),
        bottom=box.bottom + _ground_beyond(rows[bottom + 2 :], upright, frame, box.height),
    )
    return frame if grown == box else measure_frame(picture, grown) or frame


def _ground_beyond(outwards: ByteImage, grid: FloatArray, frame: PanelFrame, size: float) -> int:
    """How many of the rows that lead away from a side show the panel's ground, with its grid in it."""
    beyond = outwards[: int(MAX_GROWTH_SHARE * size) + 1]
    if not len(beyond) or not len(grid):
        return 0
    ground = np.array(frame.background)
    like = np.abs(np.median(beyond, axis=1) - ground).max(axis=1) <= MAX_RIPPLE
    runs = _runs(like)
    # Within two rows a drawn side may still shine through; a ground without end is a card around the chart.
    if not runs or runs[0][0] > 2 or runs[0][1] - runs[0][0] < MIN_GROWTH_PX or runs[0][1] == len(like):
        return 0
    lines = beyond[runs[0][0] : runs[0][1], np.round(grid).astype(np.intp).clip(0, beyond.shape[1] - 1)]
    drawn = np.abs(np.median(lines, axis=0) - ground).max(axis=1) > MAX_RIPPLE
    return runs[0][1] + 1 if np.mean(drawn) >= 0.5 else 0


def paper_color(rgb: ByteImage, frames: list[PanelFrame]) -> FloatArray:
    """The commonest colour outside all frames."""
    outside = np.ones(rgb.shape[:2], bool)
    for frame in frames:
        box = frame.box
        outside[max(0, int(box.top)) : int(box.bottom) + 2, max(0, int(box.left)) : int(box.right) + 2] = (
            False
        )
    at = np.flatnonzero(outside)
    pixels = colors_at(rgb, at[:: max(1, at.size // 50000)])
    if not len(pixels):
        return np.full(3, 255.0)
    codes = number_cells(pixels, 6, (2, 1, 0))
    return median_color(colors_at(pixels, codes == np.bincount(codes).argmax()))


def split_at_gutters(picture: Picture, frame: PanelFrame, paper: FloatArray) -> list[PanelFrame]:
    """The panels of a frame whose shaded ground, or whose grid, is crossed by bands of the paper's colour.

    Where the ground is the paper's colour itself every line of the grid ends at such a band, and the parts
    are as wide as each other.
    """
    rgb = picture.rgb
    shaded = np.abs(paper - frame.background).max() >= MIN_STEP
    box = frame.box
    foot = _foot_of(rgb, box, paper) if "bottom" in frame.sides else None
    if not shaded and max(len(frame.grid_x), len(frame.grid_y) + (foot is not None)) < LEAST_RUNGS:
        return [frame]
    inner = _inside(rgb, box)
    if shaded:
        is_paper = away_from(inner, paper) <= MAX_RIPPLE
        columns = _between(np.asarray(is_paper.all(axis=0)), box.left)
        rows = _between(np.asarray(is_paper.all(axis=1)), box.top)
    else:
        across = inner.transpose(1, 0, 2)
        columns = _between_lines(inner, paper, frame.grid_y - box.top - 2, (box.left, box.right), foot)
        rows = _between_lines(across, paper, frame.grid_x - box.left - 2, (box.top, box.bottom))
    if len(columns) * len(rows) < 2:
        return [frame]
    boxes = [Box(left=x0, right=x1, top=y0, bottom=y1) for y0, y1 in rows for x0, x1 in columns]
    reach = SEARCH_PX if shaded else MARK_PX
    parts = [part for b in boxes if (part := measure_frame(picture, b, reach=reach)) is not None]
    if not shaded and len(parts) == len(boxes):
        parts = [_on_left_side(keep_within(part, b), b, box) for part, b in zip(parts, boxes, strict=True)]
    # Bars stand apart, too, and have no grid.
    gridded = all(len(part.grid_x) or len(part.grid_y) for part in parts)
    return parts if len(parts) == len(boxes) and gridded else [frame]


def keep_within(part: PanelFrame, looked_at: Box) -> PanelFrame:
    """A part with its sides in the gutters: the grid of the next one goes on at nearly the same steps."""
    box = part.box
    left = looked_at.left if box.left < looked_at.left - MARK_PX else box.left
    right = looked_at.right if box.right > looked_at.right + MARK_PX else box.right
    if (left, right) == (box.left, box.right):
        return part
    grid = part.grid_x[(part.grid_x > left) & (part.grid_x < right)]
    return replace(part, box=replace(box, left=left, right=right), grid_x=grid)


def _on_left_side(part: PanelFrame, looked_at: Box, whole: Box) -> PanelFrame:
    """The first part begins where the whole does: a bar is stronger than the pale axis line beside it."""
    first = looked_at.left - whole.left <= MARK_PX
    return replace(part, box=replace(part.box, left=whole.left)) if first else part


def _between(blank: NDArray[np.bool_], start: float) -> list[tuple[float, float]]:
    """The stretches (source pixels) between wide runs of blank rows or columns."""
    runs = _runs(blank)
    thin = [b - a for a, b in runs if b - a <= MIN_GUTTER_PX]
    wide = max(MIN_GUTTER_PX, GUTTER_GRID_LINES * float(np.median(thin)) if thin else 0.0)
    gutters = [(a, b) for a, b in runs if b - a > wide]
    ends = [0] + [at for gutter in gutters for at in gutter] + [len(blank)]
    stretches = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if b > a]
    least = max(
        MIN_PART_PX, MIN_PART_SHARE * len(blank), max((b - a for a, b in gutters), default=0) / MAX_GUTTER
    )
    if any(b - a < least for a, b in stretches):
        return [(start, start + len(blank) + 2)]
    first = int(start) + 2
    # Strips have no gutter of their own: a gutter at the rim leaves one stretch.
    return [(first + a - 0.5, first + b - 0.5) for a, b in stretches]


def _foot_of(rgb: ByteImage, box: Box, paper: FloatArray) -> FloatArray:
    """How far each column inside a frame is from the paper's colour on the line that it stands on."""
    row = round(box.bottom)
    inner = _inside(rgb, box)
    first = int(box.left) + 2
    strip = rgb[max(0, row - 1) : row + 2, first : first + inner.shape[1]]
    return np.asarray(away_from(strip, paper).max(axis=0), dtype=np.float64)


def _between_lines(
    inner: ByteImage,
    paper: FloatArray,
    lines: FloatArray,
    ends: tuple[float, float],
    foot: FloatArray | None = None,
) -> list[tuple[float, float]]:
    """The stretches of one size between gutters that all lines of a grid end at; the whole where none are.

    The lines run along the rows ``lines`` of ``inner``, whose columns lie between ``ends``. The line that the
    panel stands on, how far it is from the paper in each column, is one more of them: bars hide the others.
    """
    if len(lines) + (foot is not None) < LEAST_RUNGS or not len(lines):
        return [ends]
    at = np.clip(np.round(lines).astype(int), 1, len(inner) - 2)
    drawn = np.stack([away_from(inner[at + k], paper) for k in (-1, 0, 1)]).max(axis=0)
    blank = (drawn < _strength(inner, paper, at, drawn) / 2).all(axis=0)
    if foot is not None and len(lines) < LEAST_RUNGS:
        blank &= foot < np.median(foot) / 2
    if not blank.any():
        return [ends]
    # Few columns come so far: what else is in them is looked at last.
    blank[blank] = (away_from(inner[:, blank], paper) <= MAX_RIPPLE).mean(axis=0) >= PAPER_SHARE
    parts = _between(blank, ends[0])
    sizes = [b - a for a, b in parts]
    uneven = max(sizes) - min(sizes) > MARK_PX + max(SAME_SIZE_PX, SAME_SIZE * max(sizes))
    return [ends] if uneven else parts


def _strength(inner: ByteImage, paper: FloatArray, at: NDArray[np.int_], drawn: FloatArray) -> float:
    """How far the lines of a grid are from the paper's colour, where this is above and below them.

    Bars that hide most of a grid are farther from it, and what shows of the grid between them is no gutter.
    """
    beside = [inner[np.clip(at + k, 0, len(inner) - 1)] for k in (-BESIDE_LINE_PX, BESIDE_LINE_PX)]
    bare = np.stack([away_from(rows, paper) for rows in beside]).max(axis=0) <= MAX_RIPPLE
    shown = drawn[bare & (drawn > MAX_RIPPLE)]
    usual = float(np.median(drawn))
    return min(usual, float(np.median(shown))) if shown.size >= LEAST_SHOWN else usual


def _runs(on: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past the last index of each run of True."""
    starts, stops = true_runs(on)
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _shared(depths: list[int], k: int) -> int:
    """The depth of one panel's strip where another panel has the like, else 0."""
    near = sum(abs(d - depths[k]) <= SAME_DEPTH_PX for d in depths if d)
    return depths[k] if depths[k] and near >= 2 else 0


def _without_strips(picture: Picture, frame: PanelFrame, *, top: int, right: int) -> PanelFrame:
    if not top and not right:
        return frame
    box = replace(frame.box, top=frame.box.top + top, right=frame.box.right - right)
    box = replace(box, bottom=box.bottom - _foot(picture.rgb, box))
    return measure_frame(picture, box) or frame


def _foot(rgb: ByteImage, box: Box) -> int:
    """How far (px) a panel's own axis runs above the lower side, where that is the next strip's border."""
    inner = _inside(rgb, box)
    ground = np.asarray(np.median(inner, axis=1), dtype=np.float64)
    reach = max(MIN_STRIP_PX, int(MAX_FOOT_SHARE * len(ground)))
    dark = np.abs(ground[-reach:] - np.median(ground, axis=0)).max(axis=1) >= MIN_BORDER
    lines = _runs(dark[:-1])
    return reach - lines[0][0] + 1 if len(lines) == 1 else 0


def _strip_depth(rgb: ByteImage, frame: PanelFrame, *, beside: bool) -> int:
    """How deep (px) a strip reaches into the frame from its top (or its right side); 0 where none does."""
    inner = _inside(rgb, frame.box)
    grid = frame.grid_x - (int(frame.box.left) + 2)
    if beside:
        inner = inner[:, ::-1].transpose(1, 0, 2)
        grid = frame.grid_y - (int(frame.box.top) + 2)
    limit = int(MAX_STRIP_SHARE * len(inner))
    if limit <= MIN_STRIP_PX:
        return 0
    plain = away_from(np.ascontiguousarray(inner[:limit]), np.array(frame.background)) == 0
    if (np.count_nonzero(plain, axis=1) > plain.shape[1] / 2).all():
        return 0  # Most panels begin with their ground: to know its median takes no sorting.
    depth = _uniform_depth(np.median(inner[:limit], axis=1))
    if depth < MIN_STRIP_PX:
        return 0
    ground = np.asarray(np.median(inner, axis=1), dtype=np.float64)
    own = np.abs(ground[1:depth] - frame.background).max(axis=1).min() >= MIN_STEP
    if not own and not _is_bordered(ground, depth):
        return 0
    # Below the strip's edge, which may be a drawn line, the panel's own ground begins.
    below = np.abs(ground[depth : depth + 5] - frame.background).max(axis=1)
    if below.min() > MAX_RIPPLE:
        return 0
    # The strip's own sides may be drawn at its ends.
    strip = np.abs(inner[1 : depth - 1].astype(np.int16) - ground[1].astype(np.int16)).max(axis=2)
    strip[:, :MAX_SIDE_PX] = strip[:, -MAX_SIDE_PX:] = 0
    if not holds_title(strip) or _is_crossed(strip, grid):
        return 0
    return depth + 2 + int(np.argmin(below))


def _inside(rgb: ByteImage, box: Box) -> ByteImage:
    return rgb[int(box.top) + 2 : int(box.bottom) - 1, int(box.left) + 2 : int(box.right) - 1]


def _uniform_depth(ground: FloatArray) -> int:
    """How many of the first rows have one colour: 0 where all have."""
    like = np.abs(ground - np.median(ground[1:MIN_STRIP_PX], axis=0)).max(axis=1) <= MAX_RIPPLE
    return int(np.argmin(like[1:])) + 1 if not like[1:].all() else 0


def _is_bordered(ground: FloatArray, depth: int) -> bool:
    """Whether the rows end at a dark line, and there is no other such line: a grid has several."""
    dark = np.abs(ground - ground[depth - 1]).max(axis=1) >= MIN_BORDER
    # The panel's own axis may be the last of them.
    lines = _runs(dark[1 : -max(MIN_STRIP_PX, int(MAX_FOOT_SHARE * len(dark)))])
    return len(lines) == 1 and abs(lines[0][0] + 1 - depth) <= 2


def holds_title(strip: NDArray[np.int16]) -> bool:
    """Whether a band holds ink in its middle and none at its edges: a curve would leave through them."""
    inked = strip >= MIN_INK
    at = np.flatnonzero(inked.any(axis=0))
    if not at.size or inked[0].any() or inked[-1].any():
        return False
    return bool(abs((at[0] + at[-1]) / 2 - strip.shape[1] / 2) <= 2 + MAX_OFF_CENTER * strip.shape[1])


def _is_crossed(strip: NDArray[np.int16], grid: FloatArray) -> bool:
    """Whether the panel's grid runs on through the band: then it is shaded, and no strip."""
    at = np.round(grid).astype(np.intp)
    at = at[(at >= 0) & (at < strip.shape[1])]
    return bool(len(at)) and float(np.mean(np.median(strip[:, at], axis=0) > MAX_RIPPLE)) > 0.5
