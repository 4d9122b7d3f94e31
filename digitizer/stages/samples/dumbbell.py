"""Tell the samples that show a marker twice, at both ends of their line (Grace), or an error bar alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.evidence import FloatArray, Mask

# Between the markers lies this share of a sample at least, its line; that is of one width to this (px).
LEAST_BETWEEN = 0.25
EVEN_PX = 1.0
# A marker is thicker than its line by this factor and this (px), from its second column or so on; somewhere
# by these.
BULGE, BULGE_PX, TIP_PX = 1.25, 0.4, 2
THICKER, THICKER_PX = 1.6, 0.8
# It is about as wide as high, and the other one is its mirror image but for this (px, and mean coverage):
# programs that do not blend put both on whole pixels.
LEAST_WIDTH = 0.6
UNEQUAL_PX = 1
UNLIKE = 0.25
# A pixel that is covered so far is ink.
INK = 0.5
# Caps of an error bar lie in the outer fifths of its height, are so many times as wide as its stem, and full
# to this share of that.
CAP_PART = 5
CAP_WIDTHS = 3.0
WHOLE_CAP = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dumbbell:
    """A sample's marker alone (coverage), the columns of its line, and which of these have ink."""

    marker: FloatArray
    between: slice
    on: Mask


def find_dumbbell(coverage: FloatArray) -> Dumbbell | None:
    """Part a sample into its two markers and the line between; None where it is none of that kind.

    ``coverage`` holds the sample's ink in [0, 1] (rows, columns).
    """
    rows, columns = (np.flatnonzero(coverage.max(axis=axis) > INK) for axis in (1, 0))
    if not rows.size:
        return None
    first = int(columns[0])
    ink = coverage[rows[0] : rows[-1] + 1, first : int(columns[-1]) + 1]
    size, width = ink.shape
    if width - 2 * size < max(2.0, LEAST_BETWEEN * width):
        return None
    thickness = ink.sum(axis=0)
    inner = slice(size + UNEQUAL_PX, width - size - UNEQUAL_PX)
    inked = thickness[inner][thickness[inner] > INK]
    line = float(np.median(inked)) if inked.size else 0.0
    beside = np.flatnonzero(ink[:, inner].max(axis=1, initial=0.0) > INK)
    # Two levels would be those of a hollow patch.
    if not beside.size or max(float(np.ptp(beside)), float(inked.max())) > line + EVEN_PX:
        return None
    left, right = _end(ink, line), _end(ink[:, ::-1], line)
    if left is None or right is None or abs(left.shape[1] - right.shape[1]) > UNEQUAL_PX:
        return None
    both = min(left.shape[1], right.shape[1])
    if float(np.abs(left[:, :both] - right[:, :both]).mean()) > UNLIKE:
        return None
    # The line leaves a marker on one side: the other half shows what it is without.
    wide = left.shape[1]
    half = left[:, : (wide + 1) // 2]
    marker = np.concatenate([half, half[:, ::-1][:, wide % 2 :]], axis=1)
    between = slice(wide, width - right.shape[1])
    return Dumbbell(
        marker=marker,
        between=slice(first + between.start, first + between.stop),
        on=np.asarray(thickness[between] > INK * line),
    )


def _end(ink: FloatArray, line: float) -> FloatArray | None:
    """The marker that a sample begins with; None where it begins with its line."""
    thickness = ink.sum(axis=0)
    thick = thickness > BULGE * line + BULGE_PX
    begin = int(np.argmax(thick))
    if not thick.any() or begin > TIP_PX:
        return None
    rest = ~thick[begin:]
    stop = begin + int(np.argmax(rest)) + min(begin, TIP_PX)
    is_marker = rest.any() and stop >= LEAST_WIDTH * len(ink) and stop <= len(ink) + TIP_PX
    return ink[:, :stop] if is_marker and thickness[:stop].max() > THICKER * line + THICKER_PX else None


def is_error_bar(coverage: FloatArray) -> bool:
    """Whether a sample is an upright error bar with its caps and nothing else, as Octave has of lines."""
    rows, columns = (np.flatnonzero(coverage.max(axis=axis) > INK) for axis in (1, 0))
    if not rows.size:
        return False
    ink = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = ink.shape
    part = ink[height // CAP_PART : height - height // CAP_PART]
    beside = np.flatnonzero(part.max(axis=0, initial=0.0) > INK)
    if not beside.size:
        return False
    # Of a ring both sides show.
    stem, thick = part.sum(axis=1), int(np.ptp(beside)) + 1
    if width < CAP_WIDTHS * thick or height < width or np.ptp(stem) > EVEN_PX:
        return False
    across = ink.sum(axis=1)
    ends = across[[0, -1]].min(), across[[1, -2]].min()
    at = float(ink.sum(axis=0) @ np.arange(width)) / float(ink.sum())
    return bool(max(ends) > WHOLE_CAP * width and abs(at - (width - 1) / 2) <= EVEN_PX)
