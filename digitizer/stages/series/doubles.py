"""Tell rims of a stroke, in a paler colour of its hue, from series of their own: they run along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.joins import path_distance

# A double's points lie this near (px) to the line it runs along: in 600 charts (drawn, of 19 other renderers,
# real) 0.81 and more where the legend lists that line; of pale raw curves under their average 0.7 and less.
# Where the legend lists neither, all do.
NEAR_PX = 1.5
SHARE_LISTED = 0.8
SHARE_UNLISTED = 0.97
# Its hue is nearly the line's: cosine 0.88 and more in JPEG and resampled pictures.
SAME_HUE = 0.85
# So many of its points are looked at, at most: few first, of which so much less may lie there.
MOST_POINTS = (15, 200)
FIRST_SHARE = 0.5


def leave_out_doubles(
    traces: Sequence[Trace], others: Sequence[Trace], ground: FloatArray
) -> tuple[list[Trace], list[Trace]]:
    """Leave out bare lines that run along another line, where nothing but its rim is seen.

    Parameters
    ----------
    traces
        The traces of colours that the legend lists: of these only a second line of one colour is a double.
    others
        The traces of colours that it does not list.
    ground
        The panel's colour (RGB).

    Returns
    -------
    tuple of two lists of Trace
        What is left of ``traces`` and ``others``, in the same order.
    """
    kept: list[Trace] = []
    for trace in traces:
        if not any(t.color == trace.color and _runs_along(trace, t, SHARE_UNLISTED) for t in kept):
            kept.append(trace)
    left = []
    for trace in others:
        offset = np.asarray(trace.color, dtype=np.float64) - ground
        double = any(_is_tint(offset, t, ground) and _runs_along(trace, t, SHARE_LISTED) for t in kept)
        if not double:
            fuller = [t for t in others if _strength(t, ground) > _strength(trace, ground)]
            double = any(
                _is_tint(offset, t, ground) and _runs_along(trace, t, SHARE_UNLISTED) for t in fuller
            )
        if not double:
            left.append(trace)
    return kept, left


def _strength(trace: Trace, ground: FloatArray) -> float:
    return float(np.linalg.norm(np.asarray(trace.color, dtype=np.float64) - ground))


def _is_tint(offset: FloatArray, line: Trace, ground: FloatArray) -> bool:
    """Whether a colour (its offset from the ground) is of a line's hue."""
    full = np.asarray(line.color, dtype=np.float64) - ground
    return bool(offset @ full > SAME_HUE * np.linalg.norm(offset) * np.linalg.norm(full))


def _runs_along(trace: Trace, line: Trace, share: float) -> bool:
    """Whether a bare line's points lie on another line, but for a rest."""
    if trace.kind != "line" or line.kind != "line" or trace.marker != "none":
        return False
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    if not seen.size or line.x_px.size < 2:
        return False
    for most, least in zip(MOST_POINTS, (FIRST_SHARE * share, share), strict=True):
        some = seen[:: -(-seen.size // most)]
        away = path_distance(trace.x_px[some], trace.y_px[some], line.x_px, line.y_px)
        if np.mean(away < NEAR_PX) < least:
            return False
    return True
