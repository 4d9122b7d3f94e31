"""Describe a legend's sample: its colour, whether a line is drawn, its dashes and its marker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import FloatArray
from digitizer.stages.samples.dumbbell import find_dumbbell, is_error_bar
from digitizer.stages.samples.scattered import find_scattered
from digitizer.stages.samples.shapes import classify_shape

# A sample that is this many times as wide as its line is thick has a line: patches have 2.9 (Matplotlib) and
# 3.4 (Chart.js), thick lines 5 and more.
LINE_ASPECT = 3.9
# A marker on a line is at least this much thicker than the line.
MARKER_BULGE = 1.6
# What is thicker than its line lacks up to this share of a disc's width (lines 0.4 of it thick: 0.15; JPEG
# smears some); arms of plus signs lack more.
MOST_LACKING = 0.35
# Channels of grey edges are this near each other (RGB units), those of lines that count instead differ by
# this; pixels within this cosine of the line's hue are its ink.
GREY = 40.0
TINTED = 50.0
OWN_HUE = 0.98
# The ink of a patch and that of its outline have the same hue to this cosine (pgfplots' brown: 0.977).
FILL_HUE = 0.95
# ... of ink of its very colour within this: darkened by a fifth, a marker's inside has 0.990 of it.
SAME_HUE = 0.998
# A patch (a bar's sample) is at least so large, one of two bars as wide as this; so far (px) from its rim it
# has one colour to so many levels over this share, and differs from the ground by so many levels.
LEAST_PATCH_PX = 7
LEAST_BAR_PX = 5
PATCH_RIM_PX = 2
EVEN_PATCH = 12.0
LEAST_EVEN = 0.95
PATCH_CONTRAST = 10.0
# Small markers have their own colour in the middle third, to so many levels: four pixels of a disc of six.
LEAST_MARKER_PX, MIDDLE = 5, 3
# The outline of a patch and a grey that fills it differ from each other, and from the ground, by this.
OUTLINE_LEVELS = 30.0
# So many thick places on a broken line are its dots: legends show one marker, or two.
DOTS = 3
# Of so many strokes between the first and the last a pattern is told; of fewer the first counts, too.
FEWEST_INNER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """How a series is drawn, as its legend shows it."""

    color: tuple[int, int, int]
    line_style: str
    marker: str


def describe_swatch(window: NDArray[np.int16], ground: FloatArray) -> Swatch | None:
    """Describe the sample in ``window`` (rows, columns, RGB) on ``ground`` (RGB)."""
    contrast = np.abs(window - ground).max(axis=2).astype(np.float64)
    strongest = float(contrast.max())
    if strongest < 10:
        return None
    core = contrast >= 0.95 * strongest
    color = np.median(window[core], axis=0)
    coverage = np.clip(contrast / strongest, 0, 1)
    thickness = coverage.sum(axis=0)
    height, width = coverage.shape
    third = max(1, width // 5)
    ends = np.concatenate([thickness[:third], thickness[-third:]])
    inked = ends[ends > 0.3]
    line_width = float(np.median(inked)) if inked.size else 0.0
    middle = thickness[width // 4 : max(width // 4 + 1, width - width // 4)]
    bulge = float(middle.max())
    on = thickness > 0.3 * max(0.6, line_width)
    wide = width >= LINE_ASPECT * max(line_width, 1.0) and width > 1.5 * height
    fill = _fill_of_patch(window, contrast, ground, color)
    # An outline that is much darker than its fill makes the ends of a patch look thin, as those of a line.
    if not wide or not inked.size or (fill is not None and np.abs(fill - color).max() >= OUTLINE_LEVELS):
        if fill is None and is_error_bar(coverage):
            return Swatch(color=_rgb(color), line_style="solid", marker="none")
        if fill is None:
            fill = _fill_of_marker(window, ground, color)
        name, _, _ = classify_shape(coverage)
        return Swatch(color=_rgb(color if fill is None else fill), line_style="none", marker=name)
    if cloud := find_scattered(coverage):
        inside = [window[(r.start + r.stop) // 2, (c.start + c.stop) // 2] for r, c in cloud]
        shape, _, _ = classify_shape(coverage[cloud[0]])
        return Swatch(color=_rgb(np.median(inside, axis=0)), line_style="none", marker=shape)
    both = find_dumbbell(coverage)
    if both is not None:
        inner, strong = window[:, both.between], contrast[:, both.between]
        color = np.median(inner[strong >= 0.95 * strong.max()], axis=0)
        return Swatch(color=_rgb(color), line_style=_dashes(both.on), marker=classify_shape(both.marker)[0])
    marked = bulge > MARKER_BULGE * line_width + 0.8
    color = _line_color(window, ground, third, color, marked=marked)
    marker = "none"
    if marked:
        fat = np.flatnonzero(thickness > 1.25 * line_width + 0.4)
        fat = fat[(fat > 0.1 * width) & (fat < 0.9 * width)]
        if np.count_nonzero(np.diff(fat) > 1) + 1 >= DOTS and not on.all():
            # What is thicker are blurred dots; the ends show but parts of some.
            on = thickness > 0.3 * bulge
            blank = np.flatnonzero(~on)
            on = on[blank[0] : blank[-1] + 1] if blank.size else on
        elif fat.size:
            blob = coverage[:, fat[0] : fat[-1] + 1]
            rows = np.flatnonzero(blob.max(axis=1) > 0.4)
            if rows.size:  # what is faint on all its height is a smear beside the sample, no marker
                marker, _, _ = classify_shape(_whole(coverage, fat, slice(rows[0], rows[-1] + 1)))
    return Swatch(color=_rgb(color), line_style=_dashes(on), marker=marker)


def _whole(coverage: FloatArray, fat: NDArray[np.intp], rows: slice) -> FloatArray:
    """A marker on a line with its sides: where it is hardly thicker than the line, this runs through them.

    Cut to what is thicker a disc is taller than wide, and looks like a square.
    """
    first, last = int(fat[0]), int(fat[-1])
    lacking = (rows.stop - rows.start) - (last - first + 1)
    if not 0 < lacking <= MOST_LACKING * (rows.stop - rows.start):
        return coverage[rows, first : last + 1]
    return coverage[rows, max(0, first - (lacking + 1) // 2) : last + 1 + lacking // 2]


def _fill_of_patch(
    window: NDArray[np.int16], contrast: FloatArray, ground: FloatArray, color: FloatArray
) -> FloatArray | None:
    """The colour that fills a patch with an outline of another colour; None where it is no such patch.

    The outline is dark, or the fill a paler ink of its hue (TikZ: ``draw=blue, fill=blue!30``).
    """
    columns = _widest_run(contrast.max(axis=0) >= PATCH_CONTRAST)
    pair = columns.stop - columns.start < contrast.shape[1]
    rows = np.flatnonzero(contrast[:, columns].max(axis=1) >= PATCH_CONTRAST)
    if not rows.size:
        return None
    patch = slice(rows[0], rows[-1] + 1), columns
    window, contrast = window[patch], contrast[patch]
    if min(contrast.shape) < (LEAST_BAR_PX if pair else LEAST_PATCH_PX):
        return None
    ink = contrast >= PATCH_CONTRAST
    inner = window[PATCH_RIM_PX:-PATCH_RIM_PX, PATCH_RIM_PX:-PATCH_RIM_PX].reshape(-1, 3)
    fill = np.asarray(np.median(inner, axis=0), dtype=np.float64)
    even = float(np.mean(np.abs(inner - fill).max(axis=1) <= EVEN_PATCH))
    # All of it is ink, also at its corners, as of no other marker; what fills a hollow one is the ground.
    if even < LEAST_EVEN or float(ink.mean()) < LEAST_EVEN:
        return None
    if np.ptp(color) <= GREY:
        grey = np.abs(fill - ground).max() >= OUTLINE_LEVELS and np.abs(fill - color).max() >= OUTLINE_LEVELS
        return fill if np.ptp(fill) >= TINTED or grey else None
    # A thin black outline is blurred with the fill: what it looks like is the fill's colour, darkened.
    if color.max() < fill.max() and _cosine(fill, color) >= SAME_HUE:
        return fill
    return fill if _cosine(fill - ground, color - ground) >= FILL_HUE else None


def _fill_of_marker(window: NDArray[np.int16], ground: FloatArray, color: FloatArray) -> FloatArray | None:
    """The colour inside a small marker with a dark rim; None where it has none.

    Its strongest ink is of both, the rim's mixed with the fill: a blue disc of six pixels looks navy.
    """
    height, width = window.shape[:2]
    if min(height, width) < LEAST_MARKER_PX:
        return None
    part = slice(height // MIDDLE, height - height // MIDDLE), slice(width // MIDDLE, width - width // MIDDLE)
    inner = window[part].reshape(-1, 3)
    fill = np.asarray(np.median(inner, axis=0), dtype=np.float64)
    even = bool(np.abs(inner - fill).max() <= EVEN_PATCH)
    filled = np.abs(fill - ground).max() >= OUTLINE_LEVELS and np.ptp(fill) >= TINTED
    darker = bool(np.all(color <= fill + EVEN_PATCH)) and fill.max() - color.max() >= OUTLINE_LEVELS
    hue = np.ptp(color) <= GREY or _cosine(fill, color) >= SAME_HUE
    return fill if even and filled and darker and hue else None


def _cosine(one: FloatArray, other: FloatArray) -> float:
    """Of the angle between two inks: 1 where their hues are alike."""
    strength = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / max(strength, 1.0)


def _widest_run(inked: NDArray[np.bool_]) -> slice:
    """The widest run of inked columns: of two bars side by side (pgfplots) one."""
    edges = np.flatnonzero(np.diff(np.r_[0, inked.astype(np.int8), 0]))
    starts, ends = edges[::2], edges[1::2]
    if not starts.size:
        return slice(0, len(inked))
    k = int(np.argmax(ends - starts))
    return slice(int(starts[k]), int(ends[k]))


def _line_color(
    window: NDArray[np.int16], ground: FloatArray, third: int, color: FloatArray, *, marked: bool
) -> FloatArray:
    """The colour of a sample with a line, where its strongest ink is of a marker's dark edge or inside.

    An edge is grey beside tinted ends; an inside is darker than them (pgfplots: ``blue!80!black``).
    """
    offset = window.reshape(-1, 3) - ground
    strength = np.linalg.norm(offset, axis=1)
    at_end = np.zeros(window.shape[:2], dtype=bool)
    at_end[:, :third], at_end[:, -third:] = True, True
    strongest = float(strength[at_end.ravel()].max())
    line = np.median(offset[at_end.ravel() & (strength >= 0.9 * strongest)], axis=0)
    hue = OWN_HUE
    if np.ptp(color) > GREY or np.ptp(line + ground) < TINTED:
        # JPEG washes a thin line out beside its marker, whose inside is no darker then.
        darkened = (line + ground).max() > color.max()
        if not marked or not darkened or not OWN_HUE <= _cosine(line, color - ground) < SAME_HUE:
            return color
        hue = SAME_HUE
    own = (offset @ line > hue * strength * np.linalg.norm(line)) & (strength > 0)
    if not own.any():
        return color
    full = float(np.quantile(strength[own], 0.95))
    return np.asarray(ground + np.median(offset[own & (strength >= 0.9 * full)], axis=0))


def _rgb(color: FloatArray) -> tuple[int, int, int]:
    r, g, b = (round(float(c)) for c in color)
    return r, g, b


def _dashes(on: NDArray[np.bool_]) -> str:
    """Name the dash pattern of a row of inked columns."""
    flips = np.flatnonzero(np.diff(on.astype(np.int8)))
    runs = np.split(on, flips + 1)
    dashes = [len(r) for r in runs if r[0]]
    gaps = [len(r) for r in runs if not r[0]]
    if not gaps or sum(gaps) < 0.08 * len(on):
        return "solid"
    # A sample's end cuts its last stroke, and its window may cut the first.
    whole = dashes[1:-1] if len(dashes) >= FEWEST_INNER + 2 else dashes[:-1] if on[-1] else dashes
    if len(dashes) >= 3 and max(whole) > 2.2 * min(whole) and min(whole) <= 2.5 * float(np.median(gaps)):
        return "dashdot"
    if len(dashes) >= 4 and float(np.median(dashes)) <= 1.3 * float(np.median(gaps)):
        return "dotted"
    return "dashed"
