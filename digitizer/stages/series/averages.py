"""Pairs of a pale line and a bold one over it: values as they came, and their average."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.colors import tell_blend, to_lab
from digitizer.evidence import FloatArray, Trace

# A pale line stands off the ground by no more than this share of what its average does (Lab distances; drawn
# at an opacity of 0.1 to 0.4 it has 0.1 to 0.5).
PALE = 0.65
# Both run over this share of the width that they span together.
TOGETHER = 0.8
# A translucent stroke's colour lies between the ground's and the full one's to this (RGB units).
SAME_HUE = 20.0
# What came is on both sides of its average (its median is off by less than this share of how far it usually
# is), and goes up and down so many times as much.
OFF_CENTRE = 0.7
ROUGHER = 1.5
# An average of the values before it (a trailing window) lags behind them, by up to this share of the width:
# half the longest window drawn (50 of 125 values).
MOST_LAG = 0.25
LAGS = 11


def find_raw(traces: Sequence[Trace], background: tuple[int, int, int]) -> int | None:
    """Which of a panel's two bare lines is the pale, rough one under its bold average; None where none is.

    Nobody names such a pair: what the axis is called, the raw one is.
    """
    if len(traces) != 2 or any(t.kind != "line" or t.marker != "none" for t in traces):
        return None
    lab = to_lab(np.array([t.color for t in traces] + [background], dtype=np.float64))
    strength = np.linalg.norm(lab[:2] - lab[2], axis=1)
    raw = int(np.argmin(strength))
    if strength[raw] > PALE * strength[1 - raw]:
        return None
    ends = np.array([(np.min(t.x_px), np.max(t.x_px)) for t in traces])
    shared, whole = ends[:, 1].min() - ends[:, 0].max(), np.ptp(ends)
    rough = [float(np.nanmedian(t.sigma_px)) for t in traces]
    return raw if shared > TOGETHER * whole and rough[raw] > rough[1 - raw] else None


def without_raw(
    traces: Sequence[Trace], names: Sequence[str | None], background: tuple[int, int, int]
) -> tuple[list[Trace], list[str | None]]:
    """Leave out pale lines that go by no name below the bold average of their colour that has one.

    Training dashboards list the average alone; what came lies under it in its own colour, translucent.

    Returns
    -------
    traces, names
        All others, in their order.
    """
    ground = np.array(background, dtype=np.float64)
    below = [
        [i for i, t in enumerate(traces) if names[i] is None and lies_below(t, bold, ground)]
        if names[k] is not None
        else []
        for k, bold in enumerate(traces)
    ]
    # Of several, one is made of the pieces of another series.
    raw = {which[0] for which in below if len(which) == 1}
    kept = [i for i in range(len(traces)) if i not in raw]
    return [traces[i] for i in kept], [names[i] for i in kept]


def lies_below(pale: Trace, bold: Trace, ground: FloatArray) -> bool:
    """Whether a line is what another one of its colour averages; ``ground`` is what both stand on (RGB)."""
    if any(t.kind != "line" or t.sampled_at == "markers" for t in (pale, bold)):
        return False
    share, off = tell_blend(pale.color, bold.color, ground)
    if not 0.0 < share <= PALE or off > SAME_HUE:
        return False
    (raw_x, raw_y), (x, y) = (_seen(t) for t in (pale, bold))
    if min(raw_x.size, x.size) < 2 or np.any(np.diff(x) < 0):
        return False
    inside = (raw_x >= x[0]) & (raw_x <= x[-1])
    if not inside.any() or np.ptp(raw_x[inside]) < TOGETHER * np.ptp(np.r_[raw_x, x]):
        return False
    if float(np.abs(np.diff(raw_y)).sum()) <= ROUGHER * float(np.abs(np.diff(y)).sum()):
        return False
    lags = np.linspace(0.0, MOST_LAG * np.ptp(x), LAGS)
    return any(_is_centred(raw_x[inside] + lag, raw_y[inside], x, y) for lag in lags)


def _is_centred(raw_x: FloatArray, raw_y: FloatArray, x: FloatArray, y: FloatArray) -> bool:
    """Whether as much of a line is above another one as below it, where both are."""
    both = raw_x <= x[-1]
    off = raw_y[both] - np.interp(raw_x[both], x, y)
    return abs(float(np.median(off))) <= OFF_CENTRE * float(np.median(np.abs(off)))


def _seen(trace: Trace) -> tuple[FloatArray, FloatArray]:
    """The points of a trace that have a height."""
    seen = np.isfinite(trace.y_px)
    return trace.x_px[seen], trace.y_px[seen]
