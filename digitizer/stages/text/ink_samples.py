"""Which components of ink are samples of a legend: filled shapes, boxes, strokes with markers on them."""

from __future__ import annotations

import cv2
import numpy as np

from digitizer.evidence import Mask
from digitizer.stages.text.ink import Glyphs, Sheet
from digitizer.stages.text.lines import Line

# Filled markers fill their convex hull; letters, but for I and l, leave notches.
CONVEX = 0.9
# Share of each side of a key's outline that is there; of letters only O and D of block fonts come near. The 0
# of 8 px has as much, and is narrower than keys are.
KEY_SIDE = 0.75
# ... and of a long box; low letters that touch reach 0.76 (mes in 6 px), and 0.87 (razi), but have ink inside
# (half of it), where boxes whose sides are broken have less than this.
PATCH_SIDE, UNBROKEN, INSIDE = 0.85, 0.95, 0.2
# Excel sets its names one pixel after the samples, which are this long (in text heights) and whose
# strokes are at most this thick, and evenly so for this share of their length; touching letters are uneven.
LONG_SAMPLE = 2.2
ARM_THICKNESS = 0.75
EVEN_STROKE = 0.55
# A stroke with a marker in its middle is so long for the marker, so much thicker there than at its ends, and
# like its mirror image, put beside it by so much at most (px, twice what the marker is off), to this share of
# its ink.
MARKED_ASPECT, MARKED_BULGE, MARKED_SAME, ASIDE_PX = 3.0, 1.5, 0.75, 2
# ... or half as long with a marker so much thicker than its arms (keys of let's-plot: 5.5).
BOLD_ASPECT, BOLD_BULGE = 1.6, 4.0
# A box as filled as this, at least so wide for its height, is a sample: of letters none is. It stands at
# least so many heights before its name (LibreOffice: 0.36, Recharts: 0.33).
SOLID, SQUARE_SIDES, SQUARE_GAP = 0.95, 0.8, 0.2
# Lower boxes (px) are dashes.
LEAST_PATCH_PX = 4


def is_patch(sheet: Sheet, index: int, least: float) -> bool:
    """Whether a component is a legend's long box, filled or with an outline, and ``least`` high (px).

    Those that gnuplot draws after names would join these to what follows, and the rows of a legend to one.
    """
    glyphs = sheet.glyphs
    width, height = float(glyphs.width[index]), float(glyphs.height[index])
    if height < max(LEAST_PATCH_PX, least) or width < LONG_SAMPLE * height:
        return False
    if glyphs.area[index] >= SOLID * width * height:
        return True
    own = _own(sheet, index)
    inner, least_side = own[2:-2, 2:-2], _sides(own)[0]
    hollow = inner.sum() <= INSIDE * inner.size
    return least_side >= PATCH_SIDE and (hollow or least_side >= UNBROKEN)


def _own(sheet: Sheet, index: int) -> Mask:
    """A component's pixels within its box."""
    glyphs = sheet.glyphs
    rows = slice(int(glyphs.top[index]), int(glyphs.bottom[index]) + 1)
    columns = slice(int(glyphs.left[index]), int(glyphs.right[index]) + 1)
    return np.asarray(sheet.labels[rows, columns] == glyphs.label[index])


def _sides(own: Mask) -> list[float]:
    """The shares of the four sides of a component's box that it covers, the least first."""
    return sorted(float(side.mean()) for side in (own[0], own[-1], own[:, 0], own[:, -1]))


def is_hollow_square(sheet: Sheet, index: int, height: float) -> bool:
    """Whether a component is the outline of a square, of half a line's height or more."""
    own = _own(sheet, index)
    tall, width = own.shape
    return tall >= 0.5 * height and width >= SQUARE_SIDES * tall and _sides(own)[0] >= PATCH_SIDE


def is_solid_square(part: Glyphs, height: float) -> bool:
    """Whether a line's first glyph is a filled square, or a box that is wider, of half its height or more."""
    width, tall = float(part.width[0]), float(part.height[0])
    return tall >= 0.5 * height and width >= SQUARE_SIDES * tall and part.area[0] >= SOLID * width * tall


def is_sample(sheet: Sheet, index: int) -> bool:
    """Whether a component is a filled marker (convex), a box, or a line with or without a marker."""
    own = _own(sheet, index)
    if min(own.shape) < 4:
        return False
    # ggplot2's keys are drawn as boxes; a line that crosses them leaves two wide halves.
    sides = _sides(own)
    if (sides[0] >= KEY_SIDE and own.shape[1] >= SQUARE_SIDES * own.shape[0]) or (
        sides[1] >= KEY_SIDE and own.shape[1] >= 2 * own.shape[0]
    ):
        return True
    y, x = np.nonzero(own)
    hull = np.zeros(own.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.column_stack([x, y]).astype(np.int32)), 1)
    if own.sum() >= CONVEX * hull.sum():
        return True
    same = max(float((own & turned).sum() / (own | turned).sum()) for turned in (own[::-1], own[:, ::-1]))
    return own.shape[1] >= 1.6 * own.shape[0] and same >= 0.8


def has_arms(sheet: Sheet, index: int, height: float) -> bool:
    """Whether a component is for the most part a stroke of one thickness, with or without a marker on it."""
    thickness = _own(sheet, index).sum(axis=0)
    usual = float(np.median(thickness))
    even = float((np.abs(thickness - usual) <= 1).mean())
    return usual <= ARM_THICKNESS * height and even >= EVEN_STROKE


def is_marked_stroke(sheet: Sheet, index: int) -> bool:
    """Whether a component is a level stroke with a marker in its middle and bare arms: no dash of text."""
    own = _own(sheet, index)
    if own.shape[1] < BOLD_ASPECT * own.shape[0]:
        return False  # Most letters are no longer than they are high.
    # A hollow marker is as thick as its outline is high.
    thickness = np.where(own.any(axis=0), len(own) - np.argmax(own[::-1], axis=0) - np.argmax(own, axis=0), 0)
    fifth = own.shape[1] // 5
    arm = float(np.median(np.r_[thickness[:fifth], thickness[-fifth:]])) if fifth else 0.0
    bold = thickness.max() >= BOLD_BULGE * arm
    if own.shape[1] < (BOLD_ASPECT if bold else MARKED_ASPECT) * own.shape[0]:
        return False
    ends_even = np.abs(np.r_[thickness[:fifth], thickness[-fifth:]] - arm).max() <= 1
    if not ends_even or thickness.max() < MARKED_BULGE * arm + 1:
        return False
    # A snapped marker stands beside the middle by as much as the outline of a hollow one is thick.
    around = np.pad(own, ((0, 0), (ASIDE_PX, ASIDE_PX)))
    turned = [np.roll(around[:, ::-1], by, axis=1) for by in range(-ASIDE_PX, ASIDE_PX + 1)]
    same = max(float((around & other).sum() / (around | other).sum()) for other in turned)
    return same >= MARKED_SAME


def sample_beside(line: Line, sheet: Sheet, *, after: bool = False) -> tuple[float, int] | None:
    """The middle (x) of the dash, marker or box of a legend a gap before (after) a line, on its row.

    With it the length (px) of a stroke longer than any dash of text, else 0.
    """
    part, glyphs = sheet.glyphs.take(line.members), sheet.glyphs
    top, bottom = int(part.top.min()), int(part.bottom.max())
    height = bottom - top + 1
    gap = glyphs.left - int(part.right.max()) - 1 if after else int(part.left.min()) - glyphs.right - 1
    near = (gap >= 0.3 * height) & (gap <= 2.5 * height) & (glyphs.panel == part.panel[0])
    near &= np.abs((glyphs.top + glyphs.bottom) / 2 - (top + bottom) / 2) <= 0.35 * height
    flat = (glyphs.width >= 1.5 * height) & (glyphs.height <= 0.45 * height)
    found = [int(i) for i in np.flatnonzero(near)[:4] if flat[i] or is_sample(sheet, int(i))]
    if not found:
        return None
    k = found[0]
    long = flat[k] and glyphs.width[k] >= LONG_SAMPLE * height
    return float(glyphs.left[k] + glyphs.right[k]) / 2, int(glyphs.width[k]) if long else 0
