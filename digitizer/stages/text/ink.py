"""Ink: what stands out from its local background, split into components that may be glyphs.

Everything is judged on one image, the contrast: how far a pixel is from the background of its
place (the page, a panel, a filled box), 0 to 255. Dark on light and light on dark look alike
there, and erasing something means writing zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, Mask, PanelFrame, Picture, Side
from digitizer.medians import median
from digitizer.stages.axes.inner_bands import inner_bands
from digitizer.stages.pixels.channels import colors_at, number_cells
from digitizer.stages.pixels.coloured_ink import find_coloured, keep_tinted
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.text.fringes import level_fringes
from digitizer.stages.text.teeth import erase_teeth

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]

_SIDES: tuple[Side, ...] = ("left", "right", "top", "bottom")
# Contrast from which a pixel is ink. Decimal points of 7 px text reach about 70, grey grids on
# white about 40 to 80, JPEG ringing around black text up to about 45.
LEAST_CONTRAST = 50
# Of pale writing outside the frames ink is what reaches half of its strongest pixels within so many pixels:
# strokes of 9 px letters, #999 on #f0f0f0 (87), fall to 35 where they lie between two pixels. Letters that
# are nowhere ink (see above) are strengthened where others in a larger reach are, and nothing stronger is.
PALE_CONTRAST = 2 * LEAST_CONTRAST
PALE_REACH_PX, WORD_REACH_PX = 4, 12
# Glyphs are not taller than this share of the picture (titles of thumbnails reach 0.055).
TALLEST = 0.075
TALLEST_PX = 34
# The widest ticks of lets-plot and plotnine are 0.006 of the shorter axis, and a pixel of soft edge.
WIDEST_TICK = 0.009
# A component that fills this share of its box, and this large, is a filled box (a bar, a strip)
# in which text may stand on a background of its own.
FILLED = 0.72
FILLED_WIDTH_PX, FILLED_HEIGHT_PX = 22, 9
# A pale box that lines run into, with corners that are round: what is left of it without them fills so much,
# and its contrast is at most this (half-transparent wheat 36, light blue 82, yellow at 0.3 77).
FILLED_BESIDE, PALE_BOX = 0.95, 90
# Within so many pixels of its rim a filled box is blended with the page.
RIM_PX = 2
# Text is at least this high in a legible picture (capitals of 5 px fonts).
LEAST_HEIGHT_PX = 4
# Fewer pixels of ink inside a filled box are no writing.
LEAST_WRITING_PX = 8
# Share of the pixels of a filled box that must have its one colour.
FLAT = 0.55


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glyphs:
    """Components in columns: boxes (pixel centres), ink pixels, tint, and the panel that holds each.

    ``tint`` is the colour's difference from grey over its contrast, shape (n, 3): thin and thick
    strokes of one colour share it. ``coloured`` tells coloured ink from black and grey; ``panel`` is
    -1 outside all frames.
    """

    label: IntArray
    left: IntArray
    top: IntArray
    right: IntArray
    bottom: IntArray
    area: IntArray
    tint: FloatArray
    coloured: Mask
    panel: IntArray

    def __len__(self) -> int:
        return len(self.label)

    @property
    def width(self) -> IntArray:
        return self.right - self.left + 1

    @property
    def height(self) -> IntArray:
        return self.bottom - self.top + 1

    def take(self, chosen: NDArray[np.intp] | Mask) -> Glyphs:
        """The chosen rows."""
        return Glyphs(
            label=self.label[chosen],
            left=self.left[chosen],
            top=self.top[chosen],
            right=self.right[chosen],
            bottom=self.bottom[chosen],
            area=self.area[chosen],
            tint=self.tint[chosen],
            coloured=self.coloured[chosen],
            panel=self.panel[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A contrast image with the labels of its components (0: no ink) and those that may be glyphs."""

    contrast: ByteImage
    labels: IntArray
    glyphs: Glyphs


def usual_height(glyphs: Glyphs) -> float:
    """How high (or long) letters are outside the frames."""
    low, high = np.minimum(glyphs.width, glyphs.height), np.maximum(glyphs.width, glyphs.height)
    letters = (low >= 3) & (glyphs.height >= LEAST_HEIGHT_PX) & (glyphs.panel < 0)
    return median(high[letters]) if letters.any() else 10.0


def find_ink(picture: Picture, panels: tuple[PanelFrame, ...]) -> Sheet:
    """Measure the contrast of a picture and split its ink into components."""
    contrast, least = _measure_contrast(picture.rgb, panels)
    drawn = contrast >= LEAST_CONTRAST
    for panel in panels:
        _erase_frame(contrast, panel)
    for panel in panels:
        _erase_ticks(contrast, drawn, panel)
    _enter_filled_boxes(picture.rgb, contrast, least)
    ink, outside = contrast >= LEAST_CONTRAST, np.ones(contrast.shape, bool)
    for panel in panels:
        outside[_inside(panel, contrast.shape)] = False
    level_fringes(picture.rgb, contrast, least, ink, outside)
    _strengthen_pale(contrast, least, outside)
    coloured = find_coloured(contrast, least, contrast >= LEAST_CONTRAST, _tallest(contrast))
    return label_ink(picture.rgb, contrast, coloured, panels)


def _tallest(image: ByteImage) -> float:
    """The height of the tallest glyphs in a picture, in pixels."""
    return float(max(TALLEST_PX, TALLEST * image.shape[0]))


def label_ink(
    rgb: ByteImage | None, contrast: ByteImage, coloured: Mask | None, panels: tuple[PanelFrame, ...]
) -> Sheet:
    """Label the components of the ink, coloured and neutral ink apart where ``coloured`` is given."""
    ink = contrast >= LEAST_CONTRAST
    if coloured is None:
        owners, stats = label_pieces(ink)
        n_neutral = len(stats)
    else:
        owners, stats = label_pieces(ink & ~coloured)
        n_neutral = len(stats)
        more, more_stats = label_pieces(ink & coloured)
        np.add(more, n_neutral - 1, out=owners, where=more > 0)
        stats = np.concatenate([stats, more_stats[1:]])
    glyphs = _glyphs(rgb, contrast, owners, stats, n_neutral, panels)
    return Sheet(contrast=contrast, labels=owners, glyphs=glyphs)


def page_background(rgb: ByteImage, panels: tuple[PanelFrame, ...]) -> NDArray[np.int16]:
    """The commonest colour outside the frames."""
    outside = np.ones(rgb.shape[:2], bool)
    for panel in panels:
        outside[_inside(panel, rgb.shape)] = False
    step = max(1, int((rgb.shape[0] * rgb.shape[1] / 500_000) ** 0.5))
    pixels = colors_at(rgb[::step, ::step], outside[::step, ::step])
    if len(pixels) < 100:
        pixels = rgb[::step, ::step].reshape(-1, 3)
    return _commonest(pixels)


def _commonest(pixels: ByteImage) -> NDArray[np.int16]:
    """The mean colour of the fullest cell of a coarse colour grid (steps of 8 hold JPEG noise)."""
    pixels = pixels[:: max(1, len(pixels) // 200_000)]
    keys = number_cells(pixels, 5, (0, 1, 2))
    best = np.bincount(keys).argmax()
    colour: NDArray[np.int16] = median_color(colors_at(pixels, keys == best)).round().astype(np.int16)
    return colour


def _inside(panel: PanelFrame, shape: tuple[int, ...], margin: float = 0.0) -> tuple[slice, slice]:
    """The rows and columns of a panel, as slices."""
    box = panel.box
    return (
        slice(max(0, round(box.top - margin)), min(shape[0], round(box.bottom + margin) + 1)),
        slice(max(0, round(box.left - margin)), min(shape[1], round(box.right + margin) + 1)),
    )


def _differ(rgb: ByteImage, background: NDArray[np.int16]) -> tuple[ByteImage, ByteImage]:
    """Contrast with one background colour: the difference of the channel that differs most, and least."""
    parts = [
        cv2.absdiff(channel, np.full(1, np.clip(level, 0, 255), np.float64))
        for channel, level in zip(cv2.split(rgb), background, strict=True)
    ]
    high: ByteImage = np.asarray(cv2.max(cv2.max(parts[0], parts[1]), parts[2]), np.uint8)
    low: ByteImage = np.asarray(cv2.min(cv2.min(parts[0], parts[1]), parts[2]), np.uint8)
    return high, low


def _measure_contrast(rgb: ByteImage, panels: tuple[PanelFrame, ...]) -> tuple[ByteImage, ByteImage]:
    """Contrast, and that of the least channel, with the page outside, with each panel's background inside."""
    contrast, least = _differ(rgb, page_background(rgb, panels))
    for panel in panels:
        place = _inside(panel, rgb.shape)
        contrast[place], least[place] = _differ(
            np.ascontiguousarray(rgb[place]), np.asarray(panel.background, np.int16)
        )
    return contrast, least


def _erase_frame(contrast: ByteImage, panel: PanelFrame) -> None:
    """Erase the panel's sides and its grid, so that they do not tie glyphs together."""
    rows, columns = _inside(panel, contrast.shape)
    half = panel.line_width / 2 + 0.8
    box = panel.box
    # Labels within the frame reach over sides that are not drawn.
    inner = panel.perched is not None or panel.x_line is not None or panel.y_line is not None
    drawn = panel.sides if inner else frozenset(_SIDES)
    for side in _SIDES:
        if side not in drawn:
            continue
        at = getattr(box, side)
        part = slice(max(0, round(at - half)), round(at + half) + 1)
        if side in ("left", "right"):
            contrast[rows, part] = 0
        else:
            contrast[part, columns] = 0
    _erase_grid(contrast[rows, columns], panel.grid_x - columns.start)
    _erase_grid(contrast[rows, columns].T, panel.grid_y - rows.start)


def _erase_ticks(contrast: ByteImage, drawn: Mask, panel: PanelFrame) -> None:
    """Erase the marks that stick out of the sides, also where a label touches their ends.

    ``drawn`` is the ink with the sides.
    """
    rows, columns = _inside(panel, contrast.shape, margin=2)
    half = panel.line_width / 2 + 0.8
    box = panel.box
    # Of frames without sides the line width is not known; ticks are at most this share of the axis.
    usual = 0.0 if panel.sides else WIDEST_TICK * min(box.width, box.height)
    widest = max(3, round(2.2 * panel.line_width) + 1, round(usual))
    first_below, last_above = round(box.bottom + half) + 1, round(box.top - half) - 1
    first_right, last_left = round(box.right + half) + 1, round(box.left - half) - 1
    below, right = max(0, first_below), max(0, first_right)
    above, left = max(0, last_above + 1), max(0, last_left + 1)
    last_row, last_column = drawn.shape[0] - 1, drawn.shape[1] - 1
    erase = partial(erase_teeth, least=LEAST_CONTRAST)
    erase(contrast[below:, columns], widest, drawn[min(max(below - 1, 0), last_row), columns])
    erase(contrast[:above, columns][::-1], widest, drawn[min(above, last_row), columns])
    erase(contrast[rows, right:].T, widest, drawn[rows, min(max(right - 1, 0), last_column)])
    erase(contrast[rows, :left].T[::-1], widest, drawn[rows, min(left, last_column)])
    if panel.x_line is not None:
        erase(contrast[round(panel.x_line + half) + 1 : rows.stop, columns], widest)
    if panel.y_line is not None:
        erase(contrast[rows, columns.start : round(panel.y_line - half)].T[::-1], widest)


def _erase_grid(inside: ByteImage, positions: FloatArray) -> None:
    """Erase grid lines at columns; darker ink that crosses them stays."""
    for position in positions:
        for x in range(max(0, int(position) - 1), min(inside.shape[1], int(position) + 3)):
            column = inside[:, x]
            level = float(np.median(column))
            if level >= 8:
                column[column <= level + 24] = 0


def _enter_filled_boxes(rgb: ByteImage, contrast: ByteImage, least: ByteImage) -> None:
    """Measure the contrast inside filled boxes (bars, strips, legend boxes) with their own colour."""
    for x, y, width, height in _filled_boxes(contrast):
        place = (slice(y, y + height), slice(x, x + width))
        pixels = rgb[place]
        colour = _commonest(pixels.reshape(-1, 3))
        inner, inner_least = _differ(np.ascontiguousarray(pixels), colour)
        if float((inner < LEAST_CONTRAST / 2).mean()) < FLAT:
            continue
        # The rim blends into the page; it would frame the box with false ink.
        inner[~_well_within(contrast[place] >= LEAST_CONTRAST / 2)] = 0
        # A minus, an l, a plain bar: nothing is written inside, the box itself stays the ink.
        if int((inner >= LEAST_CONTRAST).sum()) < LEAST_WRITING_PX:
            continue
        contrast[place], least[place] = inner, inner_least


def _well_within(piece: Mask) -> Mask:
    """Where a piece of ink lies on both sides of a pixel in its row and its column, some pixels away.

    Around a disc the corners of its box are the page.
    """
    above, below = (np.maximum.accumulate(piece[::step], axis=0)[::step] for step in (1, -1))
    left, right = (np.maximum.accumulate(piece[:, ::step], axis=1)[:, ::step] for step in (1, -1))
    inner, first, last = slice(RIM_PX, -RIM_PX), slice(None, -2 * RIM_PX), slice(2 * RIM_PX, None)
    out = np.zeros_like(piece)
    out[inner, inner] = above[first, inner] & below[last, inner] & left[inner, first] & right[inner, last]
    return out


def _filled_boxes(contrast: ByteImage) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, width, height) that are filled: whole pieces of ink, and pale boxes on lines."""
    ink = contrast >= LEAST_CONTRAST / 2
    # Opened by an odd width no piece moves on: a box found twice, a pixel apart, would lose its letters.
    kernel = np.ones((FILLED_HEIGHT_PX, FILLED_WIDTH_PX | 1), np.uint8)
    without_lines = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0
    whole = _boxes_of(ink, FILLED)
    apart = [
        (x, y, width, height)
        for x, y, width, height in _boxes_of(without_lines, FILLED_BESIDE)
        if float(np.median(contrast[y : y + height, x : x + width])) <= PALE_BOX
        and not any(a <= x and b <= y and x + width <= a + w and y + height <= b + h for a, b, w, h in whole)
    ]
    return whole + apart


def _boxes_of(pieces: Mask, share: float) -> list[tuple[int, int, int, int]]:
    """Boxes of the pieces of a mask that fill so much of them, and are large enough to write in."""
    _, stats = label_pieces(pieces, connectivity=4)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    filled = (width >= FILLED_WIDTH_PX) & (height >= FILLED_HEIGHT_PX)
    filled &= stats[:, cv2.CC_STAT_AREA] >= share * width.astype(float) * height
    filled[0] = False
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in stats[filled, :4]]


def _strengthen_pale(contrast: ByteImage, least: ByteImage, outside: Mask) -> None:
    """Carry pale writing outside the frames to the contrast at which half of it is ink."""
    near, wide = (
        np.asarray(cv2.dilate(contrast, np.ones((2 * reach + 1,) * 2, np.uint8)))
        for reach in (PALE_REACH_PX, WORD_REACH_PX)
    )
    pale = outside & (contrast > 0) & (near < PALE_CONTRAST)
    pale &= (near >= LEAST_CONTRAST) | ((wide >= LEAST_CONTRAST) & (wide < PALE_CONTRAST))
    gain = PALE_CONTRAST / np.maximum(near[pale], LEAST_CONTRAST)
    for image in (contrast, least):
        image[pale] = np.minimum(image[pale] * gain, 255.0).astype(np.uint8)


def _glyphs(
    rgb: ByteImage | None,
    contrast: ByteImage,
    labels: IntArray,
    stats: IntArray,
    n_neutral: int,
    panels: tuple[PanelFrame, ...],
) -> Glyphs:
    """The components of a glyph's size, with their tints."""
    left, top, width, height, area = (stats[:, i] for i in range(5))
    tallest = _tallest(contrast)
    # One side may be long: letters touch in small text. The ink of lines and curves is thin for its box.
    fits = (np.minimum(width, height) <= tallest) & (np.maximum(width, height) <= 14 * tallest)
    fits &= ~((np.minimum(width, height) > 0.6 * tallest) & (np.maximum(width, height) > 3 * tallest))
    fits[0] = False
    label = np.flatnonzero(fits).astype(np.int32)
    center_x, center_y = left[label] + (width[label] - 1) / 2, top[label] + (height[label] - 1) / 2
    panel = np.full(len(label), -1, np.int32)
    for index, frame in enumerate(panels):
        box = frame.box
        within = (center_x >= box.left) & (center_x <= box.right)
        within &= (center_y >= box.top) & (center_y <= box.bottom)
        panel[within] = index
        # The labels of axis lines within a panel are told from curves as those beside it are.
        for band in inner_bands(frame):
            below = (center_x >= band.left) & (center_x <= band.right)
            panel[below & (center_y >= band.top) & (center_y <= band.bottom)] = -1
    tint, coloured, outside = _tints(rgb, contrast, labels, len(stats))[label], label >= n_neutral, panel < 0
    sides = np.stack([left, top, left + width - 1, top + height - 1], axis=1)[label].astype(np.float64)
    coloured[outside] = keep_tinted(sides[outside], tint[outside], coloured[outside])
    return Glyphs(
        label=label,
        left=left[label],
        top=top[label],
        right=(left + width - 1)[label],
        bottom=(top + height - 1)[label],
        area=area[label],
        tint=tint,
        coloured=coloured,
        panel=panel,
    )


def _tints(rgb: ByteImage | None, contrast: ByteImage, labels: IntArray, n_labels: int) -> FloatArray:
    """Each component's chroma over its contrast, weighted towards its strongest pixels."""
    tints = np.zeros((n_labels, 3))
    if rgb is None:
        return tints
    where = np.flatnonzero(labels.ravel())
    owner = labels.ravel()[where]
    level = contrast.ravel()[where].astype(np.float64)
    weight = level**2
    total = np.maximum(np.bincount(owner, weight, n_labels), 1e-9)
    strength = np.maximum(np.bincount(owner, weight * level, n_labels) / total, 1.0)
    pixels = rgb.reshape(-1, 3)[where].astype(np.float64)
    pixels -= pixels.mean(axis=1, keepdims=True)
    for channel in range(3):
        tints[:, channel] = np.bincount(owner, weight * pixels[:, channel], n_labels) / total / strength
    return tints
