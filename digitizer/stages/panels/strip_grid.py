"""Find facets by their title strips: boxes of one size and colour that hold a title, each on a panel as wide.

Strokes tell little where grids and borders of neighbouring facets line up and bars have long edges, too: a
rectangle across two facets looks as good as one of them. The strips tell how many panels there are and where
they begin; no panel spans a strip.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, PanelFrame, Picture
from digitizer.stages.frames.measure import SEARCH_PX, frame_within, measure_frame
from digitizer.stages.panels.dark_strips import find_hidden_tops
from digitizer.stages.panels.strips import (
    MAX_RIPPLE,
    MIN_BORDER,
    MIN_INK,
    MIN_STEP,
    MIN_STRIP_PX,
    paper_color,
)
from digitizer.stages.panels.title_strips import SAME_PX, find_strips, places_of
from digitizer.stages.pixels.channels import colors_at, number_cells
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.strokes.proposals import scale_box, shared_part

# A panel is so many times as high as its strip, at least.
MIN_PANEL_DEPTHS = 1.5
# So many of the panels show one height; bars and ticks hide where others end.
MIN_VOTES = 0.5
# A strip beside a row stands within so many pixels of it.
BESIDE_PX = 6.0
# Levels by which a drawn line differs from the ground.
LINE_LEVELS = 12.0
# ... in all but this share of its length; packed labels below a panel cover more than half of their rows.
HIDDEN_SHARE = 0.2
# A vertical grid line shows in this share of the rows of the upper half of a panel; this
# share of them end as one.
GRID_ROWS = 0.8
MIN_GRID = 2
MAX_GRID_SHARE = 0.3
GRID_AGREE = 0.6
# A grid line keeps its contrast to this share (antialiasing, JPEG).
GRID_SHADE = 0.5
# A frame that agrees with a facet on all sides to so many pixels is the facet's.
AGREE_PX = 4.0
# Frames that share more than this with a facet or its strip are wrong.
OVERLAP = 0.02
# Facets stand side by side on the width of the frames that they replace, but for gutters (0.93 of it at
# least), and none goes beyond them: legends of one size below their panels are boxes with titles, too, and so
# are the heads of cards in dashboards (0.79 of which is chart).
MIN_TILED = 0.87
# Beside a facet, so far (px) from it, lies the gutter, in which ticks and labels take up this share at most.
GUTTER_PX = 2
MAX_INK_BESIDE = 0.3

_SIDES = ("left", "top", "right", "bottom")


def stand_below_strips(
    picture: Picture, frames: list[PanelFrame], rgb: ByteImage, grey: NDArray[np.int16], factor: float
) -> list[PanelFrame]:
    """Put the facets that the strips tell of in the place of the frames that disagree with them.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    frames : list of PanelFrame
        Measured rectangles in source pixels.
    rgb, grey : ndarray, shape (h, w, 3) and (h, w)
        The working picture, in which strips are looked for.
    factor : float
        Working pixels in a source pixel.
    """
    strips = find_strips(grey) if frames else []
    if not strips:
        return frames
    boxes = _on_rows(grey, strips)
    if not boxes and len(strips) >= 2:
        paper = paper_color(picture.rgb, frames)
        boxes = _below(rgb, strips, paper)
    around = [scale_box(box, 1 / factor) for box in (*boxes, *strips)]
    boxes, drawn, slack = around[: len(boxes)], around[len(boxes) :], AGREE_PX / factor
    if len(boxes) < 2 or all(any(_agree(f.box, b, slack) for f in frames) for b in boxes):
        return find_hidden_tops(picture, frames, drawn)
    others = [f for f in frames if not any(_overlap(f.box, b) for b in around)]
    replaced = [f.box for f in frames if f not in others]
    # Boxes beside all frames are legends of one size, not strips of facets that were overlooked one and all.
    if (
        not replaced
        or not all(_is_tiled(f, boxes) for f in replaced)
        or np.mean([_is_tiled(b, replaced) for b in boxes]) < MIN_VOTES
    ):
        return frames
    return others + find_hidden_tops(picture, _measure(picture, boxes, frames, factor), drawn)


def _is_tiled(box: Box, tiles: list[Box]) -> bool:
    """Whether the rectangles that overlap a box take up its width, or none does."""
    over = [t for t in tiles if _overlap(t, box)]
    covered = np.zeros(max(1, int(box.width)), bool)
    for tile in over:
        covered[max(0, int(tile.left - box.left)) : max(0, int(tile.right - box.left) + 1)] = True
    return not over or bool(np.mean(covered) >= MIN_TILED)


def _measure(picture: Picture, boxes: list[Box], frames: list[PanelFrame], factor: float) -> list[PanelFrame]:
    """The frame of each facet: one that agrees, or where bars lead its sides astray one like the others'."""
    measured = []
    for box in boxes:
        own = measure_frame(picture, box, reach=SEARCH_PX / factor)
        near = [f for f in (*frames, own) if f is not None and _agree(f.box, box, AGREE_PX / factor)]
        measured.append(near[0] if near else None)
    shifts = [
        [getattr(f.box, side) - getattr(box, side) for side in _SIDES]
        for f, box in zip(measured, boxes, strict=True)
        if f is not None
    ]
    left, top, right, bottom = np.median(shifts, axis=0).tolist() if shifts else [0.0] * 4
    return [
        frame
        or frame_within(
            picture.rgb,
            Box(left=b.left + left, top=b.top + top, right=b.right + right, bottom=b.bottom + bottom),
        )
        for frame, b in zip(measured, boxes, strict=True)
    ]


def _on_rows(grey: NDArray[np.int16], above: list[Box]) -> list[Box]:
    """The panels of a grid with strips above its columns and beside its rows; none where it is no such."""
    if len(places_of(np.array([b.top for b in above]))) != 1:
        return []
    turned = find_strips(np.ascontiguousarray(grey.T))
    beside = [Box(left=b.top, right=b.bottom, top=b.left, bottom=b.right) for b in turned]
    last, foot = max(b.right for b in above), max(b.bottom for b in above)
    if len(above) + len(beside) < 3 or not beside:
        return []
    if any(not -SAME_PX <= b.left - last <= BESIDE_PX or b.top < foot for b in beside):
        return []
    return [
        Box(left=column.left - 0.5, right=column.right + 0.5, top=row.top - 0.5, bottom=row.bottom + 0.5)
        for row in beside
        for column in above
    ]


def _below(rgb: ByteImage, strips: list[Box], paper: FloatArray) -> list[Box]:
    """The panels below strips, which are all of one height; none where most do not show the same one."""
    depth = strips[0].height + 1.0
    rows = places_of(np.array([s.top for s in strips]))
    reach = min(np.diff(rows)) - depth if len(rows) > 1 else rgb.shape[0] - strips[0].bottom
    heads = [int(s.bottom) + 1 for s in strips]
    regions = [
        rgb[head : head + int(reach) - 2, int(s.left) + 2 : int(s.right) - 1]
        for head, s in zip(heads, strips, strict=True)
    ]
    if min(region.size for region in regions) == 0:
        return []
    ground = _ground(regions)
    heights = np.array([_height(region, ground, paper) for region in regions], dtype=np.float64)
    votes = np.abs(heights[:, None] - heights) <= SAME_PX
    most = int(np.argmax(votes.sum(axis=1)))
    height = float(np.median(heights[votes[most]]))
    if height < MIN_PANEL_DEPTHS * depth or np.mean(votes[most]) < MIN_VOTES:
        return []
    # Where the strip's lower border, if it has one, ends, the panel begins.
    border = int(np.median([_border(region) for region in regions]))
    boxes = [
        Box(
            left=s.left - 0.5,
            right=s.right + 0.5,
            top=s.bottom + 0.5 + border,
            bottom=s.bottom + 0.5 + height,
        )
        for s in strips
    ]
    return boxes if not any(_ink_beside(rgb, box) for box in boxes) else []


def _border(region: ByteImage) -> int:
    """How many of the first rows are a drawn line."""
    level = np.median(region[: 2 * MIN_STRIP_PX], axis=1)
    ground = np.median(level, axis=0)
    drawn = np.abs(level - ground).max(axis=1) >= MIN_BORDER
    return int(np.argmin(drawn)) if not drawn.all() else 0


def _ground(regions: list[ByteImage]) -> FloatArray:
    """The commonest colour of the upper halves."""
    half = np.concatenate([region[: max(1, len(region) // 2) : 2, ::2].reshape(-1, 3) for region in regions])
    codes = number_cells(half, 6, (2, 1, 0))
    return median_color(colors_at(half, codes == np.bincount(codes).argmax()))


def _height(region: ByteImage, ground: FloatArray, paper: FloatArray) -> int:
    """How many rows of what stands below a strip are the panel's; 0 where nothing ends it."""
    off = np.abs(region.astype(np.int16) - ground.astype(np.int16)).max(axis=2)
    level = np.median(off, axis=1)
    if np.abs(ground - paper).max() >= MIN_STEP:
        return _last(level <= MAX_RIPPLE)
    middle = len(off) // 2
    upright = np.mean(off[:middle] > MAX_RIPPLE, axis=0) >= GRID_ROWS
    grid = 0
    if np.count_nonzero(upright) >= MIN_GRID and np.mean(upright) <= MAX_GRID_SHARE:
        # Ticks carry the lines on in another colour, and labels stand right below them.
        shade = np.median(off[:middle, upright])
        like = np.abs(off[middle:, upright] - shade) <= max(MAX_RIPPLE, GRID_SHADE * shade)
        goes_on = np.mean(like, axis=1) >= GRID_AGREE
        grid = middle + int(np.argmin(goes_on)) if not goes_on.all() else 0
    return max(_last(np.quantile(off, HIDDEN_SHARE, axis=1) >= LINE_LEVELS), grid)


def _last(on: NDArray[np.bool_]) -> int:
    """One past the last True; 0 where there is none."""
    return int(np.flatnonzero(on)[-1]) + 1 if on.any() else 0


def _agree(a: Box, b: Box, slack: float) -> bool:
    return all(abs(getattr(a, s) - getattr(b, s)) <= slack for s in _SIDES)


def _overlap(a: Box, b: Box) -> bool:
    return shared_part(a, b) > OVERLAP


def _ink_beside(rgb: ByteImage, box: Box) -> bool:
    """Whether what is in a rectangle goes on to its left or right beyond the ticks and the drawn side."""
    rows = slice(max(0, int(box.top) + 2), max(1, int(box.bottom) - 1))
    for at in (int(box.left) - GUTTER_PX, int(box.right) + 1 + GUTTER_PX):
        if 0 <= at < rgb.shape[1]:
            column = rgb[rows, at].astype(np.int16)
            off = np.abs(column - np.median(column, axis=0)).max(axis=1) >= MIN_INK
            if np.mean(off) > MAX_INK_BESIDE:
                return True
    return False
