"""A polyline whose vertices stand on a grid of steps, fitted to the ink of a path and judged by it."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.fits.astray import are_crowded
from digitizer.stages.series.fits.gaps import HELD_PX, joined
from digitizer.stages.series.fits.heights import start_heights, tips_on_steps
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, judge_line, refine_vertices
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.corners import Corners
from digitizer.stages.series.paths.steps import Steps

# Share of the redrawn line without ink, the coverage error at its edges, and the share of the path's ink
# under it. Step grids of two pixels and more have 0.03, 0.08 and 0.85; where several vertices share a
# stroke's width 0.15, 0.28 and 0.7, which is still nearer to the truth than columns; wrong grids are beyond.
MISSING = 0.2
ROUGH = 0.32
COVERED = 0.65
# Steps this long (px) whose drawing is rougher than a right one's are let go of the grid, where that helps.
UNEVEN_PX = 3.5
EVEN_ROUGH = 0.035
EVENER = 0.8


def as_drawn(alpha: FloatImage, blocked: Mask, path: Path, fit: Fit, rough: float = ROUGH) -> Fit | None:
    """The polyline, judged, where it is drawn no rougher and is the ink that is there; else None."""
    if fit.rms >= min(rough, ROUGH) or are_crowded(fit.x, fit.y, fit.pen.width):
        return None
    fit = judge_line(alpha, blocked, fit)
    open_ = ~blocked[np.clip(np.round(path.y).astype(int), 0, blocked.shape[0] - 1), path.x.astype(int)]
    held = float((path.bottom - path.top)[open_].sum())
    return fit if fit.missing < MISSING and fit.covered > COVERED * held else None


def step_numbers(path: Path, steps: Steps) -> FloatArray:
    """The numbers of the steps that a path spans."""
    first = np.ceil((path.x[0] - 0.6 - steps.origin) / steps.period)
    last = np.floor((path.x[-1] + 0.6 - steps.origin) / steps.period)
    return np.arange(first, last + 1)


def fit_regular(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    corners: Corners,
    steps: Steps,
    k: FloatArray,
    gaps: FloatArray,
) -> Fit:
    """Fit a polyline whose vertices stand on the steps ``k``."""
    x = steps.position(k)
    y = start_heights(path, x, tips_on_steps(corners, x, steps))
    pen = Pen(width=path.width)
    return refine_vertices(alpha, blocked, x, y, pen, steps=k, joined=joined(x, gaps), judged=False)


def fit_comb(
    alpha: FloatImage, blocked: Mask, path: Path, corners: Corners, steps: Steps, gaps: FloatArray
) -> Fit | None:
    """Fit a polyline whose vertices stand on a grid, or near it; None where the path spans too few steps."""
    k = step_numbers(path, steps)
    if k.size < 3:
        return None
    fit = fit_regular(alpha, blocked, path, corners, steps, k, gaps)
    if steps.period < UNEVEN_PX or fit.rms < EVEN_ROUGH:
        return fit
    # What leads to the outermost steps tells where they stand, too.
    fit = to_ends(alpha, blocked, path, fit, steps, gaps)
    # Months are uneven steps, and grids of whole pixels too.
    free = refine_vertices(alpha, blocked, fit.x, fit.y, fit.pen, joined=joined(fit.x, gaps), judged=False)
    return free if free.rms < EVENER * fit.rms and np.all(np.diff(free.x) > 0) else fit


def to_ends(alpha: FloatImage, blocked: Mask, path: Path, fit: Fit, steps: Steps, gaps: FloatArray) -> Fit:
    """Fit a line on steps to where its ink ends: its frame may cut it off between two of them."""
    away = np.array([fit.x[0] - path.x[0], path.x[-1] - fit.x[-1]]) > path.width / 2 + HELD_PX
    if not away.any():
        return fit
    ends = path.x[[0, -1]][away], path.y[[0, -1]][away]
    order = np.argsort(np.r_[fit.x, ends[0]])
    x, y = np.r_[fit.x, ends[0]][order], np.r_[fit.y, ends[1]][order]
    k = (x - steps.origin) / steps.period
    return refine_vertices(alpha, blocked, x, y, fit.pen, steps=k, joined=joined(x, gaps), judged=False)
