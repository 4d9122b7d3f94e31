"""Find the lines of a sparsely dotted grid (gnuplot): paler over their length than series, but regular."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.evidence import ByteImage, FloatArray
from digitizer.stages.pixels.rectangles import away_from
from digitizer.stages.strokes.ladders import find_ladders

# A grid line must differ from the background by this many levels in the median over the panel's width;
# the faintest real grid seen (alpha 0.2 grey on white) differs by 8, JPEG ripple by 2.
MIN_GRID_CONTRAST = 3.5
# Differences between the channels of a grid line's offset from the ground, as a share of the offset
# (seaborn's white on bluish grey: 0.4; pale blue training curves: 0.8).
MAX_GRID_CHROMA = 0.45
# A dotted line inks this share of most stretches of its length (gnuplot: one pixel of four, in two rows), ...
MIN_SHARE = 0.15
# ... and far more than what runs beside it, so far (px) from it.
BESIDE_SHARE = 0.3
BESIDE_PX = 2
# It is no wider than this (px) and than so many drawn lines.
WIDEST_PX = 3
WIDEST_LINES = 2.0
# Dots follow each other at one distance (px), which most gaps have to a pixel; markers are farther apart.
MOST_PERIOD_PX = 12.0
PERIODIC_SHARE = 0.6
FEWEST_DOTS = 10


def find_dotted(
    inner: ByteImage, ground: FloatArray, profile: FloatArray, line_width: float
) -> list[NDArray[np.intp]]:
    """The columns of lines of evenly spaced dots, where these lines are evenly spaced themselves.

    Parameters
    ----------
    inner : ndarray, shape (along the lines, across them, 3)
        The panel's inside, each pixel of it.
    ground : ndarray, shape (3,)
        Its background.
    profile : ndarray, shape (across,)
        The share of each column that shows ink, in most stretches of it.
    line_width
        The width of drawn lines (px).
    """
    on = np.flatnonzero(profile >= MIN_SHARE)
    runs = np.split(on, np.flatnonzero(np.diff(on) > 1) + 1) if on.size else []
    widest = max(WIDEST_PX, WIDEST_LINES * line_width)
    alone = [run for run in runs if len(run) <= widest and _stands_out(profile, run)]
    dotted = [run for run in alone if _is_periodic(inner[:, run], ground)]
    middles = np.array([float(run.mean()) for run in dotted])
    even = {float(at) for ladder in find_ladders(middles) for at in ladder}
    return [run for run, middle in zip(dotted, middles, strict=True) if float(middle) in even]


def _stands_out(profile: FloatArray, run: NDArray[np.intp]) -> bool:
    """Whether next to nothing runs beside a line."""
    before, after = int(run[0]) - BESIDE_PX, int(run[-1]) + BESIDE_PX
    beside = [profile[k] for k in (before, after) if 0 <= k < len(profile)]
    return max(beside, default=0.0) <= BESIDE_SHARE * float(profile[run].max())


def _is_periodic(columns: ByteImage, ground: FloatArray) -> bool:
    """Whether the ink of a line consists of colourless dots at one distance."""
    ink: NDArray[np.bool_] = np.any(
        away_from(np.ascontiguousarray(columns), ground) >= MIN_GRID_CONTRAST, axis=1
    )
    starts = np.flatnonzero(ink[1:] & ~ink[:-1])
    if len(starts) < FEWEST_DOTS:
        return False
    gaps = np.diff(starts)
    period = float(np.median(gaps))
    regular = np.flatnonzero(np.abs(gaps - period) <= 1.0)
    if period > MOST_PERIOD_PX or len(regular) < PERIODIC_SHARE * len(gaps):
        return False
    # What crosses the line has colours of its own.
    dots = starts[regular] + 1
    strongest = np.abs(columns[dots].astype(np.float64) - ground).sum(axis=2).argmax(axis=1)
    return is_colorless(columns[dots, strongest] - ground)


def is_colorless(offset: FloatArray) -> bool:
    """Whether a line, of which offsets from the ground are given, is a lighter or darker shade of it.

    Grids are, dense series seldom.
    """
    shade = _shade_of(offset)
    return bool(np.ptp(shade) <= MAX_GRID_CHROMA * np.abs(shade).max() + 8)


def shade_chroma(offset: FloatArray) -> float:
    """How far the channels of a line's colour, of which offsets from the ground are given, lie apart."""
    return float(np.ptp(_shade_of(offset)))


def _shade_of(offset: FloatArray) -> FloatArray:
    """The usual offset from the ground of what is drawn along a line."""
    drawn = offset[np.abs(offset).max(axis=1) >= MIN_GRID_CONTRAST]
    return np.asarray(np.median(drawn, axis=0)) if len(drawn) else np.zeros(3)
