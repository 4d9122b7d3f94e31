"""Does the scatter about the course grow or shrink along the series?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.model import FloatArray
from interpret.analyses.course import MAD_TO_SIGMA
from interpret.analyses.middle import median

# Each side needs so many points, and its scatter shows in second differences, which no slope enters.
FEWEST_SIDE = 12
FIRM_P = 0.001
LEAST_RATIO = 1.5
# Second differences of white noise have six times its variance; as neighbours share points, this share
# of them counts as independent.
SECOND = math.sqrt(6)
INDEPENDENT = 0.5
# Second differences beyond so many standard deviations are events, and count as much as that.
CLIPPED = 3.5
# Neighbouring second differences of white noise correlate by -0.67, of a random walk by -0.5, of the corners
# of a drawn line by about 0.
MOST_MEMORY = -0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadChange:
    """Standard deviation from point to point ``before`` and ``after`` index ``at``."""

    at: int
    before: float
    after: float
    p: float

    @property
    def ratio(self) -> float:
        return self.after / self.before if self.before > 0 else math.inf


def measure_spread_change(
    y: FloatArray, at: int, *, stop: int | None = None, ignored: NDArray[np.bool_] | None = None
) -> SpreadChange | None:
    """Compare the scatter before and from index ``at`` on (up to ``stop``).

    Returns
    -------
    SpreadChange, or None where one side is too short or the change is not clear.
    """
    end = len(y) if stop is None else stop
    if at < FEWEST_SIDE or end - at < FEWEST_SIDE:
        return None
    before, after = (scatter_between(y, a, b, ignored) for a, b in ((0, at), (at, end)))
    if min(before, after) <= 0:
        return None
    n = [INDEPENDENT * (at - 2), INDEPENDENT * (end - at - 2)]
    error = math.sqrt(1 / (2 * n[0]) + 1 / (2 * n[1]))
    p = math.erfc(abs(math.log(after / before)) / error / math.sqrt(2))
    ratio = max(after / before, before / after)
    if p > FIRM_P or ratio < LEAST_RATIO:
        return None
    if not _alternates(y[:at] if before > after else y[at:end]):
        return None
    return SpreadChange(at=at, before=before, after=after, p=p)


def _alternates(y: FloatArray) -> bool:
    """Whether the larger scatter goes to and fro, as noise does and a bend of the course does not."""
    second = np.diff(y, 2)
    power = float(second @ second)
    return power == 0 or float(second[1:] @ second[:-1]) / power < MOST_MEMORY


def scatter_between(y: FloatArray, start: int, stop: int, ignored: NDArray[np.bool_] | None = None) -> float:
    """Standard deviation from point to point inside a window, robust, without ``ignored`` points."""
    second = np.diff(y[start:stop], 2)
    if ignored is not None:
        out = ignored[start:stop]
        second = second[~(out[:-2] | out[1:-1] | out[2:])]
    if len(second) == 0:
        return 0.0
    typical = MAD_TO_SIGMA * median(np.abs(second))
    clipped = np.minimum(np.abs(second), CLIPPED * typical) if typical > 0 else second
    return float(np.sqrt(np.mean(clipped**2))) / SECOND
