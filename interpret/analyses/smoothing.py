"""Is one series the other, smoothed?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitizer.model import FloatArray

FEWEST = 20
LONGEST = 3000
# A centred average that leaves less than this share of the scatter is the one, of fewer points and of a raw
# line that hardly turns as well: of sixteen read pairs of ten points the right one leaves 0.001, others 0.4.
FEWEST_FITTED = 8
LEFT_BY_RIGHT = 0.1
CENTRED = ("gaussian", "moving")
# Shares of the new point in an exponential average, widths of moving ones, deviations of Gaussian ones.
RATES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
WIDTHS = (3, 5, 7, 10, 15, 20, 30, 50, 75, 100)
DEVIATIONS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0)
# A Gaussian is cut at so many standard deviations.
GAUSSIAN_REACH = 4
# And tried where it reaches over no more than so many times the run.
MOST_REFLECTED = 1.5
# The smoothed line moves less from point to point than this share of the raw one's steps,
SMOOTHER = 0.6
# goes less far up and down in all (or either is smooth, and one merely steeper),
ROUGHER = 1.3
# and what the best average leaves of it is less than these shares: of the raw scatter, of the range.
LEFT_OF_SCATTER = 0.5
LEFT_OF_RANGE = 0.04
# Beside a smooth course of this degree the average and the smoothed line wander alike, correlated so much:
# of seven read pairs of raw and smoothed rewards and losses 0.29 to 0.96, of a validation loss that runs
# through the middle of its training loss 0.05.
COURSE_DEGREE = 5
LEAST_ALIKE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothing:
    """The average that comes closest, and its root-mean-square misfit."""

    kind: str
    parameter: float
    misfit: float
    scatter: float


def measure_smoothing(raw: FloatArray, smooth: FloatArray, *, likely: bool = False) -> Smoothing | None:
    """Find the average of ``raw`` that gives ``smooth``, if one does.

    Parameters
    ----------
    raw, smooth : ndarray, shape (n,)
        At the positions of ``raw``'s points: its averages are of these, however few points draw the other.
    likely : bool
        Whether other panels have shown that lines of these names are: the average alone must fit.
    """
    n = len(raw)
    if not FEWEST_FITTED <= n <= LONGEST:
        return None
    if not likely and np.median(abs(np.diff(smooth))) > SMOOTHER * np.median(abs(np.diff(raw))):
        return None
    scatter = _rms(raw - smooth)
    best: Smoothing | None = None
    closest = raw
    for kind, parameter, average in _averages(raw):
        misfit = _rms(average - smooth)
        if best is None or misfit < best.misfit:
            best = Smoothing(kind=kind, parameter=parameter, misfit=misfit, scatter=scatter)
            closest = average
    if best is None or best.misfit > LEFT_OF_RANGE * float(np.ptp(raw)):
        return None
    if (likely and best.misfit < LEFT_OF_SCATTER * scatter) or (
        best.kind in CENTRED and best.misfit < LEFT_BY_RIGHT * scatter
    ):
        return best
    rougher = np.sum(abs(np.diff(raw))) >= ROUGHER * np.sum(abs(np.diff(smooth)))
    if n < FEWEST or not rougher or best.misfit > LEFT_OF_SCATTER * scatter:
        return None
    return best if _alike(closest, smooth) > LEAST_ALIKE else None


def _alike(average: FloatArray, smooth: FloatArray) -> float:
    """The correlation of what two curves do beside a smooth course."""
    kept = slice(len(smooth) // 10, None)
    place = np.linspace(-1, 1, len(smooth))[kept]
    rests = [
        y[kept] - np.polyval(np.polyfit(place, y[kept], COURSE_DEGREE), place) for y in (average, smooth)
    ]
    power = float(np.sqrt((rests[0] @ rests[0]) * (rests[1] @ rests[1])))
    return float(rests[0] @ rests[1]) / power if power > 0 else 1.0


def _averages(raw: FloatArray) -> list[tuple[str, float, FloatArray]]:
    rates = np.array(RATES)
    exponential = np.empty((len(raw), len(rates)))
    exponential[0] = raw[0]
    for i in range(1, len(raw)):
        exponential[i] = exponential[i - 1] + rates * (raw[i] - exponential[i - 1])
    found = [("exponential", rate, exponential[:, k]) for k, rate in enumerate(RATES)]
    sums = np.concatenate([[0.0], np.cumsum(raw)])
    index = np.arange(len(raw))
    for width in WIDTHS:
        if width > len(raw) // 2:
            break
        for kind, before in (("moving", width // 2), ("trailing", width - 1)):
            start = np.maximum(index - before, 0)
            stop = np.minimum(index - before + width, len(raw))
            found.append((kind, float(width), (sums[stop] - sums[start]) / (stop - start)))
    for deviation in DEVIATIONS:
        reach = round(GAUSSIAN_REACH * deviation)
        if reach > len(raw) * MOST_REFLECTED:
            break
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
        # Mirrored at its ends, as scipy.ndimage's is.
        padded = np.pad(raw, reach, mode="symmetric")
        found.append(("gaussian", deviation, np.convolve(padded, kernel / kernel.sum(), mode="valid")))
    return found


def _rms(values: FloatArray) -> float:
    """Root mean square without the first tenth, where averages start differently."""
    kept = values[len(values) // 10 :]
    return float(np.sqrt(np.mean(kept * kept)))
