"""Lines that were fitted to a cloud: no series of their own that a legend should name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitizer.evidence import FloatArray, Trace

# Fewer markers say too little of their course.
FEWEST = 10
# A fit runs over the width of its cloud to this share, and no farther than this beyond it.
SPANS, BEYOND = 0.6, 0.5
# What is left of markers runs through their midst as well, and has ink under less than this share of it.
SUPPORTED = 0.95
# In each of so many parts of its width a cloud lies on both sides of its fit: its mean is off by no more than
# so many times its deviation, and this (px), which hidden markers may move it by.
N_PARTS, OFF_SIGMAS, OFF_PX = 3, 3.5, 1.5
# Where more than this share of the markers stand this near (px) to a line they are its own, in another tint.
OWN_SHARE, OWN_PX = 0.8, 1.5


def find_fits(traces: Sequence[Trace]) -> dict[int, int]:
    """Which of a panel's lines are fits, and the cloud that each was fitted to: indexes of traces.

    Notes
    -----
    A cloud has nothing to do with any other line: that it lies on both sides of a line all along, as its
    deviations tell, is what a fit does alone.
    """
    clouds = [i for i, t in enumerate(traces) if t.kind == "scatter" and t.x_px.size >= FEWEST]
    fits: dict[int, int] = {}
    for k, line in enumerate(traces):
        if line.kind != "line" or line.marker != "none" or line.support < SUPPORTED:
            continue
        of = [i for i in clouds if _is_fit(line, traces[i])]
        same = [i for i in of if traces[i].color == line.color]
        if same or len(of) == 1:
            fits[k] = (same or of)[0]
    # Of two lines through one cloud nobody knows which was fitted to it.
    fitted = list(fits.values())
    return {k: cloud for k, cloud in fits.items() if fitted.count(cloud) == 1}


def without_fits(
    traces: Sequence[Trace], names: Sequence[str | None]
) -> tuple[list[Trace], list[str | None]]:
    """Leave out fits that go by no name of their own: nobody lists them beside their clouds."""
    fits = find_fits(traces)
    kept = [i for i in range(len(traces)) if i not in fits or names[i] not in (None, names[fits[i]])]
    return [traces[i] for i in kept], [names[i] for i in kept]


def are_own(off: FloatArray) -> bool:
    """Whether markers so far (px) from a line are its own, and it no fit of them: nearly all stand on it."""
    return bool(np.mean(np.abs(off) < OWN_PX) > OWN_SHARE)


def _is_fit(line: Trace, cloud: Trace) -> bool:
    seen = np.isfinite(line.y_px)
    if np.count_nonzero(seen) < 2 or np.any(np.diff(line.x_px[seen]) < 0):
        return False
    x, y = line.x_px[seen], line.y_px[seen]
    width, span = float(np.ptp(cloud.x_px)), float(np.ptp(x))
    inside = (cloud.x_px >= x[0]) & (cloud.x_px <= x[-1])
    if span < SPANS * width or span > (1 + BEYOND) * width or inside.sum() < FEWEST:
        return False
    order = np.argsort(cloud.x_px[inside], kind="stable")
    off = (cloud.y_px[inside] - np.interp(cloud.x_px[inside], x, y))[order]
    if are_own(off):
        return False
    return all(_is_centred(part) for part in np.array_split(off, N_PARTS))


def _is_centred(off: FloatArray) -> bool:
    error = float(np.std(off)) / np.sqrt(max(off.size - 1, 1))
    return bool(abs(float(np.mean(off))) < OFF_SIGMAS * error + OFF_PX)
