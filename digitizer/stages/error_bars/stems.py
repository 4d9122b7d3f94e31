"""Find error bars: upright strokes, capped or bare at both ends, interrupted by marker or line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, ByteImage, FloatArray, Mask, PanelFrame, Picture
from digitizer.stages.error_bars.hollows import find_hollows, with_hollows
from digitizer.stages.error_bars.stem_shape import (
    CAP_OFF_PX,
    LEAST_PX,
    MARKER_PX,
    PIECE_PX,
    Layer,
    Piece,
    Stem,
    as_stem,
    profile_of,
)
from digitizer.stages.pixels.blends import sine_between
from digitizer.stages.pixels.components import label_pieces
from digitizer.stages.series.inks.distinct import CLEAN, project
from digitizer.stages.series.inks.ink import Ink

# Ink this strong (RGB units) is a stroke's core.
STRONG = 45.0
# ... where JPEG smears strokes, of this share at least of the strongest ink this far (px) along the row.
# The halo that it leaves beside them is fainter than this (largest channel).
SMEARED = 0.5
SMEAR_PX = 3
HALO_PX = 5
HALO = 80.0
# A stem is no wider than this (px, and frame lines with one pixel of anti-aliasing; the lines of frames that
# are thicker than four pixels are as thick as stems are, and markers not much wider than two of them).
STEM_PX = 4
STEM_LINES = 2.5
THICK_PX = 11
# Error bars come in numbers; two with a point in the middle of each may be those of a line between two groups
# (seaborn's pointplot).
FEWEST = 3
PAIR = 2
# What a stem was drawn over is so far (RGB units) from any blend of its colour and the ground: brown discs
# under black stems 49, blue ones 106; rims of the stem's own colour 10, and 60 in JPEG.
OTHER, OTHER_SMEARED = 40.0, 80.0
# Grid lines are no wider than this (px).
GRID_PX = 2
# A text that is an error bar is no higher than this allows.
LETTER_SHARE = 0.6
# Arms of plus and star markers are alike in height to this (px) and as high as wide.
ALIKE_PX = 1.5
# Ink within this many columns beside a stem stands along this share of it at most, but for so many rows about
# its point and at each of its ends: lines make 0 to 0.4 of the rest at the median stem of drawn error bars,
# the spikes of dense curves 1.0. Where fewer rows are left all are counted.
BESIDE_PX = 7
CROWDED = 0.7
POINT_ROWS = 5
CAP_ROWS = 2
FEWEST_ROWS = 4
# A thin stem shows this share of its colour at least, and leaves this share of it unexplained at most.
PALEST = 0.3
OFF_COLOR = 0.25
# Tints of one colour differ in direction from the ground (sine) by less.
ALIKE = 0.35
# Steel blue is no pale black (0.17, sine 0.29): greys, whose channels are so near each other (RGB units),
# have tints nearer by, unless JPEG mixes colours.
OFF_GREY, ALIKE_GREY, GREY = 0.12, 0.2, 20.0
# Pieces of this many colours are looked at, those that are many; dense noise has more pieces than that.
MOST_COLORS = 6
MOST_PIECES = 1500
# An upright piece fills so much of its box.
UPRIGHT = 0.7

_Seen = tuple[Layer, list[Piece]]


def find_stems(ink: Ink | None, obstacles: tuple[Box, ...]) -> tuple[tuple[Stem, ...], tuple[Box, ...]]:
    """Find the error bars inside a panel; none where there are fewer than three, but for pairs with points.

    Parameters
    ----------
    ink
        What is drawn in the panel, nothing of it hidden; None where it has no inside.
    obstacles
        Boxes of text and legend (source px).

    Returns
    -------
    stems
        By their tops.
    obstacles
        Those that are left: an error bar with its marker is read as a letter now and then.

    Notes
    -----
    Rows where ink of a colour is only a few pixels wide make pieces. In the column of a piece, ink goes on
    through marker or line and ends on both sides, or in caps: a stem. Beside a line that leaves the marker
    upwards one of the stem's sides stays where it is. Steps and spikes go on sideways at one of their ends.
    """
    if ink is None:
        return (), obstacles
    on = ink.stands_out(STRONG)
    if ink.noise > CLEAN:
        around = cv2.dilate(ink.strength, np.ones((1, 2 * SMEAR_PX + 1), np.uint8))
        on &= ink.strength > SMEARED * around
    usual = min(THICK_PX, int(STEM_LINES * ink.frame_line) + 1)
    widest = max(STEM_PX, usual, int(ink.frame_line) + 1)
    on, whole, layers = _see_layers(ink, on, widest)
    found = [stem for layer, pieces in layers for stem in _find(layer, pieces, on, ink)]
    stems = _distinct(sorted(found, key=lambda s: s.top))
    letters = [box for box in obstacles if any(_is_letter(box, stem) for stem in stems)]
    others = tuple(box for box in obstacles if box not in letters)
    stems = [s for s in stems if not any(box.contains(s.x, y) for box in others for y in (s.top, s.bottom))]
    few = len(stems) < FEWEST and not _are_pair(stems)
    if few or _are_markers(stems, whole[0].lengths, ink) or _are_noise(stems, on, ink):
        return (), obstacles
    return tuple(stems), others


def _are_pair(stems: Sequence[Stem]) -> bool:
    """Whether two stems apart from each other have a point each."""
    apart = len(stems) == PAIR and abs(stems[0].x - stems[1].x) > BESIDE_PX
    return apart and all(np.isfinite(s.middle) for s in stems)


def _distinct(stems: Sequence[Stem]) -> list[Stem]:
    """The stems without those found twice, from neighbouring columns."""
    kept: list[Stem] = []
    for stem in stems:
        if not any(
            abs(k.x - stem.x) <= CAP_OFF_PX
            and min(k.bottom, stem.bottom) - max(k.top, stem.top) > 0
            and abs(k.middle - stem.middle) <= MARKER_PX / 4
            for k in kept
        ):
            kept.append(stem)
    return kept


def _is_letter(box: Box, stem: Stem) -> bool:
    """Whether what was read as text is an error bar and nothing else."""
    height = stem.bottom - stem.top
    holds = abs(box.center[0] - stem.x) <= 0.3 * box.width and height >= LETTER_SHARE * box.height
    return holds and box.width <= max(1.2 * height, 2 * MARKER_PX) and box.overlaps(stem.boxes[0])


def _see_layers(ink: Ink, on: Mask, widest: int) -> tuple[Mask, _Seen, list[_Seen]]:
    """All ink with the insides of hollow markers in it, as one layer and as one of each colour."""
    whole = _see_layer(on, on, widest)
    masks = _colors(ink, whole)
    hollows = find_hollows(on) if masks else []
    if hollows:
        filled = with_hollows(on, hollows)
        masks = [filled if mine is on else with_hollows(mine, hollows) for mine in masks]
        on, whole = filled, _see_layer(filled, filled, widest)
    return on, whole, [whole if mine is on else _see_layer(mine, on, widest) for mine in masks]


def _colors(ink: Ink, whole: _Seen) -> list[Mask]:
    """The ink of each colour that upright pieces have; all of it, the same mask, where they have one."""
    on, pieces = whole[0].mine, whole[1]
    if not FEWEST <= len(pieces) <= MOST_PIECES:
        return []
    rows = np.array([(p.top + p.bottom) // 2 for p in pieces])
    columns = np.array([round(p.x) for p in pieces])
    order = np.argsort(-ink.strength[rows, columns], kind="stable")
    left = np.ones(len(pieces), dtype=bool)
    colors: list[FloatArray] = []
    for k in order:
        if left[k] and len(colors) < MOST_COLORS:
            color = ink.rgb[rows[k], columns[k]].astype(np.float64)
            like = _is_of(ink, rows, columns, color)
            left &= ~like
            step = color - ink.ground[rows[k], columns[k]]
            is_new = all(
                sine_between(step, other - ink.ground[rows[k], columns[k]])
                > (ALIKE_GREY if _is_grey(other, ink) else ALIKE)
                for other in colors
            )
            colors += [color] if is_new and like.sum() >= FEWEST else []
    if len(colors) < 2:
        return [on]
    at = np.nonzero(on)
    masks = []
    for color in colors:
        mask = np.zeros(on.shape, dtype=bool)
        mask[at] = _is_of(ink, at[0], at[1], color)
        masks.append(mask)
    return masks


def _is_of(ink: Ink, rows: NDArray[np.intp], columns: NDArray[np.intp], color: FloatArray) -> Mask:
    """Which pixels are blends of a colour and the ground."""
    ground = ink.ground[rows, columns]
    alpha, off = project(ink.rgb[rows, columns], ground, color)
    length = np.sqrt(np.square(color.astype(np.float32) - ground).sum(axis=1))
    most = OFF_GREY if _is_grey(color, ink) else OFF_COLOR
    return np.asarray((alpha > PALEST) & (off < most * length + 4 * ink.noise + 6))


def _is_grey(color: FloatArray, ink: Ink) -> bool:
    """Whether a colour is a grey or black in a picture that keeps colours apart."""
    return bool(ink.noise <= CLEAN and np.ptp(color) < GREY)


def _row(y: float, ink: Ink) -> int:
    return int(np.clip(round(y) - ink.top, 0, ink.height - 1))


def _see_layer(mine: Mask, on: Mask, widest: int) -> _Seen:
    """The ink of one colour with its runs along the rows, and its upright pieces."""
    lengths, starts = _level_runs(mine)
    layer = Layer(mine=mine, other=on & ~mine, lengths=lengths, starts=starts, widest=widest)
    return layer, _pieces(mine & (lengths <= widest), widest)


def _level_runs(on: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each set pixel the length of its run along the row, and the run's first column."""
    height, width = on.shape
    padded = np.zeros((height, width + 1), dtype=np.int8)
    padded[:, :width] = on
    line = padded.ravel()
    flips = np.diff(line, prepend=np.int8(0))
    begin, end = np.flatnonzero(flips == 1), np.flatnonzero(flips == -1)
    lengths = np.zeros(line.size, dtype=np.int32)
    starts = np.zeros(line.size, dtype=np.int32)
    size = end - begin
    where = np.flatnonzero(line)
    lengths[where] = np.repeat(size, size)
    starts[where] = np.repeat(begin % (width + 1), size)
    return lengths.reshape(height, width + 1)[:, :width], starts.reshape(height, width + 1)[:, :width]


def _pieces(narrow: Mask, widest: int) -> list[Piece]:
    """Upright pieces of narrow ink, by column and row."""
    # Shreds of sloping lines are lower than stems.
    tall = cv2.morphologyEx(narrow.astype(np.uint8), cv2.MORPH_OPEN, np.ones((PIECE_PX, 1), np.uint8))
    if not tall.any():
        return []
    labels, stats = label_pieces(tall > 0)
    found = []
    for label, (x, y, w, h, area) in enumerate(stats[1:], start=1):
        piece: Piece | None = Piece(left=int(x), right=int(x + w - 1), top=int(y), bottom=int(y + h - 1))
        if w > widest or area < UPRIGHT * w * h:
            few = h >= LEAST_PX and len(stats) <= MOST_PIECES
            piece = _without_slopes(labels[y : y + h, x : x + w] == label, x, y, widest) if few else None
        if piece is not None and piece.bottom - piece.top + 1 > (piece.right - piece.left + 1) / 2:
            found.append(piece)
    return sorted(found, key=lambda p: (p.top, p.left))


def _without_slopes(mine: Mask, left: int, top: int, widest: int) -> Piece | None:
    """The upright part of a piece that a sloping line enters; None where it has none, or two.

    In the columns of the line that enters an error bar, ink is less than half as high.
    """
    height = mine.shape[0] // 2 + 1
    tall = cv2.morphologyEx(mine.astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, 1), np.uint8))
    rows, columns = np.nonzero(tall)
    if not rows.size:
        return None
    w, h = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    if w > widest or rows.size < UPRIGHT * w * h:
        return None
    return Piece(
        left=left + int(columns.min()),
        right=left + int(columns.max()),
        top=top + int(rows.min()),
        bottom=top + int(rows.max()),
    )


def _find(layer: Layer, pieces: Sequence[Piece], on: Mask, ink: Ink) -> list[Stem]:
    """The stems of one colour, which other ink may cover."""
    done: set[tuple[int, int]] = set()
    stems = []
    for piece in pieces if len(pieces) <= MOST_PIECES else ():
        column, row = round(piece.x), (piece.top + piece.bottom) // 2
        bare = np.flatnonzero(~_bridged(on, ink.on_grid, column, 2 * piece.x - column))
        k = int(np.searchsorted(bare, row))
        first = int(bare[k - 1]) + 1 if k else 0
        last = int(bare[k]) - 1 if k < bare.size else on.shape[0] - 1
        if (column, first) in done or first <= 1 or last >= on.shape[0] - 2:
            continue
        done.add((column, first))
        profile = profile_of(layer, piece, np.arange(first, last + 1))
        stem = None if profile is None else as_stem(layer, profile, ink)
        stems += [stem] if stem is not None else []
    return [stem for stem in stems if not any(_runs_on(stem, other) for other in stems)]


def _bridged(on: Mask, on_grid: Mask, column: int, beside: float) -> Mask:
    """The ink of a column, and of the one beside it where a grid line interrupts the first.

    A stem between two columns shows in one of them alone where a line crosses it.
    """
    own = on[:, column]
    around = np.pad(own, GRID_PX)
    above, below = (
        np.any([around[GRID_PX + step * k :][: own.size] for k in range(1, GRID_PX + 1)], axis=0)
        for step in (-1, 1)
    )
    return np.asarray(own | (above & below & on_grid[:, column] & on[:, int(beside)]))


def _runs_on(stem: Stem, other: Stem) -> bool:
    """Whether a stem goes on beside itself at other heights: the rim of a steep line under another one."""
    beside = abs(stem.x - other.x) <= BESIDE_PX and min(stem.bottom, other.bottom) > max(stem.top, other.top)
    return beside and min(abs(stem.top - other.top), abs(stem.bottom - other.bottom)) > ALIKE_PX


def _are_markers(stems: Sequence[Stem], lengths: NDArray[np.int32], ink: Ink) -> bool:
    """Whether the stems are the arms of plus or star markers: alike, and as high as wide."""
    heights = np.array([s.bottom - s.top for s in stems])
    if np.quantile(heights, 0.9) - np.quantile(heights, 0.1) > ALIKE_PX:
        return False
    widths = []
    for s in stems:
        column = round(s.x) - ink.left
        widths.append(int(lengths[_row(s.top, ink) : _row(s.bottom, ink) + 1, column].max()))
    return bool(abs(np.median(widths) - np.median(heights)) <= 0.2 * np.median(heights) + ALIKE_PX)


def _are_noise(stems: Sequence[Stem], on: Mask, ink: Ink) -> bool:
    """Whether the stems are spikes of a dense curve: other spikes stand close beside them."""
    shares = []
    for s in stems:
        column, rows = round(s.x) - ink.left, np.arange(_row(s.top, ink), _row(s.bottom, ink) + 1)
        middle = s.middle - ink.top if np.isfinite(s.middle) else -POINT_ROWS - 1.0
        arms = rows[CAP_ROWS:-CAP_ROWS]
        arms = arms[np.abs(arms - middle) > POINT_ROWS]
        part = on[arms if arms.size >= FEWEST_ROWS else rows]
        left = part[:, max(0, column - BESIDE_PX) : max(0, column - STEM_PX // 2)]
        right = part[:, column + STEM_PX // 2 + 1 : column + BESIDE_PX + 1]
        shares.append(float(np.mean(left.any(axis=1) | right.any(axis=1))))
    return float(np.median(shares)) > CROWDED


def without_stems(
    picture: Picture, frame: PanelFrame, stems: Sequence[Stem], *, smeared: bool = False
) -> Picture:
    """The picture with error bars painted over in the panel's ground; what crosses them stays.

    ``smeared``: whether the picture's strokes are, by JPEG.
    """
    rgb = picture.rgb.copy()
    ground = np.asarray(frame.background, dtype=np.float64)
    for stem in stems:
        for box in stem.boxes:
            rows = slice(max(0, round(box.top)), round(box.bottom) + 1)
            is_cap = box.width > box.height and not (box.top < (stem.top + stem.bottom) / 2 < box.bottom)
            if is_cap:
                rows = slice(max(0, round(box.top) - 1), round(box.bottom) + 2)
            around = slice(max(0, rows.start - HALO_PX), rows.stop + HALO_PX)
            halo = np.s_[around, max(0, round(box.left) - HALO_PX) : round(box.right) + HALO_PX + 1]
            faint = np.abs(picture.rgb[halo] - ground).max(axis=2) < HALO
            rgb[halo][faint] = frame.background
            rgb[rows, max(0, round(box.left) - 1) : round(box.right) + 2] = frame.background
    for stem in stems:
        _uncover_point(rgb, picture.rgb, stem, ground, smeared=smeared)
    return replace(picture, rgb=rgb)


def _uncover_point(rgb: ByteImage, seen: ByteImage, stem: Stem, ground: FloatArray, *, smeared: bool) -> None:
    """Paint marker or line of another colour whole that a stem was drawn over (in place), row by row.

    Stems are painted over in ``rgb`` already, and are as they were drawn in ``seen``. What one was drawn over
    shows alike on both sides of the stem, and is no blend of the stem's colour and the ground, as rims of
    markers of its own colour are.
    """
    arms = [box for box in stem.boxes if box.height > box.width]
    if not arms:
        return
    rows = slice(max(0, round(stem.top)), round(stem.bottom) + 1)
    columns = slice(max(1, round(arms[0].left) - 1), min(seen.shape[1] - 1, round(arms[0].right) + 2))
    if columns.stop <= columns.start:
        return
    own = seen[round(arms[0].center[1]), round(arms[0].center[0])].astype(np.float64)
    sides = rgb[rows, [columns.start - 1, columns.stop]].astype(np.float64)
    inked = (np.abs(sides - ground).max(axis=2) >= HALO).all(axis=1)
    inked &= np.abs(sides[:, 0] - sides[:, 1]).max(axis=1) < HALO
    middle = sides.mean(axis=1)
    _, off = project(middle.astype(np.float32), np.broadcast_to(ground, middle.shape).astype(np.float32), own)
    inked &= off > (OTHER_SMEARED if smeared else OTHER)
    # What lies over the stem shows already.
    now = seen[rows, columns].astype(np.float64)
    over = np.abs(now - own).sum(axis=2) < np.abs(now - middle[:, None]).sum(axis=2)
    over |= (rgb[rows, columns] == np.round(ground)).all(axis=2)
    rgb[rows, columns] = np.where((over & inked[:, None])[..., None], middle[:, None], rgb[rows, columns])
