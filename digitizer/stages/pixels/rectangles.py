"""Filled rectangles of one colour: runs along each column, joined where they start and end alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask
from digitizer.stages.pixels.channels import colors_at, largest, number_cells
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.seams import close_seams
from digitizer.stages.pixels.stretches import Part, apart_again

IntArray = NDArray[np.int64]

# A pixel this far from the ground in one channel is ink: the palest bars drawn (#c6dbef) are 50 away.
INK = 14.0
# Inside a fill, neighbours differ by no more than this; JPEG adds its noise.
FLAT = 7.0
# Colours of one fill lie this close together; wider would join the two blues of paired palettes (40 apart).
TOLERANCE = 12.0
MAX_TOLERANCE = 30.0
# A fill has at least this many flat pixels: three columns of a few rows.
FEWEST_FLAT = 12
MAX_FILLS = 24
# Colours are counted on about this many flat pixels.
MOST_POINTS = 40000
# Colours this near (in one channel) are one ground; a ground lies along this share of the rim at least.
SAME_GROUND = 10.0
RIM_SHARE = 0.2
# ... and goes on inwards, so far (px) from the rim: the blurred ends of bars lie along it alone.
INWARDS_PX = 4
# Less of a panel than this is flat in line charts; bars of a chart of thirty cover 2 %.
LEAST_FLAT = 0.01
# Of a bar's pixels this share is flat at least; of a line three pixels wide hardly any is.
FLAT_SHARE = 0.15
_SQUARE = np.ones((3, 3), np.uint8)
# Gaps of ground this long (px) inside a column are hatching or an edge stroke; longer ones part two bars.
HATCH_GAP = 4
# Ink of other colours (lines, markers, labels) may interrupt a column for this share of the panel.
COVERED_SHARE = 0.12
# Columns belong to one rectangle where their ends agree to this (px).
END_PX = 1.6
# Its outer columns end earlier where its corners are round or blurred: over this share of its width, and by
# no more than this share or this much (px: JPEG smears corners of bars 25 px wide over 4 columns, 5 rows).
CORNER_SHARE = 0.3
CORNER_PX = 5.0
# What interrupts a rectangle is at most this share of the columns beside it: error bars, a line at its top.
INTERRUPTION = 0.34
# ... or this share where most of it shows the fill below: a line that runs along the top.
LONG_INTERRUPTION = 1.5
# A rectangle falls into at most this many pieces.
MOST_PIECES = 16
# A hatched bar shows at least this share of its fill (0.6 for matplotlib's "//", 0.45 for "xx").
MIN_FILL = 0.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Fills:
    """Flat colours of a panel: ``colors`` (n, 3), and for each pixel the index of its colour or -1."""

    colors: FloatArray
    index: NDArray[np.int8]
    ink: Mask

    @cached_property
    def ground_before(self) -> NDArray[np.int32]:
        """Number of ground pixels before each pixel, down the columns, one spare row below each."""
        height, width = self.ink.shape
        bare = np.zeros((width, height + 1), dtype=np.int32)
        bare[:, :height] = ~self.ink.T
        return np.concatenate([np.zeros(1, np.int32), np.cumsum(bare.ravel(), dtype=np.int32)])

    def is_same(self, other: Fills) -> bool:
        """Whether these are the same colours on the same pixels."""
        return all(np.array_equal(getattr(self, k), getattr(other, k)) for k in ("colors", "index", "ink"))

    @cached_property
    def turned(self) -> Fills:
        """The same with rows and columns exchanged."""
        index, ink = np.ascontiguousarray(self.index.T), np.ascontiguousarray(self.ink.T)
        return Fills(colors=self.colors, index=index, ink=ink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """Columns ``first`` to ``last`` and rows ``top`` to ``bottom`` (inclusive) of one fill colour."""

    fill: int
    first: int
    last: int
    top: int
    bottom: int
    n_filled: int

    @property
    def width(self) -> int:
        return self.last - self.first + 1

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def center(self) -> float:
        return (self.first + self.last) / 2


def pixel_noise(rgb: ByteImage) -> float:
    """How far neighbours differ away from edges: 0 in clean pictures."""
    small = rgb[::2, :, 1].astype(np.int16)
    steps = np.abs(np.diff(small, axis=1))
    quiet = steps[steps < 20]
    return float(np.sqrt(np.mean(np.square(quiet.astype(np.float64))))) if quiet.size else 0.0


def ground_colors(rgb: ByteImage, declared: tuple[int, int, int]) -> list[FloatArray]:
    """Colours that the ground can have, likeliest first: those that lie along most of the panel's rim."""
    rim, inner = (
        np.concatenate([rgb[k], rgb[-1 - k], rgb[:, k], rgb[:, -1 - k]]).astype(np.int32)
        for k in (1, min(INWARDS_PX, min(rgb.shape[:2]) // 2))
    )
    codes = number_cells(rim, 6, (0, 1, 2))
    values, counts = np.unique(codes, return_counts=True)
    found: list[FloatArray] = []
    for k in np.argsort(-counts)[:6]:
        color = median_color(colors_at(rim, codes == values[k]))
        share = min(float((largest(np.abs(row - color)) <= SAME_GROUND).mean()) for row in (rim, inner))
        if share >= RIM_SHARE and all(np.abs(color - c).max() > SAME_GROUND for c in found):
            found.append(color)
    given = np.asarray(declared, dtype=np.float64)
    if all(np.abs(given - c).max() > SAME_GROUND for c in found):
        found.append(given)
    return found


def find_fills(rgb: ByteImage, background: FloatArray, noise: float) -> Fills | None:
    """Find the colours that fill areas, and the pixels of each; None where nothing is filled."""
    off_ground = away_from(rgb, background)
    ink = off_ground > INK + 3 * noise
    smooth = np.asarray(cv2.dilate(rgb, _SQUARE) - cv2.erode(rgb, _SQUARE), dtype=np.uint8)
    flat = ink & (away_from(smooth, np.zeros(3)) <= FLAT + 6 * noise)
    tolerance = min(TOLERANCE + 6 * noise, MAX_TOLERANCE)
    colors = (
        color_modes(colors_at(rgb, flat), tolerance)
        if flat.sum() >= max(FEWEST_FLAT, LEAST_FLAT * flat.size)
        else []
    )
    if not colors:
        return None
    best = np.minimum(off_ground, np.uint8(round(tolerance)))
    index = np.full(rgb.shape[:2], -1, dtype=np.int8)
    for k, color in enumerate(colors):
        away = away_from(rgb, color)
        index[away < best] = k
        best = np.minimum(best, away)
    flats = np.bincount(index[flat & (index >= 0)], minlength=len(colors))
    totals = np.bincount(index[index >= 0], minlength=len(colors))
    solid = flats >= FLAT_SHARE * np.maximum(totals, 1)
    if not solid.any():
        return None
    # None (-1) is the last byte.
    renamed = np.full(256, -1, dtype=np.int8)
    renamed[: len(colors)] = np.where(solid, np.cumsum(solid) - 1, -1)
    index = cv2.LUT(index.view(np.uint8), renamed.view(np.uint8)).view(np.int8)
    kept = np.array([c for c, keep in zip(colors, solid, strict=True) if keep], dtype=np.float64)
    return Fills(colors=kept, index=close_seams(rgb, index, ink, kept, background), ink=ink)


def away_from(rgb: ByteImage, color: FloatArray) -> ByteImage:
    """Largest difference of a channel to a colour, pixel by pixel: shape (height, width)."""
    level = np.array([*(min(max(float(round(c)), 0.0), 255.0) for c in color.tolist()), 0.0])
    one, two, three = cv2.split(cv2.absdiff(rgb, level))
    return np.asarray(cv2.max(cv2.max(one, two), three), dtype=np.uint8)


def chroma_of(rgb: ByteImage) -> ByteImage:
    """Difference between the strongest and the weakest channel, pixel by pixel: shape (height, width)."""
    one, two, three = cv2.split(rgb)
    highest, lowest = cv2.max(cv2.max(one, two), three), cv2.min(cv2.min(one, two), three)
    return np.asarray(cv2.subtract(highest, lowest), dtype=np.uint8)


def color_modes(points: ByteImage, tolerance: float) -> list[FloatArray]:
    """The colours that most points have, each with its neighbours taken away."""
    stride = max(1, len(points) // MOST_POINTS)
    points = points[::stride]
    fewest = max(3, FEWEST_FLAT // stride)
    codes = number_cells(points, 6, (0, 1, 2))
    # Few of all codes are there: these by their number are counted the quicker.
    counts = np.bincount(codes)
    used = np.flatnonzero(counts)
    number = np.empty(counts.size, dtype=np.int32)
    number[used] = np.arange(used.size)
    codes = number[codes]
    colors: list[FloatArray] = []
    while len(points) >= fewest and len(colors) < MAX_FILLS:
        fullest = int(np.bincount(codes).argmax())
        seed = median_color(colors_at(points, codes == fullest))
        near = largest(np.abs(points - seed)) <= tolerance
        if near.sum() >= fewest:
            colors.append(median_color(colors_at(points, near)))
        points, codes = colors_at(points, ~near), codes[~near]
    return colors


def find_rectangles(fills: Fills, fill: int, hatch: int = 0) -> list[Rectangle]:
    """The rectangles of one colour: neighbouring columns whose longest run of it has the same ends.

    Gaps up to ``hatch`` pixels wide are closed first.
    """
    bare = fills.index == fill
    mine = bare
    if hatch:
        mine = cv2.morphologyEx(bare.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((hatch, hatch), np.uint8)) > 0
    top, bottom = _longest_runs(mine, fills.ground_before)
    joined = _join(_parts(top, bottom), mine, fills.ink)
    found = []
    for first, last, high, low in _with_corners(joined, top, bottom):
        n_filled = int(bare[high : low + 1, first : last + 1].sum())
        if n_filled >= MIN_FILL * (last - first + 1) * (low - high + 1):
            found.append(
                Rectangle(fill=fill, first=first, last=last, top=high, bottom=low, n_filled=n_filled)
            )
    return found


def _longest_runs(mine: Mask, ground: NDArray[np.int32]) -> tuple[IntArray, IntArray]:
    """First and last row of the longest run in each column, short interruptions bridged; -1 where none is."""
    height, width = mine.shape
    # Columns one after the other, each with a blank row below it.
    line = cv2.copyMakeBorder(cv2.transpose(mine.view(np.uint8)), 0, 0, 0, 1, cv2.BORDER_CONSTANT).ravel()
    flips = np.flatnonzero(line[1:] != line[:-1]) + 1
    if line[0]:
        flips = np.concatenate([[0], flips])
    starts, ends = flips[::2], flips[1::2] - 1
    top = np.full(width, -1, dtype=np.int64)
    bottom = top.copy()
    if not starts.size:
        return top, bottom
    column = starts // (height + 1)
    gap = starts[1:] - ends[:-1] - 1
    bare_gap = ground[starts[1:]] - ground[ends[:-1] + 1]
    bridged = (gap <= HATCH_GAP) | ((bare_gap <= 2) & (gap <= COVERED_SHARE * height))
    bridged &= column[1:] == column[:-1]
    head = np.flatnonzero(np.concatenate([[True], ~bridged]))
    tail = np.append(head[1:] - 1, starts.size - 1)
    begin, end, column = starts[head], ends[tail], column[head]
    order = np.argsort(end - begin, kind="stable")
    top[column[order]] = begin[order] % (height + 1)
    bottom[column[order]] = end[order] % (height + 1)
    return top, bottom


def _parts(top: IntArray, bottom: IntArray) -> list[Part]:
    """Stretches of columns (first, last, top, bottom) whose runs end alike; empty columns left out."""
    parts: list[Part] = []
    tops, bottoms = top.tolist(), bottom.tolist()
    first, n = 0, len(tops)
    for i in range(1, n + 1):
        ends = i == n or tops[i] < 0 or tops[first] < 0
        if not ends and abs(tops[i] - tops[first]) <= END_PX and abs(bottoms[i] - bottoms[first]) <= END_PX:
            continue
        # Single columns are rims and noise: they take part as what lies between.
        if tops[first] >= 0 and i - first > 1:
            middle = (i - first) // 2
            parts.append((first, i - 1, sorted(tops[first:i])[middle], sorted(bottoms[first:i])[middle]))
        first = i
    return parts


def _with_corners(parts: list[Part], top: IntArray, bottom: IntArray) -> list[Part]:
    """The stretches with the columns beside them that end a little earlier and are followed by none."""
    tops, bottoms = top.tolist(), bottom.tolist()
    whole: list[Part] = []
    for part in sorted(parts, key=lambda p: p[0] - p[1]):
        if any(w[0] <= part[0] and part[1] <= w[1] for w in whole):
            continue
        first = part[0] - _corner(part, part[0], -1, tops, bottoms)
        last = part[1] + _corner(part, part[1], 1, tops, bottoms)
        whole.append((first, last, part[2], part[3]))
    return sorted(whole)


def _corner(part: Part, at: int, step: int, tops: list[int], bottoms: list[int]) -> int:
    """How many columns beyond column ``at`` are a stretch's corner."""
    width = part[1] - part[0] + 1
    lost = max(CORNER_PX, CORNER_SHARE * width)
    for n in range(round(CORNER_SHARE * width) + 1):
        column = at + step * (n + 1)
        if not 0 <= column < len(tops) or tops[column] < 0:
            return n
        short = tops[column] - part[2], part[3] - bottoms[column]
        if min(short) < -END_PX or max(short) > lost:
            return n
    return 0


def _join(parts: list[Part], mine: Mask, ink: Mask) -> list[Part]:
    """Join stretches that agree across an interruption: what lies between is covered, and no other bar."""
    joined: list[tuple[Part, list[Part], list[Part]]] = []
    left: list[tuple[Part, list[Part], list[Part]]] = [(part, [part], []) for part in parts]
    at = 0
    while at < len(left):
        part, members, passed = left[at]
        _, _, top, bottom = part
        for k in range(at + 1, min(at + 1 + MOST_PIECES, len(left))):
            other, theirs, theirs_passed = left[k]
            agree = abs(top - other[2]) <= END_PX and abs(bottom - other[3]) <= END_PX
            if agree and _is_interruption(part, other, mine, ink):
                wider = part if part[1] - part[0] >= other[1] - other[0] else other
                passed += [m for _, inner, over in left[at + 1 : k] for m in (*inner, *over)]
                left[k] = (part[0], other[1], wider[2], wider[3]), members + theirs, passed + theirs_passed
                at = k
                break
        else:
            if part[1] - part[0] >= 2:
                joined.append((part, members, passed))
            at += 1
    return apart_again(joined)


def _is_interruption(one: Part, other: Part, mine: Mask, ink: Mask) -> bool:
    """Whether there is another stroke between two stretches of columns, and no gap between bars."""
    window = slice(max(one[2], other[2]), min(one[3], other[3]) + 1), slice(one[1] + 1, other[0])
    between = other[0] - one[1] - 1
    both = one[1] - one[0] + other[1] - other[0] + 2
    if ink[window].size == 0:
        return between == 0
    covered = float(ink[window].mean())
    if float(mine[window].mean()) > 0.5:
        return covered > 0.93 and between <= LONG_INTERRUPTION * both
    return covered > 0.7 and between <= INTERRUPTION * both + 1


def shift_box(box: Box, left: float, top: float) -> Box:
    """A box as seen from a crop that begins at ``left`` and ``top``."""
    return Box(left=box.left - left, top=box.top - top, right=box.right - left, bottom=box.bottom - top)


def turn_box(box: Box) -> Box:
    """A box with rows and columns exchanged."""
    return Box(left=box.top, top=box.left, right=box.bottom, bottom=box.right)


def cover_boxes(
    shape: tuple[int, ...], boxes: Sequence[Box], left: int, top: int, margin: float = 0.0
) -> Mask:
    """The pixels of a crop that begins at ``left`` and ``top`` which boxes cover, with a margin (px)."""
    mask = np.zeros(shape, dtype=bool)
    for b in boxes:
        rows = slice(max(0, round(b.top - margin) - top), max(0, round(b.bottom + margin) + 1 - top))
        columns = slice(max(0, round(b.left - margin) - left), max(0, round(b.right + margin) + 1 - left))
        mask[rows, columns] = True
    return mask
