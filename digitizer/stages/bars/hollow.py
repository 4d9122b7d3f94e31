"""Fill bars that are drawn as outlines: black and white figures leave their insides white, or nearly so.

What finds bars looks for areas of one colour that differ from the ground. An outline that encloses ground
has none; filled with a paler ink of the outline's own colour it is a bar like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, PanelFrame, Picture
from digitizer.stages.pixels.channels import largest
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.pixels.median_color import median_color
from digitizer.stages.pixels.rectangles import away_from

# Outlines differ from their ground by at least this (levels, largest channel), what they enclose by at most
# this (old plots fill with #f2f2f2), and is of one colour to this over this share of it.
OUTLINE, PALE, EVEN, MOSTLY = 90, 40, 10, 0.97
# An inside fills its bounding box to this share, and is at least so large (px).
RECTANGULAR, LEAST_PX = 0.98, 3
# What encloses an inside is an outline on one of its long sides at least: no wider than this many times the
# inside (a filled bar between hollow ones: 1.2; the bars beside a gap between them: 1.5 and more).
OUTLINE_WIDTH = 1.3
# Insides that stand on one base agree in it and in their width to this (px).
SAME_PX = 1.5
# So many bars of one row, of which some differ in height by more than SAME_PX.
FEWEST = 2
# A legend's sample is an outlined box no higher than this (px) and so much wider than high.
SAMPLE_PX, SAMPLE_ASPECT = 40, 1.3
# The sides of an outline lie one way from the ground to this (cosine: 12 degrees; the blue of a bar and the
# grey of a grid 20).
ALIKE_WAYS = 0.978
# Places between the lines of a grid lie so near each other (px), and end at bars: beyond an end fill is
# seen so far (px) from it.
TOUCH_PX, BEYOND_PX = 5, 6
# How strongly the insides may be inked beside their outlines: the first that no more than this share of the
# panel's pixels are near (levels), or the one that has fewest.
FILLS, NEAR_LEVELS, NEAR_SHARE = (0.45, 0.7, 0.25), 24, 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Insides:
    """Even pale places that outlines enclose: their bounds (left, top, right, bottom) in the picture."""

    bounds: NDArray[np.intp]


def fill_hollow_bars(picture: Picture, frames: Sequence[PanelFrame]) -> Picture:
    """The picture with the insides of outlined bars, and of their legend's samples, inked.

    Parameters
    ----------
    picture
        The decoded source.
    frames
        Its panels. Where none has hollow bars the picture is returned as it is.
    """
    rgb: NDArray[np.uint8] | None = None
    for frame in frames:
        ground = np.asarray(frame.background, dtype=np.float64)
        insides = _find_insides(picture.rgb, frame.box, ground)
        rows = _rows_of_bars(insides.bounds)
        if not len(rows) or _are_cells(picture.rgb, rows, ground):
            continue
        rgb = picture.rgb.copy() if rgb is None else rgb
        outline = np.median([_outline_color(picture.rgb, r, ground) for r in rows], axis=0)
        color = _fill_color(picture.rgb, frame.box, ground, np.asarray(outline))
        samples = [b for b in insides.bounds if _may_be_sample(b) and not _overlaps_any(b, rows)]
        for left, top, right, bottom in (*rows, *samples):
            rgb[top : bottom + 1, left : right + 1] = np.round(color).astype(np.uint8)
    return picture if rgb is None else replace(picture, rgb=rgb)


def _fill_color(rgb: NDArray[np.uint8], box: Box, ground: FloatArray, outline: FloatArray) -> FloatArray:
    """A paler ink of the outline's colour that a panel has none of: other bars may be grey."""
    part = rgb[max(0, round(box.top)) : round(box.bottom), max(0, round(box.left)) : round(box.right)]
    part = part.astype(np.int16)
    colors = [ground + share * (outline - ground) for share in FILLS]
    counts = [int(np.count_nonzero(largest(np.abs(part - c)) <= NEAR_LEVELS)) for c in colors]
    free = [k for k, n in enumerate(counts) if n <= NEAR_SHARE * part[..., 0].size]
    return colors[free[0] if free else int(np.argmin(counts))]


def _find_insides(rgb: NDArray[np.uint8], box: Box, ground: FloatArray) -> _Insides:
    """The pale rectangles that strong strokes enclose within a panel and its sides."""
    top, left = max(0, round(box.top) - 1), max(0, round(box.left) - 1)
    part = rgb[top : round(box.bottom) + 2, left : round(box.right) + 2]
    off = away_from(part, ground)
    _, stats = label_pieces(off < OUTLINE, connectivity=4)
    x, y, wide, tall, area = (stats[:, k] for k in range(5))
    height, width = off.shape
    fits = (area >= RECTANGULAR * wide * tall) & (np.minimum(wide, tall) >= LEAST_PX)
    fits &= (x > 0) & (y > 0) & (x + wide < width) & (y + tall < height)
    fits[0] = False
    if np.count_nonzero(fits) < FEWEST:
        return _Insides(bounds=np.zeros((0, 4), dtype=np.intp))
    found = []
    for k in np.flatnonzero(fits):
        inner = part[y[k] + 1 : y[k] + tall[k] - 1, x[k] + 1 : x[k] + wide[k] - 1].reshape(-1, 3)
        if not len(inner):
            continue
        usual = median_color(inner)
        even = np.mean(largest(np.abs(inner - usual)) <= EVEN) >= MOSTLY
        if wide[k] <= tall[k]:
            line, first, size = off[y[k] + tall[k] // 2], x[k], wide[k]
        else:
            line, first, size = off[:, x[k] + wide[k] // 2], y[k], tall[k]
        outlined = _beside(line, first, first + size - 1) <= OUTLINE_WIDTH * size
        if even and outlined and np.abs(usual - ground).max() <= PALE:
            found.append((x[k] + left, y[k] + top, x[k] + wide[k] - 1 + left, y[k] + tall[k] - 1 + top))
    return _Insides(bounds=np.array(found, dtype=np.intp).reshape(-1, 4))


def _beside(off: NDArray[np.uint8], first: int, last: int) -> int:
    """How wide the narrower of the two strokes is that bound an inside along a line of pixels across it."""
    ground = np.flatnonzero(off < OUTLINE)
    before, after = ground[ground < first], ground[ground > last]
    return min(
        first - 1 - (before[-1] if len(before) else -1), (after[0] if len(after) else len(off)) - last - 1
    )


def _rows_of_bars(bounds: NDArray[np.intp]) -> list[tuple[int, int, int, int]]:
    """The rectangles that stand on one base, side by side: as bars upright or level; none where cells do."""
    best: list[int] = []
    for base, end, low, high in ((3, 1, 0, 2), (0, 2, 1, 3)):
        for k in range(len(bounds)):
            row = np.flatnonzero(
                (np.abs(bounds[:, base] - bounds[k, base]) <= SAME_PX)
                & (np.abs(np.ptp(bounds[:, [low, high]], axis=1) - np.ptp(bounds[k, [low, high]])) <= SAME_PX)
            )
            lengths = bounds[row, end]
            if len(row) < max(FEWEST, len(best) + 1) or np.ptp(lengths) <= SAME_PX:
                continue
            others = np.setdiff1d(np.arange(len(bounds)), row)
            # Cells of a table or a grid stand on each other.
            on_top = np.abs(bounds[others, base][:, None] - lengths[None]) <= 2 * SAME_PX + 2
            on_top &= np.abs(bounds[others, low][:, None] - bounds[row, low][None]) <= SAME_PX
            if not on_top.any():
                best = row.tolist()
    return [tuple(int(v) for v in bounds[i]) for i in best]  # type: ignore[misc]


def _are_cells(rgb: NDArray[np.uint8], rows: Sequence[tuple[int, int, int, int]], ground: FloatArray) -> bool:
    """Whether most rectangles have sides of unlike colours: places between filled bars and a grid.

    A thin stroke is paler where it falls between two pixels, so that colours are compared by where they lie
    from the ground and not by how far. The base may be any: the frame's side, where a bar stands.
    """
    upright = np.ptp([bottom for *_, bottom in rows]) <= SAME_PX
    unlike = 0
    for left, top, right, bottom in rows:
        level, standing = slice(left, right + 1), slice(top, bottom + 1)
        third = rgb[standing, left - 1] if upright else rgb[min(len(rgb) - 1, bottom + 1), level]
        sides = third, rgb[top - 1, level], rgb[standing, min(rgb.shape[1] - 1, right + 1)]
        away = np.array([np.median(side, axis=0) for side in sides]) - ground
        away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1.0)
        unlike += bool((away @ away.T).min() < ALIKE_WAYS)
    return 2 * unlike > len(rows) or _end_at_bars(rgb, rows, ground, upright=bool(upright))


def _end_at_bars(
    rgb: NDArray[np.uint8], rows: Sequence[tuple[int, int, int, int]], ground: FloatArray, *, upright: bool
) -> bool:
    """Whether rectangles without gaps between them end where filled ones begin: between a grid's lines."""
    bounds = np.array(sorted(rows, key=lambda r: r[0 if upright else 1]))
    low, high = (bounds[:, 0], bounds[:, 2]) if upright else (bounds[:, 1], bounds[:, 3])
    if np.any(low[1:] - high[:-1] > TOUCH_PX):
        return False
    closed = 0
    for left, top, right, bottom in bounds:
        row, column = max(0, top - BEYOND_PX), min(rgb.shape[1] - 1, right + BEYOND_PX)
        beyond = rgb[row, left : right + 1] if upright else rgb[top : bottom + 1, column]
        closed += bool(np.abs(np.median(beyond, axis=0) - ground).max() > PALE)
    return 2 * closed > len(bounds)


def _may_be_sample(bounds: NDArray[np.intp]) -> bool:
    wide, tall = bounds[2] - bounds[0] + 1, bounds[3] - bounds[1] + 1
    return bool(tall <= SAMPLE_PX and wide >= SAMPLE_ASPECT * tall)


def _overlaps_any(bounds: NDArray[np.intp], rows: Sequence[tuple[int, int, int, int]]) -> bool:
    return any(
        bounds[0] <= r[2] and r[0] <= bounds[2] and bounds[1] <= r[3] and r[1] <= bounds[3] for r in rows
    )


def _outline_color(
    rgb: NDArray[np.uint8], bounds: tuple[int, int, int, int], ground: FloatArray
) -> FloatArray:
    """The strongest of the colours around a rectangle's far side: its outline's."""
    left, top, right, bottom = bounds
    around = np.concatenate([
        rgb[max(0, top - 1), left : right + 1],
        rgb[min(len(rgb) - 1, bottom + 1), left : right + 1],
        rgb[top : bottom + 1, max(0, left - 1)],
        rgb[top : bottom + 1, min(rgb.shape[1] - 1, right + 1)],
    ]).astype(np.float64)  # fmt: skip
    return np.asarray(np.median(around, axis=0))
