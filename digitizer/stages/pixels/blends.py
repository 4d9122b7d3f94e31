"""Tell which fills are blends of others: translucent areas on each other."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from digitizer.evidence import FloatArray
from digitizer.stages.pixels.rectangles import Fills

# Another fill shows an area through where it is the ground changed by both colours, the area's by this
# share of its own at least, to this (RGB units).
SHOWS = 0.5
MOST_SHOWS = 1.12
BLEND_OFF = 9.0


def shown_by(fills: Fills, ground: FloatArray) -> list[tuple[int, ...]]:
    """For each fill the fills that show it: itself, and those that are its blend with another one."""
    tints = fills.colors - ground
    n = len(tints)
    strength = [float(np.linalg.norm(tint)) for tint in tints]
    shown = [{k} for k in range(n)]
    for c in range(n):
        # Both add to it: in a palette of shades the middle ones are sums of others, paler than the darkest.
        parts = [k for k in range(n) if k != c and strength[k] <= strength[c]]
        for a, b in combinations(parts, 2):
            if _is_blend(tints[c], tints[a], tints[b]):
                shown[a].add(c)
                shown[b].add(c)
    for _ in range(2):
        for k in range(n):
            shown[k] |= {d for c in shown[k] for d in shown[c]}
    return [(k, *sorted(s - {k})) for k, s in enumerate(shown)]


def _is_blend(mixed: FloatArray, one: FloatArray, other: FloatArray) -> bool:
    """Whether a tint is that of one translucent fill over another one; both are paler."""
    basis = np.stack([one, other], axis=1)
    gram = basis.T @ basis
    if np.linalg.det(gram) < 1e-3 * gram[0, 0] * gram[1, 1]:
        return False
    shares = np.linalg.solve(gram, basis.T @ mixed)
    off = np.abs(mixed - basis @ shares).max()
    return bool(shares.min() >= SHOWS and shares.max() <= MOST_SHOWS and off <= BLEND_OFF)


def is_blend_only(k: int, shown: list[tuple[int, ...]]) -> bool:
    """Whether a fill is there only where two others overlap."""
    return sum(k in s[1:] for s in shown) >= 2


def share_along(
    color: FloatArray | tuple[int, int, int],
    full: FloatArray | tuple[int, int, int],
    ground: FloatArray | tuple[int, int, int],
) -> tuple[float, FloatArray]:
    """How much of a full colour a paler one holds over the ground (RGB), and what that leaves of it."""
    behind = np.asarray(ground, dtype=np.float64)
    step, seen = np.asarray(full) - behind, np.asarray(color) - behind
    share = float(seen @ step) / max(float(step @ step), 1.0)
    return share, np.asarray(seen - share * step)


def sine_between(one: FloatArray, other: FloatArray) -> float:
    """Sine of the angle between two steps away from the ground: near 0 where they are tints of one colour."""
    cosine = one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9)
    return math.sqrt(max(0.0, 1.0 - float(cosine) ** 2))
