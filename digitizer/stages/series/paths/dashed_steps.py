"""Dashed lines on the step grid, or at the uneven places, that other lines of their panel stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.medians import quantile
from digitizer.stages.series.paths.steps import Steps

# Steps shorter than this (px) hold too few columns with ink to tell each point.
SHORTEST_PX = 3.0
FEWEST = 5
# A line begins and ends at a step, this share of one (and a pixel) aside: dashes and caps hide the very end.
END_SHARE = 0.35
END_PX = 1.0
# Columns lie this close (px, root-mean-square across the line) to a polyline on the right steps.
ROUGH_PX = 0.35
# Columns of a dash err together: deviations of the fit are this many times the formal ones, and this (px) at
# least.
FORMAL = 2.0
LEAST_SIGMA = 0.06
# Strokes up to this share of a step, of so many columns on average, count as one point good to this (px).
LONGEST_DOT = 0.4
DOT_COLUMNS = 1.5
DOT_SIGMA = 0.2
# Nearly every step has at least so many columns about it, and a share of all at most has fewer, down to this
# many: how well these tell it is in its deviation (64 losses in dashes and dots, 0.08 with fewer: a median of
# 0.05 % off where by columns it was 0.12 %, and bends in gaps 4 %; 41 dots on 30 steps are told by columns).
FEWEST_COLUMNS = 1.2
FEW_SHARE, LEAST_COLUMNS = 0.15, 0.4
# Of two places nearer than this (px) one is a corner seen twice (two sides of a stroke's joint).
DOUBLED_PX = 4.0
# Smooth lines are near a polyline at any places: theirs hold so many columns with ink at least, on average.
FEWEST_A_PIECE = 4.0


def put_on_steps(trace: Trace, shared: Sequence[Steps], left: float) -> Trace:
    """Give a dashed line read by columns its points on one of the step grids; as it was where none fits.

    Parameters
    ----------
    trace
        A line (source pixels).
    shared
        Step grids of the panel's other lines (crop coordinates).
    left
        Where the crop begins (source pixels).
    """
    if not _lacks_points(trace):
        return trace
    x, y, sigma = trace.x_px - left, trace.y_px, np.maximum(trace.sigma_px, LEAST_SIGMA)
    for steps in shared:
        at = _knots(x, steps)
        fitted = None if at is None else _fit(*_by_dots(x, y, sigma, steps.period), at)
        if at is not None and fitted is not None:
            return replace(trace, x_px=at + left, y_px=fitted[0], sigma_px=fitted[1], sampled_at="vertices")
    return trace


def put_at_places(trace: Trace, others: Sequence[Trace]) -> Trace:
    """Give a dashed line read by columns its points where another line has its own; as it was where none fit.

    Parameters
    ----------
    trace
        A line.
    others
        The panel's lines (source pixels, as ``trace``).
    """
    if not _lacks_points(trace):
        return trace
    x, y, sigma = trace.x_px, trace.y_px, np.maximum(trace.sigma_px, LEAST_SIGMA)
    told = [
        t for t in others if t.kind == "line" and t.sampled_at != "columns" and t.interpolation == "linear"
    ]
    best, least = trace, np.inf
    for places in (p for t in told for p in _single(t.x_px[np.isfinite(t.y_px)])):
        at = _between_ends(x, places)
        if at is None or x.size < FEWEST_A_PIECE * at.size:
            continue
        fitted = _fit(x, y, sigma, at)
        if fitted is not None and fitted[2] < least:
            least = fitted[2]
            best = replace(trace, x_px=at, y_px=fitted[0], sigma_px=fitted[1], sampled_at="vertices")
    return best


def _single(x: FloatArray) -> list[FloatArray]:
    """A line's places, as they are and with one each for those that nearly coincide: either, or the mean."""
    if x.size < FEWEST or np.any(np.diff(x) <= 0):
        return []
    first, last = np.r_[True, np.diff(x) > DOUBLED_PX], np.r_[np.diff(x) > DOUBLED_PX, True]
    return [x] if first.all() else [x, x[first], x[last], (x[first] + x[last]) / 2]


def _between_ends(x: FloatArray, places: FloatArray) -> FloatArray | None:
    """The places that a line spans; None where it ends between two of them."""
    first, last = (int(np.argmin(np.abs(places - end))) for end in x[[0, -1]])
    at = places[first : last + 1]
    if at.size < FEWEST:
        return None
    off = np.abs(x[[0, -1]] - at[[0, -1]])
    return at if np.all(off <= END_SHARE * np.diff(at)[[0, -1]] + END_PX) else None


def _lacks_points(trace: Trace) -> bool:
    """Whether a trace is a whole dashed line that is read by columns."""
    if trace.kind != "line" or trace.sampled_at != "columns" or trace.line_style in ("solid", "none"):
        return False
    x, y = trace.x_px, trace.y_px
    return bool(np.isfinite(y).all() and x.size >= FEWEST and np.all(np.diff(x) > 0))


def _by_dots(
    x: FloatArray, y: FloatArray, sigma: FloatArray, period: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One point a stroke where strokes are much shorter than steps: the columns of a dot show its rim."""
    group = np.cumsum(np.r_[0, np.diff(x) > 1.5])
    count = np.bincount(group).astype(float)
    if quantile(count, 0.8) > LONGEST_DOT * period or x.size < DOT_COLUMNS * count.size:
        return x, y, sigma
    return np.bincount(group, x) / count, np.bincount(group, y) / count, np.full(count.size, DOT_SIGMA)


def _knots(x: FloatArray, steps: Steps) -> FloatArray | None:
    """The steps that a line spans; None where it ends between two or the steps are too short."""
    if steps.period < SHORTEST_PX:
        return None
    number = (x[[0, -1]] - steps.origin) / steps.period
    first, last = np.round(number)
    off = np.abs(number - [first, last]) * steps.period
    if off.max() > END_SHARE * steps.period + END_PX or last - first + 1 < FEWEST:
        return None
    return np.asarray(steps.position(np.arange(first, last + 1)))


def _fit(
    x: FloatArray, y: FloatArray, sigma: FloatArray, at: FloatArray
) -> tuple[FloatArray, FloatArray, float] | None:
    """Heights at the knots of the polyline nearest to the points, deviations, and how near; None if far."""
    piece = np.clip(np.searchsorted(at, x, side="right") - 1, 0, at.size - 2)
    gap = at[piece + 1] - at[piece]
    share = np.clip((x - at[piece]) / gap, -1.0, 2.0)
    terms = np.zeros((x.size, at.size))
    rows = np.arange(x.size)
    terms[rows, piece], terms[rows, piece + 1] = 1 - share, share
    columns = terms.clip(0.0).sum(axis=0)[1:-1]
    if np.min(columns, initial=np.inf) < LEAST_COLUMNS or np.mean(columns < FEWEST_COLUMNS) > FEW_SHARE:
        return None
    slope = np.gradient(y, x)
    weight = 1.0 / (sigma * np.hypot(1.0, slope))
    matrix = terms * weight[:, None]
    # Knots at the ends that hardly any column tells stay near the line.
    tie = np.eye(at.size) * 1e-3
    inverse = np.linalg.inv(matrix.T @ matrix + tie)
    height = inverse @ (matrix.T @ (weight * y) + tie @ np.interp(at, x, y))
    rest = (y - terms @ height) / np.hypot(1.0, slope)
    rough = float(np.sqrt(np.mean(np.square(rest))))
    if rough > ROUGH_PX:
        return None
    spread = max(1.0, float(np.sqrt(np.mean(np.square(rest * weight * np.hypot(1.0, slope))))))
    return height, np.hypot(FORMAL * spread * np.sqrt(np.diag(inverse)), LEAST_SIGMA), rough
