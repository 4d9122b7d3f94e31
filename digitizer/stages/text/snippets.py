"""Lines of glyphs cut out of the picture, upright, without the ink that is not theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from digitizer.evidence import Box, ByteImage
from digitizer.medians import median
from digitizer.ocr.protocol import Recogniser
from digitizer.stages.pixels.components import in_pieces
from digitizer.stages.text.boxes import Boxes, Indices, turned_boxes, upright_boxes
from digitizer.stages.text.ink import LEAST_CONTRAST, FloatArray, Sheet
from digitizer.stages.text.lines import Line

# Raised glyphs, as a share of the base letters' height above the baseline.
RAISED = 0.2
# ... and begin as high as those, or a pixel lower (QCustomPlot).
TOP_SHARE, TOP_PX = 0.02, 1.0
# The script of an exponent is 0.5 to 0.8 of its base's height (0.7 in mathtext and LaTeX).
SCRIPT_LOW, SCRIPT_HIGH = 0.42, 0.86
# Lines of up to so many glyphs may be a base whose exponent touches it: this is as wide as a share of the
# base's height (0.35 to 0.6), and stands beyond its top by this at least (0.2 to 0.35). It begins within this
# share from where its base leaves the baseline.
MOST_TOUCHING = 4
MIN_SCRIPT_WIDTH, BEYOND_TOP, TOUCHING_REACH = 0.25, 0.12, 0.06


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Letters:
    """Where a line's glyphs are in its crop, in pixels; baseline and height of its full letters."""

    boxes: Boxes
    baseline: float
    height: float
    width_px: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snippet:
    """One line to read: its crop, and crops of its base and its exponent where it has a raised part."""

    line: Line
    box: Box
    crop: ByteImage
    letters: Letters
    angle_deg: float
    panel: int
    parts: tuple[ByteImage, ...] = field(default=())

    @property
    def middle_y(self) -> float | None:
        """The height midway from the baseline of an upright line to its top, exponents with it; None on end.

        There programs put a label: of its depth below the baseline they take no account.
        """
        if not self.line.upright:
            return None
        return self.box.top + (self.letters.baseline - float(self.letters.boxes.top.min())) / 2

    def part_box(self, run: slice) -> Box:
        """The box of a run of an upright line's glyphs."""
        boxes = self.letters.boxes
        x, y = self.box.left - boxes.left.min(), self.box.top - boxes.top.min()
        return Box(
            left=float(boxes.left[run].min() + x),
            top=float(boxes.top[run].min() + y),
            right=float(boxes.right[run].max() + x),
            bottom=float(boxes.bottom[run].max() + y),
        )


def read_surely(lines: Sequence[Line], sheet: Sheet, recogniser: Recogniser) -> list[float]:
    """How sure the recogniser is of each line as it stands: reading both ways tells how glyphs stand."""
    return [reading.confidence for reading in recogniser.read([cut_line(sheet, line).crop for line in lines])]


def cut_line(sheet: Sheet, line: Line) -> Snippet:
    """Cut a line out of a sheet."""
    glyphs = sheet.glyphs.take(line.members)
    boxes = upright_boxes(glyphs) if line.upright else turned_boxes(glyphs)
    crop, place = cut_glyphs(sheet, line.members, upright=line.upright)
    origin_x = place.left if line.upright else -place.bottom
    origin_y = place.top if line.upright else place.left
    inside = Boxes(
        left=boxes.left - origin_x,
        top=boxes.top - origin_y,
        right=boxes.right - origin_x,
        bottom=boxes.bottom - origin_y,
    )
    baseline, height = _measure_letters(inside)
    letters = Letters(boxes=inside, baseline=baseline, height=height, width_px=crop.shape[1])
    raised = find_raised(letters)
    parts: tuple[ByteImage, ...] = ()
    if raised.any() and not raised[0]:
        first = int(np.argmax(raised))
        after = first + int(np.argmin(raised[first:])) if not raised[first:].all() else len(raised)
        groups = (line.members[:first], line.members[first:after], line.members[after:])
        parts = tuple(cut_glyphs(sheet, g, upright=line.upright)[0] for g in groups if len(g))
    elif len(line.members) <= MOST_TOUCHING:
        parts = cut_touching(crop)
    return Snippet(
        line=line,
        box=Box(
            left=float(glyphs.left.min()),
            top=float(glyphs.top.min()),
            right=float(glyphs.right.max()),
            bottom=float(glyphs.bottom.max()),
        ),
        crop=crop,
        letters=letters,
        angle_deg=0.0 if line.upright else 90.0,
        panel=int(glyphs.panel[0]),
        parts=parts,
    )


def cut_glyphs(sheet: Sheet, members: Indices, *, upright: bool) -> tuple[ByteImage, Box]:
    """Crop the members' box with a rim of one pixel, dark on light, other ink erased."""
    glyphs = sheet.glyphs.take(members)
    rows = slice(max(0, int(glyphs.top.min()) - 1), int(glyphs.bottom.max()) + 2)
    columns = slice(max(0, int(glyphs.left.min()) - 1), int(glyphs.right.max()) + 2)
    contrast = sheet.contrast[rows, columns].copy()
    own = in_pieces(sheet.labels[rows, columns], glyphs.label)
    foreign = (contrast >= LEAST_CONTRAST) & ~own
    if foreign.any():
        kernel = np.ones((3, 3), np.uint8)
        near_foreign = cv2.dilate(foreign.view(np.uint8), kernel).astype(bool)
        near_own = cv2.dilate(own.view(np.uint8), kernel).astype(bool)
        contrast[foreign | (near_foreign & ~near_own)] = 0
    crop = 255 - contrast
    place = Box(
        left=columns.start,
        top=rows.start,
        right=columns.start + crop.shape[1] - 1,
        bottom=rows.start + crop.shape[0] - 1,
    )
    return (crop if upright else np.ascontiguousarray(np.rot90(crop, -1))), place


def cut_touching(crop: ByteImage) -> tuple[ByteImage, ...]:
    """Cut a base and an exponent that touches it apart, where the crop ends in one (Times' 0 and its 2).

    Parameters
    ----------
    crop : ndarray, shape (height, width)
        A line of few glyphs, dark on light.

    Returns
    -------
    tuple of ndarray
        Both crops; empty where what the line ends with neither stands above its baseline nor beyond its top.
    """
    inked = crop < 255 - LEAST_CONTRAST
    columns = np.flatnonzero(inked.any(axis=0))
    if not columns.size:
        return ()
    rows = np.arange(len(inked))[:, None]
    bottom = np.where(inked, rows, -1).max(axis=0)
    top = np.where(inked, rows, len(inked)).min(axis=0)
    baseline = int(bottom.max())
    low = np.flatnonzero((baseline - bottom < RAISED * (baseline - top.min())) & (bottom >= 0))
    # A flat stroke stands on no baseline.
    if not low.size:
        return ()
    first, last = int(low[-1]) + 1, int(columns[-1])
    height = float(baseline - top[:first].min() + 1)
    if first > last or columns[0] >= first:
        return ()
    # The round of a nought rises above the baseline before the exponent begins.
    near = slice(first, min(last, first + max(1, round(TOUCHING_REACH * height))) + 1)
    cut = first + int(np.argmin(inked[:, near].sum(axis=0)))
    size = bottom[cut : last + 1].max() - top[cut : last + 1].min() + 1
    above = top[:cut].min() - top[cut : last + 1].min()
    is_script = SCRIPT_LOW <= size / height <= SCRIPT_HIGH + 0.4 / height and above >= BEYOND_TOP * height
    is_wide = MIN_SCRIPT_WIDTH * height <= last + 1 - cut <= height
    if not is_script or not is_wide or baseline - bottom[cut : last + 1].max() < RAISED * height:
        return ()
    return crop[:, :cut], crop[: bottom[cut : last + 1].max() + 2, max(0, cut - 1) :]


def _measure_letters(boxes: Boxes) -> tuple[float, float]:
    """Baseline (the weighted median of the bottoms) and the height of the letters that stand on it."""
    heights = boxes.height
    order = np.argsort(boxes.bottom, kind="stable")
    reached = np.cumsum(heights[order]) >= 0.5 * heights.sum()
    baseline = float(boxes.bottom[order][int(np.argmax(reached))])
    standing = np.abs(boxes.bottom - baseline) <= 0.15 * heights.max() + 0.5
    standing &= heights >= 0.5 * heights[standing].max()
    # Of a heap of marks none may stand on the baseline; a height of nothing would divide by zero.
    return baseline, max(1.0, baseline - median(boxes.top[standing]) + 1)


def find_raised(letters: Letters) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which glyphs are raised: smaller letters above the baseline, and signs among them."""
    boxes, height = letters.boxes, letters.height
    top = letters.baseline - height + 1
    size: FloatArray = boxes.height / height
    up: FloatArray = (letters.baseline - boxes.bottom) / height
    raised = (up >= RAISED) & (size >= SCRIPT_LOW) & (size <= SCRIPT_HIGH + 0.4 / height)
    raised &= boxes.top <= top + max(TOP_SHARE * height, TOP_PX)
    # A thin glyph above the middle, with a raised one right after it, is the exponent's sign.
    thin = (size < SCRIPT_LOW) & (up >= 0.5) & (boxes.width >= boxes.height)
    for i in range(len(raised) - 2, -1, -1):
        if thin[i] and raised[i + 1] and boxes.left[i + 1] - boxes.right[i] <= 0.5 * height:
            raised[i] = True
    return np.asarray(raised, bool)
