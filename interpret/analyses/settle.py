"""Bring phases and plateau to one story, in as few pieces as the picture needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.phases import Phase
from interpret.analyses.plateau import Plateau

# Neighbouring pieces are told as one where their common line stays this close to both (share of range).
MERGE_SHARE = 0.05
MOST_TOLD = 4


def settle_cuts(
    x: FloatArray,
    y: FloatArray,
    phases: Sequence[Phase],
    plateau: Plateau | None,
    jumps: Sequence[int],
    ignored: NDArray[np.bool_],
) -> tuple[int, ...]:
    """Borders of phases that tell one story with the plateau, in as few pieces as the picture needs."""
    cuts = sorted({p.start for p in phases} | {len(y)})
    if plateau is not None:
        cuts = [c for c in cuts if not plateau.start < c < plateau.stop]
        cuts = sorted({*cuts, plateau.start, plateau.stop})
        keep = {plateau.start, plateau.stop, *jumps}
    else:
        keep = set(jumps)
    total = float(np.ptp(y)) or 1.0
    while len(cuts) > 2:
        costs = []
        for i in range(1, len(cuts) - 1):
            a, cut, b = cuts[i - 1], cuts[i], cuts[i + 1]
            if cut in keep and min(cut - a, b - cut) >= 4:
                continue
            if cut in jumps:
                continue
            costs.append((_misfit(x, y, ignored, a, cut, b) / total, i))
        if not costs:
            break
        cost, worst = min(costs)
        if cost > MERGE_SHARE and len(cuts) - 1 <= MOST_TOLD + len(jumps):
            break
        del cuts[worst]
    return tuple(cuts)


def _misfit(x: FloatArray, y: FloatArray, ignored: NDArray[np.bool_], a: int, cut: int, b: int) -> float:
    """Largest distance between the common line of a:b and the two lines of its parts."""

    def line(start: int, stop: int) -> tuple[float, float]:
        use = ~ignored[start:stop]
        xs, ys = x[start:stop], y[start:stop]
        if use.sum() >= 2:
            xs, ys = xs[use], ys[use]
        spread = float(np.sum((xs - xs.mean()) ** 2))
        slope = float((xs - xs.mean()) @ (ys - ys.mean())) / spread if spread > 0 else 0.0
        return slope, float(ys.mean() - slope * xs.mean())

    whole, left, right = line(a, b), line(a, cut), line(cut, b)

    def gap(one: tuple[float, float], at: int) -> float:
        return abs((whole[0] - one[0]) * float(x[at]) + whole[1] - one[1])

    return max(gap(left, a), gap(left, cut - 1), gap(right, cut), gap(right, b - 1))
