"""Ink that belongs to the panel, not to its data: left-over grid, ticks inside the frame, legend boxes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray, Mask, PanelFrame, Picture, Trace
from digitizer.stages.frames.grid_ladder import rungs_of
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.inks.ink import FloatImage, Ink
from digitizer.stages.series.inks.palette import Stroke

# Grid lines, ticks and boxes are grey: the spread of their channels is at most this (RGB).
NEUTRAL = 28.0
# What a colour adds to its ground is of one hue where its channels differ by this share: 0.7 in the palest
# red on white (opacity 0.1), 0.1 in greys.
TINTED = 0.3
# Share of a layer's ink on straight level or upright strokes that makes it furniture where it is pale ...
STRAIGHT_SHARE = 0.7
PALE = 110.0
# ... and where it is not: full-width reference lines and boxes, but no curve.
DARK_STRAIGHT_SHARE = 0.93
# Upright strokes in more than this share of the columns are a noisy curve's flanks (0.75 and more), no grid.
NOISE_SHARE = 0.3
# A straight stroke is at least this share of the panel long.
STRAIGHT_LENGTH = 0.07
# Share of a grey layer's ink on known grid lines that makes it grid, beyond what chance puts there: within
# four pixels of the lines of a small panel, minor ones too, lies more than half of it, and so did its curve.
ON_GRID = 0.6
# Grid lines reach this far (px) from their middle; JPEG rings about as far as half of its blocks of eight,
# and over all of them beside strong dots: faint greys are that.
GRID_REACH = 2
GRID_REACH_NOISY = 4
GRID_REACH_FAINT = 8
# ... and black ink (so far from its ground, RGB units; black on grey: 400) no farther than it was drawn.
BLACK = 300.0
# Ink this close to its ground (RGB units) is a series only where there is more of it than this share of the
# panel's width (full pixels): text smeared by JPEG leaves less.
FAINT = 50.0
FAINT_SHARE = 0.6
# The rings that JPEG leaves in blocks of eight around strong strokes and dots: half of their ink is in specks
# of this size (px; 2 and 3 on reference renderings), and nearly all of it this near strong ink or grid lines
# (0.998; it covers half of the panel).
RING_PX = 8
SPECK_PX = 4
RINGED_SHARE = 0.97
STRONG = 100.0
# Around thick strokes and markers they join to pieces of up to three blocks, which hold so much of their ink
# (0.8 in 10 and 23 px on reference renderings), beside so much in specks (0.13 and 0.21; of a pale line that
# a bold one cuts to pieces 0.01). Pictures whose ground is even (``Ink.noise``) have none.
PIECE_PX, PIECES_SHARE, SPECKS_SHARE = 24, 0.8, 0.08
LEAST_NOISE = 1.0
# With a complete legend, unlisted colours hold at least this share of the weakest listed one's ink.
DEBRIS_SHARE = 0.3
# A reference line stays level within this (px) and runs over this share of the panel's width.
LEVEL_PX = 1.0
ACROSS = 0.97
# The dots of an upright line: so many, within so many columns, over this share of the height.
FEWEST_UPRIGHT = 5
UPRIGHT_PX = 2.0
UPRIGHT_SHARE = 0.4
# Inks of one hue have this cosine between them.
SIDE_HUE = 0.98
# Ticks inside the frame reach in no further than this share of the panel, plus three pixels.
TICK_SHARE = 0.025
# Thin ones (px across) that stand upright on a side may be longer (particle physics: 0.042).
LONG_TICK_SHARE = 0.06
TICK_WIDTH = 5
# ... and fill their box to this share, as a level or upright stroke does (0.9 and more): the last piece of a
# line that a legend hides before the side is no wider and bends.
TICK_FILLED = 0.7


def is_furniture(ink: Ink, stroke: Stroke, frame: PanelFrame) -> bool:
    """Whether a layer is left-over grid, a box, or specks too faint and few to be a series."""
    if stroke.legend is not None:
        return False
    total = float(stroke.alpha.sum())
    ground = ink.usual_ground
    strength = float(np.linalg.norm(stroke.color - ground))
    if total <= 0 or (strength < FAINT and total < FAINT_SHARE * ink.width):
        return True
    if strength < STRONG and _are_rings(ink, stroke, frame, faint=strength < FAINT):
        return True
    if np.ptp(stroke.color) > NEUTRAL:
        # JPEG stores colour coarsely: grid lines beside strokes take on theirs.
        weak = strength < PALE or total < FAINT_SHARE * ink.width
        return ink.noise > 0 and weak and _is_on_grid(ink, stroke, frame, GRID_REACH)
    black = strength >= BLACK
    exact = ink.noise == 0 or black
    reach = GRID_REACH if exact else GRID_REACH_FAINT if strength < FAINT else GRID_REACH_NOISY
    if _is_on_grid(ink, stroke, frame, reach, black=black):
        return True
    level, upright = _straight(stroke.alpha)
    if strength >= PALE and float(np.mean(upright.any(axis=0))) > NOISE_SHARE:
        return False
    straight = cv2.dilate(np.maximum(level, upright), np.ones((3, 3), np.uint8)) > 0
    share = float(stroke.alpha[straight].sum()) / total
    return share > (STRAIGHT_SHARE if strength < PALE else DARK_STRAIGHT_SHARE)


def _are_rings(ink: Ink, stroke: Stroke, frame: PanelFrame, *, faint: bool) -> bool:
    """Whether a pale layer is specks beside strong ink and grid lines: what JPEG leaves around them."""
    if not faint and ink.noise < LEAST_NOISE:
        return False
    inked = (stroke.alpha > 0.1).astype(np.uint8)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    if n < 2:
        return False
    held = np.bincount(labels.ravel(), stroke.alpha.ravel(), minlength=n)[1:]
    extent = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    specks, pieces = (float(held[extent <= most].sum()) for most in (SPECK_PX, PIECE_PX))
    specks, pieces = specks / float(held.sum()), pieces / float(held.sum())
    small = specks >= 0.5 if faint else specks >= SPECKS_SHARE and pieces >= PIECES_SHARE
    if not small:
        return False
    strong = (ink.strength > STRONG).astype(np.uint8)
    near = cv2.dilate(strong, np.ones((2 * RING_PX + 1, 2 * RING_PX + 1), np.uint8)) > 0
    near |= _on_grid(ink, frame, RING_PX)
    return float(stroke.alpha[near].sum()) > RINGED_SHARE * float(stroke.alpha.sum())


def is_debris(ink: Ink, stroke: Stroke, listed: float, neutral: bool) -> bool:
    """Whether a colour that no legend entry has is no series: too little beside the listed ones, or grey.

    Parameters
    ----------
    ink, stroke
        The panel's ink and the colour.
    listed
        The ink of the weakest listed colour where the legend is complete, else 0.
    neutral
        Whether a listed colour is grey. Where none is, grey ink is reference lines, boxes and arrows.
    """
    if stroke.legend is not None or listed <= 0:
        return False
    if is_neutral(ink, stroke) and not neutral:
        return True
    return float(stroke.alpha.sum()) < DEBRIS_SHARE * min(listed, 2.0 * ink.width)


def is_neutral(ink: Ink, stroke: Stroke) -> bool:
    """Whether a colour is a grey; pale curves have little colour, but nothing else beside it."""
    offset = stroke.color - ink.usual_ground
    tint = float(np.ptp(offset)) / max(float(np.linalg.norm(offset)), 1.0)
    return bool(np.ptp(stroke.color) <= NEUTRAL and tint < TINTED)


def _is_on_grid(ink: Ink, stroke: Stroke, frame: PanelFrame, reach: int, *, black: bool = False) -> bool:
    """Whether most of a layer lies within reach of the grid lines: if black, beyond what chance puts there.

    Paler greys have no such excuse: what JPEG leaves of a grid spreads as far.
    """
    near = _on_grid(ink, frame, reach)
    by_chance = float(near.mean()) if black else 0.0
    share = float(stroke.alpha[near].sum()) / float(stroke.alpha.sum())
    return share > by_chance + ON_GRID * (1.0 - by_chance)


def _on_grid(ink: Ink, frame: PanelFrame, reach: int) -> Mask:
    """Pixels within reach of a grid line that the frame knows of, or that its even grid has beside a side."""
    near = np.zeros((ink.height, ink.width), dtype=bool)
    for y in _grid_lines(np.asarray(frame.grid_y) - ink.top, ink.height):
        near[max(0, y - reach) : max(0, y + reach + 1)] = True
    for x in _grid_lines(np.asarray(frame.grid_x) - ink.left, ink.width):
        near[:, max(0, x - reach) : max(0, x + reach + 1)] = True
    return near


def _grid_lines(known: FloatArray, size: int) -> list[int]:
    """The known grid lines of a crop, and those beyond them, which are not looked for right at a side."""
    rungs = rungs_of(known, 0.0, size - 1.0)
    beyond = rungs[(rungs < known.min(initial=np.inf)) | (rungs > known.max(initial=-np.inf))]
    lines: list[int] = np.round(np.concatenate([known, beyond])).astype(int).tolist()
    return lines


def is_reference_line(ink: Ink, trace: Trace, listed: bool) -> bool:
    """Whether a trace is a level or upright line drawn for orientation: from side to side, or grey."""
    if listed or _is_upright(ink, trace):
        return not listed
    if trace.kind != "line" or trace.marker != "none":
        return False
    y = trace.y_px[np.isfinite(trace.y_px)]
    if y.size < 4 or float(np.quantile(y, 0.95) - np.quantile(y, 0.05)) > LEVEL_PX:
        return False
    across = float(np.ptp(trace.x_px)) > ACROSS * (ink.width - 1)
    return across or float(np.ptp(trace.color)) < NEUTRAL


def _is_upright(ink: Ink, trace: Trace) -> bool:
    """Whether all points stand on each other, along most of the height: the dots of an upright line."""
    seen = np.isfinite(trace.y_px)
    if seen.sum() < FEWEST_UPRIGHT or trace.kind not in ("line", "scatter"):
        return False
    upright = float(np.ptp(trace.x_px[seen])) <= UPRIGHT_PX
    return upright and float(np.ptp(trace.y_px[seen])) > UPRIGHT_SHARE * ink.height


def _straight(alpha: FloatImage) -> tuple[ByteImage, ByteImage]:
    """Pixels of level and of upright strokes."""
    on = (alpha > 0.2).astype(np.uint8)
    height, width = on.shape
    level = cv2.morphologyEx(
        on, cv2.MORPH_OPEN, np.ones((1, max(12, int(STRAIGHT_LENGTH * width))), np.uint8)
    )
    upright = cv2.morphologyEx(
        on, cv2.MORPH_OPEN, np.ones((max(12, int(STRAIGHT_LENGTH * height)), 1), np.uint8)
    )
    return np.asarray(level, dtype=np.uint8), np.asarray(upright, dtype=np.uint8)


def side_color(picture: Picture, frame: PanelFrame) -> FloatArray | None:
    """The colour of a panel's drawn sides (RGB), its ticks' as well; None where it has none."""
    box = frame.box
    columns = slice(max(0, round(box.left)), round(box.right) + 1)
    rows = slice(max(0, round(box.top)), round(box.bottom) + 1)
    strips = {
        "top": picture.rgb[round(box.top) : round(box.top) + 1, columns],
        "bottom": picture.rgb[round(box.bottom) : round(box.bottom) + 1, columns],
        "left": picture.rgb[rows, round(box.left) : round(box.left) + 1],
        "right": picture.rgb[rows, round(box.right) : round(box.right) + 1],
    }
    found = [np.median(strips[s].reshape(-1, 3), axis=0) for s in sorted(frame.sides) if strips[s].size]
    return np.median(found, axis=0) if found else None


def without_ticks(ink: Ink, color: FloatArray, alpha: FloatImage, side: FloatArray | None) -> FloatImage:
    """Take short strokes on the panel's sides out of a layer that is grey or of the sides' own hue."""
    if np.ptp(color) > NEUTRAL and (side is None or not _is_hue(ink, color, side)):
        return alpha
    labels, stats = label_pieces(alpha > 0.1)
    height, width = alpha.shape
    left, top, w, h = (stats[:, k] for k in range(4))
    at_side = (left <= 2) | (top <= 2) | (left + w >= width - 2) | (top + h >= height - 2)
    short = np.maximum(w, h) <= TICK_SHARE * max(height, width) + 3
    drop = (at_side & short) | are_long_ticks(stats, alpha.shape)
    drop[0] = False
    return np.where(drop[labels], np.float32(0.0), alpha) if drop.any() else alpha


def _is_hue(ink: Ink, color: FloatArray, side: FloatArray) -> bool:
    """Whether two inks have one hue, as thin strokes and thicker ones of one colour have."""
    ground = ink.usual_ground
    one, other = color - ground, side - ground
    return float(one @ other) >= SIDE_HUE * float(np.linalg.norm(one) * np.linalg.norm(other))


def are_long_ticks(stats: NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    """Which components are thin strokes that stand upright on a side of the panel.

    Parameters
    ----------
    stats : ndarray, shape (n, 5)
        Left, top, width, height and area of each component, as OpenCV gives them.
    shape : tuple
        Height and width of the panel.
    """
    height, width = shape[:2]
    left, top, w, h, area = (stats[:, k] for k in range(5))
    level = ((left <= 2) | (left + w >= width - 2)) & (h <= TICK_WIDTH) & (w > h)
    upright = ((top <= 2) | (top + h >= height - 2)) & (w <= TICK_WIDTH) & (h > w)
    straight = area >= TICK_FILLED * w * h
    return np.asarray(
        (level | upright) & straight & (np.maximum(w, h) <= LONG_TICK_SHARE * max(height, width) + 3)
    )
