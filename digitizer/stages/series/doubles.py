"""Tell rims of a stroke, in a paler colour of its hue, from series of their own: they run along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.series.paths.joins import path_distance
from digitizer.stages.series.paths.runs import IndexArray

# A double's points lie this near (px) to the line it runs along: in 600 charts (drawn, of 19 other renderers,
# real) 0.81 and more where the legend lists that line; of pale raw curves under their average 0.7 and less.
# Where the legend lists neither, all do.
NEAR_PX = 1.5
SHARE_LISTED = 0.8
SHARE_UNLISTED = 0.97
# Its hue is nearly the line's: cosine 0.88 and more in JPEG and resampled pictures.
SAME_HUE = 0.85
# A line's rim on another line is a mixture of their colours: between the two, this far from either and so
# near to the straight way (shares of how far they are apart; 0.18 and 0.01 of thin lines over others). They
# are so far apart (RGB) at least.
MIXED, MIXED_OFF, LEAST_APART = 0.08, 0.06, 60.0
# Most of it lies on both.
SHARE_BLENDED = 0.9
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
        if not double and not _is_blend(trace, [t for t in (*kept, *others) if t is not trace]):
            left.append(trace)
    return kept, left


def _strength(trace: Trace, ground: FloatArray) -> float:
    return float(np.linalg.norm(np.asarray(trace.color, dtype=np.float64) - ground))


def _is_tint(offset: FloatArray, line: Trace, ground: FloatArray) -> bool:
    """Whether a colour (its offset from the ground) is of a line's hue."""
    full = np.asarray(line.color, dtype=np.float64) - ground
    return bool(offset @ full > SAME_HUE * np.linalg.norm(offset) * np.linalg.norm(full))


def _is_blend(trace: Trace, mates: Sequence[Trace]) -> bool:
    """Whether a trace is what the rim of one line leaves on another one that it runs along.

    Its colour is a mixture of the two, and all of it lies where both are.
    """
    color = np.asarray(trace.color, dtype=np.float64)
    lines = [t for t in mates if t.kind == "line" and t.x_px.size >= 2]
    for k, one in enumerate(lines):
        for other in lines[k + 1 :]:
            near, far = (np.asarray(t.color, dtype=np.float64) for t in (one, other))
            span = float(np.linalg.norm(far - near))
            if span < LEAST_APART:
                continue
            share = float((color - near) @ (far - near)) / span**2
            off = float(np.linalg.norm(color - near - share * (far - near)))
            mixed = MIXED <= share <= 1.0 - MIXED and off <= MIXED_OFF * span
            if mixed and all(_lies_on(trace, line) for line in (one, other)):
                return True
    return False


def _lies_on(trace: Trace, line: Trace) -> bool:
    """Whether points lie on a line, but for a rest."""
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    return bool(seen.size) and _share_on(trace, line, seen, MOST_POINTS[-1]) >= SHARE_BLENDED


def _share_on(trace: Trace, line: Trace, seen: IndexArray, most: int) -> float:
    """The share of a trace's points ``seen`` that lie on a line or its markers, told by ``most`` of them.

    Points count as they are known where that leaves more: what is left of a steep piece may be anywhere
    along it.
    """
    some = seen[:: -(-seen.size // most)]
    x, y = trace.x_px[some], trace.y_px[some]
    near = path_distance(x, y, line.x_px, line.y_px) < NEAR_PX
    if line.marker != "none":
        # The rim of a marker is as far from the line as the marker reaches.
        away = np.hypot(x[:, None] - line.x_px, y[:, None] - line.y_px)
        near |= (away < line.marker_size_px / 2 + NEAR_PX).any(axis=1)
    known = float(np.average(near, weights=1.0 / np.hypot(1.0, trace.sigma_px[some])))
    return max(float(np.mean(near)), known)


def _runs_along(trace: Trace, line: Trace, share: float) -> bool:
    """Whether a bare line's points lie on another line, but for a rest."""
    if trace.kind != "line" or line.kind != "line" or trace.marker != "none":
        return False
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    if not seen.size or line.x_px.size < 2:
        return False
    limits = zip(MOST_POINTS, (FIRST_SHARE * share, share), strict=True)
    return all(_share_on(trace, line, seen, most) >= least for most, least in limits)
