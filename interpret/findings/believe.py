"""Which events to believe: by the scatter where each stands, and by how it looks in the picture."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.departures import Departure
from interpret.analyses.noise import Noise
from interpret.analyses.shifts import Shift
from interpret.analyses.spread import scatter_between

# The scatter around an event is measured over so many points on each side, and counts beyond this ratio.
WILD_SIDE = 12
WILD_RATIO = 1.4
# Firm: this rare even where noise is as bad as it might be. Nearly firm and large events are told
# with a hedge. At a looser 0.05 AR(0.8) noise of 71 points told a firm event in 25 % of the series.
FIRM_P = 0.01
TENTATIVE_DOUBT = 0.15
TENTATIVE_SHARE = 0.15
# What anyone sees in the picture is told, hedged, even where a wandering noise could do it.
STRIKING_P = 0.001
STRIKING_SHARE = 0.2

Event = TypeVar("Event", Departure, Shift)


def believable(
    y: FloatArray, events: tuple[Event, ...], doubts: tuple[float, ...]
) -> tuple[tuple[Event, ...], tuple[float, ...]]:
    """Keep what is firm, and of the rest what is large in the picture and hard to explain away."""
    total = float(np.ptp(y))
    kept = []
    for event, doubt in zip(events, doubts, strict=True):
        share = event.size / total if total else 0.0
        likely = doubt <= TENTATIVE_DOUBT and share > TENTATIVE_SHARE
        striking = event.p <= STRIKING_P and share > STRIKING_SHARE
        if doubt <= FIRM_P or likely or striking:
            kept.append((event, doubt))
    return tuple(event for event, _ in kept), tuple(doubt for _, doubt in kept)


def wildness(y: FloatArray, noise: Noise, ignored: NDArray[np.bool_], first: int, last: int) -> float:
    """The scatter around an event over the noise of the whole series, at least 1."""
    n = len(y)
    side = max(WILD_SIDE, n // 10)
    out = ignored.copy()
    out[max(0, first) : last + 2] = True
    near = scatter_between(y, max(0, first - side), min(n, last + side), out)
    return near / noise.sd if near > WILD_RATIO * noise.sd else 1.0
