"""Points that stand at the beginnings of months, days or hours already are put on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from digitizer.evidence import FloatArray

# Points are read to about half a pixel, ticks are rounded to one: all but so many lie this near (px).
NEAR_PX = 0.8
MOST_LOOSE = 3
# Of shorter periods points are nearer than this share (a year of days, 2.7 px each: 0.08), which no shift of
# ticks by less than half a period looks like.
NEAR_SHARE = 1 / 8
# Of longer periods they are this share (half an hour of a day): programs put them on pixels of their own
# before a picture is enlarged (days of 120 px: up to 25 minutes, on both sides).
LONG_SHARE = 1 / 48
# A period lasts so many pixels at least (so many, for that share), and chance puts all points near its
# beginnings less often than e to minus this.
SHORTEST_PX, SHORTEST = 3.0, 2.0
SURE = 7.0
# Renderers that put each tick on the pixel before it leave all points up to this far (px, and of a period the
# share above) on one side of the beginnings they stand at, by a shift that changes evenly along the axis: two
# daily charts of one such program are 0.6 to 1.5 px and 0.9 to 0.7 px off, on pixels enlarged by a quarter.
# What is left beside the even shift is within a third of a pixel.
MOST_SHIFT_PX, SHIFTED_NEAR_PX = 2.0, 0.33
# Last days of months are told from first ones where they fit better by this (px).
CLEARER_PX = 0.15
DAYS_A_MONTH = 30.4


def snap_to_calendar(days: FloatArray, *, px_size: float) -> FloatArray:
    """Put points on the beginnings of the months, days or hours that all of them stand at; else leave them.

    Parameters
    ----------
    days : ndarray, shape (n,)
        Days since 1970-01-01, by rising or falling place.
    px_size : float
        How many days one pixel is worth.

    Notes
    -----
    Ticks of time axes are rounded to whole pixels, too, which shifts every point by up to half a pixel: on
    steep stretches that is more than its height is unsure by.
    """
    units: tuple[tuple[float, tuple[Callable[[FloatArray], FloatArray], ...]], ...] = (
        (DAYS_A_MONTH, (_month_starts, _month_ends)),
        (1.0, (np.round,)),
        (1 / 24, (lambda at: np.round(at * 24) / 24,)),
    )
    for length, places in units:
        length_px = length / px_size
        near = NEAR_SHARE * length_px
        if length_px >= SHORTEST_PX:
            near = max(NEAR_PX, LONG_SHARE * length_px)
        if length_px < SHORTEST or days.size * np.log(length_px / (2 * near)) < SURE:
            continue
        told = [place(days) for place in places]
        off = [float(np.median(np.abs(days - at))) / px_size for at in told]
        best = told[0] if off[0] <= off[-1] + CLEARER_PX else told[-1]
        shift = _even_shift(days, days - best, min(MOST_SHIFT_PX, NEAR_SHARE * length_px) * px_size)
        for loose in (
            np.abs(days - best) > near * px_size,
            np.abs(days - best - shift) > min(SHIFTED_NEAR_PX, near) * px_size,
        ):
            put = np.where(loose, days, best)
            order = np.diff(put)
            # The frame may cut a line off between two of them, at both ends.
            few = np.count_nonzero(loose) <= min(MOST_LOOSE, days.size // 8)
            inner = days.size - 2
            cut = not loose[1:-1].any() and inner * np.log(length_px / (2 * near)) > SURE
            if (few or cut) and (np.all(order > 0) or np.all(order < 0)):
                return put
    return days


def _even_shift(days: FloatArray, off: FloatArray, most: float) -> FloatArray:
    """A shift of all points that changes evenly along the axis; infinite where it is more than ``most``.

    The middles of two halves tell it: the points beside it do not.
    """
    half = days.size // 2
    if not half:
        return np.full(days.size, np.inf)
    at = [float(np.median(part)) for part in (days[:half], days[-half:])]
    by = [float(np.median(part)) for part in (off[:half], off[-half:])]
    shift = by[0] + (days - at[0]) * (by[1] - by[0]) / (at[1] - at[0] or np.inf)
    return np.asarray(shift if np.abs(shift).max() <= most else np.full(days.size, np.inf))


def _month_starts(days: FloatArray) -> FloatArray:
    """The nearest first day of a month."""
    month = np.floor(days).astype("datetime64[D]").astype("datetime64[M]")
    before, after = (m.astype("datetime64[D]").astype(np.float64) for m in (month, month + 1))
    return np.asarray(np.where(days - before <= after - days, before, after))


def _month_ends(days: FloatArray) -> FloatArray:
    """The nearest last day of a month."""
    return _month_starts(days + 1) - 1
