"""First and last markers that stand beside the even steps of the others: a run's last step is cut short."""

from __future__ import annotations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.series.markers.find import Blobs
from digitizer.stages.series.markers.places import Places

# A marker stands beside its step where it is seen farther from it than this (px): strokes that cross
# one move it by up to 2 px, which the drawing tells.
BESIDE_PX = 1.5
# ... and by up to this share of a step, else it is another one.
MOST_BESIDE = 0.5


def with_loose_ends(places: Places, blobs: Blobs) -> Places | None:
    """The places with the outermost markers where they are seen; None where these stand on their steps.

    Parameters
    ----------
    places
        Markers on a step grid.
    blobs
        Where markers were found (crop coordinates).

    Notes
    -----
    The numbers of such steps are no whole ones, so that the others still make a comb.
    """
    x, y, steps = places
    if steps is None or x.size < 3 or not blobs.x.size:
        return None
    period = float(np.ptp(x) / np.ptp(steps))
    parts = [np.column_stack([x, y, steps])]
    for end, outermost in ((0, int(np.argmin(blobs.x))), (-1, int(np.argmax(blobs.x)))):
        away = float(blobs.x[outermost] - x[end])
        beyond = away if end else -away
        if abs(away) <= BESIDE_PX:
            continue
        row = np.array([[blobs.x[outermost], blobs.y[outermost], steps[end] + away / period]])
        if beyond > 0 and _is_seen(float(x[end]), blobs.x):
            parts = [*parts, row] if end else [row, *parts]
        elif abs(away) < MOST_BESIDE * period:
            parts[-1 if end else 0][end] = row
    rows = np.concatenate(parts)
    if rows.shape[0] == x.size and np.array_equal(rows[:, 0], x):
        return None
    return rows[:, 0], rows[:, 1], rows[:, 2]


def _is_seen(place: float, found: FloatArray) -> bool:
    return bool(np.abs(found - place).min() <= BESIDE_PX)
