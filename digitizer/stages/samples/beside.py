"""Find the drawn sample of a series beside a legend's text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, Picture, TextSpan
from digitizer.medians import medians, quantile
from digitizer.stages.pixels.channels import colors_at, largest, number_cells
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.true_runs import true_runs
from digitizer.stages.samples.swatch import Swatch, describe_swatch

# The sample lies within this many text heights beside its text (Plotly's 40 px of 12 px text are most).
REACH_HEIGHTS = 5.5
# ... but for strokes alone: Asymptote's and GLE's are 6.7 from their names' beginning to their own.
REACH_STROKES = 9.0
LONG_STROKE_HEIGHTS = 3.0
# ... and within so many right of it (lattice's lines of five letters beside the widest name: 6.3).
REACH_RIGHT_HEIGHTS = 7.0
# ... and a sample is at least so wide (discs of 4 px beside letters of 9, which 13 may be).
LEAST_WIDTH_HEIGHTS = 0.25
# Above and below the text's middle: keys of ggplot2 and lets-plot are up to 1.9 text heights tall.
REACH_ROWS = 1.5
# Sample and text are at most so many text heights apart.
MAX_GAP_HEIGHTS = 2.6
# Samples are read as text with less confidence than this (a ring on a line as 10: 0.5).
LEAST_WORD = 0.6
# ... or as a ring with a dash before or behind it or both, however surely.
RING_ON_LINE = re.compile(r"[-–—_]+[oO0°•]?[-–—_]*|[oO°•][-–—_]+|0[–—_]+")
# Upright lines reach so many text heights above and below a text's middle; keys 1.0 (ggplot2).
UPRIGHT_HEIGHTS = 1.15
# A sample's colour differs from its ground by this many levels.
MIN_CONTRAST = 28
# matplotlib's legends let a fifth of what is behind them through.
SHINE_THROUGH = 0.3
# Pixels of one colour differ by less than this (levels, largest channel); samples that touch differ by more.
SAME_COLOR = 48
# A key's outline covers at least this share of the sides of its box, all four of them.
OUTLINED = 0.93
# A line sticks out of its key by at most this share of the two.
STICK_OUT = 0.12
# Dots of a grid line are no wider than this (text heights).
SPECK_HEIGHTS = 0.2
# Narrower keys than this (in text heights) are markers, not boxes that hold a sample.
LEAST_KEY_HEIGHTS = 1.05

# The middle of a sample is this near to that of its text (text heights, and px).
OFF_ROW, OFF_ROW_PX = 0.32, 1.5
# A stroke that is told from what crosses it is so long beside the text's height (and its own).
LEAST_CROSSED = 1.5
# The sides of a box around a legend are at least so far from the middle of a text, whose letters reach 0.5,
# and no thicker than this (text heights).
BOX_HEIGHTS = 0.7
SIDE_HEIGHTS = 0.2
# What is as narrow and longer than this is one of its sides, too, and no key.
LONG_HEIGHTS = 2.0
# A grid line runs through the rows of a sample and of its text alike: of one colour along more than this
# share of them (a sample's own line takes up to 0.4), which differs from the ground by more than this and
# within itself by less (levels), and no thicker than this (text heights).
RUNS_THROUGH, LINE_LEVELS, LINE_HEIGHTS = 0.6, 10.0, 0.2

Window = NDArray[np.int16]
Bounds = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A legend's sample: where it is in the picture, and how it looks."""

    box: Box
    swatch: Swatch


def is_word(span: TextSpan) -> bool:
    """Whether a text is none that a sample was read as: a marker as a letter, a marker on a line as 10."""
    return len(span.text) > 1 and span.confidence >= LEAST_WORD and not RING_ON_LINE.fullmatch(span.text)


def find_sample(
    picture: Picture, text: Box, height: float, others: Sequence[Box] = (), *, right: bool = False
) -> Sample | None:
    """Find the sample left (or right) of a text.

    Parameters
    ----------
    picture : Picture
        The decoded source.
    text : Box
        The box of the text.
    height : float
        The height of the figure's letters (px); that of one text says less (``sum`` is low, ``fly`` tall).
    others : sequence of Box
        The boxes of other texts: in a row of entries the last letter stands next to the sample of the next.
    right : bool
        Whether to look right of the text (gnuplot, lattice).
    """
    if right:
        seen = replace(picture, rgb=picture.rgb[:, ::-1])
        boxes = [_mirror(box, picture.width) for box in others]
        mirrored = _find_left(seen, _mirror(text, picture.width), height, boxes, REACH_RIGHT_HEIGHTS)
        return None if mirrored is None else replace(mirrored, box=_mirror(mirrored.box, picture.width))
    near = _find_left(picture, text, height, others, REACH_HEIGHTS)
    if near is not None:
        return near
    far = _find_left(picture, text, height, others, REACH_STROKES)
    if far is None or far.swatch.line_style == "none" or far.box.height > height:
        return None
    # A line of the data that ends before its name goes on beyond the window; the sample ends within it.
    ends = far.box.left >= text.left - (REACH_STROKES - 1.0) * height
    return far if ends and far.box.width >= LONG_STROKE_HEIGHTS * height else None


def _find_left(
    picture: Picture, text: Box, height: float, others: Sequence[Box], reach: float
) -> Sample | None:
    """Find the sample left of a text, at most ``reach`` heights away from it."""
    left = int(max(0, np.floor(text.left - reach * height)))
    end = int(np.ceil(text.left)) - 1
    top = int(max(0, np.floor(text.center[1] - REACH_ROWS * height)))
    bottom = int(min(picture.height - 1, np.ceil(text.center[1] + REACH_ROWS * height)))
    if end - left < 4 or bottom - top < 3:
        return None
    window: Window = picture.rgb[top : bottom + 1, left : end + 1].astype(np.int16)
    ground = commonest_color(window.reshape(-1, 3))
    for box in others:
        if box.right >= left and box.left <= end and box.bottom >= top and box.top <= bottom:
            rows = slice(max(0, int(box.top) - 1 - top), max(0, int(np.ceil(box.bottom)) + 2 - top))
            window[rows, max(0, int(box.left) - 1 - left) : int(np.ceil(box.right)) + 2 - left] = ground
    # Beside most texts that are asked about there is nothing but other texts.
    if not (largest(np.abs(window - ground)) >= MIN_CONTRAST).any():
        return None
    _rub_out_lines(window, picture.rgb[top : bottom + 1, left : int(text.right + height)], ground, height)
    found = _locate(window, ground, text.center[1] - top, text.left - left, height, cut=left > 0)
    if found is None:
        return None
    bounds, window, ground = found
    x0, y0, x1, y1 = bounds
    swatch = describe_swatch(window[y0 : y1 + 1, x0 : x1 + 1], ground)
    if swatch is None:
        return None
    return Sample(box=Box(left=left + x0, top=top + y0, right=left + x1, bottom=top + y1), swatch=swatch)


def _rub_out_lines(window: Window, strip: ByteImage, ground: FloatArray, height: float) -> None:
    """Give grid lines that run through a window and the text beside it the ground's colour.

    A legend without a box of its own lies on them, and a grey sample is hardly stronger than they are.
    """
    # The middle of a row is off the ground where half of it is, at least: few rows are.
    low, high = np.ceil(ground - LINE_LEVELS).tolist(), np.floor(ground + LINE_LEVELS).tolist()
    alike = cv2.inRange(strip, (*low, 0.0), (*high, 0.0))
    rows = 2 * np.count_nonzero(alike, axis=1) <= strip.shape[1]
    if not rows.any():
        return
    usual = np.zeros((len(strip), 3))
    usual[rows] = medians(strip[rows], axis=1)
    rows[rows] = largest(np.abs(usual[rows] - ground)) > LINE_LEVELS
    along = np.mean(largest(np.abs(strip[rows] - usual[rows, None])) < LINE_LEVELS, axis=1)
    rows[rows] = along > RUNS_THROUGH
    for first, stop in zip(*true_runs(rows), strict=True):
        if stop - first <= max(2.0, LINE_HEIGHTS * height):
            part = window[first:stop]
            part[np.abs(part - usual[first:stop, None]).max(axis=2) < LINE_LEVELS] = ground


def _mirror(box: Box, width: int) -> Box:
    """A box as it lies in the picture turned over from left to right."""
    return Box(left=width - 1 - box.right, top=box.top, right=width - 1 - box.left, bottom=box.bottom)


def commonest_color(pixels: Window) -> FloatArray:
    """The middle of the fullest cell of a coarse colour grid."""
    codes = number_cells(pixels, 5, (2, 1, 0))
    return median_color(colors_at(pixels, codes == np.bincount(codes).argmax()))


def _locate(
    window: Window, ground: FloatArray, middle: float, text_left: float, height: float, *, cut: bool
) -> tuple[Bounds, Window, FloatArray] | None:
    """The sample's bounds, and the window and ground to describe it on (a key's own inside its outline).

    ``cut`` tells that the picture goes on left of the window.
    """
    contrast = largest(np.abs(window - ground))
    # Through a translucent legend series shine paler than its samples; a pale one may have bold neighbours.
    # The panel's side may stand in the window, darker than all: what runs through it upright is no neighbour.
    beside = ~np.all(contrast >= MIN_CONTRAST, axis=0)
    row = contrast[max(0, round(middle - 0.5 * height)) : round(middle + 0.5 * height) + 1, beside]
    if not row.size:
        return None
    least = max(MIN_CONTRAST, SHINE_THROUGH * quantile(row, 0.99))
    mask = np.asarray(contrast >= least)
    borders = _uprights(mask, middle, height)
    bounds = _row_of_parts(_parts(mask, window, middle, height, cut=cut), text_left, height, borders)
    if bounds is None:
        return None
    key = _inside_key(mask, bounds, height)
    if key is None:
        return bounds, window, ground
    x0, y0, x1, y1 = key
    inner = window[y0 : y1 + 1, x0 : x1 + 1]
    own = commonest_color(inner.reshape(-1, 3))
    drawn = largest(np.abs(inner - own)) >= MIN_CONTRAST
    if not drawn.any():
        # One colour fills the key, a patch with an edge; where that is the page's, a hollow marker.
        filled = float(np.abs(own - ground).max()) >= MIN_CONTRAST
        return (key if filled else bounds), window, ground
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    found = x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]), y0 + int(rows[-1])
    return found, window, own


def _parts(mask: Mask, window: Window, middle: float, height: float, *, cut: bool) -> list[Bounds]:
    """The bounds of the components of ink on the text's row that do not leave the window."""
    n, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    rows, reach = mask.shape[0], OFF_ROW * height + OFF_ROW_PX
    parts: list[Bounds] = []
    border = -1
    for k in range(1, n):
        x, y, w, h, area = (int(v) for v in stats[k])
        if area < 2 or (cut and x == 0):
            continue
        if _is_around(labels == k, x, middle, height):
            border = max(border, x)
            continue
        off = abs(y + (h - 1) / 2 - middle) > reach
        if y == 0 or y + h == rows or off:
            own = _own_color(labels == k, window, middle, reach)
            # An upright grid line that crosses a sample may end at the legend's border.
            if own is None or (off and own[2] < LEAST_CROSSED * max(height, own[3])):
                continue
            x, y, w, h = own
        if w <= SIDE_HEIGHTS * height + 1 and h >= LONG_HEIGHTS * height:
            border = max(border, x)
            continue
        if abs(y + (h - 1) / 2 - middle) <= reach:
            parts.append((x, y, x + w - 1, y + h - 1))
    return [p for p in parts if p[0] > border]


def _is_around(component: Mask, left: int, middle: float, height: float) -> bool:
    """Whether a component is the box around a legend: a side left of the sample, and one that goes on beside
    the text, above or below it."""
    beyond = np.flatnonzero(component[:, -1])
    if not beyond.size or np.abs(beyond - middle).max() <= BOX_HEIGHTS * height:
        return False
    side = np.flatnonzero(component[int(np.clip(round(middle), 0, len(component) - 1))])
    return bool(side.size) and side[-1] - left <= max(1.0, SIDE_HEIGHTS * height)


def _own_color(component: Mask, window: Window, middle: float, reach: float) -> Bounds | None:
    """What of a component that leaves the window has the colour it has on the text's row.

    Samples that touch those above and below are parted by their colour. The row is the one with most of the
    component within ``reach`` (px) of the text's middle, and of several the nearest to it.
    """
    rows = np.arange(max(0, math.ceil(middle - reach)), min(len(component), math.floor(middle + reach) + 1))
    row = int(min(rows, key=lambda r: (-int(component[r].sum()), abs(r - middle)), default=0))
    columns = np.flatnonzero(component[row])
    if not columns.size:
        return None
    color = np.median(window[row, columns], axis=0)
    same = component & (largest(np.abs(window - color)) < SAME_COLOR)
    n, labels, stats, _ = cv2.connectedComponentsWithStats(same.astype(np.uint8), connectivity=8)
    here = np.bincount(labels[row], minlength=n)
    here[0] = 0
    k = int(here.argmax())
    x, y, w, h = (int(v) for v in stats[k, :4])
    return None if here[k] == 0 or y == 0 or y + h == len(component) or x == 0 else (x, y, w, h)


def _uprights(mask: Mask, middle: float, height: float) -> NDArray[np.intp]:
    """The columns of upright lines that are longer than a key: the border of a legend."""
    reach = UPRIGHT_HEIGHTS * height
    rows = mask[max(0, round(middle - reach)) : round(middle + reach) + 1]
    return np.flatnonzero(rows.all(axis=0))


def _row_of_parts(
    parts: list[Bounds], text_left: float, height: float, borders: NDArray[np.intp]
) -> Bounds | None:
    """The widest of the groups of parts near the text, on its side of a border; dashes belong together."""
    groups: list[list[Bounds]] = []
    for part in sorted(parts):
        if groups and part[0] - max(p[2] for p in groups[-1]) <= 0.75 * height:
            groups[-1].append(part)
        else:
            groups.append([part])
    groups = [_without_grid(group, height) for group in groups]
    boxes = [
        (min(p[0] for p in g), min(p[1] for p in g), max(p[2] for p in g), max(p[3] for p in g))
        for g in groups
    ]
    near = [
        b
        for b in boxes
        if text_left - b[2] <= MAX_GAP_HEIGHTS * height and b[2] - b[0] + 1 >= LEAST_WIDTH_HEIGHTS * height
    ]
    # Dots of a grid line beside the legend's box are no sample where one is in it.
    within = [b for b in near if not any(b[0] < x < o[0] for o in near for x in borders)]
    return max(within, key=lambda b: b[2] - b[0], default=None)


def _without_grid(group: list[Bounds], height: float) -> list[Bounds]:
    """A sample without specks on its far side alone: dots of a grid line that the legend's ground pales.

    Dashes of a grid line are no specks, but they lie in other rows than the sample.
    """
    widest = max(group, key=lambda p: p[2] - p[0])
    if widest[2] - widest[0] < LEAST_KEY_HEIGHTS * height or any(p[0] > widest[2] for p in group):
        return group
    before = [p for p in group if p[2] < widest[0]]
    apart = [p[3] < widest[1] or p[1] > widest[3] for p in before]
    are_specks = all(
        p[2] - p[0] < SPECK_HEIGHTS * height or off for p, off in zip(before, apart, strict=True)
    )
    return [p for p in group if p not in before] if before and are_specks else group


def _inside_key(mask: ByteImage | Mask, bounds: Bounds, height: float) -> Bounds | None:
    """The inside of a key that is drawn as a box around its sample; None where it is none."""
    x0, y0, x1, y1 = bounds
    if min(x1 - x0, y1 - y0) + 1 < LEAST_KEY_HEIGHTS * height:
        return None
    part = mask[y0 : y1 + 1, x0 : x1 + 1]
    # plotnine's lines stick out of their keys on both sides.
    upright = np.flatnonzero(part.mean(axis=0) >= OUTLINED)
    room = STICK_OUT * (x1 - x0)
    if upright.size and upright[0] <= room and upright[-1] >= x1 - x0 - room:
        x0, x1 = x0 + int(upright[0]), x0 + int(upright[-1])
        part = mask[y0 : y1 + 1, x0 : x1 + 1]
    thickness = 0
    while thickness < 4:
        inner = part[thickness : part.shape[0] - thickness, thickness : part.shape[1] - thickness]
        if min(inner.shape) < 5:
            return None
        if min(float(s.mean()) for s in (inner[0], inner[-1], inner[:, 0], inner[:, -1])) < OUTLINED:
            break
        thickness += 1
    if thickness == 0 or thickness == 4:
        return None
    # One pixel more for the outline's soft edge.
    t = thickness + 1
    return x0 + t, y0 + t, x1 - t, y1 - t
