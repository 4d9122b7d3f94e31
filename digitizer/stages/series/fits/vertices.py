"""The vertices of a bare line: corners of its path, the step grid they stand on, and a fit to the ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitizer.evidence import FloatArray, Mask
from digitizer.stages.series.fits.astray import set_right
from digitizer.stages.series.fits.combs import (
    EVEN_ROUGH,
    ROUGH,
    as_drawn,
    fit_comb,
    fit_regular,
    step_numbers,
    to_ends,
)
from digitizer.stages.series.fits.end_corners import are_real
from digitizer.stages.series.fits.gaps import HELD_PX, joined, outside
from digitizer.stages.series.fits.nearest import Pen
from digitizer.stages.series.fits.refine import Fit, refine_vertices
from digitizer.stages.series.fits.tips import at_tips
from digitizer.stages.series.inks.ink import FloatImage
from digitizer.stages.series.memory import Memory
from digitizer.stages.series.paths.axis_steps import find_axis_steps
from digitizer.stages.series.paths.columns import Path
from digitizer.stages.series.paths.corners import CLOSEST_PX, Corners, fill_in, find_corners
from digitizer.stages.series.paths.steps import Steps, find_bend_steps, find_dense_steps, turns_on

# Grids that bends alone propose are drawn this well where they are right (0.012 to 0.045 on drawn lines);
# half a step off or a few steps finer or coarser they have 0.08 and more.
BEND_ROUGH = 0.06
# Those of other lines of the panel are drawn this well where they are this line's, too.
SHARED_ROUGH = 0.12
# A polyline of fewer vertices than this share of a grid's steps is told better without it.
FEW_SHARE = 0.6
# A grid this rough at first is not worth going on from; each time it has to fall to this share of itself.
HOPELESS = 0.2
SETTLED = 0.97
MOST_ROUNDS = 6
# Periods nearer than this share are one; another one that is drawn no rougher than this times the best leaves
# open which it is.
SAME_PERIOD = 0.01
CLEARLY = 1.4
# Straight pieces between corners that are fewer than this share of a grid's vertices tell a line better than
# the grid: its heights take the noise of the line's edges (8 corners 93 px apart, seen as 104 vertices).
SPARSE = 0.25
# The axis' own steps are drawn this many times as rough at most as the same line's corners alone.
AS_ROUGH = 1.25
# Corners placed as well as this (px) tell the step grid.
SHARP_PX = 0.3
# Bends are told between pieces of three columns and more.
WIDE_PX = 2.8
# The coverage error of a free polyline falls by less than so many times after three rounds (on real and drawn
# lines 1.4 times); bends taken for a line's markers begin at twice what these leave and end below it, lines
# that have markers begin and end at five times of it and more.
FALLS = 3.0
# A free polyline has at least so many columns a piece.
COLUMNS_A_PIECE = 2.5
# Vertices nearer than this (stroke widths) cannot be told apart: those put in that crowd are two sides of one
# corner, or of a marker (up to 1.1; true ones 1.19 and more).
CROWDED_WIDTHS = 1.15
# Between true vertices columns lie this close to the chord (px, median of those clear of corners and not
# steep: up to 0.037 on drawn polylines with some corners missed, 0.044 and more on smooth curves).
STRAIGHT_PX = 0.038
CLEAR_PX = 1.0
STEEPEST = 3.0
MIN_CLEAR = 8
# Markers hold at least this share more ink than the line alone. Drawn alone it covers no more than as long a
# stroke so many times as wide as the path's (1.09 and 1.2 times at most beside markers of drawn lines).
BARE, MOST_WIDE = 0.98, 1.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """What is reported of a line (crop coordinates), NaN in ``y`` where it is missing, and its width."""

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    width: float


def by_vertices(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    gaps: FloatArray,
    shared: Sequence[Steps] = (),
    memory: Memory | None = None,
    ruler: tuple[float, float] | None = None,
) -> Points | None:
    """The line's vertices as points to report; None where none are seen.

    Parameters
    ----------
    alpha, blocked
        Coverage of the stroke, and where it may be hidden.
    path
        The line by columns.
    gaps
        Begin and end of the stretches in which the line is missing (n, 2).
    shared
        The step grids of other lines, which are tried where its own tips and bends tell none.
    memory
        What lines were on their own, kept for later: to fit takes longer than all else.
    ruler
        Where the axis' zero lies and how long its unit is (px): its round steps are tried where corners stand
        on them.
    """
    memory = Memory() if memory is None else memory
    corners = find_corners(path)
    fit, has_steps, points = memory.ask(_fit_alone, alpha, blocked, path, corners, gaps, ruler)
    other = None if has_steps else _fit_shared(alpha, blocked, path, corners, gaps, shared, fit)
    return points if other is None else _set_right(alpha, blocked, path, other, gaps)


def _fit_alone(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    corners: Corners,
    gaps: FloatArray,
    ruler: tuple[float, float] | None,
) -> tuple[Fit | None, bool, Points | None]:
    """A line on its own: its fit, whether that stands on steps, and what is reported, by it or the axis'."""
    fit, has_steps = _fit_own(alpha, blocked, path, corners, gaps)
    on_axis = _fit_axis(alpha, blocked, path, corners, gaps, ruler, fit, has_steps)
    told = fit if on_axis is None else on_axis
    return fit, has_steps, _set_right(alpha, blocked, path, told, gaps)


def _set_right(
    alpha: FloatImage, blocked: Mask, path: Path, fit: Fit | None, gaps: FloatArray
) -> Points | None:
    return None if fit is None else _report(set_right(alpha, blocked, fit, joined(fit.x, gaps)), path, gaps)


def are_bends(alpha: FloatImage, blocked: Mask, path: Path, gaps: FloatArray, marked: Fit) -> bool:
    """Whether a bare polyline explains the ink as well as the same line with markers: they are its bends."""
    length = float(np.hypot(np.diff(marked.x), np.diff(marked.y)).sum())
    if MOST_WIDE * path.width * length < BARE * marked.covered:
        return False
    # Corners alone: markers beat with the steps too, and trying these grids takes as long as all the rest.
    corners = find_corners(path)
    bare, _ = _fit_own(alpha, blocked, path, corners, gaps, bends=False, rough=marked.rms)
    return bare is not None and bare.rms < marked.rms and bare.covered > BARE * marked.covered


def _report(fit: Fit, path: Path, gaps: FloatArray) -> Points:
    """Leave out vertices in gaps, and carry the line on to where its ink ends."""
    keep = outside(fit.x, gaps)
    y, sigma = at_tips(fit)
    x, y, sigma = fit.x[keep], y[keep], sigma[keep]
    ends = np.r_[path.x[[0, -1]], gaps.ravel()]
    away = np.abs(ends[:, None] - x[None, :]).min(axis=1) if x.size else np.full(ends.size, np.inf)
    at = np.searchsorted(path.x, ends[away > path.width / 2 + HELD_PX])
    x = np.r_[x, path.x[at], gaps.mean(axis=1)]
    y = np.r_[y, path.y[at], np.full(len(gaps), np.nan)]
    sigma = np.r_[sigma, path.sigma[at], np.full(len(gaps), np.nan)]
    order = np.argsort(x, kind="stable")
    return Points(x=x[order], y=y[order], sigma=sigma[order], width=fit.pen.width)


def _fit_own(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    corners: Corners,
    gaps: FloatArray,
    *,
    bends: bool = True,
    rough: float = ROUGH,
) -> tuple[Fit | None, bool]:
    """Fit a polyline to the ink of a path by what it shows itself, and tell whether it stands on steps.

    The step grids that its bends propose are tried with ``bends`` alone; a polyline off all grids is of no
    use from the coverage error ``rough`` on.
    """
    for steps in _combs(corners):
        fit = fit_comb(alpha, blocked, path, corners, steps, gaps)
        if fit is not None and (fit := as_drawn(alpha, blocked, path, fit)) is not None:
            return fit, True
    bent = _fit_bends(alpha, blocked, path, corners, gaps) if bends else None
    if bent is not None and corners.x.size > SPARSE * bent.x.size:
        return bent, True
    free = _fit_free(alpha, blocked, path, corners, gaps, FALLS * rough)
    if free is not None and not (real := are_real(free.x, free.y, path.width)).all():
        free = _refine(alpha, blocked, path, free.x[real], free.y[real], gaps, FALLS * rough) or free
    if free is not None and _runs_straight(free, path):
        free = as_drawn(alpha, blocked, path, free, rough)
    else:
        free = None
    return (bent, True) if free is None and bent is not None else (free, False)


def _fit_shared(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    corners: Corners,
    gaps: FloatArray,
    shared: Sequence[Steps],
    free: Fit | None,
) -> Fit | None:
    """Fit the step grids of other lines; None where none is drawn right, or ``free`` tells it better."""
    for steps in shared:
        if free is not None and free.x.size < FEW_SHARE * np.ptp(path.x) / steps.period:
            continue
        fit = fit_comb(alpha, blocked, path, corners, steps, gaps)
        if fit is not None and (fit := as_drawn(alpha, blocked, path, fit, SHARED_ROUGH)) is not None:
            return fit
    return None


def _fit_axis(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    corners: Corners,
    gaps: FloatArray,
    ruler: tuple[float, float] | None,
    fit: Fit | None,
    has_steps: bool,
) -> Fit | None:
    """Fit the round steps of the axis that the corners stand on; None where ``fit`` tells the line better.

    Steps that were found are better than such that are not much longer.
    """
    steps = find_axis_steps(corners, ruler, float(np.ptp(path.x)))
    if steps is None:
        return None
    rough = SHARED_ROUGH
    if fit is not None:
        count = np.ptp(path.x) / steps.period
        if count > FEW_SHARE * fit.x.size if has_steps else fit.x.size < FEW_SHARE * count:
            return None
        rough = min(rough, max(EVEN_ROUGH, AS_ROUGH * fit.rms))
    comb = fit_comb(alpha, blocked, path, corners, steps, gaps)
    if comb is None:
        return None
    return as_drawn(alpha, blocked, path, to_ends(alpha, blocked, path, comb, steps, gaps), rough)


def _fit_free(
    alpha: FloatImage, blocked: Mask, path: Path, corners: Corners, gaps: FloatArray, hopeless: float
) -> Fit | None:
    """Fit a polyline through the corners, wherever they stand; None where they are too close to be told.

    One that three rounds leave with a coverage error beyond ``hopeless`` is given up.
    """
    # A line's cap bends the middle of its last columns.
    cap = path.width / 2 + CLOSEST_PX
    inside = (corners.x > path.x[0] + cap) & (corners.x < path.x[-1] - cap)
    x = np.r_[path.x[0], corners.x[inside], path.x[-1]]
    y = np.r_[path.y[0], corners.y[inside], path.y[-1]]
    step = np.diff(x)
    keep = np.r_[step > CLOSEST_PX, True]
    keep[0] = True
    x, y = x[keep], y[keep]
    more_x, more_y = fill_in(x, y, path)
    while more_x.size > x.size:
        fit = _refine(alpha, blocked, path, more_x, more_y, gaps, hopeless)
        if fit is None:
            break
        if fit.rms > hopeless:
            return None
        crowded = np.diff(fit.x) < CROWDED_WIDTHS * path.width
        if not crowded.any():
            return fit
        keep = ~(np.r_[False, crowded] | np.r_[crowded, False]) | np.isin(more_x, x)
        if keep.all():
            return None
        more_x, more_y = more_x[keep], more_y[keep]
    return _refine(alpha, blocked, path, x, y, gaps, hopeless)


def _refine(
    alpha: FloatImage,
    blocked: Mask,
    path: Path,
    x: FloatArray,
    y: FloatArray,
    gaps: FloatArray,
    hopeless: float,
) -> Fit | None:
    if x.size < 2 or path.x.size < COLUMNS_A_PIECE * x.size:
        return None
    pen = Pen(width=path.width)
    links = joined(x, gaps)
    return refine_vertices(alpha, blocked, x, y, pen, joined=links, hopeless=hopeless, judged=False)


def _fit_bends(
    alpha: FloatImage, blocked: Mask, path: Path, corners: Corners, gaps: FloatArray
) -> Fit | None:
    """Fit the step grids that a path's bends propose; None where not one of them alone is drawn right."""
    fits: list[tuple[float, Fit]] = []
    for steps in find_bend_steps(path.x, path.y, smallest=WIDE_PX):
        if turns_on(path.x, path.y, steps):
            continue
        k = step_numbers(path, steps)
        if k.size < MIN_CLEAR:
            continue
        fit = fit_regular(alpha, blocked, path, corners, steps, k, gaps)
        if fit.rms < HOPELESS:
            fit = _settle(alpha, blocked, fit, k, gaps)
        drawn = as_drawn(alpha, blocked, path, fit, BEND_ROUGH)
        if drawn is not None:
            fits.append((steps.period, drawn))
    if not fits:
        return None
    period, best = min(fits, key=lambda pair: pair[1].rms)
    # What one grid explains as well as another has no steps that could be told.
    rivals = [fit.rms for other, fit in fits if abs(other - period) > SAME_PERIOD * period]
    return None if any(rms < CLEARLY * best.rms for rms in rivals) else best


def _settle(alpha: FloatImage, blocked: Mask, fit: Fit, k: FloatArray, gaps: FloatArray) -> Fit:
    """Fit a step grid on from where it came to, and without end vertices that only a line's caps reach."""
    for _ in range(MOST_ROUNDS):
        again = _refit(alpha, blocked, fit, k, gaps)
        if again.rms > SETTLED * fit.rms:
            break
        fit = again
    for inner in (slice(1, None), slice(None, -1)):
        shorter = replace(fit, x=fit.x[inner], y=fit.y[inner])
        again = _refit(alpha, blocked, shorter, k[inner], gaps)
        if again.rms < fit.rms:
            fit, k = again, k[inner]
    return replace(fit, links=joined(fit.x, gaps))


def _refit(alpha: FloatImage, blocked: Mask, fit: Fit, k: FloatArray, gaps: FloatArray) -> Fit:
    links = joined(fit.x, gaps)
    return refine_vertices(alpha, blocked, fit.x, fit.y, fit.pen, steps=k, joined=links, judged=False)


def _runs_straight(fit: Fit, path: Path) -> bool:
    """Whether the path runs straight between vertices: a smooth curve's chords leave its columns aside."""
    if np.any(np.diff(fit.x) <= 0):
        return False
    piece = np.clip(np.searchsorted(fit.x, path.x) - 1, 0, fit.x.size - 2)
    slope = (np.diff(fit.y) / np.diff(fit.x))[piece]
    away = np.minimum(np.abs(path.x - fit.x[piece]), np.abs(fit.x[piece + 1] - path.x))
    clear = (away > CLEAR_PX + path.width / 2) & (np.abs(slope) < STEEPEST)
    if clear.sum() < MIN_CLEAR:
        return False
    off = np.abs(path.y - np.interp(path.x, fit.x, fit.y))[clear]
    return float(np.median(off)) < STRAIGHT_PX


def _combs(corners: Corners) -> list[Steps]:
    """Step grids that the corners may stand on: slim tips tell the finest, bends only wide ones."""
    sharp = corners.sigma_x < SHARP_PX
    return (
        find_dense_steps(corners.x[sharp & corners.is_tip])
        or find_dense_steps(corners.x[sharp], smallest=WIDE_PX)
        or find_dense_steps(corners.x[corners.is_tip])
    )
