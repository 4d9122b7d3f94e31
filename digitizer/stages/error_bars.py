"""Find error bars on points: upright strokes, capped or bare at both ends, interrupted by marker or line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import Box, FloatArray, Mask, PanelFrame, Picture, Trace
from digitizer.stages.series.ink import Ink, see_ink

# Ink this strong (RGB units) is a stroke's core.
STRONG = 45.0
# A stem is no wider than this (px, and frame lines with one pixel of anti-aliasing).
STEM_PX = 4
STEM_LINES = 2.5
# A piece of a stem is this high (px) at least, a whole one this high.
PIECE_PX = 3
LEAST_PX = 7
# A marker or line interrupts a stem for no more than this (px, and share of the panel's height).
MARKER_PX = 16
MARKER_SHARE = 0.06
# The pieces of a stem stand above each other to this (px); those of steep lines drift.
DRIFT_PX = 0.5
# A cap is no wider than this share of the panel, no thicker than a stem, and its middle is the stem's (px).
CAP_SHARE = 0.08
CAP_OFF_PX = 1.6
# Error bars come in numbers.
FEWEST = 3
# A text that is an error bar is no higher than this allows.
LETTER_SHARE = 0.6
# Arms of plus and star markers are alike in height to this (px) and as high as wide.
ALIKE_PX = 1.5
# A point belongs to a stem this near (px); a series has stems at this share of its points.
NEAR_PX = 2.5
MOST_POINTS = 0.5
# A point seen by its stem alone is the middle of what interrupts it: marker or line of its colour (largest
# channel), to this (px).
SAME_COLOR = 60
STEM_SIGMA_PX = 0.7
# A bare line that runs straight between its stems, to this (px), has its points there.
STRAIGHT_PX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """One error bar in source pixels: where it stands, its ends, and the boxes of its strokes.

    ``middle`` is the row where ink interrupts it longest: its point; NaN where nothing does.
    """

    x: float
    top: float
    bottom: float
    middle: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A narrow upright piece of ink in the crop; rows inclusive."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2


def find_stems(
    picture: Picture, frame: PanelFrame, obstacles: tuple[Box, ...]
) -> tuple[tuple[Stem, ...], tuple[Box, ...]]:
    """Find the error bars inside a panel; none where there are fewer than three.

    Returns
    -------
    stems
        By their tops.
    obstacles
        Those that are left: an error bar with its marker is read as a letter now and then.

    Notes
    -----
    Rows where ink is only a few pixels wide make pieces; pieces that stand on one another, with nothing but
    ink between them, make a stem. Steps and spikes go on sideways at one of their ends, error bars at none.
    """
    ink = see_ink(picture, frame, ())
    if ink is None:
        return (), obstacles
    on = ink.strength > max(STRONG, 5 * ink.noise)
    widest = max(STEM_PX, int(STEM_LINES * ink.frame_line) + 1)
    lengths, starts = _level_runs(on)
    pieces = _pieces(on & (lengths <= widest), widest)
    if len(pieces) < FEWEST:
        return (), obstacles
    stems = []
    for chain in _chains(pieces, on):
        stem = _as_stem(chain, ink, lengths, starts, widest)
        if stem is not None:
            stems.append(stem)
    letters = [box for box in obstacles if any(_is_letter(box, stem) for stem in stems)]
    others = tuple(box for box in obstacles if box not in letters)
    stems = [s for s in stems if not any(box.contains(s.x, y) for box in others for y in (s.top, s.bottom))]
    if len(stems) < FEWEST or _are_markers(stems, lengths, ink):
        return (), obstacles
    return tuple(stems), others


def _is_letter(box: Box, stem: Stem) -> bool:
    """Whether what was read as text is an error bar and nothing else."""
    height = stem.bottom - stem.top
    holds = abs(box.center[0] - stem.x) <= 0.3 * box.width and height >= LETTER_SHARE * box.height
    return holds and box.width <= max(1.2 * height, 2 * MARKER_PX) and box.overlaps(stem.boxes[0])


def _row(y: float, ink: Ink) -> int:
    return int(np.clip(round(y) - ink.top, 0, ink.height - 1))


def _level_runs(on: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each set pixel the length of its run along the row, and the run's first column."""
    height, width = on.shape
    padded = np.zeros((height, width + 1), dtype=np.int8)
    padded[:, :width] = on
    line = padded.ravel()
    flips = np.diff(line, prepend=np.int8(0))
    begin, end = np.flatnonzero(flips == 1), np.flatnonzero(flips == -1)
    lengths = np.zeros(line.size, dtype=np.int64)
    starts = np.zeros(line.size, dtype=np.int64)
    size = end - begin
    where = np.flatnonzero(line)
    lengths[where] = np.repeat(size, size)
    starts[where] = np.repeat(begin % (width + 1), size)
    return lengths.reshape(height, width + 1)[:, :width], starts.reshape(height, width + 1)[:, :width]


def _pieces(narrow: Mask, widest: int) -> list[_Piece]:
    """Upright pieces of narrow ink, by column and row."""
    n, _, stats, _ = cv2.connectedComponentsWithStats(narrow.astype(np.uint8), connectivity=8)
    found = []
    for x, y, w, h, area in stats[1:n]:
        if h >= PIECE_PX and w <= widest and area >= 0.7 * w * h and h > w / 2:
            found.append(_Piece(left=int(x), right=int(x + w - 1), top=int(y), bottom=int(y + h - 1)))
    return sorted(found, key=lambda p: (p.top, p.left))


def _chains(pieces: Sequence[_Piece], on: Mask) -> list[list[_Piece]]:
    """Pieces above each other with nothing but ink between."""
    most = max(MARKER_PX, MARKER_SHARE * on.shape[0])
    chains: list[list[_Piece]] = []
    for piece in pieces:
        column = round(piece.x)
        for chain in chains:
            last = chain[-1]
            near = abs(chain[0].x - piece.x) <= DRIFT_PX and 0 < piece.top - last.bottom <= most
            if near and on[last.bottom : piece.top, column].all():
                chain.append(piece)
                break
        else:
            chains.append([piece])
    return chains


def _as_stem(
    chain: Sequence[_Piece],
    ink: Ink,
    lengths: NDArray[np.int64],
    starts: NDArray[np.int64],
    widest: int,
) -> Stem | None:
    """A chain as an error bar, where both of its ends are bare or capped."""
    x = float(np.median([p.x for p in chain]))
    ends = []
    for row, outward in ((chain[0].top, -1), (chain[-1].bottom, 1)):
        end = _end(row, outward, x, lengths, starts, widest)
        if end is None:
            return None
        ends.append(end)
    (top, top_cap), (bottom, bottom_cap) = ends
    if bottom - top < LEAST_PX or top <= 1 or bottom >= ink.height - 2:
        return None
    if len(chain) == 1 and (top_cap is None or bottom_cap is None):
        return None
    boxes = [
        Box(left=p.left + ink.left, right=p.right + ink.left, top=p.top + ink.top, bottom=p.bottom + ink.top)
        for p in chain
    ]
    for cap in (top_cap, bottom_cap):
        if cap is not None:
            first, last, high, low = cap
            boxes.append(
                Box(left=first + ink.left, right=last + ink.left, top=high + ink.top, bottom=low + ink.top)
            )
    gaps = [(b.top - a.bottom, (a.bottom + b.top) / 2) for a, b in pairwise(chain)]
    middle = max(gaps)[1] + ink.top if gaps else np.nan
    return Stem(x=x + ink.left, top=top + ink.top, bottom=bottom + ink.top, middle=middle, boxes=tuple(boxes))


Cap = tuple[int, int, int, int]


def _end(
    row: int,
    outward: int,
    x: float,
    lengths: NDArray[np.int64],
    starts: NDArray[np.int64],
    widest: int,
) -> tuple[float, Cap | None] | None:
    """Where a stem ends and its cap (first and last column, rows); None where it runs into other ink."""
    height, width = lengths.shape
    column = round(x)
    rows = []
    at = row + outward
    while 0 <= at < height and lengths[at, column] > 0:
        rows.append(at)
        at += outward
        if len(rows) > widest + 1:
            return None
    if not rows:
        return row + 0.5 * outward, None
    first = min(int(starts[r, column]) for r in rows)
    last = max(int(starts[r, column] + lengths[r, column]) - 1 for r in rows)
    if last - first + 1 > max(8, CAP_SHARE * width) or abs((first + last) / 2 - x) > CAP_OFF_PX:
        return None
    return float(np.mean(rows)), (first, last, min(rows), max(rows))


def _are_markers(stems: Sequence[Stem], lengths: NDArray[np.int64], ink: Ink) -> bool:
    """Whether the stems are the arms of plus or star markers: alike, and as high as wide."""
    heights = np.array([s.bottom - s.top for s in stems])
    if np.quantile(heights, 0.9) - np.quantile(heights, 0.1) > ALIKE_PX:
        return False
    widths = []
    for s in stems:
        column = round(s.x) - ink.left
        widths.append(int(lengths[_row(s.top, ink) : _row(s.bottom, ink) + 1, column].max()))
    return bool(abs(np.median(widths) - np.median(heights)) <= 0.2 * np.median(heights) + ALIKE_PX)


def without_stems(picture: Picture, frame: PanelFrame, stems: Sequence[Stem]) -> Picture:
    """The picture with error bars painted over in the panel's ground; what crosses them stays."""
    rgb = picture.rgb.copy()
    for stem in stems:
        for box in stem.boxes:
            rows = slice(max(0, round(box.top)), round(box.bottom) + 1)
            is_cap = box.width > box.height and not (box.top < (stem.top + stem.bottom) / 2 < box.bottom)
            if is_cap:
                rows = slice(max(0, round(box.top) - 1), round(box.bottom) + 2)
            rgb[rows, max(0, round(box.left) - 1) : round(box.right) + 2] = frame.background
    return replace(picture, rgb=rgb)


def attach_stems(
    picture: Picture, traces: Sequence[Trace], stems: Sequence[Stem]
) -> tuple[Trace, ...] | None:
    """The traces with the error bars of their points; None where the stems belong to none of them.

    A stem that is interrupted by ink of the trace's colour where no point was seen has one there.
    """
    found = [_with_errors(picture, trace, stems) for trace in traces]
    if all(after is before for after, before in zip(found, traces, strict=True)):
        return None
    return tuple(found)


def _with_errors(picture: Picture, trace: Trace, stems: Sequence[Stem]) -> Trace:
    if trace.kind not in ("line", "scatter"):
        return trace
    pointed = trace if trace.sampled_at == "markers" else _at_stems(trace, stems)
    n_points = np.count_nonzero(np.isfinite(pointed.y_px))
    holders = [_holder(pointed, stem) for stem in stems]
    n_held = sum(holder is not None for holder in holders)
    if n_held < max(FEWEST, MOST_POINTS * n_points):
        return trace
    x, y, sigma = (list(column) for column in (pointed.x_px, pointed.y_px, pointed.sigma_px))
    low, high = [np.nan] * len(x), [np.nan] * len(x)
    for stem, holder in zip(stems, holders, strict=True):
        if holder is not None:
            low[holder], high[holder] = stem.bottom, stem.top
        elif trace.sampled_at == "markers" and _shows(picture, stem, trace.color):
            for column, value in zip((x, y, sigma, low, high), _point(stem), strict=True):
                column.append(value)
    order = np.argsort(x, kind="stable") if len(x) > pointed.x_px.size else np.arange(len(x))
    x_px, y_px, sigma_px, y_low, y_high = (np.array(c)[order] for c in (x, y, sigma, low, high))
    return replace(pointed, x_px=x_px, y_px=y_px, sigma_px=sigma_px, y_low_px=y_low, y_high_px=y_high)


def _point(stem: Stem) -> tuple[float, float, float, float, float]:
    return stem.x, stem.middle, STEM_SIGMA_PX, stem.bottom, stem.top


def _holder(trace: Trace, stem: Stem) -> int | None:
    """The point that a stem belongs to."""
    with np.errstate(invalid="ignore"):
        held = (
            (np.abs(trace.x_px - stem.x) <= NEAR_PX) & (trace.y_px >= stem.top) & (trace.y_px <= stem.bottom)
        )
    return int(np.argmax(held)) if held.any() else None


def _shows(picture: Picture, stem: Stem, color: tuple[int, int, int]) -> bool:
    """Whether a stem is interrupted by ink of a colour."""
    if not np.isfinite(stem.middle):
        return False
    seen = picture.rgb[round(stem.middle), round(stem.x)].astype(np.int64)
    return bool(np.abs(seen - np.array(color)).max() <= SAME_COLOR)


def _at_stems(trace: Trace, stems: Sequence[Stem]) -> Trace:
    """A bare line as the points at its stems, where it runs straight from one to the next."""
    seen = np.isfinite(trace.y_px)
    if np.count_nonzero(seen) < 2:
        return trace
    order = np.argsort(trace.x_px[seen], kind="stable")
    x, y, sigma = (column[seen][order] for column in (trace.x_px, trace.y_px, trace.sigma_px))
    at: FloatArray = np.sort(np.array([s.x for s in stems if x[0] - NEAR_PX <= s.x <= x[-1] + NEAR_PX]))
    height = np.interp(at, x, y)
    mine = np.array(
        [any(s.x == a and s.top <= h <= s.bottom for s in stems) for a, h in zip(at, height, strict=True)]
    )
    if np.count_nonzero(mine) < FEWEST:
        return trace
    at, height = at[mine], height[mine]
    spans = at[0] - x[0] <= 2 * NEAR_PX and x[-1] - at[-1] <= 2 * NEAR_PX
    if not spans or float(np.quantile(np.abs(np.interp(x, at, height) - y), 0.95)) > STRAIGHT_PX:
        return trace
    return replace(trace, x_px=at, y_px=height, sigma_px=np.interp(at, x, sigma), sampled_at="vertices")
