"""Where lines above each other begin alike: at a side of a plot area that nothing draws."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.evidence import FloatArray
from digitizer.stages.strokes.strokes import Stroke

# Lines of one grid, and the sides above and below it, begin and end alike to this (px); those along an axis
# end with its last tick mark, half of its width further out (Vega, at three times its size: 3).
ALIKE_PX = 4.0


def find_beginning(lines: Sequence[Stroke], edge: float, at: FloatArray) -> float | None:
    """Where lines begin that run above each other from before the first to behind the last label.

    Parameters
    ----------
    lines : sequence of Stroke
        Long straight strokes along the labels' row.
    edge : float
        Where the labels of the other axis end (px).
    at : ndarray, shape (n,)
        The places of the row's labels.

    Returns
    -------
    float or None
        None where fewer than two lines begin and end at the same places.

    Notes
    -----
    The tick marks of bars run on into them, and nothing else shows where the bars' own side is.
    """
    long = [
        s for s in lines if s.sign == 0 and edge < s.start <= at[0] + ALIKE_PX and s.end >= at[-1] - ALIKE_PX
    ]
    pairs = [
        min(s.start, t.start)
        for k, s in enumerate(long)
        for t in long[:k]
        if max(abs(s.start - t.start), abs(s.end - t.end)) <= ALIKE_PX < abs(s.at - t.at)
    ]
    return min(pairs, default=None)
