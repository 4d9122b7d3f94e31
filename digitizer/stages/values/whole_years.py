"""Tell from a panel's series whether years that stand untitled along it are numbers or dates.

Tables by the year are plotted with their years as whole numbers, measurements in time as dates: of the first
all points and corners stand at whole years, of the second they stand between them. The labels look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitizer.evidence import AxisEvidence, FloatArray, Scale, Trace
from digitizer.stages.axes.calibration import UNPROVEN, calibrate_axis
from digitizer.stages.values.calendar import SURE

# Ticks and markers are each drawn up to half a pixel off, and both are read: points at whole years were up
# to 0.9 px beside them. All but this share of the points stand where the others do; the rest may be misread.
NEAR_PX, MOST_LOOSE = 1.2, 0.1
# A year lasts so many pixels at least where corners are looked for: nearer ones are smoothed by the stroke.
SHORTEST_YEAR_PX = 5.0
# A curve with corners at whole years alone is this near (px, root mean square) to straight pieces between
# them, and pieces between the middles of years are off by so many times that, and by this (px): of drawn
# tables by 1.8 to 40 times and 0.9 px and more (least of edges of areas under a legend). Of months and days
# they are off by 0.86 to 1.07 times, which tells times where both are off by more than this (px).
NEAR_PIECES_PX, TIMES_OFF, LEAST_OFF_PX = 1.0, 1.7, 0.3
NO_TIMES_OFF, FAR_OFF_PX = 1.25, 0.5


def as_whole_years(scale: Scale | None, axis: AxisEvidence | None, traces: Sequence[Trace]) -> Scale | None:
    """The scale of numbers where years read as dates have points at whole years alone; else as it is.

    That the kind is no more than likely is told as before.

    Parameters
    ----------
    scale, axis
        The horizontal axis of a panel.
    traces
        The panel's series.
    """
    if scale is None or axis is None or scale.kind != "date" or UNPROVEN not in scale.problems:
        return scale
    numbers = calibrate_axis(axis, "linear")
    if numbers is None or not all(span.text.isdecimal() for span in axis.labels):
        return scale
    said = [_stands_at_years(trace, numbers) for trace in traces]
    if said.count(True) <= said.count(False):
        return scale
    return replace(numbers, problems=tuple(dict.fromkeys((*numbers.problems, UNPROVEN))))


def _stands_at_years(trace: Trace, years: Scale) -> bool | None:
    """Whether a series has points or corners at whole years and nowhere else; None where it does not tell."""
    if trace.kind in ("bar", "scatter"):
        return None if trace.orientation == "horizontal" else _points_tell(trace.x_px, years)
    band = trace.kind == "band"
    edges = [y for y in ((trace.y_low_px, trace.y_high_px) if band else (trace.y_px,)) if y is not None]
    said = [_corners_tell(trace.x_px, y, years) for y in edges]
    return False if False in said else True if True in said else None


def _points_tell(x_px: FloatArray, years: Scale) -> bool | None:
    """Whether points stand at whole years, which so many do not by chance."""
    x_px = np.unique(np.round(x_px[np.isfinite(x_px)], 1))
    off = np.abs(x_px - years.to_pixel(np.round(years.to_u(x_px))))
    if np.mean(off > NEAR_PX) > MOST_LOOSE:
        return False
    return True if x_px.size * np.log(abs(years.slope) / (2 * NEAR_PX)) >= SURE else None


def _corners_tell(x_px: FloatArray, y_px: FloatArray, years: Scale) -> bool | None:
    """Whether straight pieces between whole years make up a curve, and such between their middles do not."""
    seen = np.isfinite(x_px) & np.isfinite(y_px)
    if abs(years.slope) < SHORTEST_YEAR_PX or np.count_nonzero(seen) < 3:
        return None
    order = np.argsort(x_px[seen], kind="stable")
    x, y = x_px[seen][order], y_px[seen][order]
    at = np.arange(np.ceil(x[0]), x[-1])
    if at.size < 3 * abs(years.slope):
        return None
    u, heights = years.to_u(at), np.interp(at, x, y)
    whole, between = (_off_pieces(u + shift, heights) for shift in (0.0, 0.5))
    if whole < NEAR_PIECES_PX and between >= max(TIMES_OFF * whole, LEAST_OFF_PX):
        return True
    return False if whole > FAR_OFF_PX and between < NO_TIMES_OFF * whole else None


def _off_pieces(u: FloatArray, heights: FloatArray) -> float:
    """How far (root mean square) heights are off straight pieces that meet at whole numbers."""
    first = int(np.floor(u.min()))
    knots = np.arange(first, int(np.ceil(u.max())) + 1)
    hats = np.maximum(0.0, 1.0 - np.abs(u[:, None] - knots[None]))
    fitted = hats @ np.linalg.lstsq(hats, heights, rcond=None)[0]
    return float(np.sqrt(np.mean((fitted - heights) ** 2)))
