"""Tell lines of one look by the order of the legend, where the other lines lie in that order.

A legend of a sweep (5, 7, 10, ...) repeats its colours where they run out; the curves lie in its order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace
from digitizer.stages.pixels.assignment import assign_least

# So many lines that no other one looks like show the order ...
FEWEST_SURE = 3
# ... without exception in this share of the places where lines are compared, each so far (px) from the next.
ORDERED_SHARE = 0.2
APART_PX = 2.0
N_PLACES = 200
# Entries whose costs for one trace differ by less than this look alike.
ALIKE = 0.25
# A line is given to another entry where that is nearer to its place by so many entries.
CLEARLY = 1.0


def settle_by_order(
    traces: Sequence[Trace], cost: FloatArray, pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pair lines and legend entries that look alike by their places among the others.

    Parameters
    ----------
    traces : sequence of Trace
        The panel's lines.
    cost : ndarray, shape (traces, entries)
        How little each trace looks like each entry.
    pairs : sequence of (int, int)
        Traces and the entries that they were given by their looks.

    Returns
    -------
    list of (int, int)
        The same traces; where a trace looks like several entries, the entry may be another one.
    """
    rivals = {i: [int(k) for k in np.flatnonzero(cost[i] <= cost[i, j] + ALIKE)] for i, j in pairs}
    sure = [(i, j) for i, j in pairs if len(rivals[i]) == 1 and _is_line(traces[i])]
    open_pairs = [(i, j) for i, j in pairs if len(rivals[i]) > 1 and _is_line(traces[i])]
    if len(sure) < FEWEST_SURE or not open_pairs:
        return list(pairs)
    places = _places_in_order([traces[i] for i, _ in sure], [j for _, j in sure], traces)
    if places is None:
        return list(pairs)
    if not all(np.isfinite(places[i]) for i, _ in open_pairs):
        return list(pairs)
    out = [pair for pair in pairs if pair not in open_pairs]
    taken = {j for _, j in out}
    entries = sorted({j for i, _ in open_pairs for j in rivals[i]} - taken)
    off = np.array([[_off(places[i], j, rivals[i]) for j in entries] for i, _ in open_pairs])
    settled = [(open_pairs[a][0], entries[b]) for a, b in assign_least(off)]
    before, after = (
        float(np.sum([_off(places[i], j, rivals[i]) for i, j in chosen])) for chosen in (open_pairs, settled)
    )
    return out + settled if len(settled) == len(open_pairs) and before - after >= CLEARLY else list(pairs)


def _off(place: float, entry: int, rivals: Sequence[int]) -> float:
    """How many entries a place is off; as good as infinitely many where the looks differ."""
    return abs(place - entry) if entry in rivals else 1e3


def _is_line(trace: Trace) -> bool:
    seen = np.isfinite(trace.y_px)
    return trace.kind == "line" and seen.sum() >= 2 and bool(np.all(np.diff(trace.x_px[seen]) >= 0))


def _heights(trace: Trace, x: FloatArray) -> FloatArray:
    seen = np.isfinite(trace.y_px)
    return np.interp(x, trace.x_px[seen], trace.y_px[seen], left=np.nan, right=np.nan)


def _places_in_order(
    sure: Sequence[Trace], entries: Sequence[int], traces: Sequence[Trace]
) -> list[float] | None:
    """The legend's place of each trace by those that are sure; None where they lie in no order."""
    order = np.argsort(entries)
    index = np.asarray(entries, dtype=np.float64)[order]
    low, high = min(t.x_px.min() for t in traces), max(t.x_px.max() for t in traces)
    x = np.linspace(low, high, N_PLACES)
    y = np.stack([_heights(sure[k], x) for k in order])
    steps = np.diff(y, axis=0)
    ordered = np.all(steps > APART_PX, axis=0) | np.all(steps < -APART_PX, axis=0)
    if ordered.mean() < ORDERED_SHARE:
        return None
    places = []
    for trace in traces:
        own = _heights(trace, x) if _is_line(trace) else np.full(N_PLACES, np.nan)
        told = [_place(own[k], y[:, k], index) for k in np.flatnonzero(ordered & np.isfinite(own))]
        places.append(float(np.median(told)) if told else np.nan)
    return places


def _place(height: float, heights: FloatArray, index: FloatArray) -> float:
    """Where among the sure lines a height lies, half an entry beyond them at most."""
    up = heights[-1] > heights[0]
    rising, at = (heights, index) if up else (heights[::-1], index[::-1])
    ends = (index[0] - 0.5, index[-1] + 0.5)
    left, right = ends if up else ends[::-1]
    return float(np.interp(height, rising, at, left=left, right=right))
