"""How far a drawn series is from a logged one, point by point, in shares of the y axis."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chartscribe.compare.view import View
from digitizer.model import FloatArray

# Places along x are read to a pixel: what the log has within one counts as being there.
REACH_PX = 1.0
# Rows this far apart are told apart along x, so that a point belongs to one row.
TOLD_APART_PX = 2.0
# Points that all lie so close to rows were taken from them.
SAME_PLACE_PX, SAME_QUANTILE = 0.02, 0.95
LEAST_REGULAR = 5
# A row is alone where it stands out of the drawn line this many times as far as any other one, and by more
# than readings usually miss (in share of the axis).
ALONE, ALONE_SHARE = 3.0, 0.005
# Lines end in round or square caps: so far beyond its ends a log says nothing of the figure.
CAP_PX = 6.0
# Beyond an axis' ends nothing is drawn, whatever was logged.
BEYOND = 0.01
# An error of this share of the axis is as bad as any.
WORST = 0.25
# Where rows lie closer than pixels, the drawn line must lie among them (fully counted), but a smooth
# line among noise is not that noise: its distance from the line itself counts too.
PLAIN_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """Compared points: ``off`` is how far beyond what the log has within reach (0: none), ``plain`` the
    distance from the logged line, both drawn minus logged; ``at`` indexes the series' points."""

    at: NDArray[np.int_]
    off: FloatArray
    plain: FloatArray
    logged: FloatArray
    n_outside: int
    n_rows_between: int
    clipped: bool

    @property
    def score(self) -> float:
        """From 0 (the same) to 0.25 or more (nothing alike)."""
        if not len(self.off):
            return WORST + 0.1
        cost = np.minimum(np.abs(self.off) + PLAIN_SHARE * np.abs(self.plain), WORST)
        return float(cost.mean() + WORST * self.n_outside / (self.n_outside + len(self.off)))

    @property
    def fits(self) -> bool:
        """Whether this is the same quantity, a few points aside."""
        if not len(self.off) or self.n_outside > 0.1 * len(self.off):
            return False
        off = np.abs(self.off)
        return bool(np.median(off) <= 0.01 and np.quantile(off, 0.9) <= 0.04 and self.score <= 0.03)


NOTHING = Residuals(
    at=np.zeros(0, int),
    off=np.zeros(0),
    plain=np.zeros(0),
    logged=np.zeros(0),
    n_outside=0,
    n_rows_between=0,
    clipped=False,
)


def residuals(view: View, v: FloatArray, u: FloatArray, *, are_rows: bool = True) -> Residuals:
    """Compare a series with a logged line.

    Parameters
    ----------
    view : View
        The series.
    v, u : ndarray
        The logged points in shares of the axes, in order of ``v``.
    are_rows : bool
        Whether markers stand at these very points, and not only on the line through them.
    """
    good = np.isfinite(u) & np.isfinite(v)
    v, u = v[good], u[good]
    if not len(v):
        return replace(NOTHING, n_outside=len(view.v))
    clipped = bool(((u < -BEYOND) | (u > 1 + BEYOND)).any())
    u = np.clip(u, -BEYOND, 1 + BEYOND)
    pixel = view.across.pixel
    spacing = float(np.median(np.diff(v))) if len(v) > 1 else 1.0
    between = int(((v >= view.v[0] - pixel) & (v <= view.v[-1] + pixel)).sum())
    n_outside = int(((view.v < v[0] - CAP_PX * pixel) | (view.v > v[-1] + CAP_PX * pixel)).sum())
    told_apart = spacing >= TOLD_APART_PX * pixel
    compared = [_at_points(view, v, u, told_apart=told_apart, are_rows=are_rows)]
    if view.sampled_at == "columns":
        compared.append(_lone_row(view, v, u))
    at, off, plain, logged = (np.concatenate(parts) for parts in zip(*compared, strict=True))
    return Residuals(
        at=at,
        off=off,
        plain=plain,
        logged=logged,
        n_outside=n_outside,
        n_rows_between=between,
        clipped=clipped,
    )


_Compared = tuple[NDArray[np.int_], FloatArray, FloatArray, FloatArray]


def _at_points(view: View, v: FloatArray, u: FloatArray, *, told_apart: bool, are_rows: bool) -> _Compared:
    """At the series' points: each against its row, or against what the log has within reach."""
    pixel = view.across.pixel
    reach = REACH_PX * pixel
    # Points that are one a row may stand a little beyond the last one; columns there are a line's cap.
    slack = reach if view.sampled_at == "columns" else 2 * reach + 0.01
    inside = np.flatnonzero((view.v >= v[0] - slack) & (view.v <= v[-1] + slack))
    where = view.v[inside]
    logged = np.interp(where, v, u)
    low, high = _within(v, u, where, reach)
    row = nearest_places(v, where)
    own = np.zeros(len(where), bool)
    if len(where) and np.quantile(np.abs(v[row] - where), SAME_QUANTILE) <= SAME_PLACE_PX * pixel:
        own[:] = np.abs(v[row] - where) <= reach
    elif view.sampled_at != "columns" and are_rows:
        regular = regular_rows(v, where, row, reach)
        row = row if regular is None else regular
        own[:] = (told_apart or regular is not None) & (np.abs(v[row] - where) <= reach)
    logged = np.where(own, u[row], logged)
    low, high = np.where(own, logged, low), np.where(own, logged, high)
    drawn = view.u[inside]
    return inside, _beyond(drawn, low, high), drawn - logged, logged


def _lone_row(view: View, v: FloatArray, u: FloatArray) -> _Compared:
    """The row that stands out of the drawn line as no other does: no drawn point says so.

    Where rows lie closer than pixels, the drawn line is right wherever it runs among them. In noise many rows
    stand out, for a line of pixels cannot follow it; then none is alone.
    """
    reach = REACH_PX * view.across.pixel
    nearest = nearest_places(view.v, v)
    covered = np.abs(view.v[nearest] - v) <= reach
    low, high = _within(view.v, view.u, v, reach)
    out = np.where(covered, -_beyond(u, low, high), 0.0)
    worst = lone_one(np.abs(out), ALONE_SHARE)
    lone = np.array([] if worst is None else [worst], dtype=int)
    drawn = np.interp(v[lone], view.v, view.u)
    return nearest[lone], out[lone], drawn - u[lone], u[lone]


def lone_one(sizes: FloatArray, least: float | FloatArray) -> int | None:
    """Which of some sizes stands out of all others, and is more than ``least``; None where none does."""
    worst = int(np.argmax(sizes))
    others = float(np.delete(sizes, worst).max(initial=0.0))
    is_lone = sizes[worst] > max(ALONE * others, float(np.broadcast_to(least, sizes.shape)[worst]))
    return worst if is_lone else None


def regular_rows(
    v: FloatArray, where: FloatArray, nearest: NDArray[np.int_], reach: float
) -> NDArray[np.int_] | None:
    """The row of each point where every k-th row is drawn, also where rows lie closer than pixels."""
    if len(where) < LEAST_REGULAR:
        return None
    stride = round(float(np.median(np.diff(nearest))))
    if stride < 1:
        return None
    offset = int(np.bincount(nearest % stride).argmax())
    rows = offset + stride * np.rint((nearest - offset) / stride).astype(int)
    rows = np.clip(rows, 0, len(v) - 1)
    return rows if np.quantile(np.abs(v[rows] - where), SAME_QUANTILE) <= reach else None


def _within(v: FloatArray, u: FloatArray, where: FloatArray, reach: float) -> tuple[FloatArray, FloatArray]:
    """The lowest and highest of a line within reach of each place."""
    left, right = np.interp(where - reach, v, u), np.interp(where + reach, v, u)
    low, high = np.minimum(left, right), np.maximum(left, right)
    start = np.searchsorted(v, where - reach)
    stop = np.searchsorted(v, where + reach, side="right")
    some = stop > start
    if some.any():
        # reduceat takes pairs of bounds; an end beyond the last row needs one row more.
        bounds = np.column_stack([start[some], stop[some]]).ravel()
        padded = np.append(u, u[-1])
        low[some] = np.minimum(low[some], np.minimum.reduceat(padded, bounds)[::2])
        high[some] = np.maximum(high[some], np.maximum.reduceat(padded, bounds)[::2])
    return low, high


def _beyond(values: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    return np.asarray(np.where(values > high, values - high, np.where(values < low, values - low, 0.0)))


def nearest_places(sorted_values: FloatArray, where: FloatArray) -> NDArray[np.int_]:
    """The index of the sorted value that is nearest to each of these."""
    right = np.clip(np.searchsorted(sorted_values, where), 1, max(len(sorted_values) - 1, 1))
    if len(sorted_values) == 1:
        return np.zeros(len(where), int)
    closer_left = where - sorted_values[right - 1] < sorted_values[right] - where
    return np.asarray(right - closer_left)
