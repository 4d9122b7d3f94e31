"""Lines of a panel stand at the same places: one that was put on round values puts another there, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import Scale
from digitizer.model import Series
from digitizer.stages.pixels.nearest import index_of_nearest

# A line with fewer points tells little of where the axis is off; nearly all of its points were put.
FEWEST = 12
NEARLY_ALL = 0.9
# Points of two lines at one place were read this near (px) each other: the two of PPO's curves within 0.1.
SAME_PX = 0.35
# So many of a line's points are at places of the other one (a raw curve's first stretch lies under its
# average, and seems to bend anywhere: 119 of 130).
SHARED = 0.6


def lend_places(series: Sequence[Series], scale: Scale | None) -> tuple[Series, ...]:
    """Put the points of lines that stand where those of another one do on the round values of these.

    Parameters
    ----------
    series
        The series of a panel.
    scale
        That of its x axis.

    Notes
    -----
    What puts points on round values is what the axis is off by, to the pixel its ticks were rounded to: it is
    the same for all lines. One line's points may not be put for themselves, where some of them are no points.
    """
    if scale is None or scale.kind != "linear":
        return tuple(series)
    put = [(s, _share_put(s, scale)) for s in series]
    lenders = [s for s, share in put if share >= NEARLY_ALL]
    return tuple(_lent(s, lenders, scale) if share == 0.0 else s for s, share in put)


def _share_put(series: Series, scale: Scale) -> float:
    """The share of a line's points that stand at round values; NaN for what is not a line of points."""
    if series.kind != "line" or series.sampled_at == "columns" or series.x_px.size < FEWEST:
        return np.nan
    return float(np.mean(np.asarray(series.x, dtype=np.float64) != scale.to_value(series.x_px)))


def _lent(series: Series, lenders: Sequence[Series], scale: Scale) -> Series:
    for lender in lenders:
        order = np.argsort(lender.x_px)
        px, x = lender.x_px[order], np.asarray(lender.x, dtype=np.float64)[order]
        at = index_of_nearest(px, series.x_px)
        same = np.abs(px[at] - series.x_px) <= SAME_PX
        if np.mean(same) < SHARED:
            continue
        shift = np.interp(series.x_px, px, x - scale.to_value(px))
        put = np.where(same, x[at], np.asarray(series.x, dtype=np.float64) + shift)
        step, before = np.diff(put), np.diff(series.x_px) * np.sign(scale.slope)
        if np.all(step * before > 0):
            return replace(series, x=put)
    return series
