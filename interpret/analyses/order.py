"""Which of two series in one panel lies higher, and where do they cross?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray

CLEAR_Z = 3.0
FEWEST_SIDE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """The sign of a - b before and after, and the indexes around the change."""

    before: int
    after: int
    last_before: int
    first_after: int


def measure_crossings(a: FloatArray, b: FloatArray, sd: float) -> tuple[Crossing, ...]:
    """Find where the order of two aligned series changes for clear.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
    sd : float
        Standard deviation of the difference's noise.
    """
    difference = a - b
    clear = np.flatnonzero(abs(difference) > CLEAR_Z * sd)
    if len(clear) == 0:
        return ()
    signs = np.sign(difference[clear]).astype(int)
    turns = np.flatnonzero(np.diff(signs))
    found = []
    for turn in turns:
        left = signs[: turn + 1][::-1]
        right = signs[turn + 1 :]
        if _run(left) >= FEWEST_SIDE and _run(right) >= FEWEST_SIDE:
            found.append(
                Crossing(
                    before=int(signs[turn]),
                    after=int(signs[turn + 1]),
                    last_before=int(clear[turn]),
                    first_after=int(clear[turn + 1]),
                )
            )
    return tuple(found)


def _run(signs: np.ndarray) -> int:
    changed = np.flatnonzero(signs != signs[0])
    return int(changed[0]) if len(changed) else len(signs)
